import { setTimeout as wait } from 'node:timers/promises';

/** How long until the lane is free again; nobody was sent. */
export class LaneClosedError extends Error {
  override readonly name = 'LaneClosedError';
  constructor(readonly retryAfterSeconds: number) {
    super('Microsoft asked for a pause.');
  }
}

export type Lane = {
  /** Lets one call pass, in its turn. @throws LaneClosedError when that would take longer than the caller can wait */
  enter(patienceMs: number): Promise<{ leave(): void }>;
  /** The service is busy. @param seconds what it asked for; without it longer each time in a row */
  pause(seconds: number | undefined): void;
  /** A usable answer came: pauses begin small again. */
  fine(): void;
};

export type LanesOptions = {
  readonly machineNow: () => Date;
  readonly random: () => number;
  readonly callsAMinute: (lane: string) => number;
};

const minuteMs = 60_000;
const mostAtOnce = 8;
const shortestPauseSeconds = 2;
const longestPauseSeconds = 300;
/** A date that is past by our clock still asks for a pause. */
const shortestWishSeconds = 1;
/** A date written by a clock that is wrong must not close a lane for good. */
const longestWishSeconds = 3600;

/**
 * A lane for each partner and service: who is throttled, or slow, holds up nobody else. Microsoft counts by partner and time,
 * so the lane counts the same way and stays below.
 */
export const createLanes = (options: LanesOptions): ((name: string) => Lane) => {
  const lanes = new Map<string, Lane>();
  return (name) => {
    const lane = lanes.get(name) ?? createLane(name, options);
    lanes.set(name, lane);
    return lane;
  };
};

const createLane = (name: string, { machineNow, random, callsAMinute }: LanesOptions): Lane => {
  const limit = callsAMinute(name);
  const now = (): number => machineNow().getTime();
  /** When the last `limit` calls passed, the oldest one overwritten by the next. */
  const passed: number[] = [];
  let calls = 0;
  let closedUntil = 0;
  let pausesInARow = 0;
  let inside = 0;
  const waiting: (() => void)[] = [];

  /** Milliseconds until one more call keeps both the pause and the limit. */
  const untilFree = (): number => {
    const at = now();
    const oldest = passed[calls % limit];
    return Math.max(closedUntil - at, oldest === undefined ? 0 : oldest + minuteMs - at, 0);
  };

  const leave = (): void => {
    inside -= 1;
    waiting.shift()?.();
  };

  return {
    enter: async (patienceMs) => {
      const startedAt = performance.now();
      while (inside >= mostAtOnce) await new Promise<void>((resolve) => void waiting.push(resolve));
      inside += 1;
      try {
        for (let ms = untilFree(); ms > 0; ms = untilFree()) {
          if (performance.now() - startedAt + ms > patienceMs) throw new LaneClosedError(Math.ceil(ms / 1000));
          await wait(ms);
        }
        passed[calls % limit] = now();
        calls += 1;
        return { leave };
      } catch (error) {
        leave();
        throw error;
      }
    },
    pause: (seconds) => {
      // Calls that were under way together are turned away together: that is one pause, not one for each.
      const isPaused = closedUntil > now();
      if (isPaused && seconds === undefined) return;
      const grown = Math.min(shortestPauseSeconds * 2 ** pausesInARow, longestPauseSeconds) * (0.75 + random() / 2);
      if (!isPaused) pausesInARow += 1;
      closedUntil = Math.max(closedUntil, now() + Math.min(seconds === undefined ? grown : Math.max(seconds, shortestWishSeconds), longestWishSeconds) * 1000);
    },
    fine: () => { pausesInARow = 0; },
  };
};
