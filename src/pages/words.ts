import type { Language } from '../commands/ports.js';
import { en, type Words } from './words-en.js';
import { tr } from './words-tr.js';

export type { Words } from './words-en.js';

export const wordsIn = (language: Language): Words => (language === 'tr' ? tr : en);

/** What the address or form asks for, else what the browser prefers. */
export const languageOf = (asked: string | null, acceptLanguage = ''): Language => {
  if (asked === 'en' || asked === 'tr') return asked;
  return acceptLanguage.split(',').map((part) => part.trim().slice(0, 2).toLowerCase()).find((one) => one === 'en' || one === 'tr') === 'tr' ? 'tr' : 'en';
};

const days: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  en: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
  tr: new Intl.DateTimeFormat('tr-TR', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }),
};
export const dayIn = (language: Language, at: Date): string => days[language].format(at);
