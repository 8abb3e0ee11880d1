/** All of them, `atOnce` under way at any time. Answers in their order. */
export const fewAtATime = async <One, Done>(all: readonly One[], atOnce: number, act: (one: One, at: number) => Promise<Done>): Promise<readonly Done[]> => {
  const done: Done[] = [];
  const waiting = all.entries();
  // One iterator for all of them: each takes what nobody has taken.
  const work = async (): Promise<void> => { for (const [at, one] of waiting) done[at] = await act(one, at); };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, work));
  return done;
};
