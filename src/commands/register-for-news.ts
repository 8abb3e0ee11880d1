import type { TenantId } from '../domain/ids.js';
import { fewAtATime } from './few-at-a-time.js';
import { wantedEvents } from './hear-event.js';
import { AuthorityUnavailableError, type NewsFeed } from './ports.js';

export type Registering = {
  readonly partner: TenantId;
  /**
   * `ours`: it stood already. `registered`, `changed`: it does now. `foreign`: another tool holds it and nobody said that
   * its address should be served from here, so nothing was touched. `refused` and `unanswered`: the poll works alone.
   */
  readonly is: 'ours' | 'registered' | 'changed' | 'foreign' | 'refused' | 'unanswered';
  /** Where the other tool listens; only its host, which is enough to find it. */
  readonly heldBy?: string;
  readonly code?: string;
};

/**
 * Asks Partner Center to send each partner's news here. One address for each partner tenant: somebody else's is taken over only
 * when the operator has written it down as one to which events are passed on.
 */
export const registerForNews = (feed: NewsFeed, { partners, addressFor, passOnTo }: {
  readonly partners: readonly TenantId[];
  readonly addressFor: (partner: TenantId) => string;
  readonly passOnTo: (partner: TenantId) => readonly string[];
}) => {
  const register = async (partner: TenantId): Promise<Registering> => {
    const [offered, standing] = await Promise.all([feed.eventNames(partner), feed.registration(partner)]);
    const events = wantedEvents.filter((name) => offered.includes(name));
    const wanted = { url: addressFor(partner), events };
    const isOurs = standing?.url === wanted.url;
    if (events.length === 0) return isOurs ? { partner, is: 'ours' } : { partner, is: 'refused', code: 'NO_EVENTS_OFFERED' };
    if (standing && !isOurs && !passOnTo(partner).includes(standing.url)) return { partner, is: 'foreign', heldBy: hostOf(standing.url) };
    // What the other tool asked for goes on being asked for.
    const all = standing && !isOurs ? { ...wanted, events: [...new Set([...events, ...standing.events])] } : wanted;
    if (standing && isOurs && all.events.every((name) => standing.events.includes(name))) return { partner, is: 'ours' };
    const outcome = await feed.register(partner, isOurs ? { ...all, events: [...new Set([...all.events, ...standing.events])] } : all, standing);
    if (outcome === 'registered') return { partner, is: standing ? 'changed' : 'registered' };
    return { partner, is: 'refused', code: outcome.refused.code };
  };

  return (): Promise<readonly Registering[]> => fewAtATime(partners, atOnce, (partner) => register(partner).catch((error: unknown): Registering => {
    if (error instanceof AuthorityUnavailableError) return { partner, is: 'unanswered' };
    throw error;
  }));
};

/** All partners at once would leave nothing of Microsoft to those who write meanwhile. */
const atOnce = 4;

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');
