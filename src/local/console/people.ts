import { z } from 'zod';
import { guid } from './wishes.js';

/** What the page needs of the sandbox's world; the rest is the sandbox's own affair. */
const worldSchema = z.object({
  now: z.string(),
  tenants: z.array(z.object({
    id: guid, name: z.string(), domains: z.array(z.string()).min(1), country: z.string(), cloud: z.string(), csp: z.object({ type: z.string() }).nullable(),
    people: z.array(z.object({ id: guid, name: z.string(), mail: z.string().optional(), locale: z.string(), roles: z.array(z.string()), guest: z.boolean() })),
  })),
  grants: z.array(z.object({ customer: guid })).default([]),
});
type World = z.output<typeof worldSchema>;
type Tenant = World['tenants'][number];

export type Person = Tenant['people'][number] & {
  readonly tenant: Pick<Tenant, 'id' | 'name' | 'country' | 'cloud'> & { readonly domain: string; readonly side: 'partner' | 'customer' };
};
/** The two who sit at the page first. */
export type Defaults = { readonly left?: string; readonly right?: string };

export const peopleIn = (world: unknown): { readonly now: string; readonly people: readonly Person[]; readonly defaults: Defaults } => {
  const { now, tenants, grants } = worldSchema.parse(world);
  const people = tenants.flatMap(({ id, name, domains, country, cloud, csp, people: staff }) =>
    staff.map((person): Person => ({ ...person, tenant: { id, name, domain: domains[0] ?? '', country, cloud, side: csp ? 'partner' : 'customer' } })));

  const agentOf = ({ people: staff }: Tenant): string | undefined => staff.find(({ roles }) => roles.includes('salesAgent'))?.id;
  const adminOf = ({ people: staff }: Tenant): string | undefined => staff.find(({ roles, guest }) => roles.includes('globalAdmin') && !guest)?.id;
  const left = firstOf(tenants.filter(({ csp }) => csp?.type === 'directBill'), agentOf);
  const customers = tenants.filter(({ csp }) => !csp);
  // A customer that has a partner already shows best that a second one changes nothing.
  const right = firstOf(customers.filter(({ id }) => grants.some(({ customer }) => customer === id)), adminOf) ?? firstOf(customers, adminOf);
  return { now, people, defaults: { ...(left && { left }), ...(right && { right }) } };
};

const firstOf = <Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined => {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
};
