import { halvesOf, isAnswerable } from '../invitation.js';
import { refusesWhen, type Promised, type Rule } from '../rule.js';
import type { AnswerFacts, InvitationFacts } from './facts.js';

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
export const customersSignTheAgreement: Promised = {
  id: 'MP-28', code: 'MCA_REQUIRED', origin: 'docs',
  source: 'The customer accepts the Microsoft Customer Agreement; one that has not is asked while accepting.',
  keptBy: 'src/bot/words: said before the press',
};
export const sellingAndManagingAreSeparate: Promised = {
  id: 'MP-29', origin: 'docs',
  source: 'Reseller relationship and delegated administration are separate grants; each may exist without the other.',
  keptBy: 'src/domain/invitation.ts: two halves, each seen on its own',
};
export const oneOpenInvitation: Rule<InvitationFacts> = {
  id: 'MP-31', code: 'DUPLICATE_PENDING', origin: 'derived',
  source: 'At most one open invitation per partner, customer, kind and cloud.',
  asks: ({ open, customer, asks }) => {
    const [same] = open.filter(({ halves }) => halvesOf(asks).some((half) => halves.includes(half)));
    return refusesWhen(same !== undefined, same && { customer: customer.name, date: same.sentAt, reference: same.reference });
  },
};
export const notYetRelated: Rule<InvitationFacts> = {
  id: 'MP-32', code: 'ALREADY_RELATED', origin: 'derived',
  source: 'A tenant that already is our customer is not asked again.',
  asks: ({ isRelated, asks, customer }) => (asks.sell ? refusesWhen(isRelated, { customer: customer.name }) : 'holds'),
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
