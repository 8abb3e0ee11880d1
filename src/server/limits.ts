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
