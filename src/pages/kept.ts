import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Shelf } from './ports.js';

/** 256 random bits, 43 letters that need no escaping anywhere. */
export const randomText = (): string => randomBytes(32).toString('base64url');
export const isRandomText = (text: unknown): text is string => typeof text === 'string' && /^[\w-]{43}$/.test(text);

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

export type Kept<Thing> = {
  /** Keeps it and gives the text behind which it is. */
  put(thing: Thing): Promise<string>;
  putUnder(text: string, thing: Thing): Promise<void>;
  see(text: string | null | undefined): Promise<Thing | undefined>;
  /** Once: whoever comes second, or at the same time, gets nothing. */
  take(text: string | null | undefined): Promise<Thing | undefined>;
};

/** Things of one kind, for some minutes of machine time. Only a hash of the text is stored, so a look into the store opens nothing. */
export const createKept = <Thing>({ shelf, kind, minutes, shape, machineNow }: {
  readonly shelf: Shelf; readonly kind: string; readonly minutes: number; readonly shape: z.ZodType<Thing>; readonly machineNow: () => Date;
}): Kept<Thing> => {
  const record = z.object({ until: z.number(), thing: shape });
  const keyOf = (text: string): string => digestOf(`page ${kind} ${text}`);
  const see = async (text: string | null | undefined): Promise<Thing | undefined> => {
    if (!text) return undefined;
    const found = record.safeParse(await shelf.get(keyOf(text))).data;
    return found && machineNow().getTime() < found.until ? found.thing : undefined;
  };
  const putUnder = async (text: string, thing: Thing): Promise<void> => {
    await shelf.set(keyOf(text), { until: machineNow().getTime() + minutes * 60_000, thing }, minutes * 60_000);
  };
  return {
    see,
    putUnder,
    put: async (thing) => {
      const text = randomText();
      await putUnder(text, thing);
      return text;
    },
    take: async (text) => {
      const thing = await see(text);
      return thing !== undefined && (await shelf.delete(keyOf(text ?? ''))) ? thing : undefined;
    },
  };
};

/** How often something happened within the last minute, in this process. */
export const createMinute = (most: number, machineNow: () => Date) => {
  const times: number[] = [];
  return {
    isFull: (): boolean => {
      const from = machineNow().getTime() - 60_000;
      while ((times[0] ?? Infinity) <= from) times.shift();
      return times.length >= most;
    },
    count: (): void => void times.push(machineNow().getTime()),
  };
};
