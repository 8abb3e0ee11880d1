import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openLedger, type OpenLedger } from '../../src/ledger/ledger.js';
import { steadyFrom } from '../../src/steady-now.js';
import { inJavaScript } from '../helpers/in-javascript.js';
import { figure } from '../guarantees/figure.js';
import { leaveOut } from '../helpers/parts.js';
import { anErrand, PARTNER } from './builders.js';
import { postgresPlace, sqlitePlace, type Place } from './engines.js';

const hourMs = 3_600_000;
/** Longer than a busy machine takes for what must come before. */
const soonMs = 1_500;
const keysOf = (errands: readonly { readonly key: string }[]): readonly string[] => errands.map(({ key }) => key);

describe('replicas whose clocks differ by an hour', () => {
  let at: Place | undefined;
  const opened: OpenLedger[] = [];
  before(async function () {
    at = await postgresPlace();
    if (!at) leaveOut(this, 'no PostgreSQL answers; set TEST_DATABASE_URL.');
  });
  beforeEach(() => opened[0]?.erase());
  after(async () => {
    await Promise.all(opened.map(({ close }) => close()));
    await at?.leave();
  });

  const sealKeys = [Buffer.alloc(32, 7)];
  const replica = async (aheadMs: number) => {
    const machineNow = (): Date => new Date(Date.now() + aheadMs);
    const ledger = await openLedger({ url: at?.url ?? '', machineNow, sealKeys });
    opened.push(ledger);
    const inMs = (ms: number): Date => new Date(machineNow().getTime() + ms);
    return { ...ledger, machineNow, inMs, claim: () => ledger.errands.claim(machineNow(), 10, 60), add: (key: string, dueInMs = -60_000) => ledger.errands.add([anErrand(key, { dueAt: inMs(dueInMs) })]) };
  };

  for (const [is, aheadMs] of [['ahead', hourMs], ['behind', -hourMs]] as const) {
    it(`leave each other's leases alone (${is})`, async () => {
      const [right, wrong] = [await replica(0), await replica(aheadMs)];

      await right.add('a');
      assert.deepEqual(keysOf(await right.claim()), ['a']);
      assert.deepEqual(await wrong.claim(), []);

      await right.add('b');
      assert.deepEqual(keysOf(await wrong.claim()), ['b']);
      assert.deepEqual(await right.claim(), []);
    });

    it(`agree on what is due, and on how long a retry waits (${is})`, async () => {
      const [right, wrong] = [await replica(0), await replica(aheadMs)];

      await wrong.add('now');
      await wrong.add('later', soonMs);
      const [now, ...others] = await right.claim();
      assert(now);
      assert.deepEqual([now.key, others], ['now', []]);
      assert.deepEqual(await right.errands.depth(right.machineNow()), await wrong.errands.depth(wrong.machineNow()));
      await right.errands.fail(now, 'unavailable', right.inMs(soonMs));
      assert.deepEqual(await wrong.claim(), []);

      await new Promise((resolve) => setTimeout(resolve, soonMs + 500));
      assert.deepEqual(keysOf(await wrong.claim()), ['now', 'later']);
    });

    it(`redeem a partner's sign-in one after the other (${is})`, async () => {
      const [right, wrong] = [await replica(0), await replica(aheadMs)];
      await right.signIns.keep(PARTNER, 'token');
      const redeemed: string[] = [];

      let second: Promise<unknown> | undefined;
      await right.signIns.redeem(PARTNER, async () => {
        second = wrong.signIns.redeem(PARTNER, async () => ({ outcome: redeemed.push('wrong') }));
        await new Promise((resolve) => setTimeout(resolve, 300));
        return { outcome: redeemed.push('right') };
      });
      await second;

      assert.deepEqual(redeemed, ['right', 'wrong']);
    });

    it(`have one of them on duty (${is})`, async () => {
      const [right, wrong] = [await replica(0), await replica(aheadMs)];

      assert.equal(await right.duties.take('d', 'right', soonMs), true);
      assert.equal(await wrong.duties.take('d', 'wrong', soonMs), false);
      assert.equal(await right.duties.take('d', 'right', soonMs), true, 'who has it keeps it');
      await new Promise((resolve) => setTimeout(resolve, soonMs + 50));
      assert.equal(await wrong.duties.take('d', 'wrong', soonMs), true, 'who is gone loses it');
      assert.equal(await right.duties.take('d', 'right', soonMs), false);

      await wrong.duties.leave('d', 'wrong');
      assert.equal(await right.duties.take('d', 'right', 1), true, 'who leaves it gives it at once');
      await wrong.duties.leave('d', 'wrong');
      await right.duties.leave('d', 'right');
    });
  }

  it('G13: a worker that is killed with an errand in its hands is followed when its lease ends, and cannot settle it any more', async () => {
    const [one, leaseMs] = [await replica(0), 1500];
    await one.errands.add([anErrand('a')]);
    const worker = spawn(process.execPath, [inJavaScript('test/ledger/processes/claim.ts'), at?.url ?? '', String(leaseMs / 1000)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(worker, 'exit');
    const [said] = (await once(createInterface({ input: worker.stdout }), 'line')) as [string];
    const startedAt = performance.now();
    worker.kill('SIGKILL');
    await exit;

    let taken = await one.claim();
    for (; taken.length === 0 && performance.now() - startedAt < 10_000; taken = await one.claim()) await new Promise((resolve) => setTimeout(resolve, 20));
    const tookMs = performance.now() - startedAt;

    const late = JSON.parse(said) as (typeof taken)[number];
    assert.deepEqual(taken.map(({ key, attempt }) => [key, attempt]), [['a', 2]]);
    await one.errands.done(late);
    assert.equal((await one.errands.depth(one.machineNow())).waiting, 1);
    assert(tookMs > leaseMs * 0.8 && tookMs < leaseMs + 5_000, `taken over after ${tookMs} ms`);
    figure('G13', `a lease of ${leaseMs} ms was taken over ${Math.round(tookMs)} ms after the kill -9; the product's lease is 60 s and it looks each half second`);
  });
});

describe('a clock that somebody sets, by an hour', () => {
  for (const [is, jumpMs] of [['forward', hourMs], ['back', -hourMs]] as const) {
    it(`${is}: a lease holds, a retry waits as long as it should, what is due is due`, async () => {
      const at = await sqlitePlace();
      let [wall, elapsed] = [Date.parse('2026-11-23T12:00:00Z'), 0];
      const pass = (ms: number): void => { [wall, elapsed] = [wall + ms, elapsed + ms]; };
      const steadyNow = steadyFrom(() => new Date(wall), () => elapsed);
      const { errands, close } = await openLedger({ url: at.url, machineNow: steadyNow });
      const claim = () => errands.claim(steadyNow(), 10, 60);
      await errands.add([anErrand('held'), anErrand('retried')]);
      const [, retried] = await claim();
      assert(retried);
      await errands.fail(retried, 'unavailable', new Date(steadyNow().getTime() + 30_000));

      wall += jumpMs;

      assert.deepEqual(await claim(), []);
      await errands.add([anErrand('fresh')]);
      const [fresh, ...others] = await claim();
      assert(fresh);
      assert.deepEqual([fresh.key, others], ['fresh', []]);
      await errands.done(fresh);
      pass(30_000);
      assert.deepEqual(keysOf(await claim()), ['retried']);
      pass(30_000);
      assert.deepEqual(keysOf(await claim()), ['held']);
      await close();
      await at.leave();
    });
  }
});
