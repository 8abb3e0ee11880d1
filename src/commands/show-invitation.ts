import { cut } from '../domain/cut.js';
import { asPersonId, asReferenceCode, isReferenceCode } from '../domain/ids.js';
import { isAnswerable, isOpen, type Invitation } from '../domain/invitation.js';
import { roleMayInvite, rolesThatInvite } from '../domain/rules.js';
import type { Person } from '../domain/facts.js';
import { deliveriesAgain } from './errands-about.js';
import { isPartner, personNow, type Speaker } from './gather.js';
import { keeping } from './keeping.js';
import { AuthorityUnavailableError, notConsented, type Directory, type Holdings, type Ports } from './ports.js';
import type { Proof } from '../domain/proof.js';
import { remindersOf } from './reminders.js';
import { overOf, replacesOf } from './what-became.js';
import type { Colleague, HeldToday, RefusalView, RequestView, StatusView } from './views.js';

/** One line that another company will read: no line breaks, at most 300 characters. */
export const sentenceOf = (text: string): string => cut(text.replace(/\s+/g, ' ').trim(), 300);

const chainHead = async ({ ledger }: Ports, invitation: Invitation): Promise<string> => (await ledger.headOf(invitation.id))?.slice(0, 12) ?? '';

export const statusView = async (ports: Ports, invitation: Invitation): Promise<StatusView> => {
  const { ledger, errands } = ports;
  const reminders = remindersOf(invitation);
  const [copies, dead, proof, head, ended, replaces] = await Promise.all([
    ledger.copies(invitation.id), errands.deadLetters(invitation.id), ledger.proof(invitation.id, 'partner'), chainHead(ports, invitation), overOf(ports, invitation, 'partner'), replacesOf(ports, invitation),
  ]);
  const holders = new Set(copies.map(({ person }) => person));
  const lost = new Map(dead.filter(({ topic, body }) => topic === 'deliver' && !holders.has(asPersonId(body['person'] ?? ''))).map(({ body, reason }) => [body['person'], reason]));
  return {
    view: 'status',
    invitation: withoutUnsharedReason(invitation),
    deliveredTo: new Set(copies.filter(({ tenant }) => tenant === invitation.customer.tenant).map(({ person }) => person)).size,
    undelivered: [...lost.values()],
    canBringAgain: (await deliveriesAgain(ports, invitation)).length > 0,
    ...comparisonOf(proof),
    ...(isReasonable(reminders) && { reminders }),
    ...(ended.over?.manage ? {} : await accessOf(ports, invitation)),
    ...ended,
    ...(replaces && { replaces }),
    chainHead: head,
  };
};

const isReasonable = (reminders: ReturnType<typeof remindersOf>): reminders is NonNullable<typeof reminders> => reminders !== undefined;

/** Who of the partner has what was approved; an outage leaves the card without it. */
const accessOf = async ({ authority }: Ports, invitation: Invitation): Promise<Pick<StatusView, 'access'>> => {
  if (!('seen' in invitation) || !invitation.seen?.manage || !invitation.delegated) return {};
  try {
    const [groups, assignments] = await Promise.all([
      authority.listSecurityGroups(invitation.partner.tenant), authority.listAssignments(invitation.partner.tenant, invitation.delegated.relationship),
    ]);
    return { access: { groups, assignments } };
  } catch (error) {
    if (error instanceof AuthorityUnavailableError) return {};
    throw error;
  }
};

/** What the customer chose to keep to itself does not reach the partner. */
export const withoutUnsharedReason = (invitation: Invitation): Invitation => {
  if (!('answer' in invitation) || !invitation.answer || invitation.answer.isReasonShared !== false) return invitation;
  const { reason: _reason, comment: _comment, ...answer } = invitation.answer;
  return { ...invitation, answer };
};

const comparisonOf = (proof: Proof | undefined) => (proof?.comparison ? { comparison: proof.comparison } : {});

export const requestView = async (ports: Ports, invitation: Invitation, mayAnswer: RequestView['mayAnswer']): Promise<RequestView> => {
  const { partner, customer } = invitation;
  const [holdings, proof, head, ended, isStopped, deciders, replaces] = await Promise.all([
    holdingsOf(ports, invitation), ports.ledger.proof(invitation.id, 'customer'), chainHead(ports, invitation), overOf(ports, invitation, 'customer'),
    ports.ledger.hasStopped(customer.tenant, partner.tenant), isAnswerable(invitation) ? decidersOf(ports, invitation) : [], replacesOf(ports, invitation),
  ]);
  const names = Object.fromEntries((holdings?.subscriptions ?? []).map(({ id, offer }) => [id, offer]));
  return {
    view: 'request',
    invitation,
    mayAnswer: isOpen(invitation) ? mayAnswer : 'no',
    deciders,
    isStopped,
    ...(holdings && { holdings: holdings.summary }),
    ...ended,
    ...(replaces && { replaces }),
    ...(proof?.comparison && { comparison: { ...proof.comparison, names } }),
    chainHead: head,
  };
};

const someSeconds = 15_000;
const justReadBy = new WeakMap<Directory, Pick<Directory, 'deciders' | 'holdings' | 'person'>>();

/** One change draws the cards of several people, at once or one after another: what all of them show is read once. */
const justRead = ({ directory, clock }: Ports): Pick<Directory, 'deciders' | 'holdings' | 'person'> => {
  const known = justReadBy.get(directory);
  if (known) return known;
  const how = { forMs: someSeconds, most: 200, isGood: (found: unknown) => found !== notConsented, now: clock.machineNow };
  const read = { deciders: keeping(directory.deciders, how), holdings: keeping(directory.holdings, how), person: keeping(directory.person, { ...how, isGood: isOneWhoMay }) };
  justReadBy.set(directory, read);
  return read;
};

/** For eyes of the same customer: who could decide, or to whom it could be forwarded. */
const decidersOf = async (ports: Ports, { customer }: Invitation): Promise<readonly Colleague[]> => {
  try {
    const people = await justRead(ports).deciders(customer.tenant);
    return people === notConsented ? [] : people.map(({ id, name }) => ({ id, name }));
  } catch (error) {
    if (error instanceof AuthorityUnavailableError) return [];
    throw error;
  }
};

const nothingHeld: HeldToday = { isConsented: false, partners: [], fromMicrosoft: [] };

/** For the customer's own eyes and never stored; an outage leaves the card without it. */
const holdingsOf = async (ports: Ports, { customer }: Invitation): Promise<{ summary: HeldToday; subscriptions: Holdings['subscriptions'] } | undefined> => {
  try {
    const holdings = await justRead(ports).holdings(customer.tenant);
    if (holdings === notConsented) return { summary: nothingHeld, subscriptions: [] };
    const offersOf = (seller: string) => holdings.subscriptions.filter(({ soldBy }) => soldBy === seller).map(({ offer }) => offer);
    const partners = holdings.partners.map(({ tenant, name }) => ({ name, offers: offersOf(tenant) })).filter(({ offers }) => offers.length > 0);
    return { summary: { isConsented: true, partners, fromMicrosoft: offersOf('microsoft') }, subscriptions: holdings.subscriptions };
  } catch (error) {
    if (error instanceof AuthorityUnavailableError) return undefined;
    throw error;
  }
};

export const mayAnswer = (person: Person | 'unknown', invitation: Invitation): RequestView['mayAnswer'] => {
  if (person === 'unknown') return 'roleUnknown';
  if (person.tenant !== invitation.customer.tenant || person.isGuest) return 'no';
  return person.roles.includes('globalAdmin') ? 'yes' : person.eligible?.includes('globalAdmin') ? 'eligible' : 'no';
};

/** A partner's lists are for those who may invite; a customer has partners, and no customers of its own. */
export const mayNotSee = (ports: Ports, by: Speaker): RefusalView =>
  ({ view: 'refusal', refusals: [{ rule: roleMayInvite.id, code: roleMayInvite.code, about: { to: isPartner(ports, by.tenant) ? 'see' : 'haveCustomers', roles: rolesThatInvite.join(',') } }] });

export const mayUsePartnerCommands = (person: Person | 'unknown'): boolean =>
  person !== 'unknown' && !person.isGuest && person.roles.some((role) => (rolesThatInvite as readonly string[]).includes(role));

export const isOneWhoMay = (found: Awaited<ReturnType<Directory['person']>>): boolean => found !== undefined && found !== notConsented && mayUsePartnerCommands(found);

/** Whether somebody of the partner may still see what is theirs: asked before each notice and card, once for those of one change. */
export const mayStillSee = async (ports: Ports, { tenant, person }: Pick<Speaker, 'tenant' | 'person'>): Promise<boolean> => isOneWhoMay(await justRead(ports).person(tenant, person));

/**
 * An invitation by its reference code, as the asking side may see it. "Not yours" and "not there" take the same path and
 * are the same answer.
 */
export const showInvitation = (ports: Ports) => async ({ by, reference }: { by: Speaker; reference: string }): Promise<StatusView | RequestView | undefined> => {
  const invitation = isReferenceCode(reference) ? await ports.ledger.invitationByReference(asReferenceCode(reference)) : undefined;
  const person = await personNow(ports, by);
  if (!invitation || !('sentAt' in invitation || invitation.state === 'failed') || (invitation.state === 'superseded' && !invitation.sentAt)) return undefined;

  if (invitation.partner.tenant === by.tenant) return mayUsePartnerCommands(person) ? statusView(ports, invitation) : undefined;
  if (invitation.customer.tenant !== by.tenant || invitation.state === 'failed' || isPartner(ports, by.tenant)) return undefined;
  const answer = mayAnswer(person, invitation);
  return person !== 'unknown' && person.isGuest ? undefined : requestView(ports, invitation, answer);
};
