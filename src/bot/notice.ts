import type { NoticeView } from '../commands/views.js';
import { halvesOf, missingHalves } from '../domain/invitation.js';
import { remarksOf } from './cards/asks.js';
import type { Drawn, Pen } from './cards/card.js';
import { page } from './cards/page.js';
import { roleName } from './cards/role-names.js';
import { shown } from './cards/text.js';
import { whyDeclined } from './cards/why-declined.js';

/** What was said comes with the notice, and a button that leads to where it is answered; everything else is a sentence. */
export const notice = (view: NoticeView, pen: Pen): Drawn | string => {
  const { words, dates } = pen;
  const text = noticeText(view, pen);
  const { said, subject, invitation } = view;
  const suggestion = subject === 'suggested' && 'suggestion' in invitation ? invitation.suggestion : undefined;
  const lines = said ? remarksOf([said], pen) : suggestion
    ? [words.talk.suggested(shown(suggestion.by.name), dates.moment(suggestion.at), suggestion.days), words.list(suggestion.roles.map((role) => roleName(role, words)))] : [];
  if (lines.length === 0) return text;
  return page({
    title: text, summary: [text, ...(said ? [shown(said.text, 150)] : [])].join(': '), lines,
    buttons: [{ title: words.buttons.openCard, verb: 'open-invitation', about: invitation.reference }], notes: [words.notices.orWrite(invitation.reference)],
  }, pen);
};

/** What happened, for whom, by whom, and what can be done; one sentence or two, no card. */
const noticeText = ({ subject, side, invitation, comparison }: NoticeView, { words, dates }: Pen): string => {
  const answer = 'answer' in invitation ? invitation.answer : undefined;
  const about = {
    customer: shown(invitation.customer.name),
    partner: shown(invitation.partner.name),
    who: shown(answer?.by.name ?? ''),
    code: invitation.reference,
    reason: whyDeclined(answer, words),
    state: words.states[invitation.state],
    left: words.managing.stepsLeft(missingHalves(invitation).length),
    note: shown(invitation.handOverNote ?? '', 300),
    until: 'expiresAt' in invitation && invitation.expiresAt ? dates.day(invitation.expiresAt) : '',
  };
  const halves = halvesOf(invitation.asks);
  const { partner, customer } = words.managing.granted;
  if (side === 'partner') return words.notices.partner[subject]({ ...about, what: halves.map((half) => partner[half]).join(' ') });
  const differs = comparison && (comparison.changed.length > 0 || comparison.gone > 0);
  const total = comparison ? comparison.same + comparison.changed.length + comparison.gone : 0;
  const proof = comparison ? `${differs ? `${words.proof.differs}: ` : ''}${words.proof.same(comparison.same, total)}` : '';
  return words.notices.customer[subject]({ ...about, proof, what: halves.map((half) => customer[half](about.partner)).join(' ') });
};
