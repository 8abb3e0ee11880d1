import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { callOf, everyOperation } from './operations.js';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

describe('the end of a test run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'run-'));
  after(() => rmSync(folder, { recursive: true }));

  /** Mocha on one file of tests, with the project's own settings left aside. */
  const run = (tests: string, environment: Readonly<Record<string, string>> = {}, ...more: readonly string[]) => {
    const [file, result] = [join(folder, 'run.spec.ts'), join(folder, 'result')];
    writeFileSync(file, `import { leaveOut, needs } from '${here('parts.ts')}';\n${tests}`);
    const mocha = fileURLToPath(new URL('../../node_modules/mocha/bin/mocha.js', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', mocha, '--no-config', ...more, '--reporter', here('reporter.cjs'), '--reporter-option', `result=${result}`, file], {
      encoding: 'utf8', cwd: here('../../'), env: { PATH: process.env['PATH'] ?? '', ...environment },
    });
    return { status, lines: stdout.trim().split('\n'), result: readFileSync(result, 'utf8') };
  };

  it('is the counts, on the screen and in a file', () => {
    const { status, lines, result } = run("it('holds', () => {}); it('breaks', () => { throw new Error('so'); });");

    assert.equal(status, 1);
    assert.equal(lines.at(-1), '1 passed, 1 failed');
    assert.equal(result, '1 passed, 1 failed\n');
  });

  for (const [how, ...more] of [['in this process'], ['in processes of their own', '--parallel']] as const) {
    it(`says once what was left out of tests that run ${how}, and why`, () => {
      const { status, lines } = run(`
        describe('the ledger elsewhere', () => {
          before(function () { leaveOut(this, 'no server answers.'); });
          describe('recording', () => { it('writes', () => {}); it('guards', () => {}); });
        });`, {}, ...more);

      assert.equal(status, 0);
      assert.deepEqual(lines.slice(-2), ['left out: the ledger elsewhere (2): no server answers.', '0 passed, 0 failed, 2 skipped']);
    });
  }

  const undici = here('../../node_modules/undici/index.js');
  const bought = "request('http://127.0.0.1:9/partner-center/v1/customers/c1/orders?size=1', { method: 'POST' }).catch(() => undefined)";
  for (const [what, test, ...more] of [
    ['of a test', `import { request } from '${undici}'; it('buys', () => ${bought});`],
    ['of a test in a process of its own', `import { request } from '${undici}'; it('buys', () => ${bought});`, '--parallel'],
    ['of a program that a test starts', `
      import { spawnSync } from 'node:child_process';
      it('buys', () => void spawnSync(process.execPath, ['-e', ${JSON.stringify(`const { request } = require('${undici}'); void ${bought};`)}]));`, '--parallel'],
    ['by another client', "import { get } from 'node:http'; it('asks', () => void get('http://127.0.0.1:9/graph/v1.0/me').on('error', () => undefined));"],
  ] as const) {
    it(`is a failure when a call ${what} is not in the table`, () => {
      const { status, lines, result } = run(test, {}, ...more);

      assert.equal(status, 1);
      assert.match(lines.at(-2) ?? '', /^Sent to Microsoft, and not in the table of allowed calls: (POST \/partner-center\/v1\/customers\/c1\/orders|GET \/graph\/v1.0\/me)$/);
      assert.equal(result, '1 passed, 1 failed\n');
    });
  }

  it('is a failure when the whole ran and a call of the table was never made', () => {
    const test = `import { request } from '${undici}'; it('asks', () => request('http://127.0.0.1:9/pc/v1/customers').catch(() => undefined));`;
    const { status, lines } = run(test, {}, '--reporter-option', 'whole=true');

    assert.notEqual(status, 0);
    const missing = lines.filter((line) => line.startsWith('In the table of allowed calls, and never made in the whole run: '));
    assert.equal(missing.length, new Set(everyOperation.map((operation) => `${callOf(operation).method} ${callOf(operation).path}`)).size - 1);
    assert(missing.some((line) => line.endsWith(': GET /v1/customers/{customer}')));
    assert.equal(run(test, {}, '--reporter-option', 'whole=true', '--grep', 'asks').status, 0);
  });

  it('is a failure when a part was named and is not there', () => {
    const { status, lines } = run("describe('a browser story', () => { before(needs.chromium()); it('plays', () => {}); });", { TEST_CHROMIUM: join(folder, 'nowhere') });

    assert.equal(status, 1);
    assert.equal(lines.at(-1), '0 passed, 1 failed');
  });
});
