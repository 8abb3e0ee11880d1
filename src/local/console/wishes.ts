import { z } from 'zod';

export const guid = z.guid().transform((id) => id.toLowerCase());

/** What the page may ask for. The data of a card's button is carried through as it is; the bot reads it with its own eyes. */
export const wishes = {
  person: z.strictObject({ person: guid }),
  say: z.strictObject({ person: guid, text: z.string().min(1).max(20_000) }),
  press: z.strictObject({
    person: guid,
    message: z.string().min(1),
    action: z.strictObject({ type: z.enum(['Action.Execute', 'Action.Submit']), verb: z.string().optional(), data: z.record(z.string(), z.unknown()).default({}) }),
  }),
  /** What a person does on Microsoft's own page. */
  accept: z.strictObject({ person: guid, partner: guid }),
  clock: z.strictObject({ advanceSeconds: z.number().int().min(1).max(10 * 366 * 24 * 3600) }),
  nothing: z.strictObject({}),
} as const;
