import assert from 'node:assert/strict';
import { access, chmod, copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { LedgerUnavailableError } from '../../src/commands/ports.js';
import { openLedger, type OpenLedger } from '../../src/ledger/ledger.js';
import { openSqlite } from '../../src/ledger/sqlite.js';
import { aDraft, drafting, NOON } from './builders.js';
import { sqlitePlace, type Place } from './engines.js';

const isAway = (error: unknown): boolean => error instanceof LedgerUnavailableError;
const insert = (id: number) => ({ sql: 'INSERT INTO note (id) VALUES (?)', params: [id] });

describe('the ledger in a file', () => {
  let at: Place & { readonly file: string; readonly folder: string };
  let opened: OpenLedger;
  const reopen = () => openLedger({ url: at.url, machineNow: () => NOON });

  beforeEach(async () => {
    at = await sqlitePlace();
    opened = await reopen();
  });
  afterEach(async () => {
    await opened.close();
    await at.leave();
  });

  it('makes its folder, and files that only their owner reads', async () => {
    await opened.ledger.record(drafting(aDraft()));

    for (const end of ['', '-wal', '-shm']) assert.equal((await stat(at.file + end)).mode & 0o777, 0o600);
  });

  it('remembers across restarts', async () => {
    await opened.ledger.record(drafting(aDraft()));
    await opened.close();

    opened = await reopen();

    assert.deepEqual(await opened.ledger.invitation(aDraft().id), aDraft());
  });

  it('keeps what is written beside something that is refused, and refuses that alone', async () => {
    const { ledger } = opened;
    await ledger.record(drafting(aDraft(2)));

    const outcomes = await Promise.allSettled([1, 2, 3].map((number) => ledger.record(drafting(aDraft(number)))));

    assert.deepEqual(outcomes.map((one) => (one.status === 'rejected' ? (one.reason as Error).name : 'kept')), ['kept', 'StaleLedgerError', 'kept']);
    for (const number of [1, 2, 3]) assert.equal((await ledger.history(aDraft(number).id)).length, 1);
  });

  it('shows nobody what is not on the disk yet', async () => {
    const driver = openSqlite(at.file);
    await driver.write([{ sql: 'CREATE TABLE note (id INTEGER)', params: [] }]);
    const beside = new Database(at.file);
    for (let id = 1; id <= 20; id += 1) {
      let isTold = false;
      const writing = driver.write([insert(id)]).then(() => { isTold = true; });
      while (!beside.prepare('SELECT id FROM note WHERE id = ?').get(id)) await new Promise((resolve) => void setImmediate(resolve));

      const rows = await driver.read({ sql: 'SELECT id FROM note WHERE id = ?', params: [id] });

      assert.equal(rows.length, 1);
      await new Promise((resolve) => void process.nextTick(resolve));
      assert(isTold);
      await writing;
    }
    beside.close();
    await driver.close();
  });

  for (const mayBeLost of [false, true]) it(`lets others have their turn while write follows write ${mayBeLost ? 'that may be lost' : 'that is flushed'}`, async () => {
    const driver = openSqlite(at.file);
    await driver.write([{ sql: 'CREATE TABLE note (id INTEGER)', params: [] }]);
    let [turns, isOver] = [0, false];
    const takeTurns = (): void => {
      turns += 1;
      if (!isOver) setImmediate(takeTurns);
    };
    setImmediate(takeTurns);

    for (let id = 1; id <= 20; id += 1) await driver.write([insert(id)], { mayBeLost });
    isOver = true;

    assert(turns >= 20, `${turns}`);
    await driver.close();
  });

  it('ends only when what was being written is written', async () => {
    let isWritten = false;
    void opened.ledger.record(drafting(aDraft())).then(() => { isWritten = true; });
    await opened.close();
    assert(isWritten);

    opened = await reopen();
    assert.deepEqual(await opened.ledger.invitation(aDraft().id), aDraft());
  });

  it('says so while its storage is away, and goes on when it is back', async () => {
    const { ledger, errands } = opened;
    await ledger.record(drafting(aDraft(1)));
    await rename(join(at.folder, 'data'), join(at.folder, 'away'));

    await assert.rejects(ledger.record(drafting(aDraft(2))), isAway);
    await assert.rejects(ledger.invitation(aDraft(1).id), isAway);
    await assert.rejects(errands.claim(NOON, 1, 60), isAway);
    assert.equal(await ledger.isReachable(), false);
    await assert.rejects(access(at.file));

    await rename(join(at.folder, 'away'), join(at.folder, 'data'));
    await ledger.record(drafting(aDraft(2)));
    assert.equal(await ledger.isReachable(), true);
    assert.deepEqual(await ledger.invitation(aDraft(1).id), aDraft(1));
  });

  it('opens the file anew when another one was put in its place', async () => {
    const { ledger } = opened;
    await ledger.record(drafting(aDraft(1)));
    await rename(at.file, `${at.file}.old`);
    await assert.rejects(ledger.record(drafting(aDraft(2))), isAway);

    await copyFile(`${at.file}.old`, at.file);
    await ledger.record(drafting(aDraft(2)));

    await opened.close();
    opened = await reopen();
    assert.deepEqual([await opened.ledger.invitation(aDraft(1).id), await opened.ledger.invitation(aDraft(2).id)], [aDraft(1), aDraft(2)]);
  });

  it('says so when another program holds the file, and goes on when it lets go', async () => {
    const driver = openSqlite(at.file, { busyTimeoutMs: 5 });
    await driver.write([{ sql: 'CREATE TABLE note (id INTEGER PRIMARY KEY)', params: [] }]);
    const other = new Database(at.file);
    other.exec('BEGIN IMMEDIATE');

    await assert.rejects(driver.write([insert(1)]), isAway);
    other.exec('COMMIT');
    await driver.write([insert(1)]);

    other.close();
    await driver.close();
  });

  it('keeps the statements that came before out of the ledger when a later one fails', async () => {
    const driver = openSqlite(at.file);
    await driver.write([{ sql: 'CREATE TABLE note (id INTEGER PRIMARY KEY)', params: [] }]);

    await assert.rejects(driver.write([insert(1), { sql: 'INSERT INTO nowhere VALUES (1)', params: [] }]), /no such table/);
    await assert.rejects(driver.write([insert(1), { ...insert(2), expects: 2 }]), { name: 'StaleLedgerError' });

    assert.deepEqual(await driver.read({ sql: 'SELECT id FROM note', params: [] }), []);
    await driver.close();
  });

  it('tells the operator when a folder or another kind of file is in the way', async () => {
    const blocked = join(at.folder, 'blocked');
    await mkdir(blocked);
    const foreign = join(at.folder, 'foreign.sqlite');
    await writeFile(foreign, 'not a database. '.repeat(100));

    for (const path of [blocked, join(foreign, 'below.sqlite'), foreign]) {
      await assert.rejects(openLedger({ url: `sqlite:${path}`, machineNow: () => NOON }), { name: 'LedgerRefusedError', message: /Check DATABASE_URL/ });
    }
  });

  it('leaves a file alone that was there before with other rights', async () => {
    await opened.close();
    await chmod(at.file, 0o640);

    opened = await reopen();

    assert.equal((await stat(at.file)).mode & 0o777, 0o640);
    await rm(at.file);
  });
});
