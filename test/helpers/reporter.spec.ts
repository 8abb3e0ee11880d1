import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

  it('is a failure when a part was named and is not there', () => {
    const { status, lines } = run("describe('a browser story', () => { before(needs.chromium()); it('plays', () => {}); });", { TEST_CHROMIUM: join(folder, 'nowhere') });

    assert.equal(status, 1);
    assert.equal(lines.at(-1), '0 passed, 1 failed');
  });
});
