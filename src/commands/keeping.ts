export type Keeping<Found> = {
  readonly forMs: number;
  /** How many answers are kept at once; the oldest goes first. */
  readonly most: number;
  /** Any other answer is forgotten at once, as is an error. */
  readonly isGood: (found: Found) => boolean;
  readonly now: () => Date;
};

/** The same question with an answer that is kept for a while. Those who ask while it is being answered share the answer. */
export const keeping = <Asked extends readonly string[], Found>(ask: (...asked: Asked) => Promise<Found>, { forMs, most, isGood, now }: Keeping<Found>) => {
  const kept = new Map<string, { readonly found: Promise<Found>; readonly until: number }>();
  return (...asked: Asked): Promise<Found> => {
    const key = asked.join(' ');
    const at = now().getTime();
    const have = kept.get(key);
    if (have && at < have.until) return have.found;
    const one = { found: ask(...asked), until: at + forMs };
    kept.delete(key);
    kept.set(key, one);
    const oldest = kept.keys().next().value;
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    const forget = (): void => { if (kept.get(key) === one) kept.delete(key); };
    one.found.then((found) => { if (!isGood(found)) forget(); }, forget);
    return one.found;
  };
};
