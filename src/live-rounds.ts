import type { Duty } from './commands/duty.js';
import { registerForNews, type Registering } from './commands/register-for-news.js';
import type { Ports, SignIns } from './commands/ports.js';
import { warnAboutSignIns, type SignInTrouble } from './commands/warn-about-sign-ins.js';
import type { TenantId } from './domain/ids.js';
import type { Log } from './log.js';

export type LiveRoundsOptions = {
  readonly ports: Ports;
  /** How long after a start the first looks come. */
  readonly afterMs: number;
  readonly signIns: SignIns;
  /** One replica looks for all of them. */
  readonly duty: Duty;
  /** Partners for whom a user signs in. */
  readonly signsIn: readonly TenantId[];
  readonly addressFor: (partner: TenantId) => string;
  readonly passOnTo: (partner: TenantId) => readonly string[];
  readonly log: Log;
  readonly onStanding: (standing: { readonly signIns?: readonly SignInTrouble[]; readonly news?: readonly Registering[] }) => void;
};

const [hourMs, halfDayMs] = [3_600_000, 12 * 3_600_000];

/** What only the real Microsoft needs now and then: that sign-ins do not run out, and that news comes here. */
export const startLiveRounds = ({ ports, afterMs, signIns, duty, signsIn, addressFor, passOnTo, log, onStanding }: LiveRoundsOptions): { stop(): void } => {
  const warn = warnAboutSignIns(ports, signIns, signsIn);
  const register = registerForNews(ports.newsFeed, { partners: ports.partners, addressFor, passOnTo });

  const lookAtSignIns = async (): Promise<void> => {
    const troubles = await warn();
    onStanding({ signIns: troubles });
    for (const { partner, is, daysLeft } of troubles) log.warn({ partner, reason: is, count: daysLeft }, 'Somebody must sign in for a partner. The page for partners and npm run check tell for whom.');
  };
  const lookAtNews = async (): Promise<void> => {
    const found = await register();
    onStanding({ news: found });
    for (const { partner, is, heldBy, code } of found) {
      if (is === 'foreign') log.warn({ partner, host: heldBy }, "Another tool holds a partner's registration for news. Write its address into passEventsTo to take over; until then this bot looks by itself.");
      else if (is === 'refused' || is === 'unanswered') log.warn({ partner, outcome: is, serviceCode: code }, 'News of a partner could not be registered; this bot looks by itself.');
      else if (is !== 'ours') log.info({ partner, outcome: is }, 'News of a partner comes here.');
    }
  };

  const soonAndEvery = (ms: number, look: () => Promise<void>): readonly NodeJS.Timeout[] => {
    const go = async (): Promise<void> => {
      if (duty.isMine()) await look().catch((error: unknown) => log.error({ error }, 'A look at sign-ins or news failed; the next one tries again.'));
      // What another one finds now is not said here, too.
      else onStanding({ signIns: [], news: [] });
    };
    duty.onTaken(() => void go());
    return [setTimeout(() => void go(), afterMs), setInterval(() => void go(), ms).unref()];
  };
  const timers = [...soonAndEvery(hourMs, lookAtSignIns), ...soonAndEvery(halfDayMs, lookAtNews)];
  return { stop: () => timers.forEach((timer) => clearInterval(timer)) };
};
