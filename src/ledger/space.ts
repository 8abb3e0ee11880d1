import { statfsSync } from 'node:fs';
import { LedgerUnavailableError } from '../commands/ports.js';
import type { Driver } from './driver.js';

/** So much stays free for what is under way; of a large disk, a gigabyte is enough. */
const [reservedPart, reservedBytes] = [0.05, 2 ** 30];
/** How long one look at the disk is good for; milliseconds. */
const lookAgainMs = 2000;

class DiskNearlyFullError extends Error {
  override readonly name = 'DiskNearlyFullError';
}

export type LookAtDisk = (folder: string) => { readonly bsize: number; readonly blocks: number; readonly bavail: number };
export type Space = { isTight(): boolean };

/** @param onChange heard when the disk became tight, and when there was room again */
export const spaceAround = (folder: string, onChange: (isTight: boolean) => void, look: LookAtDisk = statfsSync, elapsed: () => number = () => performance.now()): Space => {
  let isTight = false;
  let lookedAt = -Infinity;
  const see = (): boolean => {
    try {
      const { bsize, blocks, bavail } = look(folder);
      return bavail < Math.min(blocks * reservedPart, reservedBytes / bsize);
    } catch {
      // A folder that is away is another trouble, and it tells of itself.
      return false;
    }
  };
  return {
    isTight: () => {
      if (elapsed() - lookedAt >= lookAgainMs) {
        lookedAt = elapsed();
        const was = isTight;
        isTight = see();
        if (was !== isTight) onChange(isTight);
      }
      return isTight;
    },
  };
};

/** Nothing new is begun in the reserve; it is for writing down how things that had begun came out. */
export const keepingReserve = (driver: Driver, { isTight }: Space): Driver => ({
  ...driver,
  write: async (batch, how) => {
    if (isTight()) throw new LedgerUnavailableError({ cause: new DiskNearlyFullError() });
    return driver.write(batch, how);
  },
});
