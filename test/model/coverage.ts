/** What the sequences came across, counted; so that a rule nobody ever met is seen. */
export const coverage = () => {
  const counts = new Map<string, Map<string, number>>();
  const of = (kind: string): Map<string, number> => counts.get(kind) ?? counts.set(kind, new Map()).get(kind) as Map<string, number>;
  return {
    met: (kind: 'state' | 'transition' | 'refusal' | 'outcome' | 'event' | 'trouble', what: string): void => void of(kind).set(what, (of(kind).get(what) ?? 0) + 1),
    missing: (kind: string, expected: readonly string[]): readonly string[] => expected.filter((one) => !of(kind).has(one)),
    unexpected: (kind: string, expected: readonly string[]): readonly string[] => [...of(kind).keys()].filter((one) => !expected.includes(one)),
    row: (kind: string, most = 40): string => `${kind}: ${[...of(kind)].sort(([, one], [, other]) => other - one).slice(0, most).map(([what, many]) => `${what} ${many}`).join(', ')}`,
    count: (kind: string): number => of(kind).size,
  };
};
export type Coverage = ReturnType<typeof coverage>;
