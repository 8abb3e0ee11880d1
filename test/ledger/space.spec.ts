import assert from 'node:assert/strict';
import Database from 'libsql';
import { LedgerUnavailableError } from '../../src/commands/ports.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { spaceAround, type LookAtDisk } from '../../src/ledger/space.js';
import { openSqlite } from '../../src/ledger/sqlite.js';
import { aDraft, anErrand, drafting, NOON } from './builders.js';
import { sqlitePlace, type Place } from './engines.js';

const gib = 2 ** 30;
const aDisk = (bytes: number, freePart: number) => ({ bsize: 4096, blocks: bytes / 4096, bavail: (bytes * freePart) / 4096 });
const isAway = (error: unknown): boolean => error instanceof LedgerUnavailableError;

describe('a disk that fills up', () => {
  let at: Place & { readonly file: string };
  beforeEach(async () => {
    at = await sqlitePlace();
  });
  afterEach(() => at.leave());

  it('with less than a twentieth free, nothing new is begun; what was begun is settled; with room it goes on', async () => {
    let free = 0.5;
    const heard: boolean[] = [];
    const look: LookAtDisk = () => aDisk(10 * gib, free);
    const service = await openLedger({ url: at.url, machineNow: () => NOON, service: { onTight: (is) => heard.push(is), look } });
    await service.errands.add([anErrand('begun')]);
    const [begun] = await service.errands.claim(NOON, 1, 60);
    assert(begun);
    await service.ledger.record(drafting(aDraft(1)));

    free = 0.049;
    const pastALook = async (isTight: boolean): Promise<void> => {
      for (let tries = 0; tries < 100 && service.isTight() !== isTight; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await pastALook(true);
    assert.deepEqual(heard, [true]);
    await assert.rejects(service.ledger.record(drafting(aDraft(2))), isAway);
    await assert.rejects(service.errands.claim(NOON, 1, 60), isAway, 'nobody is told a thing that could not be marked as told');
    await service.errands.done(begun);
    assert.deepEqual(await service.ledger.invitation(aDraft(1).id), aDraft(1), 'it is read as before');
    assert.equal(await service.ledger.isReachable(), true);

    free = 0.06;
    await pastALook(false);
    await service.ledger.record(drafting(aDraft(2)));
    assert.deepEqual(heard, [true, false]);
    assert.equal((await service.errands.depth(NOON)).waiting, 0);
    await service.close();
  });

  it('is looked at once in two seconds, however much is written', () => {
    let [looks, now] = [0, 0];
    const space = spaceAround('/', () => undefined, () => { looks += 1; return aDisk(gib, 0.5); }, () => now);

    for (now = 0; now < 10_000; now += 1) space.isTight();

    assert.equal(looks, 5);
  });

  it('is large enough with a gigabyte free, and one that cannot be looked at is another trouble', () => {
    const isTight = (look: LookAtDisk): boolean => spaceAround('/', () => undefined, look).isTight();

    assert.equal(isTight(() => aDisk(1000 * gib, 0.002)), false);
    assert.equal(isTight(() => aDisk(1000 * gib, 0.0005)), true);
    assert.equal(isTight(() => { throw new Error('ENOENT'); }), false);
  });

  it('when it is full all the same, that is an outage: nothing stands by halves, and with room it goes on', async () => {
    const driver = openSqlite(at.file);
    await driver.write([{ sql: 'CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)', params: [] }]);
    const note = (id: number) => ({ sql: 'INSERT INTO note (id, text) VALUES (?, ?)', params: [id, 'x'.repeat(2000)] });
    // As many pages as there are: SQLite says then what it says on a full disk.
    await driver.read({ sql: 'PRAGMA max_page_count = 12', params: [] });
    let kept = 0;

    await assert.rejects(async () => {
      for (let id = 1; id < 100; id += 2) {
        await driver.write([note(id), note(id + 1)]);
        kept += 2;
      }
    }, isAway);

    // The connection is made anew, and with it the limit is gone.
    await driver.write([note(1001), note(1002)]);
    assert(kept > 0);
    assert.deepEqual(await driver.read({ sql: 'SELECT COUNT(*) AS many FROM note', params: [] }), [{ many: kept + 2 }]);
    await driver.close();
    const other = new Database(at.file);
    assert.deepEqual(other.prepare('PRAGMA integrity_check').pluck().all(), ['ok']);
    other.close();
  });
});
