/** What ought to be answered, said a second time and in other words than the rule book says it. It knows states, dates and people, nothing of the source. */
import type { Person } from '../../src/domain/facts.js';
import type { TenantId } from '../../src/domain/ids.js';
import type { Half, Invitation } from '../../src/domain/invitation.js';
import { entraRoles } from '../../src/domain/delegated-admin.js';
import { NORTHWIND, FABRIKAM } from '../helpers/builders.js';
import { hasVanished, type MicrosoftModel } from './microsoft-model.js';
import { ADATUM, hasRoleToInvite, isAdminAgentOf, isGlobalAdminOf, TAILSPIN } from './people.js';

const dayMs = 86_400_000;

export const isOver = (state: string): boolean => ['established', 'declined', 'cancelled', 'expired', 'superseded', 'failed'].includes(state);
export const isOpenState = (state: string): boolean => ['sent', 'delivered', 'awaitingAuthority'].includes(state);
export const isPartnerTenant = (tenant: string): boolean => tenant === FABRIKAM || tenant === NORTHWIND;
export const halvesIn = ({ asks }: Invitation): readonly Half[] => (asks.sell ? (asks.manage ? ['sell', 'manage'] : ['sell']) : asks.manage ? ['manage'] : []);

export type Known = {
  readonly invitations: readonly Invitation[];
  readonly microsoft: MicrosoftModel;
  readonly stopped: ReadonlySet<string>;
  readonly now: number;
};
export type Asked = {
  readonly partner: TenantId;
  readonly customer: TenantId;
  readonly sells: boolean;
  readonly manages?: { readonly name?: string; readonly days: number; readonly roles: readonly string[]; readonly autoExtends: boolean; readonly roleReason?: string };
  readonly follows?: string;
  /** Who asks, and whose request it is. */
  readonly by: Person;
  readonly inviter: string;
  readonly isStated: boolean;
};

/** About the person alone. */
export const noAtTheDoor = (person: Person): readonly string[] => {
  if (!isPartnerTenant(person.tenant)) return ['ROLE_NOT_ALLOWED'];
  return [...(person.isGuest ? ['GUEST_NOT_ALLOWED'] : []), ...(hasRoleToInvite(person) ? [] : ['ROLE_NOT_ALLOWED'])];
};

/** Why this may not be asked; nothing when it may. */
export const noToAsking = ({ invitations, microsoft, stopped, now }: Known, { partner, customer, sells, manages, follows, by, inviter, isStated }: Asked): readonly string[] => {
  const ofPair = invitations.filter((one) => one.partner.tenant === partner && one.customer.tenant === customer);
  const replaced = ofPair.find((one) => (one.state === 'sent' || one.state === 'delivered') && one.reference === follows && (
    [by.id, inviter].some((id) => id === one.inviter.id || id === one.handedTo?.id)
    || by.roles.some((role) => role === 'globalAdmin' || role === 'userAdmin')
    || (one.suggestion !== undefined && manages !== undefined)));
  const taken = new Set(ofPair.filter((one) => isOpenState(one.state) && one !== replaced).flatMap(halvesIn));
  const unanswered = ofPair.filter((one) => ['sent', 'delivered', 'expired', 'cancelled', 'superseded'].includes(one.state) && !(one === replaced && 'suggestion' in one && one.suggestion) && !('answer' in one && one.answer) && 'sentAt' in one && Date.parse(one.sentAt ?? '') >= now - 90 * dayMs);
  const isNameTaken = microsoft.state.delegated.some((one) => one.partner === partner && one.name === manages?.name
    && !hasVanished(one) && !(one.customer === customer && one.status === 'approvalPending'));
  const needsReason = manages?.roles.includes(entraRoles.globalAdministrator) && !manages.roleReason;
  const said: Readonly<Record<string, boolean | undefined>> = {
    SELF_RESALE: partner === customer,
    CUSTOMER_IS_CSP_TENANT: isPartnerTenant(customer) || !isStated,
    MARKET_MISMATCH: customer === TAILSPIN,
    ALREADY_RELATED: sells && microsoft.sells(partner, customer),
    DUPLICATE_PENDING: (sells && taken.has('sell')) || (manages && taken.has('manage')),
    REQUESTS_STOPPED: stopped.has(`${partner} ${customer}`),
    TOO_MANY_UNANSWERED: unanswered.length >= 3,
    GDAP_NAME_TAKEN: manages?.name !== undefined && isNameTaken,
    GDAP_NAME_INVALID: (manages?.name ?? '').length > 50,
    GDAP_DURATION_OUT_OF_RANGE: manages && (manages.days < 1 || manages.days > 730),
    GDAP_ROLE_INVALID: manages && (manages.roles.length === 0 || needsReason),
    GDAP_AUTOEXTEND_WITH_GLOBAL_ADMIN: manages?.autoExtends && manages.roles.includes(entraRoles.globalAdministrator),
  };
  return Object.keys(said).filter((code) => said[code]);
};

/** Who sends what: one list after the door's, every reason at once. */
export const noToSending = (known: Known, person: Person, asked: Asked): readonly string[] => {
  const door = noAtTheDoor(person);
  if (door.length > 0) return door;
  return [...noToAsking(known, asked), ...(asked.manages && !isAdminAgentOf(person.id, asked.partner) ? ['GDAP_NEEDS_ADMIN_AGENT'] : [])];
};

/** `answered`, `roleUnknown`, `notFound`, or the one refusal. */
export const replyToAnswer = (invitation: Invitation | undefined, person: Person, answer: string, { microsoft, now }: Pick<Known, 'microsoft' | 'now'>): string => {
  if (!invitation || !('sentAt' in invitation)) return 'notFound';
  if (person.tenant !== invitation.customer.tenant) return 'WRONG_TENANT';
  if (!microsoft.state.isConsented && person.tenant === ADATUM) return 'roleUnknown';
  if (person.isGuest) return 'GUEST_NOT_ALLOWED';
  if (!isGlobalAdminOf(person.id, invitation.customer.tenant)) return 'APPROVER_NOT_GLOBAL_ADMIN';
  if (invitation.state === 'sent' || invitation.state === 'delivered') return Date.parse(invitation.expiresAt) <= now ? 'INVITATION_EXPIRED' : 'answered';
  if (invitation.state === 'expired') return 'INVITATION_EXPIRED';
  const given = 'answer' in invitation ? invitation.answer : undefined;
  return given?.by.id === person.id && given.answer === answer ? 'answered' : 'INVITATION_CLOSED';
};
