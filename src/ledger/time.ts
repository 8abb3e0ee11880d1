import type { Driver, Statement, Step } from './driver.js';

/**
 * The database's own time. A server is shared by machines whose clocks differ, so what they must agree on (leases, and when
 * something is due) is counted there; of a file, the machine's time is the database's.
 */
export type LedgerTime = {
  readonly machineNow: () => Date;
  /** As far as is known since the last exact look. */
  now(): Date;
  /** What this machine calls `date`, on the database's clock. */
  of(date: Date): Date;
  /** Steps that read the clock in their own transaction. */
  exactly(date: Date, make: (date: Date) => Statement): readonly Step[];
};

export const timeOf = async ({ dialect, read }: Driver, machineNow: () => Date): Promise<LedgerTime> => {
  const { clock } = dialect;
  let aheadMs = 0;
  const of = (date: Date): Date => new Date(date.getTime() + aheadMs);
  const learn = (row: Readonly<Record<string, unknown>> | undefined): void => {
    aheadMs = Number(row?.['now_ms']) - machineNow().getTime();
  };
  if (clock) learn((await read(clock))[0]);
  return {
    machineNow,
    now: () => of(machineNow()),
    of,
    exactly: (date, make) => !clock ? [make(date)] : [clock, ([row]) => {
      learn(row);
      return [make(of(date))];
    }],
  };
};
