import type { SignIns } from '../../../src/commands/ports.js';
import type { TenantId } from '../../../src/domain/ids.js';
import { createCaller } from '../../../src/microsoft/caller.js';
import { createTokens } from '../../../src/microsoft/tokens.js';
import { counted } from '../../microsoft/a-client.js';

/** What a program that refreshes tells the one that started it. */
export type Heard = 'ready' | 'refreshed' | 'unanswered' | 'killMe';

/** The real client, as an app with a user who signed in; the endpoint's tokens are over at once, so that each is asked for anew. */
export const refreshing = (loginUrl: string, signIns: SignIns) => {
  const options = {
    partnerCenterUrl: loginUrl, graphUrl: loginUrl, loginUrl, accounts: [], directoryApp: { clientId: 'directory-app' }, allowedLinkOrigins: [],
    machineNow: () => new Date(), guid: counted(), signIns, tryMs: 600, wholeMs: 1_000,
  };
  const tokens = createTokens(createCaller(options), options);
  return { tokenOf: async (partner: TenantId): Promise<string> => tokens(partner, 'https://api.partnercenter.microsoft.com', { clientId: 'partner-app', clientSecret: 'secret', user: 'kept' }).current() };
};
