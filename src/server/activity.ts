import { z } from 'zod';
import { isKeepable } from './body.js';
import { TurnedAwayError } from './turned-away.js';

const text = z.string().min(1).max(1024);
// These travel in the path of later calls: no blanks, and nothing that walks up the path.
const pathPart = z.string().regex(/^(?!\.{1,2}$)[^\s\\]{1,1024}$/);

/** The part of an activity the house relies on; everything else passes through unread. */
const activitySchema = z.looseObject({
  type: z.string().min(1).max(100),
  id: pathPart.optional(),
  channelId: z.literal('msteams'),
  serviceUrl: text,
  conversation: z.looseObject({ id: pathPart, tenantId: text.nullish() }),
  from: z.looseObject({ id: text, aadObjectId: text.nullish() }),
  recipient: z.looseObject({ id: text }),
  channelData: z.looseObject({ tenant: z.looseObject({ id: text.nullish() }).nullish() }).nullish(),
});

export type InboundActivity = z.infer<typeof activitySchema>;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const deepest = 32;

/** @throws TurnedAwayError 400 for anything that is not a Teams activity in strict UTF-8 JSON. */
export const readActivity = (body: Uint8Array): InboundActivity => {
  try {
    const value: unknown = JSON.parse(utf8.decode(body));
    if (!isPlain(value, deepest)) throw new TurnedAwayError(400);
    return activitySchema.parse(value);
  } catch {
    throw new TurnedAwayError(400);
  }
};

/** Not nested beyond reason, without the one key that could reach an object's prototype, and of text that every database keeps. */
const isPlain = (value: unknown, levels: number): boolean => {
  if (typeof value === 'string') return isKeepable(value);
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0 || Object.hasOwn(value, '__proto__')) return false;
  return Object.values(value).every((inner) => isPlain(inner, levels - 1));
};

/** The tenant both places agree on; `undefined` when neither names one. */
export const tenantOf = ({ conversation, channelData }: InboundActivity): string | undefined => {
  const [one, other] = [conversation.tenantId?.toLowerCase(), channelData?.tenant?.id?.toLowerCase()];
  if (one !== undefined && other !== undefined && one !== other) throw new TurnedAwayError(400);
  return one ?? other;
};
