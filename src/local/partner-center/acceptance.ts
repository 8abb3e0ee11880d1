import type { TenantId } from '../../domain/ids.js';
import { areInOneMarket } from './markets.js';
import { holds } from './roles-held.js';
import type { State } from './state.js';
import type { Person, Tenant } from './world.js';

export type Refusal = 'notAGlobalAdmin' | 'guest' | 'notAPartner' | 'ownTenant' | 'cspTenant' | 'otherCloud' | 'otherMarket' | 'notItsProvider' | 'otherRegion';

export type Acceptance =
  | { readonly is: 'accepted' | 'already'; readonly since: string }
  | { readonly is: 'refused'; readonly why: Refusal };

const refusalOf = (partner: Tenant | undefined, customer: Tenant, person: Person): Refusal | undefined => {
  if (person.guest) return 'guest';
  if (!holds(person, 'globalAdmin')) return 'notAGlobalAdmin';
  if (!partner?.csp) return 'notAPartner';
  if (partner.id === customer.id) return 'ownTenant';
  if (customer.csp) return 'cspTenant';
  if (partner.cloud !== customer.cloud) return 'otherCloud';
  return areInOneMarket(partner.country, customer.country) ? undefined : 'otherMarket';
};

/** In the two-tier model the provider sells, and the reseller is its own. */
const refusalOfProvider = (reseller: Tenant | undefined, provider: Tenant | undefined, customer: Tenant): Refusal | undefined => {
  const isItsProvider = provider?.csp?.type === 'indirectProvider' && reseller?.csp?.type === 'indirectReseller' && reseller.csp.providers.includes(provider.id);
  if (!isItsProvider) return 'notItsProvider';
  if (provider.cloud !== customer.cloud) return 'otherCloud';
  return areInOneMarket(reseller.country, provider.country) ? undefined : 'otherRegion';
};

type SignedIn = { readonly tenant: Tenant; readonly person: Person };

/**
 * What happens at Microsoft when somebody presses Accept: only here does a relationship begin.
 * @param providerId for an indirect reseller: its provider, accepted together with it or not at all (MP-47)
 */
export const accept = (state: State, partnerId: TenantId, { tenant, person }: SignedIn, providerId?: TenantId): Acceptance => {
  const partner = state.tenant(partnerId);
  const why = refusalOf(partner, tenant, person) ?? (providerId && refusalOfProvider(partner, state.tenant(providerId), tenant));
  if (why) return { is: 'refused', why };
  const standing = [partnerId, ...(providerId ? [providerId] : [])].map((one) => ({ partner: one, existing: state.resellerGrant(one, tenant.id)?.since }));
  const since = state.now().toISOString();
  const missing = standing.filter(({ existing }) => existing === undefined);
  for (const { partner: one } of missing) state.addGrant({ kind: 'reseller', partner: one, customer: tenant.id, since }, providerId !== undefined);
  if (missing.length > 0) return { is: 'accepted', since };
  return { is: 'already', since: standing.map(({ existing = '' }) => existing).reduce((one, other) => (one > other ? one : other)) };
};
