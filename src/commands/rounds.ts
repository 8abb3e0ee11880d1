import { alwaysMine, type Duty } from './duty.js';
import { expireInvitations } from './expire-invitations.js';
import type { Ports } from './ports.js';
import { tellRuleChanges } from './tell-rule-changes.js';
import { warnBeforeEnd } from './warn-before-end.js';
import { watchOf } from './watch-relationships.js';
import { workOnErrands } from './work-on-errands.js';

export type RoundsOptions = {
  /** How often to look for due errands when nothing has nudged, and for news at Microsoft; milliseconds of machine time. */
  readonly errandsEveryMs: number;
  readonly watchEveryMs: number;
  /** How long after a start the first look at Microsoft comes; left out: at once. */
  readonly watchAfterMs?: number;
  /** Errands are for every replica; looking at Microsoft's side, and what the clock ends, for the one on duty. */
  readonly duty?: Duty;
  /** A round failed as a whole (the ledger is away, say); the next one comes all the same. */
  readonly onTrouble: (round: Round, error: unknown) => void;
  /** A round came to its end. */
  readonly onGood?: (round: Round) => void;
};

export type Round = 'errands' | 'watch';

export type Rounds = {
  /** Something was written down: run it now rather than at the next look. */
  nudge(): void;
  /** Begins nothing more, and waits for the errands and the look that are under way. */
  stop(): Promise<void>;
};

/** The two things that happen without anybody asking: errands are run, and Microsoft's side is looked at. */
export const startRounds = (ports: Ports, { errandsEveryMs, watchEveryMs, watchAfterMs = 0, duty = alwaysMine, onTrouble, onGood }: RoundsOptions): Rounds => {
  const { watchAll } = watchOf(ports);
  const stopping = new AbortController();
  const spreadMs = watchEveryMs >= shortestSpreadMs ? watchEveryMs / 2 : 0;
  const expire = expireInvitations(ports);
  const warn = warnBeforeEnd(ports);
  const tellOfRules = once(tellRuleChanges(ports));

  const onErrandsTrouble = (error: unknown): void => onTrouble('errands', error);
  const work = workOnErrands(ports, { onBatchOver: () => errands.nudge(), onTrouble: onErrandsTrouble, signal: stopping.signal });
  const errands = every(errandsEveryMs, onErrandsTrouble, async () => {
    await work.beginDue();
    onGood?.('errands');
  });
  let isFirst = true;
  const watch = every(watchEveryMs, (error) => onTrouble('watch', error), async () => {
    if (duty.isMine()) {
      // After a start nobody knows what happened meanwhile: everything is looked at as soon as it can be.
      const all = watchAll({ spreadMs: isFirst ? 0 : spreadMs, signal: stopping.signal });
      isFirst = false;
      await expire(await all);
      await warn();
      await tellOfRules();
    }
    onGood?.('watch');
    errands.nudge();
  }, watchAfterMs);
  duty.onTaken(() => {
    isFirst = true;
    watch.nudge();
  });
  return {
    nudge: errands.nudge,
    stop: async () => {
      stopping.abort();
      await Promise.all([errands.stop(), watch.stop()]);
      await work.ended();
    },
  };
};

/** The same ports, telling whenever errands were written down. */
export const tellingOfErrands = (ports: Ports, tell: () => void): Ports => ({
  ...ports,
  ledger: {
    ...ports.ledger,
    record: async (entry) => {
      await ports.ledger.record(entry);
      if (entry.errands?.length) tell();
    },
  },
  errands: {
    ...ports.errands,
    add: async (errands) => {
      await ports.errands.add(errands);
      if (errands.length > 0) tell();
    },
  },
});

/** Below that a round is over sooner than it could be spread. */
const shortestSpreadMs = 30_000;

/** Until it worked; then never again. */
const once = (act: () => Promise<unknown>): (() => Promise<void>) => {
  let isDone = false;
  return async () => {
    if (isDone) return;
    await act();
    isDone = true;
  };
};

const shortestPauseMs = 1;

/** One round after another, the first after a while, each `ms` after the one before began, never two at once; a nudge during a round means one more right after it. */
const every = (ms: number, onTrouble: (error: unknown) => void, round: () => Promise<void>, firstAfterMs = 0) => {
  let isStopped = false;
  let isNudged = false;
  let wake = (): void => undefined;
  const pause = (forMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(shortestPauseMs, forMs));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const rounds = (async () => {
    if (firstAfterMs > 0) await pause(firstAfterMs);
    while (!isStopped) {
      isNudged = false;
      const startedAt = performance.now();
      await round().catch(onTrouble);
      if (!isNudged && !isStopped) await pause(ms - (performance.now() - startedAt));
    }
  })();
  const nudge = (): void => {
    isNudged = true;
    wake();
  };
  return {
    nudge,
    stop: async () => {
      isStopped = true;
      wake();
      await rounds;
    },
  };
};
