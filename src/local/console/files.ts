import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Two levels of the house down from the root, as source and as compiled alike. */
const page = new URL('../../../src/local/console/page/', import.meta.url);
const require = createRequire(import.meta.url);

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8', html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml',
};

/** What draws cards and Markdown comes from the packages as published. */
const vendor: Readonly<Record<string, () => string>> = {
  'adaptivecards.js': () => require.resolve('adaptivecards/dist/adaptivecards.min.js'),
  'markdown-it.js': () => require.resolve('markdown-it/browser'),
};

export type PageFile = { readonly type: string; readonly bytes: Buffer };

/** @param name of a file of the page. Anything that is not one plain name finds nothing. */
export const pageFile = (name: string): Promise<PageFile | undefined> =>
  /^[a-z-]+\.(css|html|js|svg)$/.test(name) ? readIfThere(name, fileURLToPath(new URL(name, page))) : Promise.resolve(undefined);

export const vendorFile = async (name: string): Promise<PageFile | undefined> =>
  Object.hasOwn(vendor, name) ? readIfThere(name, vendor[name]?.() ?? '') : undefined;

const readIfThere = async (name: string, path: string): Promise<PageFile | undefined> => {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes && { type: types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream', bytes };
};
