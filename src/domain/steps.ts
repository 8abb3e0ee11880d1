/** The ways an invitation moves: forward only, each step a value of what it was before. */
import type { Instant } from './facts.js';
import { halvesOf, type Actor, type Answered, type Ended, type Half, type InState, type Invitation, type OpenInvitation, type Remark, type Sent, type Suggestion } from './invitation.js';
import type { ReferenceCode } from './ids.js';

const day = 24 * 60 * 60 * 1000;

const moved = <Next extends Invitation>(next: Omit<Next, 'version'>, from: Invitation): Next =>
  ({ ...next, version: from.version + 1 }) as Next;

export const sent = (
  draft: InState<'draft'>,
  { link, delegated, reason, statedNotCsp, validForDays }: Pick<Sent, 'link' | 'delegated'> & { reason: string; statedNotCsp: boolean; validForDays: number },
  now: Date,
): InState<'sent'> =>
  moved({
    ...draft, state: 'sent', link, ...(delegated && { delegated }), reason, statedNotCsp,
    sentAt: now.toISOString(), expiresAt: new Date(now.getTime() + validForDays * day).toISOString(),
  }, draft);

export const delivered = (invitation: InState<'sent'>, now: Date): InState<'delivered'> =>
  moved({ ...invitation, state: 'delivered', deliveredAt: now.toISOString() }, invitation);

/** Approval waits for Microsoft; a decline is the end. Whoever answers has opened it. */
export const answered = (invitation: InState<'sent' | 'delivered'>, answer: Answered): InState<'awaitingAuthority'> | InState<'declined'> =>
  moved({ ...invitation, state: answer.answer === 'approved' ? 'awaitingAuthority' : 'declined', openedAt: invitation.openedAt ?? answer.at, answer }, invitation);

/** Microsoft shows one half. The invitation is established once every half that was asked has been seen. */
export const halfSeen = (invitation: OpenInvitation, half: Half, at: Instant): OpenInvitation | InState<'established'> => {
  const seen = { ...invitation.seen, [half]: at };
  return halvesOf(invitation.asks).every((one) => seen[one])
    ? moved<InState<'established'>>({ ...invitation, seen, state: 'established', establishedAt: at }, invitation)
    : moved<OpenInvitation>({ ...invitation, seen }, invitation);
};

export const expired = (invitation: OpenInvitation): InState<'expired'> =>
  moved({ ...invitation, state: 'expired', expiredAt: invitation.expiresAt }, invitation);

/** The invitation stays as it ended; that the relationship came after all is written beside it. */
export const foundLate = (invitation: Ended, seenAt: Instant): Ended => moved<Ended>({ ...invitation, foundLateAt: seenAt }, invitation);

export const cancelled = (invitation: OpenInvitation, by: Actor, now: Date): InState<'cancelled'> =>
  moved({ ...invitation, state: 'cancelled', cancelledAt: now.toISOString(), cancelledBy: by }, invitation);

/** Replaced by another one: a newer draft, a smaller request, a changed one. Without one: a draft that was dropped. */
export const superseded = (invitation: InState<'draft'> | OpenInvitation, at: Instant, by?: ReferenceCode): InState<'superseded'> =>
  moved({ ...invitation, state: 'superseded', supersededAt: at, ...(by && { supersededBy: by }) }, invitation);

export const handedOver = (draft: InState<'draft'>, to: Actor, note: string): InState<'draft'> =>
  moved({ ...draft, handedTo: to, ...(note && { handOverNote: note }) }, draft);

/** Back with the inviter, who may change it or send the part that is theirs. */
export const handedBack = ({ handedTo: _handedTo, handOverNote: _note, ...draft }: InState<'draft'>, note: string): InState<'draft'> =>
  moved({ ...draft, ...(note && { handOverNote: note }) }, draft);

export const opened = <Open extends OpenInvitation>(invitation: Open, now: Date): Open => moved<Open>({ ...invitation, openedAt: now.toISOString() }, invitation);

export const remarked = (invitation: OpenInvitation, remark: Remark): OpenInvitation =>
  moved<OpenInvitation>({ ...invitation, remarks: [...(invitation.remarks ?? []), remark] }, invitation);

export const suggested = (invitation: OpenInvitation, suggestion: Suggestion): OpenInvitation => moved<OpenInvitation>({ ...invitation, suggestion }, invitation);

export const reminded = (invitation: OpenInvitation, now: Date): OpenInvitation =>
  moved<OpenInvitation>({ ...invitation, reminders: [...(invitation.reminders ?? []), now.toISOString()] }, invitation);

export const failed = (draft: InState<'draft'>, authorityCode: string, correlationId: string, at: Instant): InState<'failed'> =>
  moved({ ...draft, state: 'failed', authorityCode, correlationId, failedAt: at }, draft);
