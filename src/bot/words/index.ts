import type { Language } from '../../commands/ports.js';
import { en, type Words } from './en.js';
import { tr } from './tr.js';

export type { Words } from './en.js';

export const wordsIn = (language: Language): Words => (language === 'tr' ? tr : en);
