/** What a person takes away as a file: a receipt that can be checked offline, and a record that opens safely in a spreadsheet. */
import { stringify } from 'csv-stringify/sync';
import type { Receipt } from '../commands/receipt.js';
import type { HistoryView } from '../commands/views.js';
import type { Words } from './words/index.js';

export type OfferedFile = { readonly name: string; readonly type: string; readonly text: string };
/** Keeps a file for a short while, for whoever holds its address. `undefined`: there is no address to hand out. */
export type OfferFile = (file: OfferedFile) => Promise<{ readonly url: string; readonly minutes: number } | undefined>;

export const receiptFile = (receipt: Receipt): OfferedFile =>
  ({ name: `receipt-${receipt.reference}.json`, type: 'application/json', text: `${JSON.stringify(receipt, undefined, 2)}\n` });

/** Formulas are escaped: a cell that begins with =, +, - or @ stays text. The mark in front tells spreadsheets that it is UTF-8. */
export const historyFile = ({ invitation, lines }: HistoryView, words: Words): OfferedFile => ({
  name: `record-${invitation.reference}.csv`,
  type: 'text/csv; charset=utf-8',
  text: stringify(
    lines.map(({ at, event, by, note }) => [at, invitation.reference, words.history.events[event] ?? event, by, note]),
    { header: true, columns: ['time (UTC)', 'reference', 'event', 'by', 'note'], escape_formulas: true, bom: true },
  ),
});
