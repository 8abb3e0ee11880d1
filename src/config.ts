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
  readonly offers: { readonly resellerRequest?: boolean | undefined; readonly gdap?: boolean | undefined };
  /** In service mode only. `tokenTenant` is the tenant whose login service gives the bot its token. */
  readonly bot?: { readonly appId: string; readonly appPassword: string; readonly tokenTenant: string } | undefined;
  readonly channel: ChannelAddresses;
  readonly databaseUrl: string;
  /** Left out: the ledger's database. */
  readonly stateUrl?: string | undefined;
  readonly partnerCenter: 'sandbox';
  /** Without a `world`: the built-in one. */
  readonly sandbox: { readonly host: string; readonly port: number; readonly world?: string | undefined };
  /** Empty: all. */
  readonly allowedTenants: readonly TenantId[];
  /** Turns a minute; 0 = no limit. */
  readonly limits: { readonly perUser: number; readonly perTenant: number };
  readonly metricsToken?: string | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
};

export type ChannelAddresses = {
  readonly openIdMetadataUrl: string;
  readonly issuer: string;
  readonly loginUrl: string;
  readonly oauthScope: string;
  /** Origins; one star covers all hosts below. */
  readonly allowedServiceUrls: readonly string[];
};

type Cloud = ChannelAddresses & { readonly multiTenantAuthority: string };

/** @see Deploy a bot to Azure Government, and the defaults of the Bot Framework SDK */
const clouds: Readonly<Record<Config['cloud'], Cloud>> = {
  commercial: {
    openIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    issuer: 'https://api.botframework.com',
    loginUrl: 'https://login.microsoftonline.com',
    oauthScope: 'https://api.botframework.com',
    allowedServiceUrls: ['https://smba.trafficmanager.net', 'https://*.teams.microsoft.com'],
    multiTenantAuthority: 'botframework.com',
  },
  usGov: {
    openIdMetadataUrl: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
    issuer: 'https://api.botframework.us',
    loginUrl: 'https://login.microsoftonline.us',
    oauthScope: 'https://api.botframework.us',
    allowedServiceUrls: ['https://*.teams.microsoft.us'],
    multiTenantAuthority: 'MicrosoftServices.onmicrosoft.us',
  },
};

/** @throws ConfigError when anything is misspelt, unreadable, missing or contradicts something else */
export const readConfig = (env: Environment = process.env): Config => {
  const { given, all, wrong } = readSettings(env);
  if (wrong.length > 0) throw new ConfigError(wrong);
  const contradictions = [...aboutCredentials(given, env), ...aboutPartnerCenter(given), ...aboutLocalMode(given), ...aboutPorts(all)];
  if (contradictions.length > 0) throw new ConfigError(contradictions);

  const mode = all.MicrosoftAppId === undefined ? 'local' : 'service';
  const cloud = clouds[all.CLOUD];
  return {
    mode,
    host: all.HOST ?? (mode === 'local' ? '127.0.0.1' : '0.0.0.0'),
    port: all.PORT,
    cloud: all.CLOUD,
    publicUrl: all.PUBLIC_URL,
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
    partnerCenter: 'sandbox',
    sandbox: { host: all.SANDBOX_HOST, port: all.SANDBOX_PORT, world: all.SANDBOX_WORLD },
    allowedTenants: all.ALLOWED_TENANTS ?? [],
    limits: { perUser: all.LIMIT_PER_USER, perTenant: all.LIMIT_PER_TENANT },
    metricsToken: all.METRICS_TOKEN,
    logLevel: all.LOG_LEVEL,
  };
};

const botOf = (all: Settings, cloud: Cloud): Config['bot'] => {
  const { MicrosoftAppId: appId, MicrosoftAppPassword: appPassword, MicrosoftAppTenantId: ownTenant } = all;
  return appId && appPassword ? { appId, appPassword, tokenTenant: ownTenant ?? cloud.multiTenantAuthority } : undefined;
};

const certificateNames = ['CertificateThumbprint', 'CertificatePrivateKey'];

const aboutCredentials = (given: Given, env: Environment): string[] => {
  const { MicrosoftAppId, MicrosoftAppType, MicrosoftAppTenantId, MicrosoftAppPassword } = given;
  const isMultiTenant = MicrosoftAppType === 'MultiTenant';
  if (MicrosoftAppType === 'UserAssignedMSI') {
    return ['MicrosoftAppType UserAssignedMSI is not supported by this version: use SingleTenant with a MicrosoftAppPassword.'];
  }
  if (certificateNames.some((name) => env[name])) {
    return [`Certificates are not supported by this version: remove ${certificateNames.join(' and ')}, and set MicrosoftAppPassword.`];
  }
  if (MicrosoftAppId === undefined) return orphans(given, ['MicrosoftAppType', 'MicrosoftAppTenantId', 'MicrosoftAppPassword']);
  return [
    ...(MicrosoftAppPassword === undefined ? ['MicrosoftAppId is set, but MicrosoftAppPassword is missing: set the bot\'s client secret.'] : []),
    ...(!isMultiTenant && MicrosoftAppTenantId === undefined ? ['A SingleTenant bot needs MicrosoftAppTenantId: set the tenant of its registration.'] : []),
    ...(isMultiTenant && MicrosoftAppTenantId !== undefined ? ['A MultiTenant bot has no MicrosoftAppTenantId: remove it, or set MicrosoftAppType to SingleTenant.'] : []),
  ];
};

const aboutPartnerCenter = (given: Given): string[] => {
  if (given.PARTNER_CENTER === 'live') {
    const sandboxed = namesSet(given, ['SANDBOX_WORLD', 'SANDBOX_HOST', 'SANDBOX_PORT']);
    return [
      'PARTNER_CENTER=live is not in this version, which runs against the sandbox: set PARTNER_CENTER=sandbox.',
      ...sandboxed.map((name) => `${name} has no meaning with PARTNER_CENTER=live: remove one of the two.`),
    ];
  }
  return given.MicrosoftAppId !== undefined && given.PARTNER_CENTER === undefined
    ? ['PARTNER_CENTER must be chosen when MicrosoftAppId is set: set PARTNER_CENTER=sandbox.']
    : [];
};

const aboutLocalMode = (given: Given): string[] => {
  if (given.MicrosoftAppId !== undefined) return [];
  const open = (['HOST', 'SANDBOX_HOST'] as const).filter((name) => given[name] !== undefined && !isLoopback(given[name]));
  return [
    ...open.map((name) => `${name} must be a loopback address in local mode: remove it, or set MicrosoftAppId to run as a service.`),
    ...orphans(given, ['CHANNEL_OPENID_METADATA_URL', 'CHANNEL_ISSUER', 'LOGIN_URL', 'ALLOWED_SERVICE_URLS']),
  ];
};

const aboutPorts = ({ PORT, SANDBOX_PORT }: Settings): string[] =>
  PORT !== 0 && PORT === SANDBOX_PORT ? [`PORT and SANDBOX_PORT are both ${PORT}: choose two different ones.`] : [];

const namesSet = (given: Given, names: readonly SettingName[]): SettingName[] => names.filter((name) => given[name] !== undefined);

const orphans = (given: Given, names: readonly SettingName[]): string[] =>
  namesSet(given, names).map((name) => `${name} is set, but MicrosoftAppId is not: set MicrosoftAppId to run as a service, or remove ${name}.`);
