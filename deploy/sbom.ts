/** `npm run sbom`: what the service is made of, as CycloneDX (`dist/sbom.json`) and by licence (`dist/licences.txt`). Asks no registry. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { isAllowed, licenceList, ownLock, partsIn } from './licences.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const bill = z.looseObject({ metadata: z.looseObject({ component: z.looseObject({ name: z.string() }) }), components: z.array(z.looseObject({ name: z.string(), version: z.string(), licenses: z.unknown().optional() })) })
  .parse(JSON.parse(execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only', '--offline'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })));
const parts = partsIn(ownLock());

// npm takes the name of the folder, and leaves out licences that a package states in its own way.
bill.metadata.component.name = 'partner-invitations';
for (const component of bill.components) {
  const licence = parts.find(({ name, version }) => name === component.name && version === component.version)?.licence;
  if (licence !== undefined) component.licenses ??= [{ license: { id: licence } }];
}

mkdirSync(new URL('../dist/', import.meta.url), { recursive: true });
writeFileSync(new URL('../dist/sbom.json', import.meta.url), `${JSON.stringify(bill, null, 2)}\n`);
writeFileSync(new URL('../dist/licences.txt', import.meta.url), licenceList(parts));
process.stdout.write(`dist/sbom.json and dist/licences.txt: ${bill.components.length} parts\n`);

const refused = parts.filter(({ licence }) => !isAllowed(licence));
for (const { name, version, licence } of refused) process.stderr.write(`${name} ${version}: ${licence} is not on the list of allowed licences.\n`);
process.exitCode = refused.length > 0 ? 1 : 0;
