import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Operation } from '../../../src/microsoft/allowed-calls.js';
import { operationOf } from '../../helpers/operations.js';
import * as at from '../../local/partner-center/a-sandbox.js';
import { anAccount, counted, ScriptedMicrosoft, type Heard } from '../../microsoft/a-client.js';
import type { PartnerAccount } from '../../../src/microsoft/microsoft.js';
import { PREPARED_NAME, RESERVED, SERVICE_SUPPORT, theWorld, USER_ADMINISTRATOR, type Backend, type Line } from './backend.js';

const twoGuids = (number: number): string => `11111111-1111-4111-8111-11111111111${number}-22222222-2222-4222-8222-22222222222${number}`;
const [draftId, preparedId, requestId, assignmentId, operationId, testId] = [twoGuids(3), twoGuids(4), 'q1', 'a1', 'o1', '7fa1f0a3-1ff8-4a86-8fd5-a42ee3dc2d4b'];
const groups = { adminAgents: 'aaaaaaaa-1111-4000-8000-000000000001', salesAgents: 'aaaaaaaa-1111-4000-8000-000000000002' };
const names = { support: twoGuids(1), operations: twoGuids(2), group: 'aaaaaaaa-2222-4000-8000-00000000000a', otherGroup: 'aaaaaaaa-2222-4000-8000-00000000000b', adminAgents: groups.adminAgents };
const now = Date.parse('2026-11-23T08:00:00Z');
/** A pause that Microsoft asks for ends only where time goes on. */
const begun = performance.now();
const signer = generateKeyPairSync('rsa', { modulusLength: 2048 });
const world = theWorld();
const tenants = new Map(world.tenants.map((tenant) => [tenant.id, tenant]));

type Script = Readonly<Record<Operation, (asked: Asked, done: Done) => Line>>;
/** `by`: the tenant whose token a call came with. */
type Asked = { readonly by: string; readonly params: Readonly<Record<string, string>>; readonly query: URLSearchParams; readonly body: Record<string, never>; readonly headers: Heard['headers'] };
type Draft = { readonly displayName: string; readonly duration: string; readonly autoExtendDuration: string; readonly customer: object; readonly accessDetails: object; status: string };

/** What writes have done so far; the answers after them tell of it. */
class Done {
  readonly removed = new Set<string>();
  readonly ended = new Set<string>();
  draft: Draft | undefined;
  hasLocked = false;
  locksIn = 0;
  isPrepared = false;
  answered: string | undefined;
  hasStopped = false;
  roles: object | undefined;
  changes = 0;
  registration: object | undefined;
  readonly idTokens = new Map<string, string>();
}

// ---- the documented samples, as they are written there: in both letter cases, with blanks, nulls and fields left out -----

const ok = (body: unknown): Line => ({ status: 200, body });
/** The code is a number in samples and text in the documentation. */
const no = (status: number, code: number | string): Line => ({ status, body: { code, description: 'The request was refused.', data: [], source: 'PartnerApiServiceCore' } });
const graphNo = (status: number, code: string): Line =>
  ({ status, body: { error: { code, message: 'No.', innererror: { date: '2026-11-22T12:00:00', 'request-id': 'x', innerError: { code: 'nested' } } } } });
const gone = graphNo(404, 'Request_ResourceNotFound');
/** Links are relative and lack the version. */
const collection = (items: readonly object[]): Line =>
  ok({ totalCount: items.length, items, links: { self: { uri: '/customers?size=500', method: 'GET', headers: [] } }, attributes: { objectType: 'Collection' } });
const many = (type: string, value: readonly object[]): Line => ok({ '@odata.context': `https://graph.microsoft.com/v1.0/$metadata#${type}`, value });
const roles = (...ids: readonly string[]) => ({ unifiedRoles: ids.map((roleDefinitionId) => ({ roleDefinitionId })) });

const isRelated = (partner: string, customer: string, { removed }: Done): boolean =>
  !removed.has(`${partner} ${customer}`) && world.grants.some((grant) => grant.kind === 'reseller' && grant.partner === partner && grant.customer === customer);
const ownOf = (asked: Asked, done: Done, answer: () => Line): Line => (isRelated(asked.by, asked.params['customer'] ?? '', done) ? answer() : no(403, 20002));

const customer = (id: string) => ({
  id, commerceId: null, companyProfile: { tenantId: id, domain: tenants.get(id)?.domains?.[0], companyName: tenants.get(id)?.name, links: { self: { uri: `/customers/${id}/profiles/company`, method: 'GET', headers: [] } } },
  relationshipToPartner: 'reseller', allowDelegatedAccess: null, associatedPartnerId: null, attributes: { objectType: 'Customer' },
});

const sold = [
  {
    id: at.E3, soldBy: at.NORTHWIND, offerName: 'Office 365 E3', friendlyName: 'nickname', quantity: 120, status: 'active', creationDate: '2023-04-01T00:00:00Z', commitmentEndDate: ' 2027-03-31 T00:00:00Z',
    autoRenewEnabled: true, orderId: 'A1B2', productType: { id: 'OnlineServicesNCE', displayName: 'Online Services NCE' }, suspensionReasons: null, attributes: { etag: 'eyJpZ', objectType: 'Subscription' },
  },
  { id: RESERVED, soldBy: at.NORTHWIND, offerName: 'Reserved VM', quantity: 1, status: 'active', commitmentEndDate: '2028-01-01T00:00:00Z', autoRenewEnabled: true, orderId: 'C3D4', productType: { id: 'OnlineServices' } },
];

const relationship = (id: string, name: string, of: string, more: object = {}) => ({
  '@odata.type': '#microsoft.graph.delegatedAdminRelationship', '@odata.etag': 'W/"JyIyMDAwNDZi"', id, displayName: name, duration: 'P365D', autoExtendDuration: '00:00:00',
  customer: { tenantId: of.toUpperCase(), displayName: null }, accessDetails: roles(USER_ADMINISTRATOR.toUpperCase()), status: 'active',
  createdDateTime: '2026-03-03T00:00:00Z', activatedDateTime: '2026-03-03T00:00:00Z', endDateTime: '2027-03-03T00:00:00Z', ...more,
});

const relationshipsOf = (partner: string, done: Done): readonly Readonly<Record<string, unknown>>[] => {
  const stands = (id: string) => (done.ended.has(id) ? { status: 'terminationRequested' } : {});
  if (partner === at.NORTHWIND) {
    return [
      relationship(names.support, 'Support', at.CONTOSO, { accessDetails: roles(USER_ADMINISTRATOR.toUpperCase(), SERVICE_SUPPORT), ...stands(names.support) }),
      relationship(names.operations, 'Operations', at.GERMAN, { autoExtendDuration: done.hasStopped ? 'PT0S' : 'P180D', ...stands(names.operations) }),
    ];
  }
  // Before activation a date is null, or an empty text.
  if (partner === at.FABRIKAM && done.draft) return [{ '@odata.type': '#microsoft.graph.delegatedAdminRelationship', '@odata.etag': 'W/"1"', id: draftId, activatedDateTime: '', endDateTime: null, ...done.draft }];
  if (partner === at.RESELLER && done.isPrepared && done.answered !== 'reject') {
    return [relationship(preparedId, PREPARED_NAME, at.CONTOSO, {
      '@odata.type': '#microsoft.graph.resellerDelegatedAdminRelationship', status: 'approvalPending', isPartnerConsentPending: done.answered === undefined, indirectProviderTenantId: at.PROVIDER, activatedDateTime: '', endDateTime: '',
    })];
  }
  return [];
};
const standing = ({ by, params }: Asked, done: Done, answer: (found: object) => Line = ok): Line => {
  const found = relationshipsOf(by, done).find(({ id }) => id === params['relationship']);
  return found ? answer(found) : gone;
};

const person = (tenant: string, id: string) => {
  const found = tenants.get(tenant)?.people?.find((one) => one.id === id);
  return found && { '@odata.type': '#microsoft.graph.user', id, displayName: found.name, mail: found.mail ?? null, userType: found.guest ? 'Guest' : 'Member', accountEnabled: true, preferredLanguage: null };
};
const people = (tenant: string, ...ids: readonly string[]) => many('directoryObjects', ids.flatMap((id) => person(tenant, id) ?? []));
const scheduled = (wanted: string, role: string, { query }: Asked) =>
  many('roleManagement/directory', query.get('$filter') === `principalId eq '${wanted}'` ? [{ id: 's', principalId: wanted, roleDefinitionId: role, directoryScopeId: '/', appScopeId: null }] : []);
const tenantInformation = (id: string | undefined): Line => {
  const found = tenants.get(id ?? '');
  return found ? ok({ tenantId: found.id, federationBrandName: null, displayName: found.name, defaultDomainName: found.domains?.[0] }) : graphNo(404, 'Directory_ObjectNotFound');
};

const script: Script = {
  token: ({ params, query }) => ok({
    token_type: 'Bearer', expires_in: '3599', ext_expires_in: '3599', expires_on: '1795424399', not_before: '1795420499', resource: query.get('resource'), access_token: `token-of-${params['tenant']}`,
  }),
  codeForTokens: ({ query }, done) => !done.idTokens.has(query.get('code') ?? '') ? { status: 400, body: { error: 'invalid_grant', error_codes: [54005] } } : ok({ token_type: 'Bearer', scope: 'openid profile', expires_in: 3599, access_token: 'a', id_token: done.idTokens.get(query.get('code') ?? '') ?? '' }),
  signingKeys: () => ok({ keys: [{ ...signer.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', x5c: ['MIIC'] }, { kty: 'EC', crv: 'P-256', kid: 'k2', x: 'x', y: 'y' }] }),
  openIdConfiguration: ({ params }) => {
    const found = [...tenants.values()].find(({ id, domains }) => id === params['tenant'] || domains?.includes(params['tenant'] ?? ''));
    if (!found) return { status: 400, body: { error: 'invalid_tenant', error_codes: [90002] } };
    const region = found.cloud === 'usGov' ? { tenant_region_scope: 'USGov', tenant_region_sub_scope: 'DODCON' } : { tenant_region_scope: 'EU', tenant_region_sub_scope: null };
    return ok({ issuer: `https://login.microsoftonline.com/${found.id}/v2.0`, ...region, cloud_instance_name: 'microsoftonline.com' });
  },

  relationshipRequest: ({ by, query }) => {
    const [provider, reseller] = [query.get('indirectCloudSolutionProviderId'), query.get('indirectResellerId')];
    const asks = provider && reseller ? `IndirectResellerRelationship&partnerId=${reseller}&msppId=4847383&indirectCSPId=${provider}` : `ResellerRelationship&partnerId=${by}&msppId=0`;
    return ok({ url: `https://admin.microsoft.com/Adminportal/Home?invType=${asks}&DAP=false#/BillingAccounts/partner-invitation`, attributes: { objectType: 'RelationshipRequest' } });
  },
  listCustomers: ({ by, query }, done) => {
    const filter = JSON.parse(query.get('filter') ?? 'null') as { Field: string; Value: string } | null;
    const isWanted = ({ companyProfile: { domain, companyName } }: ReturnType<typeof customer>): boolean =>
      !filter || ((filter.Field === 'Domain' ? domain : companyName) ?? '').toLowerCase().startsWith(filter.Value.toLowerCase());
    return collection([at.LITWARE, at.CONTOSO, at.GERMAN].filter((id) => isRelated(by, id, done)).map(customer).filter(isWanted).map(({ relationshipToPartner: _left, ...out }) => out));
  },
  getCustomer: (asked, done) => ownOf(asked, done, () => ok({ ...customer(asked.params['customer'] ?? ''), billingProfile: { email: null, culture: 'en-US', defaultAddress: { country: 'TR' } }, customDomains: null })),
  listSubscriptions: (asked, done) => ownOf(asked, done, () => collection(asked.params['customer'] === at.CONTOSO ? sold.filter(({ soldBy }) => soldBy === asked.by) : [])),
  entitlements: (asked, done) => ownOf(asked, done, () => collection([
    { referenceOrder: { id: 'C3D4', lineItemId: '0' }, productTitle: 'Reserved VM', skuTitle: '', quantity: 1, entitlementType: 'VirtualMachineReservedInstance', expiryDate: '2028-01-01T00:00:00Z' },
    { entitlementType: 'something new', expiryDate: null },
  ])),
  removeRelationship: (asked, done) => ownOf(asked, done, () => ok({
    Id: null, CommerceId: null, CompanyProfile: null, BillingProfile: null, RelationshipToPartner: 'none', AllowDelegatedAccess: null, UserCredentials: null, CustomDomains: null, AssociatedPartnerId: null, Attributes: { ObjectType: 'Customer' },
  })),
  secondTier: (asked, done) => ownOf(asked, done, () => collection([{ id: at.PROVIDER.toUpperCase(), name: 'Provider', relationshipType: 'IsIndirectResellerOf', state: 'Active', mpnId: 4847383, location: 'TR' }])),
  transferEligibility: (asked, done) => ownOf(asked, done, () => ok([{ id: at.E3, isEligible: true }, { id: RESERVED, isEligible: false, reason: 'Legacy.' }])),
  auditRecords: ({ by }, done) => collection([...done.removed].filter((key) => key.startsWith(by)).map((key) => ({
    id: `${key.replace(' ', '_')}_remove`, partnerId: by, customerId: key.split(' ')[1]?.toUpperCase(), customerName: null, userPrincipalName: 'admin@northwind.com', resourceType: 'partner_customer_relationship',
    operationType: 'remove_partner_customer_relationship', operationDate: '2026-11-22T12:00:00.1234567Z', operationStatus: 'succeeded', customizedData: [],
  }))),
  partnerships: ({ by, query }) => collection(by === at.RESELLER && query.get('relationship_type') === 'IsIndirectResellerOf' ? [{ id: at.PROVIDER, name: 'Provider', relationshipType: 'is_indirect_reseller_of', state: 'active', partnerId: '4847383', location: 'tr' }] : []),
  legalBusinessProfile: () => ok({ profileType: 'legal_business_profile', companyName: 'Fabrikam', address: { country: 'tr' }, vettingStatus: 'authorized' }),
  partnerProfile: () => ok({ profileType: 'mpn_profile', mpnId: ' 4847383 ', partnerName: 'Reseller' }),
  agreementStatus: () => ok({ isAgreementSigned: true }),

  webhookEvents: () => ok(['test-created', 'granular-admin-relationship-approved', 'invoice-ready']),
  webhookRegistration: (_asked, done) => (done.registration ? ok(done.registration) : no(404, '1000')),
  registerWebhook: ({ body }, done) => (done.registration ? no(409, 3000) : ok({ SubscriberId: testId, ...body })),
  changeWebhook: ({ body }, done) => (done.registration ? ok({ SubscriberId: testId, ...body }) : no(404, 1000)),
  askTestEvent: () => ok({ correlationId: testId }),
  testEvent: ({ params }) => (params['event'] === testId ? ok({ correlationId: testId, status: 'completed', callbackUrl: 'x', results: [{ responseCode: 'OK', responseMessage: '', systemError: false, dateTimeUtc: '2026-11-22T12:00:00' }] }) : no(404, 1000)),

  tenantByDomain: ({ params, by }) => tenantInformation([...tenants.values()].find(({ domains, cloud }) => domains?.includes(params['domain'] ?? '') && cloud === tenants.get(by)?.cloud)?.id),
  tenantById: ({ params }) => tenantInformation(params['tenant']),

  listDelegatedAdmin: ({ by, query }, done) => {
    const name = /^displayName eq '(.*)'$/.exec(query.get('$filter') ?? '')?.[1]?.replaceAll("''", "'");
    return many('tenantRelationships/delegatedAdminRelationships', relationshipsOf(by, done).filter(({ displayName }) => name === undefined || displayName === name));
  },
  createDelegatedAdmin: (asked, done) => (done.draft ? graphNo(409, 'Conflict') : { status: 201, body: relationshipsOf(asked.by, draftedBy(asked))[0] }),
  getDelegatedAdmin: (asked, done) => {
    if (done.hasLocked && done.draft && (done.locksIn -= 1) < 0) done.draft.status = 'approvalPending';
    return standing(asked, done);
  },
  stopAutoExtend: (asked, done) => standing(asked, done, (found) => ok({ ...found, autoExtendDuration: 'PT0S' })),
  deleteDraft: (asked, done) => standing(asked, done, () => ({ status: 204 })),
  listRequests: (asked, done) => standing(asked, done, () => many('requests', [
    ...(done.hasLocked ? [{ id: requestId, action: 'lockForApproval', status: 'succeeded' }] : []), ...(done.ended.has(asked.params['relationship'] ?? '') ? [{ id: 'q2', action: 'terminate', status: 'pending' }] : []),
    ...(done.answered === undefined ? [] : [{ id: 'q3', action: done.answered, status: 'created' }]),
  ])),
  requestDelegatedAdmin: (asked, done) => standing(asked, done, () => ({ status: 201, body: { id: requestId, action: asked.body['action'], status: 'created', createdDateTime: '2026-11-22T12:00:00Z' } })),
  answerProviderDraft: (asked, done) => standing(asked, done, () => ({ status: 201, body: { id: 'q3', action: asked.headers.prefer === 'include-unknown-enum-members' ? asked.body['action'] : 'unknownFutureValue', status: 'created' } })),
  getRequest: () => ok({ id: requestId, action: 'lockForApproval', status: 'pending' }),
  listAssignments: (asked, done) => standing(asked, done, () => many('accessAssignments', [
    ...(done.roles ? [assignment(done)] : []), { id: 'a0', status: 'deleted', accessContainer: { accessContainerId: names.otherGroup }, accessDetails: null },
  ])),
  assignAccess: (asked, done) => standing(asked, done, () => (done.roles ? graphNo(409, 'Conflict') : { status: 201, body: { ...assignment(done), accessDetails: asked.body['accessDetails'], status: 'pending' } })),
  changeAssignment: (asked, done) => standing(asked, done, () => (asked.headers['if-match'] === assignment(done)['@odata.etag'] ? { status: 202, headers: { location: `https://graph.microsoft.com/v1.0/x/operations/${operationId}`, 'retry-after': '10' } } : graphNo(412, 'PreconditionFailed'))),
  deleteAssignment: (asked, done) => standing(asked, done, () => (done.roles ? { status: 204 } : gone)),
  assignmentOperation: ({ params }) => (params['operation'] === operationId ? ok({ id: operationId, operationType: 'delegatedAdminAccessAssignmentUpdate', status: 'notStarted', data: '{}' }) : gone),
  delegatedAdminCustomers: ({ by }) => many('delegatedAdminCustomers', by === at.NORTHWIND ? [{ id: at.CONTOSO, tenantId: at.CONTOSO.toUpperCase(), displayName: 'Contoso & <Sons>' }, { id: at.GERMAN, tenantId: at.GERMAN, displayName: 'Proseware' }] : []),

  user: ({ by, params }) => {
    const found = person(by, params['user'] ?? '');
    return found ? ok(found) : gone;
  },
  memberOf: ({ params }) => many('directoryObjects', {
    [at.ELIF]: [{ '@odata.type': '#microsoft.graph.group', id: groups.salesAgents, displayName: 'SalesAgents' }, { '@odata.type': '#microsoft.graph.group', id: names.group, displayName: 'AdminAgents' }, { '@odata.type': '#microsoft.graph.administrativeUnit', id: 'odd' }],
    [at.AYSE]: [{ '@odata.type': '#microsoft.graph.directoryRole', id: 'r', displayName: 'Company Administrator', roleTemplateId: '62e90394-69f5-4237-9190-012177145e10' }],
    [at.BILL]: [{ '@odata.type': '#microsoft.graph.directoryRole', id: 'r', roleTemplateId: 'B0F54661-2D74-4C50-AFA3-1EC803F12EFE' }],
  }[params['user'] ?? ''] ?? []),
  activeRoles: (asked) => scheduled(at.BILL, 'B0F54661-2D74-4C50-AFA3-1EC803F12EFE', asked),
  eligibleRoles: (asked) => scheduled(at.BILL, '62e90394-69f5-4237-9190-012177145e10', asked),
  securityGroups: () => many('groups', [
    ...Object.entries(groups).map(([name, id]) => ({ id, displayName: name })), { id: names.group, displayName: 'M365 Support', securityEnabled: true, description: null }, { id: names.otherGroup, displayName: 'Azure Operations' },
  ]),
  groupMembers: ({ params, by }) => (params['group'] === groups.adminAgents ? people(by, at.MURAT) : gone),
  roleMembers: ({ by }) => (by === at.CONTOSO ? people(by, at.AYSE, at.GUEST) : gone),
  organization: ({ by }) => many('organization', [{ id: by, displayName: tenants.get(by)?.name, countryLetterCode: tenants.get(by)?.country?.toLowerCase() }]),
  directorySubscriptions: () => many('directory/subscriptions', [
    [at.E3, 'ENTERPRISEPACK', at.NORTHWIND], [at.COPILOT, 'Microsoft_365_Copilot', ''], [at.AZURE, 'Azure_plan', at.PROVIDER], [RESERVED, 'Reserved_VM', at.NORTHWIND],
  ].map(([commerceSubscriptionId, skuPartNumber, ownerTenantId]) => ({ id: null, commerceSubscriptionId, skuPartNumber, ownerTenantId, ownerType: 'User', totalLicenses: 1, status: 'Enabled', isTrial: false, createdDateTime: null, nextLifecycleDateTime: null, serviceStatus: [] }))),
  crossTenantPartners: () => many('policies/crossTenantAccessPolicy/partners', [at.NORTHWIND, at.PROVIDER, at.RESELLER].map((tenantId) => ({ tenantId, isServiceProvider: true })).concat([{ tenantId: at.LITWARE, isServiceProvider: false }])),
};

const assignment = ({ roles: held, changes }: Done) => ({
  '@odata.etag': `W/"${changes}"`, id: assignmentId, status: 'active', createdDateTime: '2026-11-22T12:00:00Z', accessContainer: { accessContainerId: names.group.toUpperCase(), accessContainerType: 'securityGroup' }, accessDetails: held,
});
const draftedBy = (asked: Asked): Done => {
  const done = new Done();
  effects.createDelegatedAdmin?.(asked, done);
  return done;
};

/** What a write changes for those who ask afterwards. */
const effects: Readonly<Partial<Record<Operation, (asked: Asked, done: Done) => void>>> = {
  codeForTokens: ({ query }, done) => void done.idTokens.delete(query.get('code') ?? ''),
  removeRelationship: ({ by, params }, done) => void done.removed.add(`${by} ${params['customer']}`),
  registerWebhook: ({ body }, done) => { done.registration ??= body; },
  changeWebhook: ({ body }, done) => { done.registration &&= body; },
  createDelegatedAdmin: ({ body }, done) => { done.draft ??= { ...(body as unknown as Draft), status: 'created' }; },
  stopAutoExtend: (_asked, done) => { done.hasStopped = true; },
  deleteDraft: (_asked, done) => { done.draft = undefined; },
  requestDelegatedAdmin: ({ body, params }, done) => {
    if (body['action'] === 'terminate') done.ended.add(params['relationship'] ?? '');
    else done.hasLocked = true;
  },
  answerProviderDraft: ({ body }, done) => { done.answered = body['action']; },
  assignAccess: ({ body }, done) => { done.roles ??= body['accessDetails']; },
  changeAssignment: ({ body }, done) => {
    done.roles = body['accessDetails'];
    done.changes += 1;
  },
  deleteAssignment: (_asked, done) => { done.roles = undefined; },
};

/** The one item of a list that is asked for, with the way to the next. */
const oneOf = (line: Line, { headers, url }: Heard, graphUrl: string): Line => {
  const { items, value, ...rest } = (line.body ?? {}) as { readonly items?: readonly object[]; readonly value?: readonly object[] };
  const all = items ?? value;
  if (!all) return line;
  const address = new URL(url, graphUrl);
  const here = Number(headers['ms-continuationtoken'] ?? address.searchParams.get('$skiptoken') ?? 0);
  const isLast = here + 1 >= all.length;
  address.searchParams.set('$skiptoken', String(here + 1));
  const next = { uri: 'customers?seekOperation=Next', method: 'GET', headers: [{ key: 'Ms-Continuationtoken', value: String(here + 1) }] };
  const body = items ? { totalCount: 1, items: all.slice(here, here + 1), links: { self: {}, ...(!isLast && { next }) } } : { ...rest, ...(!isLast && { '@odata.nextLink': address.href }), value: all.slice(here, here + 1) };
  return { ...line, body };
};

const accounts: readonly PartnerAccount[] = ([[at.FABRIKAM, 'directBill'], [at.NORTHWIND, 'directBill'], [at.PROVIDER, 'indirectProvider'], [at.RESELLER, 'indirectReseller']] as const)
  .map(([tenant, type]) => anAccount({ tenant, type, groups, refreshToken: `refresh-token-of-${tenant}` }));

/** Turns every answer of an operation into the same one, written otherwise. */
export type Bend = (line: Line) => Line;
export type ScriptedBackend = Backend & { bends(operation: Operation, bend: Bend): void };

export const scriptedBackend = (): ScriptedBackend => {
  const microsoft = new ScriptedMicrosoft();
  let done = new Done();
  let isOnePerPage = false;
  let broken: { readonly operation: Operation; readonly line: Line; readonly after: boolean }[] = [];
  const bends = new Map<Operation, Bend>();

  const askedIn = ({ headers, url, body }: Heard, params: Asked['params']): Asked => ({
    by: /^Bearer token-of-(.*)$/.exec(headers.authorization ?? '')?.[1] ?? '', params, headers,
    query: body.startsWith('{') || body === '' ? new URL(url, 'http://here').searchParams : new URLSearchParams(body),
    body: (body.startsWith('{') ? JSON.parse(body) : {}) as Asked['body'],
  });
  microsoft.script = (heard) => {
    const named = operationOf(heard.method, heard.url, heard.body);
    if (!named) return { status: 500, body: `Not scripted: ${heard.method} ${heard.url}` };
    const { operation, params } = named;
    const asked = askedIn(heard, params);
    const wrong = broken.find((one) => one.operation === operation);
    broken = broken.filter((one) => one !== wrong);
    const answer = (wrong && !wrong.after ? undefined : script[operation](asked, done)) ?? { status: 500 };
    if (!wrong || wrong.after) if ((answer.status ?? 200) < 300) effects[operation]?.(asked, done);
    const usual = isOnePerPage ? oneOf(answer, heard, `${microsoft.url}/`) : answer;
    return wrong?.line ?? bends.get(operation)?.(usual) ?? usual;
  };

  return {
    name: 'scripted answers',
    get graphUrl() { return `${microsoft.url}/graph`; },
    names,
    open: async () => void await microsoft.open(),
    close: async () => microsoft.close(),
    reset: async () => {
      done = new Done();
      [broken, isOnePerPage] = [[], false];
      bends.clear();
    },
    options: (more) => ({
      partnerCenterUrl: `${microsoft.url}/pc`, graphUrl: `${microsoft.url}/graph`, loginUrl: `${microsoft.url}/login`, accounts, directoryApp: { clientId: 'directory-app', clientSecret: 'directory-secret' },
      allowedLinkOrigins: ['https://admin.microsoft.com'], machineNow: () => new Date(now + performance.now() - begun), guid: counted(), ...more,
    }),
    breaks: async (operation, lines, after) => void broken.push(...lines.map((line) => ({ operation, line, after: after === 'after' }))),
    bends: (operation, bend) => void bends.set(operation, bend),
    signsIn: async (address, who) => {
      const { pathname, searchParams } = new URL(address);
      const [, , tenant = ''] = pathname.split('/');
      const claims = {
        aud: searchParams.get('client_id') ?? '', iss: `${microsoft.url}/login/${tenant}/v2.0`, iat: now / 1000, nbf: now / 1000, exp: now / 1000 + 3600, nonce: searchParams.get('nonce') ?? '',
        tid: tenant, oid: who, name: 'Ayşe Yılmaz', acct: 0, wids: ['62E90394-69F5-4237-9190-012177145E10'], ver: '2.0',
      };
      done.idTokens.set('code', await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'JWT' }).sign(signer.privateKey));
      return 'code';
    },
    providerPrepares: async () => {
      done.isPrepared = true;
      return preparedId;
    },
    partnerLeaves: async (partner, of) => void done.removed.add(`${partner} ${of}`),
    onePerPage: async () => { isOnePerPage = true; },
    locksSlowly: async () => { done.locksIn = 2; },
  };
};
