import { strict as assert } from 'node:assert';
import { handOver, showDraft } from '../../src/commands/hand-over.js';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { dropDraft } from '../../src/commands/drop-draft.js';
import { suggestLess } from '../../src/commands/suggest-less.js';
import { keepCard, losePerson, meetPerson, welcomePerson } from '../../src/commands/meet-person.js';
import { showPending } from '../../src/commands/show-pending.js';
import { findInvitations } from '../../src/commands/find-invitations.js';
import { inviteCustomer } from '../../src/commands/invite-customer.js';
import { sendInvitation, type Send } from '../../src/commands/send-invitation.js';
import { welcome } from '../../src/commands/errands-about.js';
import { MessengerRefusedError, SignInNeededError } from '../../src/commands/ports.js';
import type { InvitationId } from '../../src/domain/ids.js';
import { CONTOSO, inDays } from '../helpers/builders.js';
import { ada, contosoCom, deniz, elif, nil, noticesIn, openHouse, outage, toManage, type House } from './house.js';

describe('handing a draft over', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
    house.is(ada, { roles: ['adminAgent'] });
    await house.meets(elif, ada, deniz);
  });
  afterEach(() => house?.leave());

  const give = (id: InvitationId, over: Partial<Parameters<ReturnType<typeof handOver>['to']>[0]> = {}) => handOver(house.ports).to({ by: elif, id, to: ada.person, note: 'Please\n finish', ...over });
  const send = (id: InvitationId, over: Partial<Send> = {}) => sendInvitation(house.ports).now({ by: elif, id, reason: '', statedNotCsp: true, ...over });
  const wantsToManage = () => house.drafted(elif, { manage: toManage });
  const given = async (): Promise<InvitationId> => {
    const id = await wantsToManage();
    await give(id);
    await house.runsErrands();
    return id;
  };

  it('is offered to a sales agent who wants to manage, with the Admin agents by name', async () => {
    const invited = await inviteCustomer(house.ports).now({ by: elif, customer: contosoCom, reason: 'Support', manage: toManage });

    assert(invited.is === 'drafted');
    assert.deepEqual(invited.preview.handOver, [{ id: ada.person, name: ada.name }]);
    assert.deepEqual(invited.preview.asked.filter(({ verdict }) => typeof verdict === 'object').map(({ rule }) => rule), ['MP-12']);
  });

  it('is not offered to whoever may send it themselves, nor for selling alone, and names nobody then', async () => {
    const drafted = [
      await inviteCustomer(house.ports).now({ by: elif, customer: contosoCom, reason: '' }), await inviteCustomer(house.ports).now({ by: ada, customer: contosoCom, reason: '', manage: toManage }),
    ];

    assert.deepEqual(drafted.map((invited) => invited.is === 'drafted' && invited.preview.handOver), [undefined, undefined]);
    assert.equal(house.directory.adminAgents.callCount, 0);
  });

  it('is what a sales agent hears who presses send all the same', async () => {
    const id = await wantsToManage();

    const outcome = await send(id);

    assert(outcome.is === 'refused');
    assert.deepEqual([outcome.refusals.map(({ rule }) => rule), outcome.preview?.handOver?.map(({ name }) => name), await house.stateOf(id)], [['MP-12'], [ada.name], 'draft']);
  });

  it('brings the Admin agent the draft with its note, and nothing exists at Microsoft or at the customer', async () => {
    const id = await wantsToManage();

    const outcome = await give(id);
    await house.runsErrands();

    assert.deepEqual(outcome, { is: 'handedOver', to: { id: ada.person, name: ada.name }, customer: 'Contoso', usesTheApp: true });
    const [view] = house.sentTo(ada);
    assert(view?.view === 'handedOver' && view.preview.invitation.state === 'draft');
    assert.deepEqual([view.from, view.preview.invitation.handOverNote, view.preview.invitation.id], ['Elif Kaya', 'Please finish', id]);
    assert.deepEqual([house.authority.prepareInvitation.callCount, house.sentTo(deniz), await house.ledger.openBetween(elif.tenant, CONTOSO)], [0, [], []]);
    assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted', 'InvitationHandedOver']);
  });

  it('is finished by the Admin agent: it is sent in the name of both, and the first one hears of it', async () => {
    const id = await given();

    const outcome = await send(id, { by: ada });
    await house.runsErrands();

    assert(outcome.is === 'sent');
    const invitation = await house.ledger.invitation(id);
    assert.deepEqual([invitation?.inviter.name, invitation?.handedTo?.name, invitation?.state], ['Elif Kaya', 'Ada Lovelace', 'delivered']);
    assert.deepEqual([noticesIn(house.sentTo(elif)), noticesIn(house.sentTo(ada))], [['finished'], []]);
    assert.equal(house.authority.prepareInvitation.callCount, 1);
    assert.equal((await house.ledger.history(id)).find(({ event }) => event === 'InvitationSent')?.names['by'], 'Ada Lovelace');
  });

  it('keeps what the agent wrote for the customer in the meantime', async () => {
    const id = await wantsToManage();
    await give(id, { reason: ' Help\tdesk ' });

    assert.equal((await house.ledger.invitation(id))?.reason, 'Help desk');
  });

  it('comes back with a note, and then is no longer the other’s to send', async () => {
    const id = await given();

    const outcome = await handOver(house.ports).back({ by: ada, id, note: 'Too many\nroles' });
    await house.runsErrands();

    assert.deepEqual(outcome, { is: 'handedBack', to: { id: elif.person, name: elif.name }, customer: 'Contoso' });
    const draft = await house.ledger.invitation(id);
    assert.deepEqual([draft?.state, draft?.handedTo, draft?.handOverNote], ['draft', undefined, 'Too many roles']);
    assert.deepEqual(noticesIn(house.sentTo(elif)), ['handedBack']);
    assert.deepEqual([(await send(id, { by: ada })).is, (await handOver(house.ports).back({ by: ada, id, note: '' })).is], ['notFound', 'notFound']);
  });

  it('and back and forth is told each time', async () => {
    const id = await given();
    await handOver(house.ports).back({ by: ada, id, note: 'Why?' });
    await give(id, { note: 'Because' });
    await house.runsErrands();

    assert.deepEqual([house.sentTo(ada).map(({ view }) => view), noticesIn(house.sentTo(elif))], [['handedOver', 'handedOver'], ['handedBack']]);
    assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted', 'InvitationHandedOver', 'InvitationHandedBack', 'InvitationHandedOver']);
  });

  it('to somebody who is no Admin agent changes nothing', async () => {
    const id = await wantsToManage();

    for (const to of [elif.person, nil.person, deniz.person]) assert.deepEqual(await give(id, { to }), { is: 'noSuchColleague' });

    assert.deepEqual([await house.eventsOf(id), (await house.ledger.invitation(id))?.handedTo], [['InvitationDrafted'], undefined]);
  });

  it('to somebody who does not use the app says so, and the draft is theirs all the same', async () => {
    const id = await wantsToManage();
    await house.ledger.meet({ ...await house.ledger.acquaintance(ada.tenant, ada.person) ?? assert.fail(), isReachable: false });

    const outcome = await give(id);
    await house.runsErrands();

    assert(outcome.is === 'handedOver' && !outcome.usesTheApp);
    assert.equal((await send(id, { by: ada })).is, 'sent');
  });

  const arrives = async (): Promise<void> => {
    const met = await meetPerson(house.ports)({ ...ada, teamsUser: '29:x', conversation: 'a:ada', serviceUrl: 'https://smba.trafficmanager.net/emea/' });
    await welcomePerson(house.ports)(met);
    await house.runsErrands();
  };
  const pendingOf = async (by: typeof elif) => {
    const view = await showPending(house.ports)(by);
    return view.view === 'pending' && view.handedOver.map(({ draft, waitsForReader }) => [draft.id, waitsForReader]);
  };

  it('waits for a colleague who installs the app later, and is brought once', async () => {
    const newcomer = await openHouse();
    await house.leave();
    house = newcomer;
    house.is(ada, { roles: ['adminAgent'] });
    await house.meets(elif);
    const id = await given();
    assert.deepEqual(house.sentTo(ada), []);

    await arrives();
    house.passes(60);
    await arrives();

    assert.deepEqual(house.sentTo(ada).map(({ view }) => view), ['welcome', 'handedOver']);
    const [, view] = house.sentTo(ada);
    assert(view?.view === 'handedOver' && view.preview.invitation.id === id);
  });

  it('waits for a colleague who had removed the app, too', async () => {
    await losePerson(house.ports)(ada.tenant, ada.person);
    await given();

    await arrives();

    assert.deepEqual(house.sentTo(ada).map(({ view }) => view), ['welcome', 'handedOver']);
  });

  it('is one card for somebody who has it and installs the app again', async () => {
    await given();
    await arrives();

    assert.deepEqual(house.sentTo(ada).map(({ view }) => view), ['handedOver', 'welcome']);
  });

  it('is among what is pending for both until it is sent, and opens by its reference for both', async () => {
    const id = await given();
    const { reference } = await house.ledger.invitation(id) ?? assert.fail();
    const opens = async (by: typeof elif) => {
      const found = await findInvitations(house.ports)({ by, text: reference });
      return found.is === 'draft' ? found.view.view : found.is;
    };

    assert.deepEqual([await pendingOf(elif), await pendingOf(ada)], [[[id, false]], [[id, true]]]);
    assert.deepEqual([await opens(elif), await opens(ada), await opens(nil), await opens(deniz)], ['preview', 'handedOver', 'none', 'none']);

    await send(id, { by: ada });
    assert.deepEqual([await pendingOf(elif), await pendingOf(ada)], [[], []]);
  });

  it('goes back when the Admin agent cancels it, and the one who began it is told', async () => {
    const id = await given();

    const outcome = await dropDraft(house.ports)({ by: ada, id });
    await house.runsErrands();

    assert.deepEqual(outcome, { is: 'handedBack', to: { id: elif.person, name: elif.name } });
    const draft = await house.ledger.invitation(id);
    assert.deepEqual([draft?.state, draft?.handedTo, noticesIn(house.sentTo(elif))], ['draft', undefined, ['handedBack']]);
    assert.equal((await send(id, { by: ada })).is, 'notFound');
  });

  /** What a person's cards were redrawn to. */
  const redrawn = ({ person }: typeof elif) => house.messenger.update.getCalls().flatMap(({ args: [to, , view] }) => (to.person === person ? [view.view] : []));
  /** Elif's card that says to whom it was handed. */
  const keepsCard = (id: InvitationId) => keepCard(house.ports)({ invitation: id, tenant: elif.tenant, person: elif.person, conversation: 'a:elif', activity: 'handed' });

  it('is on the card of the one who gave it away: as it is while it waits, the preview when it comes back', async () => {
    const id = await given();
    await keepsCard(id);
    await house.runsErrands();
    assert.deepEqual(redrawn(elif), []);

    await handOver(house.ports).back({ by: ada, id, note: '' });
    await house.runsErrands();

    assert.deepEqual(redrawn(elif), ['preview']);
  });

  it('is on the card of the one who gave it away when it is sent, also before anybody of the customer has it', async () => {
    const id = await given();
    await keepsCard(id);
    await house.runsErrands();
    await losePerson(house.ports)(deniz.tenant, deniz.person);

    await send(id, { by: ada });
    await house.runsErrands();

    assert.equal(redrawn(elif).at(0), 'status');
  });

  for (const [what, end] of [
    ['dropped', (id: InvitationId) => dropDraft(house.ports)({ by: elif, id })],
    ['replaced', () => house.drafted(elif, { manage: toManage })],
  ] as const) {
    it(`closes the other’s card when it is ${what}`, async () => {
      const id = await given();

      await end(id);
      await house.runsErrands();

      assert.deepEqual(redrawn(ada), ['draftClosed']);
    });
  }

  it('is neither offered nor done where the Admin agent would only hear another no', async () => {
    const id = await wantsToManage();
    const refused = async (over: Parameters<typeof give>[1] = {}) => {
      const outcome = await give(id, over);
      return outcome.is === 'refused' ? outcome.refusals.map(({ rule }) => rule) : outcome.is;
    };
    house.directory.countryOf.resolves('DE');

    assert.deepEqual(await refused(), ['MP-39']);
    assert.equal((await showDraft(house.ports)({ by: elif, id }))?.handOver, undefined);
    await house.runsErrands();
    assert.deepEqual([(await house.ledger.invitation(id))?.handedTo, house.sentTo(ada)], [undefined, []]);
  });

  it('stays the request of both when a smaller one takes its place: both hear the answer', async () => {
    const id = await given();
    await send(id, { by: ada });
    await house.runsErrands();
    await suggestLess(house.ports).suggest({ by: deniz, id, roles: toManage.roles, days: 30 });
    house.time.now = inDays(1);

    const smaller = await suggestLess(house.ports).accept({ by: ada, id });
    assert(smaller.is === 'sent');
    const { invitation } = smaller.status;
    await house.runsErrands();
    await answerInvitation(house.ports)({ by: deniz, id: invitation.id, answer: 'declined' });
    await house.runsErrands();

    assert.deepEqual([invitation.inviter.name, invitation.handedTo?.name], ['Elif Kaya', 'Ada Lovelace']);
    const told = (by: typeof elif) => house.sentTo(by).flatMap((view) => (view.view === 'notice' && view.invitation.id === invitation.id ? [view.subject] : []));
    assert.deepEqual([told(elif), told(ada)], [['finished', 'declined'], ['declined']]);
    assert.equal((await house.ledger.history(invitation.id))[0]?.names['by'], 'Ada Lovelace');
  });

  it('that is changed twice before it is sent again is one draft', async () => {
    const id = await given();
    await send(id, { by: ada });
    const { reference } = await house.ledger.invitation(id) ?? assert.fail();
    const own = await house.drafted(elif, { manage: toManage, follows: reference });

    const [first, second] = [await house.drafted(ada, { manage: toManage, follows: reference }), await house.drafted(ada, { manage: toManage, follows: reference })];

    assert.deepEqual([await house.stateOf(own), await house.stateOf(first), await house.stateOf(second)], ['draft', 'superseded', 'draft']);
  });

  it('finds nothing for a stranger, for the customer, or for a colleague whose draft it is not', async () => {
    const id = await given();

    for (const by of [ada, nil, deniz]) assert.deepEqual(await give(id, { by }), { is: 'notFound' }, by.name);
    for (const by of [elif, nil, deniz]) assert.deepEqual(await handOver(house.ports).back({ by, id, note: '' }), { is: 'notFound' }, by.name);
    for (const by of [nil, deniz]) assert.equal(await showDraft(house.ports)({ by, id }), undefined, by.name);
    for (const by of [elif, ada]) assert.equal((await showDraft(house.ports)({ by, id }))?.invitation.id, id, by.name);
  });

  it('is over once it was sent: nothing is given, taken back or shown', async () => {
    const id = await given();
    await send(id, { by: ada });

    assert.deepEqual([(await give(id)).is, (await handOver(house.ports).back({ by: ada, id, note: '' })).is, await showDraft(house.ports)({ by: ada, id })], ['notFound', 'notFound', undefined]);
  });

  it('is told without its card where somebody must sign in at Microsoft first', async () => {
    const id = await wantsToManage();
    await give(id);
    house.authority.partner.rejects(new SignInNeededError('token'));

    await house.runsErrands();

    assert.deepEqual([noticesIn(house.sentTo(ada)), (await house.errands.depth(house.time.machine)).waiting], [['handedOver'], 0]);
  });

  it('whose card waits for a sign-in holds up no other message to the one who began it', async () => {
    const id = await given();
    await keepsCard(id);
    await house.runsErrands();
    house.authority.partner.rejects(new SignInNeededError('token'));

    await handOver(house.ports).back({ by: ada, id, note: '' });
    await house.errands.add([welcome(elif.tenant, elif.person)]);
    await house.runsErrands();

    assert.deepEqual(house.sentTo(elif).map(({ view }) => view), ['notice', 'welcome']);
  });

  it('that cannot be brought is told to the one who began it', async () => {
    const id = await wantsToManage();
    await give(id);
    house.messenger.send.onFirstCall().rejects(new MessengerRefusedError('unreachable', 403));

    await house.runsErrands();

    assert.deepEqual(noticesIn(house.sentTo(elif)), ['notBrought']);
  });

  it('that comes to somebody whose role was taken meanwhile is not brought, and the one who began it hears so', async () => {
    const id = await wantsToManage();
    await give(id);
    house.is(ada, { roles: [] });

    await house.runsErrands();

    assert.deepEqual([house.sentTo(ada), noticesIn(house.sentTo(elif))], [[], ['notBrought']]);
  });

  it('does not bring a draft that was taken back before the message left', async () => {
    const id = await wantsToManage();
    await give(id);
    await handOver(house.ports).back({ by: ada, id, note: '' });

    await house.runsErrands();

    assert.deepEqual(house.sentTo(ada), []);
  });

  it('sends nothing to an Admin agent who has lost the role by then', async () => {
    const id = await given();
    house.is(ada, { roles: ['salesAgent'] });

    const outcome = await send(id, { by: ada });

    assert(outcome.is === 'refused' && outcome.refusals[0].rule === 'MP-12');
  });

  it('is not needed for the half that is the sales agent’s own', async () => {
    const id = await wantsToManage();

    const outcome = await send(id, { only: 'sell' });

    assert(outcome.is === 'sent');
    const invitation = await house.ledger.invitation(id);
    assert(invitation?.state === 'sent');
    assert.deepEqual([invitation.asks, invitation.delegated], [{ sell: true }, undefined]);
    assert.deepEqual(house.authority.prepareInvitation.lastCall.args[0].invitation.asks, { sell: true });
  });

  it('of the half that is left over happens at once or is written down, like all sending', async () => {
    const id = await wantsToManage();
    house.authority.prepareInvitation.onFirstCall().rejects(outage);

    assert.equal((await sendInvitation(house.ports).orLater({ by: elif, id, reason: '', statedNotCsp: true, only: 'sell' })).is, 'writtenDown');
    house.passes(60);
    await house.runsErrands();

    assert.deepEqual((await house.ledger.invitation(id))?.asks, { sell: true });
    assert.equal(await house.stateOf(id), 'delivered');
  });
});
