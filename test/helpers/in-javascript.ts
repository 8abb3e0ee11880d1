import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, programs } from '../../deploy/bundle.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ofTests = ['test/guarantees/programs/*.ts', 'test/ledger/processes/*.ts'];
const make = (): string => {
  const place = mkdtempSync(join(tmpdir(), 'in-javascript-'));
  process.once('exit', () => rmSync(place, { recursive: true, force: true }));
  bundle([...programs, 'src/ledger/verify-receipt.ts', ...ofTests], place, '.');
  for (const beside of ['cards', 'node_modules', 'package.json']) symlinkSync(join(root, beside), join(place, beside));
  symlinkSync(join(root, 'src/local/console'), join(place, 'src/local/console'));
  return place;
};

let made: string | undefined;

/** A program of the house or of the tests, `src/main.ts` say, as `npm run build` makes it; once for each process of the tests. */
export const inJavaScript = (program: string): string => join((made ??= make()), program.replace(/\.ts$/, '.js'));

/** What a program of the house finds around it: none of this machine's settings, and what writes down its calls. */
export const bareEnvironment = (): Record<string, string> =>
  Object.fromEntries(['PATH', 'HOME', 'NODE_OPTIONS', 'RECORD_CALLS_IN'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }));
