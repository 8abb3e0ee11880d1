import { z } from 'zod';
import { refusal } from './partner-center-wire.js';
import { AnsweredEarly, parsed } from './route.js';
import type { State } from './state.js';
import { providersOf, resellersOf } from './two-tier.js';
import type { Tenant } from './world.js';

const filterSchema = z.strictObject({
  Field: z.enum(['CompanyName', 'Domain', 'IndirectReseller', 'IndirectCloudSolutionProvider']), Value: z.string().min(1), Operator: z.literal('starts_with'),
});

/**
 * Only the beginning, in small letters or capital ones: of the name, of the first domain, or of the tenant id of the
 * caller's reseller or provider that shares the customer.
 * @throws AnsweredEarly 400 for any other filter
 */
export const customerFilter = (text: string | null, state: State, partner: Tenant): ((customer: Tenant) => boolean) => {
  if (text === null) return () => true;
  const filter = filterSchema.safeParse(parsed(text)).data;
  if (!filter) throw new AnsweredEarly(refusal(400, 2000, 'The filter is not valid.'));
  const wanted = filter.Value.toLowerCase();
  const begins = (value: string): boolean => value.toLowerCase().startsWith(wanted);
  switch (filter.Field) {
    case 'CompanyName': return ({ name }) => begins(name);
    case 'Domain': return ({ domains }) => begins(domains[0] ?? '');
    case 'IndirectReseller': return (customer) => resellersOf(state, partner, customer).some(({ id }) => begins(id));
    case 'IndirectCloudSolutionProvider': return (customer) => providersOf(state, partner, customer).some(({ id }) => begins(id));
  }
};
