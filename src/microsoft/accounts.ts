import { AuthorityUnavailableError } from '../commands/ports.js';
import type { TenantId } from '../domain/ids.js';
import type { Asking } from './caller.js';
import type { MicrosoftOptions, PartnerAccount } from './options.js';
import type { Tokens } from './tokens.js';

/** The partners of this deployment, each asking with its own account and for itself only. */
export type Accounts = {
  find(tenant: TenantId): PartnerAccount | undefined;
  /** @throws AuthorityUnavailableError for a tenant that is none of them */
  of(tenant: TenantId): PartnerAccount;
  partnerCenter(tenant: TenantId): Asking;
  graph(tenant: TenantId): Asking;
};

export const createAccounts = ({ accounts, partnerCenterUrl, graphUrl }: MicrosoftOptions, tokens: Tokens): Accounts => {
  const known = new Map(accounts.map((account) => [account.tenant, account]));
  const of = (tenant: TenantId): PartnerAccount => {
    const account = known.get(tenant);
    if (!account) throw new AuthorityUnavailableError('account', { cause: new Error('That tenant is no partner of this deployment.') });
    return account;
  };
  return {
    find: (tenant) => known.get(tenant),
    of,
    partnerCenter: (tenant) => ({ token: tokens(tenant, partnerCenterUrl, of(tenant)) }),
    graph: (tenant) => ({ token: tokens(tenant, graphUrl, of(tenant)) }),
  };
};
