import { z } from 'zod';

/** What goes wrong on the way to those who listen. `retryMs` is the wait after the first try; it doubles after each further one. */
export const switchesToSet = z.strictObject({
  duplicate: z.boolean().optional(), reorder: z.boolean().optional(), wrongSignature: z.boolean().optional(), hold: z.boolean().optional(), sha1: z.boolean().optional(),
  retryMs: z.int().min(1).max(3_600_000).optional(),
});
export type Switches = Required<z.output<typeof switchesToSet>>;

export const usualSwitches: Switches = { duplicate: false, reorder: false, wrongSignature: false, hold: false, sha1: false, retryMs: 1000 };
