import { asDomainName, isDomainName } from '../../domain/ids.js';
import { delegatedAdminRoutes } from './graph-delegated-admin.js';
import { graphCustomerRoutes } from './graph-customers.js';
import { graphGroupRoutes } from './graph-groups.js';
import { graphRoleRoutes } from './graph-roles.js';
import { graphWire, refusal, userBody } from './graph-wire.js';
import type { Login } from './login.js';
import { partNumbers } from './part-numbers.js';
import type { Answered, Asked, Route } from './route.js';
import { stableId } from './stable-id.js';
import type { State } from './state.js';
import type { Subscription } from './world.js';

export { roleTemplates } from './graph-roles.js';

/** Microsoft Graph. The token's tenant is the directory that is read; nothing of any other is in the answer. */
export const graphRoutes = (state: State, login: Login, graphUrl: () => string, pageSize: () => number): readonly Route[] => {
  const wire = graphWire(state, login, graphUrl, pageSize);
  const { directoryOf, personIn, one, many } = wire;

  const tenantInformation = (asked: Asked): Answered => {
    const reader = directoryOf(asked);
    const [, by, value = ''] = /^findTenantInformationBy(DomainName\(domainName|TenantId\(tenantId)='([^']*)'\)$/.exec(asked.params['function'] ?? '') ?? [];
    const isByDomain = by?.startsWith('DomainName') === true;
    const found = isByDomain ? (isDomainName(value) ? state.tenantByDomain(asDomainName(value)) : undefined) : state.tenant(value);
    // Tenants of other clouds are found by their id only.
    if (!by || !found || (isByDomain && found.cloud !== reader.cloud)) return refusal(404, 'Directory_ObjectNotFound', 'Unable to find the tenant.');
    return one('microsoft.graph.tenantInformation', { tenantId: found.id, federationBrandName: null, displayName: found.name, defaultDomainName: found.domains[0] }, asked);
  };

  const user = (asked: Asked): Answered => one('users/$entity', userBody(personIn(asked).person), asked);

  const organization = (asked: Asked): Answered => {
    const { id, name, country, domains } = directoryOf(asked);
    return many('organization', [{ id, displayName: name, countryLetterCode: country, verifiedDomains: domains.map((domain, at) => ({ name: domain, isDefault: at === 0 })) }], asked);
  };

  const subscriptions = (asked: Asked): Answered => {
    const tenant = directoryOf(asked);
    const held = state.subscriptionsOf(tenant.id);
    return many('directory/subscriptions', held.map((subscription) => ({
      id: stableId('directory', subscription.id),
      commerceSubscriptionId: subscription.id,
      ownerId: null,
      ownerTenantId: subscription.soldBy === 'microsoft' ? '' : subscription.soldBy,
      ownerType: 'User',
      skuId: stableId('sku', subscription.offer),
      skuPartNumber: partNumbers[subscription.offer] ?? subscription.offer.replaceAll(' ', '_'),
      totalLicenses: subscription.quantity,
      status: directoryStatus[subscription.status],
      isTrial: false,
      createdDateTime: subscription.soldBy === 'microsoft' ? null : (state.resellerGrant(subscription.soldBy, tenant.id)?.since ?? null),
      nextLifecycleDateTime: subscription.termEnds,
      serviceStatus: [],
    })), asked);
  };

  const crossTenantPartners = (asked: Asked): Answered => {
    const tenant = directoryOf(asked);
    const administered = state.relationshipsTo(tenant.id).flatMap(({ relationship, status }) => (status === 'active' ? relationship : []));
    const providers = new Set([...state.grantsTo(tenant.id), ...administered].map(({ partner }) => partner));
    return many('policies/crossTenantAccessPolicy/partners', [...providers].map((tenantId) => ({ tenantId, isServiceProvider: true, isInMultiTenantOrganization: false })), asked);
  };

  return [
    ...delegatedAdminRoutes(state, wire),
    ...graphCustomerRoutes(state, wire),
    ...graphGroupRoutes(wire),
    ...graphRoleRoutes(state, wire),
    { method: 'get', path: '/graph/v1.0/tenantRelationships/:function', answer: tenantInformation },
    { method: 'get', path: '/graph/v1.0/users/:user', answer: user },
    { method: 'get', path: '/graph/v1.0/organization', answer: organization },
    { method: 'get', path: '/graph/v1.0/directory/subscriptions', answer: subscriptions },
    { method: 'get', path: '/graph/v1.0/policies/crossTenantAccessPolicy/partners', answer: crossTenantPartners },
  ];
};

/** What a person is in now: directory roles that are active, and groups. */
export const directoryStatus: Readonly<Record<Subscription['status'], string>> = {
  none: 'Enabled', active: 'Enabled', pending: 'Enabled', suspended: 'Suspended', expired: 'Warning', disabled: 'LockedOut', deleted: 'Deleted',
};
