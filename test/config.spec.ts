import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type Config, ConfigError, readConfig } from '../src/config.js';
import { envSample, settingNames, settings } from '../src/settings.js';

const APP = 'AAAAAAAA-0000-0000-0000-000000000001';
const TENANT = 'bbbbbbbb-0000-0000-0000-000000000002';
const aService = (changes: Readonly<Record<string, string | undefined>> = {}) => ({
  MicrosoftAppId: APP, MicrosoftAppTenantId: TENANT, MicrosoftAppPassword: 'p', PARTNER_CENTER: 'sandbox', ...changes,
});

const THUMBPRINT = 'A'.repeat(40);
const aLive = (changes: Readonly<Record<string, string | undefined>> = {}) => aService({
  PARTNER_CENTER: 'live', PARTNERS_FILE: 'partners.json', PUBLIC_URL: 'https://bot.example', OPERATOR_NAME: 'Fabrikam', ...changes,
});

const complaintsOf = (env: Readonly<Record<string, string | undefined>>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.message, error.sentences.join('\n'));
    return error.sentences;
  }
};

describe('the configuration', () => {
  it('of nothing is local mode, on loopback, against the sandbox', () => {
    const config: Config = readConfig({ PATH: '/usr/bin', HOME: '/root', npm_config_registry: 'x', NODE_ENV: 'production', STATE_URL: '' });

    assert.deepEqual({ ...config, channel: undefined, environment: undefined }, {
      mode: 'local', host: '127.0.0.1', port: 3978, cloud: 'commercial', bot: undefined, channel: undefined,
      databaseUrl: 'sqlite:data/ledger.sqlite', stateUrl: undefined, partnerCenter: 'sandbox', publicUrl: undefined, installUrl: '', offers: { resellerRequest: undefined, gdap: undefined },
      sandbox: { host: '127.0.0.1', port: 3979, world: undefined }, allowedTenants: [], limits: { perUser: 60, perTenant: 1200 },
      metricsToken: undefined, logLevel: 'info', live: undefined, watchEverySeconds: 1.5, environment: undefined,
    });
  });

  it('of a service listens everywhere and speaks to the commercial cloud', () => {
    const { mode, host, bot, channel } = readConfig(aService());

    assert.deepEqual({ mode, host, bot }, { mode: 'service', host: '0.0.0.0', bot: { appId: APP.toLowerCase(), appPassword: 'p', tokenTenant: TENANT } });
    assert.deepEqual(channel, {
      openIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration', issuer: 'https://api.botframework.com',
      loginUrl: 'https://login.microsoftonline.com', oauthScope: 'https://api.botframework.com',
      allowedServiceUrls: ['https://smba.trafficmanager.net', 'https://*.teams.microsoft.com'],
    });
  });

  it('of a US Government service speaks to that cloud alone', () => {
    const { channel } = readConfig(aService({ CLOUD: 'usGov' }));

    for (const address of Object.values(channel).flat()) assert.match(address, /\.us(\/|$)/);
  });

  it('has the app added in the Teams of its cloud, or in the one it is told', () => {
    const placeOf = (env: Record<string, string>): string => readConfig(aService(env)).installUrl;
    const app = APP.toLowerCase();

    assert.equal(placeOf({}), `https://teams.microsoft.com/l/app/${app}`);
    assert.equal(placeOf({ CLOUD: 'usGov' }), `https://gov.teams.microsoft.us/l/app/${app}`);
    assert.equal(placeOf({ CLOUD: 'usGov', TEAMS_URL: 'https://dod.teams.microsoft.us' }), `https://dod.teams.microsoft.us/l/app/${app}`);
    assert.equal(readConfig({}).installUrl, '');
  });

  it('of a multi-tenant bot gets its token from the Bot Framework\'s tenant', () => {
    const multi = { MicrosoftAppType: 'MultiTenant', MicrosoftAppTenantId: undefined };

    assert.equal(readConfig(aService(multi)).bot?.tokenTenant, 'botframework.com');
    assert.equal(readConfig(aService({ ...multi, CLOUD: 'usGov' })).bot?.tokenTenant, 'MicrosoftServices.onmicrosoft.us');
  });

  it('of the real Partner Center speaks to Microsoft\'s own addresses, of the other cloud as well', () => {
    const { live, partnerCenter, watchEverySeconds } = readConfig(aLive({ SECRETS_KEY: [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64')).join(', ') }));

    assert.deepEqual([partnerCenter, watchEverySeconds, live?.sealKeys.map(({ length }) => length)], ['live', 300, [32, 32]]);
    assert.deepEqual(live?.places, { partnerCenterUrl: 'https://api.partnercenter.microsoft.com', graphUrl: 'https://graph.microsoft.com', loginUrl: 'https://login.microsoftonline.com' });
    assert.deepEqual(live.otherClouds, { usGov: { partnerCenterUrl: 'https://api.partnercenter.microsoft.com', graphUrl: 'https://graph.microsoft.us', loginUrl: 'https://login.microsoftonline.us' } });
    assert.deepEqual(live.webhook, { certificateHosts: ['3psostorageacct.blob.core.windows.net'], trustedRootsFile: undefined, allowSha1: false });
  });

  it('of a bot with a certificate or a managed identity has no password', () => {
    const without = { MicrosoftAppPassword: undefined };

    assert.deepEqual(readConfig(aService({ ...without, CertificateThumbprint: THUMBPRINT, CertificatePrivateKey: 'k' })).bot, { appId: APP.toLowerCase(), tokenTenant: TENANT, certificate: { thumbprint: THUMBPRINT, privateKey: 'k' } });
    assert.deepEqual(readConfig(aService({ ...without, MicrosoftAppType: 'UserAssignedMSI' })).bot, { appId: APP.toLowerCase(), tokenTenant: TENANT, isManagedIdentity: true });
  });

  it('takes test rigs on loopback, and lists with blanks in them', () => {
    const config = readConfig(aService({
      CHANNEL_OPENID_METADATA_URL: 'http://127.0.0.1:9000/metadata', CHANNEL_ISSUER: 'https://rig', LOGIN_URL: 'http://localhost:9000/',
      ALLOWED_SERVICE_URLS: 'http://127.0.0.1:9001/, https://*.example.com', ALLOWED_TENANTS: ` ${TENANT.toUpperCase()} , ${APP}`, LIMIT_PER_USER: '0', PORT: '0', SANDBOX_PORT: '0',
    }));

    assert.equal(config.channel.loginUrl, 'http://localhost:9000');
    assert.deepEqual(config.channel.allowedServiceUrls, ['http://127.0.0.1:9001', 'https://*.example.com']);
    assert.deepEqual(config.allowedTenants, [TENANT, APP.toLowerCase()]);
    assert.deepEqual([config.limits.perUser, config.port, config.sandbox.port], [0, 0, 0]);
  });

  for (const [what, env, sentence] of [
    ['a port that is a word', { PORT: 'http' }, /^PORT must be a port number from 0 to 65535\.$/],
    ['a port beyond the last', { PORT: '65536' }, /^PORT must be/],
    ['a cloud nobody serves', { CLOUD: 'china21Vianet' }, /^CLOUD must be commercial or usGov\.$/],
    ['a database of another kind', { DATABASE_URL: 'mysql://x' }, /^DATABASE_URL must be sqlite:<file> or postgres/],
    ['a state store of another kind', { STATE_URL: 'memcached://x' }, /^STATE_URL must be redis/],
    ['an app id that is no GUID', aService({ MicrosoftAppId: 'my-bot' }), /^MicrosoftAppId must be a GUID\.$/],
    ['a tenant that is no GUID', { ALLOWED_TENANTS: `${TENANT},contoso.com` }, /^ALLOWED_TENANTS must be a list of tenant ids/],
    ['a login service without TLS', aService({ LOGIN_URL: 'http://login.example' }), /^LOGIN_URL must be a URL with https/],
    ['a name inside an address', aService({ LOGIN_URL: 'https://me@login.example' }), /^LOGIN_URL must be/],
    ['a service URL with a path', aService({ ALLOWED_SERVICE_URLS: 'https://smba.trafficmanager.net/emea' }), /^ALLOWED_SERVICE_URLS must be a list of origins/],
    ['a service URL without TLS', aService({ ALLOWED_SERVICE_URLS: 'http://*.example.com' }), /^ALLOWED_SERVICE_URLS must be/],
    ['a star in the middle', aService({ ALLOWED_SERVICE_URLS: 'https://a.*.com' }), /^ALLOWED_SERVICE_URLS must be/],
    ['every service URL there is', aService({ ALLOWED_SERVICE_URLS: '*' }), /^ALLOWED_SERVICE_URLS must be/],
    ['a limit below nothing', { LIMIT_PER_USER: '-1' }, /^LIMIT_PER_USER must be a whole number of turns a minute\.$/],
    ['a short metrics token', { METRICS_TOKEN: 'secret' }, /^METRICS_TOKEN must be at least 16 characters long\.$/],
    ['an unknown log level', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be debug/],
    ['a missing letter', { PRT: '1' }, /^There is no setting PRT: did you mean PORT\?/],
    ['a letter too many', { LIMIT_PER_USERS: '1' }, /did you mean LIMIT_PER_USER\?/],
    ['a wrong letter', { DATABASE_URI: 'x' }, /did you mean DATABASE_URL\?/],
    ['two letters swapped', { SANDBOX_WROLD: 'x' }, /did you mean SANDBOX_WORLD\?/],
    ['another case', { MicrosoftAppID: APP }, /did you mean MicrosoftAppId\?/],
    ['another style', { MICROSOFT_APP_PASSWORD: 'x' }, /did you mean MicrosoftAppPassword\?/],
    ['a managed identity with a password', aService({ MicrosoftAppType: 'UserAssignedMSI' }), /A UserAssignedMSI bot has no MicrosoftAppPassword: remove it/],
    ['a thumbprint that is none', aService({ CertificateThumbprint: 'x' }), /^CertificateThumbprint must be a SHA-1 thumbprint/],
    ['half a certificate', aService({ MicrosoftAppPassword: undefined, CertificateThumbprint: THUMBPRINT }), /certificate is incomplete: set both/],
    ['a password and a certificate', aService({ CertificateThumbprint: THUMBPRINT, CertificatePrivateKey: 'k' }), /has both a password and a certificate/],
    ['keys of another length', aLive({ SECRETS_KEY: Buffer.alloc(31).toString('base64') }), /^SECRETS_KEY must be a list of keys of 32 bytes/],
    ['a short operator token', aLive({ OPERATOR_TOKEN: 'short' }), /^OPERATOR_TOKEN must be at least 16 characters/],
    ['a certificate host with a path', aLive({ WEBHOOK_CERTIFICATE_HOSTS: 'certs.example/x' }), /^WEBHOOK_CERTIFICATE_HOSTS must be a list of host names/],
    ['live without its partners', aLive({ PARTNERS_FILE: undefined }), /PARTNER_CENTER=live needs PARTNERS_FILE: name the file/],
    ['live without an address', aLive({ PUBLIC_URL: undefined }), /PARTNER_CENTER=live needs PUBLIC_URL/],
    ['live without an operator', aLive({ OPERATOR_NAME: undefined }), /PARTNER_CENTER=live needs OPERATOR_NAME/],
    ['live without a bot', { PARTNER_CENTER: 'live', PARTNERS_FILE: 'p.json', PUBLIC_URL: 'https://bot.example', OPERATOR_NAME: 'Fabrikam' }, /PARTNER_CENTER=live needs MicrosoftAppId/],
    ['partners beside the sandbox', aService({ PARTNERS_FILE: 'p.json' }), /PARTNERS_FILE has a meaning with PARTNER_CENTER=live only/],
    ['a password without an app id', { MicrosoftAppPassword: 'x' }, /^MicrosoftAppPassword is set, but MicrosoftAppId is not/],
    ['an app type without an app id', { MicrosoftAppType: 'SingleTenant' }, /^MicrosoftAppType is set, but MicrosoftAppId is not/],
    ['an app id without a password', aService({ MicrosoftAppPassword: ' ' }), /MicrosoftAppPassword is missing/],
    ['a single-tenant bot without its tenant', aService({ MicrosoftAppTenantId: undefined }), /needs MicrosoftAppTenantId/],
    ['a multi-tenant bot with a tenant', aService({ MicrosoftAppType: 'MultiTenant' }), /has no MicrosoftAppTenantId/],
    ['a service that has not chosen Microsoft\'s side', aService({ PARTNER_CENTER: undefined }), /PARTNER_CENTER must be chosen/],
    ['local mode open to the network', { HOST: '0.0.0.0' }, /^HOST must be a loopback address in local mode/],
    ['a sandbox open to the network in local mode', { SANDBOX_HOST: '192.168.0.1' }, /^SANDBOX_HOST must be a loopback address/],
    ['a channel without an app id', { CHANNEL_ISSUER: 'https://rig' }, /^CHANNEL_ISSUER is set, but MicrosoftAppId is not/],
    ['one port for two', { PORT: '3979' }, /^PORT and SANDBOX_PORT are both 3979/],
  ] as const) {
    it(`with ${what} stops the start and says what to do`, () => {
      const complaints = complaintsOf(env);

      assert.equal(complaints.length, 1, complaints.join('\n'));
      assert.match(complaints[0] ?? '', sentence);
      assert.match(complaints[0] ?? '', /[.?]$/);
    });
  }

  it('names every mistake at once, and no value', () => {
    const complaints = complaintsOf({ PORT: 'secret-1', METRICS_TOKEN: 'secret-2', PROT: 'secret-3' });

    assert.equal(complaints.length, 3);
    assert.doesNotMatch(complaints.join('\n'), /secret/);
  });

  it('says that the sandbox has no meaning beside the live Partner Center', () => {
    assert.match(complaintsOf(aService({ PARTNER_CENTER: 'live', SANDBOX_WORLD: 'w.json' })).join('\n'), /SANDBOX_WORLD has no meaning with PARTNER_CENTER=live/);
  });
});

describe('env.sample', () => {
  it('is what the settings say', async () => {
    assert.equal(await readFile(new URL('../env.sample', import.meta.url), 'utf8'), envSample());
  });

  it('names every setting once, with its default and one line of meaning', async () => {
    const blocks = (await readFile(new URL('../env.sample', import.meta.url), 'utf8')).trim().split('\n\n').map((block) => block.split('\n'));

    assert.deepEqual(blocks.map(([, line]) => /^#(\w+)=/.exec(line ?? '')?.[1]), settingNames);
    for (const [index, block] of blocks.entries()) {
      const name = settingNames[index];
      assert.ok(name && block.length === 2);
      assert.match(block[0] ?? '', /^# [A-Z].+\. Default: .+\.$/);
      assert.equal(block[1], `#${name}=${settings[name].fallback ?? ''}`);
    }
  });

  it('changes nothing when its lines are uncommented in local mode', async () => {
    const lines = (await readFile(new URL('../env.sample', import.meta.url), 'utf8')).split('\n').filter((line) => /^#\w+=/.test(line) && !line.startsWith('#MicrosoftAppType'));

    const [uncommented, empty] = [Object.fromEntries(lines.map((line) => line.slice(1).split('=', 2) as [string, string])), {}].map((env) => ({ ...readConfig(env), environment: undefined }));
    assert.deepEqual(uncommented, empty);
  });
});
