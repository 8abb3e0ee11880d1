import type { Directory, RelationshipAuthority } from '../commands/ports.js';
import type { TenantId } from '../domain/ids.js';
import { createAuthority } from './authority.js';
import { createCaller, type TokenSource } from './caller.js';
import { createDirectory } from './directory.js';
import type { MicrosoftOptions } from './options.js';
import { createTenantLookUp } from './tenants.js';
import { createTokens } from './tokens.js';

export type { CallRecord, MicrosoftOptions, PartnerAccount } from './options.js';

/** Partner Center and Graph, the real ones or the sandbox that speaks the same wire. Asks nothing before it is asked. */
export const createMicrosoft = (options: MicrosoftOptions): { readonly authority: RelationshipAuthority; readonly directory: Directory } => {
  const { accounts, directoryApp, graphUrl } = options;
  const call = createCaller(options);
  const tokens = createTokens(call, options);

  const consented = (tenant: TenantId): TokenSource => tokens(tenant, graphUrl, directoryApp);
  const own = (tenant: TenantId): TokenSource => tokens(tenant, graphUrl, accounts.find((account) => account.tenant === tenant) ?? directoryApp);
  const tenants = createTenantLookUp(call, own);

  return {
    authority: createAuthority(options, call, tokens, tenants),
    directory: createDirectory(options, call, { consented, own }, tenants),
  };
};
