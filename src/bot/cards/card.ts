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

type Fields = Readonly<Record<string, unknown>>;
/** A part of a card that is drawn by itself, from the fields it names and no others. */
type Part = (fields: Fields) => readonly unknown[];
type Kept = { readonly frame: Part; readonly body: readonly Part[] };

const mostDrawings = 32;

/**
 * Most of a card is the same words for every reader of a language: what was drawn from the same fields twice in a row is taken again.
 * What names a customer or a day is not kept: it would hardly come again, and lie in memory until a full collection.
 */
const partOf = (element: object, name: CardName): Part => {
  const template = new Template({ drawn: [element] });
  const names = [...new Set([...JSON.stringify(element).matchAll(/\$\{([^}]*)\}/g)].flatMap(([, expression = '']) => expression.match(/\w+/g) ?? []))];
  const drawings = new Map<string, readonly unknown[]>();
  let drawnLast = '';
  return (fields) => {
    const from = JSON.stringify(names.map((one) => fields[one]));
    const known = drawings.get(from);
    if (known) return known;
    // A map: of an object the library compares the names of all fields, in small letters, for each expression.
    const { drawn } = template.expand({ $root: new Map(names.map((one) => [one, fields[one]])) }) as { readonly drawn: readonly unknown[] };
    if (JSON.stringify(drawn).includes('${')) throw new CardNotDrawnError(`The card ${name} has a field without a value.`);
    if (from === drawnLast) {
      if (drawings.size === mostDrawings) drawings.clear();
      drawings.set(from, drawn);
    }
    drawnLast = from;
    return drawn;
  };
};

/** `#cards` is the folder in package.json, wherever this code was put together. */
const file = createRequire(import.meta.url);
const cards = new Map<CardName, Kept>();
/** Parsed once, when it is first drawn: parsing costs milliseconds. */
const kept = (name: CardName): Kept => {
  const known = cards.get(name);
  if (known) return known;
  const { body, ...frame } = file(`#cards/${name}.json`) as { readonly body: readonly object[] };
  const card = { frame: partOf(frame, name), body: body.map((element) => partOf(element, name)) };
  cards.set(name, card);
  return card;
};

/** @throws CardNotDrawnError when a field is missing: a person would read a literal `${…}`. */
export const draw = (name: CardName, { words, isTrial }: Pen, summary: string, more: Fields): Drawn => {
  const fields: Fields = { lang: words.language, fallback: summary, footer: words.trial, hasFooter: isTrial, ...more };
  const { frame, body } = kept(name);
  // A name before the spread: decision 0014.
  return { card: { type: 'AdaptiveCard', ...(frame(fields)[0] as object), body: body.flatMap((part) => part(fields)) }, summary };
};
