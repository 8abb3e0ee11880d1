import type { CustomersPage } from '../commands/ports.js';
import type { CustomerLine } from '../domain/customer-standing.js';
import type { TenantId } from '../domain/ids.js';
import type { Driver, Row } from './driver.js';
import * as sql from './statements.js';

const lineIn = (row: Row): CustomerLine => JSON.parse(String(row['body'])) as CustomerLine;

/** Urgent first: what ends soon, what waits, what is active, and then what is over. Each is one run of the index. */
const runsOf = (soon: string): readonly (readonly [standing: string, from: string, before: string])[] => [
  ['active', '', soon], ['waiting', '', '~'], ['active', soon, '~'], ['declined', '', '~'], ['ended', '', '~'],
];

export const customersOf = async ({ read }: Driver, partner: TenantId, page: CustomersPage): Promise<readonly CustomerLine[]> => {
  if (page.search !== '' || page.only !== 'all') return (await read(sql.customersBySearch(partner, page))).map(lineIn);

  let { skip } = page;
  const lines: CustomerLine[] = [];
  for (const [standing, from, before] of runsOf(page.soon.toISOString())) {
    if (lines.length >= page.limit) break;
    const found = (await read(sql.customersIn(partner, standing, from, before, skip, page.limit - lines.length))).map(lineIn);
    // Only a run that was skipped over needs to be counted.
    skip = found.length > 0 || skip === 0 ? 0 : skip - Number((await read(sql.howManyIn(partner, standing, from, before)))[0]?.['many']);
    lines.push(...found);
  }
  return lines;
};
