import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

/** What `node` needs to run one of the programs of the tests, wherever it stands. */
export const throughTsx = ['--import', new URL('node_modules/tsx/dist/loader.mjs', root).href];
export const program = (path: string): string => fileURLToPath(new URL(path, root));
