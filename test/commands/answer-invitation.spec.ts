import { strict as assert } from 'node:assert';
import { answerInvitation, type AnswerWish } from '../../src/commands/answer-invitation.js';
import { expireInvitations } from '../../src/commands/expire-invitations.js';
import { keepCard } from '../../src/commands/meet-person.js';
import { AuthorityUnavailableError } from '../../src/commands/ports.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import type { InvitationId } from '../../src/domain/ids.js';
import { inDays, NORTHWIND } from '../helpers/builders.js';
import { ada, can, deniz, elif, nil, noticesIn, openHouse, outage, type House } from './house.js';

describe('answering an invitation', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const answer = (id: InvitationId, over: Partial<AnswerWish> = {}) => answerInvitation(house.ports)({ by: deniz, id, answer: 'approved', ...over });
  const until = ['InvitationDrafted', 'InvitationSent', 'InvitationDelivered'];

  it('with yes is a wish: who, when, which version; Microsoft has the last word', async () => {
    const id = await house.delivered();

    const outcome = await answer(id);

    assert(outcome.is === 'answered');
    const { invitation } = outcome.request;
    assert(invitation.state === 'awaitingAuthority');
    assert.deepEqual([invitation.answer.by, invitation.answer.at], [{ id: deniz.person, name: 'Deniz Çelik' }, house.time.now.toISOString()]);
    assert.deepEqual(await house.eventsOf(id), [...until, 'InvitationApproved']);
    const body = (await house.ledger.history(id)).at(-1)?.body ?? '';
    assert.match(body, /"answeredVersion":"3"/);
    assert.deepEqual(await house.ledger.grants({ customer: deniz.tenant }), []);
  });

  it('with yes asks nothing of Microsoft and accepts nothing there', async () => {
    const id = await house.delivered();
    const before = house.authority.prepareInvitation.callCount + house.authority.observe.callCount;

    await answer(id);
    await house.runsErrands();

    assert.equal(house.authority.prepareInvitation.callCount + house.authority.observe.callCount, before);
  });

  it('with no is the end of it, and the agent is told the reason', async () => {
    const id = await house.delivered();

    const outcome = await answer(id, { answer: 'declined', reason: 'tooMuchAccess', comment: 'Next\n year' });

    assert(outcome.is === 'answered' && outcome.request.invitation.state === 'declined');
    assert.deepEqual([outcome.request.invitation.answer.reason, outcome.request.invitation.answer.comment], ['tooMuchAccess', 'Next year']);
    assert.equal((await answer(id)).is, 'refused');
    await house.runsErrands();
    assert.match(JSON.stringify(house.sentTo(elif)), /"tooMuchAccess".*"Next year"/);
  });

  it('with no names no reason that nobody chose', async () => {
    const id = await house.delivered();

    const outcome = await answer(id, { answer: 'declined' });

    assert(outcome.is === 'answered' && outcome.request.invitation.state === 'declined');
    assert.equal(outcome.request.invitation.answer.reason, undefined);
  });

  it('with no keeps the reason inside the company if that is wished: not on a card, not in a notice, not for a colleague', async () => {
    const id = await house.delivered();
    await keepCard(house.ports)({ invitation: id, tenant: elif.tenant, person: elif.person, conversation: 'a', activity: 'b' });

    await answer(id, { answer: 'declined', reason: 'tooMuchAccess', comment: 'Next year', isReasonShared: false });
    await house.runsErrands();

    const reference = (await house.ledger.invitation(id))?.reference ?? '';
    const ours = await showInvitation(house.ports)({ by: deniz, reference });
    const theirs = [house.sentTo(elif), house.messenger.update.getCalls().filter(({ args: [to] }) => to.person === elif.person).map(({ args: [, , view] }) => view), await showInvitation(house.ports)({ by: ada, reference })];
    assert.match(JSON.stringify(ours), /tooMuchAccess/);
    assert.match(JSON.stringify(theirs), /"declined"/);
    assert.doesNotMatch(JSON.stringify(theirs), /tooMuchAccess|Next year/);
  });

  describe('is refused, and the refusal recorded,', () => {
    const refusedWith = async (rule: string, code: string, wish: AnswerWish, isShown: boolean) => {
      const before = await house.eventsOf(wish.id);
      const was = await house.stateOf(wish.id);

      const outcome = await answerInvitation(house.ports)(wish);

      assert(outcome.is === 'refused');
      assert.deepEqual(outcome.refusals.map((refusal) => [refusal.rule, refusal.code]), [[rule, code]]);
      assert.equal(outcome.request !== undefined, isShown);
      assert.deepEqual(await house.eventsOf(wish.id), [...before, 'AnswerRefused']);
      assert.equal(await house.stateOf(wish.id), was);
    };

    for (const wanted of ['approved', 'declined'] as const) {
      it(`to a stranger who wants it ${wanted}, whose directory is not even asked`, async () => {
        const id = await house.delivered();
        house.directory.person.resetHistory();

        await refusedWith('MP-15', 'WRONG_TENANT', { by: nil, id, answer: wanted }, false);

        assert.equal(house.directory.person.callCount, 0);
      });

      it(`to the partner that asked and wants it ${wanted}`, async () => {
        await refusedWith('MP-21', 'WRONG_TENANT', { by: ada, id: await house.delivered(), answer: wanted }, false);
      });

      it(`to a guest who wants it ${wanted}, Global admin or not`, async () => {
        const id = await house.delivered();
        house.is(deniz, { roles: ['globalAdmin'], isGuest: true });
        await refusedWith('MP-16', 'GUEST_NOT_ALLOWED', { by: deniz, id, answer: wanted }, false);
      });

      it(`to somebody who has lost the role since the card came and wants it ${wanted}`, async () => {
        const id = await house.delivered();
        house.is(deniz, { roles: ['billingAdmin'] });
        await refusedWith('MP-13', 'APPROVER_NOT_GLOBAL_ADMIN', { by: deniz, id, answer: wanted }, false);
      });

      it(`after its last day, ${wanted} or not, with the day`, async () => {
        const id = await house.delivered();
        house.time.now = inDays(90);
        await refusedWith('MP-37', 'INVITATION_EXPIRED', { by: deniz, id, answer: wanted }, true);

        await expireInvitations(house.ports)();
        await refusedWith('MP-37', 'INVITATION_EXPIRED', { by: deniz, id, answer: wanted }, true);
      });
    }

    it('to a person whom the directory does not know', async () => {
      const id = await house.delivered();
      house.directory.person.withArgs(deniz.tenant, deniz.person).resolves(undefined);
      await refusedWith('MP-13', 'APPROVER_NOT_GLOBAL_ADMIN', { by: deniz, id, answer: 'approved' }, false);
    });

    it('to the second admin, who is shown what the first one answered', async () => {
      const id = await house.delivered();
      await answer(id);

      const outcome = await answer(id, { by: can, answer: 'declined' });

      assert(outcome.is === 'refused' && outcome.request?.invitation.state === 'awaitingAuthority');
      assert.deepEqual([outcome.refusals[0].rule, outcome.request.invitation.answer.by.name], ['MP-38', 'Deniz Çelik']);
    });

    it('to the first admin who thinks better of it', async () => {
      const id = await house.delivered();
      await answer(id);
      await refusedWith('MP-38', 'INVITATION_CLOSED', { by: deniz, id, answer: 'declined' }, true);
    });
  });

  it('the same way again is the same answer', async () => {
    const id = await house.delivered();

    assert.deepEqual([(await answer(id)).is, (await answer(id)).is, (await answer(id)).is], ['answered', 'answered', 'answered']);

    assert.deepEqual(await house.eventsOf(id), [...until, 'InvitationApproved']);
    await house.runsErrands();
    assert.deepEqual(noticesIn(house.sentTo(elif)), ['approved']);
  });

  it('by two admins in the same moment keeps one answer', async () => {
    const id = await house.delivered();

    const outcomes = await Promise.all([answer(id), answer(id, { by: can, answer: 'declined' })]);

    assert.deepEqual(outcomes.map(({ is }) => is).sort(), ['answered', 'refused']);
    assert.equal((await house.eventsOf(id)).filter((event) => /Approved|Declined/.test(event)).length, 1);
  });

  it('when the role cannot be read, records nothing and refuses nothing', async () => {
    const id = await house.delivered();
    house.is(deniz, 'unreadable');
    assert.equal((await answer(id)).is, 'roleUnknown');
    house.directory.person.withArgs(deniz.tenant, deniz.person).rejects(outage);
    await assert.rejects(answer(id), AuthorityUnavailableError);

    assert.deepEqual(await house.eventsOf(id), until);
    assert.equal(await house.stateOf(id), 'delivered');
  });

  it('finds no invitation in a draft, nor where there is none', async () => {
    const id = await house.drafted();
    assert.equal((await answer(id)).is, 'notFound');
    assert.equal((await answer(NORTHWIND as string as InvitationId)).is, 'notFound');
  });

  it('tells the agent and the other admins once each, and nobody of their own press', async () => {
    await house.meets(can);
    const id = await house.delivered();

    await answer(id);
    await house.runsErrands();

    assert.deepEqual([elif, can, deniz].map((person) => noticesIn(house.sentTo(person))), [['approved'], ['approved'], []]);
  });

  it('brings every card up to date in place', async () => {
    await house.meets(can);
    const id = await house.delivered();

    await answer(id);
    await house.runsErrands();

    const newest = house.messenger.update.getCalls().map(({ args: [to, , view] }) => [to.person, view.view === 'request' && view.invitation.state, view.view === 'request' && view.mayAnswer]);
    assert.deepEqual(newest.sort(), [[deniz.person, 'awaitingAuthority', 'yes'], [can.person, 'awaitingAuthority', 'yes']].sort());
  });
});
