import { z } from 'zod';
import type { RelationshipAuthority } from '../commands/ports.js';
import { asSubscriptionId, isGuid } from '../domain/ids.js';
import type { Accounts } from './accounts.js';
import { isDone, readAs } from './answers.js';
import type { Caller } from './caller.js';
import { partnerCenterItems } from './pages.js';
import { instantOf } from './subscriptions.js';

const auditRecord = z.looseObject({
  customerId: z.string().nullish(),
  operationType: z.string().nullish(),
  operationDate: z.string().nullish(),
  operationStatus: z.string().nullish(),
});
const eligibility = z.looseObject({ id: z.string(), isEligible: z.boolean().nullish() });

/** What Partner Center writes down when a relationship ends. @see Partner Center docs, "Auditing resources" */
const endings: Readonly<Record<'reseller' | 'gdap', readonly string[]>> = {
  reseller: ['remove_partner_customer_relationship', 'remove_partner_relationship'],
  gdap: ['granular_admin_relationship_terminated', 'granular_admin_relationship_expired', 'granular_admin_relationship_cleaned_up'],
};

/** What no event tells: when something ended, and whether what stands in the way of an end could go to another partner. */
export const createLookingBack = (
  call: Caller, { of, partnerCenterApp }: Accounts,
): Pick<RelationshipAuthority, 'whenEnded' | 'transferable'> => ({
  whenEnded: async (partner, customer, kind, since) => {
    // Whole days only, and clocks differ. Microsoft refuses what is more than 90 days ago.
    const startDate = new Date(since.getTime() - 86_400_000).toISOString().slice(0, 10);
    const filter = JSON.stringify({ Field: 'CustomerId', Value: customer, Operator: 'equals' });
    const records = await partnerCenterItems(call, 'auditRecords', { ...partnerCenterApp(partner), query: { startDate, filter } }, auditRecord);
    const ended = records.filter(({ customerId, operationType, operationStatus }) =>
      (customerId ?? customer).toLowerCase() === customer && endings[kind].includes((operationType ?? '').toLowerCase()) && operationStatus?.toLowerCase() !== 'failed');
    return ended.map(({ operationDate }) => instantOf(operationDate)).filter((at) => !Number.isNaN(Date.parse(at))).sort().at(-1);
  },

  transferable: async (partner, customer) => {
    // The one type of transfer that the documentation shows.
    if (of(partner).type !== 'directBill') return 'unknown';
    const answer = await call('transferEligibility', { ...partnerCenterApp(partner), params: { customer }, query: { transferType: 'directtoindirect' } });
    if (!isDone(answer)) return 'unknown';
    const listed = readAs(z.union([z.array(eligibility), z.looseObject({ items: z.array(eligibility) }).transform(({ items }) => items)]), 'transferEligibility', answer);
    return listed.flatMap(({ id, isEligible }) => (isEligible === true && isGuid(id) ? [asSubscriptionId(id)] : []));
  },
});
