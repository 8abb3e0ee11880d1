import type { RequestView } from '../../commands/views.js';
import { declineReasons, halvesOf, isAnswerable, isOpen, missingHalves, unreachable, type Half, type InState, type Invitation } from '../../domain/invitation.js';
import { manageNotes, powerfulAmong, remarksOf, rolesInWords } from './asks.js';
import { draw, type Drawn, type Pen } from './card.js';
import { isAllOver, overLines, referenceLine } from './over.js';
import { roleName } from './role-names.js';
import { clean, few, plainly, shown, titled } from './text.js';
import { whyDeclined } from './why-declined.js';

/** The customer's one card, for the whole life of an invitation. While it waits, it opens with what stays the same. */
export const partnerRequest = (view: RequestView, pen: Pen): Drawn => {
  const { invitation, holdings, mayAnswer, deciders } = view;
  const { words, dates } = pen;
  const { request, buttons, managing, talk } = words;
  const { sell, manage } = invitation.asks;
  const live = isOpen(invitation) ? invitation : undefined;
  const partner = shown(invitation.partner.name);
  const isWaiting = isAnswerable(invitation);
  const status = statusOf(view, pen);
  const proof = proofOf(view, pen);
  const today = (holdings?.partners ?? []).map(({ name, offers }) => ({ seller: shown(name), offers: words.list(few(offers.map((offer) => shown(offer)))) }));
  const fromMicrosoft = holdings?.fromMicrosoft ?? [];
  if (fromMicrosoft.length > 0) today.push({ seller: request.soldByMicrosoft, offers: words.list(few(fromMicrosoft.map((offer) => shown(offer)))) });
  const holdingsNote = !holdings ? request.notReadable : !holdings.isConsented ? allowIn(request.notConsented, invitation, pen) : today.length === 0 ? request.nothingToday : '';
  // Whoever may answer is one of them.
  const canForward = isWaiting && deciders.length > (mayAnswer === 'yes' ? 1 : 0) && mayAnswer !== 'roleUnknown';
  const mayOpenMicrosoft = invitation.state === 'awaitingAuthority' || (isWaiting && (mayAnswer === 'roleUnknown' || mayAnswer === 'eligible'));
  const canSuggest = isWaiting && mayAnswer === 'yes' && manage !== undefined;
  const pages = mayAnswer === 'eligible' ? [] : pagesOf(invitation, pen);
  const powerful = powerfulAmong(manage?.roles ?? []);
  const title = (isAllOver(view) ? words.over.title : invitation.state === 'established' ? request.titleDone : request.title)(partner, shown(invitation.customer.name));
  return draw('partner-request', pen, summaryOf(view, pen, powerful, { title, status: status?.title }), {
    invitation: invitation.id, pages, partner: invitation.partner.tenant,
    reference: referenceLine(view, words),
    title,
    isWaiting: isWaiting && !status, waiting: isWaiting ? request.until(pen.dates.day(invitation.expiresAt)) : '',
    hasStatus: status !== undefined, statusStyle: status?.style ?? 'default', status: status?.title ?? '', statusLines: status?.lines ?? [],
    hasProof: proof !== undefined, proofStyle: proof?.style ?? 'default', proofTitle: words.proof.title, proofLines: proof?.lines ?? [],
    sameStyle: isWaiting ? 'good' : 'emphasis', sameTitle: request.sameTitle, same: request.same,
    hasHoldings: today.length > 0, todayTitle: request.today, today,
    hasHoldingsNote: holdingsNote !== '', holdingsNote,
    isOpen: isWaiting, newTitle: request.newTitle, asksToSell: sell, asksOnlyToSell: !manage, asksToManage: manage !== undefined,
    may: request.may(partner), mayNot: invitation.cloud === 'usGov' ? request.mayManage : request.mayNot,
    manage: manage ? managing.may(partner, manage.days) : '', hasPowerful: powerful.length > 0, powerfulRoles: rolesInWords(powerful, pen), manageRoles: rolesInWords((manage?.roles ?? []).filter((role) => !powerful.includes(role)), pen), hasRoles: manage !== undefined && staysAboutManaging(invitation), rolesTitle: words.news.roles,
    approvedNotes: manage && invitation.state === 'awaitingAuthority' ? manageNotes(manage, 'customer', pen) : [],
    manageNotes: manage ? [...manageNotes(manage, 'customer', pen), managing.allOrNothing] : [],
    hasRemarks: (live?.remarks ?? []).length > 0, talkTitle: talk.title, remarks: remarksOf(live?.remarks ?? [], pen), clock: live ? talk.clock(dates.day(live.expiresAt)) : '',
    hasSuggestion: live?.suggestion !== undefined, suggested: live?.suggestion ? talk.suggested(shown(live.suggestion.by.name), dates.moment(live.suggestion.at), live.suggestion.days) : '',
    suggestedRoles: live?.suggestion ? [words.list(live.suggestion.roles.map((role) => roleName(role, words)))] : [], suggestedWaits: talk.suggestedWaits,
    ask: talk.ask, question: talk.question, askDo: talk.askDo,
    canSuggest, suggest: talk.suggest, suggestTitle: talk.suggestTitle, suggestDays: talk.suggestDays, suggestDo: talk.suggestDo,
    askedRoles: (manage?.roles ?? []).join(','), askedDays: manage?.days ?? 1,
    roleChoices: (manage?.roles ?? []).map((value) => ({ title: roleName(value, words), value })),
    canForward, onlyForwards: canForward && mayAnswer !== 'yes', forward: talk.forward, forwardMode: canSuggest ? 'secondary' : 'primary', forwardTo: talk.forwardTo, forwardDo: talk.forwardDo,
    deciders: deciders.map(({ id, name }) => ({ title: clean(name), value: id })), forwardHint: talk.toWhom,
    stop: talk.stop, isStopped: view.isStopped, stopped: talk.stopped, allow: talk.allow,
    canRemove: invitation.state === 'established' && manage !== undefined && !view.over?.manage, remove: words.news.remove, history: words.history.summary, mayDecide: true,
    reason: shown(invitation.reason, 300), asked: request.asked(shown(invitation.inviter.name), shown(invitation.inviter.mail ?? '')),
    canAnswer: isWaiting && mayAnswer === 'yes',
    stepsTitle: request.stepsTitle, steps: [manage ? (sell ? managing.twoSteps : managing.oneStepManage) : request.steps, managing.agreement].join(' '),
    declineTitle: buttons.decline, declineReasonLabel: request.declineTitle, declineCommentLabel: request.declineComment, declineShare: request.declineShare,
    reasons: declineReasons.map((reason) => ({ title: words.declineReasons[reason], value: reason })),
    confirmDecline: buttons.confirmDecline, approve: buttons.approve, explain: buttons.explain, look: isWaiting ? buttons.refresh : buttons.look, lookMode: pages.length > 1 ? 'secondary' : 'primary',
    partners: buttons.partners,
    canOpenMicrosoft: mayOpenMicrosoft, isEnded: !isWaiting && invitation.state !== 'awaitingAuthority',
    hint: words.proof.record(view.chainHead),
  });
};

/** What a toast and a screen reader say: while it waits what is asked, afterwards how it stands. */
const summaryOf = ({ invitation }: RequestView, { words }: Pen, powerful: readonly string[], { title, status = title }: { readonly title: string; readonly status?: string | undefined }): string => {
  const { request } = words;
  const partner = clean(invitation.partner.name);
  if (isAnswerable(invitation)) return powerful.length > 0 ? request.summaryPowerful(partner, words.list(powerful.map((role) => roleName(role, words)))) : request.summary(partner);
  return invitation.state === 'established' ? plainly(title) : request.summaryNow(partner, plainly(status));
};

/** What was asked stays in sight while a step is left for it, and for as long as it is granted. */
const staysAboutManaging = (invitation: Invitation): boolean =>
  invitation.state === 'awaitingAuthority' || invitation.state === 'established' || ('foundLateAt' in invitation && invitation.foundLateAt !== undefined);

/** With the way to give the consent, where this server has one. */
const allowIn = (note: string, { customer }: Invitation, { words: { request }, ownPages }: Pen): string =>
  (ownPages ? `${note} [${request.consent}](${ownPages.consent(customer.tenant)})` : note);

/** Microsoft's own page for each half that is still left. */
const pagesOf = (invitation: Invitation, { words: { managing, buttons } }: Pen): readonly { readonly title: string; readonly url: string }[] => {
  if (!isOpen(invitation)) return [];
  const left = missingHalves(invitation);
  const isOne = halvesOf(invitation.asks).length === 1;
  const urls: Readonly<Record<Half, string>> = { sell: invitation.link, manage: invitation.delegated?.link ?? '' };
  return left.flatMap((half) => (urls[half] ? [{ title: isOne ? buttons.openMicrosoft : managing.open[half], url: urls[half] }] : []));
};

type Status = { readonly title: string; readonly lines: readonly string[]; readonly style: 'accent' | 'good' | 'warning' | 'attention' | 'default' };

const statusOf = (view: RequestView, { words, dates, ownPages }: Pen): Status | undefined => {
  const { invitation, mayAnswer, deciders, over } = view;
  const { request, pending, states, language, managing, talk, waiting, list } = words;
  const late = 'foundLateAt' in invitation && invitation.foundLateAt;
  if (late) return { title: request.late(dates.moment(late)), lines: [request.lateText(shown(invitation.partner.name))], style: 'warning' };
  switch (invitation.state) {
    case 'sent':
    case 'delivered':
      if (mayAnswer === 'yes') return undefined;
      if (mayAnswer === 'roleUnknown') return { title: request.until(dates.day(invitation.expiresAt)), lines: [request.roleUnknown, ...(ownPages ? [request.roleUnknownHere(ownPages.signIn(invitation.customer.tenant))] : [])], style: 'warning' };
      return { title: titled(pending.line(states.delivered, dates.day(invitation.expiresAt)), language), lines: [mayAnswer === 'eligible' ? request.eligible : request.notYours, ...(deciders.length > 0 ? [talk.canDecide(list(deciders.map(({ name }) => shown(name))))] : [])], style: 'warning' };
    case 'awaitingAuthority':
      return { title: request.approvedBy(shown(invitation.answer.by.name), dates.moment(invitation.answer.at)), lines: halvesOf(invitation.asks).length > 1 ? halfLines(invitation, managing, dates) : [request.oneStepLeft], style: 'accent' };
    case 'established': {
      const { answer } = invitation;
      const how = answer ? request.approvedBy(shown(answer.by.name), dates.moment(answer.at)) : request.establishedWithoutPress;
      const sells = invitation.asks.sell && !over?.sell;
      const manages = invitation.asks.manage !== undefined && !over?.manage;
      return {
        title: request.established(dates.moment(invitation.establishedAt)), style: sells || manages ? 'good' : 'default',
        lines: [how, ...(sells ? [request.establishedText(shown(invitation.partner.name))] : []), ...(manages ? [managing.mayManageNow(shown(invitation.partner.name), dates.day(view.manages?.until ?? endOf(invitation)))] : []), ...(manages && view.manages?.autoExtends ? [managing.extends.customer] : []), ...overLines(view, words, dates)],
      };
    }
    case 'declined': {
      const { answer } = invitation;
      const why = whyDeclined(answer, words);
      return {
        title: request.declinedBy(shown(answer.by.name), dates.moment(answer.at)), style: 'default',
        lines: [...(why ? [(answer.isReasonShared === false ? request.reasonUnshared : request.reasonShared)(why)] : []), request.declinedText],
      };
    }
    case 'expired':
      return { title: request.expired(dates.day(invitation.expiredAt)), lines: [request.expiredText], style: 'default' };
    case 'cancelled':
      return { title: request.cancelled(shown(invitation.cancelledBy?.name ?? ''), shown(invitation.partner.name), dates.moment(invitation.cancelledAt)), lines: [request.cancelledText], style: 'default' };
    case 'superseded':
      return { title: waiting.replacedBy(invitation.supersededBy ?? ''), lines: [waiting.replacedText], style: 'default' };
    case 'draft':
    case 'failed':
      return undefined;
    default:
      return unreachable(invitation);
  }
};

const halfLines = (invitation: Invitation, { seen, left }: Pen['words']['managing'], dates: Pen['dates']): readonly string[] =>
  halvesOf(invitation.asks).map((half) => {
    const at = 'seen' in invitation ? invitation.seen?.[half] : undefined;
    return at ? seen[half](dates.moment(at)) : `● ${left[half]}`;
  });

/** As far as can be told where Microsoft names no end: the days count from its confirmation. */
const endOf = ({ asks, seen, establishedAt }: InState<'established'>): string =>
  new Date(Date.parse(seen?.manage ?? establishedAt) + (asks.manage?.days ?? 0) * 86_400_000).toISOString();

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
