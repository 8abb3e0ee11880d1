import type { TenantId } from './domain/ids.js';
import { type Environment, type Given, isLoopback, readSettings, type SettingName, type Settings } from './settings.js';

/** The environment cannot be used as it is: one sentence for each thing to change. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly sentences: readonly string[]) {
    super(sentences.join('\n'));
  }
}

export type Config = {
  readonly mode: 'local' | 'service';
  readonly host: string;
  readonly port: number;
  readonly cloud: 'commercial' | 'usGov';
  /** Where people reach this server from outside. */
  readonly publicUrl?: string | undefined;
  /** Where people add the app in Teams; in local mode there is no such place. */
  readonly installUrl: string;
  readonly offers: { readonly resellerRequest?: boolean | undefined; readonly gdap?: boolean | undefined };
  /** In service mode only. */
  readonly bot?: Bot | undefined;
  readonly channel: ChannelAddresses;
  readonly databaseUrl: string;
  /** Left out: the ledger's database. */
  readonly stateUrl?: string | undefined;
  readonly partnerCenter: 'sandbox' | 'live';
  /** With the real Partner Center only. */
  readonly live?: Live | undefined;
  readonly watchEverySeconds: number;
  /** What the partners file refers to as `env:NAME`, and where this machine's managed identity is offered. */
  readonly environment: (name: string) => string | undefined;
  /** Without a `world`: the built-in one. */
  readonly sandbox: { readonly host: string; readonly port: number; readonly world?: string | undefined };
  /** Empty: all. */
  readonly allowedTenants: readonly TenantId[];
  /** Turns a minute; 0 = no limit. */
  readonly limits: { readonly perUser: number; readonly perTenant: number };
  readonly metricsToken?: string | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
};

/** `tokenTenant` is the tenant whose login service gives the bot its token. Exactly one of the three ways to prove itself. */
export type Bot = {
  readonly appId: string;
  readonly tokenTenant: string;
  readonly appPassword?: string | undefined;
  readonly certificate?: { readonly thumbprint: string; readonly privateKey: string } | undefined;
  readonly isManagedIdentity?: true | undefined;
};

export type MicrosoftAddresses = { readonly partnerCenterUrl: string; readonly graphUrl: string; readonly loginUrl: string };

export type Live = {
  readonly partnersFile: string;
  readonly publicUrl: string;
  readonly places: MicrosoftAddresses;
  /** Of the other clouds, for partners who live there. */
  readonly otherClouds: Readonly<Partial<Record<Config['cloud'], MicrosoftAddresses>>>;
  /** Origins of Microsoft's pages for customers; delegated administration is approved on the first. */
  readonly portals: readonly string[];
  readonly sealKeys: readonly Buffer[];
  readonly operator: { readonly name: string; readonly contact?: string | undefined; readonly token?: string | undefined };
  readonly webhook: { readonly certificateHosts: readonly string[]; readonly trustedRootsFile?: string | undefined; readonly allowSha1: boolean };
};

export type ChannelAddresses = {
  readonly openIdMetadataUrl: string;
  readonly issuer: string;
  readonly loginUrl: string;
  readonly oauthScope: string;
  /** Origins; one star covers all hosts below. */
  readonly allowedServiceUrls: readonly string[];
};

type Cloud = ChannelAddresses & Pick<MicrosoftAddresses, 'partnerCenterUrl' | 'graphUrl'> & { readonly multiTenantAuthority: string; readonly teamsUrl: string; readonly portals: readonly string[] };

/** From there Microsoft's own examples of signed events take the certificate. @see Partner Center docs, "Partner Center webhooks" */
const certificateHosts = ['3psostorageacct.blob.core.windows.net'];

/** @see Deploy a bot to Azure Government, and the defaults of the Bot Framework SDK */
const clouds: Readonly<Record<Config['cloud'], Cloud>> = {
  commercial: {
    openIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    issuer: 'https://api.botframework.com',
    loginUrl: 'https://login.microsoftonline.com',
    oauthScope: 'https://api.botframework.com',
    allowedServiceUrls: ['https://smba.trafficmanager.net', 'https://*.teams.microsoft.com'],
    multiTenantAuthority: 'botframework.com',
    teamsUrl: 'https://teams.microsoft.com',
    partnerCenterUrl: 'https://api.partnercenter.microsoft.com',
    graphUrl: 'https://graph.microsoft.com',
    portals: ['https://admin.microsoft.com', 'https://businessstore.microsoft.com'],
  },
  usGov: {
    openIdMetadataUrl: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
    issuer: 'https://api.botframework.us',
    loginUrl: 'https://login.microsoftonline.us',
    oauthScope: 'https://api.botframework.us',
    allowedServiceUrls: ['https://*.teams.microsoft.us'],
    multiTenantAuthority: 'MicrosoftServices.onmicrosoft.us',
    // That of GCC High; in a DoD tenant TEAMS_URL says so.
    teamsUrl: 'https://gov.teams.microsoft.us',
    // Partner Center is one for both clouds.
    partnerCenterUrl: 'https://api.partnercenter.microsoft.com',
    graphUrl: 'https://graph.microsoft.us',
    portals: ['https://portal.office365.us', 'https://admin.microsoft.com'],
  },
};

/** @throws ConfigError when anything is misspelt, unreadable, missing or contradicts something else */
export const readConfig = (env: Environment = process.env): Config => {
  const { given, all, wrong } = readSettings(env);
  if (wrong.length > 0) throw new ConfigError(wrong);
  const contradictions = [...aboutCredentials(given), ...aboutPartnerCenter(given, all), ...aboutLocalMode(given), ...aboutPorts(all)];
  if (contradictions.length > 0) throw new ConfigError(contradictions);

  const mode = all.MicrosoftAppId === undefined ? 'local' : 'service';
  const cloud = clouds[all.CLOUD];
  return {
    mode,
    host: all.HOST ?? (mode === 'local' ? '127.0.0.1' : '0.0.0.0'),
    port: all.PORT,
    cloud: all.CLOUD,
    publicUrl: all.PUBLIC_URL,
    installUrl: all.MicrosoftAppId ? `${all.TEAMS_URL ?? cloud.teamsUrl}/l/app/${all.MicrosoftAppId}` : '',
    offers: { resellerRequest: all.OFFER_RESELLER_REQUESTS, gdap: all.OFFER_DELEGATED_ADMIN },
    bot: botOf(all, cloud),
    channel: {
      openIdMetadataUrl: all.CHANNEL_OPENID_METADATA_URL ?? cloud.openIdMetadataUrl,
      issuer: all.CHANNEL_ISSUER ?? cloud.issuer,
      loginUrl: all.LOGIN_URL ?? cloud.loginUrl,
      oauthScope: cloud.oauthScope,
      allowedServiceUrls: all.ALLOWED_SERVICE_URLS ?? cloud.allowedServiceUrls,
    },
    databaseUrl: all.DATABASE_URL,
    stateUrl: all.STATE_URL,
    partnerCenter: all.PARTNER_CENTER ?? 'sandbox',
    live: liveOf(all),
    watchEverySeconds: all.WATCH_EVERY_SECONDS ?? (all.PARTNER_CENTER === 'live' ? 300 : 1.5),
    environment: (name) => env[name]?.trim() || undefined,
    sandbox: { host: all.SANDBOX_HOST, port: all.SANDBOX_PORT, world: all.SANDBOX_WORLD },
    allowedTenants: all.ALLOWED_TENANTS ?? [],
    limits: { perUser: all.LIMIT_PER_USER, perTenant: all.LIMIT_PER_TENANT },
    metricsToken: all.METRICS_TOKEN,
    logLevel: all.LOG_LEVEL,
  };
};

const botOf = (all: Settings, cloud: Cloud): Config['bot'] => {
  const { MicrosoftAppId: appId, MicrosoftAppPassword: appPassword, MicrosoftAppTenantId: ownTenant, CertificateThumbprint: thumbprint, CertificatePrivateKey: privateKey } = all;
  if (!appId) return undefined;
  const tokenTenant = ownTenant ?? cloud.multiTenantAuthority;
  if (all.MicrosoftAppType === 'UserAssignedMSI') return { appId, tokenTenant, isManagedIdentity: true };
  return thumbprint && privateKey ? { appId, tokenTenant, certificate: { thumbprint, privateKey } } : { appId, tokenTenant, appPassword };
};

const liveOf = (all: Settings): Config['live'] => {
  const { PARTNERS_FILE: partnersFile, PUBLIC_URL: publicUrl, OPERATOR_NAME: name, CLOUD } = all;
  if (all.PARTNER_CENTER !== 'live' || !partnersFile || !publicUrl || !name) return undefined;
  const cloud = clouds[CLOUD];
  const placesOf = ({ partnerCenterUrl, graphUrl, loginUrl }: Cloud): MicrosoftAddresses => ({ partnerCenterUrl, graphUrl, loginUrl });
  return {
    partnersFile,
    publicUrl,
    places: {
      partnerCenterUrl: all.PARTNER_CENTER_URL ?? cloud.partnerCenterUrl, graphUrl: all.GRAPH_URL ?? cloud.graphUrl,
      loginUrl: all.PARTNER_LOGIN_URL ?? all.LOGIN_URL ?? cloud.loginUrl,
    },
    otherClouds: CLOUD === 'commercial' ? { usGov: placesOf(clouds.usGov) } : { commercial: placesOf(clouds.commercial) },
    portals: all.PORTAL_URLS ?? cloud.portals,
    sealKeys: all.SECRETS_KEY ?? [],
    operator: { name, contact: all.OPERATOR_CONTACT, token: all.OPERATOR_TOKEN },
    webhook: { certificateHosts: all.WEBHOOK_CERTIFICATE_HOSTS ?? certificateHosts, trustedRootsFile: all.WEBHOOK_TRUSTED_ROOTS, allowSha1: all.WEBHOOK_SHA1 },
  };
};

const proofs = ['MicrosoftAppPassword', 'CertificateThumbprint', 'CertificatePrivateKey'] as const;

const aboutCredentials = (given: Given): string[] => {
  const { MicrosoftAppId, MicrosoftAppType, MicrosoftAppTenantId } = given;
  if (MicrosoftAppId === undefined) return orphans(given, ['MicrosoftAppType', 'MicrosoftAppTenantId', ...proofs]);
  const isMultiTenant = MicrosoftAppType === 'MultiTenant';
  return [
    ...(MicrosoftAppType === 'UserAssignedMSI' ? aboutManagedIdentity(given) : aboutProof(given)),
    ...(!isMultiTenant && MicrosoftAppTenantId === undefined ? [`A ${MicrosoftAppType ?? 'SingleTenant'} bot needs MicrosoftAppTenantId: set the tenant of its registration.`] : []),
    ...(isMultiTenant && MicrosoftAppTenantId !== undefined ? ['A MultiTenant bot has no MicrosoftAppTenantId: remove it, or set MicrosoftAppType to SingleTenant.'] : []),
  ];
};

const aboutManagedIdentity = (given: Given): string[] =>
  namesSet(given, proofs).map((name) => `A UserAssignedMSI bot has no ${name}: remove it, or set MicrosoftAppType to SingleTenant.`);

const aboutProof = (given: Given): string[] => {
  const set = namesSet(given, proofs);
  if (set.length === 0) return ['MicrosoftAppId is set, but MicrosoftAppPassword is missing: set the bot\'s client secret, or CertificateThumbprint and CertificatePrivateKey.'];
  const [hasPassword, ...halves] = proofs.map((name) => set.includes(name));
  if (hasPassword && halves.some(Boolean)) return ['The bot has both a password and a certificate: remove MicrosoftAppPassword, or CertificateThumbprint and CertificatePrivateKey.'];
  return hasPassword || halves.every(Boolean) ? [] : ['The bot\'s certificate is incomplete: set both CertificateThumbprint and CertificatePrivateKey.'];
};

const liveOnly = ['PARTNERS_FILE', 'SECRETS_KEY', 'OPERATOR_NAME', 'OPERATOR_CONTACT', 'OPERATOR_TOKEN', 'PARTNER_LOGIN_URL', 'PARTNER_CENTER_URL', 'GRAPH_URL', 'PORTAL_URLS',
  'WEBHOOK_CERTIFICATE_HOSTS', 'WEBHOOK_TRUSTED_ROOTS'] as const;
const needed = {
  MicrosoftAppId: 'set the app id of the bot', PARTNERS_FILE: 'name the file with the partners', PUBLIC_URL: 'set the URL under which this server is reached',
  OPERATOR_NAME: 'say who operates this server',
} as const;

const aboutPartnerCenter = (given: Given, all: Settings): string[] => {
  if (given.PARTNER_CENTER === 'live') {
    const missing = (Object.keys(needed) as (keyof typeof needed)[]).filter((name) => given[name] === undefined);
    return [
      ...missing.map((name) => `PARTNER_CENTER=live needs ${name}: ${needed[name]}.`),
      ...namesSet(given, ['SANDBOX_WORLD', 'SANDBOX_HOST', 'SANDBOX_PORT']).map((name) => `${name} has no meaning with PARTNER_CENTER=live: remove one of the two.`),
    ];
  }
  return [
    ...(given.MicrosoftAppId !== undefined && all.PARTNER_CENTER === undefined ? ['PARTNER_CENTER must be chosen when MicrosoftAppId is set: set PARTNER_CENTER=sandbox or PARTNER_CENTER=live.'] : []),
    ...namesSet(given, liveOnly).map((name) => `${name} has a meaning with PARTNER_CENTER=live only: remove one of the two.`),
  ];
};

const aboutLocalMode = (given: Given): string[] => {
  if (given.MicrosoftAppId !== undefined) return [];
  const open = (['HOST', 'SANDBOX_HOST'] as const).filter((name) => given[name] !== undefined && !isLoopback(given[name]));
  return [
    ...open.map((name) => `${name} must be a loopback address in local mode: remove it, or set MicrosoftAppId to run as a service.`),
    ...orphans(given, ['CHANNEL_OPENID_METADATA_URL', 'CHANNEL_ISSUER', 'LOGIN_URL', 'TEAMS_URL', 'ALLOWED_SERVICE_URLS']),
  ];
};

const aboutPorts = ({ PORT, SANDBOX_PORT }: Settings): string[] =>
  PORT !== 0 && PORT === SANDBOX_PORT ? [`PORT and SANDBOX_PORT are both ${PORT}: choose two different ones.`] : [];

const namesSet = (given: Given, names: readonly SettingName[]): SettingName[] => names.filter((name) => given[name] !== undefined);

const orphans = (given: Given, names: readonly SettingName[]): string[] =>
  namesSet(given, names).map((name) => `${name} is set, but MicrosoftAppId is not: set MicrosoftAppId to run as a service, or remove ${name}.`);
