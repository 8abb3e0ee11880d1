/** A worker that takes an errand, says which, and is never done with it. */
import { openLedger } from '../../../src/ledger/ledger.js';

const [url = '', leaseSeconds = '60'] = process.argv.slice(2);
const { errands } = await openLedger({ url, machineNow: () => new Date() });
const [claimed] = await errands.claim(new Date(), 1, Number(leaseSeconds));
process.stdout.write(`${JSON.stringify(claimed)}\n`);
setInterval(() => undefined, 1000);
