import { z } from 'zod';
import type { Answer, Subscription } from '../domain/facts.js';
import { asSubscriptionId, asTenantId, isGuid, type TenantId } from '../domain/ids.js';
import type { PartnerAccount } from './options.js';
import { productNames } from './product-names.js';

/** What Partner Center says about a subscription. @see Partner Center docs, "Subscription resources" */
export const soldSubscription = z.looseObject({
  id: z.guid(),
  offerName: z.string().nullish(),
  friendlyName: z.string().nullish(),
  quantity: z.number().nullish(),
  status: z.string().nullish(),
  commitmentEndDate: z.string().nullish(),
  creationDate: z.string().nullish(),
  autoRenewEnabled: z.boolean().nullish(),
  partnerId: z.string().nullish(),
  orderId: z.string().nullish(),
  productType: z.looseObject({ id: z.string().nullish() }).nullish(),
});
export type SoldSubscription = z.output<typeof soldSubscription>;

/** What the customer's own directory says. @see Graph docs, "companySubscription resource type" */
export const heldSubscription = z.looseObject({
  id: z.string().nullish(),
  commerceSubscriptionId: z.guid(),
  skuPartNumber: z.string().nullish(),
  ownerTenantId: z.string().nullish(),
  totalLicenses: z.number().nullish(),
  status: z.string().nullish(),
  createdDateTime: z.string().nullish(),
  nextLifecycleDateTime: z.string().nullish(),
});

// Old samples have stray blanks inside dates; what is no date at all is kept as it is.
export const instantOf = (text: string | null | undefined): string => {
  const at = Date.parse((text ?? '').replaceAll(' ', ''));
  return Number.isNaN(at) ? (text ?? '').trim() : new Date(at).toISOString();
};

const since = (text: string | null | undefined): Pick<Subscription, 'since'> => (text ? { since: instantOf(text) } : {});
const yesOrNo = (value: boolean | null | undefined): Answer => (value === undefined || value === null ? 'unknown' : value ? 'yes' : 'no');

/** The partner's view: it sold this, or Microsoft would not show it. */
export const asSold = ({ tenant, type }: PartnerAccount) => (wire: SoldSubscription): Subscription => ({
  id: asSubscriptionId(wire.id),
  offer: wire.offerName || wire.friendlyName || '',
  soldBy: tenant,
  partnerOfRecord: isGuid(wire.partnerId) ? asTenantId(wire.partnerId) : !wire.partnerId && type === 'directBill' ? tenant : 'unknown',
  quantity: wire.quantity ?? 0,
  status: (wire.status ?? '').toLowerCase(),
  termEnds: instantOf(wire.commitmentEndDate),
  autoRenew: yesOrNo(wire.autoRenewEnabled),
  ...since(wire.creationDate),
});

/** The customer's view: every subscription with its seller; who is partner of record is not in it. */
export const asHeld = (customer: TenantId) => (wire: z.output<typeof heldSubscription>): Subscription => ({
  id: asSubscriptionId(wire.commerceSubscriptionId),
  offer: nameOf(wire.skuPartNumber ?? ''),
  soldBy: sellerOf(wire.ownerTenantId ?? '', customer),
  partnerOfRecord: 'unknown',
  quantity: wire.totalLicenses ?? 0,
  status: statusOf(wire.status ?? ''),
  termEnds: instantOf(wire.nextLifecycleDateTime),
  autoRenew: 'unknown',
  ...since(wire.createdDateTime),
});

const nameOf = (partNumber: string): string => productNames[partNumber.toUpperCase()] ?? partNumber.replaceAll('_', ' ').trim();

const sellerOf = (owner: string, customer: TenantId): Subscription['soldBy'] => {
  if (owner === '') return 'microsoft';
  if (!isGuid(owner)) return 'unknown';
  return asTenantId(owner) === customer ? 'microsoft' : asTenantId(owner);
};

// The directory says Enabled where Partner Center says active.
const statusOf = (status: string): string => (status.toLowerCase() === 'enabled' ? 'active' : status.toLowerCase());
