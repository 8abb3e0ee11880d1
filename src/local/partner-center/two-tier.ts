import { attributes, collection, refusal, self, type PartnerCenterWire } from './partner-center-wire.js';
import type { Answered, Asked, Route } from './route.js';
import { stableId } from './stable-id.js';
import type { State } from './state.js';
import type { Tenant } from './world.js';

const wireNames = { IsIndirectResellerOf: 'is_indirect_reseller_of', IsIndirectCloudSolutionProviderOf: 'is_indirect_cloud_solution_provider_of' } as const;

/** The PartnerID of a company in the program; the same in every run. */
export const partnerIdOf = ({ id }: Tenant): string => String(1_000_000 + Number.parseInt(stableId('partner id', id).slice(0, 5), 16));

const shares = (state: State, { id }: Tenant, customer: Tenant): boolean => state.resellerGrant(id, customer.id) !== undefined;

/** The provider's own resellers that sell to the customer, or are on record for what was sold. */
export const resellersOf = (state: State, provider: Tenant, customer: Tenant): readonly Tenant[] => {
  const onRecord = state.subscriptionsOf(customer.id).flatMap(({ soldBy, partnerOfRecord }) => (soldBy === provider.id && partnerOfRecord !== undefined ? partnerOfRecord : []));
  const near = new Set([...onRecord, ...state.grantsTo(customer.id).map(({ partner }) => partner)]);
  return [...near].flatMap((id) => state.tenant(id) ?? []).filter(({ csp }) => csp?.providers.includes(provider.id));
};

/** The reseller's own providers that sell to the customer. */
export const providersOf = (state: State, reseller: Tenant, customer: Tenant): readonly Tenant[] =>
  (reseller.csp?.providers ?? []).flatMap((id) => state.tenant(id) ?? []).filter((provider) => shares(state, provider, customer));

/** The two-tier model around the caller: a reseller's providers, or a provider's resellers. */
export const twoTierRoutes = (state: State, { callerWithUser, ownCustomer }: PartnerCenterWire): readonly Route[] => {
  const relationships = (asked: Asked): Answered => {
    const partner = callerWithUser(asked);
    const type = asked.url.searchParams.get('relationship_type') ?? '';
    if (type !== 'IsIndirectResellerOf' && type !== 'IsIndirectCloudSolutionProviderOf') return refusal(400, 2000, 'The relationship_type is not valid.');
    const others = state.tenants().filter(({ id, csp }) =>
      type === 'IsIndirectResellerOf' ? partner.csp?.providers.includes(id) : csp?.providers.includes(partner.id));
    return collection(others.map((other) => relationshipBody(other, wireNames[type])), `/relationships?relationship_type=${type}`);
  };

  /** Not all partners of the customer: only those of the caller's own two tiers (MP-71). */
  const aroundCustomer = (asked: Asked): Answered => {
    const partner = callerWithUser(asked);
    const customer = ownCustomer(asked, partner);
    return collection([
      ...resellersOf(state, partner, customer).map((other) => relationshipBody(other, wireNames.IsIndirectCloudSolutionProviderOf)),
      ...providersOf(state, partner, customer).map((other) => relationshipBody(other, wireNames.IsIndirectResellerOf)),
    ], `/customers/${customer.id}/relationships`);
  };

  const partnerProfile = (asked: Asked): Answered => {
    const partner = callerWithUser(asked);
    if (!partner.csp) return refusal(404, '60003', 'The profile was not found.');
    return { status: 200, body: { profileType: 'mpn_profile', mpnId: partnerIdOf(partner), partnerName: partner.name, ...self('/profiles/mpn'), ...attributes('PartnerMpnProfile') } };
  };

  return [
    { method: 'get', path: '/partner-center/v1/relationships', answer: relationships },
    { method: 'get', path: '/partner-center/v1/customers/:customer/relationships', answer: aroundCustomer },
    { method: 'get', path: '/partner-center/v1/profiles/mpn', answer: partnerProfile },
  ];
};

const relationshipBody = (other: Tenant, relationshipType: string) => ({
  id: other.id, name: other.name, relationshipType, state: 'Active', mpnId: partnerIdOf(other), location: other.country,
  ...attributes('PartnerRelationship'),
});
