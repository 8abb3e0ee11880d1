/** Writes entries one after another until it is killed, and says each one aloud once it was acknowledged. */
import { writeSync } from 'node:fs';
import { openLedger } from '../../../src/ledger/ledger.js';
import { aDraft, anErrand, drafting, NOON } from '../builders.js';

const [url = '', from = '1'] = process.argv.slice(2);
const { ledger } = await openLedger({ url, machineNow: () => NOON });
for (let number = Number(from); ; number += 1) {
  const draft = aDraft(number);
  await ledger.record({ ...drafting(draft), errands: [anErrand(draft.id, { invitation: draft.id })] });
  writeSync(1, `${draft.id}\n`);
}
