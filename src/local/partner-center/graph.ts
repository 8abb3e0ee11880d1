import { asDomainName, isDomainName } from '../../domain/ids.js';
import { groupOf } from './credentials.js';
import { delegatedAdminRoutes } from './graph-delegated-admin.js';
import { agentGroups, graphGroupRoutes } from './graph-groups.js';
import { graphWire, notFound, refusal, userBody } from './graph-wire.js';
import type { Login } from './login.js';
import { partNumbers } from './part-numbers.js';
import { AnsweredEarly, type Answered, type Asked, type Route } from './route.js';
import { stableId } from './stable-id.js';
import type { State } from './state.js';
import type { Person, Subscription, Tenant } from './world.js';

/** The directory roles of this world, by the template ids that are the same everywhere. */
export const roleTemplates = {
  globalAdmin: { id: '62e90394-69f5-4237-9190-012177145e10', name: 'Global Administrator' },
  userAdmin: { id: 'fe930be7-5e62-47db-91af-98c3a49a38b1', name: 'User Administrator' },
  billingAdmin: { id: 'b0f54661-2d74-4c50-afa3-1ec803f12efe', name: 'Billing Administrator' },
} as const;

/** Microsoft Graph. The token's tenant is the directory that is read; nothing of any other is in the answer. */
export const graphRoutes = (state: State, login: Login, graphUrl: () => string): readonly Route[] => {
  const wire = graphWire(state, login, graphUrl);
  const { directoryOf, one, many } = wire;

  const tenantInformation = (asked: Asked): Answered => {
    const reader = directoryOf(asked);
    const [, by, value = ''] = /^findTenantInformationBy(DomainName\(domainName|TenantId\(tenantId)='([^']*)'\)$/.exec(asked.params['function'] ?? '') ?? [];
    const isByDomain = by?.startsWith('DomainName') === true;
    const found = isByDomain ? (isDomainName(value) ? state.tenantByDomain(asDomainName(value)) : undefined) : state.tenant(value);
    // Tenants of other clouds are found by their id only.
    if (!by || !found || (isByDomain && found.cloud !== reader.cloud)) return refusal(404, 'Directory_ObjectNotFound', 'Unable to find the tenant.');
    return one('microsoft.graph.tenantInformation', { tenantId: found.id, federationBrandName: null, displayName: found.name, defaultDomainName: found.domains[0] }, asked);
  };

  const personIn = (asked: Asked): { readonly tenant: Tenant; readonly person: Person } => {
    const tenant = directoryOf(asked);
    const person = tenant.people.find(({ id }) => id === (asked.params['user'] ?? '').toLowerCase());
    if (!person) throw new AnsweredEarly(notFound);
    return { tenant, person };
  };

  const user = (asked: Asked): Answered => one('users/$entity', userBody(personIn(asked).person), asked);

  const memberOf = (asked: Asked): Answered => {
    const { tenant, person } = personIn(asked);
    return many('directoryObjects', membershipsOf(tenant, person), asked);
  };

  const roleMembers = (asked: Asked): Answered => {
    const tenant = directoryOf(asked);
    const template = /^directoryRoles\(roleTemplateId='([^']+)'\)$/.exec(asked.params['role'] ?? '')?.[1]?.toLowerCase();
    const role = Object.entries(roleTemplates).find(([, { id }]) => id === template)?.[0];
    const members = tenant.people.filter(({ roles }) => roles.some((held) => held === role));
    // A role that nobody holds was never activated in this tenant, and then it does not exist there.
    return members.length === 0 ? notFound : many('directoryObjects', members.map((person) => ({ '@odata.type': '#microsoft.graph.user', ...userBody(person) })), asked);
  };

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
    ...graphGroupRoutes(wire),
    { method: 'get', path: '/graph/v1.0/tenantRelationships/:function', answer: tenantInformation },
    { method: 'get', path: '/graph/v1.0/users/:user', answer: user },
    { method: 'get', path: '/graph/v1.0/users/:user/transitiveMemberOf', answer: memberOf },
    { method: 'get', path: '/graph/v1.0/:role/members', answer: roleMembers },
    { method: 'get', path: '/graph/v1.0/organization', answer: organization },
    { method: 'get', path: '/graph/v1.0/directory/subscriptions', answer: subscriptions },
    { method: 'get', path: '/graph/v1.0/policies/crossTenantAccessPolicy/partners', answer: crossTenantPartners },
  ];
};

/** What a person is in now: directory roles that are active, and groups. */
export const membershipsOf = (tenant: Tenant, { roles }: Person): readonly object[] =>
  roles.flatMap((role): object[] => {
    if (role in roleTemplates) {
      const { id, name } = roleTemplates[role as keyof typeof roleTemplates];
      return [{ '@odata.type': '#microsoft.graph.directoryRole', id: stableId('role', tenant.id, role), displayName: name, roleTemplateId: id }];
    }
    if (!(role in agentGroups)) return [];
    const group = role as keyof typeof agentGroups;
    return [{ '@odata.type': '#microsoft.graph.group', id: groupOf(tenant.id, group), displayName: agentGroups[group], securityEnabled: true }];
  });

const directoryStatus: Readonly<Record<Subscription['status'], string>> = {
  none: 'Enabled', active: 'Enabled', pending: 'Enabled', suspended: 'Suspended', expired: 'Warning', disabled: 'LockedOut', deleted: 'Deleted',
};
