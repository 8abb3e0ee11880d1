import type { Directory, NewsFeed, RelationshipAuthority } from '../commands/ports.js';
import type { TenantId } from '../domain/ids.js';
import { createAccounts } from './accounts.js';
import { createAuthority } from './authority.js';
import { createCaller, type TokenSource } from './caller.js';
import { createDirectory } from './directory.js';
import type { MicrosoftOptions } from './options.js';
import { createTenantLookUp } from './tenants.js';
import { createTokens } from './tokens.js';
import { createWebhooks } from './webhooks.js';

export type { CallRecord, MicrosoftOptions, PartnerAccount } from './options.js';

export type Microsoft = { readonly authority: RelationshipAuthority; readonly directory: Directory; readonly newsFeed: NewsFeed };

/** Partner Center and Graph, the real ones or the sandbox that speaks the same wire. Asks nothing before it is asked. */
export const createMicrosoft = (options: MicrosoftOptions): Microsoft => {
  const { directoryApp, graphUrl } = options;
  const call = createCaller(options);
  const tokens = createTokens(call, options);
  const accounts = createAccounts(options, tokens);

  const consented = (tenant: TenantId): TokenSource => tokens(tenant, graphUrl, directoryApp);
  const tenants = createTenantLookUp(call, consented);

  return {
    authority: createAuthority(options, call, accounts, tenants),
    newsFeed: createWebhooks(call, accounts),
    directory: createDirectory(options, call, consented, tenants),
  };
};
