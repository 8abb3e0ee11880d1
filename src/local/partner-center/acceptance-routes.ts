import { isGuid } from '../../domain/ids.js';
import { accept } from './acceptance.js';
import { invitationPage, pageHeaders, resultPage } from './acceptance-page.js';
import { languageOf, words } from './acceptance-words.js';
import { html, type Answered, type Asked, type Route } from './route.js';
import type { State } from './state.js';
import { partnerIdOf } from './two-tier.js';
import type { Tenant } from './world.js';

/** The page on which a customer's admin accepts the partner; Microsoft's own is in the Microsoft 365 admin center. */
export const acceptanceRoutes = (state: State): readonly Route[] => {
  const tenantOf = (id: string | null): Tenant | undefined => (isGuid(id) ? state.tenant(id) : undefined);

  /** One partner, or an indirect reseller under its PartnerID with its provider. */
  const askersIn = (query: URLSearchParams): { readonly partner: Tenant; readonly provider?: Tenant } | undefined => {
    const [partner, provider] = [tenantOf(query.get('partnerId')), tenantOf(query.get('indirectCSPId'))];
    if (!partner?.csp) return undefined;
    if (query.get('invType') === 'ResellerRelationship') return { partner };
    const isTwoTier = query.get('invType') === 'IndirectResellerRelationship' && partner.csp.type === 'indirectReseller' && query.get('msppId') === partnerIdOf(partner);
    return isTwoTier && provider?.csp ? { partner, provider } : undefined;
  };

  const show = ({ url, headers }: Asked): Answered => {
    const language = languageOf(url.searchParams.get('lang'), headers['accept-language']);
    const askers = askersIn(url.searchParams);
    if (!askers) return html(404, resultPage(language, words[language].refused, words[language].notFound), pageHeaders);
    const signedIn = state.person(url.searchParams.get('signedInAs') ?? '');
    const tenants = signedIn ? [signedIn.tenant] : state.tenants().filter(({ csp, people }) => !csp && people.length > 0);
    return html(200, invitationPage(language, {
      ...askers, tenants, hasAdminPermissions: url.searchParams.get('DAP') === 'true', ...(signedIn && { signedInAs: signedIn.person.id }),
    }), pageHeaders);
  };

  const press = ({ body, headers }: Asked): Answered => {
    const form = new URLSearchParams(body);
    const language = languageOf(form.get('lang'), headers['accept-language']);
    const said = words[language];
    const [partner, signedIn] = [tenantOf(form.get('partnerId')), state.person(form.get('person') ?? '')];
    const provider = tenantOf(form.get('indirectCSPId'));
    if (!partner || !signedIn || (form.has('indirectCSPId') && !provider)) return html(404, resultPage(language, said.refused, said.notFound), pageHeaders);
    const acceptance = accept(state, partner.id, signedIn, provider?.id);
    if (acceptance.is === 'refused') {
      const asked: Readonly<Record<string, string>> = provider
        ? { invType: 'IndirectResellerRelationship', partnerId: partner.id, msppId: partnerIdOf(partner), indirectCSPId: provider.id }
        : { invType: 'ResellerRelationship', partnerId: partner.id };
      const again = new URLSearchParams({ ...asked, DAP: String(partner.cloud === 'usGov'), lang: language, signedInAs: signedIn.person.id });
      return html(403, resultPage(language, said.refused, said.why[acceptance.why], `/Adminportal/Home?${again.toString()}`), pageHeaders);
    }
    const [customer, since] = [signedIn.tenant.name, new Date(acceptance.since)];
    const done = provider ? said.together.done(partner.name, provider.name, customer, since) : said.done(partner.name, customer, since);
    return html(200, resultPage(language, said[acceptance.is], done), pageHeaders);
  };

  return [
    { method: 'get', path: '/Adminportal/Home', answer: show },
    { method: 'post', path: '/Adminportal/accept', answer: press },
  ];
};
