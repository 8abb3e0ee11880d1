import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { withdrawInvitation } from '../../src/commands/withdraw-invitation.js';
import { handOver } from '../../src/commands/hand-over.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { inDays, NOON } from '../helpers/builders.js';
import { ada, deniz, elif, nil, noticesIn, openHouse, toManage, type House } from './house.js';

describe('withdrawing an invitation', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const withdraw = (id: Parameters<ReturnType<typeof withdrawInvitation>>[0]['id'], by = elif) => withdrawInvitation(house.ports)({ by, id });

  it('ends it, with who and when, and the customer’s card says so', async () => {
    const id = await house.delivered();

    const outcome = await withdraw(id);
    await house.runsErrands();

    assert(outcome.is === 'withdrawn');
    const invitation = await house.ledger.invitation(id);
    assert(invitation?.state === 'cancelled');
    assert.deepEqual([invitation.cancelledBy?.name, invitation.cancelledAt, (await house.eventsOf(id)).at(-1)], ['Elif Kaya', NOON.toISOString(), 'InvitationWithdrawn']);
    assert.deepEqual([noticesIn(house.sentTo(deniz)), noticesIn(house.sentTo(elif))], [['withdrawn'], []]);
    const redrawn = house.messenger.update.lastCall.args[2];
    assert(redrawn.view === 'request' && redrawn.invitation.state === 'cancelled' && redrawn.mayAnswer === 'no');
  });

  it('leaves nothing to answer, and room for another', async () => {
    const id = await house.delivered();
    await withdraw(id);

    const answered = await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });

    assert(answered.is === 'refused' && answered.refusals[0].rule === 'MP-38');
    assert.equal(await house.stateOf(await house.sent()), 'sent');
  });

  it('may be done after the customer approved, as long as Microsoft shows nothing', async () => {
    const id = await house.delivered();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });

    assert.equal((await withdraw(id)).is, 'withdrawn');
  });

  it('cannot take Microsoft’s link back: what is accepted there is told plainly', async () => {
    const id = await house.delivered();
    await withdraw(id);

    await house.acceptsAtMicrosoft();

    const invitation = await house.ledger.invitation(id);
    assert(invitation?.state === 'cancelled' && invitation.foundLateAt !== undefined);
    assert.deepEqual([noticesIn(house.sentTo(elif)), noticesIn(house.sentTo(deniz))], [['foundLate'], ['withdrawn', 'foundLate']]);
  });

  it('is for the agent whose it is, and for the company’s admins', async () => {
    const id = await house.delivered();
    await house.meets(ada);
    for (const roles of [['salesAgent'], ['adminAgent']] as const) {
      house.is(ada, { roles });
      const outcome = await withdraw(id, ada);
      assert(outcome.is === 'refused');
      assert.deepEqual(outcome.refusals, [{ rule: 'MP-10', code: 'ROLE_NOT_ALLOWED', about: { to: 'withdraw', roles: 'globalAdmin,userAdmin' } }]);
    }
    assert.equal(await house.stateOf(id), 'delivered');

    house.is(ada, { roles: ['userAdmin'] });
    assert.equal((await withdraw(id, ada)).is, 'withdrawn');
    await house.runsErrands();
    assert.deepEqual(noticesIn(house.sentTo(elif)), ['withdrawn'], 'the agent hears that a colleague did it');
  });

  it('is for the Admin agent who finished it, too', async () => {
    const id = await house.drafted(elif, { manage: toManage });
    await handOver(house.ports).to({ by: elif, id, to: ada.person });
    house.is(ada, { roles: ['adminAgent'] });
    await sendInvitation(house.ports).now({ by: ada, id, reason: '', statedNotCsp: true });

    assert.equal((await withdraw(id, ada)).is, 'withdrawn');
  });

  it('of what is over shows how it ended, and changes nothing', async () => {
    const id = await house.delivered();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' });
    const before = await house.eventsOf(id);

    const outcome = await withdraw(id);

    assert(outcome.is === 'closed' && outcome.status.invitation.state === 'declined');
    assert.deepEqual(await house.eventsOf(id), before);
  });

  it('against an answer in the same moment, one of the two counts', async () => {
    const id = await house.delivered();

    const [withdrawn, answered] = await Promise.all([withdraw(id), answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' })]);

    const won = withdrawn.is === 'withdrawn' ? 'cancelled' : 'declined';
    assert.deepEqual([await house.stateOf(id), answered.is], [won, won === 'cancelled' ? 'refused' : 'answered']);
  });

  it('finds no draft, and nothing for a stranger, the customer or somebody without a role', async () => {
    const [draft, id] = [await house.drafted(), await house.delivered()];
    house.is(ada, { roles: ['helpdeskAgent'] });
    house.time.now = inDays(1);

    assert.deepEqual(await withdraw(draft), { is: 'notFound' });
    for (const by of [nil, deniz, ada]) assert.deepEqual(await withdraw(id, by), { is: 'notFound' }, by.name);
    assert.equal(await house.stateOf(id), 'delivered');
  });
});
