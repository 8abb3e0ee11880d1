import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { deliverInvitation } from '../../src/commands/deliver-invitation.js';
import { keepCard, losePerson } from '../../src/commands/meet-person.js';
import { MessengerRefusedError } from '../../src/commands/ports.js';
import { runErrands } from '../helpers/run-errands.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import { asPersonId, type InvitationId } from '../../src/domain/ids.js';
import { CONTOSO, guid } from '../helpers/builders.js';
import { can, deniz, elif, noticesIn, openHouse, outage, type House } from './house.js';

const eda = { tenant: CONTOSO, person: asPersonId(guid(23)), name: 'Eda' };

describe('delivering an invitation', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const statusOf = async (id: InvitationId) => {
    const view = await showInvitation(house.ports)({ by: elif, reference: (await house.ledger.invitation(id))?.reference ?? '' });
    assert(view?.view === 'status');
    return view;
  };

  it('goes to Global admins, not to their colleagues, and to people whose role may not be read as facts', async () => {
    await house.meets(deniz, can, eda);
    house.is(can, { roles: ['user'] });
    house.is(eda, 'unreadable');

    const id = await house.sent();
    await house.runsErrands();

    const seen = house.messenger.send.getCalls().map(({ args: [to, view] }) => [to.person, view.view === 'request' && view.mayAnswer]);
    assert.deepEqual(seen.sort(), [[deniz.person, 'yes'], [eda.person, 'roleUnknown']].sort());
    assert.equal(await house.stateOf(id), 'delivered');
  });

  it('that was taken over while Microsoft kept its holder waiting brings one card, not two', async () => {
    await house.meets(elif, deniz);
    await house.sent();
    const holdings = await house.directory.holdings(CONTOSO);
    let answer = (): void => assert.fail('nobody asked');
    house.directory.holdings.onCall(house.directory.holdings.callCount).callsFake(() => new Promise((resolve) => { answer = () => resolve(holdings); }));
    const slow = runErrands(house.ports)();
    while (house.directory.holdings.callCount < 2) await new Promise((resolve) => void setImmediate(resolve));
    house.passes(61);
    await house.runsErrands();

    answer();
    await slow;

    assert.deepEqual(house.sentTo(deniz).map(({ view }) => view), ['request']);
  });

  it('does not go to guests', async () => {
    await house.meets(can);
    house.is(can, { roles: ['globalAdmin'], isGuest: true });

    const id = await house.sent();
    await house.runsErrands();

    assert.equal(house.messenger.send.callCount, 0);
    assert.equal(await house.stateOf(id), 'sent');
  });

  it('is one delivery for the first and a number for each further person', async () => {
    await house.meets(deniz, can);

    const id = await house.sent();
    await house.runsErrands();

    assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted', 'InvitationSent', 'InvitationDelivered']);
    assert.equal((await statusOf(id)).deliveredTo, 2);
  });

  it('brings the agent’s card up to date, and names nobody on it', async () => {
    await house.meets(elif, deniz);
    const id = await house.sent();
    await keepCard(house.ports)({ invitation: id, tenant: elif.tenant, person: elif.person, conversation: 'a', activity: 'b' });
    await house.runsErrands();

    const view = house.messenger.update.lastCall.args[2];
    assert(view.view === 'status' && view.invitation.state === 'delivered' && view.deliveredTo === 1);
    assert(!JSON.stringify(view).includes(deniz.name) && !JSON.stringify(view).includes(deniz.person));
  });

  it('cut short between the sending and the noting of it, is done again and harms nothing', async () => {
    await house.meets(deniz);
    const id = await house.sent();
    const { ledger } = house.ports;
    const dying = { ...house.ports, ledger: { ...ledger, keepCopy: () => Promise.reject(new Error('killed')) } };

    await assert.rejects(deliverInvitation(dying)({ id, ...deniz }), /killed/);
    assert.equal(await house.stateOf(id), 'sent');
    await house.runsErrands();

    assert.equal(house.sentTo(deniz).length, 2, 'Deniz has the card twice');
    assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted', 'InvitationSent', 'InvitationDelivered']);
    assert.equal((await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' })).is, 'answered');
    assert.equal((await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' })).is, 'refused', 'the other copy changes nothing');
  });

  it('done again after it was noted, sends nothing', async () => {
    const id = await house.delivered();

    await deliverInvitation(house.ports)({ id, ...deniz });

    assert.equal(house.sentTo(deniz).length, 1);
  });

  it('comes too late for an invitation that has ended', async () => {
    await house.meets(deniz, can);
    const id = await house.sent();
    await deliverInvitation(house.ports)({ id, ...deniz });
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' });

    await house.runsErrands();

    assert.equal(house.sentTo(can).length, 0);
  });

  it('waits out an outage of the directory', async () => {
    await house.meets(deniz);
    const id = await house.sent();
    house.directory.person.withArgs(deniz.tenant, deniz.person).rejects(outage);
    assert.deepEqual((await house.runsErrands()).map(({ outcome }) => outcome), ['again']);
    assert.equal(await house.stateOf(id), 'sent');

    house.is(deniz, { roles: ['globalAdmin'] });
    house.passes(60);
    await house.runsErrands();

    assert.equal(await house.stateOf(id), 'delivered');
  });

  it('does not wait for the reading of what the customer holds', async () => {
    house.directory.holdings.rejects(outage);

    const id = await house.delivered();

    const [view] = house.sentTo(deniz);
    assert(view?.view === 'request' && view.holdings === undefined);
    assert.equal(await house.stateOf(id), 'delivered');
    assert.equal(await house.ledger.proof(id, 'customer'), undefined);
  });

  it('to somebody who removed the app is given up, and the agent sees that, and why, without a name', async () => {
    await house.meets(elif, deniz);
    const id = await house.sent();
    house.messenger.send.withArgs(await house.ledger.acquaintance(deniz.tenant, deniz.person) ?? assert.fail()).rejects(new MessengerRefusedError('unreachable', 403));

    const ran = await house.runsErrands();

    assert.deepEqual(ran.map(({ topic, outcome }) => [topic, outcome]), [['deliver', 'dead'], ['tell', 'done']]);
    assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted', 'InvitationSent', 'InvitationNotDelivered']);
    assert.deepEqual(noticesIn(house.sentTo(elif)), ['notDelivered']);
    const status = await statusOf(id);
    assert.deepEqual([status.deliveredTo, status.undelivered], [0, ['unreachable']]);
    assert(!JSON.stringify([house.sentTo(elif), status]).includes(deniz.name));
    assert.equal((await house.ledger.acquaintance(deniz.tenant, deniz.person))?.isReachable, false);
  });

  it('is not even tried to somebody who is gone', async () => {
    await house.meets(deniz);
    await losePerson(house.ports)(deniz.tenant, deniz.person);

    const id = await house.sent();

    assert.deepEqual(await house.runsErrands(), []);
    assert.deepEqual((await statusOf(id)).deliveredTo, 0);
  });
});
