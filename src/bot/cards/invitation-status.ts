import type { StatusView } from '../../commands/views.js';
import type { Invitation } from '../../domain/invitation.js';
import { en } from '../words/en.js';
import { tr } from '../words/tr.js';
import type { Words } from '../words/index.js';
import { draw, type Drawn, type Pen } from './card.js';
import { clean, shown, titled } from './text.js';

/** The partner's one card about an invitation: what happened, what is next, and a ready mail when nobody could be reached. */
export const invitationStatus = (view: StatusView, pen: Pen, installUrl: string): Drawn => {
  const { invitation, deliveredTo, undelivered, comparison } = view;
  const { words, dates } = pen;
  const { status, proof, buttons } = words;
  const isWaiting = invitation.state === 'sent' || invitation.state === 'delivered';
  const isUndelivered = isWaiting && deliveredTo === 0;
  const answer = 'answer' in invitation ? invitation.answer : undefined;
  const declined = answer?.answer === 'declined';
  return draw('invitation-status', pen, status.summary(clean(invitation.customer.name), stateOf(invitation, words)), {
    invitation: invitation.id,
    reference: words.request.reference(invitation.reference),
    title: status.title(shown(invitation.customer.name)),
    statusStyle: styleOf(invitation), status: isUndelivered ? status.stateNotDelivered : stateOf(invitation, words), next: isUndelivered ? status.next.notDelivered : nextOf(invitation, words),
    steps: stepsOf(view, pen),
    hasWhy: invitation.reason !== '', why: status.why(shown(invitation.reason, 300)),
    hasAnswerReason: declined,
    answerReason: answer?.reason ? status.reasonGiven([words.declineReasons[answer.reason], shown(answer.comment ?? '', 300)].filter(Boolean).join(': ')) : status.reasonKept,
    isUndelivered, undelivered: status.undelivered,
    hasLost: undelivered.length > 0 && isWaiting,
    lost: undelivered.map((why) => status.lost(status.lostReasons[why] ?? status.lostReasons['other'] ?? why)),
    hasMails: isUndelivered, hasNoMails: !isUndelivered && isWaiting,
    mails: isUndelivered ? [tr, en].map((language) => mailIn(language, invitation, installUrl, words)) : [],
    mailTr: buttons.mailTr, mailEn: buttons.mailEn, look: buttons.refresh, explain: buttons.explain,
    hiddenPart: words.invite.hiddenPart,
    hasProof: invitation.state === 'established',
    proof: [comparison ? proof.partnerOwn(comparison.same, comparison.same + comparison.changed.length + comparison.gone) : '', comparison ? proof.between(dates.moment(comparison.takenAt), dates.moment(comparison.comparedAt)) : '', proof.partnerHasIt].filter(Boolean).join(' '),
    hint: proof.record(view.chainHead),
  });
};

const stateOf = ({ state }: Invitation, words: Words): string => titled(words.states[state], words.language);

const styleOf = ({ state }: Invitation) => (state === 'established' ? 'good' : state === 'failed' ? 'attention' : state === 'awaitingAuthority' ? 'accent' : 'emphasis');

const nextOf = (invitation: Invitation, { status: { next } }: Words): string => {
  if ('foundLateAt' in invitation && invitation.foundLateAt) return next.late;
  switch (invitation.state) {
    case 'awaitingAuthority': return next.awaitingAuthority;
    case 'established': return next.established;
    case 'declined': return next.declined;
    case 'expired':
    case 'cancelled':
    case 'superseded': return next.expired;
    case 'failed': return next.failed(invitation.authorityCode);
    default: return next.sent;
  }
};

const stepsOf = ({ invitation, deliveredTo }: StatusView, { words: { status: { steps } }, dates }: Pen): readonly string[] => {
  if (!('sentAt' in invitation)) return [];
  const answer = 'answer' in invitation ? invitation.answer : undefined;
  const late = 'foundLateAt' in invitation && invitation.foundLateAt;
  const deliveredAt = invitation.state === 'delivered' ? dates.moment(invitation.deliveredAt) : '';
  const answered = answer
    ? [answer.answer === 'approved' ? steps.approved(shown(answer.by.name), dates.moment(answer.at)) : steps.declined(shown(answer.by.name), dates.moment(answer.at))]
    : invitation.state === 'established' ? [steps.answeredElsewhere] : invitation.state === 'expired' ? [] : [steps.waiting(dates.day(invitation.expiresAt))];
  const microsoft =
    invitation.state === 'established' ? [steps.microsoftDone(dates.moment(invitation.establishedAt))]
    : invitation.state === 'awaitingAuthority' ? [steps.microsoftWaits]
    : invitation.state === 'expired' ? [steps.expired(dates.day(invitation.expiredAt))]
    : invitation.state === 'sent' || invitation.state === 'delivered' ? [steps.microsoftLater] : [];
  return [
    steps.sent(dates.moment(invitation.sentAt)),
    deliveredTo > 0 ? steps.delivered(deliveredTo, deliveredAt) : steps.notDelivered,
    ...answered, ...microsoft, ...(late ? [steps.late(dates.moment(late))] : []),
  ];
};

/** All that is known of a stranger's language: a Turkish domain speaks Turkish. Otherwise people write in their own. */
const languageOf = ({ customer }: Invitation, reader: Words) => (customer.domain.endsWith('.tr') ? 'tr' : reader.language);

/** The customer's first contact is usually a mail; both languages are ready, and the likelier one is open. */
const mailIn = (words: Words, invitation: Invitation, installUrl: string, reader: Words) => ({
  id: `mail-${words.language}`,
  isVisible: languageOf(invitation, reader) === words.language,
  mailTitle: `${reader.status.mailTitle} · ${words.language === 'tr' ? 'Türkçe' : 'English'}`,
  subject: words.mail.subject(shown(invitation.partner.name)),
  lines: words.mail.body({
    customer: shown(invitation.customer.name), partner: shown(invitation.partner.name), inviter: [shown(invitation.inviter.name), shown(invitation.partner.name)].join(', '),
    reason: shown(invitation.reason, 300), code: invitation.reference, link: 'link' in invitation ? invitation.link : '', install: installUrl,
  }),
});
