import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openLedger } from '../../src/ledger/ledger.js';
import { migrate, migrations, type Migration } from '../../src/ledger/migrations.js';
import { happened } from '../../src/commands/audit.js';
import { StaleLedgerError } from '../../src/commands/ports.js';
import type { Grant } from '../../src/domain/invitation.js';
import * as step from '../../src/domain/steps.js';
import { inJavaScript } from '../helpers/in-javascript.js';
import { aDelegatedAsk } from '../helpers/builders.js';
import { aDraft, anErrand, CUSTOMER, declined, drafting, NOON, PARTNER, sending, sent, tenant, toCustomer } from './builders.js';
import { postgresPlace, sqlitePlace, type Place } from './engines.js';
import { asOldBody, driverAt, versionOne } from './version-one.js';

const engines = [
  { name: 'SQLite', place: sqlitePlace as () => Promise<Place | undefined> },
  { name: 'PostgreSQL', place: postgresPlace },
];

for (const { name, place } of engines) {
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
      const newer = driverAt(at?.url ?? '');
      await newer.write([{ sql: 'INSERT INTO migration (version, applied_at) VALUES (999, ?)', params: [NOON.toISOString()] }]);
      await newer.close();

      await assert.rejects(open(), { name: 'LedgerRefusedError', message: /newer version of this program \(tables 999, which need a program that knows 999; .*restore a backup/ });
    });

    describe('while the program is replaced, one replica after the other', () => {
      const next = migrations.length + 1;
      /** What the next release might bring. */
      const ahead = async (worksFrom: number, sql: readonly string[]): Promise<void> => {
        const newer = driverAt(at?.url ?? '');
        await migrate(newer, NOON, [...migrations, { worksFrom, sql: () => sql }]);
        await newer.close();
      };

      it('the program before goes on, also when it is started again, over tables that only grew', async () => {
        const before = await open();
        await before.ledger.record(drafting(aDraft(1)));

        await ahead(next - 1, ['ALTER TABLE invitation ADD COLUMN mood TEXT', 'CREATE TABLE mood (name TEXT PRIMARY KEY)']);

        const again = await open();
        for (const [number, { ledger, errands, close }] of [before, again].entries()) {
          const draft = aDraft(number + 2, toCustomer(number + 30));
          await ledger.record({ ...drafting(sent(draft)), errands: [anErrand(`e${number}`)] });
          assert.equal((await ledger.openBetween(PARTNER, tenant(number + 30))).length, 1);
          assert.deepEqual((await errands.claim(NOON, 10, 60)).map(({ key }) => key), [`e${number}`]);
          await close();
        }
      });

      it('two releases at once are one too many, when the older tables no longer do', async () => {
        await (await open()).close();
        await ahead(next, ['DROP TABLE mark']);

        await assert.rejects(open(), { name: 'LedgerRefusedError', message: new RegExp(`tables ${next}, which need a program that knows ${next}; this one knows ${next - 1}`) });
      });
    });

    it('four programs at once, on an empty ledger and on one of the first release, take each step once', async () => {
      for (const make of [async () => undefined, () => versionOne(at?.url ?? '', [sent(aDraft(1))], [])]) {
        await at?.leave();
        at = await place();
        await make();
        const programs = Array.from({ length: 4 }, () => fork(inJavaScript('test/ledger/processes/open.ts'), [at?.url ?? ''], { execArgv: [] }));
        await Promise.all(programs.map((one) => once(one, 'message')));

        const ends = programs.map(async (one) => (await once(one, 'exit'))[0] as number);
        for (const one of programs) one.send('go');

        assert.deepEqual(await Promise.all(ends), [0, 0, 0, 0]);
        const driver = driverAt(at?.url ?? '');
        assert.deepEqual(await driver.read({ sql: 'SELECT version FROM migration ORDER BY version', params: [] }), migrations.map((_, index) => ({ version: index + 1 })));
        await driver.close();
      }
    });

    describe('over a ledger of the first release', () => {
      const [waiting, gone, draft, standing] = [sent(aDraft(1)), declined(sent(aDraft(2, toCustomer(12)))), aDraft(3, toCustomer(13)), sent(aDraft(4, toCustomer(14)))];
      const established = step.halfSeen(standing, 'sell', NOON.toISOString());
      const grant: Grant = { kind: 'reseller', partner: PARTNER, customer: tenant(14), seenAt: NOON.toISOString(), origin: 'invitation', invitation: standing.id };

      const upgraded = async () => {
        await versionOne(at?.url ?? '', [waiting, gone, draft, established], [grant]);
        return open();
      };

      it('keeps every invitation, which asked to sell without saying so', async () => {
        const { ledger, close } = await upgraded();

        for (const one of [waiting, gone, draft, established]) assert.deepEqual(await ledger.invitation(one.id), { ...asOldBody(one), asks: { sell: true } });
        assert.deepEqual((await ledger.openBetween(PARTNER, CUSTOMER)).map(({ id, asks }) => [id, asks]), [[waiting.id, { sell: true }]]);
        assert.deepEqual((await ledger.awaited(PARTNER, 'sell')).map(({ id }) => id), [waiting.id]);
        await close();
      });

      it('keeps what was seen at Microsoft, and who had asked for it', async () => {
        const { ledger, close } = await upgraded();

        assert.deepEqual(await ledger.grants({ customer: tenant(14) }), [grant]);
        assert.deepEqual(await ledger.endingBetween(new Date(0), new Date('2099-01-01'), 10), []);
        assert.equal(await ledger.isWatched(PARTNER), false);
        await close();
      });

      it('holds the old open request to its half: another to sell is one too many, one to manage is not', async () => {
        const { ledger, close } = await upgraded();
        const [again, manages] = [sent(aDraft(5)), sent(aDraft(6, { asks: { sell: false, manage: aDelegatedAsk() } }))];

        await assert.rejects(ledger.record(drafting(again)), StaleLedgerError);
        await ledger.record(drafting(manages));

        assert.equal((await ledger.openBetween(PARTNER, CUSTOMER)).length, 2);
        await close();
      });

      it('goes on where the old program stopped', async () => {
        const { ledger, close } = await upgraded();
        const [read] = await ledger.openBetween(PARTNER, CUSTOMER);
        assert(read?.state === 'sent');
        const after = declined(read);

        await ledger.record({ event: happened('InvitationDeclined', after, NOON), before: read, after });
        const now = await ledger.invitation(draft.id);
        assert(now?.state === 'draft');
        await ledger.record(sending(now, sent(now)));

        assert.deepEqual((await ledger.invitationsOf({ partner: PARTNER }, 'open', 10)).map(({ id }) => id), [draft.id]);
        await close();
      });

      const mine = { search: '', only: 'all', soon: NOON, skip: 0, limit: 10 } as const;

      it('lists the customers that were there before, each once, however often it starts', async () => {
        await (await upgraded()).close();
        const { ledger, close } = await open();

        const lines = await ledger.customersOf(PARTNER, mine);

        assert.deepEqual(lines.map(({ customer, standing: where }) => [customer, where]), [[CUSTOMER, 'waiting'], [tenant(14), 'active'], [tenant(12), 'declined']]);
        assert.deepEqual((await ledger.customersOf(PARTNER, { ...mine, search: 'caglayan' })).map(({ name: called }) => called), ['Çağlayan Şirketi']);
        await close();
      });

      it('is brought up to date once, by several programs that start together', async () => {
        await versionOne(at?.url ?? '', [waiting, gone, draft, established], [grant]);

        const all = await Promise.all(Array.from({ length: 4 }, open));

        for (const { ledger, close } of all) {
          assert.equal((await ledger.customersOf(PARTNER, mine)).length, 3);
          await close();
        }
      });
    });
  });
}

describe('what a release may do to the tables', () => {
  /** New tables and what belongs to them, and columns that the program before need not fill. */
  const addsOnly = (sql: string, made: ReadonlySet<string>): boolean => {
    const column = /^ALTER TABLE \w+ ADD COLUMN \w+ \w+( NOT NULL DEFAULT \S+)?$/.test(sql);
    const index = /^CREATE (UNIQUE )?INDEX \w+ ON (\w+)/.exec(sql);
    return column || /^CREATE TABLE/.test(sql) || (index !== null && (index[1] === undefined || made.has(index[2] ?? '')));
  };
  const isKept = (all: readonly Migration[]): boolean => all.every(({ worksFrom, sql }, index) => {
    const statements = sql({ identity: 'INTEGER', skipLocked: '', byteOrder: '', lock: () => [] });
    const made = new Set(statements.flatMap((one) => /^CREATE TABLE (\w+)/.exec(one)?.[1] ?? []));
    const isMonotone = worksFrom <= index + 1 && worksFrom >= (all[index - 1]?.worksFrom ?? 1);
    return isMonotone && (worksFrom === index + 1 || statements.every((one) => addsOnly(one, made)));
  });
  const going = (worksFrom: number, ...sql: string[]): boolean => isKept([...migrations, { worksFrom, sql: () => sql }]);
  const before = migrations.length;

  it('is to add, or to say that the program before must stop first', () => {
    assert(isKept(migrations));
    assert(going(before, 'ALTER TABLE errand ADD COLUMN mood TEXT', 'CREATE TABLE mood (name TEXT)', 'CREATE UNIQUE INDEX one_mood ON mood (name)', 'CREATE INDEX errand_mood ON errand (mood)'));
    for (const sql of ['DROP TABLE errand', 'ALTER TABLE errand RENAME COLUMN reason TO why', 'ALTER TABLE errand ADD COLUMN mood TEXT NOT NULL', 'CREATE UNIQUE INDEX one_topic ON errand (topic)', 'UPDATE errand SET reason = NULL']) {
      assert(!going(before, sql), sql);
      assert(going(before + 1, sql), sql);
    }
    assert(!going((migrations.at(-1)?.worksFrom ?? 0) - 1), 'what a step broke, the next does not mend');
  });
});

describe('starting on anything else', () => {
  it('is refused', async () => {
    await assert.rejects(openLedger({ url: 'mysql://somewhere', machineNow: () => NOON }), /either sqlite:<file> or postgres:/);
  });
});
