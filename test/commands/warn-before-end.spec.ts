import { strict as assert } from 'node:assert';
import { startRounds } from '../../src/commands/rounds.js';
import { warnBeforeEnd, warningDays } from '../../src/commands/warn-before-end.js';
import { watchRelationships } from '../../src/commands/watch-relationships.js';
import { asTenantId } from '../../src/domain/ids.js';
import { aCustomer, aDelegatedAdmin, CONTOSO, FABRIKAM, guid, inDays, NOON } from '../helpers/builders.js';
import { aManagedGrant } from '../ledger/builders.js';
import { ada, can, deniz, elif, newsIn, nil, openHouse, type House } from './house.js';

describe('warning before access ends', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
    await house.meets(elif, deniz, nil);
  });
  afterEach(() => house?.leave());

  const endsIn = async (days: number, over: Parameters<typeof aDelegatedAdmin>[0] = {}): Promise<void> => {
    house.shows({ sells: [aCustomer()], manages: [aDelegatedAdmin({ until: inDays(days).toISOString(), ...over })] });
    await house.watches();
  };
  const warn = async (day: number): Promise<void> => {
    house.time.now = inDays(day);
    await warnBeforeEnd(house.ports)();
    await house.runsErrands();
  };
  const daysLeft = (person = elif) => house.sentTo(person).flatMap((view) => (view.view === 'news' ? [view.daysLeft] : []));
  const warnings = async () => (await house.eventsOf(`between/${FABRIKAM}/${CONTOSO}`)).filter((event) => event === 'AccessEndsSoon').length;

  it('comes 60, 30, 7 and 1 day before and on the last one, to both sides, once each, however often it looks', async () => {
    await endsIn(100);

    for (let hour = 0; hour <= 100 * 24; hour += 8) await warn(hour / 24);

    for (const person of [elif, deniz]) assert.deepEqual(daysLeft(person), [60, 30, 7, 1, 0], person.name);
    assert.deepEqual([await warnings(), newsIn(house.sentTo(elif))], [5, Array.from({ length: 5 }, () => 'ending')]);
    assert.deepEqual(house.sentTo(nil), []);
  });

  it('comes not earlier', async () => {
    await endsIn(100);
    await warn(38.9);
    assert.equal(await warnings(), 0);
  });

  it('comes on the last day, and not after it', async () => {
    await endsIn(10, { until: new Date(NOON.getTime() + 3_600_000).toISOString() });
    await warn(0);
    assert.deepEqual(daysLeft(), [0]);
    await warn(1);
    assert.deepEqual(daysLeft(), [0]);
  });

  it('that was slept through is not made up for: one, with the days that are really left', async () => {
    await endsIn(100);

    await warn(80);

    assert.deepEqual([daysLeft(), await warnings()], [[20], 1]);
    await warn(92.5);
    await warn(93);
    assert.deepEqual(daysLeft(), [20, 7]);
  });

  it('is silent where it extends by itself, and where there is no end', async () => {
    await endsIn(100, { autoExtends: true });
    await warn(99);
    assert.deepEqual([await warnings(), daysLeft()], [0, []]);
  });

  it('comes when it no longer extends by itself', async () => {
    await endsIn(100, { autoExtends: true });
    await warn(50);
    await endsIn(100);
    await warn(71);

    assert.deepEqual(daysLeft(), [29]);
  });

  it('begins anew when the end was moved', async () => {
    await endsIn(100);
    await warn(99);
    await endsIn(200);
    await warn(141);

    assert.deepEqual(daysLeft(), [1, 59]);
  });

  it('is silent about what has ended already', async () => {
    await endsIn(20);
    house.shows({ sells: [aCustomer()] });
    await house.watches();
    house.messenger.send.resetHistory();

    await warn(19);

    assert.deepEqual([await warnings(), daysLeft()], [0, []]);
  });

  /** Somebody else writes while a warning is being prepared. */
  const warnWhile = async (meanwhile: () => Promise<unknown>): Promise<void> => {
    const { ledger } = house.ports;
    let isDone = false;
    const acquaintancesOf: typeof ledger.acquaintancesOf = async (tenant) => {
      if (!isDone) {
        isDone = true;
        await meanwhile();
      }
      return ledger.acquaintancesOf(tenant);
    };
    await warnBeforeEnd({ ...house.ports, ledger: { ...ledger, acquaintancesOf } })();
    await house.runsErrands();
  };

  it('is not written over an end that is recorded in the same moment', async () => {
    await endsIn(20);
    house.shows({ sells: [aCustomer()] });

    await warnWhile(() => watchRelationships(house.ports).lookAt(FABRIKAM));

    const [grant] = await house.ledger.grants({ partner: FABRIKAM });
    assert.deepEqual([grant?.ended?.how, grant?.warnedAtDays, await warnings(), daysLeft().length], ['terminated', undefined, 0, 1]);
    await house.watches();
    assert.deepEqual(newsIn(house.sentTo(elif)), ['ended']);
  });

  it('is given once by two who warn at the same time', async () => {
    await endsIn(20);

    await warnWhile(() => warnBeforeEnd(house.ports)());

    assert.deepEqual([await warnings(), daysLeft()], [1, [20]]);
  });

  it('is not taken back by a look that began before it', async () => {
    await endsIn(20, { autoExtends: true });
    house.authority.listDelegatedAdmin.withArgs(FABRIKAM).callsFake(async () => {
      house.authority.listDelegatedAdmin.withArgs(FABRIKAM).resolves([aDelegatedAdmin({ until: inDays(20).toISOString() })]);
      await watchRelationships(house.ports).lookAt(FABRIKAM);
      await warn(0);
      return [aDelegatedAdmin({ until: inDays(20).toISOString() })];
    });

    await house.watches();
    await warn(0);

    assert.deepEqual([await warnings(), daysLeft()], [1, [20]]);
  });

  it('tells those who asked, and of the customer Global admins only', async () => {
    await house.meets(ada, can);
    house.is(can, { tenant: CONTOSO, roles: ['user'] });
    const id = await house.deliveredToManage();
    house.shows({ sells: [aCustomer()], manages: [await house.managed(id, { until: inDays(20).toISOString() })] });
    await house.watches();

    await warn(1);

    assert.deepEqual([ada, elif, deniz, can].map((person) => daysLeft(person)), [[19], [], [19], []]);
  });

  it('is not given to an agent who lost the role meanwhile', async () => {
    await endsIn(20);
    house.is(elif, { roles: [] });
    await warn(0);
    assert.deepEqual([daysLeft(), daysLeft(deniz)], [[], [20]]);
  });

  it('comes for every one of more than a thousand that end on one day', async () => {
    const until = inDays(30).toISOString();
    const grants = Array.from({ length: 1100 }, (_, number) => aManagedGrant(`r${number}`, { partner: FABRIKAM, customer: asTenantId(guid(5000 + Math.floor(number / 2))), until }));
    await house.ledger.beginWatching(FABRIKAM, grants);

    await warnBeforeEnd(house.ports)();

    assert.equal((await house.ledger.grants({ partner: FABRIKAM })).filter(({ warnedAtDays }) => warnedAtDays === 30).length, 1100);
  });

  it('is one of the rounds', async () => {
    await endsIn(20);
    const rounds = startRounds(house.ports, { errandsEveryMs: 3_600_000, watchEveryMs: 3_600_000, onTrouble: (_, error) => assert.fail(String(error)) });
    while (daysLeft().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await rounds.stop();

    assert.deepEqual(daysLeft(), [20]);
  });

  it('is written down with the days, and in the order in which they come', async () => {
    await endsIn(31);
    for (const day of [0, 1, 24, 30, 30.5]) await warn(day);

    const bodies = (await house.ledger.history(`between/${FABRIKAM}/${CONTOSO}`)).map(({ body }) => /"days":"(\d+)"/.exec(body)?.[1]);
    assert.deepEqual(bodies, warningDays.map(String));
  });
});
