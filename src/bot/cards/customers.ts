import type { CustomersView } from '../../commands/views.js';
import type { CustomerLine } from '../../domain/customer-standing.js';
import { draw, type Drawn, type Pen } from './card.js';
import { clean, shown } from './text.js';

const filters = ['all', 'waiting', 'active', 'endingSoon', 'declined', 'ended'] as const;
const dayMs = 86_400_000;

/** @param now business time; what is left is counted in whole days */
export const customers = (view: CustomersView, now: Date, pen: Pen): Drawn => {
  const { customers: say } = pen.words;
  return draw('customers', pen, say.summary, {
    title: view.search ? say.titleSearch(shown(view.search)) : say.title,
    lines: [...(view.customers.length === 0 ? [say.empty] : []), ...(view.page > 0 ? [say.page(view.page + 1)] : [])],
    customers: view.customers.map((line) => rowOf(line, view, now, pen)),
    open: say.open, renew: say.renew, remind: pen.words.waiting.remind,
    searchLabel: say.search, search: clean(view.search), filterLabel: say.filter, only: view.only,
    filters: filters.map((value) => ({ title: say.standings[value], value })),
    searchDo: say.searchDo, back: say.back, hasPrevious: view.page > 0, previous: String(Math.max(0, view.page - 1)), more: say.more, hasMore: view.hasMore, hasPages: view.page > 0 || view.hasMore, next: String(view.page + 1),
  });
};

const rowOf = (line: CustomerLine, { soon }: CustomersView, now: Date, { words: { customers: say, waiting }, dates }: Pen) => {
  const isEndingSoon = line.standing === 'active' && line.endsAt !== '' && line.endsAt < soon;
  const daysTo = (instant: string): number => Math.floor((Date.parse(instant) - now.getTime()) / dayMs);
  const details = [
    ...(line.standing === 'waiting' && line.sentAt ? [say.waitingSince(dates.day(line.sentAt), line.openedAt !== undefined), ...(line.expiresAt ? [waiting.daysLeft(daysTo(line.expiresAt))] : [])] : []),
    ...(line.standing === 'active' ? [line.isSelling ? say.sells : say.managesOnly, line.endsAt ? say.ends(dates.day(line.endsAt), daysTo(line.endsAt)) : say.noEnd] : []),
    ...(line.alias ? [say.alias(shown(line.alias))] : []), shown(line.domain), ...(line.reference ? [line.reference] : []),
  ].filter(Boolean);
  const canRenew = line.standing === 'active' && line.endsAt !== '';
  return {
    name: shown(line.name), standing: isEndingSoon ? say.standings.endingSoon : say.standings[line.standing], line: details.join(' · '),
    about: line.reference ?? '', customer: line.customer, hasReference: line.reference !== undefined, canRenew, canRemind: line.standing === 'waiting',
    hasActions: line.reference !== undefined || canRenew,
  };
};
