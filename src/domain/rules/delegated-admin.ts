import { asksForEverything, entraRoleOf, longestDays, longestName } from '../delegated-admin.js';
import type { Person } from '../facts.js';
import { refusesWhen, type Promised, type Rule } from '../rule.js';
import type { AssignFacts, InvitationFacts, RemovalFacts } from './facts.js';

export const managingNeedsAnAdminAgent: Rule<InvitationFacts> = {
  id: 'MP-12', code: 'GDAP_NEEDS_ADMIN_AGENT', origin: 'docs',
  source: 'Creating, finalising or ending a delegated administration relationship needs Admin agent.',
  asks: ({ asks, inviter }) => refusesWhen(asks.manage !== undefined && !inviter.roles.includes('adminAgent')),
};
export const providersDraftNeedsAnAdminAgent: Rule<{ readonly person: Person }> = {
  ...managingNeedsAnAdminAgent, asks: ({ person }) => refusesWhen(person.isGuest || !person.roles.includes('adminAgent')),
};
export const managingIsApprovedByGlobalAdmin: Promised = {
  id: 'MP-14', code: 'APPROVER_NOT_GLOBAL_ADMIN', origin: 'docs',
  source: 'Only a Global admin of the customer approves delegated administration.',
  keptBy: 'src/domain/rules/who-may.ts: one rule for both halves',
};
export const assigningNeedsARole: Rule<AssignFacts> = {
  id: 'MP-20', code: 'ROLE_NOT_ALLOWED', origin: 'docs',
  source: 'A Global admin, User management admin or Admin agent of the partner assigns approved roles to security groups.',
  asks: ({ person }) => refusesWhen(!person.roles.some((role) => role === 'globalAdmin' || role === 'userAdmin' || role === 'adminAgent')),
};
export const eachRequestHasItsOwnLink: Promised = {
  id: 'MP-27', code: 'LINK_ALREADY_USED', origin: 'docs',
  source: 'The link for delegated administration belongs to one relationship and works for one customer, once.',
  keptBy: 'src/microsoft/delegated-admin.ts: bound to the customer when it is created',
};
export const azureNeedsNoAdmin: Promised = {
  id: 'MP-30', origin: 'docs',
  source: 'A partner that only manages Azure subscriptions it provisions itself needs no admin permissions.',
  keptBy: 'src/domain/delegated-admin.ts: selling asks for no roles, and the Azure template for the least',
};
export const namesAreUnique: Rule<InvitationFacts> = {
  id: 'MP-34', code: 'GDAP_NAME_TAKEN', origin: 'docs',
  source: "Several delegated administrations between two tenants are normal; each name is unique over all of the partner's.",
  asks: ({ asks, isNameTaken }) => (asks.manage ? refusesWhen(isNameTaken, { name: asks.manage.name }) : 'holds'),
};
export const noAccessToOthersAzure: Promised = {
  id: 'MP-35', code: 'INVARIANT_ACCESS_LEAK', origin: 'docs',
  source: 'Acceptance gives the new partner no access to Azure subscriptions that other partners provisioned.',
  keptBy: 'src/microsoft/allowed-calls.ts: no call touches a subscription',
};
export const oneDayToTwoYears: Rule<InvitationFacts> = {
  id: 'MP-51', code: 'GDAP_DURATION_OUT_OF_RANGE', origin: 'docs',
  source: 'Delegated administration lasts from one day to two years.',
  asks: ({ asks: { manage } }) => refusesWhen(manage !== undefined && !(Number.isInteger(manage.days) && manage.days >= 1 && manage.days <= longestDays)),
};
export const everyRequestHasAName: Rule<InvitationFacts> = {
  id: 'MP-52', code: 'GDAP_NAME_INVALID', origin: 'docs',
  source: 'A delegated administration has a name of at most 50 characters, which the customer sees.',
  asks: ({ asks: { manage } }) => refusesWhen(manage !== undefined && (manage.name.trim() === '' || manage.name.length > longestName)),
};
export const builtInRolesOnly: Rule<InvitationFacts> = {
  id: 'MP-53', code: 'GDAP_ROLE_INVALID', origin: 'docs',
  source: 'At least one role is asked for, and only Microsoft Entra built-in ones; the least that does the job.',
  asks: ({ asks: { manage } }) => {
    if (!manage) return 'holds';
    const isTooMuch = asksForEverything(manage.roles) && !manage.roleReason?.trim();
    return refusesWhen(manage.roles.length === 0 || manage.roles.some((role) => !entraRoleOf(role)) || isTooMuch, { needs: isTooMuch ? 'reason' : 'role' });
  },
};
export const extendsBySixMonthsOrNot: Promised = {
  id: 'MP-54', code: 'GDAP_AUTOEXTEND_INVALID', origin: 'docs',
  source: 'Auto-extend is off or six months; off unless somebody says otherwise.',
  keptBy: 'src/microsoft/allowed-calls.ts: no other value can be sent',
};
export const globalAdminNeverExtends: Rule<InvitationFacts> = {
  id: 'MP-55', code: 'GDAP_AUTOEXTEND_WITH_GLOBAL_ADMIN', origin: 'docs',
  source: 'A delegated administration that contains Global Administrator cannot auto-extend.',
  asks: ({ asks: { manage } }) => refusesWhen(manage !== undefined && manage.autoExtends && asksForEverything(manage.roles)),
};
export const extensionIsSwitchedAtMicrosoft: Promised = {
  id: 'MP-56', code: 'GDAP_WRONG_STATE', origin: 'docs',
  source: 'Auto-extend can be switched without the consent of the customer while a relationship is active.',
  keptBy: 'src/microsoft/allowed-calls.ts: the product never switches it on behind a customer; it asks anew',
};
export const lockedIsLocked: Promised = {
  id: 'MP-57', code: 'GDAP_WRONG_STATE', origin: 'docs',
  source: 'Once locked for approval a request cannot be edited.',
  keptBy: 'src/commands/send-invitation.ts: a change is a new request, and the old one is superseded',
};
export const unansweredRequestsVanish: Promised = {
  id: 'MP-58', code: 'INVITATION_EXPIRED', origin: 'docs',
  source: 'A request for delegated administration that nobody answers expires after 90 days and vanishes.',
  keptBy: 'src/commands/expire-invitations.ts',
};
export const allOrNothing: Promised = {
  id: 'MP-59', code: 'PARTIAL_APPROVAL', origin: 'docs',
  source: 'The customer approves all requested roles or none.',
  keptBy: 'src/commands/suggest-less.ts: less access is a new, smaller request',
};
export const onlyApprovedRolesAreAssigned: Rule<AssignFacts> = {
  id: 'MP-60', code: 'ROLE_NOT_IN_GRANT', origin: 'docs',
  source: 'Approval alone gives nobody access: approved roles are mapped to a security group, and only approved ones.',
  asks: ({ relationship, roles }) => refusesWhen(roles.length === 0 || roles.some((role) => !relationship.roles.some((approved) => approved.toLowerCase() === role.toLowerCase()))),
};
export const oneAssignmentPerGroup: Rule<AssignFacts> = {
  id: 'MP-61', code: 'ASSIGNMENT_EXISTS', origin: 'docs',
  source: 'A security group has one active assignment per relationship.',
  asks: ({ assignments, group }) => refusesWhen(assignments.some((one) => one.group === group && (one.status === 'pending' || one.status === 'active'))),
};
export const bothSidesAreWarned: Promised = {
  id: 'MP-62', origin: 'docs',
  source: 'Both sides are warned before delegated administration ends.',
  keptBy: 'src/commands/warn-before-end.ts',
};
export const onlyActiveIsAssigned: Rule<AssignFacts> = {
  id: 'MP-63', code: 'GDAP_WRONG_STATE', origin: 'docs',
  source: 'An expired or terminated delegated administration cannot be revived: a new one is requested.',
  asks: ({ relationship: { status } }) => refusesWhen(status !== 'active', { status }),
};
export const onlyActiveIsRemoved: Rule<RemovalFacts> = { ...onlyActiveIsAssigned, asks: ({ status }) => refusesWhen(status !== 'active', { status }) };
export const endingChangesNoSubscription: Promised = {
  id: 'MP-64', code: 'INVARIANT_SUBSCRIPTION_CHANGED', origin: 'docs',
  source: 'The end of delegated administration changes no subscription.',
  keptBy: 'src/microsoft/allowed-calls.ts',
};
export const legacyAdminHasNoEnd: Promised = {
  id: 'MP-65', origin: 'docs',
  source: 'Legacy delegated administration has no end date and gives the partner Global Administrator.',
  keptBy: 'src/bot/words: said where a cloud forces it (MP-43)',
};
export const legacyAdminIsRetired: Promised = {
  id: 'MP-66', code: 'DAP_RETIRED', origin: 'docs',
  source: 'Legacy delegated administration is being retired; granular delegated administration is offered instead.',
  keptBy: 'src/microsoft/allowed-calls.ts: nothing asks for the legacy kind',
};
export const granularWins: Promised = {
  id: 'MP-67', origin: 'docs',
  source: 'Where both kinds exist, the granular one wins for people in its groups.',
  keptBy: 'src/bot/words: the explanation of delegated administration',
};
export const eachTierAsksItself: Promised = {
  id: 'MP-68', code: 'PARTNER_CONSENT_PENDING', origin: 'docs',
  source: "A provider's delegated administration is not inherited by its reseller; each asks for its own.",
  keptBy: 'src/domain/invitation.ts: an invitation asks for one partner',
};
export const enterpriseAgreementsAreNotCovered: Promised = {
  id: 'MP-69', origin: 'docs',
  source: 'Delegated administration does not cover Enterprise Agreement subscriptions.',
  keptBy: 'src/bot/words: the explanation of delegated administration',
};
