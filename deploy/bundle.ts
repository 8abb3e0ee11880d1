/** `npm run build`: each program of the house with all it needs in a few files of `dist/`. A start then opens four files instead of two thousand. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));

/** What can be started by itself. */
export const programs = ['src/main.ts', 'src/check-up/run.ts', 'src/local/partner-center/run.ts'] as const;

/**
 * Not minified: a stack names functions as they are written.
 * @param base the folder that `into` mirrors
 */
export const bundle = (entryPoints: readonly string[], into: string, base: string): void => void buildSync({
  absWorkingDir: root, entryPoints: [...entryPoints], outdir: into, outbase: base,
  bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning', chunkNames: 'chunks/[name]-[hash]',
  // A program of its own (libsql), what is found beside the program (adaptivecards, markdown-it), and what those ask for who do without.
  external: ['libsql', 'adaptivecards', 'markdown-it', 'pg-native', 'dtrace-provider'],
  // The SDK is written for `require`.
  banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url), { filename: __filename, dirname: __dirname } = import.meta;" },
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(new URL('../dist/chunks/', import.meta.url), { recursive: true, force: true });
  bundle(programs, 'dist', 'src');
}
