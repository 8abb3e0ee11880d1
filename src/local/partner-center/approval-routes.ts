import { languageOf, words } from './acceptance-words.js';
import { approvalPage, pageHeaders, resultPage } from './acceptance-page.js';
import { approve, isApproved } from './approval.js';
import { isConsentPending, type Standing } from './relationship.js';
import { html, type Answered, type Asked, type Route } from './route.js';
import type { State } from './state.js';
import type { Tenant } from './world.js';

/** The page on which a customer's admin approves delegated administration. A draft that nobody locked has no page yet. */
export const approvalRoutes = (state: State): readonly Route[] => {
  const asked = (id: string | null): { readonly standing: Standing; readonly partner: Tenant } | undefined => {
    const standing = state.relationship(id ?? '');
    const partner = standing && state.tenant(standing.relationship.partner);
    return standing && partner && standing.status !== 'created' ? { standing, partner } : undefined;
  };

  const show = ({ url, headers }: Asked): Answered => {
    const language = languageOf(url.searchParams.get('lang'), headers['accept-language']);
    const said = words[language];
    const found = asked(url.searchParams.get('delegatedAdmin'));
    if (!found) return html(404, resultPage(language, said.approval.refused, said.approval.notFound), pageHeaders);
    const { standing, partner } = found;
    if (isApproved(standing)) return html(200, resultPage(language, said.approval.already, said.approval.alreadyDone(partner.name)), pageHeaders);
    if (standing.status !== 'approvalPending') return html(403, resultPage(language, said.approval.refused, said.approval.why.linkUsed), pageHeaders);
    if (isConsentPending(standing.relationship, state.moment())) return html(403, resultPage(language, said.approval.refused, said.approval.why.partnerConsent), pageHeaders);
    const signedIn = state.person(url.searchParams.get('signedInAs') ?? '');
    const tenants = signedIn ? [signedIn.tenant] : state.tenants().filter(({ csp, people }) => !csp && people.length > 0);
    return html(200, approvalPage(language, { partner, tenants, relationship: standing.relationship, ...(signedIn && { signedInAs: signedIn.person.id }) }), pageHeaders);
  };

  const press = ({ body, headers }: Asked): Answered => {
    const form = new URLSearchParams(body);
    const language = languageOf(form.get('lang'), headers['accept-language']);
    const said = words[language].approval;
    const [found, signedIn] = [asked(form.get('delegatedAdmin')), state.person(form.get('person') ?? '')];
    if (!found || !signedIn) return html(404, resultPage(language, said.refused, said.notFound), pageHeaders);
    const { standing, partner } = found;
    const approval = approve(state, standing, signedIn);
    if (approval.is === 'refused') {
      const again = new URLSearchParams({ delegatedAdmin: standing.relationship.id, lang: language, signedInAs: signedIn.person.id });
      return html(403, resultPage(language, said.refused, said.why[approval.why], `/AdminPortal/Home?${again.toString()}`), pageHeaders);
    }
    return html(200, resultPage(language, said[approval.is], approval.is === 'already' ? said.alreadyDone(partner.name) : said.done(partner.name, signedIn.tenant.name)), pageHeaders);
  };

  return [
    // Microsoft writes this path with a capital P, and the one for reseller relationships without.
    { method: 'get', path: '/AdminPortal/Home', answer: show },
    { method: 'post', path: '/AdminPortal/approve', answer: press },
  ];
};
