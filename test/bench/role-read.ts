/** A program of its own: what one fresh role read costs the product's client. Arguments: the sandbox's address, how many reads, of how many customers. */
import { randomUUID } from 'node:crypto';
import { asPersonId, asTenantId } from '../../src/domain/ids.js';
import { directoryApp } from '../../src/local/partner-center/credentials.js';
import { createMicrosoft } from '../../src/microsoft/microsoft.js';
import { customerAt } from './world.js';

const [url = '', reads = '', customers = ''] = process.argv.slice(2);
const { directory } = createMicrosoft({
  partnerCenterUrl: `${url}/partner-center`, graphUrl: `${url}/graph`, loginUrl: `${url}/login`, accounts: [], directoryApp, allowedLinkOrigins: [], machineNow: () => new Date(), guid: randomUUID,
});

const read = async (many: number): Promise<void> => {
  let next = 0;
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (next < many) {
      const { tenant, admin } = customerAt(next++ % Number(customers));
      const found = await directory.person(asTenantId(tenant), asPersonId(admin.id));
      if (found === undefined || typeof found === 'string' || !found.roles.includes('globalAdmin')) throw new Error('The role was not read.');
    }
  }));
};
await read(Number(reads)); // every customer's token, and the compiler
const before = process.cpuUsage();
await read(Number(reads));
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${JSON.stringify({ cpuMs: (user + system) / 1000 / Number(reads) })}\n`);
