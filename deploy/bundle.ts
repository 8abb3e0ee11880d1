/** `npm run build`: each program of the house with all it needs in a few files of `dist/`. A start then opens four files instead of two thousand. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));

/** What can be started by itself. */
export const programs = ['src/main.ts', 'src/check-up/run.ts', 'src/local/partner-center/run.ts'] as const;

/** What the SDK loads and this house never uses. */
const leftOut = ['botframework-connector', '@azure/core-auth', '@azure/core-client', '@azure/core-http-compat', '@azure/core-rest-pipeline'];

/** Of Microsoft's SDK, in a bundle: from the line that names the file to the next such line. */
const moduleOfSdk = /^\/\/ node_modules\/bot(?:builder|framework)[^\n]*\n(?:(?!\/\/ (?:src|node_modules)\/)[^\n]*\n)*/gm;

/**
 * The SDK was compiled for engines without async functions: each call makes a generator function anew, and V8 makes that a hidden
 * class which keeps its closure, and with it the whole turn, until the next full collection. This is what its authors wrote.
 */
const withAsyncFunctions = (module: string): string =>
  !module.includes('__awaiter(') ? module : module.replace(/__awaiter\((?:this|void 0), void 0, void 0, function\* \(\) \{/g, '((act) => act())(async () => {').replace(/\byield\b/g, 'await');

/**
 * Not minified: a stack names functions as they are written.
 * @param base the folder that `into` mirrors
 */
export const bundle = (entryPoints: readonly string[], into: string, base: string): void => {
  const { outputFiles } = buildSync({
    absWorkingDir: root, entryPoints: [...entryPoints], outdir: into, outbase: base, write: false,
    bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning', chunkNames: 'chunks/[name]-[hash]',
    alias: Object.fromEntries(leftOut.map((name) => [name, './deploy/left-out.cjs'])),
    // A program of its own (libsql), what is found beside the program (adaptivecards, markdown-it), and what those ask for who do without.
    external: ['libsql', 'adaptivecards', 'markdown-it', 'pg-native', 'dtrace-provider'],
    // The SDK is written for `require`.
    banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url), { filename: __filename, dirname: __dirname } = import.meta;" },
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    // One character beyond ASCII makes Node keep the whole file with two bytes for each. esbuild leaves them only where an escape says the same: comments, regular expressions, tagged templates.
    writeFileSync(path, text.replace(moduleOfSdk, withAsyncFunctions).replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(new URL('../dist/chunks/', import.meta.url), { recursive: true, force: true });
  bundle(programs, 'dist', 'src');
}
