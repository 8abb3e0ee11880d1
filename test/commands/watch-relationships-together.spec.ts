import { strict as assert } from 'node:assert';
import { getEventListeners } from 'node:events';
import sinon from 'sinon';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { expireInvitations } from '../../src/commands/expire-invitations.js';
import { watchRelationships } from '../../src/commands/watch-relationships.js';
import { AuthorityUnavailableError, LedgerUnavailableError } from '../../src/commands/ports.js';
import type { Tenant } from '../../src/domain/facts.js';
import { asTenantId, type InvitationId, type TenantId } from '../../src/domain/ids.js';
import { aCustomer, aDelegatedAdmin, CONTOSO, FABRIKAM, guid, inDays, NOON, NORTHWIND } from '../helpers/builders.js';
import { deniz, elif, newsIn, nil, noticesIn, openHouse, outage, type House } from './house.js';

const partnersOf = (count: number): readonly TenantId[] => Array.from({ length: count }, (_, number) => asTenantId(guid(1000 + number)));
const never = new Promise<never>(() => undefined);

describe('watching the sides of many partners', () => {
  let house: House;
  let clock: sinon.SinonFakeTimers | undefined;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(async () => {
    clock?.restore();
    clock = undefined;
    await house?.leave();
  });

  const timePasses = (): void => { clock = sinon.useFakeTimers({ now: NOON, toFake: ['setTimeout', 'clearTimeout', 'performance'] }); };
  const watching = (partners: readonly TenantId[]) => watchRelationships({ ...house.ports, partners });
  const lookedAt = () => house.authority.listOwnCustomers.getCalls().map(({ args: [partner] }) => partner);

  /** What needs no time comes to its end: a write waits for its round of the event loop, and a read for the disk. */
  const rest = async (): Promise<void> => {
    for (let rounds = 0; rounds < 200; rounds += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      await house.ledger.isReachable();
    }
  };
  const passes = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 1000) {
      await rest();
      await clock?.tickAsync(Math.min(left, 1000));
    }
    await rest();
  };

  it('finishes with the others while one hangs, gives up on that one after fifteen seconds, and says which it was', async () => {
    timePasses();
    const partners = partnersOf(12);
    const slow = partners[3] ?? assert.fail();
    house.authority.listOwnCustomers.withArgs(slow).returns(never);

    let unanswered: readonly TenantId[] | undefined;
    void watching(partners).watchAll().then((gave) => { unanswered = [...gave.keys()]; });
    await passes(14_999);

    assert.deepEqual([...lookedAt()].sort(), [...partners].sort());
    for (const partner of partners) assert.equal(await house.ledger.isWatched(partner), partner !== slow);
    assert.equal(unanswered, undefined);
    await passes(1);
    assert.deepEqual(unanswered, [slow]);
  });

  it('gets to everybody within a minute although sixteen of twenty hang', async () => {
    timePasses();
    const partners = partnersOf(20);
    for (const partner of partners.slice(0, 16)) house.authority.listOwnCustomers.withArgs(partner).returns(never);

    let unanswered: readonly TenantId[] | undefined;
    void watching(partners).watchAll().then((gave) => { unanswered = [...gave.keys()]; });
    await passes(30_000);

    assert.deepEqual(unanswered, partners.slice(0, 16));
    assert.equal(await house.ledger.isWatched(partners[19] ?? assert.fail()), true);
  });

  it('keeps what a slow one shows in the end, and tells it', async () => {
    timePasses();
    await house.meets(elif, deniz);
    const { watchAll } = watching([FABRIKAM]);
    await watchAll();
    let show = (_customers: readonly ReturnType<typeof aCustomer>[]): void => undefined;
    house.authority.listOwnCustomers.withArgs(FABRIKAM).returns(new Promise((resolve) => { show = resolve; }));
    const round = watchAll();
    await passes(15_000);
    assert.deepEqual([...(await round).keys()], [FABRIKAM]);

    show([aCustomer()]);
    await passes(10);
    await house.runsErrands();

    assert.deepEqual([elif, deniz].map((person) => newsIn(house.sentTo(person))), [['foundOutside'], ['foundOutside']]);
  });

  it('ends on its last day what a side that is always slow showed nobody, and not what fell due since it was seen', async () => {
    const [id, next] = [await house.sent(elif), (await house.sent(nil))];
    timePasses();
    house.authority.listOwnCustomers.callsFake(() => new Promise((resolve) => { setTimeout(resolve, 16_000, []); }));
    const { watchAll } = watching([FABRIKAM, NORTHWIND]);
    const round = async (): Promise<void> => {
      const all = watchAll();
      await passes(16_000);
      await expireInvitations(house.ports)(await all);
    };

    house.time.now = inDays(89);
    await round();
    house.time.now = inDays(91);
    await round();
    assert.deepEqual([await house.stateOf(id), await house.stateOf(next)], ['sent', 'sent']);
    await round();

    assert.deepEqual([await house.stateOf(id), await house.stateOf(next)], ['expired', 'expired']);
  });

  it('looks at eight sides at a time, never more', async () => {
    let [underWay, most] = [0, 0];
    house.authority.listOwnCustomers.callsFake(async () => {
      most = Math.max(most, underWay += 1);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return [];
    });

    assert.deepEqual(await watching(partnersOf(40)).watchAll(), new Map());

    assert.deepEqual([lookedAt().length, most], [40, 8]);
  });

  it('begins with each of them evenly over the time it is given', async () => {
    timePasses();
    const startedAt = performance.now();
    const begun: number[] = [];
    house.authority.listOwnCustomers.callsFake(async () => { begun.push(performance.now() - startedAt); return []; });

    const round = watching(partnersOf(10)).watchAll({ spreadMs: 60_000 });
    await passes(60_000);

    assert.deepEqual(await round, new Map());
    assert.deepEqual(begun, Array.from({ length: 10 }, (_, number) => number * 6_000));
  });

  it('leaves those out that it has not begun with when the service stops, and calls them unanswered', async () => {
    timePasses();
    const partners = partnersOf(10);
    const stopping = new AbortController();
    let unanswered: readonly TenantId[] | undefined;
    void watching(partners).watchAll({ spreadMs: 60_000, signal: stopping.signal }).then((gave) => { unanswered = [...gave.keys()]; });
    await passes(13_000);
    assert.equal(unanswered, undefined);

    stopping.abort();
    await passes(0);

    assert.deepEqual(lookedAt(), partners.slice(0, 3));
    assert.deepEqual([...(unanswered ?? [])].sort(), partners.slice(3));
  });

  it('looks at nobody when the service is stopping already', async () => {
    assert.deepEqual([...(await watching(partnersOf(3)).watchAll({ spreadMs: 60_000, signal: AbortSignal.abort() })).keys()], partnersOf(3));

    assert.deepEqual(lookedAt(), []);
  });

  it('leaves nothing behind on the signal by which the service stops, round after round', async () => {
    timePasses();
    const stopping = new AbortController();
    const { watchAll } = watching(partnersOf(10));
    for (let round = 1; round <= 3; round += 1) {
      const all = watchAll({ spreadMs: 60_000, signal: stopping.signal });
      await passes(60_000);
      await all;
    }

    assert.equal(getEventListeners(stopping.signal, 'abort').length, 0);
  });

  it('is a failed round, not an unanswered partner, when the ledger is away', async () => {
    const { ledger } = house.ports;
    const away = watchRelationships({ ...house.ports, ledger: { ...ledger, isWatched: () => Promise.reject(new LedgerUnavailableError()) } });

    await assert.rejects(away.watchAll(), LedgerUnavailableError);
  });

  it('looks once more for whoever asks during a look, and once for all who do', async () => {
    let answer = (): void => undefined;
    house.authority.listOwnCustomers.onFirstCall().returns(new Promise((resolve) => { answer = () => resolve([]); }));
    const { lookAt } = watching([FABRIKAM]);
    const first = lookAt(FABRIKAM);
    while (lookedAt().length === 0) await new Promise((resolve) => setImmediate(resolve));

    const others = [lookAt(FABRIKAM), lookAt(FABRIKAM), lookAt(FABRIKAM)];
    answer();
    await Promise.all([first, ...others]);

    assert.deepEqual(lookedAt(), [FABRIKAM, FABRIKAM]);
  });
});

describe('looking again from a card', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  it('waits four seconds at most for Microsoft, and the look goes on: its news comes when it ends', async () => {
    const id = await house.delivered();
    await house.watches();
    const invitation = await house.ledger.invitation(id) ?? assert.fail();
    const clock = sinon.useFakeTimers({ now: NOON, toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let arrive = (): void => undefined;
      house.authority.listOwnCustomers.withArgs(FABRIKAM).returns(new Promise((resolve) => { arrive = () => resolve([aCustomer()]); }));
      const { lookNow, lookAt } = watchRelationships(house.ports);
      let looked = 0;
      const presses = [lookNow(invitation), lookNow(invitation)].map((press) => press.finally(() => { looked += 1; }));
      await clock.tickAsync(3_900);
      assert.equal(looked, 0);

      await clock.tickAsync(100);
      assert.deepEqual(await Promise.all(presses), ['late', 'late']);
      assert.equal(await house.stateOf(id), 'delivered');

      const after = lookAt(FABRIKAM);
      arrive();
      await after;
    } finally {
      clock.restore();
    }
    assert.equal(await house.stateOf(id), 'established');
    await house.runsErrands();
    assert.deepEqual(noticesIn(house.sentTo(elif)), ['established']);
  });

  it('hears at once that Microsoft gives no answer, and is not disturbed by one that comes too late', async () => {
    const invitation = await house.ledger.invitation(await house.sent()) ?? assert.fail();
    house.authority.listOwnCustomers.withArgs(FABRIKAM).onFirstCall().rejects(outage);
    const { lookNow } = watchRelationships(house.ports);
    await assert.rejects(lookNow(invitation), AuthorityUnavailableError);

    const clock = sinon.useFakeTimers({ now: NOON, toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let fail = (): void => undefined;
      house.authority.listOwnCustomers.withArgs(FABRIKAM).returns(new Promise((_, reject) => { fail = () => reject(outage); }));
      const press = lookNow(invitation);
      await clock.tickAsync(4_000);
      assert.equal(await press, 'late');
      fail();
      await clock.tickAsync(0);
      assert.equal(clock.countTimers(), 0);
    } finally {
      clock.restore();
    }
  });
});

describe('two who look at one side at the same time', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
    await house.meets(elif, deniz);
  });
  afterEach(() => house?.leave());

  const between = () => house.eventsOf(`between/${FABRIKAM}/${CONTOSO}`);
  const told = (views: ReturnType<House['sentTo']>) => [...noticesIn(views), ...newsIn(views)];
  const everybodyWasTold = async (): Promise<readonly (readonly string[])[]> => {
    await house.runsErrands();
    return [elif, deniz].map((person) => told(house.sentTo(person)));
  };
  const look = () => watchRelationships(house.ports).lookAt(FABRIKAM);
  /** Microsoft wrote its answer to the first one before `meanwhile`, and it arrives after that. */
  const whileOneWaits = async (answer: readonly Tenant[], meanwhile: () => Promise<unknown>): Promise<void> => {
    const customers = house.authority.listOwnCustomers.withArgs(FABRIKAM);
    const asked = customers.callCount;
    let arrive = (): void => undefined;
    customers.onCall(asked).returns(new Promise((resolve) => { arrive = () => resolve(answer); }));
    const slow = look();
    while (customers.callCount === asked) await new Promise((resolve) => setImmediate(resolve));
    await meanwhile();
    arrive();
    await slow;
  };

  for (const first of [true, false]) {
    it(`take what one of them found for no end of it, although the other one’s answer is older${first ? ', also when nobody looked before' : ''}`, async () => {
      const id = await house.delivered();
      if (!first) await house.watches();
      house.shows({ sells: [aCustomer()] });

      await whileOneWaits([], look);

      assert.equal(await house.stateOf(id), 'established');
      assert.deepEqual(await between(), []);
      assert.deepEqual(await everybodyWasTold(), [['established'], ['established']]);
    });
  }

  it('take what a search found meanwhile for no end of it', async () => {
    await house.watches();

    await whileOneWaits([], () => watchRelationships(house.ports).found(FABRIKAM, [aCustomer()]));

    assert.deepEqual(await between(), ['RelationshipFoundOutside']);
    assert.deepEqual(await everybodyWasTold(), [['foundOutside'], ['foundOutside']]);
  });

  describe('one of them by a search, which read before what awaits an answer,', () => {
    const finds = (meanwhile: () => Promise<unknown>): Promise<boolean> => watchRelationships({
      ...house.ports,
      ledger: { ...house.ledger, awaited: async (partner, half) => {
        const read = await house.ledger.awaited(partner, half);
        if (half === 'sell') await meanwhile();
        return read;
      } },
    }).found(FABRIKAM, [aCustomer()]);
    let id: InvitationId;
    beforeEach(async () => {
      await house.watches();
      id = await house.delivered();
      house.shows({ sells: [aCustomer()] });
    });

    it('find it once', async () => {
      await finds(look);

      assert.deepEqual([await house.stateOf(id), await between()], ['established', []]);
      assert.deepEqual(await everybodyWasTold(), [['established'], ['established']]);
    });

    it('go by the request as it stands now', async () => {
      await finds(() => answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' }));

      assert.deepEqual([await house.stateOf(id), (await house.eventsOf(id)).slice(-2), await between()], ['declined', ['InvitationDeclined', 'RelationshipFoundLate'], []]);
    });

    it('give a request that is sent in that moment what they found outside of one, at the next look', async () => {
      await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' });
      let next = id;
      house.authority.observe.withArgs(FABRIKAM, CONTOSO).resolves('no');
      await finds(async () => { next = await house.sent(); });

      await house.watches();

      assert.equal(await house.stateOf(next), 'established');
    });
  });

  it('tell once of what both of them found', async () => {
    await house.watches();
    house.shows({ sells: [aCustomer()] });

    await whileOneWaits([aCustomer()], look);

    assert.deepEqual(await between(), ['RelationshipFoundOutside']);
    assert.deepEqual(await everybodyWasTold(), [['foundOutside'], ['foundOutside']]);
  });

  it('take for nothing new what has ended since the older answer', async () => {
    await house.watches();
    house.shows({ sells: [aCustomer()] });
    await house.watches();
    house.shows({});

    await whileOneWaits([aCustomer()], look);

    assert.deepEqual(await between(), ['RelationshipFoundOutside', 'RelationshipEnded']);
    assert.deepEqual(await everybodyWasTold(), [['foundOutside', 'ended'], ['foundOutside', 'ended']]);
  });

  it('do not bring back what has ended since the older answer, although its last day moved', async () => {
    await house.watches();
    house.shows({ manages: [aDelegatedAdmin({ until: inDays(20).toISOString() })] });
    await house.watches();
    house.shows({});
    house.authority.listDelegatedAdmin.withArgs(FABRIKAM).onCall(house.authority.listDelegatedAdmin.withArgs(FABRIKAM).callCount).resolves([aDelegatedAdmin({ until: inDays(200).toISOString() })]);

    await whileOneWaits([], look);

    assert.deepEqual(await between(), ['RelationshipFoundOutside', 'RelationshipEnded']);
    assert.deepEqual((await house.ledger.grants({ partner: FABRIKAM })).map(({ ended }) => ended?.how), ['terminated']);
  });

  it('do not end what ended and came back since the older answer', async () => {
    await house.watches();
    house.shows({ sells: [aCustomer()] });
    await house.watches();

    await whileOneWaits([], async () => {
      house.shows({});
      await look();
      house.time.now = inDays(1);
      house.shows({ sells: [aCustomer()] });
      await look();
    });

    assert.deepEqual(await between(), ['RelationshipFoundOutside', 'RelationshipEnded', 'RelationshipFoundOutside']);
  });
});

describe('what Microsoft alone knows of a relationship', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
    await house.meets(elif, deniz, nil);
    await house.watches();
  });
  afterEach(() => house?.leave());

  const grants = () => house.ledger.grants({ partner: FABRIKAM });
  /** A relationship that came a week ago and is not there now. */
  const begunAndOver = async (kind: 'sells' | 'manages'): Promise<void> => {
    house.shows(kind === 'sells' ? { sells: [aCustomer()] } : { manages: [aDelegatedAdmin()] });
    await house.watches();
    house.time.now = inDays(7);
    house.shows({});
  };
  const at = (hours: number): string => new Date(inDays(7).getTime() + hours * 3_600_000).toISOString();

  for (const [kind, named] of [['sells', 'reseller'], ['manages', 'gdap']] as const) {
    it(`is when it ended (${named}), as Microsoft wrote it down`, async () => {
      await begunAndOver(kind);
      house.authority.whenEnded.resolves(at(-5));

      await house.watches();

      assert.deepEqual((await grants()).map(({ ended }) => ended?.at), [at(-5)]);
      assert.deepEqual(house.authority.whenEnded.getCalls().map(({ args }) => args), [[FABRIKAM, CONTOSO, named, inDays(5)]]);
      const news = house.sentTo(elif).at(-1);
      assert(news?.view === 'news' && news.subject === 'ended' && news.grant.ended?.at === at(-5));
    });
  }

  for (const [what, written] of [
    ['wrote nothing down', undefined],
    ['wrote down the end of an older one', at(-49)],
    ['has a clock that is ahead', at(1)],
  ] as const) {
    it(`is not when it ended where Microsoft ${what}: that is when it was seen`, async () => {
      await begunAndOver('sells');
      house.authority.whenEnded.resolves(written);

      await house.watches();

      assert.deepEqual((await grants()).map(({ ended }) => ended?.at), [at(0)]);
    });
  }

  it('is not told because a list lacks the customer, as long as Microsoft knows it by name or does not say', async () => {
    await begunAndOver('sells');
    for (const [answers, notAllSeen] of [['yes', []], ['noAnswer', [FABRIKAM]]] as const) {
      const asked = house.authority.observe.withArgs(FABRIKAM, CONTOSO);
      void (answers === 'yes' ? asked.resolves(answers) : asked.rejects(outage));

      assert.deepEqual(await house.watches(), notAllSeen, answers);
      assert.deepEqual((await grants()).map(({ ended }) => ended), [undefined], answers);
    }
    house.authority.observe.withArgs(FABRIKAM, CONTOSO).resolves('no');

    await house.watches();

    assert.deepEqual((await grants()).map(({ ended }) => ended?.how), ['removed']);
    assert.deepEqual(newsIn(house.sentTo(elif)), ['foundOutside', 'ended']);
  });

  it('is asked for no time before the relationship was there', async () => {
    house.shows({ sells: [aCustomer()] });
    await house.watches();
    house.time.now = new Date(NOON.getTime() + 3_600_000);
    house.shows({});
    house.authority.whenEnded.resolves(new Date(NOON.getTime() - 60_000).toISOString());

    await house.watches();

    assert.deepEqual(house.authority.whenEnded.firstCall.args[3], NOON);
    assert.deepEqual((await grants()).map(({ ended }) => ended?.at), [house.time.now.toISOString()]);
  });

  it('does not hold up the news of an end when the audit gives no answer', async () => {
    await begunAndOver('sells');
    house.authority.whenEnded.rejects(outage);

    assert.deepEqual(await house.watches(), []);

    assert.deepEqual((await grants()).map(({ ended }) => ended), [{ at: at(0), how: 'removed' }]);
    assert.deepEqual(newsIn(house.sentTo(elif)), ['foundOutside', 'ended']);
  });

  it('is the name of a customer whom the partner administers without selling to', async () => {
    house.shows({ manages: [aDelegatedAdmin()] });
    house.authority.listAdministered.resolves([{ tenant: NORTHWIND, name: 'Another' }, { tenant: CONTOSO, name: 'Contoso Ltd' }]);

    await house.watches();

    assert.deepEqual((await grants()).map(({ customerName, customerDomain }) => [customerName, customerDomain]), [['Contoso Ltd', undefined]]);
  });

  it('is not asked for where the partner sells to everybody whom it administers', async () => {
    house.shows({ sells: [aCustomer()], manages: [aDelegatedAdmin()] });

    await house.watches();

    assert.equal(house.authority.listAdministered.callCount, 0);
    assert.deepEqual((await grants()).map(({ customerName, customerDomain }) => [customerName, customerDomain]), [['Contoso', 'contoso.com'], ['Contoso', 'contoso.com']]);
  });

  it('waits for the names, and does not hold up what is sold, while their list gives no answer', async () => {
    house.shows({});
    await house.watches();
    house.shows({ sells: [aCustomer({ id: NORTHWIND })], manages: [aDelegatedAdmin()] });
    house.authority.listAdministered.rejects(outage);
    const kinds = async () => (await grants()).map(({ kind, customerName }) => [kind, customerName]);

    await house.watches();
    assert.deepEqual(await kinds(), [['reseller', 'Contoso']]);

    house.authority.listAdministered.resolves([{ tenant: CONTOSO, name: 'Contoso Ltd' }]);
    await house.watches();
    assert.deepEqual((await kinds()).sort(), [['gdap', 'Contoso Ltd'], ['reseller', 'Contoso']]);
  });

  it('is no name where Microsoft has an empty one', async () => {
    house.shows({ manages: [aDelegatedAdmin()] });
    house.authority.listAdministered.resolves([{ tenant: CONTOSO, name: '' }]);

    await house.watches();

    assert.deepEqual((await grants()).map(({ customerName }) => customerName), [undefined]);
  });
});
