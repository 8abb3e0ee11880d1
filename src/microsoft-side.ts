import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, type Config, type Live } from './config.js';
import type { TenantId } from './domain/ids.js';
import { readCertificate } from './identity/certificate.js';
import { createManagedIdentity } from './identity/managed-identity.js';
import type { App, MicrosoftOptions, PartnerAccount } from './microsoft/options.js';
import { PartnersFileError, readPartners, secretBehind, type RegisteredApp, type RegisteredPartner } from './partners-file.js';

/** Who plays Microsoft for this deployment, and what the rest of it has to know about that. */
export type MicrosoftSide = {
  readonly options: Pick<MicrosoftOptions, 'partnerCenterUrl' | 'graphUrl' | 'loginUrl' | 'otherClouds' | 'accounts' | 'directoryApp' | 'allowedLinkOrigins' | 'delegatedAdminLink'>;
  /** Business time. */
  readonly now: () => Date;
  /** Set when it is the sandbox. */
  readonly sandboxUrl?: string;
  /** Set when it is the real one. */
  readonly live?: Live & { readonly partners: readonly RegisteredPartner[]; readonly directory: RegisteredApp; readonly trustedRoots?: string };
  close(): Promise<void>;
};

/** The real Partner Center and Graph. @throws ConfigError, PartnersFileError, CertificateUnusableError */
export const liveSide = async (live: Live, { environment, cloud }: Pick<Config, 'environment' | 'cloud'>, machineNow: () => Date): Promise<MicrosoftSide> => {
  const { partners, directory } = await readPartners(live.partnersFile);
  const signsIn = partners.some(({ access }) => access === 'user');
  if (signsIn && live.sealKeys.length === 0) throw new PartnersFileError(['A user signs in for a partner of PARTNERS_FILE, so SECRETS_KEY is needed: set 32 random bytes in base64.']);
  if (signsIn && live.operator.token === undefined) throw new PartnersFileError(['A user signs in for a partner of PARTNERS_FILE, so OPERATOR_TOKEN is needed: set at least 16 random characters.']);

  const { trustedRootsFile } = live.webhook;
  const trustedRoots = trustedRootsFile === undefined ? undefined : await readFile(trustedRootsFile, 'utf8').catch(() => {
    throw new ConfigError([`WEBHOOK_TRUSTED_ROOTS names ${trustedRootsFile}, which cannot be read: check the path.`]);
  });

  const identity = identitiesOf({ environment }, machineNow);
  const exchange = cloud === 'usGov' ? 'api://AzureADTokenExchangeUSGov' : 'api://AzureADTokenExchange';
  const appOf = async ({ clientId, certificate, secret, managedIdentity }: RegisteredApp): Promise<App> => {
    if (managedIdentity !== undefined) {
      const tokens = identity(managedIdentity);
      return { clientId, assertion: async () => (await tokens(exchange)).token };
    }
    if (certificate !== undefined) {
      const { proof } = await readCertificate(await secretBehind(certificate, environment), machineNow);
      return { clientId, assertion: (endpoint) => proof(clientId, endpoint) };
    }
    return { clientId, clientSecret: await secretBehind(secret ?? '', environment) };
  };
  const accountOf = async (one: RegisteredPartner): Promise<PartnerAccount> => ({
    ...(await appOf(one)), tenant: one.tenant, type: one.type, ...(one.cloud && one.cloud !== cloud && { cloud: one.cloud }), ...(one.access === 'user' && { user: 'kept' }),
    groups: { adminAgents: one.groups.adminAgents, ...(one.groups.salesAgents && { salesAgents: one.groups.salesAgents }), ...(one.groups.helpdeskAgents && { helpdeskAgents: one.groups.helpdeskAgents }) },
    ...(one.callsAMinute !== undefined && { callsAMinute: one.callsAMinute }),
  });

  const [portal] = live.portals;
  return {
    options: {
      ...live.places, otherClouds: live.otherClouds, accounts: await Promise.all(partners.map(accountOf)), directoryApp: await appOf(directory), allowedLinkOrigins: live.portals,
      delegatedAdminLink: (relationship) => `${portal}/AdminPortal/Home#/partners/invitation/granularAdminRelationships/${encodeURIComponent(relationship)}`,
    },
    now: machineNow,
    live: { ...live, partners, directory, ...(trustedRoots !== undefined && { trustedRoots }) },
    close: async () => undefined,
  };
};

/** What this page needs of the sandbox; it is loaded by whoever decides that it runs. */
export type StartSandbox = (options: { readonly world?: unknown; readonly file: string; readonly host: string; readonly port: number; readonly machineNow: () => Date }) => Promise<{
  readonly url: string; readonly partnerCenterUrl: string; readonly graphUrl: string; readonly loginUrl: string;
  readonly partners: readonly PartnerAccount[]; readonly directoryApp: App; now(): Date; close(): Promise<void>;
}>;

/** The sandbox in this process. @throws ConfigError, WorldError */
export const sandboxSide = async (startSandbox: StartSandbox, { host, port, world }: Config['sandbox'], folder: string, machineNow: () => Date): Promise<MicrosoftSide> => {
  const sandbox = await startSandbox({ world: world ? await readWorld(world) : undefined, file: join(folder, 'sandbox.sqlite'), host, port, machineNow });
  return {
    options: {
      partnerCenterUrl: sandbox.partnerCenterUrl, graphUrl: sandbox.graphUrl, loginUrl: sandbox.loginUrl,
      accounts: sandbox.partners, directoryApp: sandbox.directoryApp, allowedLinkOrigins: [sandbox.url],
      delegatedAdminLink: (relationship) => `${sandbox.url}/AdminPortal/Home?delegatedAdmin=${relationship}#/partners/invitation/granularAdminRelationships/${relationship}`,
    },
    now: () => sandbox.now(),
    sandboxUrl: sandbox.url,
    close: () => sandbox.close(),
  };
};

/** The managed identities of this machine; Container Apps and App Service say in two variables where to ask. */
export const identitiesOf = ({ environment }: Pick<Config, 'environment'>, machineNow: () => Date): ((clientId: string) => ReturnType<typeof createManagedIdentity>) => {
  const [url, header] = [environment('IDENTITY_ENDPOINT'), environment('IDENTITY_HEADER')];
  return (clientId) => createManagedIdentity({ clientId, machineNow, service: url && header ? { url, header } : undefined });
};

export const partnersOf = ({ options }: MicrosoftSide): readonly TenantId[] => options.accounts.map(({ tenant }) => tenant);

const readWorld = async (file: string): Promise<unknown> => {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new ConfigError([`SANDBOX_WORLD names ${file}, which cannot be read: check the path.`]);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError([`SANDBOX_WORLD names ${file}, which is not JSON: ${error instanceof Error ? error.message : 'check it'}.`]);
  }
};
