import { z } from 'zod';
import { attributes, collection, refusal, self, type PartnerCenterWire } from './partner-center-wire.js';
import { removeReseller } from './removal.js';
import { parsed, type Answered, type Asked, type Route } from './route.js';
import { stableId } from './stable-id.js';
import type { State } from './state.js';
import type { Subscription } from './world.js';

const removal = z.strictObject({ relationshipToPartner: z.literal('none'), attributes: z.strictObject({ objectType: z.literal('Customer') }) });

/** What a partner needs to take itself away: the removal, and what stands in its way. */
export const endingRoutes = (state: State, { callerWithUser, ownCustomer }: PartnerCenterWire): readonly Route[] => {
  const remove = (asked: Asked): Answered => {
    const partner = callerWithUser(asked);
    const customer = ownCustomer(asked, partner);
    if (!removal.safeParse(parsed(asked.body)).success) return refusal(400, 2000, 'The request body is not valid.');
    return removeReseller(state, partner.id, customer.id) === 'stillSelling'
      ? refusal(403, 20010, 'The customer still has active subscriptions of this partner.')
      : { status: 200, body: removedCustomer };
  };

  const entitlements = (asked: Asked): Answered => {
    const partner = callerWithUser(asked);
    const customer = ownCustomer(asked, partner);
    const owned = state.subscriptionsOf(customer.id).filter((one) => one.soldBy === partner.id && one.status !== 'deleted');
    return collection(owned.flatMap(entitlementBody), `/customers/${customer.id}/entitlements`);
  };

  return [
    { method: 'patch', path: '/partner-center/v1/customers/:customer', answer: remove },
    { method: 'get', path: '/partner-center/v1/customers/:customer/entitlements', answer: entitlements },
  ];
};

/** The one answer that is written in Pascal case. */
const removedCustomer = {
  Id: null, CommerceId: null, CompanyProfile: null, BillingProfile: null, RelationshipToPartner: 'none', AllowDelegatedAccess: null,
  UserCredentials: null, CustomDomains: null, AssociatedPartnerId: null, Attributes: { ObjectType: 'Customer' },
} as const;

const entitlementTypes: Readonly<Partial<Record<Subscription['family'], string>>> = { reservation: 'VirtualMachineReservedInstance', software: 'software' };

const entitlementBody = ({ id, customer, offer, family, quantity, termEnds }: Subscription): readonly object[] => {
  const entitlementType = entitlementTypes[family];
  return entitlementType === undefined ? [] : [{
    referenceOrder: { id: stableId('order', id), lineItemId: '0', ...self(`/customers/${customer}/orders/${stableId('order', id)}`) },
    productId: stableId('product', offer), skuId: stableId('sku', offer), productTitle: offer, skuTitle: offer, quantity, entitlementType,
    includedEntitlements: [],
    entitledArtifacts: family === 'reservation' ? [{ artifactType: 'virtual_machine_reserved_instance', reservationOrderId: stableId('reservation', id) }] : [],
    expiryDate: termEnds,
    ...attributes('Entitlement'),
  }];
};
