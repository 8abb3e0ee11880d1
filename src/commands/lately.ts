import type { Partner } from '../domain/facts.js';
import { notConsented, type Directory, type Ports } from './ports.js';
import { mayUsePartnerCommands } from './show-invitation.js';

/** How old what is known of a partner and its people may be where nothing leaves the house. */
const minutes = 5;
const most = 10_000;

type Kept<Found> = { readonly found: Found; readonly until: number };

/**
 * The same ports for what only shows: a person who may and a partner in order are believed for five minutes, so that a preview
 * costs no six calls to Microsoft. A no is asked again every time: whoever was given the role need not wait. Whatever acts
 * reads afresh.
 */
export const lately = (ports: Ports): Ports => {
  const { authority, directory, clock } = ports;

  const keeping = <Asked extends readonly string[], Found>(ask: (...asked: Asked) => Promise<Found>, isGood: (found: Found) => boolean) => {
    const kept = new Map<string, Kept<Found>>();
    return async (...asked: Asked): Promise<Found> => {
      const key = asked.join(' ');
      const now = clock.machineNow().getTime();
      const have = kept.get(key);
      if (have && now < have.until) return have.found;
      const found = await ask(...asked);
      kept.delete(key);
      if (isGood(found)) kept.set(key, { found, until: now + minutes * 60_000 });
      const oldest = kept.keys().next().value;
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
      return found;
    };
  };

  const isInOrder = (partner: Partner | undefined): boolean => partner?.hasSignedMpa === 'yes' && partner.country !== 'unknown';
  const mayAsk = (person: Awaited<ReturnType<Directory['person']>>): boolean => person !== undefined && person !== notConsented && mayUsePartnerCommands(person);
  return {
    ...ports,
    authority: { ...authority, partner: keeping(authority.partner, isInOrder) },
    directory: { ...directory, person: keeping(directory.person, mayAsk) },
  };
};
