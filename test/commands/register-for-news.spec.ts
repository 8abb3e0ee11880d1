import { strict as assert } from 'node:assert';
import { wantedEvents } from '../../src/commands/hear-event.js';
import { registerForNews } from '../../src/commands/register-for-news.js';
import { asTenantId, type TenantId } from '../../src/domain/ids.js';
import { FABRIKAM, guid, NORTHWIND } from '../helpers/builders.js';
import { openHouse, outage, type House } from './house.js';

const offered = [...wantedEvents, 'subscription-updated', 'invoice-ready', 'test-created'];
const addressFor = (partner: TenantId): string => `https://bot.example/api/news/${partner}`;
const OURS = addressFor(FABRIKAM);
const THEIRS = 'https://tool.example/hooks?code=secret-words';

describe('registering for a partner’s news', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
    house.newsFeed.eventNames.resolves(offered);
  });
  afterEach(() => house?.leave());

  const register = (over: Partial<Parameters<typeof registerForNews>[1]> = {}) => registerForNews(house.newsFeed, { partners: [FABRIKAM], addressFor, passOnTo: () => [], ...over })();
  const stands = (url: string, events: readonly string[]) => house.newsFeed.registration.withArgs(FABRIKAM).resolves({ url, events });
  const written = () => house.newsFeed.register.getCalls().map(({ args }) => args);

  it('asks for every event that matters, at an address of its own, where nothing was registered', async () => {
    assert.deepEqual(await register(), [{ partner: FABRIKAM, is: 'registered' }]);

    assert.deepEqual(written(), [[FABRIKAM, { url: OURS, events: [...wantedEvents] }, undefined]]);
  });

  it('asks for a few of many partners at a time, and for each of them', async () => {
    const partners = Array.from({ length: 30 }, (_, at) => asTenantId(guid(500 + at)));
    let [now, most] = [0, 0];
    house.newsFeed.registration.callsFake(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => void setImmediate(resolve));
      now -= 1;
      return undefined;
    });

    const found = await register({ partners });

    assert.deepEqual(found.map(({ partner }) => partner).toSorted(), [...partners].sort());
    assert(most > 1 && most <= 4, `${most} at a time`);
  });

  it('asks for no event that Microsoft does not offer', async () => {
    house.newsFeed.eventNames.resolves(['granular-admin-relationship-approved', 'granular-admin-relationship-terminated', 'invoice-ready']);

    await register();

    assert.deepEqual(written()[0]?.[1].events, ['granular-admin-relationship-approved', 'granular-admin-relationship-terminated']);
  });

  it('asks for nothing, and says so, where Microsoft offers nothing that matters', async () => {
    house.newsFeed.eventNames.resolves(['invoice-ready']);

    assert.deepEqual(await register(), [{ partner: FABRIKAM, is: 'refused', code: 'NO_EVENTS_OFFERED' }]);
    stands(OURS, [...wantedEvents]);
    assert.deepEqual(await register(), [{ partner: FABRIKAM, is: 'ours' }]);

    assert.deepEqual(written(), []);
  });

  it('leaves its own alone while it is whole, whatever else it holds', async () => {
    stands(OURS, ['invoice-ready', ...[...wantedEvents].reverse()]);

    assert.deepEqual(await register(), [{ partner: FABRIKAM, is: 'ours' }]);
    assert.deepEqual(written(), []);
  });

  it('completes its own when an event is missing, and takes none away', async () => {
    const before = { url: OURS, events: ['invoice-ready', ...wantedEvents.slice(1)] };
    stands(before.url, before.events);

    assert.deepEqual(await register(), [{ partner: FABRIKAM, is: 'changed' }]);

    assert.deepEqual(written(), [[FABRIKAM, { url: OURS, events: [...wantedEvents, 'invoice-ready'] }, before]]);
  });

  it('leaves another tool’s alone and says where that tool is, but not how to call it', async () => {
    stands(THEIRS, ['invoice-ready']);

    const found = await register({ passOnTo: () => ['https://somewhere.example/else'] });

    assert.deepEqual(found, [{ partner: FABRIKAM, is: 'foreign', heldBy: 'tool.example' }]);
    assert.deepEqual(written(), []);
    stands('no address', []);
    assert.deepEqual(await register(), [{ partner: FABRIKAM, is: 'foreign', heldBy: '' }]);
  });

  it('takes over another tool’s where the operator wrote that it is served from here, with all that the tool asked for', async () => {
    const before = { url: THEIRS, events: ['invoice-ready', wantedEvents[0], 'subscription-updated'] };
    stands(before.url, before.events);

    assert.deepEqual(await register({ passOnTo: (partner) => (partner === FABRIKAM ? [THEIRS] : []) }), [{ partner: FABRIKAM, is: 'changed' }]);

    assert.deepEqual(written(), [[FABRIKAM, { url: OURS, events: [...wantedEvents, 'invoice-ready', 'subscription-updated'] }, before]]);
  });

  it('takes over nothing that another partner’s events are passed on to', async () => {
    stands(THEIRS, []);

    const [found] = await register({ passOnTo: (partner) => (partner === NORTHWIND ? [THEIRS] : []) });

    assert.equal(found?.is, 'foreign');
  });

  it('goes on as before once it has taken over', async () => {
    stands(OURS, [...wantedEvents, 'invoice-ready', 'subscription-updated']);

    assert.deepEqual(await register({ passOnTo: () => [THEIRS] }), [{ partner: FABRIKAM, is: 'ours' }]);
  });

  it('says what Microsoft answered when it refuses', async () => {
    house.newsFeed.register.resolves({ refused: { code: 'ROLE_NOT_ALLOWED', serviceCode: '2032', correlationId: 'c' } });

    assert.deepEqual(await register(), [{ partner: FABRIKAM, is: 'refused', code: 'ROLE_NOT_ALLOWED' }]);
  });

  for (const part of ['eventNames', 'registration', 'register'] as const) {
    it(`is not stopped by one partner’s outage (${part})`, async () => {
      house.newsFeed[part].withArgs(FABRIKAM).rejects(outage);

      assert.deepEqual(await register({ partners: [FABRIKAM, NORTHWIND] }), [{ partner: FABRIKAM, is: 'unanswered' }, { partner: NORTHWIND, is: 'registered' }]);

      assert.deepEqual(written().filter(([partner]) => partner === NORTHWIND).map(([, { url }]) => url), [addressFor(NORTHWIND)]);
    });
  }
});
