import type { Language } from '../commands/ports.js';
import type { TenantId } from '../domain/ids.js';
import { hidden, html, listed, said, type Drawing, type Html } from './html.js';
import { wordsIn } from './words.js';

/** `contact` is a mail address or a URL; anything else is shown as it is. */
export type Operator = { readonly name: string; readonly contact?: string | undefined };

export type ConsentAsked = {
  readonly publicUrl: string;
  readonly operator: Operator | undefined;
  readonly appId: string;
  readonly tenant: TenantId | undefined;
  /** The same page in the other language. */
  readonly other: string;
};

export const consentDrawing = (language: Language, { publicUrl, operator, appId, tenant, other }: ConsentAsked): Drawing => {
  const words = wordsIn(language).consent;
  const facts: readonly (readonly [string, Html | string])[] = [
    ...(operator?.contact ? [[words.contact, contactOf(operator.contact)] as const] : []),
    [words.appId, appId],
    ...(tenant ? [[words.organisation, tenant] as const] : []),
  ];
  return {
    language, heading: words.heading, otherLanguage: other,
    inner: html`<p>${words.intro}</p>
<p><strong>${operator ? words.operatedBy(operator.name) : words.trial}</strong></p>
<dl>${facts.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>
<h2>${words.reads}</h2>${listed(words.readItems)}
<h2>${words.never}</h2>${listed(words.neverItems)}
<h2>${words.takeBack}</h2><p>${words.takeBackText}</p>
<p>${words.broader}</p>
<form method="post" action="${publicUrl}/consent/go">${hidden({ lang: language, ...(tenant && { tenant }) })}<button type="submit">${words.go}</button></form>`,
  };
};

const contactOf = (contact: string): Html | string => {
  if (/^https:\/\/\S+$/.test(contact) && URL.canParse(contact)) return html`<a href="${contact}" rel="noreferrer">${contact}</a>`;
  return /^[^\s@<>"?&]+@[^\s@<>"?&]+$/.test(contact) ? html`<a href="mailto:${contact}">${contact}</a>` : contact;
};

type More = { readonly code?: string; readonly again?: string; readonly look?: string };

export const resultDrawing = (language: Language, is: 'given' | 'moment' | 'declined' | 'otherTenant' | 'tooOld', { code = '', again, look }: More): Drawing => {
  const words = wordsIn(language).consent;
  const headings = { given: words.given, moment: words.moment, declined: words.declined, otherTenant: words.unclear, tooOld: words.unclear } as const;
  const texts = { given: words.givenText, moment: words.momentText, declined: words.declinedText(code), otherTenant: words.otherTenant, tooOld: words.tooOld } as const;
  return {
    language, heading: headings[is],
    inner: html`${said(texts[is], is === 'given' ? 'good' : is === 'moment' || is === 'declined' ? 'plain' : 'bad')}
${look !== undefined && html`<a class="button" href="${look}">${words.look}</a>`}${again !== undefined && html`<a class="button" href="${again}">${words.again}</a>`}`,
  };
};
