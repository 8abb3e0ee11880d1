/**
 * The rule book of Microsoft Partner Center's multi-partner feature, as of its pages of 2020-05 to 2023-10. Every constant's
 * name is the sentence, and each section stands on a page of its own in `rules/`. Here they are put into the order in which
 * they are asked: door rules look at the person and come first, so that a stranger learns nothing about a customer; then all
 * the others, so that every reason is heard at once. `docs/rules.md` lists them with their words and tests.
 */
import type { Promised, Rule, RuleId } from './rule.js';
import * as beside from './rules/beside.js';
import * as comingToBe from './rules/coming-to-be.js';
import * as delegatedAdmin from './rules/delegated-admin.js';
import * as ending from './rules/ending.js';
import * as marketsAndClouds from './rules/markets-and-clouds.js';
import * as own from './rules/own.js';
import * as whatStays from './rules/what-stays.js';
import * as whoMay from './rules/who-may.js';
import * as whoMayBeACustomer from './rules/who-may-be-a-customer.js';
import * as whoSeesWhat from './rules/who-sees-what.js';

export * from './rules/facts.js';
export * from './rules/beside.js';
export * from './rules/coming-to-be.js';
export * from './rules/delegated-admin.js';
export * from './rules/ending.js';
export * from './rules/markets-and-clouds.js';
export * from './rules/own.js';
export * from './rules/what-stays.js';
export * from './rules/who-may.js';
export * from './rules/who-may-be-a-customer.js';
export * from './rules/who-sees-what.js';

/** About the person and their own company: asked first and alone. */
export const doorRules = [whoMay.guestsMayNotInvite, whoMay.roleMayInvite, marketsAndClouds.cloudIsCovered, marketsAndClouds.partnerHasSigned] as const;

/** About the pair and what is asked for: with these a draft may be kept. */
export const draftRules = [
  whoMayBeACustomer.noSaleToOneself, whoMayBeACustomer.noResaleToPartner, whoMayBeACustomer.ownResellersAreNoCustomers,
  marketsAndClouds.sameCloud, marketsAndClouds.sameMarket, marketsAndClouds.resellersInviteThroughTheirProvider,
  marketsAndClouds.theProviderIsAskedForToo, marketsAndClouds.sameRegionAsProvider,
  comingToBe.notYetRelated, comingToBe.oneOpenInvitation, own.customerTakesRequests, own.noFloodOfRequests,
  marketsAndClouds.noGranularAdminThere, delegatedAdmin.everyRequestHasAName, delegatedAdmin.namesAreUnique, delegatedAdmin.oneDayToTwoYears,
  delegatedAdmin.builtInRolesOnly, delegatedAdmin.globalAdminNeverExtends,
] as const;

/** And who may send it: a sales agent's draft may be handed to somebody who may. */
export const invitationRules = [...draftRules, delegatedAdmin.managingNeedsAnAdminAgent] as const;

/** Asked one after another; the first no is the answer, so that a stranger learns nothing about the invitation. */
export const answerRules = [
  whoMay.nobodyAnswersTheirOwnRequest, whoMay.answererBelongsToTheCustomer, whoMay.guestsMayNotAnswer, whoMay.answererIsGlobalAdmin,
  comingToBe.notYetAnswered, comingToBe.notExpired,
] as const;

export const assignRules = [
  delegatedAdmin.assigningNeedsARole, delegatedAdmin.onlyActiveIsAssigned, delegatedAdmin.onlyApprovedRolesAreAssigned, delegatedAdmin.oneAssignmentPerGroup,
] as const;

/** An indirect reseller answers what its provider prepared. */
export const draftAnswerRules = [delegatedAdmin.providersDraftNeedsAnAdminAgent] as const;

export const removalRules = [ending.eitherSideEndsAccess, delegatedAdmin.onlyActiveIsRemoved] as const;

export const endRules = [
  ending.endingNeedsARole, ending.resellersAskTheirProvider, ending.noActiveSubscriptions, ending.noRunningTerms, ending.noReservations, ending.noSoftware,
] as const;

/** What the customer is promised at the moment of consent. */
export const promises = [whatStays.noSubscriptionChanges, whatStays.nothingMoves, whatStays.noTermsChange, whatStays.partnerOfRecordStays] as const;

/** A sentence that can refuse, or one that holds because of how the product is built. */
export type Entry = Rule<never> | Promised;

const isEntry = (value: unknown): value is Entry => typeof value === 'object' && value !== null && 'source' in value;

/** Every sentence once, by its number. A rule that is asked about two kinds of facts is one sentence. */
export const ruleBook: readonly Entry[] = [
  ...new Map(
    [whatStays, whoMayBeACustomer, whoMay, comingToBe, marketsAndClouds, delegatedAdmin, whoSeesWhat, ending, beside, own]
      .flatMap((page): readonly unknown[] => Object.values(page))
      .filter(isEntry)
      .map((entry): [RuleId, Entry] => [entry.id, entry])
      .reverse(),
  ).values(),
].sort((one, other) => (one.id < other.id ? -1 : 1));
