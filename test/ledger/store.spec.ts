import assert from 'node:assert/strict';
import { openLedger } from '../../src/ledger/ledger.js';
import { openSqlite } from '../../src/ledger/sqlite.js';
import { inMinutes, NOON } from './builders.js';
import { sqlitePlace } from './engines.js';

describe('what may be lost', () => {
  it('is gone when its time is up, and swept away with the next thing that is kept', async () => {
    const at = await sqlitePlace();
    let now = NOON;
    const { store, close } = await openLedger({ url: at.url, machineNow: () => now });
    const file = openSqlite(at.file);
    const rows = async () => (await file.read({ sql: 'SELECT id FROM kv', params: [] })).length;

    await store.set('a', 'soon gone', 60_000);
    await store.set('b', 'stays');
    assert.equal(await store.get('a'), 'soon gone');
    now = inMinutes(1);
    assert.equal(await store.get('a'), undefined);
    assert.equal(await rows(), 2);
    await store.set('c', 'already gone', 0);

    assert.equal(await store.get('c'), undefined);
    assert.equal(await store.get('b'), 'stays');
    assert.equal(await rows(), 1);
    await Promise.all([close(), file.close()]);
    await at.leave();
  });

  it('does not read as an empty memory while the storage is away', async () => {
    const { default: Keyv } = await import('keyv');
    const at = await sqlitePlace();
    const { store, close } = await openLedger({ url: at.url, machineNow: () => NOON });
    const keyv = new Keyv(store, { throwOnErrors: true });
    await keyv.set('a', 1);
    await at.leave();

    await assert.rejects(keyv.get('a'), { name: 'LedgerUnavailableError' });
    await assert.rejects(keyv.set('a', 2), { name: 'LedgerUnavailableError' });
    await close();
  });
});
