import { z } from 'zod';
import { AuthorityUnavailableError, type AuthorityRefusal, type DelegatedAdmin, type RelationshipAuthority } from '../commands/ports.js';
import type { Answer as YesNoUnknown, Tenant } from '../domain/facts.js';
import { asDomainName, asTenantId, isDomainName, type DomainName, type TenantId } from '../domain/ids.js';
import { isDone, readAs, serviceCodeOf } from './answers.js';
import type { Answer, Asking, Caller } from './caller.js';
import { UntrustedLinkError } from './errors.js';
import type { MicrosoftOptions, PartnerAccount } from './options.js';
import { graphItems, partnerCenterItems } from './pages.js';
import { asSold, soldSubscription } from './subscriptions.js';
import type { TenantLookUp } from './tenants.js';
import type { Tokens } from './tokens.js';

const relationshipRequest = z.looseObject({ url: z.string() });
const legalBusinessProfile = z.looseObject({ address: z.looseObject({ country: z.string().nullish() }).nullish() });
const agreementStatus = z.looseObject({ isAgreementSigned: z.boolean().nullish() });
const customer = z.looseObject({
  id: z.guid(),
  companyProfile: z.looseObject({ companyName: z.string().nullish(), domain: z.string().nullish() }).nullish(),
  relationshipToPartner: z.string().nullish(),
});
const delegatedAdminRelationship = z.looseObject({
  displayName: z.string().nullish(),
  status: z.string(),
  customer: z.looseObject({ tenantId: z.guid() }).nullish(),
  accessDetails: z.looseObject({ unifiedRoles: z.array(z.looseObject({ roleDefinitionId: z.string() })) }).nullish(),
  createdDateTime: z.string().nullish(),
  activatedDateTime: z.string().nullish(),
  endDateTime: z.string().nullish(),
  autoExtendDuration: z.string().nullish(),
});

/** Partner Center's definite refusals in our words. @see Partner Center docs, "Error codes" */
const refusalCodes: Readonly<Record<string, string>> = {
  2030: 'MARKET_MISMATCH',
  2032: 'ROLE_NOT_ALLOWED',
  900150: 'ROLE_NOT_ALLOWED',
  900123: 'MPA_NOT_SIGNED',
  900124: 'MPA_NOT_SIGNED',
  800039: 'PARTNER_NOT_ACTIVE',
  900149: 'PARTNER_NOT_ACTIVE',
  800073: 'CUSTOMER_UNDER_REVIEW',
  800074: 'CUSTOMER_UNDER_REVIEW',
  800075: 'CUSTOMER_UNDER_REVIEW',
};

const noRelationship = '20002';
const noExtension: readonly string[] = ['', 'PT0S', 'P0D', '00:00:00'];

/** Partner Center and delegated administration, each partner asked with its own account. Reads only. */
export const createAuthority = (
  options: MicrosoftOptions, call: Caller, tokens: Tokens, tenants: TenantLookUp,
): RelationshipAuthority => {
  const accounts = new Map(options.accounts.map((account) => [account.tenant, account]));
  const accountOf = (tenant: TenantId): PartnerAccount => {
    const account = accounts.get(tenant);
    if (!account) throw new AuthorityUnavailableError('account', { cause: new Error('That tenant is no partner of this deployment.') });
    return account;
  };
  const partnerCenter = (account: PartnerAccount): Asking => ({ token: tokens(account.tenant, options.partnerCenterUrl, account) });
  const graph = (account: PartnerAccount): Asking => ({ token: tokens(account.tenant, options.graphUrl, account) });

  const hasSignedMpa = async (account: PartnerAccount): Promise<YesNoUnknown> => {
    const answer = await call('agreementStatus', { ...partnerCenter(account), query: { tenantId: account.tenant } });
    if (!isDone(answer)) return 'unknown';
    const { isAgreementSigned } = readAs(agreementStatus, 'agreementStatus', answer);
    return isAgreementSigned === true ? 'yes' : isAgreementSigned === false ? 'no' : 'unknown';
  };

  const countryOf = async (account: PartnerAccount): Promise<string> => {
    const answer = await call('legalBusinessProfile', partnerCenter(account));
    return (isDone(answer) && readAs(legalBusinessProfile, 'legalBusinessProfile', answer).address?.country?.toUpperCase()) || 'unknown';
  };

  return {
    partner: async (tenant) => {
      const account = accounts.get(tenant);
      if (!account) return undefined;
      const [found, country, mpa] = await Promise.all([tenants.byId(tenant, tenant), countryOf(account), hasSignedMpa(account)]);
      return found && { ...found, type: account.type, country, hasSignedMpa: mpa };
    },

    prepareInvitation: async ({ invitation }) => {
      const answer = await call('relationshipRequest', partnerCenter(accountOf(invitation.partner.tenant)));
      if (!isDone(answer)) return refusedBecause(answer);
      const { url: link } = readAs(relationshipRequest, 'relationshipRequest', answer);
      if (!isTrusted(link, options.allowedLinkOrigins)) {
        throw new AuthorityUnavailableError('relationshipRequest', { correlationId: answer.correlationId, cause: new UntrustedLinkError() });
      }
      return { link };
    },

    observe: async (partner, customerTenant) => {
      const answer = await call('getCustomer', { ...partnerCenter(accountOf(partner)), params: { customer: customerTenant } });
      if (isNotOurs(answer)) return 'no';
      return isReseller(readAs(customer, 'getCustomer', answer).relationshipToPartner) ? 'yes' : 'no';
    },

    listOwnCustomers: async (partner) => {
      const listed = await partnerCenterItems(call, 'listCustomers', { ...partnerCenter(accountOf(partner)), query: { size: '500' } }, customer);
      // A list may leave the field out, and holds nobody without a relationship.
      return listed.filter(({ relationshipToPartner }) => isReseller(relationshipToPartner ?? 'reseller')).map(tenantIn);
    },

    listOwnSubscriptions: async (partner, customerTenant) => {
      const account = accountOf(partner);
      const asking = { ...partnerCenter(account), params: { customer: customerTenant } };
      return (await partnerCenterItems(call, 'listSubscriptions', asking, soldSubscription, isNotOurs)).map(asSold(account));
    },

    listDelegatedAdmin: async (partner, customerTenant) => {
      const filter = ["status eq 'active'", ...(customerTenant ? [`customer/tenantId eq '${customerTenant}'`] : [])].join(' and ');
      const found = await graphItems(call, 'delegatedAdmin', { ...graph(accountOf(partner)), query: { $filter: filter } }, delegatedAdminRelationship);
      return found.filter(({ status }) => status === 'active').flatMap(asDelegatedAdmin).filter((one) => !customerTenant || one.customer === customerTenant);
    },
  };
};

/** A tenant that is not ours and one that does not exist look alike. */
const isNotOurs = (answer: Answer): boolean =>
  answer.status === 404 || (answer.status === 403 && serviceCodeOf(answer.body) === noRelationship);

const refusedBecause = ({ body, correlationId }: Answer): AuthorityRefusal => {
  const serviceCode = serviceCodeOf(body);
  return { refused: { code: refusalCodes[serviceCode] ?? 'AUTHORITY_REFUSED', serviceCode, correlationId } };
};

// The page is opaque to us, but people will be sent there.
const isTrusted = (link: string, origins: readonly string[]): boolean => {
  if (!URL.canParse(link)) return false;
  const { protocol, hostname, origin, username } = new URL(link);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
  return isSafe && username === '' && origins.some((allowed) => new URL(allowed).origin === origin);
};

const isReseller = (relationship: string | null | undefined): boolean => relationship?.toLowerCase() === 'reseller';

const tenantIn = ({ id, companyProfile }: z.output<typeof customer>): Tenant => {
  const domain = companyProfile?.domain ?? '';
  return { id: asTenantId(id), name: companyProfile?.companyName || domain || id, domain: isDomainName(domain) ? asDomainName(domain) : ('' as DomainName), cloud: 'unknown' };
};

const asDelegatedAdmin = (wire: z.output<typeof delegatedAdminRelationship>): DelegatedAdmin[] => {
  if (!wire.customer) return [];
  return [{
    customer: asTenantId(wire.customer.tenantId),
    name: wire.displayName ?? '',
    roles: (wire.accessDetails?.unifiedRoles ?? []).map(({ roleDefinitionId }) => roleDefinitionId.toLowerCase()),
    // Before activation the time is null or empty; an active one without it is as old as its request.
    since: wire.activatedDateTime || wire.createdDateTime || '',
    until: wire.endDateTime ?? '',
    autoExtends: !noExtension.includes(wire.autoExtendDuration ?? ''),
  }];
};
