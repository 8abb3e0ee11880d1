/** `npm run package -- --bot-id … --developer … --website … --privacy … --terms … [--out file]`, or `-- --try-out`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { buildPackage, exampleValues, packageValues } from './build.js';

const flags = {
  botId: ['bot-id', 'the MicrosoftAppId of the bot, a GUID'],
  developer: ['developer', 'the name of whoever offers the bot, at most 32 characters'],
  website: ['website', 'an https:// page with help and a way to reach you'],
  privacy: ['privacy', 'the https:// page of your privacy statement'],
  terms: ['terms', 'the https:// page of your terms of use'],
  version: ['package-version', 'MAJOR.MINOR.PATCH, higher than in the package before'],
} as const satisfies Record<keyof z.input<typeof packageValues>, readonly [flag: string, what: string]>;

/** What whoever builds can put right; the message says how. */
class PackageError extends Error {
  override readonly name = 'PackageError';
}

const ownVersion = (): string =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))).version;

const asked = () => {
  try {
    return parseArgs({
      options: {
        ...Object.fromEntries(Object.values(flags).map(([flag]) => [flag, { type: 'string' as const }])),
        out: { type: 'string', default: 'dist/partner-invitations.zip' },
        'try-out': { type: 'boolean', default: false },
      },
    }).values as { out: string; 'try-out': boolean } & Record<string, string | undefined>;
  } catch (error) {
    throw new PackageError(error instanceof Error ? error.message : String(error));
  }
};

const run = (): string => {
  const { out, 'try-out': isTryOut, ...given } = asked();
  const named = Object.fromEntries(Object.entries(flags).flatMap(([field, [flag]]) => (given[flag] ? [[field, given[flag]]] : []))) as Partial<Record<keyof typeof flags, string>>;
  const { data: values, error } = packageValues.safeParse({ version: ownVersion(), ...(isTryOut && exampleValues), ...named });
  if (error) {
    const fields = new Set(error.issues.map(({ path }) => path[0] as keyof typeof flags));
    throw new PackageError([
      ...[...fields].map((field) => `--${flags[field][0]} ${field in named ? 'must be' : 'is missing:'} ${flags[field][1]}.`),
      'Nothing was written. To see a package with example values, use --try-out.',
    ].join('\n'));
  }
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, buildPackage(values));
  return `${out}: version ${values.version}, bot ${values.botId}${isTryOut ? ', with example values: Teams shows it, but no bot answers' : ''}.`;
};

try {
  process.stdout.write(`${run()}\n`);
} catch (error) {
  if (!(error instanceof PackageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
