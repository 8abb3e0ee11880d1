import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Finds what package.json names and what the packages publish, wherever this code was put together. */
const { resolve } = createRequire(import.meta.url);

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8', html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml',
};

/** What draws cards and Markdown comes from the packages as published. */
const vendor: Readonly<Record<string, () => string>> = {
  'adaptivecards.js': () => resolve('adaptivecards/dist/adaptivecards.min.js'),
  'markdown-it.js': () => resolve('markdown-it/browser'),
};

export type PageFile = { readonly type: string; readonly bytes: Buffer };

/** @param name of a file of the page. Anything that is not one plain name finds nothing. */
export const pageFile = (name: string): Promise<PageFile | undefined> =>
  /^[a-z-]+\.(css|html|js|svg)$/.test(name) ? readIfThere(name, join(dirname(resolve('#page/index.html')), name)) : Promise.resolve(undefined);

export const vendorFile = async (name: string): Promise<PageFile | undefined> =>
  Object.hasOwn(vendor, name) ? readIfThere(name, vendor[name]?.() ?? '') : undefined;

const readIfThere = async (name: string, path: string): Promise<PageFile | undefined> => {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes && { type: types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream', bytes };
};
