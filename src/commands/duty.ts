/** Whose turn it is to do what the clock asks of all replicas together: one does it, and the next takes over when that one dies. */
export type Duty = {
  isMine(): boolean;
  /** Heard each time it comes here; not when it is here already. */
  onTaken(act: () => void): void;
  /** Lets the next one have it without waiting. */
  leave(): Promise<void>;
};

export const alwaysMine: Duty = { isMine: () => true, onTaken: () => undefined, leave: async () => undefined };

export type DutyOptions = {
  /** Takes or keeps it for so long. */
  readonly take: (leaseMs: number) => Promise<boolean>;
  readonly leave: () => Promise<void>;
  readonly leaseMs?: number;
  readonly elapsed?: () => number;
};

/**
 * Asks for the duty over and over, so that it stays here while this process lives. Where no answer comes it counts as lost before
 * anybody else can have it.
 */
export const keepDuty = ({ take, leave, leaseMs = 30_000, elapsed = () => performance.now() }: DutyOptions): Duty => {
  const listeners: (() => void)[] = [];
  let mineUntil = -Infinity;
  let isOver = false;
  const isMine = (): boolean => !isOver && elapsed() < mineUntil;

  const ask = async (): Promise<void> => {
    const askedAt = elapsed();
    const was = isMine();
    // An outage is no answer: the lease ends by itself.
    const isTaken = await take(leaseMs).catch(() => undefined);
    if (isTaken !== undefined) mineUntil = isTaken ? askedAt + leaseMs : -Infinity;
    if (!was && isMine()) for (const act of listeners) act();
  };
  let asking = ask();
  const timer = setInterval(() => { asking = asking.then(ask); }, leaseMs / 3);
  timer.unref();
  return {
    isMine,
    onTaken: (act) => void listeners.push(act),
    leave: async () => {
      isOver = true;
      clearInterval(timer);
      await asking;
      await leave().catch(() => undefined);
    },
  };
};
