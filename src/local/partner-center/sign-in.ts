import { randomUUID } from 'node:crypto';
import { appOf, type Registration } from './credentials.js';
import { refusals, worded, type LoginRefusal } from './login-errors.js';
import { readScope, type Scope } from './login-scopes.js';
import { anyTenant } from './login-token.js';
import { html, type Answered, type Asked, type Route } from './route.js';
import type { Codes } from './sign-in-codes.js';
import { languageIn, signInWords } from './sign-in-words.js';
import { signInHeaders, signInPage, troublePage } from './sign-in-page.js';
import type { State } from './state.js';
import type { Person, Tenant } from './world.js';

/** An authorization request that may be answered. */
export type SignInRequest = {
  readonly app: Registration;
  /** Whose people may sign in: of one tenant, or of all in which the app is. */
  readonly tenants: readonly Tenant[];
  readonly redirectUri: string;
  readonly state: string | null;
  readonly mode: 'query' | 'fragment';
  readonly scope: Scope;
  readonly nonce?: string;
  readonly challenge?: string;
  readonly loginHint?: string;
};

/** `trouble` is shown to the person, as the app cannot be trusted with it; `redirect` goes back to the app. */
export type Step =
  | { readonly is: 'request'; readonly request: SignInRequest }
  | { readonly is: 'trouble'; readonly refused: LoginRefusal }
  | { readonly is: 'redirect'; readonly to: string };

const isLoopback = (address: string): boolean => {
  const { protocol, hostname } = URL.canParse(address) ? new URL(address) : { protocol: '', hostname: '' };
  return /^https?:$/.test(protocol) && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
};

/** The app and where its answers go; in the sandbox every address of this machine is registered. */
export const appAndReply = (query: URLSearchParams, where: string): { readonly app: Registration; readonly redirectUri: string } | LoginRefusal => {
  const [clientId, redirectUri] = [query.get('client_id'), query.get('redirect_uri')];
  if (!clientId) return refusals.missing('client_id');
  const app = appOf(clientId);
  if (!app) return refusals.noApp(clientId, where);
  if (!redirectUri) return refusals.noReply(app);
  return isLoopback(redirectUri) ? { app, redirectUri } : refusals.wrongReply(redirectUri, app);
};

/** The app's address with an answer in it; what the address said before stays. */
export const replyTo = (redirectUri: string, answer: Readonly<Record<string, string | null>>, mode: 'query' | 'fragment' = 'query'): string => {
  const url = new URL(redirectUri);
  const said = Object.entries(answer).filter((entry): entry is [string, string] => entry[1] !== null);
  if (mode === 'fragment') url.hash = new URLSearchParams(said).toString();
  else for (const [name, value] of said) url.searchParams.append(name, value);
  return url.href;
};

export type SignInOptions = { readonly state: State; readonly codes: Codes; readonly findTenant: (named: string) => Tenant | undefined };

/** Reads what an app asks and makes what it is answered. */
export const createSignIn = ({ state, codes, findTenant }: SignInOptions) => {
  /** @param named the tenant in the path, or one of the words for any */
  const read = (named: string, query: URLSearchParams): Step => {
    const tenant = findTenant(named);
    if (!tenant && !anyTenant.includes(named)) return { is: 'trouble', refused: refusals.noTenant(named) };
    const asker = appAndReply(query, tenant?.name ?? named);
    if (!('app' in asker)) return { is: 'trouble', refused: asker };
    const { app, redirectUri } = asker;
    const tenants = (tenant ? [tenant] : state.tenants()).filter(({ csp }) => app.is === 'directory' || csp !== null);
    if (tenants.length === 0) return { is: 'trouble', refused: refusals.noApp(app.clientId, tenant?.name ?? named) };
    const field = (name: string): string => query.get(name) ?? '';
    const mode = field('response_mode') === 'fragment' ? 'fragment' : 'query';
    const scope = readScope(field('scope'));
    const wrong = mistakeIn(field, scope, app, tenant);
    if (wrong) return { is: 'redirect', to: replyTo(redirectUri, { ...errorIn(wrong), state: query.get('state') }, mode) };
    return {
      is: 'request',
      request: {
        app, tenants, redirectUri, mode, scope, state: query.get('state'),
        ...(query.has('nonce') && { nonce: field('nonce') }), ...(query.has('code_challenge') && { challenge: field('code_challenge') }), ...(query.has('login_hint') && { loginHint: field('login_hint') }),
      },
    };
  };

  /** @returns where the browser goes next, or why this person cannot sign in */
  const complete = (request: SignInRequest, personId: string, mfa: boolean): string | LoginRefusal => {
    const { app, redirectUri, mode, scope, nonce, challenge } = request;
    const found = state.person(personId);
    if (!found || !request.tenants.some(({ id }) => id === found.tenant.id)) return refusals.notInTenant(found?.person.mail ?? personId, request.tenants[0]?.name ?? '');
    const { tenant, person } = found;
    if (!person.enabled) return refusals.blocked;
    if (app.is === 'directory' && !tenant.consented && scope.wanted.some(({ resource }) => resource === 'graph')) return refusals.needsAdmin(app);
    const code = codes.give({
      app: app.is, tenant: tenant.id, person: person.id, mfa, scope: scope.text, redirectUri, ...(nonce !== undefined && { nonce }), ...(challenge !== undefined && { challenge }),
    });
    return replyTo(redirectUri, { code, state: request.state, session_state: randomUUID() }, mode);
  };

  const cancel = ({ redirectUri, state: kept, mode }: SignInRequest): string => replyTo(redirectUri, { ...errorIn(refusals.cancelled), error_subcode: 'cancel', state: kept }, mode);

  return { read, complete, cancel };
};

export type SignIn = ReturnType<typeof createSignIn>;

export const errorIn = (refused: LoginRefusal): { readonly error: string; readonly error_description: string } => ({ error: refused.error, error_description: worded(refused).text });

const prompts = ['', 'login', 'select_account', 'consent'];

/** What the app is told rather than the person. */
const mistakeIn = (field: (name: string) => string, scope: Scope, app: Registration, tenant: Tenant | undefined): LoginRefusal | undefined => {
  if (field('response_type') === '') return refusals.missing('response_type');
  if (field('response_type') !== 'code') return refusals.otherResponse(field('response_type'));
  if (!['', 'query', 'fragment'].includes(field('response_mode'))) return refusals.otherMode(field('response_mode'));
  if (scope.text === '') return refusals.missing('scope');
  const unknown = scope.wanted.find(({ resource }) => !resource || (resource === 'partnerCenter' && app.is !== 'partner'));
  if (unknown) return refusals.noResource(unknown.address, tenant?.name ?? 'organizations');
  const [challenge, method] = [field('code_challenge'), field('code_challenge_method')];
  if ((challenge !== '' || method !== '') && (method !== 'S256' || !/^[\w-]{43}$/.test(challenge))) return refusals.otherChallenge(method);
  if (field('prompt') === 'none') return refusals.nobodySignedIn;
  return prompts.includes(field('prompt')) ? undefined : refusals.otherPrompt(field('prompt'));
};

/** The page on which somebody chooses who signs in; at Microsoft one types a password there. */
export const signInRoutes = ({ read, complete, cancel }: SignIn): readonly Route[] => {
  const show = ({ url, params, headers }: Asked): Answered => {
    const language = languageIn(url.searchParams, headers['accept-language']);
    const step = read(params['tenant'] ?? '', url.searchParams);
    if (step.is === 'redirect') return { status: 302, headers: { location: step.to } };
    if (step.is === 'trouble') return html(step.refused.status, troublePage(language, worded(step.refused)), signInHeaders());
    const { request } = step;
    return html(200, signInPage(language, { ...request, action: url.pathname, query: url.searchParams.toString(), chosen: hinted(request) }), signInHeaders(request.redirectUri));
  };

  const press = ({ url, params, body, headers }: Asked): Answered => {
    const form = new URLSearchParams(body);
    const query = new URLSearchParams(form.get('request') ?? '');
    const language = languageIn(form, headers['accept-language']);
    const step = read(params['tenant'] ?? '', query);
    if (step.is === 'redirect') return { status: 302, headers: { location: step.to } };
    if (step.is === 'trouble') return html(step.refused.status, troublePage(language, worded(step.refused)), signInHeaders());
    if (form.get('go') === 'cancel') return { status: 302, headers: { location: cancel(step.request) } };
    const outcome = complete(step.request, form.get('person') ?? '', form.get('mfa') === 'yes');
    if (typeof outcome === 'string') return { status: 302, headers: { location: outcome } };
    const back = `${url.pathname}?${query.toString()}`;
    return html(403, troublePage(language, worded(outcome), { to: back, text: signInWords[language].back }), signInHeaders());
  };

  return [
    { method: 'get', path: '/login/:tenant/oauth2/v2.0/authorize', answer: show },
    { method: 'post', path: '/login/:tenant/oauth2/v2.0/authorize', answer: press },
  ];
};

/** By mail address, as apps give it, or by id. */
const hinted = ({ tenants, loginHint = '' }: SignInRequest): Person['id'] | undefined =>
  tenants.flatMap(({ people }) => people).find(({ id, mail }) => id === loginHint.toLowerCase() || (mail !== undefined && mail.toLowerCase() === loginHint.toLowerCase()))?.id;
