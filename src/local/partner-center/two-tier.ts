import { attributes, collection, refusal, type PartnerCenterWire } from './partner-center-wire.js';
import type { Answered, Asked, Route } from './route.js';
import { stableId } from './stable-id.js';
import type { State } from './state.js';
import type { Tenant } from './world.js';

const wireNames = { IsIndirectResellerOf: 'is_indirect_reseller_of', IsIndirectCloudSolutionProviderOf: 'is_indirect_cloud_solution_provider_of' } as const;

/** The two-tier model around the caller: a reseller's providers, or a provider's resellers. */
export const twoTierRoutes = (state: State, { callerWithUser }: PartnerCenterWire): readonly Route[] => {
  const relationships = (asked: Asked): Answered => {
    const partner = callerWithUser(asked);
    const type = asked.url.searchParams.get('relationship_type') ?? '';
    if (type !== 'IsIndirectResellerOf' && type !== 'IsIndirectCloudSolutionProviderOf') return refusal(400, 2000, 'The relationship_type is not valid.');
    const others = state.tenants().filter(({ id, csp }) =>
      type === 'IsIndirectResellerOf' ? partner.csp?.providers.includes(id) : csp?.providers.includes(partner.id));
    return collection(others.map((other) => relationshipBody(other, wireNames[type])), `/relationships?relationship_type=${type}`);
  };

  return [{ method: 'get', path: '/partner-center/v1/relationships', answer: relationships }];
};

const relationshipBody = ({ id, name, country }: Tenant, relationshipType: string) => ({
  id, name, relationshipType, state: 'Active', mpnId: String(Number.parseInt(stableId('partner id', id).slice(0, 6), 16)), location: country,
  ...attributes('PartnerRelationship'),
});
