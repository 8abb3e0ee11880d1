/** Another service on the same ledger: says that it serves, or why not. */
import { openLedger } from '../../../src/ledger/ledger.js';

const [url = ''] = process.argv.slice(2);
await openLedger({ url, machineNow: () => new Date(), service: { onTight: () => undefined } }).then(
  () => process.stdout.write('serving\n'),
  (error: unknown) => {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
if (process.exitCode === undefined) setInterval(() => undefined, 1000);
