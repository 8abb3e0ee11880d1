import type { Ports, Ran } from './ports.js';
import { beginErrands } from './run-errands.js';

const atATime = 50;
/** Beside so many nothing more is begun: what never ends must not pile up for ever. */
const mostBeside = 100;

export type WorkOnErrandsOptions = {
  /** All that was begun together is over: what waited behind it may be due. */
  readonly onBatchOver: () => void;
  readonly onTrouble: (error: unknown) => void;
  /** From then on nothing more is begun. */
  readonly signal: AbortSignal;
};

/** Begins whatever is due beside what is under way: an errand that hangs holds up nobody else's. */
export const workOnErrands = (ports: Ports, { onBatchOver, onTrouble, signal }: WorkOnErrandsOptions) => {
  const begin = beginErrands(ports);
  const underWay = new Set<Promise<Ran>>();

  return {
    beginDue: async (): Promise<void> => {
      while (!signal.aborted && underWay.size <= mostBeside) {
        const batch = await begin(atATime);
        for (const one of batch) {
          const isOver = (): boolean => underWay.delete(one);
          underWay.add(one);
          one.then(isOver, isOver);
        }
        if (batch.length > 0) Promise.all(batch).then(onBatchOver, onTrouble);
        if (batch.length < atATime) return;
      }
    },
    ended: async (): Promise<void> => void (await Promise.allSettled(underWay)),
  };
};
