import type { Language, SignIn } from '../commands/ports.js';
import { goodUntil, signInDaysLeft } from '../commands/warn-about-sign-ins.js';
import type { TenantId } from '../domain/ids.js';
import { unreachable } from '../domain/invitation.js';
import { hidden, html, said, type Drawing, type Html } from './html.js';
import { dayIn, wordsIn } from './words.js';

export const outcomes = ['kept', 'cancelled', 'unreachable', 'otherTenant', 'guest', 'noSecondFactor', 'notAllowed', 'tooOld', 'untrusted', 'refused'] as const;
export type Outcome = { readonly is: (typeof outcomes)[number]; readonly code?: string | undefined };

export type PartnerLine = { readonly tenant: TenantId; readonly name: string; readonly access: 'user' | 'app'; readonly signIn: SignIn | undefined };

const warningDays = 30;

const otherLanguage = (language: Language, publicUrl: string): string => `${publicUrl}/partners?lang=${language === 'en' ? 'tr' : 'en'}`;

export const enterDrawing = (language: Language, publicUrl: string, why?: 'wrong' | 'tooManyTries' | 'noSession'): Drawing => {
  const words = wordsIn(language).partners;
  return {
    language, heading: words.heading, otherLanguage: otherLanguage(language, publicUrl),
    inner: html`${why && said(words[why], 'bad')}<p>${words.door}</p>
<form method="post" action="${publicUrl}/partners/enter">${hidden({ lang: language })}
<label for="token">${words.token}</label><input id="token" name="token" type="password" required autocomplete="off" spellcheck="false">
<button type="submit">${words.enter}</button></form>`,
  };
};

export type PartnersSeen = {
  readonly publicUrl: string;
  readonly lines: readonly PartnerLine[];
  readonly csrf: string;
  readonly now: Date;
  /** What came of the last sign-in of this session. */
  readonly outcome?: (Outcome & { readonly partner: TenantId }) | undefined;
};

export const partnersDrawing = (language: Language, { publicUrl, lines, csrf, now, outcome }: PartnersSeen): Drawing => {
  const words = wordsIn(language).partners;
  const form = (path: string, fields: Readonly<Record<string, string>>, button: Html): Html =>
    html`<form method="post" action="${publicUrl}/partners/${path}">${hidden({ csrf, lang: language, ...fields })}${button}</form>`;
  const meant = lines.find(({ tenant }) => tenant === outcome?.partner);
  return {
    language, heading: words.heading, otherLanguage: otherLanguage(language, publicUrl),
    inner: html`${outcome && meant && told(language, outcome, meant)}
<p>${lines.length > 0 ? words.explained : words.none}</p>
<ul class="partners">${lines.map((line) => html`<li><h2>${line.name}</h2>
<p class="soft">${line.name !== line.tenant && html`${line.tenant} · `}${words.access[line.access]}</p>
${standing(language, line, now)}${line.access === 'user' && form('sign-in', { partner: line.tenant }, html`<button type="submit" aria-label="${words.signInFor(line.name)}">${words.signIn}</button>`)}</li>`)}</ul>
${form('leave', {}, html`<button type="submit" class="quiet">${words.leave}</button>`)}`,
  };
};

const standing = (language: Language, { access, signIn }: PartnerLine, now: Date): Html => {
  const words = wordsIn(language).partners;
  const line = (how: 'good' | 'warn' | 'bad', mark: string, text: string): Html => html`<p class="${how}"><b aria-hidden="true">${mark}</b> ${text}</p>`;
  if (access === 'app') return html`<p>${words.appAlone}</p>`;
  if (!signIn) return line('bad', '✕', words.never);
  if (signIn.refused !== undefined) return line('bad', '✕', words.refused(signIn.refused));
  const [until, left] = [goodUntil(signIn), signInDaysLeft(signIn, now)];
  if (until <= now) return line('bad', '✕', words.over);
  return left <= warningDays ? line('warn', '!', words.ending(dayIn(language, until), left)) : line('good', '✓', words.good(dayIn(language, until), left));
};

const told = (language: Language, { is, code = '?' }: Outcome, { name, signIn }: PartnerLine): Html => {
  const { partners, notSignedIn: words } = wordsIn(language);
  switch (is) {
    case 'kept': return signIn ? said(partners.done(name, dayIn(language, goodUntil(signIn))), 'good') : html``;
    case 'cancelled': return said(words.cancelled);
    case 'otherTenant': return said(words.otherTenant(name), 'bad');
    case 'untrusted': return said(words.untrusted(code), 'bad');
    case 'refused': return said(words.refused(code), 'bad');
    case 'guest': case 'noSecondFactor': case 'notAllowed': case 'tooOld': case 'unreachable': return said(words[is], 'bad');
    default: return unreachable(is);
  }
};
