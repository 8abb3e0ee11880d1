import { decideAnswer } from '../domain/decide-answer.js';
import { ask, refusalsIn, type Refusals } from '../domain/decision.js';
import type { InvitationId } from '../domain/ids.js';
import type { Answered, DeclineReason, Invitation } from '../domain/invitation.js';
import { answererBelongsToTheCustomer, nobodyAnswersTheirOwnRequest } from '../domain/rules.js';
import * as step from '../domain/steps.js';
import { againWhenStale } from './again.js';
import { byWhom, happened, rulesOf } from './audit.js';
import { redrawEveryCopy, tellCustomer, tellInviter } from './errands-about.js';
import { actorOf, personNow, type Speaker } from './gather.js';
import type { Ports } from './ports.js';
import { requestView, sentenceOf } from './show-invitation.js';
import type { RequestView } from './views.js';

export type AnswerWish = {
  readonly by: Speaker;
  readonly id: InvitationId;
  readonly answer: Answered['answer'];
  readonly reason?: DeclineReason;
  readonly comment?: string;
  readonly isReasonShared?: boolean;
};

export type AnswerOutcome =
  | { readonly is: 'answered'; readonly request: RequestView }
  /** `request` comes along when the person may see it: the card then shows what the ledger says. */
  | { readonly is: 'refused'; readonly refusals: Refusals; readonly request?: RequestView }
  /** The role could not be read: nothing was recorded and nothing refused. */
  | { readonly is: 'roleUnknown'; readonly request: RequestView }
  | { readonly is: 'notFound' };

/** The one answer: who, when, to which version. For an approval it is a wish; Microsoft's own page and read decide (MP-25). */
export const answerInvitation = (ports: Ports) => {
  const { ledger, clock } = ports;

  const answer = async (wish: AnswerWish): Promise<AnswerOutcome> => {
    const { by, id } = wish;
    const invitation = await ledger.invitation(id);
    if (!invitation || !('sentAt' in invitation)) return { is: 'notFound' };
    const now = clock.now();

    // Whose request it is needs no directory, and a stranger's directory is not asked.
    const nobody = { id: by.person, tenant: by.tenant, name: by.name, roles: [], isGuest: false };
    const [stranger] = refusalsIn(ask([nobodyAnswersTheirOwnRequest, answererBelongsToTheCustomer], { person: nobody, invitation, now }));
    if (stranger) return refuse(wish, invitation, [stranger], false);

    const person = await personNow(ports, by);
    if (person === 'unknown') return { is: 'roleUnknown', request: await requestView(ports, invitation, 'roleUnknown') };
    const decision = decideAnswer(wish.answer, { person, invitation, now });
    if (decision.outcome === 'refused') return refuse(wish, invitation, decision.refusals, person.roles.includes('globalAdmin') && !person.isGuest);
    if (decision.allowed.is === 'repeated') return { is: 'answered', request: await requestView(ports, invitation, 'yes') };

    const comment = sentenceOf(wish.comment ?? '');
    const answered: Answered = {
      answer: wish.answer,
      by: { id: person.id, name: person.name },
      at: now.toISOString(),
      ...(wish.answer === 'declined' && { ...(wish.reason && { reason: wish.reason }), ...(comment && { comment }), isReasonShared: wish.isReasonShared ?? true }),
    };
    const after = step.answered(decision.allowed.invitation, answered);
    const { facts, names } = byWhom(answered.by);
    await ledger.record({
      event: happened(wish.answer === 'approved' ? 'InvitationApproved' : 'InvitationDeclined', after, now, {
        facts: { ...facts, answeredVersion: String(invitation.version) },
        names: { ...names, ...(answered.reason && { reason: answered.reason }), ...(comment && { comment }) },
      }),
      before: invitation,
      after,
      errands: [
        ...(await redrawEveryCopy(ports, after)),
        ...tellInviter(after, wish.answer),
        ...(await tellCustomer(ports, after, wish.answer, answered.by)),
      ],
    });
    return { is: 'answered', request: await requestView(ports, after, 'yes') };
  };

  const refuse = async (wish: AnswerWish, invitation: Invitation, refusals: Refusals, maySeeIt: boolean): Promise<AnswerOutcome> => {
    const { facts, names } = byWhom(actorOf(wish.by));
    await ledger.record({
      event: happened('AnswerRefused', invitation, clock.now(), { facts: { ...facts, tenant: wish.by.tenant, wish: wish.answer, rules: rulesOf(refusals) }, names }),
    });
    return { is: 'refused', refusals, ...(maySeeIt && { request: await requestView(ports, invitation, 'yes') }) };
  };

  // Ten admins at once: one answer is written, and each of the others reads it and is told.
  return (wish: AnswerWish): Promise<AnswerOutcome> => againWhenStale(() => answer(wish), 40);
};
