import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { asTenantId, isGuid } from '../../domain/ids.js';
import { daysIn, type Relationship } from './relationship.js';
import type { State } from './state.js';

const guid = z.string().refine(isGuid, 'is not a GUID').transform(asTenantId);
export const providerDraft = z.strictObject({
  provider: guid, reseller: guid, customer: guid,
  name: z.string().max(50).refine((text) => text.trim() !== '', 'is not a name'),
  roles: z.array(z.string().refine(isGuid, 'is not a role template id (a GUID)').transform((role) => role.toLowerCase())).min(1, 'needs at least one role'),
  days: z.int().refine((days) => daysIn(`P${days}D`) !== undefined, 'is not a number of days from 1 to 730'),
});
export type ProviderDraft = z.output<typeof providerDraft>;

/** An indirect provider prepares delegated administration for its reseller: it waits for the reseller, and then for the customer. */
export const prepareDraft = (state: State, { provider, reseller, customer, name, roles, days }: ProviderDraft): Relationship | 'noSuchTwoTiers' | 'nameTaken' => {
  const isTwoTier = state.tenant(provider)?.csp?.type === 'indirectProvider' && isResellerOf(state, reseller, provider);
  const buyer = state.tenant(customer);
  if (!isTwoTier || !buyer || buyer.csp) return 'noSuchTwoTiers';
  if (state.relationshipsOf(reseller).some(({ relationship }) => relationship.name === name)) return 'nameTaken';
  const created = state.now().toISOString();
  const relationship: Relationship = {
    id: `${randomUUID()}-${randomUUID()}`, partner: reseller, customer, provider, name, duration: `P${days}D`, autoExtend: 'PT0S', roles: [...new Set(roles)], created,
    requests: [{ ...state.stepOf(0), id: randomUUID(), action: 'lockForApproval', created }], assignments: [],
  };
  state.putRelationship(relationship);
  return relationship;
};

const isResellerOf = (state: State, reseller: string, provider: ProviderDraft['provider']): boolean => {
  const csp = state.tenant(reseller)?.csp;
  return csp?.type === 'indirectReseller' && csp.providers.includes(provider);
};
