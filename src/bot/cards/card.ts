import { createRequire } from 'node:module';
import { Template } from 'adaptivecards-templating';
import type { Dates } from '../words/dates.js';
import type { Words } from '../words/index.js';

/** Pages of this server for a customer's admin, where it has an address of its own. */
export type OwnPages = { readonly consent: (tenant: string) => string; readonly signIn: (tenant: string) => string };

/** What every card is drawn with: the reader's words, dates, and whether Microsoft's side is the sandbox. */
export type Pen = { readonly words: Words; readonly dates: Dates; readonly isTrial: boolean; readonly now: () => Date; readonly ownPages?: OwnPages | undefined };

export type AdaptiveCard = Readonly<Record<string, unknown>>;
/** `summary` is what a toast and a screen reader say. */
export type Drawn = { readonly card: AdaptiveCard; readonly summary: string };

export class CardNotDrawnError extends Error {
  override readonly name = 'CardNotDrawnError';
}

export type CardName = 'invitation-preview' | 'invite-form' | 'partner-request' | 'invitation-status' | 'page' | 'refusal' | 'my-partners' | 'pending' | 'customers' | 'consequences' | 'history';

/** `#cards` is the folder in package.json, wherever this code was put together. */
const file = createRequire(import.meta.url);
const templates = new Map<CardName, Template>();
/** Parsed once, when it is first drawn: parsing costs milliseconds, expanding a kept template a fraction of one. */
const templateOf = (name: CardName): Template => {
  const kept = templates.get(name);
  if (kept) return kept;
  const template = new Template(file(`#cards/${name}.json`));
  templates.set(name, template);
  return template;
};

/** @throws CardNotDrawnError when a field is missing: a person would read a literal `${…}`. */
export const draw = (name: CardName, { words, isTrial }: Pen, summary: string, fields: Readonly<Record<string, unknown>>): Drawn => {
  const card: unknown = templateOf(name).expand({
    $root: { lang: words.language, fallback: summary, footer: words.trial, hasFooter: isTrial, ...fields },
  });
  if (typeof card !== 'object' || card === null || JSON.stringify(card).includes('${')) throw new CardNotDrawnError(`The card ${name} has a field without a value.`);
  return { card: card as AdaptiveCard, summary };
};
