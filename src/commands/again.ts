import { AuthorityUnavailableError, StaleLedgerError } from './ports.js';

/** Deciding is pure, so a ledger that moved on is cured by gathering and deciding once more. */
export const againWhenStale = async <Outcome>(act: () => Promise<Outcome>, tries = 5): Promise<Outcome> => {
  for (let left = tries; ; left -= 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof StaleLedgerError) || left <= 1) throw error;
    }
  }
};

/** Teams delivers a message again after 15 s. A silent Microsoft is given up after 6 s; here many slow answers add up. */
const aTurnMs = 7_000;

/**
 * What takes longer than a turn may is carried on, and counts as no answer meanwhile: whoever wrote it down does it once more,
 * and finds what was done.
 * @throws AuthorityUnavailableError
 */
export const withinATurn = async <Outcome>(work: Promise<Outcome>): Promise<Outcome> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new AuthorityUnavailableError('aTurn')), aTurnMs); });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
};
