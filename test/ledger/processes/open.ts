/** Another program that starts on the same ledger, at the same moment as others. */
import { openLedger } from '../../../src/ledger/ledger.js';

const [url = ''] = process.argv.slice(2);
process.once('message', () => void openLedger({ url, machineNow: () => new Date() }).then(async ({ ledger, close }) => {
  if (!(await ledger.isReachable())) process.exitCode = 1;
  await close();
  process.disconnect();
}, (error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
}));
process.send?.('ready');
