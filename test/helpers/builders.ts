/** Sensible values for a test that is about something else: say only what matters to the sentence. */
import type { Customer, Partner, Person, Role, Subscription } from '../../src/domain/facts.js';
import { asDomainName, asInvitationId, asPersonId, asReferenceCode, asSubscriptionId, asTenantId } from '../../src/domain/ids.js';
import type { Answered, Invitation, InvitationState, InState, Sent, Standing, Terms } from '../../src/domain/invitation.js';
import type { Verdict } from '../../src/domain/rule.js';
import { accessTemplates, entraRoles, type DelegatedAdmin, type DelegatedAsk } from '../../src/domain/delegated-admin.js';
import { capabilitiesOf, type AnswerFacts, type DoorFacts, type InvitationFacts } from '../../src/domain/rules.js';

export const NOON = new Date('2026-11-22T12:00:00.000Z');
export const inDays = (days: number): Date => new Date(NOON.getTime() + days * 24 * 60 * 60 * 1000);

export const guid = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

export const FABRIKAM = asTenantId(guid(1));
export const CONTOSO = asTenantId(guid(2));
export const NORTHWIND = asTenantId(guid(3));
export const ELIF = asPersonId(guid(11));
export const DENIZ = asPersonId(guid(21));
export const CAN = asPersonId(guid(22));

export const aPartner = (over: Partial<Partner> = {}): Partner => ({
  id: FABRIKAM, name: 'Fabrikam', domain: asDomainName('fabrikam.com'), cloud: 'commercial', type: 'directBill', country: 'TR', hasSignedMpa: 'yes', ...over,
});

export const aCustomer = (over: Partial<Customer> = {}): Customer => ({
  id: CONTOSO, name: 'Contoso', domain: asDomainName('contoso.com'), cloud: 'commercial', country: 'TR', isCspPartner: 'no', ...over,
});

/** Elif, a sales agent of Fabrikam. */
export const aPerson = (over: Partial<Person> = {}): Person => ({
  id: ELIF, tenant: FABRIKAM, name: 'Elif Kaya', mail: 'elif@fabrikam.com', roles: ['salesAgent'], isGuest: false, ...over,
});

/** Deniz, a Global admin of Contoso. */
export const anAdmin = (over: Partial<Person> = {}): Person => ({
  id: DENIZ, tenant: CONTOSO, name: 'Deniz Çelik', mail: 'deniz@contoso.com', roles: ['globalAdmin'], isGuest: false, ...over,
});

export const anAnswer = (over: Partial<Answered> = {}): Answered => ({ answer: 'approved', by: { id: DENIZ, name: 'Deniz Çelik' }, at: inDays(1).toISOString(), ...over });

const someTerms: Terms = {
  id: asInvitationId(guid(31)), reference: asReferenceCode('PR-7K3-F9M'), asks: { sell: true }, cloud: 'commercial',
  partner: { tenant: FABRIKAM, name: 'Fabrikam', domain: asDomainName('fabrikam.com') },
  customer: { tenant: CONTOSO, name: 'Contoso', domain: asDomainName('contoso.com') },
  inviter: { id: ELIF, name: 'Elif Kaya', mail: 'elif@fabrikam.com' },
  reason: 'Azure backup', statedNotCsp: true, createdAt: NOON.toISOString(), version: 3,
};

const onItsWay: Sent = { sentAt: NOON.toISOString(), expiresAt: inDays(90).toISOString(), link: 'https://admin.microsoft.com/Adminportal/Home?invType=ResellerRelationship' };

const standings: { readonly [State in InvitationState]: Extract<Standing, { state: State }> } = {
  draft: { state: 'draft' },
  sent: { state: 'sent', ...onItsWay },
  delivered: { state: 'delivered', ...onItsWay, deliveredAt: NOON.toISOString() },
  awaitingAuthority: { state: 'awaitingAuthority', ...onItsWay, answer: anAnswer() },
  established: { state: 'established', ...onItsWay, answer: anAnswer(), establishedAt: inDays(2).toISOString() },
  declined: { state: 'declined', ...onItsWay, answer: anAnswer({ answer: 'declined', reason: 'notNow' }) },
  expired: { state: 'expired', ...onItsWay, expiredAt: onItsWay.expiresAt },
  cancelled: { state: 'cancelled', ...onItsWay, cancelledAt: inDays(1).toISOString() },
  superseded: { state: 'superseded', supersededAt: inDays(1).toISOString() },
  failed: { state: 'failed', failedAt: NOON.toISOString(), authorityCode: '2032', correlationId: guid(41) },
};

export const everyState = Object.keys(standings) as readonly InvitationState[];

const roles: Readonly<Record<Role, true>> = { globalAdmin: true, userAdmin: true, salesAgent: true, adminAgent: true, helpdeskAgent: true, billingAdmin: true, user: true };

export const everyRole = Object.keys(roles) as readonly Role[];

/** From Fabrikam to Contoso, in the state that the test is about. */
export const anInvitation = <State extends InvitationState>(state: State, over: Partial<InState<State>> = {}): InState<State> =>
  ({ ...someTerms, ...standings[state], ...over }) as InState<State>;

export const anyInvitation = (state: InvitationState): Invitation => anInvitation(state);

export const aSubscription = (over: Partial<Subscription> = {}): Subscription => ({
  id: asSubscriptionId(guid(51)), offer: 'Office 365 E3', soldBy: NORTHWIND, partnerOfRecord: NORTHWIND, quantity: 120, status: 'active',
  termEnds: '2027-03-31T00:00:00Z', autoRenew: 'yes', ...over,
});

export const atTheDoor = (over: Partial<DoorFacts> = {}): DoorFacts => ({
  inviter: aPerson(), partner: aPartner(), cloud: 'commercial', capabilities: capabilitiesOf.commercial, ...over,
});

/** Facts about which no rule has anything to say. */
export const whenInviting = (over: Partial<InvitationFacts> = {}): InvitationFacts => ({
  ...atTheDoor(), customer: aCustomer(), asks: { sell: true }, isRelated: 'no', isOwnReseller: 'no', open: [], statedNotCsp: false,
  isNameTaken: 'no', hasStoppedRequests: false, unanswered: 0, ...over,
});

/** Deniz answers a delivered invitation the next day. */
export const whenAnswering = (over: Partial<AnswerFacts> = {}): AnswerFacts => ({
  person: anAdmin(), invitation: anInvitation('delivered'), now: inDays(1), ...over,
});

/** Licences and support for a year. */
export const aDelegatedAsk = (over: Partial<DelegatedAsk> = {}): DelegatedAsk => ({
  name: 'Contoso · PR-7K3-F9M', roles: accessTemplates.licencesAndSupport.map((role) => entraRoles[role]), days: 365, autoExtends: false, ...over,
});

export const aRelationshipId = (number: number): string => `${guid(number)}-${guid(number + 1)}`;

/** Fabrikam manages licences of Contoso. */
export const aDelegatedAdmin = (over: Partial<DelegatedAdmin> = {}): DelegatedAdmin => ({
  id: aRelationshipId(71), customer: CONTOSO, name: aDelegatedAsk().name, roles: aDelegatedAsk().roles, status: 'active',
  since: NOON.toISOString(), until: inDays(365).toISOString(), autoExtends: false, ...over,
});

/** What a rule says when it says no. */
export const refuses = (about: Readonly<Record<string, string>> = {}): Verdict => ({ refuses: about });
