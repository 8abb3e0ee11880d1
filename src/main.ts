import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import Keyv from 'keyv';
import { createChannel } from './bot/channel/channel.js';
import { createServiceUrlCheck } from './bot/channel/service-urls.js';
import { createTokenCheck } from './bot/channel/token-check.js';
import { createMessenger } from './bot/messenger.js';
import { createTurn } from './bot/turn.js';
import type { Clock, Ports } from './commands/ports.js';
import { startRounds } from './commands/rounds.js';
import { ConfigError, readConfig, type Config } from './config.js';
import { capabilitiesOf, type Capabilities } from './domain/rules.js';
import { verifyChain } from './ledger/audit.js';
import { openLedger } from './ledger/ledger.js';
import { createLog } from './log.js';
import { createMicrosoft } from './microsoft/microsoft.js';
import { createMetrics } from './server/metrics.js';
import type { ServedFile } from './server/files.js';
import { startServer } from './server/server.js';

const validForDays = 90;
const drainMs = 20_000;
const fileMinutes = 10;

/** Local mode plays the bot's registration itself; these open nothing outside this machine. */
const localBot = { appId: '00000000-0000-4000-8000-0000000000b0', appPassword: randomBytes(24).toString('base64url'), tokenTenant: 'local' };

const start = async (config: Config): Promise<void> => {
  const log = createLog({ level: config.logLevel, form: config.mode === 'local' ? 'plain' : 'json' });
  const local = await import('./local/local.js');
  const machineNow = (): Date => new Date();
  const chance = { guid: randomUUID, byte: () => randomBytes(1)[0] ?? 0, key: () => randomBytes(32).toString('base64url') };
  const port = config.port === 0 ? await freePort(config.host) : config.port;
  const ownUrl = `http://${config.host}:${port}`;

  const folder = config.databaseUrl.startsWith('sqlite:') ? dirname(config.databaseUrl.slice('sqlite:'.length)) : 'data';
  const { ledger, errands, store, erase, takeOver, close } = await openLedger({ url: config.databaseUrl, machineNow });
  if (config.databaseUrl.startsWith('sqlite:')) await takeOver();
  const sandbox = await local.startSandbox({
    world: config.sandbox.world ? await readWorld(config.sandbox.world) : undefined,
    file: join(folder, 'sandbox.sqlite'), host: config.sandbox.host, port: config.sandbox.port, machineNow,
  });
  const clock: Clock = { now: () => sandbox.now(), machineNow };

  const { authority, directory } = createMicrosoft({
    partnerCenterUrl: sandbox.partnerCenterUrl, graphUrl: sandbox.graphUrl, loginUrl: sandbox.loginUrl,
    accounts: sandbox.partners, directoryApp: sandbox.directoryApp, allowedLinkOrigins: [sandbox.url],
    delegatedAdminLink: (relationship) => `${sandbox.url}/AdminPortal/Home?delegatedAdmin=${relationship}#/partners/invitation/granularAdminRelationships/${relationship}`,
    machineNow, guid: chance.guid,
    onCall: ({ operation, status, ms }) => log.debug({ operation, status, durationMs: Math.round(ms) }, 'Called Microsoft.'),
  });

  const isLocal = config.mode === 'local';
  const bot = config.bot ?? localBot;
  const teams = isLocal ? await local.createTeams({ baseUrl: () => ownUrl, appId: bot.appId, botUrl: () => `${ownUrl}/api/messages`, guid: chance.guid, machineNow, file: join(folder, 'console.sqlite') }) : undefined;
  const isAllowedServiceUrl = createServiceUrlCheck(teams ? [ownUrl] : config.channel.allowedServiceUrls);
  const tokenCheck = createTokenCheck({
    appId: bot.appId, openIdMetadataUrl: teams?.openIdMetadataUrl ?? config.channel.openIdMetadataUrl, issuer: config.channel.issuer, machineNow, log,
  });
  const channel = createChannel({ ...bot, loginUrl: teams?.loginUrl ?? config.channel.loginUrl, oauthScope: config.channel.oauthScope, isAllowedServiceUrl, log, machineNow });

  const studio = { now: clock.now, isTrial: true, installUrl: config.bot ? `https://teams.microsoft.com/l/app/${config.bot.appId}` : '' };
  const ports: Ports = {
    authority, directory, ledger, errands, clock, chance,
    messenger: createMessenger(channel, studio),
    partners: sandbox.partners.map(({ tenant }) => tenant),
    deployment: { cloud: config.cloud, isTrial: true, validForDays, capabilities: capabilitiesIn(config), installUrl: studio.installUrl },
  };
  const keyv = await conversationState(config, store);
  const publicUrl = config.publicUrl ?? (isLocal ? ownUrl : undefined);
  const turn = createTurn({
    ports, channel, keyv, studio, log,
    verifyHistory: (records) => {
      const verdict = verifyChain(records);
      return verdict.is === 'broken' ? { is: 'broken', seq: verdict.seq } : { is: 'whole' };
    },
    offerFile: async (file) => {
      if (!publicUrl) return undefined;
      const key = chance.key();
      await keyv.set(keyOfFile(key), file, fileMinutes * 60_000);
      return { url: `${publicUrl}/files/${key}`, minutes: fileMinutes };
    },
  });
  const metrics = createMetrics();
  const rounds = startRounds(ports, {
    errandsEveryMs: 500,
    watchEveryMs: 1500,
    onRan: ({ topic, outcome, error }) => {
      metrics.errand(topic, outcome);
      if (outcome === 'dead') log.warn({ topic, outcome, error }, 'An errand was given up.');
    },
    onTrouble: (part, error) => log.error({ part, error }, 'A round failed; the next one tries again.'),
  });

  const server = await startServer({
    host: config.host, port, isAllowedServiceUrl, allowedTenants: config.allowedTenants, limits: config.limits, metrics, metricsToken: config.metricsToken, log, machineNow, drainMs,
    checkToken: tokenCheck.check,
    fileBehind: (key) => keyv.get<ServedFile>(keyOfFile(key)),
    turn: async (activity) => {
      try {
        return await turn(activity);
      } finally {
        rounds.nudge();
      }
    },
    readiness: async () => {
      const parts = { ledger: await ledger.isReachable(), keys: tokenCheck.isReady() };
      return { ready: parts.ledger && parts.keys, parts };
    },
    pages: (pages) => {
      if (!teams) return;
      teams.mount(pages);
      local.mountConsole(pages, {
        teams, sandboxUrl: sandbox.url,
        onReset: async () => {
          await erase();
          teams.reset();
        },
      });
    },
  });
  await Promise.all([tokenCheck.warm(), channel.warm()]);
  log.announce({ url: isLocal ? `http://localhost:${port}/` : server.url }, isLocal ? 'Open this page: two people, one invitation.' : 'Listening.');

  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) process.exit(1);
    isStopping = true;
    log.info({ signal }, 'Stopping.');
    setTimeout(() => process.exit(1), drainMs + 5_000).unref();
    await server.stop();
    await rounds.stop();
    teams?.close();
    await Promise.all([sandbox.close(), close()]);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
};

/** What the cloud has, unless the operator says otherwise (H-1, H-2 of the rules). */
const capabilitiesIn = ({ cloud, offers }: Config): Capabilities => ({
  ...capabilitiesOf[cloud], ...(offers.resellerRequest !== undefined && { resellerRequest: offers.resellerRequest }), ...(offers.gdap !== undefined && { gdap: offers.gdap }),
});

// The address is not in the database: whoever reads that cannot open the file.
const keyOfFile = (key: string): string => createHash('sha256').update(`file ${key}`).digest('base64url');

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

const conversationState = async ({ stateUrl }: Config, store: ConstructorParameters<typeof Keyv>[0]): Promise<Keyv> => {
  // Without throwing, keyv answers "nothing there" while the database is away, and a talk would start anew.
  if (!stateUrl) return new Keyv(store, { throwOnErrors: true });
  const { default: KeyvRedis } = await import('@keyv/redis');
  return new Keyv(new KeyvRedis(stateUrl), { throwOnErrors: true });
};

const freePort = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Mistakes of the operator are sentences; anything else keeps its stack. */
const isOperatorsMistake = (error: unknown): error is Error =>
  error instanceof Error && ['ConfigError', 'WorldError', 'LedgerRefusedError'].includes(error.name);

const taken = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' ? `Port ${'port' in error ? String(error.port) : ''} is taken: stop the other program, or set PORT (or SANDBOX_PORT) to another one.` : undefined;

try {
  await start(readConfig());
} catch (error) {
  const sentence = isOperatorsMistake(error) ? error.message : taken(error);
  process.stderr.write(`${sentence ?? (error instanceof Error ? error.stack : String(error))}\n`);
  process.exit(1);
}
