import { AuthorityUnavailableError, EventNotTakenError, MessengerOutcomeUnknownError, MessengerRefusedError, MessengerUnavailableError, SignInNeededError, StaleLedgerError, type ClaimedErrand, type ErrandTopic } from './ports.js';

/** What goes wrong so often for no known reason is wrong for good. */
export const maxAttempts = 12;
/** While Microsoft or Teams is away: about a day. */
export const maxAttemptsInOutage = 60;
const longestWaitMs = 14 * 86_400_000;
const [quarterMs, hourMs] = [900_000, 3_600_000];

/** What somebody asked of Microsoft. Only this waits for a sign-in: it has a lane of its own, and whoever asked was promised it. */
const wishes: readonly ErrandTopic[] = ['invite', 'send', 'assign', 'withdrawAccess', 'stopExtending', 'removeAccess', 'endRelationship'];

/** When it is tried again and what it carries until then; nothing when the no is definite or patience is at an end. */
export const nextTry = (error: unknown, errand: ClaimedErrand, now: Date, chance: number): { readonly at: Date; readonly body: ClaimedErrand['body'] } | undefined => {
  const { attempt, body } = errand;
  const after = (ms: number): Date => new Date(now.getTime() + ms);
  if (isWaiting(error, errand)) {
    const waitsSince = body['waitsSince'] ?? now.toISOString();
    if (now.getTime() - Date.parse(waitsSince) >= longestWaitMs) return undefined;
    return { at: after(Math.max(askedMs(error), backoffMs(attempt, quarterMs, chance))), body: { ...body, waitsSince, waits: String(waitsOf(errand) + 1) } };
  }
  const tries = attempt - waitsOf(errand);
  if (error instanceof MessengerRefusedError || error instanceof EventNotTakenError) return undefined;
  // It may have arrived; one repeat is harmless, more are noise.
  if (error instanceof MessengerOutcomeUnknownError && tries >= 2) return undefined;
  const isOutage = error instanceof AuthorityUnavailableError || error instanceof MessengerUnavailableError;
  if (tries >= (isOutage ? maxAttemptsInOutage : maxAttempts)) return undefined;
  if (error instanceof StaleLedgerError) return { at: after(100), body };
  return { at: after(Math.max(askedMs(error), backoffMs(tries, isOutage ? hourMs : quarterMs, chance))), body };
};

/** Microsoft was not even asked: somebody must sign in first, or the lane is closed. That is no try. */
const isWaiting = (error: unknown, { topic }: ClaimedErrand): boolean =>
  error instanceof AuthorityUnavailableError && (error.about.isUnasked === true || (error instanceof SignInNeededError && wishes.includes(topic)));

const waitsOf = ({ body }: ClaimedErrand): number => Number(body['waits'] ?? 0);

/** How long Microsoft or Teams wants to be left alone. A date written by a wrong clock holds nothing up for years. */
const askedMs = (error: unknown): number => {
  const seconds = error instanceof AuthorityUnavailableError ? error.about.retryAfterSeconds : error instanceof MessengerUnavailableError ? error.retryAfterSeconds : undefined;
  return Math.min((seconds ?? 0) * 1000, hourMs);
};

const backoffMs = (tries: number, mostMs: number, chance: number): number => 1000 + Math.floor((chance / 256) * Math.min(mostMs, 2 ** tries * 1000));
