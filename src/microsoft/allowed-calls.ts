export type Service = 'partnerCenter' | 'graph' | 'login';
type Call = { readonly service: Service; readonly method: 'GET' | 'POST'; readonly path: string };

/**
 * Every call this product can make, and there is no other way out of this room. Nothing here writes to a subscription, an
 * order, a cart or a transfer; apart from asking for a token, nothing here writes at all. That is why a new relationship
 * cannot change what a customer already has (MP-01 to MP-04).
 */
export const allowedCalls = {
  token: { service: 'login', method: 'POST', path: '/{tenant}/oauth2/token' },
  openIdConfiguration: { service: 'login', method: 'GET', path: '/{tenant}/v2.0/.well-known/openid-configuration' },

  relationshipRequest: { service: 'partnerCenter', method: 'GET', path: '/v1/customers/relationshiprequests' },
  listCustomers: { service: 'partnerCenter', method: 'GET', path: '/v1/customers' },
  getCustomer: { service: 'partnerCenter', method: 'GET', path: '/v1/customers/{customer}' },
  listSubscriptions: { service: 'partnerCenter', method: 'GET', path: '/v1/customers/{customer}/subscriptions' },
  legalBusinessProfile: { service: 'partnerCenter', method: 'GET', path: '/v1/profiles/legalbusiness' },
  agreementStatus: { service: 'partnerCenter', method: 'GET', path: '/v1/compliance/csp/agreementstatus' },

  tenantByDomain: { service: 'graph', method: 'GET', path: "/v1.0/tenantRelationships/findTenantInformationByDomainName(domainName='{domain}')" },
  tenantById: { service: 'graph', method: 'GET', path: "/v1.0/tenantRelationships/findTenantInformationByTenantId(tenantId='{tenant}')" },
  delegatedAdmin: { service: 'graph', method: 'GET', path: '/v1.0/tenantRelationships/delegatedAdminRelationships' },
  user: { service: 'graph', method: 'GET', path: '/v1.0/users/{user}' },
  memberOf: { service: 'graph', method: 'GET', path: '/v1.0/users/{user}/transitiveMemberOf' },
  roleMembers: { service: 'graph', method: 'GET', path: "/v1.0/directoryRoles(roleTemplateId='{role}')/members" },
  organization: { service: 'graph', method: 'GET', path: '/v1.0/organization' },
  directorySubscriptions: { service: 'graph', method: 'GET', path: '/v1.0/directory/subscriptions' },
  crossTenantPartners: { service: 'graph', method: 'GET', path: '/v1.0/policies/crossTenantAccessPolicy/partners' },
} as const satisfies Record<string, Call>;

for (const call of Object.values(allowedCalls)) Object.freeze(call);
Object.freeze(allowedCalls);

export type Operation = keyof typeof allowedCalls;

/** Somebody tried to make a call that is not in the table. Nothing was sent. */
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
export const allowedCall = (operation: Operation): Call => {
  if (!Object.hasOwn(allowedCalls, operation)) throw new CallNotAllowedError(operation);
  return allowedCalls[operation];
};

/**
 * The last look before a request leaves: method, origin and path must be those of the operation.
 * @param base where the operation's service lives; it may have a path of its own
 */
export const isAllowed = (operation: Operation, method: string, address: string, base: string): boolean => {
  if (!URL.canParse(address)) return false;
  const [url, { origin, pathname }] = [new URL(address), new URL(base)];
  const prefix = pathname.replace(/\/$/, '');
  return (
    allowedCall(operation).method === method &&
    url.origin === origin &&
    url.pathname.startsWith(`${prefix}/`) &&
    patterns.get(operation)?.test(url.pathname.slice(prefix.length)) === true
  );
};
