import type { RequestView } from '../../commands/views.js';
import { declineReasons, isAnswerable, unreachable } from '../../domain/invitation.js';
import { draw, type Drawn, type Pen } from './card.js';
import { clean, few, shown, titled } from './text.js';

/** The customer's one card, for the whole life of an invitation. While it waits, it opens with what stays the same. */
export const partnerRequest = (view: RequestView, pen: Pen): Drawn => {
  const { invitation, holdings, mayAnswer } = view;
  const { words } = pen;
  const { request, buttons } = words;
  const partner = shown(invitation.partner.name);
  const isWaiting = isAnswerable(invitation);
  const status = statusOf(view, pen);
  const proof = proofOf(view, pen);
  const today = (holdings?.partners ?? []).map(({ name, offers }) => ({ seller: shown(name), offers: words.list(few(offers.map((offer) => shown(offer)))) }));
  const fromMicrosoft = holdings?.fromMicrosoft ?? [];
  if (fromMicrosoft.length > 0) today.push({ seller: request.soldByMicrosoft, offers: words.list(few(fromMicrosoft.map((offer) => shown(offer)))) });
  const holdingsNote = !holdings ? request.notReadable : !holdings.isConsented ? request.notConsented : today.length === 0 ? request.nothingToday : '';
  const mayOpenMicrosoft = invitation.state === 'awaitingAuthority' || (isWaiting && mayAnswer === 'roleUnknown');
  return draw('partner-request', pen, request.summary(clean(invitation.partner.name)), {
    invitation: invitation.id, link: 'link' in invitation ? invitation.link : '',
    reference: request.reference(invitation.reference),
    title: (invitation.state === 'established' ? request.titleDone : request.title)(partner, shown(invitation.customer.name)),
    isWaiting: isWaiting && !status, waiting: isWaiting ? request.until(pen.dates.day(invitation.expiresAt)) : '',
    hasStatus: status !== undefined, statusStyle: status?.style ?? 'default', status: status?.title ?? '', statusLines: status?.lines ?? [],
    hasProof: proof !== undefined, proofStyle: proof?.style ?? 'default', proofTitle: words.proof.title, proofLines: proof?.lines ?? [],
    sameStyle: isWaiting ? 'good' : 'emphasis', sameTitle: request.sameTitle, same: request.same,
    hasHoldings: today.length > 0, todayTitle: request.today, today,
    hasHoldingsNote: holdingsNote !== '', holdingsNote,
    isOpen: isWaiting, newTitle: request.newTitle, may: request.may(partner), mayNot: invitation.cloud === 'usGov' ? request.mayManage : request.mayNot,
    reason: shown(invitation.reason, 300), asked: request.asked(shown(invitation.inviter.name), shown(invitation.inviter.mail ?? '')),
    canAnswer: isWaiting && mayAnswer === 'yes',
    stepsTitle: request.stepsTitle, steps: request.steps,
    declineTitle: buttons.decline, declineReasonLabel: request.declineTitle, declineCommentLabel: request.declineComment, declineShare: request.declineShare,
    reasons: declineReasons.map((reason) => ({ title: words.declineReasons[reason], value: reason })),
    confirmDecline: buttons.confirmDecline, approve: buttons.approve, explain: buttons.explain, openMicrosoft: buttons.openMicrosoft, look: buttons.look,
    partners: buttons.partners,
    canOpenMicrosoft: mayOpenMicrosoft, isEnded: !isWaiting && invitation.state !== 'awaitingAuthority',
    hint: [isWaiting && mayAnswer === 'yes' ? request.typed(invitation.reference) : '', words.proof.record(view.chainHead)].filter(Boolean).join(' '),
  });
};

type Status = { readonly title: string; readonly lines: readonly string[]; readonly style: 'accent' | 'good' | 'warning' | 'attention' | 'default' };

const statusOf = ({ invitation, mayAnswer }: RequestView, { words: { request, pending, states, language }, dates }: Pen): Status | undefined => {
  const late = 'foundLateAt' in invitation && invitation.foundLateAt;
  if (late) return { title: request.late(dates.moment(late)), lines: [request.lateText(shown(invitation.partner.name))], style: 'warning' };
  switch (invitation.state) {
    case 'sent':
    case 'delivered':
      if (mayAnswer === 'yes') return undefined;
      if (mayAnswer === 'roleUnknown') return { title: request.until(dates.day(invitation.expiresAt)), lines: [request.roleUnknown], style: 'warning' };
      return { title: titled(pending.line(states.delivered, dates.day(invitation.expiresAt)), language), lines: [request.notYours], style: 'warning' };
    case 'awaitingAuthority':
      return { title: request.approvedBy(shown(invitation.answer.by.name), dates.moment(invitation.answer.at)), lines: [request.oneStepLeft], style: 'accent' };
    case 'established': {
      const { answer } = invitation;
      const how = answer ? request.approvedBy(shown(answer.by.name), dates.moment(answer.at)) : request.establishedWithoutPress;
      return { title: request.established(dates.moment(invitation.establishedAt)), lines: [how, request.establishedText(shown(invitation.partner.name))], style: 'good' };
    }
    case 'declined':
      return { title: request.declinedBy(shown(invitation.answer.by.name), dates.moment(invitation.answer.at)), lines: [request.declinedText], style: 'default' };
    case 'expired':
      return { title: request.expired(dates.day(invitation.expiredAt)), lines: [request.expiredText], style: 'default' };
    case 'cancelled':
      return { title: request.cancelled, lines: [], style: 'default' };
    case 'draft':
    case 'superseded':
    case 'failed':
      return undefined;
    default:
      return unreachable(invitation);
  }
};

/** Says what was compared and what was found; claims nothing that was not read twice. */
const proofOf = ({ invitation, comparison }: RequestView, { words: { proof, list }, dates }: Pen): Omit<Status, 'title'> | undefined => {
  if (invitation.state !== 'established') return undefined;
  if (!comparison) return { lines: [proof.none], style: 'default' };
  const { same, changed, gone, added } = comparison;
  const differs = changed.length > 0 || gone > 0;
  const differences = changed.map(({ id, fields }) => proof.changed(shown(comparison.names[id] ?? `…${id.slice(-4)}`), list(fields.map((field) => proof.fieldNames[field] ?? field))));
  return {
    style: differs ? 'attention' : 'good',
    lines: [
      ...(differs ? [`**${proof.differs}**`, ...few(differences), ...(gone > 0 ? [proof.gone(gone)] : []), proof.notUs] : []),
      proof.same(same, same + changed.length + gone),
      ...(added > 0 ? [proof.added(added)] : []),
      proof.between(dates.moment(comparison.takenAt), dates.moment(comparison.comparedAt)),
      proof.fields,
    ],
  };
};
