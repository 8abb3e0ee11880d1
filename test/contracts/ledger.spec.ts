import { openLedger, type OpenLedger } from '../../src/ledger/ledger.js';
import { NOON } from '../ledger/builders.js';
import { postgresPlace, sqlitePlace, type Place } from '../ledger/engines.js';
import { auditContract } from '../ledger/contract/audit.js';
import { customersContract } from '../ledger/contract/customers.js';
import { errandsContract } from '../ledger/contract/errands.js';
import { findingContract } from '../ledger/contract/finding.js';
import { halvesContract } from '../ledger/contract/halves.js';
import { keepingContract } from '../ledger/contract/keeping.js';
import { recordingContract } from '../ledger/contract/recording.js';
import { signInsContract } from '../ledger/contract/sign-ins.js';
import { storeContract } from '../ledger/contract/store.js';

const engines: readonly { readonly name: string; readonly place: () => Promise<Place | undefined> }[] = [
  { name: 'SQLite', place: sqlitePlace },
  { name: 'PostgreSQL', place: postgresPlace },
];

for (const { name, place } of engines) {
  describe(`the ledger on ${name}`, () => {
    let at: Place | undefined;
    let opened: OpenLedger;

    before(async function () {
      at = await place();
      if (!at) return this.skip();
      opened = await openLedger({ url: at.url, machineNow: () => NOON });
    });
    beforeEach(() => opened.erase());
    after(async () => {
      await opened?.close();
      await at?.leave();
      if (!at) process.stdout.write(`\n  ${name} did not answer, so the ledger was not tried on it. Set TEST_DATABASE_URL to a server to do so.\n`);
    });

    for (const contract of [recordingContract, halvesContract, findingContract, customersContract, auditContract, keepingContract, errandsContract, storeContract, signInsContract]) {
      contract(() => opened, () => at?.url ?? '');
    }
  });
}
