import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Keyv from 'keyv';
import { createChannel } from './bot/channel/channel.js';
import { createServiceUrlCheck } from './bot/channel/service-urls.js';
import { createTokenCheck } from './bot/channel/token-check.js';
import { createMessenger } from './bot/messenger.js';
import { createTurn } from './bot/turn.js';
import type { Clock, Ports } from './commands/ports.js';
import type { TenantId } from './domain/ids.js';
import { hearEvent } from './commands/hear-event.js';
import { alwaysMine, keepDuty, type Duty } from './commands/duty.js';
import { startRounds, tellingOfErrands } from './commands/rounds.js';
import { provenBot } from './bot-proof.js';
import { ConfigError, readConfig, type Bot, type Config } from './config.js';
import { capabilitiesOf, type Capabilities } from './domain/rules.js';
import { verifyChain } from './ledger/audit.js';
import { openLedger, type Duties } from './ledger/ledger.js';
import { createLivePages } from './live-pages.js';
import { startLiveRounds } from './live-rounds.js';
import { createLog } from './log.js';
import { liveSide, partnersOf, sandboxSide } from './microsoft-side.js';
import { createEventCheck } from './microsoft/event-signature.js';
import { createMicrosoft } from './microsoft/microsoft.js';
import type { MicrosoftOptions } from './microsoft/options.js';
import { createTrace } from './microsoft/trace.js';
import { createSeen, figuresOf } from './seen.js';
import { createMetrics } from './server/metrics.js';
import type { ServedFile } from './server/files.js';
import { startServer } from './server/server.js';
import { activeTraceId } from './spans.js';
import { steadyFrom } from './steady-now.js';

const validForDays = 90;
const drainMs = 20_000;
const fileMinutes = 10;
const dutyMs = 30_000;
/** With the real Microsoft: whoever writes right after a start is served before all partners are looked at. */
const afterStartMs = 2_000;

/** Local mode plays the bot's registration itself; these open nothing outside this machine. */
const localBot: Bot = { appId: '00000000-0000-4000-8000-0000000000b0', appPassword: randomBytes(24).toString('base64url'), tokenTenant: 'local' };

/** What exists for one machine only: the sandbox, the pretend Teams, the console. */
const loadLocal = () => import('./local/local.js');

const start = async (config: Config): Promise<void> => {
  const machineNow = (): Date => new Date();
  const trace = createTrace();
  const log = createLog({ level: config.logLevel, form: config.mode === 'local' ? 'plain' : 'json', under: () => ({ correlationId: trace.correlationId(), traceId: activeTraceId() }) });
  const metrics = createMetrics();
  const seen = createSeen({ metrics, log, machineNow });
  const steadyNow = steadyFrom(machineNow);
  const chance = { guid: randomUUID, byte: () => randomInt(256), key: () => randomBytes(32).toString('base64url') };
  const port = config.port === 0 ? await freePort(config.host) : config.port;
  const ownUrl = `http://${config.host}:${port}`;

  const folder = config.databaseUrl.startsWith('sqlite:') ? dirname(config.databaseUrl.slice('sqlite:'.length)) : 'data';
  const { ledger, errands, store, signIns, duties, isTight, erase, close } = await openLedger({
    url: config.databaseUrl, machineNow: steadyNow, sealKeys: config.live?.sealKeys ?? [],
    service: {
      onTight: (is) => is ? log.error({ part: 'disk' }, 'The disk is nearly full: nothing new is written down until there is room.') : log.info({ part: 'disk' }, 'There is room on the disk again.'),
    },
  });
  const duty = await dutyIn(config, duties, folder);
  const side = config.live ? await liveSide(config.live, config, machineNow) : await sandboxSide((await loadLocal()).startSandbox, config.sandbox, folder, machineNow);
  const clock: Clock = { now: side.now, machineNow: steadyNow };
  const keyv = await conversationState(config, store);
  const calling: MicrosoftOptions = { ...side.options, machineNow, guid: chance.guid, trace, signIns, onCall: seen.onCall };
  const livePages = side.live && createLivePages({ live: side.live, microsoft: calling, keyv, signIns, log, machineNow });
  const { authority, directory, newsFeed } = createMicrosoft({ ...calling, ...(livePages && { signedInRoles: livePages.rolesOf }) });

  const isLocal = config.mode === 'local';
  const local = isLocal ? await loadLocal() : undefined;
  const bot = config.bot ?? localBot;
  const teams = local ? await local.createTeams({ baseUrl: () => ownUrl, appId: bot.appId, botUrl: () => `${ownUrl}/api/messages`, guid: chance.guid, machineNow, file: join(folder, 'console.sqlite') }) : undefined;
  const isAllowedServiceUrl = createServiceUrlCheck(teams ? [ownUrl] : config.channel.allowedServiceUrls);
  const tokenCheck = createTokenCheck({
    appId: bot.appId, openIdMetadataUrl: teams?.openIdMetadataUrl ?? config.channel.openIdMetadataUrl, issuer: config.channel.issuer, machineNow, log,
  });
  const channel = createChannel({ ...(await provenBot(bot, config, machineNow)), loginUrl: teams?.loginUrl ?? config.channel.loginUrl, oauthScope: config.channel.oauthScope, isAllowedServiceUrl, log, machineNow });

  const studio = { now: clock.now, isTrial: !config.live, installUrl: config.installUrl, ownPages: livePages?.ownPages };
  const ports: Ports = {
    authority, directory, ledger: seen.ledger(ledger), errands: seen.errands(errands), clock, chance,
    messenger: seen.messenger(createMessenger(channel, studio)), newsFeed,
    partners: partnersOf(side),
    trace: seen.trace((errand, run) => trace.during(errand.key, run)),
    deployment: { cloud: config.cloud, isTrial: studio.isTrial, validForDays, capabilities: capabilitiesIn(config), installUrl: studio.installUrl },
  };
  const publicUrl = config.publicUrl ?? (isLocal ? ownUrl : undefined);
  let areErrandsNew = false;
  const turn = createTurn({
    ports: tellingOfErrands(ports, () => { areErrandsNew = true; }), channel, keyv, studio, log,
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
  const rounds = startRounds(ports, {
    errandsEveryMs: 500,
    watchEveryMs: config.watchEverySeconds * 1000,
    ...(config.live && { watchAfterMs: afterStartMs }),
    duty,
    onGood: seen.onGood,
    onTrouble: seen.onTrouble,
  });

  const { live } = side;
  const passOnTo = (partner: TenantId): readonly string[] => live?.partners.find(({ tenant }) => tenant === partner)?.passEventsTo ?? [];
  const hear = hearEvent(ports, passOnTo);

  const server = await startServer({
    host: config.host, port, isHttps: publicUrl?.startsWith('https:') ?? false, isAllowedServiceUrl, allowedTenants: config.allowedTenants, limits: config.limits, metrics, metricsToken: config.metricsToken, log, machineNow, drainMs,
    checkToken: tokenCheck.check,
    fileBehind: (key) => keyv.get<ServedFile>(keyOfFile(key)),
    events: live && {
      checkEvent: createEventCheck({ certificateHosts: live.webhook.certificateHosts, trustedRoots: live.trustedRoots, allowSha1: live.webhook.allowSha1, machineNow }),
      hearEvent: async (event) => {
        await hear(event);
        rounds.nudge();
      },
    },
    turn: async (activity) => {
      try {
        return await seen.turn(activity.type, () => turn(activity));
      } finally {
        // Most turns only look: to ask the ledger for errands costs more than they do.
        if (areErrandsNew) rounds.nudge();
        areErrandsNew = false;
      }
    },
    figures: figuresOf({ ledger, errands, signIns, appTokenAgeSeconds: channel.tokenAgeSeconds, signingKeysAgeSeconds: tokenCheck.keysAgeSeconds, machineNow, steadyNow }),
    readiness: async () => {
      const parts = { ledger: await ledger.isReachable(), disk: !isTight(), keys: tokenCheck.isReady() };
      return { ready: parts.ledger && parts.disk && parts.keys, parts };
    },
    pages: (pages) => {
      livePages?.mount(pages, directory);
      if (!teams || !local || side.sandboxUrl === undefined) return;
      teams.mount(pages);
      local.mountConsole(pages, {
        teams, sandboxUrl: side.sandboxUrl,
        onReset: async () => {
          await erase();
          teams.reset();
        },
      });
    },
  });
  await Promise.all([tokenCheck.warm(), channel.warm()]);
  log.announce({ url: isLocal ? `http://localhost:${port}/` : server.url }, isLocal ? 'Open this page: two people, one invitation.' : 'Listening.');

  const liveRounds = live && startLiveRounds({
    ports, afterMs: afterStartMs, signIns, duty, log, passOnTo, signsIn: live.partners.flatMap(({ tenant, access }) => (access === 'user' ? tenant : [])),
    addressFor: (partner) => `${live.publicUrl}/api/partner-center/events?partner=${partner}`,
    onStanding: ({ signIns: troubles, news }) => {
      if (troubles) metrics.signIns(troubles.map(({ is }) => is));
      if (news) metrics.news(news.map(({ is }) => is));
    },
  });

  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) process.exit(1);
    isStopping = true;
    log.info({ signal }, 'Stopping.');
    setTimeout(() => process.exit(1), drainMs + 5_000).unref();
    await server.stop();
    liveRounds?.stop();
    await rounds.stop();
    await duty.leave();
    teams?.close();
    await Promise.all([side.close(), close()]);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
};

/**
 * Whose turn it is among the replicas on one server. A sandbox in this process is Microsoft for this process alone, so with it there
 * are no others. @throws ConfigError when there are
 */
const dutyIn = async (config: Config, duties: Duties, folder: string): Promise<Duty> => {
  if (!duties.areShared) return alwaysMine;
  // The same sandbox again, after a kill -9, need not wait for its own lease.
  const holder = config.live ? randomUUID() : `${hostname()} ${resolve(folder)}`;
  const take = (leaseMs: number): Promise<boolean> => duties.take('clock', holder, leaseMs);
  if (!config.live) {
    for (const startedAt = performance.now(); !(await take(dutyMs)); await wait(1000)) {
      if (performance.now() - startedAt < dutyMs + 5000) continue;
      throw new ConfigError(['Another copy of this program runs on this database, and a sandbox inside one copy is unknown to the others. Start one copy only, or run the sandbox as a server of its own and use PARTNER_CENTER=live with it (docs/sandbox-alone.md).']);
    }
  }
  return keepDuty({ take, leave: () => duties.leave('clock', holder), leaseMs: dutyMs });
};

/** What the cloud has, unless the operator says otherwise (H-1, H-2 of the rules). */
const capabilitiesIn = ({ cloud, offers }: Config): Capabilities => ({
  ...capabilitiesOf[cloud], ...(offers.resellerRequest !== undefined && { resellerRequest: offers.resellerRequest }), ...(offers.gdap !== undefined && { gdap: offers.gdap }),
});

// The address is not in the database: whoever reads that cannot open the file.
const keyOfFile = (key: string): string => createHash('sha256').update(`file ${key}`).digest('base64url');

const conversationState = async ({ stateUrl }: Config, store: ConstructorParameters<typeof Keyv>[0]): Promise<Keyv> => {
  // Without throwing, keyv answers "nothing there" while the database is away, and a talk would start anew. What is kept is
  // plain JSON: keyv's own way looks at every value for buffers.
  if (!stateUrl) return new Keyv(store, { throwOnErrors: true, serialize: JSON.stringify, deserialize: JSON.parse });
  const { default: KeyvRedis } = await import('@keyv/redis');
  // A Redis that is away holds no turn up: what is asked of it fails at once instead of waiting in a queue, and a talk starts anew.
  // One that is silent is away after a second and a half; the pings keep a line that nobody uses from counting as silent.
  const redis = new KeyvRedis({ url: stateUrl, disableOfflineQueue: true, pingInterval: 500, socket: { connectTimeout: 1000, socketTimeout: 1500, reconnectStrategy: 500 } });
  // It connects now, and again by itself; a turn that was the first to ask would wait for it.
  void redis.getClient().catch(() => undefined);
  return new Keyv(redis).on('error', () => undefined);
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
  error instanceof Error && ['ConfigError', 'WorldError', 'LedgerRefusedError', 'PartnersFileError', 'CertificateUnusableError', 'TrustedRootsUnusableError'].includes(error.name);

const taken = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' ? `Port ${'port' in error ? String(error.port) : ''} is taken: stop the other program, or set PORT (or SANDBOX_PORT) to another one.` : undefined;

try {
  await start(readConfig());
} catch (error) {
  const sentence = isOperatorsMistake(error) ? error.message : taken(error);
  process.stderr.write(`${sentence ?? (error instanceof Error ? error.stack : String(error))}\n`);
  process.exit(1);
}
