import { z } from 'zod';
import type { TenantId } from '../../domain/ids.js';
import type { Answered } from './route.js';

export const limitsToSet = z.strictObject({
  /** Calls on customers and their subscriptions, for each partner. */
  partnerCenterAMinute: z.int().min(0).optional(),
  /** The most that one page of Partner Center holds. */
  pageSize: z.int().min(1).max(500).optional(),
});
export type Limits = Required<z.output<typeof limitsToSet>>;
/** @see Partner Center docs, "API throttling guidance" */
export const usualLimits: Limits = { partnerCenterAMinute: 500, pageSize: 500 };

const minuteMs = 60_000;

/** Counts by the minute of the machine's clock. */
export const createLimits = (machineNow: () => Date) => {
  let limits = usualLimits;
  let minute = 0;
  const counts = new Map<TenantId, number>();
  return {
    get: (): Limits => limits,
    set: (change: Partial<Limits>): void => { limits = { ...limits, ...change }; },
    reset: (): void => {
      limits = usualLimits;
      counts.clear();
    },
    /** The answer to one call too many. */
    refuse: (partner: TenantId, path: string): Answered | undefined => {
      if (!/^\/partner-center\/v1\/customers(?:\/|$)/.test(path)) return undefined;
      const now = machineNow().getTime();
      if (Math.floor(now / minuteMs) !== minute) {
        minute = Math.floor(now / minuteMs);
        counts.clear();
      }
      const count = (counts.get(partner) ?? 0) + 1;
      counts.set(partner, count);
      return count > limits.partnerCenterAMinute ? throttled(Math.ceil(((minute + 1) * minuteMs - now) / 1000)) : undefined;
    },
  };
};

export type Limiter = ReturnType<typeof createLimits>;

/** Too many calls are answered in a shape of their own. */
export const throttled = (seconds: number): Answered =>
  ({ status: 429, body: { statusCode: 429, message: `Rate limit is exceeded. Try again in ${seconds} seconds.` }, headers: { 'retry-after': String(seconds) } });
