import { isStanding, type Grant } from '../domain/invitation.js';
import { againWhenStale } from './again.js';
import { aboutPair } from './audit.js';
import { grantNow } from './gather.js';
import { tellThoseConcerned } from './news.js';
import type { Ports } from './ports.js';

/** Days before the end at which both sides are told (MP-62, and one earlier). */
export const warningDays = [60, 30, 7, 1, 0] as const;
const dayMs = 86_400_000;
const aPage = 500;

/** The warning that is due, or nothing: one is given once, and an earlier one that was slept through is not made up for. */
export const warningDue = ({ until, autoExtends, warnedAtDays }: Grant, now: Date): number | undefined => {
  if (!until || autoExtends) return undefined;
  const left = Math.floor((Date.parse(until) - now.getTime()) / dayMs);
  const due = warningDays.filter((days) => left <= days).at(-1);
  return left < 0 || due === undefined || (warnedAtDays !== undefined && warnedAtDays <= due) ? undefined : due;
};

export const warnBeforeEnd = (ports: Ports) => async (): Promise<void> => {
  const { ledger, clock } = ports;
  const now = clock.now();
  /** As it stands now: it may have ended, moved or been warned about since it was listed. */
  const warn = (listed: Grant): Promise<void> => againWhenStale(async () => {
    const grant = await grantNow(ports, listed);
    const days = grant && isStanding(grant) ? warningDue(grant, now) : undefined;
    if (!grant || days === undefined) return;
    const left = Math.max(0, Math.floor((Date.parse(grant.until ?? '') - now.getTime()) / dayMs));
    await ledger.record({
      event: aboutPair('AccessEndsSoon', grant, now, { days: String(days), relationship: grant.relationship ?? '' }),
      grants: [{ ...grant, warnedAtDays: days }],
      grantRead: grant,
      errands: await tellThoseConcerned(ports, grant, 'ending', `${grant.until ?? ''}/${days}`, { daysLeft: String(left) }),
    });
  });
  const ending = (after?: Grant): Promise<readonly Grant[]> => ledger.endingBetween(now, new Date(now.getTime() + (warningDays[0] + 1) * dayMs), aPage, after);
  for (let page = await ending(); page.length > 0; page = await ending(page.at(-1))) {
    for (const grant of page) if (warningDue(grant, now) !== undefined) await warn(grant);
  }
};
