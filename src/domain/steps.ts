/** The ways an invitation moves: forward only, each step a value of what it was before. */
import type { Instant } from './facts.js';
import type { Answered, InState, Invitation, OpenInvitation } from './invitation.js';

const day = 24 * 60 * 60 * 1000;

const moved = <Next extends Invitation>(next: Omit<Next, 'version'>, from: Invitation): Next =>
  ({ ...next, version: from.version + 1 }) as Next;

export const sent = (
  draft: InState<'draft'>,
  { link, reason, statedNotCsp, validForDays }: { link: string; reason: string; statedNotCsp: boolean; validForDays: number },
  now: Date,
): InState<'sent'> =>
  moved({
    ...draft, state: 'sent', link, reason, statedNotCsp,
    sentAt: now.toISOString(), expiresAt: new Date(now.getTime() + validForDays * day).toISOString(),
  }, draft);

export const delivered = (invitation: InState<'sent'>, now: Date): InState<'delivered'> =>
  moved({ ...invitation, state: 'delivered', deliveredAt: now.toISOString() }, invitation);

/** Approval waits for Microsoft; a decline is the end. */
export const answered = (invitation: InState<'sent' | 'delivered'>, answer: Answered): InState<'awaitingAuthority'> | InState<'declined'> =>
  moved({ ...invitation, state: answer.answer === 'approved' ? 'awaitingAuthority' : 'declined', answer }, invitation);

export const established = (invitation: OpenInvitation, seenAt: Instant): InState<'established'> =>
  moved({ ...invitation, state: 'established', establishedAt: seenAt }, invitation);

export const expired = (invitation: OpenInvitation): InState<'expired'> =>
  moved({ ...invitation, state: 'expired', expiredAt: invitation.expiresAt }, invitation);

export type EndedWithoutRelationship = InState<'declined' | 'expired' | 'cancelled'>;

/** The invitation stays as it ended; that the relationship came after all is written beside it. */
export const foundLate = (invitation: EndedWithoutRelationship, seenAt: Instant): EndedWithoutRelationship =>
  moved({ ...invitation, foundLateAt: seenAt }, invitation);

export const superseded = (draft: InState<'draft'>, at: Instant): InState<'superseded'> =>
  moved({ ...draft, state: 'superseded', supersededAt: at }, draft);

export const failed = (draft: InState<'draft'>, authorityCode: string, correlationId: string, at: Instant): InState<'failed'> =>
  moved({ ...draft, state: 'failed', authorityCode, correlationId, failedAt: at }, draft);
