import { z } from 'zod';
import type { RelationshipAuthority } from '../commands/ports.js';
import type { Tenant } from '../domain/facts.js';
import { asDomainName, asTenantId, isDomainName, type DomainName, type TenantId } from '../domain/ids.js';
import type { Accounts } from './accounts.js';
import { readAs } from './answers.js';
import type { Caller } from './caller.js';
import { graphItems, partnerCenterItems } from './pages.js';
import { isNotOurs } from './refusals.js';

const customer = z.looseObject({
  id: z.guid(),
  companyProfile: z.looseObject({ companyName: z.string().nullish(), domain: z.string().nullish() }).nullish(),
  relationshipToPartner: z.string().nullish(),
});
type Customer = z.output<typeof customer>;
const partnerOfCustomer = z.looseObject({ id: z.string(), state: z.string().nullish() });
const underAdministration = z.looseObject({ id: z.string().nullish(), tenantId: z.guid(), displayName: z.string().nullish() });

type Customers = Pick<RelationshipAuthority, 'observe' | 'listOwnCustomers' | 'findOwnCustomers' | 'listAdministered'>;

/** A partner's own customers. Of everybody else's, and of those who do not exist, Microsoft says the same: nothing. */
export const createCustomers = (call: Caller, { graph, partnerCenter, partnerCenterApp }: Accounts): Customers => {
  const list = async (partner: TenantId, filter?: object): Promise<readonly Tenant[]> => {
    const query = { size: '500', ...(filter && { filter: JSON.stringify(filter) }) };
    const listed = await partnerCenterItems(call, 'listCustomers', { ...partnerCenterApp(partner), query }, customer);
    // A list may leave the field out, and holds nobody without a relationship.
    return listed.filter(({ relationshipToPartner }) => isReseller(relationshipToPartner ?? 'reseller')).map(tenantIn);
  };

  const isServedThrough = async (partner: TenantId, of: TenantId, provider: TenantId): Promise<boolean> => {
    const partners = await partnerCenterItems(call, 'secondTier', { ...partnerCenter(partner), params: { customer: of } }, partnerOfCustomer, isNotOurs);
    return partners.some(({ id, state }) => id.toLowerCase() === provider && isActive(state));
  };

  return {
    observe: async (partner, of, provider) => {
      const answer = await call('getCustomer', { params: { customer: of }, ...partnerCenterApp(partner) });
      if (isNotOurs(answer)) return 'no';
      if (!isReseller(readAs(customer, 'getCustomer', answer).relationshipToPartner)) return 'no';
      return provider === undefined || (await isServedThrough(partner, of, provider)) ? 'yes' : 'no';
    },
    listOwnCustomers: (partner) => list(partner),
    findOwnCustomers: async (partner, beginning) => {
      const found = await Promise.all(['CompanyName', 'Domain'].map((Field) => list(partner, { Field, Value: beginning, Operator: 'starts_with' })));
      return [...new Map(found.flat().map((one) => [one.id, one])).values()];
    },
    listAdministered: async (partner) => {
      const found = await graphItems(call, 'delegatedAdminCustomers', graph(partner), underAdministration);
      return found.map(({ tenantId, displayName }) => ({ tenant: asTenantId(tenantId), name: displayName ?? '' }));
    },
  };
};

/** Partner Center leaves the state out where it is the only one. */
export const isActive = (state: string | null | undefined): boolean => (state ?? 'Active').toLowerCase() === 'active';

// `microsoft_support` in one place is `microsoftSupport` in another.
const isReseller = (relationship: string | null | undefined): boolean => relationship?.toLowerCase().replaceAll('_', '') === 'reseller';

const tenantIn = ({ id, companyProfile }: Customer): Tenant => {
  const domain = companyProfile?.domain ?? '';
  return { id: asTenantId(id), name: companyProfile?.companyName || domain || id, domain: isDomainName(domain) ? asDomainName(domain) : ('' as DomainName), cloud: 'unknown' };
};
