import { strict as assert } from 'node:assert';
import { dropDraft } from '../../src/commands/drop-draft.js';
import { inviteCustomer } from '../../src/commands/invite-customer.js';
import { sendInvitation, type Send } from '../../src/commands/send-invitation.js';
import type { InvitationId } from '../../src/domain/ids.js';
import { aSubscription, CONTOSO, FABRIKAM, inDays, NOON } from '../helpers/builders.js';
import { ada, contosoCom, deniz, elif, nil, openHouse, outage, type House } from './house.js';

describe('sending an invitation', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const send = (id: InvitationId, over: Partial<Send> = {}) => sendInvitation(house.ports).now({ by: elif, id, reason: '', statedNotCsp: true, ...over });

  it('writes sending and deliveries down together, with Microsoft’s link and the last day', async () => {
    await house.meets(deniz);
    const id = await house.drafted();

    const outcome = await send(id, { reason: ' Azure\n backup,\tnightly ' });

    assert(outcome.is === 'sent');
    const invitation = await house.ledger.invitation(id);
    assert(invitation?.state === 'sent');
    assert.deepEqual([invitation.reason, invitation.link, invitation.sentAt, invitation.expiresAt], ['Azure backup, nightly', 'https://admin.microsoft.com/accept', NOON.toISOString(), inDays(90).toISOString()]);
    assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted', 'InvitationSent']);
    assert.equal((await house.errands.depth(house.time.machine)).waiting, 1);
    assert.deepEqual(outcome.status.deliveredTo, 0);
  });

  it('asks Microsoft for a link only with a decision in hand', async () => {
    const id = await house.drafted();
    house.authority.observe.resolves('yes');

    assert.equal((await send(id)).is, 'refused');

    assert.equal(house.authority.prepareInvitation.callCount, 0);
    assert.equal(await house.stateOf(id), 'draft');
  });

  it('twice, sends once', async () => {
    const id = await house.drafted();

    assert.deepEqual([(await send(id)).is, (await send(id, { reason: 'another' })).is], ['sent', 'sent']);

    assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted', 'InvitationSent']);
    assert.equal((await house.ledger.invitation(id))?.reason, 'Azure backup');
  });

  it('is for whoever drafted it, and for nobody else of the same company or of another', async () => {
    const id = await house.drafted();

    for (const by of [ada, nil, deniz]) assert.equal((await send(id, { by })).is, 'notFound', by.name);

    assert.equal(await house.stateOf(id), 'draft');
  });

  it('needs a reason, because the customer reads one', async () => {
    const invited = await inviteCustomer(house.ports).now({ by: elif, customer: contosoCom, reason: '' });
    assert(invited.is === 'drafted');
    const { id } = invited.preview.invitation;

    assert.equal((await send(id, { reason: ' \n ' })).is, 'reasonMissing');
    assert.equal(await house.stateOf(id), 'draft');
    assert.equal((await send(id, { reason: 'Azure backup' })).is, 'sent');
  });

  it('shortens a reason that no card could hold', async () => {
    const id = await house.drafted();

    await send(id, { reason: 'x'.repeat(1000) });

    assert.equal((await house.ledger.invitation(id))?.reason.length, 300);
  });

  it('waits for the agent’s own statement that the tenant sells no CSP, where Microsoft cannot tell (MP-06)', async () => {
    const id = await house.drafted();

    assert.deepEqual(await send(id, { statedNotCsp: false }), { is: 'statementMissing' });

    assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted']);
    assert.equal((await send(id)).is, 'sent');
    assert.equal((await house.ledger.invitation(id))?.statedNotCsp, true);
  });

  it('hears every other no first, before anything is stated', async () => {
    const id = await house.drafted();
    house.directory.countryOf.resolves('DE');

    const outcome = await send(id, { statedNotCsp: false });

    assert(outcome.is === 'refused');
    assert.deepEqual(outcome.refusals.map(({ rule }) => rule), ['MP-39']);
  });

  it('asks for the role in the moment of the act: an agent who lost it after the preview sends nothing', async () => {
    const id = await house.drafted();
    house.is(elif, { roles: [] });

    const outcome = await send(id);

    assert(outcome.is === 'refused');
    assert.deepEqual(outcome.refusals.map(({ rule }) => rule), ['MP-10']);
    assert.equal(await house.stateOf(id), 'draft');
  });

  it('of a draft that a newer one replaced sends nothing', async () => {
    const old = await house.drafted();
    await house.drafted();

    assert.equal((await send(old)).is, 'notFound');
  });

  it('a second time by a colleague is refused, with the reference of the first', async () => {
    const [first, second] = [await house.drafted(elif), await house.drafted(ada)];
    await send(first);

    const outcome = await send(second, { by: ada });

    assert(outcome.is === 'refused');
    const { rule, about } = outcome.refusals[0];
    assert.deepEqual([rule, about['reference']], ['MP-31', (await house.ledger.invitation(first))?.reference]);
  });

  it('by two colleagues in the same moment sends one, and the other hears of it', async () => {
    const [first, second] = [await house.drafted(elif), await house.drafted(ada)];

    const outcomes = await Promise.all([send(first), send(second, { by: ada })]);

    assert.deepEqual(outcomes.map(({ is }) => is).sort(), ['refused', 'sent']);
    assert.equal((await house.ledger.invitationsOf({ partner: FABRIKAM }, 'open', 10)).length, 1);
  });

  it('by agents of two partners in the same moment sends both: neither knows of the other', async () => {
    const [ours, theirs] = [await house.drafted(elif), await house.drafted(nil)];

    const outcomes = await Promise.all([send(ours), send(theirs, { by: nil })]);

    assert.deepEqual(outcomes.map(({ is }) => is), ['sent', 'sent']);
    assert.equal((await house.ledger.invitationsOf({ customer: CONTOSO }, 'open', 10)).length, 2);
  });

  it('refused by Microsoft itself, fails for good with its code and correlation id', async () => {
    const id = await house.drafted();
    house.authority.prepareInvitation.resolves({ refused: { code: 'PARTNER_NOT_ACTIVE', serviceCode: '800039', correlationId: 'abc' } });

    const outcome = await send(id);

    assert(outcome.is === 'refused');
    assert.deepEqual([outcome.refusals[0].rule, outcome.refusals[0].code], ['MP-48', 'PARTNER_NOT_ACTIVE']);
    const invitation = await house.ledger.invitation(id);
    assert(invitation?.state === 'failed');
    assert.deepEqual([invitation.authorityCode, invitation.correlationId], ['PARTNER_NOT_ACTIVE', 'abc']);
    assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted', 'InvitationFailed']);
  });

  describe('while Microsoft gives no answer', () => {
    it('records nothing, and is sent by itself with the words of that moment', async () => {
      await house.meets(elif, deniz);
      const id = await house.drafted();
      house.authority.prepareInvitation.onFirstCall().rejects(outage);

      assert.equal((await sendInvitation(house.ports).orLater({ by: elif, id, reason: 'Backup', statedNotCsp: true })).is, 'writtenDown');
      assert.equal((await sendInvitation(house.ports).orLater({ by: elif, id, reason: 'Backup', statedNotCsp: true })).is, 'sent', 'pressed again after the outage');
      assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted', 'InvitationSent']);

      house.passes(60);
      await house.runsErrands();
      assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted', 'InvitationSent', 'InvitationDelivered']);
      assert.deepEqual((await house.ledger.copies(id)).map(({ tenant }) => tenant).sort(), [FABRIKAM, CONTOSO].sort());
    });

    it('and no second press: the agent gets the card, and it stays up to date', async () => {
      await house.meets(elif);
      const id = await house.drafted();
      house.authority.prepareInvitation.onFirstCall().rejects(outage);
      await sendInvitation(house.ports).orLater({ by: elif, id, reason: 'Backup', statedNotCsp: true });

      house.passes(60);
      await house.runsErrands();

      const [view] = house.sentTo(elif);
      assert(view?.view === 'status' && view.invitation.state === 'sent' && view.invitation.reason === 'Backup');
      assert.deepEqual((await house.ledger.copies(id)).map(({ person }) => person), [elif.person]);
    });

    it('asks for the agent’s own statement at once: when Microsoft answers again, nobody may be there to give it (MP-06)', async () => {
      const id = await house.drafted();
      house.authority.partner.rejects(outage);
      const sends = (statedNotCsp: boolean) => sendInvitation(house.ports).orLater({ by: elif, id, reason: '', statedNotCsp });

      assert.deepEqual(await sends(false), { is: 'statementMissing' });
      assert.equal((await house.errands.depth(house.time.machine)).waiting, 0);
      assert.equal((await sends(true)).is, 'writtenDown');
    });

    for (const [what, meanwhile] of [
      ['Microsoft no longer finds the customer', () => house.directory.tenantById.resolves(undefined)],
      ['its draft was replaced', () => house.drafted()],
      ['its draft was dropped', (id: InvitationId) => dropDraft(house.ports)({ by: elif, id })],
    ] as const) {
      it(`is answered as well when ${what} meanwhile`, async () => {
        await house.meets(elif);
        const id = await house.drafted();
        house.authority.prepareInvitation.onFirstCall().rejects(outage);
        await sendInvitation(house.ports).orLater({ by: elif, id, reason: '', statedNotCsp: true });

        await meanwhile(id);
        house.passes(60);
        await house.runsErrands();

        assert.deepEqual(house.sentTo(elif), [{ view: 'gaveUp', wish: 'send', about: 'Contoso', isDraftOver: true }]);
      });
    }

    it('shows the draft again where something is missing that was not asked for before an update', async () => {
      await house.meets(elif);
      const id = await house.drafted();
      await house.errands.add([{ topic: 'send', key: 'old', lane: 'x', invitation: id, body: { tenant: elif.tenant, person: elif.person, name: elif.name, reason: '', statedNotCsp: 'false' } }]);

      await house.runsErrands();

      assert.deepEqual([house.sentTo(elif).map(({ view }) => view), await house.stateOf(id)], [['preview'], 'draft']);
    });

    it('is written down again when it is asked for again: after it was given up, and after a refusal that came later', async () => {
      await house.meets(elif, deniz);
      const id = await house.drafted();
      const waiting = async () => (await house.errands.depth(house.time.machine)).waiting;
      const press = async () => (await sendInvitation(house.ports).orLater({ by: elif, id, reason: 'Backup', statedNotCsp: true })).is;
      house.authority.prepareInvitation.rejects(outage);

      assert.deepEqual([await press(), await press(), await waiting()], ['writtenDown', 'writtenDown', 1], 'pressed twice while one waits');
      while (await waiting() > 0) {
        house.passes(3600);
        await house.runsErrands();
      }
      assert.deepEqual([await press(), await waiting()], ['writtenDown', 1], 'after it was given up');

      house.is(elif, { roles: [] });
      house.passes(3600);
      await house.runsErrands();
      house.is(elif, { roles: ['salesAgent'] });
      assert.deepEqual([await waiting(), await press(), await waiting()], [0, 'writtenDown', 1], 'after a refusal');

      house.authority.prepareInvitation.resolves({ link: 'https://admin.microsoft.com/accept' });
      house.passes(3600);
      await house.runsErrands();
      assert.equal(await house.stateOf(id), 'delivered');
      assert.deepEqual(house.sentTo(elif).map(({ view }) => view), ['gaveUp', 'refusal', 'status']);
    });

    it('about what was sold so far: it is sent all the same, without a proof on the partner’s side', async () => {
      house.authority.listOwnSubscriptions.rejects(outage);

      const id = await house.sent();

      assert.equal(await house.stateOf(id), 'sent');
      assert.equal(await house.ledger.proof(id, 'partner'), undefined);
    });
  });

  it('keeps of what the partner sold only digests', async () => {
    house.authority.listOwnSubscriptions.resolves([aSubscription({ soldBy: FABRIKAM })]);

    const id = await house.sent();

    const kept = JSON.stringify(await house.ledger.proof(id, 'partner'));
    assert(kept.includes('baseline'));
    assert.doesNotMatch(kept, /Office 365|"120"|"active"/);
  });
});
