import type { Partner } from '../domain/facts.js';
import { keeping } from './keeping.js';
import type { Ports } from './ports.js';
import { isOneWhoMay } from './show-invitation.js';

/** How old what is known of a partner and its people may be where nothing leaves the house. */
const minutes = 5;
const most = 10_000;

/**
 * The same ports for what only shows: a person who may and a partner in order are believed for five minutes, so that a preview
 * costs no six calls to Microsoft. A no is asked again every time: whoever was given the role need not wait. Whatever acts
 * reads afresh.
 */
export const lately = (ports: Ports): Ports => {
  const { authority, directory, clock } = ports;
  const isInOrder = (partner: Partner | undefined): boolean => partner?.hasSignedMpa === 'yes' && partner.country !== 'unknown';
  const how = { forMs: minutes * 60_000, most, now: clock.machineNow };
  return {
    ...ports,
    authority: { ...authority, partner: keeping(authority.partner, { ...how, isGood: isInOrder }) },
    directory: { ...directory, person: keeping(directory.person, { ...how, isGood: isOneWhoMay }) },
  };
};
