import type { Registration } from './credentials.js';
import { refusals, worded } from './login-errors.js';
import { partsOf, readScope } from './login-scopes.js';
import { anyTenant } from './login-token.js';
import { holds } from './roles-held.js';
import { html, type Answered, type Asked, type Route } from './route.js';
import { appAndReply, errorIn, replyTo } from './sign-in.js';
import { consentPage, signInHeaders, troublePage, wordsPage } from './sign-in-page.js';
import { languageIn, signInWords } from './sign-in-words.js';
import type { State } from './state.js';
import type { Person, Tenant } from './world.js';

/** What `/.default` stands for: the permissions in the app's registration, as the operating page has them made. */
const registered: Readonly<Record<Registration['is'], readonly string[]>> = {
  directory: ['User.Read.All', 'RoleManagement.Read.Directory', 'GroupMember.Read.All', 'Organization.Read.All', 'Policy.Read.All', 'CrossTenantInformation.ReadBasic.All'],
  partner: ['user_impersonation', 'DelegatedAdminRelationship.ReadWrite.All', 'GroupMember.Read.All'],
};

/** The page on which an administrator lets an app read in the whole organization. */
export const consentRoutes = (state: State, findTenant: (named: string) => Tenant | undefined): readonly Route[] => {
  const read = (named: string, query: URLSearchParams) => {
    const tenant = findTenant(named);
    if (!tenant && !anyTenant.includes(named)) return refusals.noTenant(named);
    const asker = appAndReply(query, tenant?.name ?? named);
    if (!('app' in asker)) return asker;
    const { app, redirectUri } = asker;
    const tenants = (tenant ? [tenant] : state.tenants()).filter(({ csp }) => app.is === 'directory' || csp !== null);
    if (tenants.length === 0) return refusals.noApp(app.clientId, tenant?.name ?? named);
    const scope = readScope(query.get('scope') ?? '.default').text.split(' ')
      .flatMap((word) => (partsOf(word).permission === '.default' ? registered[app.is].map((one) => word.replace(/\.default$/, one)) : word));
    return { app, redirectUri, tenants, scope, state: query.get('state') };
  };

  const show = ({ url, params, headers }: Asked): Answered => {
    const language = languageIn(url.searchParams, headers['accept-language']);
    const asked = read(params['tenant'] ?? '', url.searchParams);
    if ('sentence' in asked) return html(asked.status, troublePage(language, worded(asked)), signInHeaders());
    const { app, tenants, scope, redirectUri } = asked;
    const permissions = scope.map((word) => partsOf(word).permission);
    const chosen = tenants.flatMap(({ people }) => people).find(mayConsent)?.id;
    return html(200, consentPage(language, { app, tenants, chosen, permissions, action: url.pathname, query: url.searchParams.toString() }), signInHeaders(redirectUri));
  };

  const press = ({ url, params, body, headers }: Asked): Answered => {
    const form = new URLSearchParams(body);
    const query = new URLSearchParams(form.get('request') ?? '');
    const language = languageIn(form, headers['accept-language']);
    const said = signInWords[language];
    const asked = read(params['tenant'] ?? '', query);
    if ('sentence' in asked) return html(asked.status, troublePage(language, worded(asked)), signInHeaders());
    const { app, tenants, redirectUri, scope } = asked;
    const answers = (answer: Readonly<Record<string, string | null>>): Answered => ({ status: 302, headers: { location: replyTo(redirectUri, { ...answer, state: asked.state }) } });
    if (form.get('go') === 'cancel') return answers({ admin_consent: 'True', ...errorIn(refusals.cancelled), error_subcode: 'cancel' });
    const signedIn = state.person(form.get('person') ?? '');
    const back = { to: `${url.pathname}?${query.toString()}`, text: said.back };
    if (!signedIn || !tenants.some(({ id }) => id === signedIn.tenant.id)) return html(404, wordsPage(language, said.consent.refused, said.consent.nobody, back), signInHeaders());
    const { person, tenant } = signedIn;
    if (!mayConsent(person)) return html(403, wordsPage(language, said.consent.refused, said.consent.notAnAdmin, back), signInHeaders());
    if (app.is === 'directory') state.setConsent(tenant.id, true);
    return answers({ admin_consent: 'True', tenant: tenant.id, scope: scope.join(' ') });
  };

  return [
    { method: 'get', path: '/login/:tenant/v2.0/adminconsent', answer: show },
    { method: 'post', path: '/login/:tenant/v2.0/adminconsent', answer: press },
  ];
};

const mayConsent = (person: Person): boolean => !person.guest && holds(person, 'globalAdmin');
