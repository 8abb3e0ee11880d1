import { expireInvitations } from './expire-invitations.js';
import type { Ports } from './ports.js';
import { runErrands, type Ran } from './run-errands.js';
import { tellRuleChanges } from './tell-rule-changes.js';
import { warnBeforeEnd } from './warn-before-end.js';
import { watchRelationships } from './watch-relationships.js';

export type RoundsOptions = {
  /** How often to look for due errands when nothing has nudged, and for news at Microsoft; milliseconds of machine time. */
  readonly errandsEveryMs: number;
  readonly watchEveryMs: number;
  readonly onRan: (ran: Ran) => void;
  /** A round failed as a whole (the ledger is away, say); the next one comes all the same. */
  readonly onTrouble: (round: 'errands' | 'watch', error: unknown) => void;
};

export type Rounds = {
  /** Something was written down: run it now rather than at the next look. */
  nudge(): void;
  /** Lets the round that is under way finish. */
  stop(): Promise<void>;
};

/** The two things that happen without anybody asking: errands are run, and Microsoft's side is looked at. */
export const startRounds = (ports: Ports, { errandsEveryMs, watchEveryMs, onRan, onTrouble }: RoundsOptions): Rounds => {
  const run = runErrands(ports);
  const { watchAll } = watchRelationships(ports);
  const expire = expireInvitations(ports);
  const warn = warnBeforeEnd(ports);
  const tellOfRules = once(tellRuleChanges(ports));

  const errands = every(errandsEveryMs, (error) => onTrouble('errands', error), async () => {
    for (let ran = await run(); ran.length > 0; ran = await run()) ran.forEach(onRan);
  });
  const watch = every(watchEveryMs, (error) => onTrouble('watch', error), async () => {
    await expire(await watchAll());
    await warn();
    await tellOfRules();
    errands.nudge();
  });
  return { nudge: errands.nudge, stop: async () => void (await Promise.all([errands.stop(), watch.stop()])) };
};

/** Until it worked; then never again. */
const once = (act: () => Promise<unknown>): (() => Promise<void>) => {
  let isDone = false;
  return async () => {
    if (isDone) return;
    await act();
    isDone = true;
  };
};

/** One round after another, never two at once; a nudge during a round means one more right after it. */
const every = (ms: number, onTrouble: (error: unknown) => void, round: () => Promise<void>) => {
  let isStopped = false;
  let isNudged = false;
  let wake = (): void => undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const rounds = (async () => {
    while (!isStopped) {
      isNudged = false;
      await round().catch(onTrouble);
      if (!isNudged && !isStopped) await pause();
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
