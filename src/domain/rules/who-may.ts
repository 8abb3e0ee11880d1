import { refusesWhen, type Promised, type Rule } from '../rule.js';
import { rolesThatInvite, type AnswerFacts, type DoorFacts } from './facts.js';

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

export const answererIsGlobalAdmin: Rule<AnswerFacts> = {
  id: 'MP-13', code: 'APPROVER_NOT_GLOBAL_ADMIN', origin: 'docs',
  source: 'A Global admin of the invited customer tenant accepts the invitation.',
  asks: ({ person, invitation }) => refusesWhen(!person.roles.includes('globalAdmin'), { customer: invitation.customer.name, ...(person.eligible?.includes('globalAdmin') && { eligible: 'yes' }) }),
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
  keptBy: 'src/commands: every act that changes something reads the directory in that turn; only giving up an unsent draft goes on without an answer',
};
export const decliningNeedsTheSameRight: Promised = {
  id: 'MP-23', origin: 'derived',
  source: 'Declining may be done by anyone who may approve; a decline is final for that invitation and changes nothing else.',
  keptBy: 'src/domain/decide-answer.ts: one list of rules for both answers',
};
