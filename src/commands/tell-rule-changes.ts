import { createHash } from 'node:crypto';
import type { Promised, Rule } from '../domain/rule.js';
import { ruleBook } from '../domain/rules.js';
import type { NewErrand, Ports } from './ports.js';

type Book = readonly (Rule<never> | Promised)[];

/** Each rule's sentence as a short print, by its number. */
export const printOf = (book: Book): Readonly<Record<string, string>> =>
  Object.fromEntries(book.map(({ id, code = '', source }) => [id, createHash('sha256').update(`${code}\n${source}`).digest('base64url').slice(0, 12)]));

/** New, reworded or gone since the book was printed. */
export const changedSince = (before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((id) => before[id] !== now[id]).sort();

/**
 * After an update that changed the rule book everybody who uses the bot is told once which rules. The first book is no news.
 * The print is kept only after the errands were given, so that a crash between the two repeats and loses nothing.
 */
export const tellRuleChanges = ({ ledger, errands, partners }: Ports, book: Book = ruleBook) => async (): Promise<readonly string[]> => {
  const [kept, print] = [await ledger.mark('rule book'), printOf(book)];
  const now = JSON.stringify(print);
  if (kept === now) return [];
  const changed = kept === undefined ? [] : changedSince(JSON.parse(kept) as Readonly<Record<string, string>>, print);
  if (changed.length > 0) {
    const edition = createHash('sha256').update(now).digest('base64url').slice(0, 12);
    await errands.add((await ledger.acquaintances()).filter(({ isReachable }) => isReachable).map(({ tenant, person }): NewErrand => ({
      topic: 'news', key: `news/rules/${edition}/${tenant}/${person}`, lane: `person/${tenant}/${person}`,
      body: { tenant, person, side: partners.includes(tenant) ? 'partner' : 'customer', subject: 'rules', rules: changed.join(' ') },
    })));
  }
  await ledger.keepMark('rule book', now);
  return changed;
};
