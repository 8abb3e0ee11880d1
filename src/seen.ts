import {
  AuthorityUnavailableError, LedgerUnavailableError, MessengerOutcomeUnknownError, MessengerRefusedError, MessengerUnavailableError, StaleLedgerError,
  type Errands, type Ledger, type Messenger, type NewErrand, type Ports, type Ran, type SignIns,
} from './commands/ports.js';
import type { Round } from './commands/rounds.js';
import type { Log } from './log.js';
import type { CallRecord } from './microsoft/options.js';
import type { Figures, Metrics, TurnOutcome } from './server/metrics.js';
import { activeCause, during, ended } from './spans.js';

export type SeenOptions = { readonly metrics: Metrics; readonly log: Log; readonly machineNow: () => Date };

/**
 * The house as it is seen from outside: what passes its ports is counted, timed and made a part of the trace that runs from a turn
 * over its commit to the errands and what they send. The rooms know nothing of it.
 */
export const createSeen = ({ metrics, log, machineNow }: SeenOptions) => {
  /** Counts it by its outcome and times it, whether it works or not. */
  const timed = async <Result>(count: (outcome: string, tookSeconds: number) => void, act: () => Promise<Result>): Promise<Result> => {
    const startedAt = performance.now();
    let outcome = 'good';
    try {
      return await act();
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      count(outcome, (performance.now() - startedAt) / 1000);
    }
  };
  const toldOf = (ran: Ran): Ran => {
    const { topic, outcome, error, untold } = ran;
    metrics.errand(topic, outcome);
    if (untold !== undefined) log.warn({ topic, error: untold }, 'Nobody could be told of an errand that was given up.');
    if (outcome === 'dead') log.warn({ topic, outcome, error }, 'An errand was given up.');
    else if (error instanceof AuthorityUnavailableError) log.info({ topic, outcome, error }, 'Microsoft gave no usable answer; an errand tries again.');
    return ran;
  };
  const sent = <Result>(what: string, act: () => Promise<Result>): Promise<Result> => during(what, {}, () => timed(metrics.send, act));

  return {
    turn: <Answer extends { readonly outcome: TurnOutcome }>(type: string, act: () => Promise<Answer>): Promise<Answer> =>
      during('turn', { type }, async (ends) => {
        const answer = await act();
        ends(answer.outcome, answer.outcome === 'answered');
        return answer;
      }),

    ledger: (ledger: Ledger): Ledger => ({
      ...ledger,
      record: (entry) => during('commit', { event: entry.event.event }, async () => {
        await timed(metrics.commit, () => ledger.record(entry.errands ? { ...entry, errands: caused(entry.errands) } : entry));
        for (const rule of rulesIn(entry.event.facts['rules'])) metrics.ruleRefusal(rule);
      }),
    }),

    errands: (errands: Errands): Errands => ({ ...errands, add: (added) => errands.add(caused(added)) }),

    trace: (trace: Ports['trace']): Ports['trace'] => (errand, run) =>
      during(`errand ${errand.topic}`, { attempt: errand.attempt }, async (ends) => {
        const ran = await trace(errand, async () => toldOf(await run()));
        ends(ran.outcome, ran.outcome === 'done');
        return ran;
      }, errand.cause),

    messenger: (messenger: Messenger): Messenger => ({
      send: (to, view) => sent('send', () => messenger.send(to, view)),
      update: (to, copy, view) => sent('update', () => messenger.update(to, copy, view)),
    }),

    onCall: ({ operation, status, ms, correlationId }: CallRecord): void => {
      const outcome = meaningOf(status);
      metrics.call(operation, outcome, ms / 1000);
      ended(`Microsoft ${operation}`, ms, outcome, outcome === 'good' || outcome === 'refused');
      log.debug({ operation, status, correlationId, durationMs: Math.round(ms) }, 'Called Microsoft.');
    },
    onGood: (round: Round): void => metrics.round(round, machineNow()),
    onTrouble: (round: Round, error: unknown): void => log.error({ part: round, error }, 'A round failed; the next one tries again.'),
  };
};

const caused = (errands: readonly NewErrand[]): readonly NewErrand[] => {
  const cause = activeCause();
  return cause === undefined ? errands : errands.map((errand) => ({ ...errand, cause }));
};

/** `MP-06 CUSTOMER_IS_CSP_TENANT, MP-13 …`, as the audit keeps them. */
const rulesIn = (kept: string | undefined): readonly string[] => (kept ? kept.split(', ').map((one) => one.split(' ')[0] ?? '') : []);

const outcomeOf = (error: unknown): string => {
  if (error instanceof MessengerRefusedError) return error.why;
  if (error instanceof MessengerUnavailableError || error instanceof LedgerUnavailableError) return 'unavailable';
  if (error instanceof MessengerOutcomeUnknownError) return 'unknown';
  return error instanceof StaleLedgerError ? 'stale' : 'failed';
};

/** What Microsoft answered. `refused` may be a plain answer: no such customer, or none of this partner's. `denied`: the token was not taken. */
const meaningOf = (status: number | undefined): string => {
  if (status === undefined) return 'unanswered';
  if (status < 400) return 'good';
  if (status === 401) return 'denied';
  if (status === 429) return 'throttled';
  return status < 500 ? 'refused' : 'failed';
};

export type Shown = {
  readonly ledger: Pick<Ledger, 'isReachable'>;
  readonly errands: Pick<Errands, 'depth'>;
  readonly signIns: Pick<SignIns, 'all'>;
  readonly appTokenAgeSeconds: () => number | undefined;
  readonly signingKeysAgeSeconds: () => number | undefined;
  readonly machineNow: () => Date;
  /** What the ledger's errands are due by. */
  readonly steadyNow: () => Date;
};

const known = <Found>(asked: Promise<Found>): Promise<Found | undefined> => asked.catch(() => undefined);

/** How the house stands, for whoever reads `/metrics`; what cannot be read at the moment is left out. */
export const figuresOf = ({ ledger, errands, signIns, appTokenAgeSeconds, signingKeysAgeSeconds, machineNow, steadyNow }: Shown) => async (): Promise<Figures> => {
  const [isUp, depth, kept] = await Promise.all([known(ledger.isReachable()), known(errands.depth(steadyNow())), known(signIns.all())]);
  const renewed = kept?.map(({ renewedAt }) => Date.parse(renewedAt)) ?? [];
  const { user, system } = process.cpuUsage();
  return {
    bot_ledger_up: isUp ? 1 : 0,
    bot_errands_waiting: depth?.waiting,
    bot_errands_due: depth?.due,
    bot_errands_oldest_due_seconds: depth?.oldestDueSeconds,
    bot_errands_dead: depth?.dead,
    bot_partner_sign_in_oldest_seconds: renewed.length === 0 ? undefined : (machineNow().getTime() - Math.min(...renewed)) / 1000,
    bot_app_token_age_seconds: appTokenAgeSeconds(),
    bot_signing_keys_age_seconds: signingKeysAgeSeconds(),
    process_start_time_seconds: (machineNow().getTime() / 1000) - process.uptime(),
    process_cpu_seconds_total: (user + system) / 1e6,
    process_resident_memory_bytes: process.memoryUsage.rss(),
  };
};
