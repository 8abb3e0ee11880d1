import { asDomainName, asInvitationId, asReferenceCode, asTenantId, isGuid } from '../domain/ids.js';
import { unreachable, type Invitation, type Remark } from '../domain/invitation.js';
import { happened } from './audit.js';
import { deliverInvitation } from './deliver-invitation.js';
import { redrawPartnerCopies, tellInviter, tellNotBrought } from './errands-about.js';
import { askedBy, personNow, type Speaker } from './gather.js';
import { showDraft } from './hand-over.js';
import { changeAccessAtMicrosoft } from './assign-access.js';
import { endAtMicrosoft, giveUpEnding } from './end-together.js';
import { passEventOn } from './hear-event.js';
import { tellNews } from './news.js';
import { inviteCustomer, type WishToManage } from './invite-customer.js';
import { answerLater, losePerson, sendWelcome } from './meet-person.js';
import {
  AuthorityUnavailableError, LedgerUnavailableError, MessengerRefusedError, SignInNeededError,
  type Acquaintance, type CardCopy, type ClaimedErrand, type ErrandTopic, type Ports, type Ran,
} from './ports.js';
import { nextTry } from './patience.js';
import { proveNothingChanged } from './prove-nothing-changed.js';
import { sendInvitation } from './send-invitation.js';
import { mayAnswer, mayStillSee, requestView, statusView, withoutUnsharedReason } from './show-invitation.js';
import type { GaveUpView, HandedOverView, NoticeSubject, View } from './views.js';
import { watchOf } from './watch-relationships.js';

const compareTries = 3;
const leaseSeconds = 60;
/** Work that goes on for so long has come to a stop: its lease ends, and another takes it over. */
const longestWorkSeconds = 900;
const holdEverySeconds = 20;

/** Begins what is due, at most so many, and gives each as the work that it is; none means nothing was due. */
export const beginErrands = (ports: Ports) => async (atMost: number): Promise<readonly Promise<Ran>[]> => {
  const claimed = await ports.errands.claim(ports.clock.machineNow(), atMost, leaseSeconds);
  return claimed.map((errand) => ports.trace(errand, () => runOne(ports, errand)));
};

const runOne = async (ports: Ports, errand: ClaimedErrand): Promise<Ran> => {
  const { topic } = errand;
  const letGo = holding(ports, errand);
  try {
    await perform(ports, errand);
    await ports.errands.done(errand);
    return { topic, outcome: 'done' };
  } catch (error) {
    return failed(ports, errand, error);
  } finally {
    letGo();
  }
};

/** While it is worked on nobody else may begin the same: what takes long would be done twice. */
const holding = ({ errands, clock }: Ports, errand: ClaimedErrand): (() => void) => {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += holdEverySeconds;
    // A ledger that is away is told the next time, or the lease ends.
    if (seconds < longestWorkSeconds) errands.hold(errand, clock.machineNow(), leaseSeconds).catch(() => undefined);
  }, holdEverySeconds * 1000);
  return () => clearInterval(timer);
};

/** Never throws: one errand that cannot even be settled or told is no matter of the others. */
const failed = async (ports: Ports, errand: ClaimedErrand, error: unknown): Promise<Ran> => {
  const { topic } = errand;
  // The ledger is away: the lease ends by itself and the errand becomes due again.
  const again: Ran = { topic, outcome: 'again', error };
  if (error instanceof LedgerUnavailableError) return again;
  const next = nextTry(error, errand, ports.clock.machineNow(), ports.chance.byte());
  try {
    await ports.errands.fail({ ...errand, ...(next && { body: next.body }) }, reasonOf(error), next?.at);
  } catch {
    return again;
  }
  if (next) return again;
  try {
    await noteDeadLetter(ports, errand, error);
    return { topic, outcome: 'dead', error };
  } catch (untold) {
    return { topic, outcome: 'dead', error, untold };
  }
};

const speakerOf = ({ body }: ClaimedErrand): Speaker => askedBy(body);
const invitationOf = (errand: ClaimedErrand) => asInvitationId(errand.invitation ?? '');

const perform = async (ports: Ports, errand: ClaimedErrand): Promise<void> => {
  switch (errand.topic) {
    case 'welcome': return sendWelcome(ports)(speakerOf(errand));
    case 'invite': return inviteLater(ports, errand);
    case 'send': return sendLater(ports, errand);
    case 'deliver': return deliverInvitation(ports)({ id: invitationOf(errand), ...speakerOf(errand), isForEverybody: errand.body['isForEverybody'] === 'yes' });
    case 'redraw': return redrawCard(ports, errand);
    case 'tell': return tell(ports, errand);
    case 'compare': return proveNothingChanged(ports)({ id: invitationOf(errand), isLastTry: errand.attempt >= compareTries });
    case 'news': return tellNews(ports)(errand);
    case 'assign':
    case 'withdrawAccess':
    case 'stopExtending': return changeAccessAtMicrosoft(ports)({ ...errand, invitation: invitationOf(errand) });
    case 'look': return watchOf(ports).lookAt(asTenantId(errand.body['partner'] ?? ''));
    case 'passOn': return passEventOn(ports.newsFeed)(errand);
    case 'removeAccess':
    case 'endRelationship': return endAtMicrosoft(ports)({ ...errand, topic: errand.topic });
  }
};

const inviteLater = async (ports: Ports, errand: ClaimedErrand): Promise<void> => {
  const by = speakerOf(errand);
  const { asked = '', reason = '', manage, provider, follows, said } = errand.body;
  const customer = isGuid(asked) ? { tenant: asTenantId(asked) } : { domain: asDomainName(asked) };
  const invited = await inviteCustomer(ports).now({
    by, customer, reason,
    ...(manage && { manage: JSON.parse(manage) as WishToManage }), ...(provider && { provider: asTenantId(provider) }), ...(follows && { follows: asReferenceCode(follows) }), ...(said !== undefined && { said }),
  });
  if (invited.is === 'drafted') await answerLater(ports, by, invited.preview);
  if (invited.is === 'refused') await answerLater(ports, by, { view: 'refusal', refusals: invited.refusals });
  if (invited.is === 'noSuchTenant') await answerLater(ports, by, { view: 'noSuchTenant', asked: invited.asked });
};

const sendLater = async (ports: Ports, errand: ClaimedErrand): Promise<void> => {
  const by = speakerOf(errand);
  const id = invitationOf(errand);
  const outcome = await sendInvitation(ports).now({ by, id, reason: errand.body['reason'] ?? '', statedNotCsp: errand.body['statedNotCsp'] !== 'false', ...(errand.body['only'] === 'sell' && { only: 'sell' }) });
  switch (outcome.is) {
    case 'sent': {
      const copy = await answerLater(ports, by, outcome.status);
      if (copy) await ports.ledger.keepCopy({ invitation: id, tenant: by.tenant, person: by.person, ...copy });
      return;
    }
    case 'refused': return void (await answerLater(ports, by, outcome.preview ?? { view: 'refusal', refusals: outcome.refusals }));
    case 'reasonMissing':
    case 'statementMissing':
    case 'notFound': {
      // The preview asks for what is missing.
      const preview = outcome.is === 'notFound' ? undefined : await showDraft(ports)({ by, id });
      const about = (await ports.ledger.invitation(id))?.customer.name ?? '';
      return void (await answerLater(ports, by, preview ?? { view: 'gaveUp', wish: 'send', about, isDraftOver: true }));
    }
    case 'writtenDown': return;
    default: return unreachable(outcome);
  }
};

/** Every copy shows what the ledger says now. */
const redrawCard = async (ports: Ports, errand: ClaimedErrand): Promise<void> => {
  const { ledger } = ports;
  const { tenant, person, name } = speakerOf(errand);
  const copy: CardCopy = { invitation: invitationOf(errand), tenant, person, conversation: errand.body['conversation'] ?? '', activity: errand.body['activity'] ?? '' };
  const [invitation, to] = await Promise.all([ledger.invitation(copy.invitation), ledger.acquaintance(tenant, person)]);
  if (!invitation || !to?.isReachable) return;
  const view = await cardOf(ports, invitation, { tenant, person, name });
  if (view) await updateOrSend(ports, to, copy, view);
};

/** What one person's card about an invitation shows; nothing, where it stays as it is. */
const cardOf = async (ports: Ports, invitation: Invitation, by: Speaker): Promise<View | undefined> => {
  const { inviter, handedTo, partner } = invitation;
  if (by.tenant !== partner.tenant) {
    // Whoever answered showed the right with the answer.
    const hasAnswered = 'answer' in invitation && invitation.answer?.by.id === by.person;
    return requestView(ports, invitation, hasAnswered ? 'yes' : mayAnswer(await personNow(ports, by), invitation));
  }
  if (!(await mayStillSee(ports, by))) return undefined;
  const isOwn = inviter.id === by.person;
  if (invitation.state === 'superseded' && !invitation.sentAt) return { view: 'draftClosed', invitation, isOwn };
  if (invitation.state !== 'draft') return statusView(ports, invitation);
  if (isOwn) return handedTo ? undefined : showDraft(ports)({ by, id: invitation.id });
  return handedTo?.id === by.person ? undefined : { view: 'draftClosed', invitation, isOwn };
};

/** A message that is gone is replaced by a new one. */
const updateOrSend = async ({ ledger, messenger }: Ports, to: Acquaintance, copy: CardCopy, view: View): Promise<void> => {
  try {
    await messenger.update(to, copy, view);
  } catch (error) {
    if (!(error instanceof MessengerRefusedError) || error.why !== 'gone') throw error;
    await ledger.dropCopy(copy);
    await ledger.keepCopy({ ...copy, ...(await messenger.send(to, view)) });
  }
};

const tell = async (ports: Ports, errand: ClaimedErrand): Promise<void> => {
  const { ledger, messenger } = ports;
  const { tenant, person } = speakerOf(errand);
  const [invitation, to] = await Promise.all([ledger.invitation(invitationOf(errand)), ledger.acquaintance(tenant, person)]);
  if (!invitation || !to) return;
  if (!to.isReachable) throw new MessengerRefusedError('unreachable', 403);
  const side = errand.body['side'] === 'customer' ? 'customer' : 'partner';
  const maySee = side === 'customer' || (await mayStillSee(ports, to));
  if (errand.body['subject'] === 'handedOver') return maySee ? tellHandedOver(ports, invitation, to) : noteNotBrought(ports, invitation, errand);
  if (!maySee) return;
  const shown = side === 'partner' ? withoutUnsharedReason(invitation) : invitation;
  const comparison = (await ledger.proof(invitation.id, side))?.comparison;
  const subject = errand.body['subject'] as NoticeSubject;
  const said = subject === 'asked' || subject === 'answered' ? remarkIn(invitation, errand.body['occasion']) : undefined;
  await messenger.send(to, { view: 'notice', subject, side, invitation: shown, ...(said && { said }), ...(comparison && { comparison }) });
};

/** It may have been sent or taken back meanwhile: then there is nothing to finish. Where Microsoft gives no facts for the card, its reference has to do. */
const tellHandedOver = async (ports: Ports, draft: Invitation, to: Acquaintance): Promise<void> => {
  if (draft.state !== 'draft' || draft.handedTo?.id !== to.person) return;
  try {
    const preview = await showDraft(ports)({ by: to, id: draft.id });
    if (preview) await bring(ports, to, { view: 'handedOver', preview, from: draft.inviter.name });
  } catch (error) {
    if (!(error instanceof AuthorityUnavailableError)) throw error;
    await ports.messenger.send(to, { view: 'notice', subject: 'handedOver', side: 'partner', invitation: draft });
  }
};

const noteNotBrought = async ({ errands }: Ports, draft: Invitation, { body }: ClaimedErrand): Promise<void> => {
  if (draft.handedTo?.id === body['person']) await errands.add(tellNotBrought(draft, body['occasion']));
};

/** The question or answer itself: how many there were with it is what told its errand from the others. */
const remarkIn = (invitation: Invitation, occasion = ''): Remark | undefined => ('remarks' in invitation ? invitation.remarks?.[Number(occasion) - 1] : undefined);

/** One card for a draft, however often it is handed to the same person. */
const bring = async (ports: Ports, to: Acquaintance, view: HandedOverView): Promise<void> => {
  const { ledger, messenger } = ports;
  const { id } = view.preview.invitation;
  const held = (await ledger.copies(id)).find(({ tenant, person }) => tenant === to.tenant && person === to.person);
  if (held) await updateOrSend(ports, to, held, view);
  else await ledger.keepCopy({ invitation: id, tenant: to.tenant, person: to.person, ...(await messenger.send(to, view)) });
};

/** Kept with the dead letter and shown to the sender in words: a short code, never a message text. */
const reasonOf = (error: unknown): string =>
  error instanceof MessengerRefusedError ? error.why : error instanceof Error ? error.name : 'unknown';

const wishes = ['assign', 'withdrawAccess', 'stopExtending', 'removeAccess', 'endRelationship'] as const;
const isWish = (topic: ErrandTopic): topic is (typeof wishes)[number] => (wishes as readonly string[]).includes(topic);
const withoutPerson: readonly ErrandTopic[] = ['compare', 'look', 'passOn'];

/** A dead letter is not silent: the sender's card shows it and the sender is told. */
const noteDeadLetter = async (ports: Ports, errand: ClaimedErrand, error: unknown): Promise<void> => {
  const { ledger, clock, errands } = ports;
  const by = withoutPerson.includes(errand.topic) ? undefined : speakerOf(errand);
  if (by && error instanceof MessengerRefusedError && error.why === 'unreachable') await losePerson(ports)(by.tenant, by.person);
  const gaveUp = (wish: GaveUpView['wish'], about: string): GaveUpView => ({ view: 'gaveUp', wish, about, ...(error instanceof SignInNeededError && { needsSignIn: true }) });
  if (errand.topic === 'removeAccess' || errand.topic === 'endRelationship') await giveUpEnding(ports, { topic: errand.topic, body: errand.body }, reasonOf(error));
  if (by && isWish(errand.topic)) await answerLater(ports, by, gaveUp(errand.topic, ''));
  if (by && errand.topic === 'invite') await answerLater(ports, by, gaveUp('invite', errand.body['asked'] ?? ''));

  const invitation = errand.invitation && (await ledger.invitation(errand.invitation));
  if (!invitation) return;
  if (by && errand.topic === 'send') await answerLater(ports, by, gaveUp('send', invitation.customer.name));
  if (errand.body['subject'] === 'handedOver') await noteNotBrought(ports, invitation, errand);
  if (errand.topic !== 'deliver') return;
  await ledger.record({ event: happened('InvitationNotDelivered', invitation, clock.now(), { facts: { reason: reasonOf(error) } }) });
  await errands.add([...(await redrawPartnerCopies(ports, invitation, `notDelivered/${errand.id}`)), ...tellInviter(invitation, 'notDelivered', errand.body['occasion'])]);
};
