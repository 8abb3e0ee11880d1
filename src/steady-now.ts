/**
 * The machine's time as it was at the start, and from there by the clock that nobody sets. For what waits: a lease, a retry, what is
 * due; while the machine sleeps, nothing has waited. What is compared with other machines' times, a token say, asks the machine anew.
 */
export const steadyFrom = (machineNow: () => Date, elapsed: () => number = () => performance.now()): (() => Date) => {
  const [since, from] = [machineNow().getTime(), elapsed()];
  return () => new Date(since + elapsed() - from);
};
