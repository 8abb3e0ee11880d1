import { StaleLedgerError } from './ports.js';

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
