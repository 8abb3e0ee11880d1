import { readdirSync } from 'node:fs';
import { inviteForm } from '../../../src/bot/cards/invite-form.js';
import { drawView, penFor } from '../../../src/bot/draw-view.js';
import { everyView, plainNames } from '../../helpers/views.js';
import type { Bench } from '../bench.js';
import { median } from '../load.js';
import type { Figure } from '../report.js';

/** For each template a view that fills all of it. */
const examples: Readonly<Record<string, string>> = {
  'invitation-preview': 'preview to sell and manage', 'partner-request': 'request to sell and manage', 'invitation-status': 'status where a group has access', 'my-partners': 'partners',
  customers: 'my customers', pending: 'pending of a partner', consequences: 'consequences of ending, blocked', history: 'history', refusal: 'refusal for every reason', page: 'welcome partner',
};

/** More than the parts of a card that are kept: a card about somebody new, as in most turns. */
const strangers = 64;

/** A kept template filled with a view's words: the product's own code, in this process. */
export const cards = async (bench: Bench): Promise<readonly Figure[]> => {
  const studio = { isTrial: false, installUrl: 'https://teams.microsoft.com/l/app/bench', now: () => new Date() };
  const pen = penFor({ language: 'en', timeZone: 'Europe/Istanbul' }, studio);
  const views = Array.from({ length: strangers }, (_, at) => everyView({ ...plainNames, customer: `Contoso ${at}` }));
  const drawing = (card: string): ((at: number) => unknown) => {
    if (card === 'invite-form') return (at) => inviteForm({ domain: `contoso-${at % strangers}.com`, reason: 'Azure backup' }, { managing: true, providers: [] }, pen);
    const some = views.flatMap((every) => every[examples[card] ?? ''] ?? []);
    if (some.length < strangers) throw new Error(`There is no example of the card ${card}: give it one here.`);
    return (at) => drawView(some[at % strangers]!, pen, studio);
  };
  const all = readdirSync(new URL('../../../cards/', import.meta.url)).map((file) => file.replace(/\.json$/, '')).map((card) => ({ card, draw: drawing(card) }));

  const many = bench.size(1000);
  const microseconds = ({ draw }: { readonly draw: (at: number) => unknown }): number => {
    const startedAt = performance.now();
    for (let at = 0; at < many; at += 1) draw(at);
    return ((performance.now() - startedAt) * 1000) / many;
  };
  all.forEach(microseconds); // the compiler
  const found = await bench.inTurns(all, async (one) => microseconds(one));
  return [
    { name: `card build time, the middle one of ${all.length}`, unit: 'µs', rounds: found.map(median) },
    ...all.map(({ card }, at) => ({ name: `  ${card}`, unit: 'µs', rounds: found.map((round) => round[at]!) })),
  ];
};
