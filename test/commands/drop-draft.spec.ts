import { strict as assert } from 'node:assert';
import { dropDraft } from '../../src/commands/drop-draft.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import { ada, contosoCom, deniz, elif, nil, openHouse, outage, type House } from './house.js';

describe('dropping a draft', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
    await house.meets(elif, ada, deniz);
  });
  afterEach(() => house?.leave());

  const send = (id: Awaited<ReturnType<House['drafted']>>) => sendInvitation(house.ports).now({ by: elif, id, reason: 'Azure', statedNotCsp: true });

  it('ends it for good: it is replaced by nothing, cannot be sent, and no card shows it', async () => {
    const id = await house.drafted();

    assert.deepEqual(await dropDraft(house.ports)({ by: elif, id }), { is: 'dropped' });

    const after = await house.ledger.invitation(id) ?? assert.fail();
    assert(after.state === 'superseded');
    assert.deepEqual([after.supersededBy, after.sentAt], [undefined, undefined]);
    assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted', 'InvitationDropped']);
    assert.deepEqual([await send(id), await showInvitation(house.ports)({ by: elif, reference: after.reference })], [{ is: 'notFound' }, undefined]);
    assert.equal(house.authority.prepareInvitation.callCount, 0);
  });

  it('twice is once', async () => {
    const id = await house.drafted();
    await dropDraft(house.ports)({ by: elif, id });

    assert.deepEqual(await dropDraft(house.ports)({ by: elif, id }), { is: 'notFound' });
    assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted', 'InvitationDropped']);
  });

  it('is nobody’s but the inviter’s', async () => {
    const id = await house.drafted();

    for (const by of [ada, nil, deniz]) assert.deepEqual(await dropDraft(house.ports)({ by, id }), { is: 'notFound' }, by.name);
    assert.equal(await house.stateOf(id), 'draft');
  });

  it('comes too late for what was sent, and shows it', async () => {
    const id = await house.sent();

    const outcome = await dropDraft(house.ports)({ by: elif, id });

    assert(outcome.is === 'sent' && outcome.status.invitation.id === id);
    assert.equal(await house.stateOf(id), 'sent');
  });

  it('takes back a wish to send that was written down while Microsoft was away', async () => {
    const id = await house.drafted();
    house.authority.prepareInvitation.onFirstCall().rejects(outage);
    assert.equal((await sendInvitation(house.ports).orLater({ by: elif, id, reason: 'Azure', statedNotCsp: true })).is, 'writtenDown');

    await dropDraft(house.ports)({ by: elif, id });
    house.passes(60);
    await house.runsErrands();

    assert.deepEqual([await house.stateOf(id), house.sentTo(deniz)], ['superseded', []]);
  });

  it('leaves the customer free for a new one', async () => {
    await dropDraft(house.ports)({ by: elif, id: await house.drafted() });

    assert.equal((await send(await house.drafted(elif, { customer: contosoCom }))).is, 'sent');
  });
});
