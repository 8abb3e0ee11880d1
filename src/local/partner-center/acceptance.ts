import type { TenantId } from '../../domain/ids.js';
import { areInOneMarket } from './markets.js';
import type { State } from './state.js';
import type { Person, Tenant } from './world.js';

export type Refusal = 'notAGlobalAdmin' | 'guest' | 'notAPartner' | 'ownTenant' | 'cspTenant' | 'otherCloud' | 'otherMarket';

export type Acceptance =
  | { readonly is: 'accepted' | 'already'; readonly since: string }
  | { readonly is: 'refused'; readonly why: Refusal };

const refusalOf = (partner: Tenant | undefined, customer: Tenant, person: Person): Refusal | undefined => {
  if (person.guest) return 'guest';
  if (!person.roles.includes('globalAdmin')) return 'notAGlobalAdmin';
  if (!partner?.csp) return 'notAPartner';
  if (partner.id === customer.id) return 'ownTenant';
  if (customer.csp) return 'cspTenant';
  if (partner.cloud !== customer.cloud) return 'otherCloud';
  return areInOneMarket(partner.country, customer.country) ? undefined : 'otherMarket';
};

/** What happens at Microsoft when somebody presses Accept: only here does a relationship begin. */
export const accept = (state: State, partnerId: TenantId, { tenant, person }: { readonly tenant: Tenant; readonly person: Person }): Acceptance => {
  const why = refusalOf(state.tenant(partnerId), tenant, person);
  if (why) return { is: 'refused', why };
  const existing = state.resellerGrant(partnerId, tenant.id);
  if (existing) return { is: 'already', since: existing.since };
  const since = state.now().toISOString();
  state.addGrant({ kind: 'reseller', partner: partnerId, customer: tenant.id, since });
  return { is: 'accepted', since };
};
