import { readFileSync } from 'node:fs';
import { z } from 'zod';

const lockShape = z.object({
  packages: z.record(z.string(), z.looseObject({ version: z.string().optional(), license: z.string().optional(), dev: z.boolean().optional(), hasInstallScript: z.boolean().optional() })),
});

export type Part = { readonly name: string; readonly version: string; readonly licence: string; readonly hasInstallScript: boolean };

/** Those under which a part may be used and passed on by stating its notice; nothing that asks for more. SPDX. */
const allowed = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'PSF-2.0', 'Unlicense'];

/** Read by hand in the package: an older way of saying it, a file alone, and a line in its readme. */
const readByHand: Readonly<Record<string, string>> = { 'cldrjs@0.5.5': 'MIT', 'jspath@0.4.0': 'MIT', 'escape-regexp-component@1.0.2': 'MIT' };

/** What goes along with the service: the lock file without what only builds and tests. */
export const partsIn = (lock: unknown): readonly Part[] =>
  Object.entries(lockShape.parse(lock).packages).filter(([path, { dev }]) => path !== '' && dev !== true).map(([path, { version = '', license, hasInstallScript = false }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return { name, version, licence: license ?? readByHand[`${name}@${version}`] ?? 'unknown', hasInstallScript };
  });

/** Of a choice (`A OR B`) one is enough. */
export const isAllowed = (licence: string): boolean => licence.replace(/^\(|\)$/g, '').split(' OR ').some((one) => allowed.includes(one));

export const ownLock = (): unknown => JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));

/** Sorted by licence, so that an odd one stands alone. */
export const licenceList = (parts: readonly Part[]): string => {
  const licences = [...new Set(parts.map(({ licence }) => licence))].sort();
  return licences.map((licence) => `${licence}\n${[...new Set(parts.filter((part) => part.licence === licence).map(({ name, version }) => `  ${name} ${version}`))].sort().join('\n')}\n`).join('\n');
};
