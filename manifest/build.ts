import { readFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import { z } from 'zod';

const https = z.url({ protocol: /^https$/ });

/** What differs from one deployment to the next. Everything else of the package is in this folder. */
export const packageValues = z.strictObject({
  botId: z.guid().transform((id) => id.toLowerCase()),
  /** At most 32 characters. */
  developer: z.string().trim().min(1).max(32),
  /** Also where users find help. */
  website: https,
  privacy: https,
  terms: https,
  /** MAJOR.MINOR.PATCH. */
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
});
export type PackageValues = z.output<typeof packageValues>;

/** For trying the package out on paper: no such bot exists. */
export const exampleValues = {
  botId: '00000000-0000-4000-8000-0000000000b0',
  developer: 'Example',
  website: 'https://www.example.com/partner-invitations',
  privacy: 'https://www.example.com/privacy',
  terms: 'https://www.example.com/terms',
} as const;

const read = (name: string): Buffer => readFileSync(new URL(name, import.meta.url));

const upperSnake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** A template without a value for one of its places is a mistake of ours, not of whoever builds. */
const filled = (name: string, values: PackageValues): Uint8Array => {
  const places = new Map(Object.entries(values).map(([field, value]) => [upperSnake(field), value]));
  const text = read(name).toString('utf8').replace(/\$\{\{(\w+)\}\}/g, (place, key: string) => {
    const value = places.get(key);
    if (value === undefined) throw new Error(`${name} asks for ${place}, which nobody gives.`);
    return JSON.stringify(value).slice(1, -1);
  });
  return strToU8(text);
};

// The zip format keeps local time, so the date is made from local parts: the same bytes in every time zone.
const always = new Date(2020, 0, 1);

/** The Teams app package. The same values give the same bytes. */
export const buildPackage = (values: PackageValues): Uint8Array => {
  const files = {
    'color.png': read('color.png'),
    'manifest.json': filled('manifest.json', values),
    'outline.png': read('outline.png'),
    'tr.json': filled('tr.json', values),
  };
  return zipSync(files, { level: 9, mtime: always });
};
