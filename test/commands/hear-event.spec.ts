import { strict as assert } from 'node:assert';
import { hearEvent, wantedEvents, type HeardEvent } from '../../src/commands/hear-event.js';
import { AuthorityUnavailableError, EventNotTakenError } from '../../src/commands/ports.js';
import { runErrands } from '../helpers/run-errands.js';
import type { TenantId } from '../../src/domain/ids.js';
import { aCustomer, aDelegatedAdmin, CONTOSO, FABRIKAM, guid, NORTHWIND } from '../helpers/builders.js';
import { deniz, elif, newsIn, nil, noticesIn, openHouse, outage, type House } from './house.js';

const STRANGER = guid(99);
const customerUri = (id: string): string => `https://api.partnercenter.microsoft.com/v1/customers/${id}`;
const auditUri = (...ids: readonly string[]): string => `https://api.partnercenter.microsoft.com/auditactivity/v1/auditrecords/${ids.join('_')}_resellerrelationshipaccepted`;
const body = Buffer.from('{ "EventName":"granular-admin-relationship-approved",\r\n"Note":"Çağlayan’ın onayı" }\n');
const signed = { 'content-type': 'application/json; charset=utf-8', authorization: 'Signature c2lnbmF0dXJl', 'x-ms-certificate-url': 'https://3psostorageacct.blob.core.windows.net/cert/pcnotifications-dispatch.cer', 'x-ms-signature-algorithm': 'rsa-sha256' };

describe('an event that Partner Center tells', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const anEvent = (over: Partial<HeardEvent> = {}): HeardEvent => ({ name: 'granular-admin-relationship-approved', changedAt: '2026-11-22T12:00:00.0000000Z', forward: { headers: signed, body }, ...over });
  const hear = (event: HeardEvent, passOnTo: (partner: TenantId) => readonly string[] = () => []) => hearEvent(house.ports, passOnTo)(event);
  /** What waits to be done, without doing it. */
  const waiting = async () => (await house.errands.claim(house.time.machine, 50, 0)).map(({ topic, body: about }) => `${topic} ${about['partner'] ?? about['url']}`).sort();
  const looks = (...partners: readonly TenantId[]): readonly string[] => partners.map((partner) => `look ${partner}`).sort();

  for (const [what, over, concerned] of [
    ['whose address it came to', { partner: NORTHWIND }, [NORTHWIND]],
    ['whose address it came to, in capitals', { partner: NORTHWIND.toUpperCase() }, [NORTHWIND]],
    ['that its audit record names', { auditUri: auditUri(NORTHWIND, CONTOSO) }, [NORTHWIND]],
    ['that its audit record names, whatever the address says', { partner: FABRIKAM, auditUri: auditUri(NORTHWIND.toUpperCase(), CONTOSO) }, [NORTHWIND]],
    ['whose address it came to, where its audit record names a stranger', { partner: FABRIKAM, auditUri: auditUri(STRANGER) }, [FABRIKAM]],
    ['both that its audit record names', { auditUri: auditUri(NORTHWIND, FABRIKAM) }, [FABRIKAM, NORTHWIND]],
  ] as const) {
    it(`has the side of the partner looked at ${what}`, async () => {
      await hear(anEvent(over));

      assert.deepEqual(await waiting(), looks(...concerned));
    });
  }

  it('about a customer has those looked at who asked that customer', async () => {
    await house.sent(nil);

    await hear(anEvent({ resourceUri: customerUri(CONTOSO.toUpperCase()), partner: STRANGER }));

    assert.deepEqual((await waiting()).filter((one) => one.startsWith('look')), looks(NORTHWIND));
  });

  for (const [what, over] of [
    ['nobody', {}],
    ['a customer whom nobody asked', { resourceUri: customerUri(STRANGER) }],
    ['a relationship that is nobody’s here', { resourceUri: `https://graph.microsoft.com/v1.0/tenantRelationships/delegatedAdminRelationships/${guid(71)}-${guid(72)}` }],
    ['nothing that can be read', { resourceUri: 'not a uri', auditUri: '…', partner: 'me' }],
  ] as const) {
    it(`that names ${what} has everybody’s side looked at`, async () => {
      await hear(anEvent(over));

      assert.deepEqual(await waiting(), looks(FABRIKAM, NORTHWIND));
    });
  }

  it('is the same event when it is told once more, even after it was looked at', async () => {
    const event = anEvent({ partner: FABRIKAM, resourceUri: customerUri(CONTOSO) });
    for (let time = 1; time <= 5; time += 1) await hear(event);
    assert.deepEqual((await house.runsErrands()).map(({ topic }) => topic), ['look']);

    await hear({ ...event, name: event.name.toUpperCase() });
    assert.deepEqual(await waiting(), []);

    await hear({ ...event, changedAt: '2026-11-22T12:00:01.0000000Z' });
    assert.deepEqual(await waiting(), looks(FABRIKAM));
  });

  it('costs no look of its own while one waits that will see it, and one more when that one has begun', async () => {
    await house.watches();
    const customers = house.authority.listOwnCustomers.withArgs(FABRIKAM);
    const asked = customers.callCount;
    const many = async (from: number): Promise<void> => {
      for (let number = from; number < from + 100; number += 1) await hear(anEvent({ partner: FABRIKAM, resourceUri: customerUri(CONTOSO), changedAt: String(number) }));
    };
    let arrive = (): void => undefined;
    customers.onCall(asked).returns(new Promise((resolve) => { arrive = () => resolve([]); }));
    await many(0);
    const first = house.runsErrands();
    while (customers.callCount === asked) await new Promise((resolve) => setImmediate(resolve));

    // Accepted after Microsoft wrote what the first look reads.
    customers.resolves([aCustomer()]);
    await many(100);
    arrive();
    await first;

    assert.equal(customers.callCount - asked, 2);
    assert.deepEqual((await house.ledger.grants({ partner: FABRIKAM })).map(({ kind }) => kind), ['reseller']);
  });

  it('of another kind is left alone', async () => {
    for (const name of ['subscription-updated', 'invoice-ready', 'azure-fraud-event-detected', 'test-created', '', 'Granular-Admin-Relationship']) await hear(anEvent({ name, partner: FABRIKAM }));
    assert.deepEqual(await waiting(), []);

    for (const [index, name] of wantedEvents.entries()) {
      await hear(anEvent({ name, changedAt: String(index), partner: FABRIKAM }));
      assert.deepEqual((await house.runsErrands()).map(({ topic }) => topic), ['look'], name);
    }
  });

  it('makes the news known minutes before anybody would have looked', async () => {
    const id = await house.delivered();
    house.shows({ sells: [aCustomer()] });

    await hear(anEvent({ name: 'reseller-relationship-accepted-by-customer', resourceUri: customerUri(CONTOSO), partner: FABRIKAM }));
    await house.runsErrands();

    assert.equal(await house.stateOf(id), 'established');
    assert.deepEqual([elif, deniz].map((person) => noticesIn(house.sentTo(person))), [['established'], ['established']]);
  });

  it('makes an end known, too, and is believed only where Microsoft shows the same', async () => {
    await house.meets(elif, deniz);
    await house.watches();
    house.shows({ manages: [aDelegatedAdmin()] });
    await house.watches();
    const terminated = (changedAt: string) => hear(anEvent({ name: 'granular-admin-relationship-terminated', changedAt, partner: FABRIKAM }));

    await terminated('1');
    await house.runsErrands();
    assert.deepEqual(newsIn(house.sentTo(elif)), ['foundOutside']);

    house.shows({});
    await terminated('2');
    await house.runsErrands();
    assert.deepEqual(newsIn(house.sentTo(elif)), ['foundOutside', 'ended']);
  });

  it('is looked into again while Microsoft gives no answer', async () => {
    const id = await house.delivered();
    house.shows({ sells: [aCustomer()] });
    house.authority.listOwnCustomers.withArgs(FABRIKAM).onFirstCall().rejects(outage);
    await hear(anEvent({ partner: FABRIKAM }));

    assert.deepEqual((await runErrands(house.ports)()).map(({ topic, outcome }) => [topic, outcome]), [['look', 'again']]);
    house.passes(30);
    await house.runsErrands();

    assert.equal(await house.stateOf(id), 'established');
  });

  describe('passed on to the tool that had the registration before', () => {
    const [ours, theirs] = ['https://fabrikam.example/hooks', 'https://northwind.example/hooks'];
    const passOnTo = (partner: TenantId): readonly string[] => (partner === FABRIKAM ? [ours, `${ours}/second`] : [theirs]);

    it('arrives with the bytes and the headers that Microsoft signed', async () => {
      await hear(anEvent({ partner: FABRIKAM, name: 'subscription-updated' }), passOnTo);
      await house.runsErrands();

      const calls = house.newsFeed.passOn.getCalls().map(({ args: [url, event] }) => [url, event.headers, Buffer.from(event.body)]);
      assert.deepEqual(calls, [[ours, signed, body], [`${ours}/second`, signed, body]]);
    });

    it('arrives to the last bit, even where the bytes are no text', async () => {
      const odd = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0xff, 0x00, 0x7d]);

      await hear(anEvent({ partner: FABRIKAM, forward: { headers: signed, body: odd } }), passOnTo);
      await house.runsErrands();

      assert.deepEqual(Buffer.from(house.newsFeed.passOn.firstCall.args[1].body), odd);
    });

    it('is looked into here as well, when it is one of ours', async () => {
      await hear(anEvent({ partner: NORTHWIND }), passOnTo);

      assert.deepEqual(await waiting(), [...looks(NORTHWIND), `passOn ${theirs}`]);
    });

    it('arrives once, however often it is told', async () => {
      for (let time = 1; time <= 3; time += 1) await hear(anEvent({ partner: NORTHWIND }), passOnTo);
      await house.runsErrands();
      await hear(anEvent({ partner: NORTHWIND }), passOnTo);
      await house.runsErrands();

      assert.equal(house.newsFeed.passOn.callCount, 1);
    });

    it('is shown to no other partner’s tool, also where nobody knows whose news it is', async () => {
      await house.sent(nil);
      await hear(anEvent({ partner: STRANGER }), passOnTo);
      await hear(anEvent({ partner: STRANGER, resourceUri: customerUri(CONTOSO) }), passOnTo);
      await hear(anEvent({ partner: NORTHWIND, auditUri: auditUri(FABRIKAM) }), passOnTo);
      await house.runsErrands();

      assert.deepEqual(house.newsFeed.passOn.getCalls().map(({ args: [url] }) => url), [ours, `${ours}/second`]);
    });

    it('is given up at once when the tool says no, stays visible, and the next one is tried', async () => {
      house.newsFeed.passOn.withArgs(theirs).onFirstCall().rejects(new EventNotTakenError(404));
      for (const changedAt of ['now', 'later']) await hear(anEvent({ partner: NORTHWIND, name: 'subscription-updated', changedAt }), passOnTo);

      await house.runsErrands();

      assert.deepEqual([house.newsFeed.passOn.callCount, (await house.errands.depth(house.time.machine)).waiting, (await house.errands.depth(house.time.machine)).dead], [2, 0, 1]);
    });

    it('waits for a tool that is away, and holds up no other one', async () => {
      house.newsFeed.passOn.withArgs(ours).onFirstCall().rejects(new AuthorityUnavailableError('passOn'));
      await hear(anEvent({ partner: FABRIKAM }), passOnTo);
      await hear(anEvent({ partner: FABRIKAM, changedAt: 'later' }), passOnTo);
      const urls = () => house.newsFeed.passOn.getCalls().map(({ args: [url] }) => url);

      await house.runsErrands();
      assert.deepEqual(urls().sort(), [ours, `${ours}/second`, `${ours}/second`]);

      house.passes(30);
      await house.runsErrands();
      assert.equal(urls().filter((url) => url === ours).length, 3);
    });
  });
});
