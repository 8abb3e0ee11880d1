import assert from 'node:assert/strict';
import { openLedger } from '../../src/ledger/ledger.js';
import { openSqlite } from '../../src/ledger/sqlite.js';
import { openPostgres } from '../../src/ledger/postgres.js';
import { aDraft, drafting, NOON } from './builders.js';
import { postgresPlace, sqlitePlace, type Place } from './engines.js';

const engines = [
  { name: 'SQLite', place: sqlitePlace as () => Promise<Place | undefined>, driver: (url: string) => openSqlite(url.slice('sqlite:'.length)) },
  { name: 'PostgreSQL', place: postgresPlace, driver: openPostgres },
];

for (const { name, place, driver } of engines) {
  describe(`starting on ${name}`, () => {
    let at: Place | undefined;
    const open = () => openLedger({ url: at?.url ?? '', machineNow: () => NOON });

    beforeEach(async function () {
      at = await place();
      if (!at) this.skip();
    });
    afterEach(() => at?.leave());

    it('several times at once makes the tables once', async () => {
      const all = await Promise.all(Array.from({ length: 4 }, open));

      await all[0]?.ledger.record(drafting(aDraft()));
      for (const { ledger } of all) assert.deepEqual(await ledger.invitation(aDraft().id), aDraft());

      await Promise.all(all.map(({ close }) => close()));
    });

    it('again finds everything as it was', async () => {
      const first = await open();
      await first.ledger.record(drafting(aDraft()));
      await first.close();

      const second = await open();

      assert.deepEqual(await second.ledger.invitation(aDraft().id), aDraft());
      await second.close();
    });

    it('is refused, with a sentence, when a newer program has been at work', async () => {
      await (await open()).close();
      const newer = driver(at?.url ?? '');
      await newer.write([{ sql: 'INSERT INTO migration (version, applied_at) VALUES (999, ?)', params: [NOON.toISOString()] }]);
      await newer.close();

      await assert.rejects(open(), { name: 'LedgerRefusedError', message: /newer version of this program \(tables 999; .*restore a backup/ });
    });
  });
}

describe('starting on anything else', () => {
  it('is refused', async () => {
    await assert.rejects(openLedger({ url: 'mysql://somewhere', machineNow: () => NOON }), /either sqlite:<file> or postgres:/);
  });
});
