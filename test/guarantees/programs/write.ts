/**
 * Writes entries, so many at a time, until it is killed or has written enough. Says of each aloud when it begins (`+id`) and
 * that it was acknowledged (`id`).
 */
import { writeSync } from 'node:fs';
import { openLedger } from '../../../src/ledger/ledger.js';
import { aDraft, anErrand, drafting, NOON } from '../../ledger/builders.js';

const [url = '', from = '1', atOnce = '1', enough = 'Infinity'] = process.argv.slice(2);
const say = (word: string): void => void writeSync(1, `${word}\n`);
say('+open');
const { ledger } = await openLedger({ url, machineNow: () => NOON });

let next = Number(from);
const end = next + Number(enough);
const write = async (): Promise<void> => {
  while (next < end) {
    const draft = aDraft(next);
    next += 1;
    say(`+${draft.id}`);
    await ledger.record({ ...drafting(draft), errands: [anErrand(draft.id, { invitation: draft.id })] });
    say(draft.id);
  }
};
await Promise.all(Array.from({ length: Number(atOnce) }, write));
