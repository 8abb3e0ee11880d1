import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const make = (): string => {
  const place = mkdtempSync(join(tmpdir(), 'in-javascript-'));
  process.once('exit', () => rmSync(place, { recursive: true, force: true }));
  buildSync({ absWorkingDir: root, entryPoints: ['src/**/*.ts', 'test/**/*.ts'], outdir: place, outbase: '.', format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning' });
  cpSync(join(root, 'src/local/console/page'), join(place, 'src/local/console/page'), { recursive: true });
  for (const beside of ['cards', 'node_modules', 'package.json']) symlinkSync(join(root, beside), join(place, beside));
  return place;
};

let made: string | undefined;

/**
 * A program of the house, `src/main.ts` say, ready for Node alone. The whole tree is turned into JavaScript once for each process of
 * the tests: a program starts in half the time that it takes when it is turned while it loads.
 */
export const inJavaScript = (program: string): string => join((made ??= make()), program.replace(/\.ts$/, '.js'));

/** What a program of the house finds around it: none of this machine's settings, and what writes down its calls. */
export const bareEnvironment = (): Record<string, string> =>
  Object.fromEntries(['PATH', 'HOME', 'NODE_OPTIONS', 'RECORD_CALLS_IN'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }));
