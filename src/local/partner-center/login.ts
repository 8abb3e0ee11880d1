import { randomBytes } from 'node:crypto';
import { asDomainName, isDomainName, type PersonId, type TenantId } from '../../domain/ids.js';
import type { Registration } from './credentials.js';
import { loginControls } from './login-controls.js';
import { answerOf, refusals } from './login-errors.js';
import { createLoginFailures } from './login-failures.js';
import { identityRoutes, ownIdentityOf } from './login-identity.js';
import { createKeys } from './login-keys.js';
import { whyNotProven } from './login-proof.js';
import type { Resource } from './login-scopes.js';
import { anyTenant, lifetimeSeconds, tokenRoutes } from './login-token.js';
import type { Answered, Asked, Route } from './route.js';
import { consentRoutes } from './sign-in-consent.js';
import { createCodes } from './sign-in-codes.js';
import { createSignIn, signInRoutes } from './sign-in.js';
import { openSignInStore } from './sign-in-store.js';
import type { State } from './state.js';
import type { Cloud, Tenant } from './world.js';

export type { Resource } from './login-scopes.js';
/** `directory` is consented in each tenant and only reads; `partner` works in the tenants of partners. */
export type App = Registration['is'];
export type Token = {
  readonly app: App;
  readonly tenant: TenantId;
  readonly resource: Resource;
  readonly hasUser: boolean;
  /** Whether the user signed in with a second factor; never for an app alone. */
  readonly mfa: boolean;
  /** Missing for an app alone and for the fixed user of a partner. */
  readonly person?: PersonId;
  /** Machine time, in milliseconds. */
  readonly until: number;
};

/** Where the tenant of a cloud says it lives. */
const regions: Readonly<Record<Cloud, object>> = {
  commercial: { tenant_region_scope: 'WW', tenant_region_sub_scope: null, cloud_instance_name: 'microsoftonline.com' },
  usGov: { tenant_region_scope: 'USGov', tenant_region_sub_scope: 'DODCON', cloud_instance_name: 'microsoftonline.us' },
  china21Vianet: { tenant_region_scope: 'CN', tenant_region_sub_scope: null, cloud_instance_name: 'partner.microsoftonline.cn' },
};

export type LoginOptions = {
  readonly state: State;
  /** SQLite file for what outlives a restart, or `:memory:`. */
  readonly file: string;
  readonly machineNow: () => Date;
  readonly loginUrl: () => string;
};

/** The login service: people sign in and apps prove themselves, tokens for both, and each tenant's public configuration. */
export const createLogin = ({ state, file, machineNow, loginUrl }: LoginOptions) => {
  const tokens = new Map<string, Token>();
  const [store, codes, keys, failures] = [openSignInStore(file), createCodes(machineNow), createKeys(), createLoginFailures()];
  const ownIdentity = ownIdentityOf(keys, loginUrl);

  const findTenant = (named: string): Tenant | undefined =>
    state.tenant(named) ?? (isDomainName(named) ? state.tenantByDomain(asDomainName(named)) : undefined);

  const issue = (opens: Omit<Token, 'until'>): string => {
    const now = machineNow().getTime();
    // All live equally long, so the oldest end first: one that lives on ends the look, however many there are.
    for (const [text, { until }] of tokens) {
      if (until > now) break;
      tokens.delete(text);
    }
    const text = randomBytes(32).toString('base64url');
    tokens.set(text, { ...opens, until: now + lifetimeSeconds * 1000 });
    return text;
  };

  /** By path, so that it does not matter under which host name the sandbox is reached. */
  const isForEndpointOf = ({ id }: Tenant) => (audience: string): boolean => {
    const [, named = ''] = /^\/login\/([^/]+)\/(?:oauth2\/(?:v2\.0\/)?token|v2\.0)$/.exec(URL.canParse(audience) ? new URL(audience).pathname : '') ?? [];
    return anyTenant.includes(named) || findTenant(named)?.id === id;
  };

  const configuration = ({ params }: Asked): Answered => {
    const named = params['tenant'] ?? '';
    const tenant = findTenant(named);
    if (!tenant && !anyTenant.includes(named)) return answerOf(refusals.noTenant(named));
    const base = `${loginUrl()}/${tenant?.id ?? named}`;
    return {
      status: 200,
      body: {
        token_endpoint: `${base}/oauth2/v2.0/token`, token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
        jwks_uri: `${base}/discovery/v2.0/keys`, response_modes_supported: ['query', 'fragment'], subject_types_supported: ['pairwise'],
        id_token_signing_alg_values_supported: ['RS256'], response_types_supported: ['code'], scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
        // Microsoft writes the braces where the tenant is not known yet.
        issuer: `${loginUrl()}/${tenant?.id ?? '{tenantid}'}/v2.0`, authorization_endpoint: `${base}/oauth2/v2.0/authorize`, ...regions[tenant?.cloud ?? 'commercial'],
      },
    };
  };

  const keySet = ({ params }: Asked): Answered => {
    const named = params['tenant'] ?? '';
    return findTenant(named) || anyTenant.includes(named) ? { status: 200, body: keys.keySet() } : answerOf(refusals.noTenant(named));
  };

  const desk = {
    state, machineNow, loginUrl, store, codes, keys, failures, findTenant, issue,
    whyNotProven: (app: Registration, form: URLSearchParams, tenant: Tenant) => whyNotProven(app, form, { store, ownIdentity, machineNow, isForEndpoint: isForEndpointOf(tenant) }),
  };
  const signIn = createSignIn({ state, codes, findTenant });
  const routes: readonly Route[] = [
    ...tokenRoutes(desk),
    ...signInRoutes(signIn),
    ...consentRoutes(state, findTenant),
    { method: 'get', path: '/login/:tenant/v2.0/.well-known/openid-configuration', answer: configuration },
    { method: 'get', path: '/login/:tenant/discovery/v2.0/keys', answer: keySet },
  ];

  return {
    routes,
    /** For this machine only. */
    controls: [...identityRoutes(keys, loginUrl, machineNow), ...loginControls({ state, store, failures, findTenant, signIn })] as readonly Route[],
    /** The token of a call, when it is one of ours for that resource and still good. Partner Center takes nobody without a second factor. */
    tokenIn: ({ headers }: Asked, resource: Resource): Token | undefined => {
      const found = tokens.get(/^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
      const isGood = found && found.resource === resource && found.until > machineNow().getTime();
      return isGood && !(resource === 'partnerCenter' && found.hasUser && !found.mfa) ? found : undefined;
    },
    /** As at the first start: nobody is signed in, and only the sandbox's own identity is trusted. */
    reset: (): void => {
      store.reset();
      codes.reset();
      failures.clear();
    },
    close: store.close,
  };
};

export type Login = ReturnType<typeof createLogin>;
