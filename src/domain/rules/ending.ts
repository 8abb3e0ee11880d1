import type { Blocker } from '../delegated-admin.js';
import { refusesWhen, type Promised, type Rule, type Verdict } from '../rule.js';
import { rolesThatInvite, type EndFacts, type RemovalFacts } from './facts.js';

const listed = (blockers: readonly Blocker[], ...codes: readonly Blocker['code'][]): Verdict => {
  const found = blockers.filter(({ code }) => codes.includes(code));
  return refusesWhen(found.length > 0, { n: String(found.length), list: found.map(({ name }) => name).join('\n'), until: found.map(({ until }) => until).join('\n') });
};

export const resellersAskTheirProvider: Rule<EndFacts> = {
  id: 'MP-17', code: 'INDIRECT_RESELLER_CANNOT_REMOVE', origin: 'docs',
  source: 'A direct-bill partner or an indirect provider removes the reseller relationship; an indirect reseller asks its provider.',
  asks: ({ partner }) => refusesWhen(partner.type === 'indirectReseller'),
};
export const endingNeedsARole: Rule<EndFacts> = {
  ...resellersAskTheirProvider, code: 'ROLE_NOT_ALLOWED',
  asks: ({ person }) => refusesWhen(person.isGuest || !person.roles.some((role) => (rolesThatInvite as readonly string[]).includes(role))),
};
export const customersTakeAccessAway: Promised = {
  id: 'MP-18', origin: 'docs',
  source: "The customer may take admin privileges away at any time without the partner's consent; the reseller relationship stays.",
  keptBy: 'src/commands/end-together.ts: nobody of the partner is asked',
};
export const eitherSideEndsAccess: Rule<RemovalFacts> = {
  id: 'MP-19', code: 'ROLE_NOT_ALLOWED', origin: 'docs',
  source: 'Delegated administration is ended by an Admin agent of the partner or a Global admin of the customer.',
  asks: ({ person, side }) => refusesWhen(person.isGuest || !person.roles.includes(side === 'partner' ? 'adminAgent' : 'globalAdmin')),
};
export const noActiveSubscriptions: Rule<EndFacts> = {
  id: 'MP-76', code: 'ACTIVE_SUBSCRIPTIONS', origin: 'docs',
  source: "A reseller relationship is removed only when none of that partner's own subscriptions for the customer is active.",
  asks: ({ blockers }) => listed(blockers, 'ACTIVE_SUBSCRIPTIONS'),
};
export const noReservations: Rule<EndFacts> = {
  id: 'MP-77', code: 'ACTIVE_RESERVATIONS', origin: 'docs',
  source: 'Azure reservations and software purchases are cancelled first.',
  asks: ({ blockers }) => listed(blockers, 'ACTIVE_RESERVATIONS'),
};
export const noSoftware: Rule<EndFacts> = { ...noReservations, code: 'ACTIVE_SOFTWARE', asks: ({ blockers }) => listed(blockers, 'ACTIVE_SOFTWARE') };
export const noRunningTerms: Rule<EndFacts> = {
  id: 'MP-78', code: 'NCE_NOT_CANCELLED', origin: 'docs',
  source: 'New-commerce subscriptions block until they are cancelled, which is possible only shortly after purchase or renewal.',
  asks: ({ blockers }) => listed(blockers, 'NCE_NOT_CANCELLED'),
};
export const othersAreUntouched: Promised = {
  id: 'MP-79', origin: 'docs',
  source: "After removal the customer leaves the partner's list, its privileges end, and no other partner is touched.",
  keptBy: 'src/commands/end-together.ts: only the one pair is named',
};
export const blockersAreNeverCleared: Promised = {
  id: 'MP-80', code: 'ACTIVE_SUBSCRIPTIONS', origin: 'derived',
  source: 'The bot never suspends or cancels a subscription to make a removal possible.',
  keptBy: 'src/microsoft/allowed-calls.ts',
};
export const supportDutiesStay: Promised = {
  id: 'MP-81', origin: 'docs',
  source: 'After the customer withdraws admin rights the partner stays responsible for support; Azure role assignments stay until they are removed.',
  keptBy: 'src/bot/words: the consequences shown before the act',
};
export const comingBackIsANewRequest: Promised = {
  id: 'MP-82', origin: 'docs',
  source: 'Coming back after removal is a completely new request and acceptance.',
  keptBy: 'src/domain/invitation.ts: a final state never changes',
};
