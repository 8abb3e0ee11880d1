import { isGuid } from '../../domain/ids.js';
import { accept } from './acceptance.js';
import { invitationPage, pageHeaders, resultPage } from './acceptance-page.js';
import { languageOf, words } from './acceptance-words.js';
import { html, type Answered, type Asked, type Route } from './route.js';
import type { State } from './state.js';
import type { Tenant } from './world.js';

/** The page on which a customer's admin accepts the partner; Microsoft's own is in the Microsoft 365 admin center. */
export const acceptanceRoutes = (state: State): readonly Route[] => {
  const partnerOf = (id: string | null): Tenant | undefined => (isGuid(id) ? state.tenant(id) : undefined);

  const show = ({ url, headers }: Asked): Answered => {
    const language = languageOf(url.searchParams.get('lang'), headers['accept-language']);
    const partner = partnerOf(url.searchParams.get('partnerId'));
    if (!partner?.csp || url.searchParams.get('invType') !== 'ResellerRelationship') {
      return html(404, resultPage(language, words[language].refused, words[language].notFound), pageHeaders);
    }
    const signedIn = state.person(url.searchParams.get('signedInAs') ?? '');
    const tenants = signedIn ? [signedIn.tenant] : state.tenants().filter(({ csp, people }) => !csp && people.length > 0);
    return html(200, invitationPage(language, {
      partner, tenants, hasAdminPermissions: url.searchParams.get('DAP') === 'true', ...(signedIn && { signedInAs: signedIn.person.id }),
    }), pageHeaders);
  };

  const press = ({ body, headers }: Asked): Answered => {
    const form = new URLSearchParams(body);
    const language = languageOf(form.get('lang'), headers['accept-language']);
    const said = words[language];
    const [partner, signedIn] = [partnerOf(form.get('partnerId')), state.person(form.get('person') ?? '')];
    if (!partner || !signedIn) return html(404, resultPage(language, said.refused, said.notFound), pageHeaders);
    const acceptance = accept(state, partner.id, signedIn);
    if (acceptance.is === 'refused') {
      const again = new URLSearchParams({ invType: 'ResellerRelationship', partnerId: partner.id, DAP: String(partner.cloud === 'usGov'), lang: language, signedInAs: signedIn.person.id });
      return html(403, resultPage(language, said.refused, said.why[acceptance.why], `/Adminportal/Home?${again.toString()}`), pageHeaders);
    }
    return html(200, resultPage(language, said[acceptance.is], said.done(partner.name, signedIn.tenant.name, new Date(acceptance.since))), pageHeaders);
  };

  return [
    { method: 'get', path: '/Adminportal/Home', answer: show },
    { method: 'post', path: '/Adminportal/accept', answer: press },
  ];
};
