import type { TenantId } from '../domain/ids.js';
import { laneOfSignIn } from './errands-about.js';
import type { NewErrand, Ports, SignIn, SignIns } from './ports.js';

/** A refresh token that nobody redeems lives this long. @see Partner Center docs, "Enable the secure application model" */
export const signInDays = 90;
const warningDays = [30, 7, 1] as const;
const dayMs = 86_400_000;

export const goodUntil = ({ renewedAt }: SignIn): Date => new Date(Date.parse(renewedAt) + signInDays * dayMs);

/** Whole days left; none when Microsoft refuses it or nobody has signed in. Machine time. */
export const signInDaysLeft = (signIn: SignIn | undefined, machineNow: Date): number =>
  !signIn || signIn.refused !== undefined ? 0 : Math.max(0, Math.floor((goodUntil(signIn).getTime() - machineNow.getTime()) / dayMs));

export type SignInTrouble = { readonly partner: TenantId; readonly is: 'never' | 'refused' | 'ending'; readonly daysLeft: number };

/**
 * Tells a partner's Admin agents, once for each step, that somebody must sign in: 30, 7 and 1 days before the end, and when
 * Microsoft takes the sign-in no longer. Gives everything that is wrong in this moment, for the operator.
 * @param expected the partners for whom a user signs in
 */
export const warnAboutSignIns = ({ ledger, errands, clock }: Ports, signIns: SignIns, expected: readonly TenantId[]) => async (): Promise<readonly SignInTrouble[]> => {
  const [known, now] = [new Map((await signIns.all()).map((one) => [one.partner, one])), clock.machineNow()];
  const troubles = expected.flatMap((partner): SignInTrouble[] => {
    const signIn = known.get(partner);
    const daysLeft = signInDaysLeft(signIn, now);
    if (!signIn) return [{ partner, is: 'never', daysLeft }];
    return signIn.refused !== undefined ? [{ partner, is: 'refused', daysLeft }] : daysLeft <= warningDays[0] ? [{ partner, is: 'ending', daysLeft }] : [];
  });
  for (const { partner, is, daysLeft } of troubles) {
    const signIn = known.get(partner);
    if (!signIn) continue;
    const step = is === 'refused' ? 'refused' : String(warningDays.filter((days) => daysLeft <= days).at(-1));
    await errands.add((await ledger.acquaintancesOf(partner)).filter(({ isReachable }) => isReachable).map(({ tenant, person }): NewErrand => ({
      topic: 'news', key: `news/signIn/${partner}/${is === 'refused' ? signIn.signedInAt : signIn.renewedAt}/${step}/${person}`, lane: laneOfSignIn({ tenant, person }),
      body: { tenant, person, side: 'partner', subject: 'signIn', is, until: goodUntil(signIn).toISOString() },
    })));
  }
  return troubles;
};
