/** Names of companies and people are strangers' text. */
import { cut } from '../../domain/cut.js';

const longestName = 80;

// Controls, zero-width characters and marks that turn the direction of a line.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** For places that do not read Markdown: button titles, input values, summaries. Never a template expression. */
export const clean = (text: string, longest = longestName): string => {
  const seen = text.replace(unseen, ' ').replace(/\s+/g, ' ').trim().replace(/\$\{/g, '$\u200b{');
  return seen.length > longest ? `${cut(seen, longest - 1)}…` : seen;
};

/** Teams refuses a card above 28 KB: a long list shows its first lines, and how many more there are. */
export const few = (lines: readonly string[], most = 10): readonly string[] => (lines.length > most ? [...lines.slice(0, most), `+${lines.length - most}`] : lines);

/** The Markdown of our own words, and what `shown` put into them, for places that read none. */
export const plainly = (markdown: string): string =>
  markdown.replace(/\\([\\`*_[\]<>~|#&.)+-])|\[([^[\]]{1,200})\]\([^()\s]{1,2000}\)|\*{1,2}|`/g, (_, escaped?: string, link?: string) => escaped ?? link ?? '');

/** For a TextBlock or a Fact: shows as typed, whatever Markdown it holds. */
export const shown = (text: string, longest = longestName): string =>
  clean(text, longest)
    .replace(/[\\`*_[\]<>~|#]/g, '\\$&')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^([-+])/, '\\$1');

/** As a line of its own: with a capital, which in Turkish is İ for i. */
export const titled = (text: string, language: string): string => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
