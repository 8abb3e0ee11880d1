import { z } from 'zod';
import { longestDays, longestName } from '../domain/delegated-admin.js';

export type Service = 'partnerCenter' | 'graph' | 'login';
/** A delete carries no body. */
type Bare = { readonly service: Service; readonly method: 'GET' | 'DELETE'; readonly path: string };
/**
 * `body` is the only thing that may be sent: strict at every depth, so that a field too many is a refusal.
 * `mayRepeat`: that it may have happened before changes nothing, as with a read.
 */
type Writing = { readonly service: Service; readonly method: 'POST' | 'PUT' | 'PATCH'; readonly path: string; readonly body: z.ZodType; readonly mayRepeat?: true };
export type AllowedCall = Bare | Writing;

/** A secret, or an assertion signed with the app's certificate or by its managed identity. @see RFC 7523, section 2.2 */
const app = {
  client_id: z.string(), client_secret: z.string().optional(),
  client_assertion_type: z.literal('urn:ietf:params:oauth:client-assertion-type:jwt-bearer').optional(), client_assertion: z.string().optional(),
};
const tokenRequest = z.strictObject({
  ...app, resource: z.string(), grant_type: z.enum(['client_credentials', 'refresh_token']), refresh_token: z.string().optional(), scope: z.string().optional(),
});
const codeRequest = z.strictObject({
  ...app, grant_type: z.literal('authorization_code'), code: z.string(), redirect_uri: z.string(), code_verifier: z.string(), scope: z.string(),
});
const accessDetails = z.strictObject({ unifiedRoles: z.array(z.strictObject({ roleDefinitionId: z.guid() })).min(1) });
const delegatedAdminRequest = z.strictObject({
  displayName: z.string().min(1).max(longestName),
  duration: z.string().regex(/^P[1-9]\d{0,2}D$/).refine((text) => Number(text.slice(1, -1)) <= longestDays),
  autoExtendDuration: z.enum(['PT0S', 'P180D']),
  customer: z.strictObject({ tenantId: z.guid() }),
  accessDetails,
});
const assignment = z.strictObject({
  accessContainer: z.strictObject({ accessContainerId: z.guid(), accessContainerType: z.literal('securityGroup') }),
  accessDetails,
});
const change = z.strictObject({ accessDetails });
/** Off only: what goes on longer than the customer approved is asked for anew (MP-56). */
const autoExtend = z.strictObject({ autoExtendDuration: z.literal('PT0S') });
const registration = z.strictObject({ WebhookUrl: z.url(), WebhookEvents: z.array(z.string()).min(1), SignatureTokenToMsSignatureHeader: z.boolean().optional() });
const nothing = z.strictObject({});
const removal = z.strictObject({ relationshipToPartner: z.literal('none'), attributes: z.strictObject({ objectType: z.literal('Customer') }) });

const delegatedAdmin = '/v1.0/tenantRelationships/delegatedAdminRelationships';
const webhooks = '/webhooks/v1/registration';

/**
 * Every call this product can make, and there is no other way out of this room. Nothing here writes to a subscription, an
 * order, a cart, a transfer or a partner of record: that is why a new relationship cannot change what a customer already has
 * (MP-01 to MP-04). What it writes, besides asking for a token and registering where Microsoft sends this deployment its news,
 * is a request for delegated administration (its draft, its lock, that it no longer extends itself, its end), an access assignment inside the partner's own
 * relationship, and the end of a reseller relationship. It approves nothing, except as
 * an indirect reseller what its own provider prepared for it; that gives nobody access before the customer has approved it too.
 */
export const allowedCalls = {
  // Microsoft lets a refresh token be used again; a code, below, is good for one time.
  token: { service: 'login', method: 'POST', path: '/{tenant}/oauth2/token', body: tokenRequest, mayRepeat: true },
  codeForTokens: { service: 'login', method: 'POST', path: '/{tenant}/oauth2/v2.0/token', body: codeRequest },
  signingKeys: { service: 'login', method: 'GET', path: '/{tenant}/discovery/v2.0/keys' },
  openIdConfiguration: { service: 'login', method: 'GET', path: '/{tenant}/v2.0/.well-known/openid-configuration' },

  relationshipRequest: { service: 'partnerCenter', method: 'GET', path: '/v1/customers/relationshiprequests' },
  listCustomers: { service: 'partnerCenter', method: 'GET', path: '/v1/customers' },
  getCustomer: { service: 'partnerCenter', method: 'GET', path: '/v1/customers/{customer}' },
  listSubscriptions: { service: 'partnerCenter', method: 'GET', path: '/v1/customers/{customer}/subscriptions' },
  entitlements: { service: 'partnerCenter', method: 'GET', path: '/v1/customers/{customer}/entitlements' },
  removeRelationship: { service: 'partnerCenter', method: 'PATCH', path: '/v1/customers/{customer}', body: removal },
  secondTier: { service: 'partnerCenter', method: 'GET', path: '/v1/customers/{customer}/relationships' },
  transferEligibility: { service: 'partnerCenter', method: 'GET', path: '/v1/customers/{customer}/transferseligibility' },
  auditRecords: { service: 'partnerCenter', method: 'GET', path: '/v1/auditrecords' },
  partnerships: { service: 'partnerCenter', method: 'GET', path: '/v1/relationships' },
  legalBusinessProfile: { service: 'partnerCenter', method: 'GET', path: '/v1/profiles/legalbusiness' },
  partnerProfile: { service: 'partnerCenter', method: 'GET', path: '/v1/profiles/mpn' },
  agreementStatus: { service: 'partnerCenter', method: 'GET', path: '/v1/compliance/csp/agreementstatus' },

  webhookEvents: { service: 'partnerCenter', method: 'GET', path: `${webhooks}/events` },
  webhookRegistration: { service: 'partnerCenter', method: 'GET', path: webhooks },
  registerWebhook: { service: 'partnerCenter', method: 'POST', path: webhooks, body: registration },
  changeWebhook: { service: 'partnerCenter', method: 'PUT', path: webhooks, body: registration },
  askTestEvent: { service: 'partnerCenter', method: 'POST', path: `${webhooks}/validationEvents`, body: nothing },
  testEvent: { service: 'partnerCenter', method: 'GET', path: `${webhooks}/validationEvents/{event}` },

  tenantByDomain: { service: 'graph', method: 'GET', path: "/v1.0/tenantRelationships/findTenantInformationByDomainName(domainName='{domain}')" },
  tenantById: { service: 'graph', method: 'GET', path: "/v1.0/tenantRelationships/findTenantInformationByTenantId(tenantId='{tenant}')" },

  listDelegatedAdmin: { service: 'graph', method: 'GET', path: delegatedAdmin },
  createDelegatedAdmin: { service: 'graph', method: 'POST', path: delegatedAdmin, body: delegatedAdminRequest },
  getDelegatedAdmin: { service: 'graph', method: 'GET', path: `${delegatedAdmin}/{relationship}` },
  stopAutoExtend: { service: 'graph', method: 'PATCH', path: `${delegatedAdmin}/{relationship}`, body: autoExtend },
  deleteDraft: { service: 'graph', method: 'DELETE', path: `${delegatedAdmin}/{relationship}` },
  listRequests: { service: 'graph', method: 'GET', path: `${delegatedAdmin}/{relationship}/requests` },
  requestDelegatedAdmin: { service: 'graph', method: 'POST', path: `${delegatedAdmin}/{relationship}/requests`, body: z.strictObject({ action: z.enum(['lockForApproval', 'terminate']) }) },
  answerProviderDraft: { service: 'graph', method: 'POST', path: `${delegatedAdmin}/{relationship}/requests`, body: z.strictObject({ action: z.enum(['approve', 'reject']) }) },
  getRequest: { service: 'graph', method: 'GET', path: `${delegatedAdmin}/{relationship}/requests/{request}` },
  listAssignments: { service: 'graph', method: 'GET', path: `${delegatedAdmin}/{relationship}/accessAssignments` },
  assignAccess: { service: 'graph', method: 'POST', path: `${delegatedAdmin}/{relationship}/accessAssignments`, body: assignment },
  changeAssignment: { service: 'graph', method: 'PATCH', path: `${delegatedAdmin}/{relationship}/accessAssignments/{assignment}`, body: change },
  deleteAssignment: { service: 'graph', method: 'DELETE', path: `${delegatedAdmin}/{relationship}/accessAssignments/{assignment}` },
  assignmentOperation: { service: 'graph', method: 'GET', path: `${delegatedAdmin}/{relationship}/operations/{operation}` },
  delegatedAdminCustomers: { service: 'graph', method: 'GET', path: '/v1.0/tenantRelationships/delegatedAdminCustomers' },

  user: { service: 'graph', method: 'GET', path: '/v1.0/users/{user}' },
  memberOf: { service: 'graph', method: 'GET', path: '/v1.0/users/{user}/transitiveMemberOf' },
  activeRoles: { service: 'graph', method: 'GET', path: '/v1.0/roleManagement/directory/roleAssignmentScheduleInstances' },
  eligibleRoles: { service: 'graph', method: 'GET', path: '/v1.0/roleManagement/directory/roleEligibilityScheduleInstances' },
  securityGroups: { service: 'graph', method: 'GET', path: '/v1.0/groups' },
  groupMembers: { service: 'graph', method: 'GET', path: '/v1.0/groups/{group}/members' },
  roleMembers: { service: 'graph', method: 'GET', path: "/v1.0/directoryRoles(roleTemplateId='{role}')/members" },
  organization: { service: 'graph', method: 'GET', path: '/v1.0/organization' },
  directorySubscriptions: { service: 'graph', method: 'GET', path: '/v1.0/directory/subscriptions' },
  crossTenantPartners: { service: 'graph', method: 'GET', path: '/v1.0/policies/crossTenantAccessPolicy/partners' },
} as const satisfies Record<string, AllowedCall>;

for (const call of Object.values(allowedCalls)) Object.freeze(call);
Object.freeze(allowedCalls);

export type Operation = keyof typeof allowedCalls;

/** Somebody tried to make a call that is not in the table, or to write what it does not allow. Nothing was sent. */
export class CallNotAllowedError extends Error {
  override readonly name = 'CallNotAllowedError';
  constructor(readonly operation: string) {
    super(`A call for ${operation} is not in the table of allowed calls.`);
  }
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.()']/g, '\\$&').replace(/\{\w+\}/g, "[^/'()]+")}$`);

const patterns = new Map(Object.entries(allowedCalls).map(([operation, { path }]) => [operation, patternOf(path)]));

/** @throws CallNotAllowedError */
export const allowedCall = (operation: Operation): AllowedCall => {
  if (!Object.hasOwn(allowedCalls, operation)) throw new CallNotAllowedError(operation);
  return allowedCalls[operation];
};

/**
 * The last look at what a call writes: a plain copy of the one body it may carry, nothing for a call that reads.
 * @throws CallNotAllowedError
 */
export const allowedBody = (operation: Operation, body: unknown): object | undefined => {
  const call = allowedCall(operation);
  if (!('body' in call) && body === undefined) return undefined;
  const checked = 'body' in call ? call.body.safeParse(body) : undefined;
  if (!checked?.success) throw new CallNotAllowedError(operation);
  return checked.data as object;
};

const places = new Map<string, { readonly origin: string; readonly prefix: string }>();
/** There are as many bases as services. */
const placeOf = (base: string): { readonly origin: string; readonly prefix: string } => {
  const known = places.get(base);
  if (known) return known;
  const { origin, pathname } = new URL(base);
  const place = { origin, prefix: pathname.replace(/\/$/, '') };
  places.set(base, place);
  return place;
};

/**
 * The last look before a request leaves: method, origin and path must be those of the operation.
 * @param base where the operation's service lives; it may have a path of its own
 */
export const isAllowed = (operation: Operation, method: string, address: string, base: string): boolean => {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  const { origin, prefix } = placeOf(base);
  return (
    allowedCall(operation).method === method &&
    url.origin === origin &&
    url.pathname.startsWith(`${prefix}/`) &&
    patterns.get(operation)?.test(url.pathname.slice(prefix.length)) === true
  );
};
