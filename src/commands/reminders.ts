import type { Instant } from '../domain/facts.js';
import { isOpen, type Invitation } from '../domain/invitation.js';

export const mostReminders = 3;
const pauseHours = 48;
const hourMs = 3_600_000;

/** How many are left, and from when the next one may go. Nothing for what is over or was never delivered. */
export const remindersOf = (invitation: Invitation): { readonly left: number; readonly from: Instant } | undefined => {
  if (!isOpen(invitation) || invitation.state === 'sent') return undefined;
  const given = invitation.reminders ?? [];
  const last = given.at(-1) ?? invitation.deliveredAt ?? invitation.sentAt;
  return { left: mostReminders - given.length, from: new Date(Date.parse(last) + pauseHours * hourMs).toISOString() };
};
