import { randomBytes, randomUUID } from 'node:crypto';
import { asDomainName, isDomainName, type TenantId } from '../../domain/ids.js';
import { directoryApp, partnerApp, refreshTokenOf } from './credentials.js';
import type { Answered, Asked, Route } from './route.js';
import type { State } from './state.js';
import type { Cloud, Tenant } from './world.js';

export type Resource = 'partnerCenter' | 'graph';
/** `directory` is consented in each tenant and only reads; `partner` works in the tenants of partners. */
export type App = 'directory' | 'partner';
export type Token = { readonly app: App; readonly tenant: TenantId; readonly resource: Resource; readonly hasUser: boolean; readonly until: number };

const lifetimeSeconds = 3599;
const mostTokens = 10_000;

/** Where the tenant of a cloud says it lives. */
const regions: Readonly<Record<Cloud, object>> = {
  commercial: { tenant_region_scope: 'WW', tenant_region_sub_scope: null, cloud_instance_name: 'microsoftonline.com' },
  usGov: { tenant_region_scope: 'USGov', tenant_region_sub_scope: 'DODCON', cloud_instance_name: 'microsoftonline.us' },
  china21Vianet: { tenant_region_scope: 'CN', tenant_region_sub_scope: null, cloud_instance_name: 'partner.microsoftonline.cn' },
};

/** The login service: tokens for the two kinds of apps, and each tenant's public configuration. */
export const createLogin = (state: State, machineNow: () => Date, loginUrl: () => string) => {
  const tokens = new Map<string, Token>();

  const findTenant = (named: string): Tenant | undefined =>
    state.tenant(named) ?? (isDomainName(named) ? state.tenantByDomain(asDomainName(named)) : undefined);

  const issue = (token: Omit<Token, 'until'>): string => {
    const now = machineNow().getTime();
    if (tokens.size >= mostTokens) for (const [text, { until }] of tokens) if (until <= now) tokens.delete(text);
    const text = randomBytes(32).toString('base64url');
    tokens.set(text, { ...token, until: now + lifetimeSeconds * 1000 });
    return text;
  };

  const token = ({ params, body }: Asked): Answered => {
    const form = new URLSearchParams(body);
    const field = (name: string): string => form.get(name) ?? '';
    const resource = resourceIn(field('resource'));
    const tenant = findTenant(params['tenant'] ?? '');
    const isPartnerApp = field('client_id') === partnerApp.clientId;
    const hasUser = field('grant_type') === 'refresh_token';

    if (!tenant) return refusal(400, 'invalid_request', 90002, `Tenant '${params['tenant']}' not found`);
    if (!['client_credentials', 'refresh_token'].includes(field('grant_type'))) return refusal(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type');
    if (!isPartnerApp && field('client_id') !== directoryApp.clientId) return refusal(400, 'unauthorized_client', 700016, 'Application was not found in the directory');
    if (isPartnerApp ? !tenant.csp : !tenant.consented) {
      return refusal(401, 'invalid_client', 7000229, `The client application is missing service principal in the tenant ${tenant.id}`);
    }
    if (field('client_secret') !== (isPartnerApp ? partnerApp : directoryApp).clientSecret) return refusal(401, 'invalid_client', 7000215, 'Invalid client secret provided');
    if (hasUser && (!isPartnerApp || field('refresh_token') !== refreshTokenOf(tenant.id))) return refusal(400, 'invalid_grant', 9002313, 'The refresh token is malformed or invalid');
    if (!resource || (resource === 'partnerCenter' && !isPartnerApp)) return refusal(400, 'invalid_resource', 500011, 'The resource principal was not found');

    const expiresOn = Math.floor(machineNow().getTime() / 1000) + lifetimeSeconds;
    return {
      status: 200,
      body: {
        token_type: 'Bearer', expires_in: String(lifetimeSeconds), ext_expires_in: String(lifetimeSeconds), expires_on: String(expiresOn),
        not_before: String(expiresOn - lifetimeSeconds), resource: field('resource'), access_token: issue({ app: isPartnerApp ? 'partner' : 'directory', tenant: tenant.id, resource, hasUser }),
        ...(hasUser && { refresh_token: refreshTokenOf(tenant.id), scope: 'user_impersonation' }),
      },
    };
  };

  const configuration = ({ params }: Asked): Answered => {
    const tenant = findTenant(params['tenant'] ?? '');
    if (!tenant) return refusal(400, 'invalid_tenant', 90002, `Tenant '${params['tenant']}' not found`);
    return {
      status: 200,
      body: {
        token_endpoint: `${loginUrl()}/${tenant.id}/oauth2/v2.0/token`, issuer: `${loginUrl()}/${tenant.id}/v2.0`, ...regions[tenant.cloud],
      },
    };
  };

  const routes: readonly Route[] = [
    { method: 'post', path: '/login/:tenant/oauth2/token', answer: token },
    { method: 'get', path: '/login/:tenant/v2.0/.well-known/openid-configuration', answer: configuration },
  ];

  return {
    routes,
    /** The token of a call, when it is one of ours for that resource and still good. */
    tokenIn: ({ headers }: Asked, resource: Resource): Token | undefined => {
      const found = tokens.get(/^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
      return found && found.resource === resource && found.until > machineNow().getTime() ? found : undefined;
    },
  };
};

export type Login = ReturnType<typeof createLogin>;

// By path, so that it does not matter under which host name the sandbox is reached.
const resourceIn = (address: string): Resource | undefined => {
  if (!URL.canParse(address)) return undefined;
  const path = new URL(address).pathname.replace(/\/$/, '');
  return path === '/partner-center' ? 'partnerCenter' : path === '/graph' ? 'graph' : undefined;
};

const refusal = (status: number, error: string, code: number, description: string): Answered => {
  const [traceId, correlationId, timestamp] = [randomUUID(), randomUUID(), new Date().toISOString()];
  return {
    status,
    body: {
      error, error_description: `AADSTS${code}: ${description}. Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [code], timestamp, trace_id: traceId, correlation_id: correlationId,
    },
  };
};
