import { z } from 'zod';
import { asTenantId, isGuid } from './domain/ids.js';

export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/.test(host);

// `https://*.example.com` is no URL, but it is one as soon as the star is a name.
const starless = (text: string): string => text.replace('://*.', '://star.');
const isUrl = (text: string): boolean => {
  if (!URL.canParse(starless(text)) || starless(text).includes('*')) return false;
  const { protocol, hostname, username } = new URL(starless(text));
  return username === '' && (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)));
};
/** One star is allowed, for all hosts below the one that follows. */
const isOrigin = (text: string): boolean => isUrl(text) && new URL(starless(text)).origin === starless(text);
const withoutSlash = (text: string): string => text.replace(/\/+$/, '');
const listOf = (text: string): string[] => text.split(',').map((part) => part.trim()).filter((part) => part !== '');

const text = z.string();
const guid = text.refine(isGuid).transform((id) => id.trim().toLowerCase());
const port = text.regex(/^\d{1,5}$/).transform(Number).refine((number) => number <= 65_535);
const turnsAMinute = text.regex(/^\d{1,7}$/).transform(Number);
const tenants = text.transform(listOf).refine((all) => all.every(isGuid)).transform((all) => all.map(asTenantId));
const origins = text.transform((all) => listOf(all).map(withoutSlash)).refine((all) => all.length > 0 && all.every(isOrigin));
const database = text.regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/);
const redis = text.regex(/^rediss?:\/\/.+$/);
const botTypes = z.enum(['SingleTenant', 'MultiTenant', 'UserAssignedMSI']);
const yesOrNo = z.enum(['yes', 'no']).transform((answer) => answer === 'yes');
const levels = z.enum(['debug', 'info', 'warn', 'error']);
const seconds = text.regex(/^[1-9]\d{0,4}$/).transform(Number);
const sealKeys = text.transform(listOf).transform((all) => all.map((key) => Buffer.from(key, 'base64'))).refine((all) => all.length > 0 && all.every(({ length }) => length === 32));
const hosts = text.transform(listOf).refine((all) => all.length > 0 && all.every((host) => URL.canParse(`https://${host}`) && new URL(`https://${host}`).host === host.toLowerCase()))
  .transform((all) => all.map((host) => host.toLowerCase()));
const url = text.transform(withoutSlash).refine((given) => isUrl(given) && !given.includes('*'));

type Setting<Value extends z.ZodType, Fallback extends string | undefined> = {
  readonly value: Value;
  /** Ends the sentence "NAME must be …". */
  readonly must: string;
  /** What it means, with its unit. */
  readonly about: string;
  /** Taken as if it had been set. */
  readonly fallback: Fallback;
  /** What happens without it, in words. */
  readonly otherwise: string;
};

const withDefault = <Value extends z.ZodType>(value: Value, must: string, about: string, fallback: string): Setting<Value, string> =>
  ({ value, must, about, fallback, otherwise: fallback });
const optional = <Value extends z.ZodType>(value: Value, must: string, about: string, otherwise: string): Setting<Value, undefined> =>
  ({ value, must, about, fallback: undefined, otherwise });

const aPort = 'a port number from 0 to 65535';
const aGuid = 'a GUID';
const aUrl = 'a URL with https://, or with http:// on loopback';
const aLimit = 'a whole number of turns a minute';
const someOrigins = 'a list of origins with commas between them, such as https://smba.trafficmanager.net or https://*.teams.microsoft.com';
const theClouds = 'the cloud\'s own';

/** Every variable there is. The schema, `env.sample` and the documentation come from this table. */
export const settings = {
  PORT: withDefault(port, aPort, 'Port the bot listens on; 0 takes any free one.', '3978'),
  HOST: optional(text, 'an address', 'Address the bot listens on.', '127.0.0.1 in local mode (nothing else is allowed there), 0.0.0.0 in service mode'),
  MicrosoftAppId: optional(guid, aGuid, 'App id of the bot\'s registration, a GUID.', 'none, which is local mode: everything on this machine'),
  MicrosoftAppType: withDefault(botTypes, 'SingleTenant, MultiTenant or UserAssignedMSI', 'Kind of the bot\'s registration, SingleTenant, MultiTenant or UserAssignedMSI (a managed identity).', 'SingleTenant'),
  MicrosoftAppTenantId: optional(guid, aGuid, 'Tenant of the bot\'s registration, a GUID; all kinds but MultiTenant need it.', 'none'),
  MicrosoftAppPassword: optional(text, 'a client secret', 'Client secret of the bot\'s registration.', 'none'),
  CertificateThumbprint: optional(text.regex(/^[0-9a-fA-F:]{40,60}$/), 'a SHA-1 thumbprint in hexadecimal', 'Thumbprint of the bot\'s certificate, hexadecimal; instead of the password.', 'none'),
  CertificatePrivateKey: optional(text, 'a private key in PEM', 'Private key of that certificate, PEM (PKCS #8); line ends may be written as \\n.', 'none'),
  PUBLIC_URL: optional(url, aUrl, 'URL under which people and Microsoft reach this server: files, sign-in, consent, events.', 'this machine in local mode; none in service mode, and no files are handed out'),
  CLOUD: withDefault(z.enum(['commercial', 'usGov']), 'commercial or usGov', 'Microsoft cloud this deployment serves, commercial or usGov.', 'commercial'),
  OFFER_RESELLER_REQUESTS: optional(yesOrNo, 'yes or no', 'Whether partners may ask to sell, yes or no.', 'yes in both clouds'),
  OFFER_DELEGATED_ADMIN: optional(yesOrNo, 'yes or no', 'Whether partners may ask for delegated administration (GDAP), yes or no.', 'yes in the commercial cloud, no in usGov'),
  DATABASE_URL: withDefault(database, 'sqlite:<file> or postgres://<server>/<database>', 'The ledger, sqlite:<file> or postgres://<server>/<database>.', 'sqlite:data/ledger.sqlite'),
  STATE_URL: optional(redis, 'redis://<server>', 'Where unfinished conversations are kept, redis://<server>.', 'the database of the ledger'),
  PARTNER_CENTER: optional(z.enum(['sandbox', 'live']), 'sandbox or live', 'Who is Microsoft\'s side, the sandbox or the real one (live).', 'sandbox in local mode; must be chosen in service mode'),
  PARTNERS_FILE: optional(text, 'a file', 'Partners (JSON file) of this deployment with their registrations, for live.', 'none; live needs it'),
  SECRETS_KEY: optional(sealKeys, 'a list of keys of 32 bytes in base64 with commas between them', 'Keys that seal refresh tokens in the database, 32 bytes in base64; the first seals, all open.', 'none; live needs it as soon as a user signs in for a partner'),
  OPERATOR_NAME: optional(text, 'a name', 'Who operates this server, as customers read it before they consent.', 'none; live needs it'),
  OPERATOR_CONTACT: optional(text, 'an address', 'Where customers reach the operator, a mail address or a URL.', 'none'),
  OPERATOR_TOKEN: optional(text.min(16), 'at least 16 characters long', 'What the operator types to open the page where partners sign in (16 characters or more).', 'none; live needs it as soon as a user signs in for a partner'),
  WATCH_EVERY_SECONDS: optional(seconds, 'a whole number of seconds from 1 to 99999', 'How often every partner\'s side of Microsoft is looked at, in seconds.', '300 with live, 1.5 with the sandbox'),
  SANDBOX_WORLD: optional(text, 'a file', 'World (JSON file) that fills a new sandbox.', 'the built-in world'),
  SANDBOX_HOST: withDefault(text, 'an address', 'Address the sandbox listens on.', '127.0.0.1'),
  SANDBOX_PORT: withDefault(port, aPort, 'Port the sandbox listens on; 0 takes any free one.', '3979'),
  ALLOWED_TENANTS: optional(tenants, 'a list of tenant ids (GUIDs) with commas between them', 'Tenants that are served at all, GUIDs with commas between them.', 'all'),
  CHANNEL_OPENID_METADATA_URL: optional(url, aUrl, 'URL where the channel publishes its signing keys.', theClouds),
  CHANNEL_ISSUER: optional(text, 'an issuer', 'Issuer of the channel\'s tokens, compared to the letter.', theClouds),
  LOGIN_URL: optional(url, aUrl, 'URL of the login service, without the tenant.', theClouds),
  TEAMS_URL: optional(url, aUrl, 'URL of Teams itself, for the link that adds the app; GCC High\'s is the one of usGov, DoD has its own.', theClouds),
  PARTNER_LOGIN_URL: optional(url, aUrl, 'URL of the login service for partners and customers, where it is another one than the bot\'s.', 'LOGIN_URL'),
  PARTNER_CENTER_URL: optional(url, aUrl, 'URL of Partner Center\'s REST service.', theClouds),
  GRAPH_URL: optional(url, aUrl, 'URL of Microsoft Graph.', theClouds),
  PORTAL_URLS: optional(origins, 'a list of origins with commas between them, such as https://admin.microsoft.com', 'Origins of the pages on which customers accept; the first one is where delegated administration is approved.', theClouds),
  WEBHOOK_CERTIFICATE_HOSTS: optional(hosts, 'a list of host names with commas between them', 'Hosts from which Partner Center\'s signing certificate may come, with commas between them.', theClouds),
  WEBHOOK_TRUSTED_ROOTS: optional(text, 'a file', 'Certificates (PEM file) that its chain must end in; intermediates may be among them.', 'those that come with Node'),
  WEBHOOK_SHA1: withDefault(yesOrNo, 'yes or no', 'Whether signatures with SHA-1 are taken, yes or no.', 'no'),
  ALLOWED_SERVICE_URLS: optional(origins, someOrigins, 'Origins the bot may answer to, with commas between them; one star covers all hosts below.', theClouds),
  LIMIT_PER_USER: withDefault(turnsAMinute, aLimit, 'Turns a minute for each person; 0 = no limit.', '60'),
  LIMIT_PER_TENANT: withDefault(turnsAMinute, aLimit, 'Turns a minute for each tenant; 0 = no limit.', '1200'),
  METRICS_TOKEN: optional(text.min(16), 'at least 16 characters long', 'Bearer token (16 characters or more) for /metrics and the details of /readyz.', 'none, and they answer loopback only'),
  LOG_LEVEL: withDefault(levels, 'debug, info, warn or error', 'Least severe lines that are logged: debug, info, warn or error.', 'info'),
} as const;

export type SettingName = keyof typeof settings;
type ValueOf<Name extends SettingName> = z.output<(typeof settings)[Name]['value']>;
export type Given = { readonly [Name in SettingName]?: ValueOf<Name> };
export type Settings = { readonly [Name in SettingName]: (typeof settings)[Name]['fallback'] extends string ? ValueOf<Name> : ValueOf<Name> | undefined };
export type Environment = Readonly<Record<string, string | undefined>>;

export const settingNames = Object.keys(settings) as SettingName[];
const schema = z.object(Object.fromEntries(settingNames.map((name) => [name, settings[name].value.optional()])));

/**
 * Each setting by itself: `given` holds what was set, `all` the defaults too, `wrong` a sentence for each one that cannot
 * be used. Set to nothing is not set.
 */
export const readSettings = (env: Environment): { readonly given: Given; readonly all: Settings; readonly wrong: readonly string[] } => {
  const set = Object.fromEntries(settingNames.map((name) => [name, env[name]?.trim() || undefined]));
  const filled = Object.fromEntries(settingNames.map((name) => [name, set[name] ?? settings[name].fallback]));
  const { data, error } = schema.safeParse(filled);
  const badNames = new Set((error?.issues ?? []).map(({ path }) => path[0] as SettingName));
  const all = (data ?? {}) as unknown as Settings;
  return {
    all,
    given: Object.fromEntries(settingNames.filter((name) => set[name] !== undefined).map((name) => [name, all[name]])),
    wrong: [...misspelt(env), ...[...badNames].map((name) => `${name} must be ${settings[name].must}.`)],
  };
};

const misspelt = (env: Environment): string[] =>
  Object.keys(env).filter((name) => !Object.hasOwn(settings, name)).flatMap((name) => {
    const meant = settingNames.find((known) => isOneSlipAway(name, known));
    return meant ? [`There is no setting ${name}: did you mean ${meant}? Rename it or remove it.`] : [];
  });

const folded = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** Another case, other underscores, or one letter too many, too few, wrong or swapped with its neighbour. */
const isOneSlipAway = (name: string, known: string): boolean => {
  if (folded(name) === folded(known)) return true;
  const [short, long] = name.length <= known.length ? [name, known] : [known, name];
  if (long.length - short.length > 1) return false;
  const at = [...short].findIndex((letter, index) => letter !== long[index]);
  if (at < 0) return true;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  const isSwapped = short[at] === long[at + 1] && short[at + 1] === long[at];
  return short.slice(at + 1) === long.slice(at + 1) || (isSwapped && short.slice(at + 2) === long.slice(at + 2));
};

/** The text of `env.sample`. */
export const envSample = (): string =>
  settingNames.map((name) => {
    const { about, otherwise, fallback } = settings[name];
    return `# ${about} Default: ${otherwise}.\n#${name}=${fallback ?? ''}\n`;
  }).join('\n');
