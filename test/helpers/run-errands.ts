import type { Ports, Ran } from '../../src/commands/ports.js';
import { beginErrands } from '../../src/commands/run-errands.js';

/** Runs what is due, once. Gives what it did; an empty answer means nothing was due. */
export const runErrands = (ports: Ports) => async (): Promise<readonly Ran[]> => Promise.all(await beginErrands(ports)(50));
