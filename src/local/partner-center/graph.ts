import { randomUUID } from 'node:crypto';
import { asDomainName, isDomainName } from '../../domain/ids.js';
import { groupOf } from './credentials.js';
import type { Login } from './login.js';
import { partNumbers } from './part-numbers.js';
import { AnsweredEarly, type Answered, type Asked, type Route } from './route.js';
import { stableId } from './stable-id.js';
import type { State } from './state.js';
import type { GdapGrant, Person, Subscription, Tenant } from './world.js';

const refusal = (status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): Answered => {
  const id = randomUUID();
  return { status, body: { error: { code, message, innerError: { date: new Date().toISOString(), 'request-id': id, 'client-request-id': id } } }, headers };
};
const notFound = refusal(404, 'Request_ResourceNotFound', 'The resource does not exist or one of its queried reference-property objects are not present.');

const roleTemplates = {
  globalAdmin: { id: '62e90394-69f5-4237-9190-012177145e10', name: 'Global Administrator' },
  userAdmin: { id: 'fe930be7-5e62-47db-91af-98c3a49a38b1', name: 'User Administrator' },
  billingAdmin: { id: 'b0f54661-2d74-4c50-afa3-1ec803f12efe', name: 'Billing Administrator' },
} as const;
const groupNames = { adminAgent: 'AdminAgents', salesAgent: 'SalesAgents', helpdeskAgent: 'HelpdeskAgents' } as const;

/** Microsoft Graph. The token's tenant is the directory that is read; nothing of any other is in the answer. */
export const graphRoutes = (state: State, login: Login, graphUrl: () => string): readonly Route[] => {
  const directoryOf = (asked: Asked): Tenant => {
    const token = login.tokenIn(asked, 'graph');
    const tenant = token && state.tenant(token.tenant);
    if (!tenant) throw new AnsweredEarly(refusal(401, 'InvalidAuthenticationToken', 'Access token is missing, invalid or expired.', { 'www-authenticate': 'Bearer error="invalid_token"' }));
    return tenant;
  };
  const one = (type: string, fields: object, { url }: Asked): Answered => ({
    status: 200, body: { '@odata.context': `${graphUrl()}/v1.0/$metadata#${type}`, ...selected(fields, url) },
  });
  const many = (type: string, items: readonly object[], { url }: Asked): Answered => {
    const size = Math.min(Number(url.searchParams.get('$top')) || 100, 300);
    const from = Number(url.searchParams.get('$skiptoken')) || 0;
    const following = new URL(`${graphUrl()}${url.pathname.replace(/^\/graph/, '')}${url.search}`);
    following.searchParams.set('$skiptoken', String(from + size));
    return {
      status: 200,
      body: {
        '@odata.context': `${graphUrl()}/v1.0/$metadata#${type}`,
        ...(items.length > from + size && { '@odata.nextLink': following.href }),
        value: items.slice(from, from + size).map((item) => selected(item, url)),
      },
    };
  };

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
    const held = state.subscriptions().filter(({ customer }) => customer === tenant.id);
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
    const providers = new Set(state.grants().filter(({ customer }) => customer === tenant.id).map(({ partner }) => partner));
    return many('policies/crossTenantAccessPolicy/partners', [...providers].map((tenantId) => ({ tenantId, isServiceProvider: true, isInMultiTenantOrganization: false })), asked);
  };

  const delegatedAdmin = (asked: Asked): Answered => {
    const partner = directoryOf(asked);
    const filter = asked.url.searchParams.get('$filter');
    const wanted = (filter?.split(/\s+and\s+/) ?? []).map((part) => /^(status|customer\/tenantId) eq '([^']*)'$/.exec(part.trim()));
    if (wanted.includes(null)) return refusal(400, 'BadRequest', 'Invalid filter clause.');
    const relationships = state.grants()
      .filter((grant): grant is GdapGrant => grant.kind === 'gdap' && grant.partner === partner.id)
      .map((grant) => delegatedAdminBody(grant, state.tenant(grant.customer), state.now()))
      .filter((body) => wanted.every((part) => (part?.[1] === 'status' ? body.status : body.customer.tenantId) === part?.[2]));
    return many('tenantRelationships/delegatedAdminRelationships', relationships, asked);
  };

  return [
    { method: 'get', path: '/graph/v1.0/tenantRelationships/delegatedAdminRelationships', answer: delegatedAdmin },
    { method: 'get', path: '/graph/v1.0/tenantRelationships/:function', answer: tenantInformation },
    { method: 'get', path: '/graph/v1.0/users/:user', answer: user },
    { method: 'get', path: '/graph/v1.0/users/:user/transitiveMemberOf', answer: memberOf },
    { method: 'get', path: '/graph/v1.0/:role/members', answer: roleMembers },
    { method: 'get', path: '/graph/v1.0/organization', answer: organization },
    { method: 'get', path: '/graph/v1.0/directory/subscriptions', answer: subscriptions },
    { method: 'get', path: '/graph/v1.0/policies/crossTenantAccessPolicy/partners', answer: crossTenantPartners },
  ];
};

const selected = (item: object, url: URL): object => {
  const fields = url.searchParams.get('$select')?.split(',');
  return fields ? Object.fromEntries(Object.entries(item).filter(([name]) => name.startsWith('@') || fields.includes(name))) : item;
};

const userBody = ({ id, name, mail, locale, guest }: Person) => ({
  id, displayName: name, mail: mail ?? null, userPrincipalName: mail ?? null, userType: guest ? 'Guest' : 'Member', accountEnabled: true, preferredLanguage: locale,
});

const membershipsOf = (tenant: Tenant, { roles }: Person): readonly object[] =>
  roles.flatMap((role): object[] => {
    if (role in roleTemplates) {
      const { id, name } = roleTemplates[role as keyof typeof roleTemplates];
      return [{ '@odata.type': '#microsoft.graph.directoryRole', id: stableId('role', tenant.id, role), displayName: name, roleTemplateId: id }];
    }
    if (!(role in groupNames)) return [];
    const group = role as keyof typeof groupNames;
    return [{ '@odata.type': '#microsoft.graph.group', id: groupOf(tenant.id, group), displayName: groupNames[group], securityEnabled: true }];
  });

const directoryStatus: Readonly<Record<Subscription['status'], string>> = {
  none: 'Enabled', active: 'Enabled', pending: 'Enabled', suspended: 'Suspended', expired: 'Warning', disabled: 'LockedOut', deleted: 'Deleted',
};

const extensionMs = 180 * 24 * 60 * 60 * 1000;

/** With auto-extend the end moves by 180 days whenever it comes. */
const endOf = ({ until, autoExtend }: GdapGrant, now: Date): Date => {
  const end = Date.parse(until);
  const late = now.getTime() - end;
  return new Date(autoExtend && late >= 0 ? end + (Math.floor(late / extensionMs) + 1) * extensionMs : end);
};

const delegatedAdminBody = (grant: GdapGrant, customer: Tenant | undefined, now: Date) => {
  const end = endOf(grant, now);
  const days = Math.round((Date.parse(grant.until) - Date.parse(grant.since)) / 86_400_000);
  return {
    '@odata.type': '#microsoft.graph.delegatedAdminRelationship',
    '@odata.etag': stableId('etag', JSON.stringify(grant)),
    id: `${stableId('gdap', grant.partner, grant.customer, grant.name)}-${grant.customer}`,
    displayName: grant.name,
    duration: `P${days}D`,
    autoExtendDuration: grant.autoExtend ? 'P180D' : 'PT0S',
    customer: { tenantId: grant.customer, displayName: customer?.name },
    accessDetails: { unifiedRoles: grant.roles.map((roleDefinitionId) => ({ roleDefinitionId })) },
    status: now.toISOString() < grant.since ? 'activating' : now < end ? 'active' : 'expired',
    createdDateTime: grant.since,
    lastModifiedDateTime: grant.since,
    activatedDateTime: grant.since,
    endDateTime: end.toISOString(),
  };
};
