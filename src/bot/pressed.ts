import { z } from 'zod';
import { declineReasons } from '../domain/invitation.js';
import type { Drawn } from './cards/card.js';

// What a card sends back is a stranger's text: a verb, an id, and what was typed into its fields. Nothing else is read.
const pressed = z.object({
  verb: z.string().max(40),
  invitation: z.guid().optional().catch(undefined),
  reference: z.string().max(20).optional().catch(undefined),
  domain: z.string().max(300).optional().catch(undefined),
  reason: z.string().max(1000).optional().catch(undefined),
  notCsp: z.string().max(10).optional().catch(undefined),
  declineReason: z.enum(declineReasons).optional().catch(undefined),
  comment: z.string().max(2000).optional().catch(undefined),
  share: z.string().max(10).optional().catch(undefined),
  stop: z.string().max(10).optional().catch(undefined),
  about: z.string().max(300).optional().catch(undefined),
  only: z.string().max(20).optional().catch(undefined),
  search: z.string().max(300).optional().catch(undefined),
  page: z.coerce.string().regex(/^\d{1,5}$/).optional().catch(undefined),
  template: z.string().max(40).optional().catch(undefined),
  days: z.coerce.string().max(6).optional().catch(undefined),
  extend: z.string().max(10).optional().catch(undefined),
  roles: z.string().max(2000).optional().catch(undefined),
  roleReason: z.string().max(1000).optional().catch(undefined),
  name: z.string().max(300).optional().catch(undefined),
  provider: z.string().max(60).optional().catch(undefined),
  follows: z.string().max(20).optional().catch(undefined),
  to: z.string().max(60).optional().catch(undefined),
  note: z.string().max(2000).optional().catch(undefined),
  text: z.string().max(2000).optional().catch(undefined),
  group: z.string().max(100).optional().catch(undefined),
  from: z.string().max(100).optional().catch(undefined),
  typed: z.string().max(300).optional().catch(undefined),
});
export type Pressed = z.infer<typeof pressed>;

export const pressedIn = (verb: unknown, data: unknown): Pressed | undefined => {
  const fields = typeof data === 'object' && data !== null ? data : {};
  return pressed.safeParse({ ...fields, ...(typeof verb === 'string' && { verb }) }).data;
};

/** A new picture for the pressed card, or a short sentence beside it. */
export type Pressing = { readonly card: Drawn } | { readonly sentence: string };
