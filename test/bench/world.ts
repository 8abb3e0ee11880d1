/** Somebody with an account in a tenant; `id` is the Entra object id. */
export type Person = { readonly tenant: string; readonly id: string; readonly name: string };
export type Customer = { readonly tenant: string; readonly domain: string; readonly admin: Person };

export const partnersCount = 200;
export const agentsEach = 10;

const idOf = (group: string, number: number): string => `${group.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const partners: readonly string[] = Array.from({ length: partnersCount }, (_, at) => idOf('a', at));

/** One after another from different partners, so that each partner's limit at Microsoft is shared by few. */
export const agents: readonly Person[] = Array.from({ length: partnersCount * agentsEach }, (_, at) => ({ tenant: partners[at % partnersCount] as string, id: idOf('e', at), name: `Agent ${at}` }));

export const customerAt = (at: number): Customer => {
  const tenant = idOf('c', at);
  return { tenant, domain: `customer-${at}.com`, admin: { tenant, id: idOf('d', at), name: `Admin ${at}` } };
};

/** 200 partners with ten sales agents each, and customers that nobody has invited yet, one domain and one Global admin each. */
export const aWorld = (customers: number) => ({
  now: new Date().toISOString(),
  tenants: [
    ...partners.map((id, at) => ({
      id, name: `Partner ${at}`, domains: [`partner-${at}.com`], country: 'TR', csp: { type: 'directBill' },
      people: [
        { id: idOf('b', at), name: `Lead ${at}`, mail: `lead@partner-${at}.com`, roles: ['adminAgent'] },
        ...agents.filter(({ tenant }) => tenant === id).map((agent) => ({ id: agent.id, name: agent.name, mail: `agent@partner-${at}.com`, roles: ['salesAgent'] })),
      ],
    })),
    ...Array.from({ length: customers }, (_, at) => {
      const { tenant, domain, admin } = customerAt(at);
      return { id: tenant, name: `Customer ${at}`, domains: [domain], country: 'TR', people: [{ id: admin.id, name: admin.name, roles: ['globalAdmin'] }] };
    }),
  ],
  grants: [], subscriptions: [],
});
