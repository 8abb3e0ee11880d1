import { z } from 'zod';

const delay = z.number().int().min(0).max(3_600_000);

/** Machine milliseconds that Microsoft takes for what it does not do at once. */
export type Delays = { readonly lockMs: number; readonly activateMs: number; readonly terminateMs: number; readonly assignMs: number };

export const usualDelays: Delays = { lockMs: 300, activateMs: 300, terminateMs: 300, assignMs: 300 };

export const delaysToSet = z.strictObject({
  lockMs: delay.optional(), activateMs: delay.optional(), terminateMs: delay.optional(), assignMs: delay.optional(),
});
