import type { TurnContext } from 'botbuilder';
import type { Acquaintance, AuditRecord, CardCopy } from '../commands/ports.js';
import { answerDraft } from '../commands/answer-draft.js';
import { askAndAnswer } from '../commands/ask-and-answer.js';
import { assignAccess, lessenAccess } from '../commands/assign-access.js';
import { dropDraft } from '../commands/drop-draft.js';
import { endTogether } from '../commands/end-together.js';
import { forwardRequest } from '../commands/forward-request.js';
import { handOver, showDraft } from '../commands/hand-over.js';
import { markOpened } from '../commands/mark-opened.js';
import { receiptOf } from '../commands/receipt.js';
import { remindCustomer } from '../commands/remind-customer.js';
import { customerCalled, grantsWith, nameCustomer, showMyCustomers } from '../commands/show-my-customers.js';
import { showHistory } from '../commands/show-history.js';
import { stopRequests } from '../commands/stop-requests.js';
import { suggestLess } from '../commands/suggest-less.js';
import { withdrawInvitation } from '../commands/withdraw-invitation.js';
import type { OfferFile } from './files.js';
import { answerInvitation } from '../commands/answer-invitation.js';
import { findInvitations } from '../commands/find-invitations.js';
import { sideOf, type Speaker } from '../commands/gather.js';
import type { InvitationId } from '../domain/ids.js';
import { inviteCustomer } from '../commands/invite-customer.js';
import { lately } from '../commands/lately.js';
import { chooseLanguage, keepCard, losePerson, meetPerson, welcomePerson } from '../commands/meet-person.js';
import type { Ports } from '../commands/ports.js';
import { sendInvitation } from '../commands/send-invitation.js';
import { showInvitation } from '../commands/show-invitation.js';
import { showMyPartners } from '../commands/show-my-partners.js';
import { showPending } from '../commands/show-pending.js';
import { watchOf } from '../commands/watch-relationships.js';
import { whoAmI, whoCanDecide } from '../commands/who-am-i.js';
import { whatFormsOffer } from '../commands/what-forms-offer.js';
import type { HistoryView, View } from '../commands/views.js';
import type { Drawn, Pen } from './cards/card.js';
import { drawView, messageOf, type Studio } from './draw-view.js';
import type { Chat, Talk } from './talk.js';

export type VerifyHistory = (records: readonly AuditRecord[]) => HistoryView['verdict'];

/** Every command a conversation can call, bound to the world once. */
export const commandsOf = (ports: Ports, verifyHistory: VerifyHistory) => ({
  invite: inviteCustomer(lately(ports)).orLater,
  send: sendInvitation(ports).orLater,
  answer: answerInvitation(ports),
  find: findInvitations(ports),
  show: showInvitation(ports),
  partners: showMyPartners(ports),
  pending: showPending(ports),
  draft: showDraft(ports),
  handOver: handOver(ports),
  drop: dropDraft(ports),
  talk: askAndAnswer(ports),
  suggest: suggestLess(ports),
  forward: forwardRequest(ports),
  stop: stopRequests(ports),
  remind: remindCustomer(ports),
  withdraw: withdrawInvitation(ports),
  opened: markOpened(ports),
  assign: assignAccess(ports),
  lessen: lessenAccess(ports),
  answerDraft: answerDraft(ports),
  end: endTogether(ports),
  customers: showMyCustomers(ports),
  nameCustomer: nameCustomer(ports),
  customerCalled: customerCalled(ports),
  history: showHistory(ports, verifyHistory),
  receipt: receiptOf(ports),
  offers: whatFormsOffer(ports),
  standing: grantsWith(ports),
  whoAmI: whoAmI(ports),
  sideOf: (by: Speaker) => sideOf(ports, by.tenant),
  whoCanDecide: whoCanDecide(ports),
  lookNow: watchOf(ports).lookNow,
  meet: meetPerson(ports),
  welcome: welcomePerson(ports),
  lose: losePerson(ports),
  chooseLanguage: chooseLanguage(ports),
  keepCard: keepCard(ports),
  /** Into the personal chat of somebody who asked elsewhere. No: there is none yet. */
  privately: async (by: Speaker, view: View): Promise<boolean> => {
    const to = await ports.ledger.acquaintance(by.tenant, by.person);
    if (!to?.isReachable) return false;
    await ports.messenger.send(to, view);
    return true;
  },
  /** What a chat takes for a draft may have been sent elsewhere, or by a copy of the same press. */
  isUnsent: async (id: InvitationId): Promise<boolean> => (await ports.ledger.invitation(id))?.state === 'draft',
  /** By id, as this speaker may see it. */
  byId: async (id: InvitationId, by: Speaker) => {
    const invitation = await ports.ledger.invitation(id);
    return invitation && showInvitation(ports)({ by, reference: invitation.reference });
  },
});
export type Commands = ReturnType<typeof commandsOf>;

/** One turn as the bot's rooms see it: who speaks, with which words, and what the chat remembers. */
export type Turn = {
  readonly context: TurnContext;
  readonly speaker: Speaker;
  readonly person: Acquaintance;
  readonly pen: Pen;
  readonly studio: Studio;
  readonly talk: Talk;
  readonly chat: Chat;
  readonly commands: Commands;
  readonly offerFile: OfferFile;
};

export const say = async ({ context, pen }: Turn, drawn: Drawn | string): Promise<string> => (await context.sendActivity({ ...messageOf(drawn), locale: pen.words.language }))?.id ?? '';

export const showView = (turn: Turn, view: View): Promise<string> => say(turn, drawView(view, turn.pen, turn.studio));

/** From now on this message is the person's copy of the card, and is brought up to date with the invitation. */
export const keepAsCopy = async ({ context, speaker, commands }: Turn, invitation: CardCopy['invitation'], activity: string, from: 'now' | 'next' = 'now'): Promise<void> => {
  if (activity === '') return;
  await commands.keepCard({ invitation, tenant: speaker.tenant, person: speaker.person, conversation: context.activity.conversation.id, activity }, from);
};

/** Shows an invitation as a new message that stays up to date. */
export const showInvitationCard = async (turn: Turn, view: Extract<View, { view: 'status' | 'request' }>): Promise<void> =>
  keepAsCopy(turn, view.invitation.id, await showView(turn, view));

/** A refusal, remembered for "why?". */
export const showRefusals = async (turn: Turn, view: Extract<View, { view: 'refusal' }>): Promise<void> => {
  turn.talk.refusals = view.refusals;
  await showView(turn, view);
};
