import type { HistoryView } from '../../commands/views.js';
import { draw, type Drawn, type Pen } from './card.js';
import { few, shown } from './text.js';

export const history = (view: HistoryView, pen: Pen): Drawn => {
  const { words: { history: say }, dates } = pen;
  return draw('history', pen, say.summary, {
    invitation: view.invitation.id, title: say.title(view.invitation.reference),
    verdict: view.verdict.is === 'whole' ? say.whole(view.lines.length) : say.broken(view.verdict.seq ?? 1),
    lines: few(view.lines.slice(-20).map(({ at, event, by, note }) => `${say.line(dates.moment(at), say.events[event] ?? event, shown(by))}${note ? `: ${shown(note)}` : ''}`), 20),
    chainHead: say.head(view.chainHead), verify: say.verify[view.side], receipt: say.receipt, csv: say.csv, hasFiles: true,
  });
};
