import { AuthorityUnavailableError } from '../commands/ports.js';
import type { TenantId } from '../domain/ids.js';
import type { Asking } from './caller.js';
import type { MicrosoftOptions, PartnerAccount, Places } from './options.js';
import type { Tokens } from './tokens.js';

/** The partners of this deployment, each asking with its own account, for itself only, in its own lane and cloud. */
export type Accounts = {
  find(tenant: TenantId): PartnerAccount | undefined;
  /** @throws AuthorityUnavailableError for a tenant that is none of them */
  of(tenant: TenantId): PartnerAccount;
  /** As the app with the user who signed in for the partner, where Partner Center asks for a person. */
  partnerCenter(tenant: TenantId): Asking;
  /** As the app alone, where that is enough: it goes on when the user's sign-in is over. */
  partnerCenterApp(tenant: TenantId): Asking;
  graph(tenant: TenantId): Asking;
};

export const createAccounts = (options: MicrosoftOptions, tokens: Tokens): Accounts => {
  const known = new Map(options.accounts.map((account) => [account.tenant, account]));
  const of = (tenant: TenantId): PartnerAccount => {
    const account = known.get(tenant);
    if (!account) throw new AuthorityUnavailableError('account', { cause: new Error('That tenant is no partner of this deployment.') });
    return account;
  };
  const asking = (account: PartnerAccount, service: 'partnerCenterUrl' | 'graphUrl'): Asking => {
    const at = placesOf(options, account);
    return { token: tokens(account.tenant, (at ?? options)[service], { ...account, ...(at && { at }) }), lane: account.tenant, ...(at && { at }) };
  };
  return {
    find: (tenant) => known.get(tenant),
    of,
    partnerCenter: (tenant) => asking(of(tenant), 'partnerCenterUrl'),
    partnerCenterApp: (tenant) => asking(withoutKeptUser(of(tenant)), 'partnerCenterUrl'),
    graph: (tenant) => asking(of(tenant), 'graphUrl'),
  };
};

/** Nothing for a partner in the deployment's own cloud. */
export const placesOf = ({ otherClouds }: MicrosoftOptions, { cloud }: PartnerAccount): Places | undefined => (cloud === undefined ? undefined : otherClouds?.[cloud]);

const withoutKeptUser = ({ user: _user, ...app }: PartnerAccount): PartnerAccount => app;
