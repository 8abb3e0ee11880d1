import type { StatusView } from '../../commands/views.js';
import { halvesOf, isAnswerable, isOpen, missingHalves, waitsForPartner, type Invitation } from '../../domain/invitation.js';
import { manageNotes, remarksOf, rolesInWords } from './asks.js';
import { roleName } from './role-names.js';
import { isAllOver, overLines, referenceLine } from './over.js';
import { stateName } from './state-name.js';
import { en } from '../words/en.js';
import { tr } from '../words/tr.js';
import type { Words } from '../words/index.js';
import { draw, type Drawn, type Pen } from './card.js';
import { clean, shown, titled } from './text.js';
import { whyDeclined } from './why-declined.js';

/** The partner's one card about an invitation: what happened, what is next, and a ready mail when nobody could be reached. */
export const invitationStatus = (view: StatusView, pen: Pen, installUrl: string): Drawn => {
  const { invitation, deliveredTo, undelivered, comparison } = view;
  const { words, dates } = pen;
  const { status, proof, buttons } = words;
  const isWaiting = invitation.state === 'sent' || invitation.state === 'delivered';
  const isUndelivered = isWaiting && deliveredTo === 0;
  const answer = 'answer' in invitation ? invitation.answer : undefined;
  const declined = answer?.answer === 'declined';
  const { managing, talk, waiting } = words;
  const { manage } = invitation.asks;
  const live = isOpen(invitation) ? invitation : undefined;
  const isOver = !live;
  const { access, reminders } = view;
  const taken = new Set((access?.assignments ?? []).filter(({ status }) => status === 'pending' || status === 'active').map(({ group }) => group));
  const free = (access?.groups ?? []).filter(({ id }) => !taken.has(id));
  const held = [...taken].map((id) => ({ title: clean(access?.groups.find((group) => group.id === id)?.name ?? `…${id.slice(-4)}`), value: id }));
  const groupName = (id: string) => access?.groups.find((group) => group.id === id)?.name ?? `…${id.slice(-4)}`;
  return draw('invitation-status', pen, status.summary(clean(invitation.customer.name), stateOf(view, words)), {
    invitation: invitation.id,
    reference: referenceLine(view, words),
    title: status.title(shown(invitation.customer.name)),
    statusStyle: isAllOver(view) ? 'emphasis' : styleOf(invitation), status: isUndelivered ? status.stateNotDelivered : stateOf(view, words), next: isUndelivered ? status.next.notDelivered : nextOf(view, words),
    steps: stepsOf(view, pen),
    hasWhy: invitation.reason !== '', why: status.why(shown(invitation.reason, 300)),
    hasAnswerReason: declined,
    answerReason: whyDeclined(answer, words) || (answer?.isReasonShared === false ? status.reasonKept : status.reasonNone),
    isUndelivered, undelivered: status.undelivered,
    hasLost: undelivered.length > 0 && isWaiting,
    lost: undelivered.map((why) => status.lost(status.lostReasons[why] ?? status.lostReasons['other'] ?? why)),
    hasManage: manage !== undefined, manageTitle: managing.asksToManage, manageLines: manage ? [...rolesInWords(manage.roles, pen), ...manageNotes(manage, 'partner', pen)] : [],
    hasAccess: access !== undefined, accessTitle: managing.accessTitle, isNobodyYet: taken.size === 0, nobodyYet: managing.nobodyYet,
    assignments: (access?.assignments ?? []).map(({ group, status: state }) => managing.assigned(shown(groupName(group)), managing.assignmentStates[state] ?? state)),
    hasGroups: free.length > 0, groupLabel: managing.group, groups: free.map(({ id, name }) => ({ title: clean(name), value: id })), firstGroup: free[0]?.id ?? '', assign: managing.assign,
    hasTaken: held.length > 0, fromLabel: managing.withdrawFrom, takenGroups: held, firstTaken: held[0]?.value ?? '', withdrawAccess: managing.withdrawAccess,
    canStopExtending: access !== undefined && manage?.autoExtends === true, stopExtending: managing.stopExtending,
    hasRemarks: (live?.remarks ?? []).length > 0, talkTitle: talk.title, remarks: remarksOf(live?.remarks ?? [], pen), canReply: live !== undefined, answerLabel: talk.answerLabel, answerDo: talk.answerDo,
    hasSuggestion: live?.suggestion !== undefined, suggested: live?.suggestion ? talk.suggested(shown(live.suggestion.by.name), dates.moment(live.suggestion.at), live.suggestion.days) : '',
    suggestedRoles: live?.suggestion ? [words.list(live.suggestion.roles.map((role) => roleName(role, words)))] : [], accept: talk.accept,
    isOpen: live !== undefined, isOver, canRemind: reminders !== undefined && reminders.left > 0, remind: waiting.remind, canBringAgain: view.canBringAgain, bringAgain: waiting.bringAgain,
    canLook: !isWaiting || (live?.reminders ?? []).length === 0,
    canEscalate: isWaiting && (live?.reminders ?? []).length > 0, escalate: waiting.escalate,
    withdraw: waiting.withdraw, withdrawTitle: waiting.withdrawTitle, withdrawText: waiting.withdrawText, withdrawDo: waiting.withdrawDo, change: waiting.change,
    history: words.history.summary, renew: words.news.renew, remove: words.news.remove, canRenew: invitation.state === 'established' && manage !== undefined && !view.over?.manage, customer: invitation.customer.tenant,
    hasMails: isUndelivered, isQuiet: !isUndelivered && live !== undefined,
    mails: isUndelivered ? [tr, en].map((language) => mailIn(language, invitation, installUrl, words)) : [],
    mailTr: buttons.mailTr, mailEn: buttons.mailEn, look: buttons.refresh, explain: buttons.explain,
    hiddenPart: words.invite.hiddenPart,
    hasProof: invitation.state === 'established',
    proof: [comparison ? proof.partnerOwn(comparison.same, comparison.same + comparison.changed.length + comparison.gone) : '', comparison ? proof.between(dates.moment(comparison.takenAt), dates.moment(comparison.comparedAt)) : '', proof.partnerHasIt].filter(Boolean).join(' '),
    hint: proof.record(view.chainHead),
  });
};

const stateOf = (view: StatusView, words: Words): string => {
  const turn = waitsForPartner(view.invitation);
  return isAllOver(view) ? words.over.state : turn ? words.status.yourTurn[turn].state : titled(stateName(view.invitation, words), words.language);
};

const styleOf = ({ state }: Invitation) => (state === 'established' ? 'good' : state === 'failed' ? 'attention' : state === 'awaitingAuthority' ? 'accent' : 'emphasis');

const nextOf = ({ invitation, over }: StatusView, { status: { next, yourTurn }, over: { invitedAgain } }: Words): string => {
  const turn = waitsForPartner(invitation);
  if (turn) return yourTurn[turn].next;
  if ('foundLateAt' in invitation && invitation.foundLateAt) return next.late;
  switch (invitation.state) {
    case 'awaitingAuthority': return missingHalves(invitation).length < halvesOf(invitation.asks).length ? next.halfDone : next.awaitingAuthority;
    case 'established': return isAllOver({ invitation, over }) ? invitedAgain : invitation.asks.sell && !over?.sell ? next.established : next.establishedManage;
    case 'declined': return next.declined;
    case 'expired':
    case 'cancelled':
    case 'superseded': return next.expired;
    case 'failed': return next.failed(invitation.authorityCode);
    default: return next.sent;
  }
};

const stepsOf = (view: StatusView, { words, dates }: Pen): readonly string[] => {
  const { invitation, deliveredTo } = view;
  const { status: { steps, yourTurn }, managing, waiting } = words;
  const turn = waitsForPartner(invitation);
  if (!('sentAt' in invitation) || invitation.sentAt === undefined || invitation.expiresAt === undefined) return [];
  const halves = halvesOf(invitation.asks);
  const halfSteps = halves.length < 2 ? [] : halves.map((half) => {
    const at = invitation.seen?.[half];
    return at ? managing.seen[half](dates.moment(at)) : managing[isAnswerable(invitation) ? 'later' : 'missing'][half];
  });
  const answer = 'answer' in invitation ? invitation.answer : undefined;
  const late = 'foundLateAt' in invitation && invitation.foundLateAt;
  const answered = answer
    ? [answer.answer === 'approved' ? steps.approved(shown(answer.by.name), dates.moment(answer.at)) : steps.declined(shown(answer.by.name), dates.moment(answer.at))]
    : invitation.state === 'established' ? [steps.answeredElsewhere]
    : invitation.state === 'cancelled' ? [waiting.withdrawnBy(shown(invitation.cancelledBy?.name ?? ''), dates.moment(invitation.cancelledAt))]
    : invitation.state === 'superseded' ? [`✗ ${waiting.replacedBy(invitation.supersededBy ?? '')}`]
    : invitation.state === 'expired' || deliveredTo === 0 ? [] : [(turn ? yourTurn[turn].step : steps.waiting)(dates.day(invitation.expiresAt))];
  const microsoft =
    invitation.state === 'established' ? [steps.microsoftDone(dates.moment(invitation.establishedAt))]
    : halfSteps.length > 0 && isOpen(invitation) ? halfSteps
    : invitation.state === 'awaitingAuthority' ? [steps.microsoftWaits]
    : invitation.state === 'expired' ? [steps.expired(dates.day(invitation.expiredAt))]
    : invitation.state === 'sent' || invitation.state === 'delivered' ? [steps.microsoftLater] : [];
  return [
    steps.sent(dates.moment(invitation.sentAt)),
    deliveredTo > 0 ? steps.delivered(deliveredTo, invitation.deliveredAt ? dates.moment(invitation.deliveredAt) : '') : steps.notDelivered,
    ...(invitation.openedAt ? [waiting.opened(dates.moment(invitation.openedAt))] : []),
    ...((invitation.reminders ?? []).length > 0 ? [waiting.remindersGiven(invitation.reminders?.length ?? 0, dates.moment(invitation.reminders?.at(-1) ?? ''))] : []),
    ...answered, ...microsoft, ...overLines(view, words, dates), ...(late ? [steps.late(dates.moment(late))] : []),
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
    reason: shown(invitation.reason, 300), code: invitation.reference, link: 'link' in invitation ? [invitation.link, invitation.delegated?.link].filter(Boolean).join(' · ') : '', install: installUrl,
  }),
});
