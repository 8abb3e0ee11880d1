import { createHash } from 'node:crypto';
import { appOf, appThat, refreshTokenOf, type Registration } from './credentials.js';
import { idTokenClaims } from './login-id-token.js';
import { refusals, refuse, type LoginRefusal } from './login-errors.js';
import type { Keys } from './login-keys.js';
import { readScope, resourceIn, type Resource, type Wanted } from './login-scopes.js';
import type { LoginFailures } from './login-failures.js';
import type { Answered, Asked, Route } from './route.js';
import type { Codes } from './sign-in-codes.js';
import type { SignIn, SignInStore } from './sign-in-store.js';
import type { State } from './state.js';
import type { Tenant } from './world.js';

export const lifetimeSeconds = 3599;
/** In the place of a tenant: whoever signs in brings it. */
export const anyTenant: readonly string[] = ['organizations', 'common'];
const refreshTokenDays = 90;
const dayMs = 86_400_000;

export type TokenDesk = {
  readonly state: State;
  readonly machineNow: () => Date;
  readonly loginUrl: () => string;
  readonly store: SignInStore;
  readonly codes: Codes;
  readonly keys: Keys;
  readonly failures: LoginFailures;
  readonly findTenant: (named: string) => Tenant | undefined;
  readonly whyNotProven: (app: Registration, form: URLSearchParams, tenant: Tenant) => LoginRefusal | undefined;
  /** Makes an access token and remembers what it opens. */
  readonly issue: (opens: { readonly app: Registration['is']; readonly tenant: Tenant['id']; readonly resource: Resource; readonly hasUser: boolean; readonly mfa: boolean; readonly person?: SignIn['person'] }) => string;
};

/** Who stands behind a grant: nobody, the fixed user of a partner, or somebody who signed in. */
type Behind = { readonly signIn?: SignIn; readonly nonce?: string; readonly fixedRefreshToken?: string };

/** The token endpoint, in its two versions. */
export const tokenRoutes = (desk: TokenDesk): readonly Route[] => {
  const { state, store, codes, keys, failures, findTenant, issue, loginUrl, machineNow } = desk;

  const token = (version: 1 | 2) => ({ params, body }: Asked): Answered => {
    const form = new URLSearchParams(body);
    const field = (name: string): string => form.get(name) ?? '';
    const stop = (refused: LoginRefusal): never => refuse(refused, version);
    const named = params['tenant'] ?? '';
    const tenant = findTenant(named) ?? (anyTenant.includes(named) ? signedInTo(form) : undefined) ?? stop(nobodyBehind(named, form));
    const app = appOf(field('client_id'));

    const failing = failures.next(tenant.id);
    if (failing) stop(asked(failing, app ?? appThat('partner'), field('resource') || field('scope')));
    if (!isGrant(field('grant_type'))) return stop(refusals.otherGrant);
    if (!app) return stop(refusals.noApp(field('client_id'), tenant.name));
    if (app.is === 'partner' ? !tenant.csp : !tenant.consented && field('grant_type') === 'client_credentials') stop(refusals.noPrincipal(app, tenant));
    const unproven = desk.whyNotProven(app, form, tenant);
    if (unproven) stop(unproven);

    const behind = behindIn(form, app, tenant, version);
    const scope = field('scope') || (behind.signIn?.scope ?? '');
    const wanted = version === 1 ? resourceOf(field('resource'), behind) : oneResource(scope, behind, stop);
    const { resource, address } = wanted;
    if (!resource || (resource === 'partnerCenter' && app.is !== 'partner')) return stop(refusals.noResource(address, tenant.name));
    if (resource === 'graph' && app.is === 'directory' && !tenant.consented) stop(refusals.noConsent(app));
    if (field('grant_type') === 'refresh_token' && resource === 'partnerCenter' && behind.signIn?.mfa === false) stop(refusals.needsSecondFactor(address));

    const { signIn } = behind;
    const hasUser = field('grant_type') !== 'client_credentials';
    const accessToken = issue({ app: app.is, tenant: tenant.id, resource, hasUser, mfa: hasUser && signIn?.mfa !== false, ...(signIn?.person && { person: signIn.person }) });
    // Version 1 always gives one; version 2 when it was asked for, and again for each one that is used.
    const isKept = signIn && (version === 1 || field('grant_type') === 'refresh_token' || readScope(signIn.scope).wantsRefreshToken);
    const refreshToken = behind.fixedRefreshToken ?? (isKept ? store.keep({ ...signIn, issued: state.now().toISOString() }) : undefined);
    const idToken = signIn && readScope(`${scope} ${signIn.scope}`).wantsIdToken ? idTokenOf(app, tenant, signIn, behind.nonce) : undefined;
    const expiresOn = Math.floor(machineNow().getTime() / 1000) + lifetimeSeconds;
    return {
      status: 200,
      body: {
        token_type: 'Bearer',
        ...(version === 1
          ? {
            expires_in: String(lifetimeSeconds), ext_expires_in: String(lifetimeSeconds), expires_on: String(expiresOn), not_before: String(expiresOn - lifetimeSeconds),
            resource: address, ...(hasUser && { scope: 'user_impersonation' }),
          }
          : { ...(hasUser && { scope: scopeGiven(wanted, scope) }), expires_in: lifetimeSeconds, ext_expires_in: lifetimeSeconds }),
        access_token: accessToken, ...(refreshToken !== undefined && { refresh_token: refreshToken }), ...(idToken !== undefined && { id_token: idToken }),
      },
    };
  };

  /** Whose code or refresh token it is, for those who name no tenant. */
  const signedInTo = (form: URLSearchParams): Tenant | undefined =>
    state.tenant((codes.find(form.get('code') ?? '') ?? store.find(form.get('refresh_token') ?? ''))?.tenant ?? '');

  const behindIn = (form: URLSearchParams, app: Registration, tenant: Tenant, version: 1 | 2): Behind => {
    switch (form.get('grant_type') as Grant) {
      case 'client_credentials': return {};
      case 'authorization_code': return redeemCode(form, app, tenant, version);
      case 'refresh_token': return redeemRefreshToken(form.get('refresh_token') ?? '', app, tenant, version);
    }
  };

  const redeemCode = (form: URLSearchParams, app: Registration, tenant: Tenant, version: 1 | 2): Behind => {
    const stop = (refused: LoginRefusal): never => refuse(refused, version);
    const code = codes.find(form.get('code') ?? '');
    if (code?.app !== app.is) return stop(refusals.noCode);
    if (code.tenant !== tenant.id) stop(refusals.codeOfOtherTenant);
    if (code.isRedeemed) stop(refusals.codeUsed);
    if (code.until <= machineNow().getTime()) stop(refusals.codeOld);
    if (code.redirectUri !== form.get('redirect_uri')) stop(refusals.otherReply(form.get('redirect_uri') ?? ''));
    const challenge = form.has('code_verifier') ? createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url') : undefined;
    if (challenge !== code.challenge) stop(refusals.wrongVerifier);
    code.isRedeemed = true;
    const { app: _app, tenant: _tenant, person, mfa, scope, nonce } = code;
    return { signIn: { app: app.is, tenant: tenant.id, ...(person && { person }), mfa, scope }, ...(nonce !== undefined && { nonce }) };
  };

  const redeemRefreshToken = (text: string, app: Registration, tenant: Tenant, version: 1 | 2): Behind => {
    if (app.is === 'partner' && text === refreshTokenOf(tenant.id)) return { fixedRefreshToken: text };
    const found = store.find(text);
    if (found?.app !== app.is || found.tenant !== tenant.id) return refuse(refusals.malformedRefreshToken, version);
    const { issued, ...signIn } = found;
    if (tenant.people.some(({ id, enabled }) => id === signIn.person && !enabled)) refuse(refusals.blocked, version);
    if (state.now().getTime() - Date.parse(issued) >= refreshTokenDays * dayMs) refuse(refusals.inactive(issued), version);
    return { signIn };
  };

  const idTokenOf = (app: Registration, tenant: Tenant, { person: id }: SignIn, nonce: string | undefined): string | undefined => {
    const person = tenant.people.find((one) => one.id === id);
    return person && keys.signed(idTokenClaims(state, { app, tenant, person, ...(nonce !== undefined && { nonce }), now: machineNow(), loginUrl: loginUrl() }));
  };

  const asked = (code: NonNullable<ReturnType<LoginFailures['next']>>, app: Registration, resource: string): LoginRefusal => {
    const now = state.now();
    switch (code) {
      case 50076: return refusals.needsSecondFactor(resource);
      case 50079: return refusals.needsEnrolment(resource);
      case 50158: return refusals.needsChallenge;
      case 65001: return refusals.noConsent(app);
      case 700082: return refusals.inactive(new Date(now.getTime() - refreshTokenDays * dayMs).toISOString());
      case 50173: return refusals.revoked(new Date(now.getTime() - dayMs).toISOString(), now.toISOString());
      case 7000222: return refusals.oldSecret(app);
    }
  };

  return [
    { method: 'post', path: '/login/:tenant/oauth2/token', answer: token(1) },
    { method: 'post', path: '/login/:tenant/oauth2/v2.0/token', answer: token(2) },
  ];
};

const nobodyBehind = (named: string, form: URLSearchParams): LoginRefusal => {
  if (!anyTenant.includes(named)) return refusals.noTenant(named);
  return form.has('code') ? refusals.noCode : form.has('refresh_token') ? refusals.malformedRefreshToken : refusals.noTenant(named);
};

type Grant = 'authorization_code' | 'refresh_token' | 'client_credentials';
const isGrant = (text: string): text is Grant => ['authorization_code', 'refresh_token', 'client_credentials'].includes(text);

const openIdAlone: Wanted = { resource: 'openId', address: '00000003-0000-0000-c000-000000000000', permissions: [] };

/** Version 1 names the resource by itself; a code without one is for what was asked at sign-in. */
const resourceOf = (address: string, { signIn }: Behind): Wanted =>
  address !== '' || !signIn ? { resource: resourceIn(address), address, permissions: [] } : readScope(signIn.scope).wanted[0] ?? openIdAlone;

/** Version 2 names it in each scope. An app alone asks for what an administrator has allowed it, and for nothing else. */
const oneResource = (scope: string, { signIn, fixedRefreshToken }: Behind, stop: (refused: LoginRefusal) => never): Wanted => {
  const { wanted } = readScope(scope);
  if (scope === '') stop(refusals.missing('scope'));
  const isAlone = signIn === undefined && fixedRefreshToken === undefined;
  if (isAlone && !/^\S+\/\.default$/.test(scope)) stop(refusals.notDefault(scope));
  // What was asked at sign-in may have been several; then the first is meant.
  if (wanted.length > 1 && scope !== signIn?.scope) stop(refusals.twoResources(scope));
  return wanted[0] ?? openIdAlone;
};

const scopeGiven = ({ resource, address, permissions }: Wanted, asked: string): string =>
  resource === 'openId' ? asked.split(' ').filter((word) => word !== 'offline_access').join(' ') : permissions.map((one) => (address === '' ? one : `${address}/${one}`)).join(' ');
