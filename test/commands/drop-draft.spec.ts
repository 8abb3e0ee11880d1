import { strict as assert } from 'node:assert';
import { dropDraft } from '../../src/commands/drop-draft.js';
import { handOver } from '../../src/commands/hand-over.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import { ada, contosoCom, deniz, elif, nil, openHouse, outage, toManage, type House } from './house.js';

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

  it('needs the role in the moment of the act, and so does giving it back (MP-22)', async () => {
    house.is(ada, { roles: ['adminAgent'] });
    const id = await house.drafted(elif, { manage: toManage });
    await handOver(house.ports).to({ by: elif, id, to: ada.person });
    for (const one of [elif, ada]) house.is(one, { roles: [] });

    const outcomes = [await handOver(house.ports).back({ by: ada, id, note: '' }), await dropDraft(house.ports)({ by: ada, id }), await dropDraft(house.ports)({ by: elif, id })];

    assert.deepEqual(outcomes.map((outcome) => (outcome.is === 'refused' ? outcome.refusals[0].rule : outcome.is)), ['MP-10', 'MP-10', 'MP-10']);
    assert.equal((await house.ledger.invitation(id))?.handedTo?.id, ada.person);
  });

  it('waits for no role while Microsoft is away: what is dropped may be waiting to be sent', async () => {
    const id = await house.drafted();
    house.directory.person.rejects(outage);

    assert.deepEqual(await dropDraft(house.ports)({ by: elif, id }), { is: 'dropped' });
  });

  it('comes too late for what was sent, and shows it', async () => {
    const id = await house.sent();

    const outcome = await dropDraft(house.ports)({ by: elif, id });

    assert(outcome.is === 'sent' && outcome.status.invitation.id === id);
    assert.equal(await house.stateOf(id), 'sent');
  });

  it('shows nothing of what was sent to somebody whose role was taken', async () => {
    const id = await house.sent();
    house.is(elif, { roles: [] });

    const outcomes = [await dropDraft(house.ports)({ by: elif, id }), await send(id)];

    assert.deepEqual(outcomes.map((outcome) => (outcome.is === 'refused' ? outcome.refusals[0].rule : outcome.is)), ['MP-10', 'MP-10']);
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
