import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import pg from 'pg';
import { asTenantId } from '../../src/domain/ids.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { groupOf, directoryApp, partnerApp, refreshTokenOf } from '../../src/local/partner-center/credentials.js';
import { appId, appPassword, appTenant, type Channel, type Line } from './channel.js';
import { cpuOf, freePort, memoryOf, nameOf, run, until, type Running } from './processes.js';
import { partners } from './world.js';

const root = new URL('../../', import.meta.url);
const fileIn = (path: string): string => fileURLToPath(new URL(path, root));

/** What a run has in common: a folder, the channel, the CA that both bots trust. */
export type Ground = { readonly folder: string; readonly channel: Channel; readonly caFile: string; /** The folder of the bundles. */ readonly built: string };

/** One of the two bots, as the driver sees it. */
export type Side = {
  readonly name: string;
  readonly line: Line;
  readonly processes: readonly Running[];
  readonly cpu: () => number;
  readonly memory: () => number;
  stop(): Promise<void>;
};

const sideOf = (name: string, urls: readonly string[], channel: Channel, processes: readonly Running[]): Side => {
  const line = channel.line(...urls);
  const pids = processes.map(({ pid }) => pid);
  return {
    name, line, processes, cpu: () => cpuOf(pids), memory: () => memoryOf(pids),
    stop: async () => {
      await line.close();
      await Promise.all(processes.map((one) => one.stop()));
    },
  };
};

/** The sample has no probe: for both, any answer says that it listens. */
const untilItListens = (bot: Running, url: string): Promise<void> => until('the bot to listen', bot, async () => (await fetch(url)).status > 0, 60_000, 5);

const credentials = { MicrosoftAppId: appId, MicrosoftAppType: 'SingleTenant', MicrosoftAppTenantId: appTenant, MicrosoftAppPassword: appPassword };

/** Microsoft's sample on the SDK's own settings: all seven, because one of them alone drops the others' defaults. */
export const startEcho = async ({ folder, channel, caFile }: Ground): Promise<Side> => {
  const port = await freePort();
  const echo = run([fileIn('test/bench/echo-bot/start.cjs')], {
    ...credentials, PORT: String(port), NODE_EXTRA_CA_CERTS: caFile,
    ToChannelFromBotLoginUrl: `${channel.url}/${appTenant}`, ToChannelFromBotOAuthScope: 'https://api.botframework.com', ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
    ToBotFromChannelOpenIdMetadataUrl: `${channel.url}/openid`, ToBotFromEmulatorOpenIdMetadataUrl: `${channel.url}/openid`, OAuthUrl: channel.url, CallerId: 'urn:botframework:azure',
  }, join(folder, 'echo.log'));
  const url = `http://127.0.0.1:${port}`;
  await untilItListens(echo, url);
  return sideOf('echo', [url], channel, [echo]);
};

export type Sandbox = Running & { readonly url: string };

/** Microsoft's side, compiled like the product and a process of its own. */
export const startSandbox = async ({ folder, built }: Ground, world: object): Promise<Sandbox> => {
  const [port, worldFile] = [await freePort(), join(folder, 'world.json')];
  writeFileSync(worldFile, JSON.stringify(world));
  const sandbox = run([join(built, 'local/partner-center/run.js'), '--port', String(port), '--world', worldFile], {}, join(folder, 'sandbox.log'));
  const url = `http://127.0.0.1:${port}`;
  await until('the sandbox to answer', sandbox, async () => (await fetch(`${url}/sandbox/clock`)).ok);
  // Its limits are Microsoft's; rate limits are the one thing that is raised here.
  await fetch(`${url}/sandbox/limits`, { method: 'POST', body: JSON.stringify({ partnerCenterAMinute: 100_000 }) });
  return { ...sandbox, url };
};

const sealKey = Buffer.alloc(32, 7);

/** Makes the ledger as an operator's people have left it: a user has signed in for every partner. */
export const makeLedger = async (databaseUrl: string): Promise<void> => {
  const { signIns, close } = await openLedger({ url: databaseUrl, machineNow: () => new Date(), sealKeys: [sealKey] });
  await Promise.all(partners.map((partner) => signIns.keep(asTenantId(partner), refreshTokenOf(asTenantId(partner)))));
  await close();
};

export const sqliteIn = ({ folder }: Ground, name: string): string => {
  mkdirSync(join(folder, name), { recursive: true });
  return `sqlite:${join(folder, name, 'ledger.sqlite')}`;
};

export type ProductOptions = { readonly databaseUrl: string; readonly name?: string; readonly replicas?: number; readonly flags?: readonly string[]; readonly environment?: Readonly<Record<string, string>> };

/**
 * The product as a service with its defaults; only its rate limits are raised. `PARTNER_CENTER=live` with the sandbox's addresses,
 * because with `PARTNER_CENTER=sandbox` the sandbox would run, and be counted, inside the product.
 */
export const startProduct = async ({ folder, channel, caFile, built }: Ground, sandbox: Sandbox, { databaseUrl, name = 'product', replicas = 1, flags = [], environment = {} }: ProductOptions): Promise<Side> => {
  const partnersFile = join(folder, 'partners.json');
  writeFileSync(partnersFile, JSON.stringify({
    directory: { clientId: directoryApp.clientId, secret: 'env:DIRECTORY_SECRET' },
    partners: partners.map(asTenantId).map((tenant) => ({
      tenant, type: 'directBill', clientId: partnerApp.clientId, secret: 'env:PARTNER_SECRET', callsAMinute: 500,
      groups: { adminAgents: groupOf(tenant, 'adminAgent'), salesAgents: groupOf(tenant, 'salesAgent'), helpdeskAgents: groupOf(tenant, 'helpdeskAgent') },
    })),
  }));
  const urls: string[] = [];
  const processes: Running[] = [];
  for (let replica = 1; replica <= replicas; replica += 1) {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const product = run([...flags, join(built, 'main.js')], {
      ...credentials, PORT: String(port), HOST: '127.0.0.1', NODE_EXTRA_CA_CERTS: caFile, DATABASE_URL: databaseUrl, LIMIT_PER_USER: '0', LIMIT_PER_TENANT: '0',
      CHANNEL_OPENID_METADATA_URL: `${channel.url}/openid`, LOGIN_URL: channel.url, ALLOWED_SERVICE_URLS: channel.url,
      PARTNER_CENTER: 'live', PARTNERS_FILE: partnersFile, PUBLIC_URL: url, OPERATOR_NAME: 'Bench', OPERATOR_TOKEN: 'operator-token-of-the-bench', SECRETS_KEY: sealKey.toString('base64'),
      DIRECTORY_SECRET: directoryApp.clientSecret, PARTNER_SECRET: partnerApp.clientSecret,
      PARTNER_CENTER_URL: `${sandbox.url}/partner-center`, GRAPH_URL: `${sandbox.url}/graph`, PARTNER_LOGIN_URL: `${sandbox.url}/login`, PORTAL_URLS: sandbox.url,
      ...environment,
    }, join(folder, `${name}-${replica}.log`));
    await untilItListens(product, url);
    urls.push(url);
    processes.push(product);
  }
  return sideOf(name, urls, channel, processes);
};

type Row = Readonly<Record<string, string | number | null>>;

/** Reads the ledger's database beside the running product. */
export const ask = async (databaseUrl: string, sql: string): Promise<readonly Row[]> => {
  if (databaseUrl.startsWith('sqlite:')) {
    const db = new Database(databaseUrl.slice('sqlite:'.length), { timeout: 5000 });
    try {
      return db.prepare(sql).all() as Row[];
    } finally {
      db.close();
    }
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
};

export const rowsIn = async (databaseUrl: string, table: 'invitation' | 'decision', which = 'TRUE'): Promise<number> => Number((await ask(databaseUrl, `SELECT COUNT(*) AS many FROM ${table} WHERE ${which}`))[0]?.['many']);

/** CPU seconds that the sessions of one schema on PostgreSQL use from now on; nothing when the server's processes are not seen from here. */
export const sessionsIn = async (databaseUrl: string): Promise<{ cpu(): Promise<number> } | undefined> => {
  const cpus = async (): Promise<ReadonlyMap<number, number>> => {
    const sessions = await ask(databaseUrl, `SELECT pid FROM pg_stat_activity WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()`);
    return new Map(sessions.map(({ pid }) => [Number(pid), cpuOf([Number(pid)])]));
  };
  const before = await cpus();
  // Of a process that is not here, or another one with its number, there is no such name.
  if (![...before.keys()].every((pid) => nameOf(pid).startsWith('postgres'))) return undefined;
  return { cpu: async () => [...(await cpus())].reduce((sum, [pid, now]) => sum + now - (before.get(pid) ?? 0), 0) };
};

export const lastWordsOf = ({ processes }: Side): string => processes.map(({ log }) => readFileSync(log, 'utf8').slice(-1500)).join('\n');
