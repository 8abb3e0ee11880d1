/**
 * The rule book of Microsoft Partner Center's multi-partner feature, in the order of its page. Every constant's name is the
 * sentence. Door rules look at the person and come first, so that a stranger learns nothing about a customer; then all the
 * others are asked, so that every reason is heard at once. `docs/rules.md` lists them with their words and tests.
 */
import type { Answer, Cloud, Customer, Partner, Person, PartnerRole } from './facts.js';
import { isAnswerable, type Invitation } from './invitation.js';
import { marketOf } from './markets.js';
import { refusesWhen, type Promised, type Rule } from './rule.js';

/** The seed's three roles, and Admin agent, which sends reseller requests as well (MP-11). */
export const rolesThatInvite: readonly PartnerRole[] = ['globalAdmin', 'userAdmin', 'salesAgent', 'adminAgent'];

export type DoorFacts = {
  readonly inviter: Person;
  readonly partner: Partner;
  /** The cloud this deployment serves, and whether partners may request a relationship there (MP-42). */
  readonly cloud: Cloud;
  readonly isResellerRequestOffered: boolean;
};

export type InvitationFacts = DoorFacts & {
  readonly customer: Customer;
  readonly isRelated: Answer;
  readonly open?: { readonly reference: string; readonly sentAt: string };
  readonly statedNotCsp: boolean;
};

export type AnswerFacts = {
  readonly person: Person;
  readonly invitation: Invitation;
  readonly now: Date;
};

// ---- What a new relationship never touches ----------------------------------------------------------------------

export const noSubscriptionChanges: Promised = {
  id: 'MP-01', code: 'INVARIANT_SUBSCRIPTION_CHANGED', origin: 'seed',
  source: 'Setting up a new partner relationship changes no existing subscription.',
  keptBy: 'src/microsoft/allowed-calls.ts',
};
export const nothingMoves: Promised = {
  id: 'MP-02', code: 'INVARIANT_OWNERSHIP_MOVED', origin: 'seed',
  source: 'It moves no subscription and no account ownership from one partner to another.',
  keptBy: 'src/microsoft/allowed-calls.ts',
};
export const noTermsChange: Promised = {
  id: 'MP-03', code: 'INVARIANT_TERMS_CHANGED', origin: 'seed',
  source: "It changes neither the terms nor the customer's obligations on existing subscriptions.",
  keptBy: 'src/microsoft/allowed-calls.ts',
};
export const partnerOfRecordStays: Promised = {
  id: 'MP-04', code: 'INVARIANT_PARTNER_OF_RECORD_CHANGED', origin: 'seed',
  source: 'It does not change the partner of record of any subscription.',
  keptBy: 'src/microsoft/allowed-calls.ts',
};
export const severalPartnersMayServe: Promised = {
  id: 'MP-05', origin: 'seed',
  source: 'A customer that has a CSP Azure subscription may buy further Azure subscriptions through other CSP partners.',
  keptBy: 'src/domain/rules.ts: no rule looks at other partners',
};

// ---- Who may be a customer --------------------------------------------------------------------------------------

export const noResaleToPartner: Rule<InvitationFacts> = {
  id: 'MP-06', code: 'CUSTOMER_IS_CSP_TENANT', origin: 'seed',
  source: 'A CSP partner cannot resell online services to another CSP partner.',
  asks: ({ customer, statedNotCsp }) =>
    refusesWhen(customer.isCspPartner === 'unknown' && !statedNotCsp ? 'yes' : customer.isCspPartner, { customer: customer.name }),
};
export const aSeparateTenantMayBuy: Promised = {
  id: 'MP-07', origin: 'docs',
  source: 'The rule is about the tenant, not the company: a partner company may buy as a customer into a separate non-CSP tenant.',
  keptBy: 'src/domain/rules.ts: only the tenant is asked about',
};
export const noSaleToOneself: Rule<InvitationFacts> = {
  id: 'MP-08', code: 'SELF_RESALE', origin: 'docs',
  source: 'A partner may not be its own customer.',
  asks: ({ customer, partner }) => refusesWhen(customer.id === partner.id),
};

// ---- Who may invite ---------------------------------------------------------------------------------------------

export const roleMayInvite: Rule<DoorFacts> = {
  id: 'MP-10', code: 'ROLE_NOT_ALLOWED', origin: 'seed',
  source: 'To use the feature one must be a Global admin, a User management admin or a Sales agent.',
  asks: ({ inviter }) => refusesWhen(!inviter.roles.some((role) => (rolesThatInvite as readonly string[]).includes(role))),
};
export const adminAgentMayInviteToo: Promised = {
  id: 'MP-11', code: 'ROLE_NOT_ALLOWED', origin: 'docs',
  source: 'A reseller request is sent by an Admin agent or a Sales agent.',
  keptBy: 'src/domain/rules.ts: rolesThatInvite',
};

// ---- Who may answer ---------------------------------------------------------------------------------------------

export const answererIsGlobalAdmin: Rule<AnswerFacts> = {
  id: 'MP-13', code: 'APPROVER_NOT_GLOBAL_ADMIN', origin: 'docs',
  source: 'A Global admin of the invited customer tenant accepts the invitation.',
  asks: ({ person, invitation }) => refusesWhen(!person.roles.includes('globalAdmin'), { customer: invitation.customer.name }),
};
export const answererBelongsToTheCustomer: Rule<AnswerFacts> = {
  id: 'MP-15', code: 'WRONG_TENANT', origin: 'derived',
  source: "The approver's home tenant is the customer tenant of the invitation; holding a card is no authority.",
  asks: ({ person, invitation }) => refusesWhen(person.tenant !== invitation.customer.tenant),
};
export const guestsMayNotAnswer: Rule<AnswerFacts> = {
  id: 'MP-16', code: 'GUEST_NOT_ALLOWED', origin: 'docs',
  source: 'Guest accounts do not work with delegated administration.',
  asks: ({ person }) => refusesWhen(person.isGuest),
};
export const guestsMayNotInvite: Rule<DoorFacts> = { ...guestsMayNotAnswer, asks: ({ inviter }) => refusesWhen(inviter.isGuest) };
export const nobodyAnswersTheirOwnRequest: Rule<AnswerFacts> = {
  id: 'MP-21', code: 'WRONG_TENANT', origin: 'derived',
  source: "Requester and approver are never the same identity; an answer from inside the partner's own tenant is void.",
  asks: ({ person, invitation }) => refusesWhen(person.tenant === invitation.partner.tenant || person.id === invitation.inviter.id),
};
export const rolesAreReadInTheMoment: Promised = {
  id: 'MP-22', origin: 'derived',
  source: 'The right is evaluated at the moment of the act, not when the card was sent.',
  keptBy: 'src/commands: every act that changes something reads the directory in that turn',
};
export const decliningNeedsTheSameRight: Promised = {
  id: 'MP-23', origin: 'derived',
  source: 'Declining may be done by anyone who may approve; a decline is final for that invitation and changes nothing else.',
  keptBy: 'src/domain/decide-answer.ts: one list of rules for both answers',
};

// ---- How a relationship comes to be -----------------------------------------------------------------------------

export const nothingWithoutTheCustomer: Promised = {
  id: 'MP-24', code: 'NOT_APPROVED_BY_CUSTOMER', origin: 'seed',
  source: "The partner invites the customer; nothing happens without the customer's explicit acceptance.",
  keptBy: 'src/commands/ports.ts: no method accepts for a customer',
};
export const microsoftHasTheLastWord: Promised = {
  id: 'MP-25', code: 'AUTHORITY_CONFIRMATION_PENDING', origin: 'docs',
  source: "Acceptance is given in Microsoft's portal; no API lets a partner or a bot accept for the customer.",
  keptBy: 'src/commands/watch-relationships.ts: only a read of the authority establishes',
};
export const theLinkNamesNoCustomer: Promised = {
  id: 'MP-26', origin: 'docs',
  source: 'The reseller link names the partner only and never expires; correlation and expiry are ours.',
  keptBy: 'src/commands/watch-relationships.ts: matched by customer tenant',
};
export const sellingAndManagingAreSeparate: Promised = {
  id: 'MP-29', origin: 'docs',
  source: 'Reseller relationship and delegated administration are separate grants; each may exist without the other.',
  keptBy: 'src/domain/invitation.ts: kind',
};
export const oneOpenInvitation: Rule<InvitationFacts> = {
  id: 'MP-31', code: 'DUPLICATE_PENDING', origin: 'derived',
  source: 'At most one open invitation per partner, customer, kind and cloud.',
  asks: ({ open, customer }) =>
    refusesWhen(open !== undefined, open && { customer: customer.name, date: open.sentAt, reference: open.reference }),
};
export const notYetRelated: Rule<InvitationFacts> = {
  id: 'MP-32', code: 'ALREADY_RELATED', origin: 'derived',
  source: 'A tenant that already is our customer is not asked again.',
  asks: ({ isRelated, customer }) => refusesWhen(isRelated, { customer: customer.name }),
};
export const invitationsAreIndependent: Promised = {
  id: 'MP-33', origin: 'seed',
  source: 'Several partners may serve one customer; their invitations never cancel, block or show one another.',
  keptBy: 'src/domain/rules.ts: no rule looks at other partners',
};
export const newTenantsNeedNoInvitation: Promised = {
  id: 'MP-36', code: 'ALREADY_RELATED', origin: 'docs',
  source: 'Creating a new customer tenant in Partner Center sets up the relationship by itself; the invitation is for existing tenants.',
  keptBy: 'src/domain/rules.ts: notYetRelated',
};
export const notExpired: Rule<AnswerFacts> = {
  id: 'MP-37', code: 'INVITATION_EXPIRED', origin: 'derived',
  source: 'An invitation is answered within its 90 days; afterwards a new one is needed.',
  asks: ({ invitation, now }) =>
    'expiresAt' in invitation && (invitation.state === 'expired' || (isAnswerable(invitation) && Date.parse(invitation.expiresAt) <= now.getTime()))
      ? refusesWhen(true, { date: invitation.expiresAt })
      : 'holds',
};
export const notYetAnswered: Rule<AnswerFacts> = {
  id: 'MP-38', code: 'INVITATION_CLOSED', origin: 'derived',
  source: 'An answered or ended invitation never changes.',
  asks: ({ invitation }) => refusesWhen(!isAnswerable(invitation) && invitation.state !== 'expired', { state: invitation.state }),
};

// ---- Markets, clouds, partner types -----------------------------------------------------------------------------

export const sameMarket: Rule<InvitationFacts> = {
  id: 'MP-39', code: 'MARKET_MISMATCH', origin: 'docs',
  source: 'Partner and customer must be in the same CSP market.',
  asks: ({ partner, customer }) => {
    if (partner.country === 'unknown' || customer.country === 'unknown') return 'unknown';
    const market = marketOf(partner.country);
    return refusesWhen(market === undefined || market !== marketOf(customer.country), {
      partner: partner.name, partnerCountry: partner.country, customer: customer.name, country: customer.country,
    });
  },
};
export const sameCloud: Rule<InvitationFacts> = {
  id: 'MP-41', code: 'CLOUD_MISMATCH', origin: 'docs',
  source: 'Partner and customer must be in the same Microsoft cloud.',
  asks: ({ partner, customer }) =>
    partner.cloud === 'unknown' || customer.cloud === 'unknown'
      ? 'unknown'
      : refusesWhen(customer.cloud !== partner.cloud, { cloud: partner.cloud, customerCloud: customer.cloud }),
};
export const cloudIsCovered: Rule<DoorFacts> = {
  id: 'MP-42', code: 'NOT_AVAILABLE_IN_CLOUD', origin: 'seed',
  source: 'The feature covers the commercial cloud and Partner Center for US Government.',
  asks: ({ partner, cloud, isResellerRequestOffered }) =>
    partner.cloud === 'unknown' && isResellerRequestOffered
      ? 'unknown'
      : refusesWhen(partner.cloud !== cloud || !isResellerRequestOffered, { cloud: partner.cloud }),
};
export const resellersInviteThroughTheirProvider: Rule<DoorFacts> = {
  id: 'MP-46', code: 'NEEDS_INDIRECT_PROVIDER', origin: 'docs',
  source: 'Direct-bill partners and indirect providers transact; an indirect reseller needs its indirect provider.',
  asks: ({ partner }) => refusesWhen(partner.type === 'indirectReseller'),
};
export const partnerHasSigned: Rule<DoorFacts> = {
  id: 'MP-48', code: 'MPA_NOT_SIGNED', origin: 'docs',
  source: 'The partner must be active in CSP and have signed the Microsoft Partner Agreement.',
  asks: ({ partner }) => refusesWhen(partner.hasSignedMpa === 'unknown' ? 'unknown' : partner.hasSignedMpa === 'no'),
};

// ---- Who sees what ----------------------------------------------------------------------------------------------

export const aPartnerSeesItsOwn: Promised = {
  id: 'MP-70', origin: 'docs',
  source: 'A partner sees only its own customers and only the subscriptions it sold.',
  keptBy: 'src/commands/show-my-partners.ts',
};
export const relationshipsAreTwoTierOnly: Promised = {
  id: 'MP-71', origin: 'docs',
  source: "The relationships of a customer that Partner Center lists are the caller's two-tier ones, not all partners.",
  keptBy: 'src/microsoft/allowed-calls.ts: that call is not made',
};
export const onlyTheCustomerSeesAll: Promised = {
  id: 'MP-72', code: 'NOT_VISIBLE', origin: 'docs',
  source: "The full list of a customer's partners is seen only by the customer.",
  keptBy: 'src/commands/show-my-partners.ts',
};
export const noPartnerLearnsOfAnother: Promised = {
  id: 'MP-73', code: 'INVARIANT_CROSS_PARTNER_LEAK', origin: 'derived',
  source: 'No partner learns from us the existence, name or pending invitation of another partner.',
  keptBy: 'src/commands/views.ts: a partner view has no place for it',
};
export const absentDetailsAreNormal: Promised = {
  id: 'MP-74', origin: 'docs',
  source: 'Company address, mail and custom domains of a customer come back only with delegated administration.',
  keptBy: 'src/microsoft: absent fields are unknown, not errors',
};

// ---- Beside the invitation --------------------------------------------------------------------------------------

export const transferIsSeparate: Promised = {
  id: 'MP-84', code: 'TRANSFER_IS_SEPARATE', origin: 'docs',
  source: 'Moving a subscription between partners is a separate process; an invitation never starts it.',
  keptBy: 'src/microsoft/allowed-calls.ts',
};

/** About the person and their own company: asked first and alone. */
export const doorRules = [guestsMayNotInvite, roleMayInvite, cloudIsCovered, partnerHasSigned, resellersInviteThroughTheirProvider] as const;
export const invitationRules = [noSaleToOneself, noResaleToPartner, sameCloud, sameMarket, notYetRelated, oneOpenInvitation] as const;

/** Asked one after another; the first no is the answer, so that a stranger learns nothing about the invitation. */
export const answerRules = [
  nobodyAnswersTheirOwnRequest, answererBelongsToTheCustomer, guestsMayNotAnswer, answererIsGlobalAdmin, notYetAnswered, notExpired,
] as const;

/** What the customer is promised at the moment of consent. */
export const promises = [noSubscriptionChanges, nothingMoves, noTermsChange, partnerOfRecordStays] as const;

export const ruleBook = [
  ...promises, severalPartnersMayServe, noResaleToPartner, aSeparateTenantMayBuy, noSaleToOneself, roleMayInvite, adminAgentMayInviteToo,
  answererIsGlobalAdmin, answererBelongsToTheCustomer, guestsMayNotAnswer, nobodyAnswersTheirOwnRequest, rolesAreReadInTheMoment,
  decliningNeedsTheSameRight, nothingWithoutTheCustomer, microsoftHasTheLastWord, theLinkNamesNoCustomer, sellingAndManagingAreSeparate,
  oneOpenInvitation, notYetRelated, invitationsAreIndependent, newTenantsNeedNoInvitation, notExpired, notYetAnswered, sameMarket, sameCloud,
  cloudIsCovered, resellersInviteThroughTheirProvider, partnerHasSigned, aPartnerSeesItsOwn, relationshipsAreTwoTierOnly,
  onlyTheCustomerSeesAll, noPartnerLearnsOfAnother, absentDetailsAreNormal, transferIsSeparate,
] as const;
