import { happened } from '../../src/commands/audit.js';
import type { Acquaintance, Entry, NewErrand } from '../../src/commands/ports.js';
import { asDomainName, asInvitationId, asPersonId, asTenantId, newReferenceCode, type InvitationId, type PersonId, type TenantId } from '../../src/domain/ids.js';
import type { Answered, Grant, InState, Invitation } from '../../src/domain/invitation.js';
import * as step from '../../src/domain/steps.js';

export const NOON = new Date('2026-11-22T12:00:00.000Z');
export const inMinutes = (minutes: number): Date => new Date(NOON.getTime() + minutes * 60_000);

export const guid = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
export const invitationId = (number: number): InvitationId => asInvitationId(guid(number));
export const tenant = (number: number): TenantId => asTenantId(guid(0x10000 + number));
export const person = (number: number): PersonId => asPersonId(guid(0x20000 + number));

export const PARTNER = tenant(1);
export const CUSTOMER = tenant(2);

/** A draft, told from another one by its number. */
export const aDraft = (number = 1, over: Partial<InState<'draft'>> = {}): InState<'draft'> => {
  let left = number;
  const digit = (): number => {
    const byte = left % 24;
    left = Math.floor(left / 24);
    return byte;
  };
  return {
    id: invitationId(number),
    reference: newReferenceCode(digit),
    asks: { sell: true },
    cloud: 'commercial',
    partner: { tenant: PARTNER, name: 'Fabrikam', domain: asDomainName('fabrikam.com') },
    customer: { tenant: CUSTOMER, name: 'Çağlayan Şirketi', domain: asDomainName('caglayan.com.tr') },
    inviter: { id: person(1), name: 'Ayşe Işık' },
    reason: 'Azure backup',
    statedNotCsp: true,
    createdAt: NOON.toISOString(),
    version: 1,
    state: 'draft',
    ...over,
  };
};

export const toCustomer = (number: number): Pick<Invitation, 'customer'> =>
  ({ customer: { tenant: tenant(number), name: `Customer ${number}`, domain: asDomainName(`customer${number}.com`) } });

export const sent = (draft: InState<'draft'>, at = NOON): InState<'sent'> =>
  step.sent(draft, { link: 'https://admin.microsoft.com/link', reason: draft.reason, statedNotCsp: true, validForDays: 90 }, at);

export const approval = (by = person(9)): Answered => ({ answer: 'approved', by: { id: by, name: 'Deniz Çelik' }, at: inMinutes(5).toISOString() });
export const approved = (invitation: InState<'sent' | 'delivered'>, by?: PersonId): Invitation => step.answered(invitation, approval(by));
export const declined = (invitation: InState<'sent' | 'delivered'>): InState<'declined'> =>
  step.answered(invitation, { ...approval(), answer: 'declined', reason: 'notNow' }) as InState<'declined'>;

/** The partner may manage something for the customer, told from another relationship by its id. */
export const aManagedGrant = (relationship: string, over: Partial<Grant> = {}): Grant => ({
  kind: 'gdap', partner: PARTNER, customer: CUSTOMER, relationship, name: relationship, seenAt: NOON.toISOString(), origin: 'outside',
  roles: [guid(71)], since: NOON.toISOString(), until: inMinutes(365 * 24 * 60).toISOString(), autoExtends: false, ...over,
});

export const drafting = (draft: Invitation): Entry => ({ event: happened('InvitationDrafted', draft, NOON, { names: { by: draft.inviter.name } }), after: draft });
export const sending = (before: Invitation, after: Invitation): Entry => ({ event: happened('InvitationSent', after, NOON), before, after });
export const approving = (before: Invitation, after: Invitation): Entry => ({ event: happened('InvitationApproved', after, NOON), before, after });
export const declining = (before: Invitation, after: Invitation): Entry => ({ event: happened('InvitationDeclined', after, NOON), before, after });

export const anErrand = (key: string, over: Partial<NewErrand> = {}): NewErrand => ({ topic: 'tell', key, lane: key, body: { tenant: CUSTOMER }, ...over });

export const anAcquaintance = (over: Partial<Acquaintance> = {}): Acquaintance => ({
  tenant: CUSTOMER, person: person(9), name: 'Deniz Çelik', language: 'tr', isLanguageChosen: false,
  teamsUser: '29:abc', conversation: 'a:1', serviceUrl: 'https://smba.trafficmanager.net/emea/', isReachable: true, ...over,
});
