import assert from 'node:assert/strict';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openLedger } from '../../src/ledger/ledger.js';
import { openSqlite } from '../../src/ledger/sqlite.js';
import { aDraft, drafting, NOON, sent, toCustomer } from './builders.js';
import { sqlitePlace, type Place } from './engines.js';

const program = (name: string): string => fileURLToPath(new URL(`processes/${name}.ts`, import.meta.url));
const throughTsx = ['--import', 'tsx'];

describe('several programs on one file', () => {
  let at: Place & { readonly file: string };
  beforeEach(async () => {
    at = await sqlitePlace();
  });
  afterEach(() => at.leave());

  it('that answer the same hundred invitations at once leave one answer on each', async () => {
    const { ledger, close } = await openLedger({ url: at.url, machineNow: () => NOON });
    for (let number = 1; number <= 100; number += 1) await ledger.record(drafting(sent(aDraft(number, toCustomer(number + 100)))));
    const programs = ['1', '2'].map((who) => fork(program('decide'), [at.url, '100', who], { execArgv: throughTsx }));
    await Promise.all(programs.map((one) => once(one, 'message')));

    const results = programs.map(async (one) => (await once(one, 'message'))[0] as { won: string[]; late: number });
    for (const one of programs) one.send('go');
    const [first, second] = await Promise.all(results);

    assert(first && second);
    assert.equal(new Set([...first.won, ...second.won]).size, 100);
    assert.equal(first.late + second.late, 100);
    const file = openSqlite(at.file);
    assert.deepEqual(await file.read({ sql: `SELECT COUNT(*) AS answers FROM decision`, params: [] }), [{ answers: 100 }]);
    assert.deepEqual(await file.read({ sql: `SELECT COUNT(*) AS approvals FROM audit WHERE event = 'InvitationApproved'`, params: [] }), [{ approvals: 100 }]);
    await Promise.all([close(), file.close()]);
  });

  it('lose nothing that was acknowledged and keep nothing by halves when one is killed while it writes', async () => {
    const acknowledged: string[] = [];
    for (const entries of [1, 9, 40, 3, 90]) {
      const writer = spawn(process.execPath, [...throughTsx, program('write'), at.url, String(acknowledged.length + 1000 * entries)], { stdio: ['ignore', 'pipe', 'inherit'] });
      const exit = once(writer, 'exit');
      let heard = 0;
      for await (const id of createInterface({ input: writer.stdout })) {
        acknowledged.push(id);
        heard += 1;
        if (heard === entries) writer.kill('SIGKILL');
      }
      assert.deepEqual(await exit, [null, 'SIGKILL']);
    }

    const file = openSqlite(at.file);
    const idsIn = async (sql: string) => (await file.read({ sql, params: [] })).map(({ id }) => String(id)).sort();
    const kept = await idsIn('SELECT id FROM invitation');
    assert(acknowledged.length >= 143);
    assert.deepEqual(acknowledged.filter((id) => !kept.includes(id)), []);
    assert.deepEqual(await idsIn('SELECT chain AS id FROM audit'), kept);
    assert.deepEqual(await idsIn('SELECT invitation AS id FROM errand'), kept);
    assert.deepEqual(await file.read({ sql: 'PRAGMA integrity_check', params: [] }), [{ integrity_check: 'ok' }]);
    await file.close();
  });
});
