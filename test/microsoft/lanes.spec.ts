import assert from 'node:assert/strict';
import { AuthorityUnavailableError } from '../../src/commands/ports.js';
import type { TenantId } from '../../src/domain/ids.js';
import { createLanes } from '../../src/microsoft/lanes.js';
import type { MicrosoftOptions } from '../../src/microsoft/microsoft.js';
import { CONTOSO, FABRIKAM, MachineClock, NORTHWIND } from '../local/partner-center/a-sandbox.js';
import { anAccount, ScriptedMicrosoft, unavailable, type Heard, type Line } from './a-client.js';

const fine: Line = { status: 404 };
const noGroups: Line = { body: { value: [] } };
const isGraph = ({ url }: Heard): boolean => url.startsWith('/graph');
const isForToken = ({ url }: Heard): boolean => url.endsWith('/oauth2/token');

describe('the lane of a partner', () => {
  const microsoft = new ScriptedMicrosoft();
  let machine: MachineClock;
  before(() => microsoft.open());
  after(() => microsoft.close());
  beforeEach(() => { machine = new MachineClock(); });

  const client = (more: Partial<MicrosoftOptions> = {}) => microsoft.client({ machineNow: machine.now, accounts: [anAccount(), anAccount({ tenant: NORTHWIND, clientId: 'northwind-app' })], ...more });
  type Client = ReturnType<typeof client>;
  const asksPartnerCenter = (from: Client, partner: TenantId = FABRIKAM) => from.authority.observe(partner, CONTOSO);
  const asksGraph = (from: Client, partner: TenantId = FABRIKAM) => from.authority.listSecurityGroups(partner);
  /** Whose token a call came with. */
  const saysTo = (script: (whose: 'fabrikam' | 'northwind', heard: Heard) => Line): void => {
    microsoft.script = (heard) => {
      if (isForToken(heard)) return { body: { access_token: heard.url.includes(NORTHWIND) ? 'northwind' : 'fabrikam', expires_in: '3599' } };
      return script(heard.headers.authorization === 'Bearer northwind' ? 'northwind' : 'fabrikam', heard);
    };
  };
  const everybodyIsFine = (): void => saysTo((_whose, heard) => (isGraph(heard) ? noGroups : fine));
  const turnedAway = async (wanted: Promise<unknown>): Promise<number | undefined> => {
    const error = await wanted.then(() => undefined, (thrown: unknown) => thrown);
    assert(error instanceof AuthorityUnavailableError, String(error));
    return error.about.retryAfterSeconds;
  };

  for (const [what, status, retryAfter] of [
    ['seconds', 429, '37'],
    ['a date', 429, 'Mon, 23 Nov 2026 08:00:37 GMT'],
    ['seconds and status 503', 503, '37'],
  ] as const) {
    it(`is closed for as long as Microsoft asks, in ${what}, and nothing is sent meanwhile`, async () => {
      saysTo(() => ({ status, headers: { 'retry-after': retryAfter }, body: { code: 'Throttled' } }));
      const fabrikam = client();
      await assert.rejects(asksPartnerCenter(fabrikam), unavailable({ operation: 'getCustomer', retryAfterSeconds: 37 }));
      everybodyIsFine();
      const before = microsoft.asked.length;

      machine.passes(30);
      await assert.rejects(asksPartnerCenter(fabrikam), unavailable({ operation: 'getCustomer', retryAfterSeconds: 7 }));
      assert.equal(microsoft.asked.length, before);

      machine.passes(7);
      assert.equal(await asksPartnerCenter(fabrikam), 'no');
      assert.equal(microsoft.asked.length, before + 1);
    });
  }

  it('is waited for when it opens again in a moment', async () => {
    saysTo(() => ({ status: 429, headers: { 'retry-after': '1' } }));
    const fabrikam = client({ machineNow: () => new Date(), wholeMs: 3_000 });
    await assert.rejects(asksPartnerCenter(fabrikam), unavailable({ retryAfterSeconds: 1 }));
    everybodyIsFine();
    const startedAt = performance.now();

    assert.equal(await asksPartnerCenter(fabrikam), 'no');

    assert(performance.now() - startedAt > 800);
  });

  it('is closed for that partner and that service only', async () => {
    saysTo((whose, heard) => (whose === 'fabrikam' && !isGraph(heard) ? { status: 429, headers: { 'retry-after': '600' } } : isGraph(heard) ? noGroups : fine));
    const both = client();
    await assert.rejects(asksPartnerCenter(both), unavailable({ retryAfterSeconds: 600 }));

    assert.equal(await asksPartnerCenter(both, NORTHWIND), 'no');
    assert.deepEqual([await asksGraph(both), await asksGraph(both, NORTHWIND)], [[], []]);

    await assert.rejects(asksPartnerCenter(both), unavailable({ retryAfterSeconds: 600 }));
  });

  it('is closed by Graph for Graph only', async () => {
    saysTo((_whose, heard) => (isGraph(heard) ? { status: 429, headers: { 'retry-after': '600' } } : fine));
    const fabrikam = client();
    await assert.rejects(asksGraph(fabrikam), unavailable({ retryAfterSeconds: 600 }));

    assert.equal(await asksPartnerCenter(fabrikam), 'no');
    await assert.rejects(asksGraph(fabrikam), unavailable({ retryAfterSeconds: 600 }));
  });

  it('is closed for longer each time in a row when Microsoft names no time, and shortly again after a good answer', async () => {
    const fabrikam = client({ random: () => 0.5 });
    const pauses: (number | undefined)[] = [];
    const throttled = async (): Promise<void> => {
      saysTo(() => ({ status: 429, body: {} }));
      assert.equal(await turnedAway(asksPartnerCenter(fabrikam)), undefined);
      everybodyIsFine();
      const seconds = await turnedAway(asksPartnerCenter(fabrikam)) ?? assert.fail();
      pauses.push(seconds);
      machine.passes(seconds);
    };

    for (let time = 1; time <= 9; time += 1) await throttled();
    assert.deepEqual(pauses, [2, 4, 8, 16, 32, 64, 128, 256, 300]);
    assert.equal(await asksPartnerCenter(fabrikam), 'no');
    await throttled();

    assert.equal(pauses.at(-1), 2);
  });

  it('is closed once, not eight times, when eight calls that were under way are turned away together', async () => {
    saysTo(() => ({ status: 429, body: {} }));
    const fabrikam = client({ random: () => 0.5 });

    await Promise.all(Array.from({ length: 8 }, () => turnedAway(asksPartnerCenter(fabrikam))));

    assert.equal(await turnedAway(asksPartnerCenter(fabrikam)), 2);
  });

  it('is not closed for years by a date that a wrong clock wrote', async () => {
    saysTo(() => ({ status: 429, headers: { 'retry-after': 'Mon, 23 Nov 2036 08:00:00 GMT' } }));
    const fabrikam = client();
    await turnedAway(asksPartnerCenter(fabrikam));
    everybodyIsFine();

    machine.passes(3600);

    assert.equal(await asksPartnerCenter(fabrikam), 'no');
  });

  for (const [what, retryAfter] of [['a date that is past by our clock', 'Mon, 23 Nov 2026 07:59:50 GMT'], ['a pause of no length', '0']] as const) {
    it(`is closed for a moment by ${what}, and whoever finds it closed knows that nothing was asked`, async () => {
      saysTo(() => ({ status: 429, headers: { 'retry-after': retryAfter } }));
      const fabrikam = client({ wholeMs: 500 });
      await turnedAway(asksPartnerCenter(fabrikam));
      const before = microsoft.asked.length;

      await assert.rejects(asksPartnerCenter(fabrikam), unavailable({ operation: 'getCustomer', retryAfterSeconds: 1, isUnasked: true }));
      assert.equal(microsoft.asked.length, before);

      everybodyIsFine();
      machine.passes(1);
      assert.equal(await asksPartnerCenter(fabrikam), 'no');
    });
  }

  it('lets no more calls pass in a minute than the operator wrote down, and as many again in the next', async () => {
    everybodyIsFine();
    const both = client({ accounts: [anAccount({ callsAMinute: 5 }), anAccount({ tenant: NORTHWIND, clientId: 'northwind-app' })] });
    for (let call = 1; call <= 3; call += 1) await asksPartnerCenter(both);
    machine.passes(20);
    for (let call = 4; call <= 5; call += 1) await asksPartnerCenter(both);
    const before = microsoft.asked.length;

    assert.equal(await turnedAway(asksPartnerCenter(both)), 40);
    assert.equal(microsoft.asked.length, before);
    await asksPartnerCenter(both, NORTHWIND);
    await asksGraph(both);

    machine.passes(40);
    for (let call = 6; call <= 8; call += 1) await asksPartnerCenter(both);
    assert.equal(await turnedAway(asksPartnerCenter(both)), 20);
  });

  it('lets four hundred calls a minute pass when nobody said otherwise', async () => {
    const lane = createLanes({ machineNow: machine.now, random: Math.random, callsAMinute: () => 400 })('fabrikam partnerCenter');
    for (let call = 1; call <= 400; call += 1) (await lane.enter(1_000)).leave();
    everybodyIsFine();
    const fabrikam = client();

    await assert.rejects(lane.enter(1_000), { name: 'LaneClosedError', retryAfterSeconds: 60 });
    for (let wave = 1; wave <= 50; wave += 1) await Promise.all(Array.from({ length: 8 }, () => asksPartnerCenter(fabrikam)));
    assert.equal(await turnedAway(asksPartnerCenter(fabrikam)), 60);
  }).timeout(20_000);

  it('lets people be looked up at Graph far more often: its limit is not that of Partner Center', async () => {
    everybodyIsFine();
    const fabrikam = client({ accounts: [anAccount({ callsAMinute: 5 })] });

    for (let wave = 1; wave <= 500; wave += 1) await Promise.all(Array.from({ length: 8 }, () => asksGraph(fabrikam)));

    assert.equal(await turnedAway(asksGraph(fabrikam)), 60);
  }).timeout(30_000);

  it('does not slow down anybody else when it hangs', async () => {
    saysTo((whose) => (whose === 'fabrikam' ? { hang: true } : fine));
    const both = client({ tryMs: 700, wholeMs: 700 });
    const hanging = Promise.allSettled(Array.from({ length: 30 }, () => asksPartnerCenter(both)));
    let isStillHanging = true;
    void hanging.then(() => { isStillHanging = false; });

    for (let call = 1; call <= 10; call += 1) assert.equal(await asksPartnerCenter(both, NORTHWIND), 'no');

    assert(isStillHanging);
    assert((await hanging).every(({ status }) => status === 'rejected'));
  });

  it('keeps nobody waiting in it longer than one call may take', async () => {
    saysTo(() => ({ hang: true }));
    const fabrikam = client({ tryMs: 300, wholeMs: 300 });
    const startedAt = performance.now();

    const outcomes = await Promise.allSettled(Array.from({ length: 64 }, () => asksPartnerCenter(fabrikam)));

    assert(outcomes.every(({ status }) => status === 'rejected'));
    assert(performance.now() - startedAt < 1_500);
  });

  it('takes eight calls at once, and the next ones in their turn', async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    let underWay = 0;
    const lane = createLanes({ machineNow: machine.now, random: Math.random, callsAMinute: () => 400 })('fabrikam graph');
    const order: number[] = [];
    const all = Promise.all(Array.from({ length: 20 }, async (_, number) => {
      const { leave } = await lane.enter(1_000);
      order.push(number);
      most = Math.max(most, underWay += 1);
      await new Promise<void>((resolve) => void waiting.push(resolve));
      underWay -= 1;
      leave();
    }));

    while (order.length < 20) {
      await new Promise((resolve) => setImmediate(resolve));
      waiting.shift()?.();
    }
    waiting.forEach((go) => go());
    await all;

    assert.equal(most, 8);
    assert.deepEqual(order, Array.from({ length: 20 }, (_, number) => number));
  });

  it('sends eight at once over the wire', async () => {
    saysTo(() => ({ hang: true }));
    const fabrikam = client({ tryMs: 900, wholeMs: 900 });

    const all = Promise.allSettled(Array.from({ length: 40 }, () => asksPartnerCenter(fabrikam)));
    while (microsoft.asked.length < 8) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 100));

    assert.equal(microsoft.asked.length, 8);
    await all;
  });
});
