import assert from 'node:assert/strict';
import pg from 'pg';
import { LedgerUnavailableError } from '../../src/commands/ports.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { aWire } from './a-wire.js';
import { aDraft, anErrand, drafting, NOON } from './builders.js';
import { inSchema, postgresPlace, postgresServer } from './engines.js';

const isAway = (error: unknown): boolean => error instanceof LedgerUnavailableError;

describe('the ledger on a server', () => {
  let at: Awaited<ReturnType<typeof postgresPlace>>;
  before(async function () {
    at = await postgresPlace();
    if (!at) this.skip();
  });
  after(() => at?.leave());

  it('says so while the server cannot be reached, and goes on when it can', async () => {
    assert(at);
    const wire = await aWire(new URL(postgresServer));
    const overTheWire = new URL(inSchema(postgresServer, at.schema));
    overTheWire.host = `127.0.0.1:${wire.port}`;
    const { ledger, close } = await openLedger({ url: overTheWire.href, machineNow: () => NOON });
    await ledger.record(drafting(aDraft(1)));

    await wire.cut();
    await assert.rejects(ledger.record(drafting(aDraft(2))), isAway);
    assert.equal(await ledger.isReachable(), false);
    await wire.mend();

    await ledger.record(drafting(aDraft(2)));
    assert.equal(await ledger.isReachable(), true);
    assert.deepEqual(await ledger.invitation(aDraft(1).id), aDraft(1));
    await close();
    await wire.cut();
  });

  it('outlives the end of its connections, in use or not', async () => {
    assert(at);
    const { ledger, errands, close } = await openLedger({ url: at.url, machineNow: () => NOON });
    const admin = new pg.Client({ connectionString: postgresServer });
    await admin.connect();
    await ledger.invitation(aDraft(1).id);

    const busy = Promise.allSettled(Array.from({ length: 20 }, (_, number) => errands.add([anErrand(`e${number}`)])));
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [at.schema]);
    const outcomes = await busy;
    assert(outcomes.every((outcome) => outcome.status === 'fulfilled' || isAway(outcome.reason)));

    await errands.add([anErrand('after')]);
    const kept = (await errands.claim(NOON, 50, 60)).length;
    assert(kept > outcomes.filter(({ status }) => status === 'fulfilled').length);
    await admin.end();
    await close();
  });

  it('is refused at the start, with a sentence, when nobody answers', async () => {
    await assert.rejects(openLedger({ url: 'postgres://postgres@127.0.0.1:1/test', machineNow: () => NOON }), {
      name: 'LedgerRefusedError', message: /ECONNREFUSED.*Check DATABASE_URL/,
    });
  });
});
