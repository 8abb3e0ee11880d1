import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { showPending } from '../../src/commands/show-pending.js';
import type { Speaker } from '../../src/commands/gather.js';
import { inDays } from '../helpers/builders.js';
import { ada, deniz, elif, nil, openHouse, type House } from './house.js';

describe('showing what waits', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const pendingFor = async (by: Speaker) => {
    const view = await showPending(house.ports)(by);
    assert(view.view === 'pending');
    return view;
  };

  it('to a Global admin is what there is to decide, the oldest first', async () => {
    const first = await house.sent(elif);
    house.time.now = inDays(1);
    const second = await house.sent(nil);

    const view = await pendingFor(deniz);

    assert.deepEqual([view.side, view.mayAnswer, view.deciders, view.invitations.map(({ id }) => id)], ['customer', true, [], [first, second]]);
  });

  it('holds what waits for Microsoft, and no longer what has ended', async () => {
    const [ours, theirs] = [await house.sent(elif), await house.sent(nil)];
    await answerInvitation(house.ports)({ by: deniz, id: ours, answer: 'approved' });
    await answerInvitation(house.ports)({ by: deniz, id: theirs, answer: 'declined' });

    assert.deepEqual((await pendingFor(deniz)).invitations.map(({ id }) => id), [ours]);
  });

  it('to a colleague without the role is the same list, nothing to press, and whom to ask', async () => {
    const id = await house.sent();
    house.is(deniz, { roles: ['user'] });

    const view = await pendingFor(deniz);

    assert.deepEqual([view.mayAnswer, view.deciders, view.invitations.map((one) => one.id)], [false, ['Deniz Çelik'], [id]]);
  });

  it('to a guest is nothing, and nobody is named', async () => {
    await house.sent();
    house.is(deniz, { roles: ['globalAdmin'], isGuest: true });

    const view = await pendingFor(deniz);

    assert.deepEqual([view.mayAnswer, view.deciders, view.invitations], [false, [], []]);
    assert.equal(house.directory.deciders.callCount, 0);
  });

  it('to an agent is what the company has sent, drafts left out', async () => {
    const id = await house.sent(elif);
    await house.sent(nil);

    const view = await pendingFor(ada);

    assert.deepEqual([view.side, view.mayAnswer, view.deciders, view.invitations.map((one) => one.id)], ['partner', false, [], [id]]);
    assert.equal(house.directory.deciders.callCount, 0);
  });

  it('is refused to somebody of a partner without a role that invites', async () => {
    house.is(ada, { roles: ['helpdeskAgent'] });

    const view = await showPending(house.ports)(ada);

    assert(view.view === 'refusal');
    assert.deepEqual(view.refusals.map(({ rule }) => rule), ['MP-10']);
  });
});
