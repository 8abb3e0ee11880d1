import type { Language } from '../commands/ports.js';
import { unreachable } from '../domain/invitation.js';
import { hidden, html, listed, type Drawing } from './html.js';
import { plainDrawing } from './plain-page.js';
import { wordsIn } from './words.js';

export const outcomes = [
  'shown', 'isGuest', 'unknown', 'cancelled', 'unreachable', 'otherTenant', 'guest', 'noSecondFactor', 'notAllowed', 'tooOld', 'untrusted', 'refused',
] as const;
/** `name` is the person's, for that person's own eyes. */
export type Outcome = { readonly is: (typeof outcomes)[number]; readonly code?: string | undefined; readonly name?: string | undefined };

export const askDrawing = (language: Language, { publicUrl, tenant, other }: { readonly publicUrl: string; readonly tenant: string; readonly other: string }): Drawing => {
  const words = wordsIn(language).role;
  return {
    language, heading: words.heading, otherLanguage: other,
    inner: html`<p>${words.intro}</p>${listed(words.points)}
<form method="post" action="${publicUrl}/sign-in/go">${hidden({ lang: language, tenant })}<button type="submit">${words.go}</button></form>`,
  };
};

export const tooOldDrawing = (language: Language): Drawing => {
  const words = wordsIn(language).role;
  return plainDrawing(language, words.failed, words.tooOld, 'bad');
};

/** @param again where to start again */
export const toldDrawing = (language: Language, { is, code = '?', name = '' }: Outcome, again: string): Drawing => {
  const { role: words, notSignedIn } = wordsIn(language);
  const failed = (text: string): Drawing => plainDrawing(language, words.failed, text, 'bad', { to: again, words: words.again });
  switch (is) {
    case 'shown': return plainDrawing(language, words.done, words.doneText(name), 'good');
    case 'isGuest': case 'guest': return plainDrawing(language, words.guest, words.guestText, 'bad');
    case 'unknown': return failed(words.unknown);
    case 'otherTenant': return failed(notSignedIn.otherTenant('Teams'));
    case 'untrusted': return failed(notSignedIn.untrusted(code));
    case 'refused': return failed(notSignedIn.refused(code));
    case 'cancelled': case 'tooOld': case 'noSecondFactor': case 'notAllowed': case 'unreachable': return failed(notSignedIn[is]);
    default: return unreachable(is);
  }
};
