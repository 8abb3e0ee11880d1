const mostKeys = 10_000;

export type Limit = (key: string) => { readonly retryAfterSeconds: number } | undefined;

/**
 * A token bucket for each key: `perMinute` at once, filled again evenly over a minute. 0 means no limit.
 * @returns when to come back, or nothing for a key that may go on. Machine time.
 */
export const createLimit = (perMinute: number, machineNow: () => Date): Limit => {
  const perMs = perMinute / 60_000;
  const buckets = new Map<string, { readonly tokens: number; readonly at: number }>();

  return (key) => {
    if (perMinute === 0) return undefined;
    const at = machineNow().getTime();
    const bucket = buckets.get(key) ?? { tokens: perMinute, at };
    const tokens = Math.min(perMinute, bucket.tokens + Math.max(0, at - bucket.at) * perMs);
    const isFull = tokens >= 1;

    buckets.delete(key); // and back to the end: the key not seen for longest is forgotten first
    buckets.set(key, { tokens: isFull ? tokens - 1 : tokens, at });
    const oldest = buckets.keys().next().value;
    if (buckets.size > mostKeys && oldest !== undefined) buckets.delete(oldest);
    return isFull ? undefined : { retryAfterSeconds: Math.ceil((1 - tokens) / perMs / 1000) };
  };
};

/**
 * Room for so much at once, shared by whoever asks. One may take a place while it holds fewer than are left over: alone that is
 * half of the room, two keep a third each, and there is room for the next one without anybody being told how many others there
 * are. Of a hundred places six tenants that take all they can, one after the other, leave one.
 */
export const createRoom = (places: number) => {
  const held = new Map<string, number>();
  let taken = 0;

  return {
    /** @returns the way to give the place back, or nothing for one that has to come later */
    enter: (who: string): (() => void) | undefined => {
      const own = held.get(who) ?? 0;
      if (own >= places - taken) return undefined;
      held.set(who, own + 1);
      taken += 1;
      return () => {
        taken -= 1;
        const left = (held.get(who) ?? 0) - 1;
        if (left > 0) held.set(who, left);
        else held.delete(who);
      };
    },
  };
};
