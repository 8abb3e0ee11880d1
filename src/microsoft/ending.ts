import { z } from 'zod';
import type { RelationshipAuthority } from '../commands/ports.js';
import type { Blocker } from '../domain/delegated-admin.js';
import type { Accounts } from './accounts.js';
import { isDone } from './answers.js';
import type { Caller } from './caller.js';
import { partnerCenterItems } from './pages.js';
import { isNotOurs, refusedByPartnerCenter } from './refusals.js';
import { instantOf, soldSubscription, type SoldSubscription } from './subscriptions.js';

const entitlement = z.looseObject({
  entitlementType: z.string().nullish(),
  productTitle: z.string().nullish(),
  skuTitle: z.string().nullish(),
  expiryDate: z.string().nullish(),
  referenceOrder: z.looseObject({ id: z.string().nullish() }).nullish(),
});
type Entitlement = z.output<typeof entitlement>;

const entitlementCodes: Readonly<Record<string, Blocker['code']>> = { virtualmachinereservedinstance: 'ACTIVE_RESERVATIONS', software: 'ACTIVE_SOFTWARE' };
const newCommerce = 'onlineservicesnce';
const over: readonly string[] = ['expired', 'deleted', 'disabled'];

/** The one word of a customer that this product ever changes at Partner Center, and nothing next to it. */
const noRelationship = { relationshipToPartner: 'none', attributes: { objectType: 'Customer' } };

/** The end of a reseller relationship, and what stands in its way. Nothing is suspended or cancelled to clear the way (MP-80). */
export const createEnding = (call: Caller, { partnerCenter }: Accounts): Pick<RelationshipAuthority, 'removalBlockers' | 'removeRelationship'> => ({
  removalBlockers: async (partner, customer) => {
    const asking = { ...partnerCenter(partner), params: { customer } };
    const [sold, owned] = await Promise.all([
      partnerCenterItems(call, 'listSubscriptions', asking, soldSubscription, isNotOurs),
      partnerCenterItems(call, 'entitlements', asking, entitlement, isNotOurs),
    ]);
    const standing = owned.filter((one) => codeOf(one) && !sold.some((other) => areOneThing(one, other) && over.includes(statusOf(other))));
    const others = sold.filter((one) => !standing.some((other) => areOneThing(other, one)));
    return [...others.flatMap(subscriptionBlocker), ...standing.flatMap(entitlementBlocker)];
  },

  removeRelationship: async (partner, customer) => {
    const answer = await call('removeRelationship', { ...partnerCenter(partner), params: { customer }, body: noRelationship });
    return isDone(answer) || isNotOurs(answer) ? 'removed' : refusedByPartnerCenter(answer);
  },
});

const statusOf = ({ status }: SoldSubscription): string => (status ?? '').toLowerCase();
const nameOf = ({ offerName, friendlyName }: SoldSubscription): string => offerName || friendlyName || '';
const titleOf = ({ productTitle, skuTitle }: Entitlement): string => productTitle || skuTitle || '';
const codeOf = ({ entitlementType }: Entitlement): Blocker['code'] | undefined => entitlementCodes[(entitlementType ?? '').toLowerCase()];

/** Some purchases are listed twice, as a subscription and as what it entitles to. */
const areOneThing = (owned: Entitlement, sold: SoldSubscription): boolean =>
  Boolean(sold.orderId) && owned.referenceOrder?.id === sold.orderId && titleOf(owned) === nameOf(sold);

/** Suspended new commerce is still billed and blocks; for legacy subscriptions suspending is enough (MP-78). */
const subscriptionBlocker = (wire: SoldSubscription): Blocker[] => {
  const [status, isNewCommerce] = [statusOf(wire), wire.productType?.id?.toLowerCase() === newCommerce];
  if (status !== 'active' && !(isNewCommerce && status === 'suspended')) return [];
  return [{ code: isNewCommerce ? 'NCE_NOT_CANCELLED' : 'ACTIVE_SUBSCRIPTIONS', name: nameOf(wire), until: instantOf(wire.commitmentEndDate) }];
};

const entitlementBlocker = (wire: Entitlement): Blocker[] => {
  const code = codeOf(wire);
  return code ? [{ code, name: titleOf(wire), until: instantOf(wire.expiryDate) }] : [];
};
