import { strict as assert } from 'node:assert';
import { notConsented } from '../../src/commands/ports.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import type { Subscription } from '../../src/domain/facts.js';
import { asSubscriptionId, type InvitationId } from '../../src/domain/ids.js';
import { aSubscription, FABRIKAM, guid, NORTHWIND, NOON } from '../helpers/builders.js';
import { deniz, elif, noticesIn, openHouse, outage, type House } from './house.js';

const subscription = (number: number, over: Partial<Subscription> = {}): Subscription => aSubscription({ id: asSubscriptionId(guid(number)), ...over });
const three = [subscription(51), subscription(52, { offer: 'Visio', quantity: 7 }), subscription(53, { soldBy: 'microsoft' })];

describe('proving that nothing changed', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const customerHolds = (subscriptions: readonly Subscription[]) => house.directory.holdings.resolves({ subscriptions, partners: [], readAt: NOON.toISOString() });
  const proofAfter = async (before: readonly Subscription[], after: readonly Subscription[]) => {
    customerHolds(before);
    const id = await house.delivered();
    customerHolds(after);
    await house.acceptsAtMicrosoft();
    const comparison = (await house.ledger.proof(id, 'customer'))?.comparison ?? assert.fail();
    return { id, same: comparison.same, changed: comparison.changed, gone: comparison.gone, added: comparison.added };
  };
  const noticeTo = (person: typeof deniz) => house.sentTo(person).find((view) => view.view === 'notice') ?? assert.fail();

  it('finds every subscription the same, in whatever order Microsoft lists them', async () => {
    const { same, changed, gone, added } = await proofAfter(three, [...three].reverse());
    assert.deepEqual({ same, changed, gone, added }, { same: 3, changed: [], gone: 0, added: 0 });
  });

  for (const [field, over] of Object.entries({
    quantity: { quantity: 90 }, offer: { offer: 'Office 365 E5' }, status: { status: 'suspended' }, soldBy: { soldBy: FABRIKAM }, partnerOfRecord: { partnerOfRecord: FABRIKAM },
    termEnds: { termEnds: '2026-12-31T00:00:00Z' }, autoRenew: { autoRenew: 'no' },
  } satisfies Record<string, Partial<Subscription>>)) {
    it(`names a changed ${field}, and the subscription, and nothing else`, async () => {
      const { same, changed, gone, added } = await proofAfter(three, [subscription(51, over), ...three.slice(1)]);
      assert.deepEqual({ same, changed, gone, added }, { same: 2, changed: [{ id: guid(51), fields: [field] }], gone: 0, added: 0 });
    });
  }

  it('counts what is gone and what is new, and does not call either a change', async () => {
    const { same, changed, gone, added } = await proofAfter(three, [three[0]!, subscription(54)]);
    assert.deepEqual({ same, changed, gone, added }, { same: 1, changed: [], gone: 2, added: 1 });
  });

  it('keeps digests until it is compared, and then only the result', async () => {
    customerHolds(three);
    const id = await house.delivered();
    const baseline = JSON.stringify(await house.ledger.proof(id, 'customer'));
    for (const clear of ['Office 365', 'Visio', '"120"', '"7"', '"active"', '"microsoft"', NORTHWIND, ...three.map((one) => one.id)]) assert(!baseline.includes(clear), clear);

    await house.acceptsAtMicrosoft();

    const kept = await house.ledger.proof(id, 'customer');
    assert(kept?.comparison && !kept.baseline);
    assert.doesNotMatch(JSON.stringify(kept), /Office|Visio|key/);
  });

  it('uses a key of its own for every invitation and side, so that equal holdings do not look equal', async () => {
    customerHolds(three);
    house.authority.listOwnSubscriptions.resolves(three);
    const id = await house.delivered();

    const [ours, theirs] = [await house.ledger.proof(id, 'partner'), await house.ledger.proof(id, 'customer')];

    assert(ours?.baseline && theirs?.baseline);
    assert.notEqual(ours.baseline.key, theirs.baseline.key);
    assert.notDeepEqual(ours.baseline.subscriptions, theirs.baseline.subscriptions);
  });

  it('shows each side its own: the partner what it sold, the customer all it holds', async () => {
    customerHolds(three);
    house.authority.listOwnSubscriptions.resolves([subscription(55, { soldBy: FABRIKAM })]);
    await house.delivered();
    house.authority.listOwnSubscriptions.resolves([subscription(55, { soldBy: FABRIKAM, quantity: 1 })]);
    await house.acceptsAtMicrosoft();

    const [theirs, ours] = [noticeTo(deniz), noticeTo(elif)];

    assert(theirs.view === 'notice' && ours.view === 'notice');
    assert.deepEqual([theirs.comparison?.same, theirs.comparison?.changed], [3, []]);
    assert.deepEqual([ours.comparison?.same, ours.comparison?.changed], [0, [{ id: guid(55), fields: ['quantity'] }]]);
    assert.doesNotMatch(JSON.stringify(house.sentTo(elif)), /Visio|Office/);
  });

  it('calls a changed subscription by its name on the customer’s card', async () => {
    const { id } = await proofAfter(three, [three[0]!, subscription(52, { offer: 'Visio', quantity: 9 }), three[2]!]);

    const view = await showInvitation(house.ports)({ by: deniz, reference: (await house.ledger.invitation(id))?.reference ?? '' });

    assert(view?.view === 'request');
    assert.deepEqual([view.comparison?.changed, view.comparison?.names[guid(52)]], [[{ id: guid(52), fields: ['quantity'] }], 'Visio']);
  });

  it('cannot be shown without consent: no reading before, no claim afterwards, and the news comes all the same', async () => {
    house.directory.holdings.resolves(notConsented);
    const id = await house.delivered();
    await house.acceptsAtMicrosoft();

    assert.equal(await house.ledger.proof(id, 'customer'), undefined);
    const notice = noticeTo(deniz);
    assert(notice.view === 'notice' && notice.subject === 'established' && notice.comparison === undefined);
  });

  it('makes no claim when the consent was taken back in between', async () => {
    const id = await house.delivered();
    house.directory.holdings.resolves(notConsented);
    await house.acceptsAtMicrosoft();

    assert.equal((await house.ledger.proof(id, 'customer'))?.comparison, undefined);
    assert.deepEqual(noticesIn(house.sentTo(deniz)), ['established']);
  });

  it('waits for Microsoft twice, then tells everybody without it rather than never', async () => {
    const id = await house.delivered();
    house.directory.holdings.rejects(outage);
    await house.acceptsAtMicrosoft();
    assert.deepEqual(noticesIn(house.sentTo(elif)), []);

    for (let round = 0; round < 3; round += 1) {
      house.passes(60);
      await house.runsErrands();
    }

    assert.deepEqual([elif, deniz].map((person) => noticesIn(house.sentTo(person))), [['established'], ['established']]);
    assert.equal((await house.ledger.proof(id, 'customer'))?.comparison, undefined);
  });

  it('is a reading of the day of delivery, not of the day of sending', async () => {
    customerHolds([]);
    const id: InvitationId = await house.sent();
    await house.meets(deniz);
    customerHolds(three);
    await house.errands.add([{ topic: 'deliver', key: 'late', lane: 'x', invitation: id, body: { tenant: deniz.tenant, person: deniz.person } }]);
    await house.runsErrands();

    assert.equal((await house.ledger.proof(id, 'customer'))?.baseline?.subscriptions.length, 3);
  });
});
