import type { OpenInvitation } from '../../domain/invitation.js';
import type { Drawn, Pen } from './card.js';
import { page } from './page.js';
import { shown } from './text.js';

/** The question before an invitation is withdrawn that somebody wrote about. */
export const withdrawal = ({ customer, reference }: OpenInvitation, pen: Pen): Drawn => {
  const { waiting } = pen.words;
  return page({
    title: waiting.withdrawTitle, summary: waiting.withdrawTitle,
    lines: [`**${shown(customer.name)}** · ${reference}`, waiting.withdrawText, waiting.withdrawHow],
    buttons: [{ title: waiting.withdrawDo, verb: 'withdraw', about: reference }],
  }, pen);
};
