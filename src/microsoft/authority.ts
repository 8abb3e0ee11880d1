import { z } from 'zod';
import type { Partnership, RelationshipAuthority } from '../commands/ports.js';
import type { Answer as YesNoUnknown, PartnerType } from '../domain/facts.js';
import { asTenantId } from '../domain/ids.js';
import { createAccessAssignments } from './access-assignments.js';
import type { Accounts } from './accounts.js';
import { isDone, readAs } from './answers.js';
import type { Caller } from './caller.js';
import { createCustomers, isActive } from './customers.js';
import { createDelegatedAdministration } from './delegated-admin.js';
import { createEnding } from './ending.js';
import { createLookingBack } from './looking-back.js';
import type { MicrosoftOptions, PartnerAccount } from './options.js';
import { partnerCenterItems } from './pages.js';
import { createProviderDrafts } from './provider-drafts.js';
import { isNotOurs } from './refusals.js';
import { createSellingLink } from './selling-link.js';
import { asSold, soldSubscription } from './subscriptions.js';
import type { TenantLookUp } from './tenants.js';

const legalBusinessProfile = z.looseObject({ address: z.looseObject({ country: z.string().nullish() }).nullish() });
const agreementStatus = z.looseObject({ isAgreementSigned: z.boolean().nullish() });
const partnership = z.looseObject({ id: z.guid(), name: z.string().nullish(), state: z.string().nullish(), location: z.string().nullish() });

/** How each kind of partner stands to those it works with in the two-tier model. */
const twoTiers: Readonly<Partial<Record<PartnerType, { readonly wire: string; readonly is: Partnership['is'] }>>> = {
  indirectProvider: { wire: 'IsIndirectCloudSolutionProviderOf', is: 'reseller' },
  indirectReseller: { wire: 'IsIndirectResellerOf', is: 'provider' },
};

/** Partner Center and delegated administration, each partner asked with its own account. */
export const createAuthority = (
  options: MicrosoftOptions, call: Caller, accounts: Accounts, tenants: TenantLookUp,
): RelationshipAuthority => {
  const { partnerCenter, partnerCenterApp } = accounts;
  const sellingLink = createSellingLink(options, call, accounts);
  const { request, ...delegatedAdministration } = createDelegatedAdministration(options, call, accounts);

  const hasSignedMpa = async (account: PartnerAccount): Promise<YesNoUnknown> => {
    const answer = await call('agreementStatus', { query: { tenantId: account.tenant }, ...partnerCenter(account.tenant) });
    if (!isDone(answer)) return 'unknown';
    const { isAgreementSigned } = readAs(agreementStatus, 'agreementStatus', answer);
    return isAgreementSigned === true ? 'yes' : isAgreementSigned === false ? 'no' : 'unknown';
  };

  const countryOf = async (account: PartnerAccount): Promise<string> => {
    const answer = await call('legalBusinessProfile', partnerCenter(account.tenant));
    return (isDone(answer) && readAs(legalBusinessProfile, 'legalBusinessProfile', answer).address?.country?.toUpperCase()) || 'unknown';
  };

  return {
    ...delegatedAdministration,
    ...createAccessAssignments(call, accounts),
    ...createCustomers(call, accounts),
    ...createLookingBack(call, accounts),
    ...createEnding(call, accounts),
    ...createProviderDrafts(call, accounts),

    partner: async (tenant) => {
      const account = accounts.find(tenant);
      if (!account) return undefined;
      const [found, country, mpa] = await Promise.all([tenants.byId(tenant, tenant), countryOf(account), hasSignedMpa(account)]);
      return found && { type: account.type, ...found, country, hasSignedMpa: mpa };
    },

    // The link makes nothing exist, a request does: it comes last.
    prepareInvitation: async ({ invitation: { asks, partner, customer: { tenant: asked } } }) => {
      const link = asks.sell ? await sellingLink(partner.tenant, asks.provider?.tenant) : '';
      if (typeof link !== 'string') return link;
      if (!asks.manage) return { link };
      const delegated = await request(partner.tenant, asked, asks.manage);
      return 'refused' in delegated ? delegated : { link, delegated };
    },

    listOwnSubscriptions: async (partner, customerTenant) => {
      const asking = { ...partnerCenterApp(partner), params: { customer: customerTenant } };
      return (await partnerCenterItems(call, 'listSubscriptions', asking, soldSubscription, isNotOurs)).map(asSold(accounts.of(partner)));
    },

    listPartnerships: async (partner) => {
      const tier = twoTiers[accounts.of(partner).type];
      if (!tier) return [];
      const listed = await partnerCenterItems(call, 'partnerships', { ...partnerCenter(partner), query: { relationship_type: tier.wire } }, partnership);
      return listed.filter(({ state }) => isActive(state))
        .map(({ id, name, location }) => ({ tenant: asTenantId(id), name: name || id, country: location?.toUpperCase() || 'unknown', is: tier.is }));
    },
  };
};
