import type { Language } from '../commands/ports.js';
import { html, said, type Drawing } from './html.js';
import { wordsIn } from './words.js';

export const tooManyDrawing = (language: Language): Drawing => {
  const words = wordsIn(language).tooMany;
  return { language, heading: words.heading, inner: html`${said(words.text, 'bad')}` };
};

/** A sentence and one way on. */
export const plainDrawing = (language: Language, heading: string, text: string, how: 'good' | 'bad' | 'plain', next?: { readonly to: string; readonly words: string }): Drawing => ({
  language, heading, inner: html`${said(text, how)}${next && html`<a class="button" href="${next.to}">${next.words}</a>`}`,
});
