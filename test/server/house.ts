import net from 'node:net';
import { createServiceUrlCheck } from '../../src/bot/channel/service-urls.js';
import { createTokenCheck } from '../../src/bot/channel/token-check.js';
import { createLog } from '../../src/log.js';
import type { InboundActivity } from '../../src/server/activity.js';
import { createMetrics } from '../../src/server/metrics.js';
import { type ServerOptions, startServer } from '../../src/server/server.js';
import { APP_ID, ISSUER, mint, NOON, SERVICE_URL, startKeyService } from '../bot/channel/key-service.js';

export const CONTOSO = 'c0000000-0000-0000-0000-000000000001';
export const ELIF = 'e0000000-0000-0000-0000-000000000001';

export const anActivity = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  type: 'message',
  id: '1700000000000',
  channelId: 'msteams',
  serviceUrl: SERVICE_URL,
  text: 'invite contoso.com',
  conversation: { id: 'a:elif', conversationType: 'personal', tenantId: CONTOSO },
  from: { id: '29:elif', name: 'Elif Kaya', aadObjectId: ELIF },
  recipient: { id: `28:${APP_ID}`, name: 'Partner' },
  channelData: { tenant: { id: CONTOSO } },
  ...changes,
});

const open = new Set<() => Promise<void>>();
/** For `afterEach`: whatever a test opened, also when it failed in the middle. */
export const closeHouses = async (): Promise<void> => {
  await Promise.all([...open].map((close) => close()));
  open.clear();
};

const commercial = { issuer: ISSUER, allowedServiceUrls: ['https://smba.trafficmanager.net'] as readonly string[] };

/** The real server with the real token check behind it; what passes the gate lands in `turns`. */
export const openHouse = async (changes: Partial<ServerOptions> = {}, { issuer, allowedServiceUrls } = commercial) => {
  const keyService = await startKeyService();
  open.add(keyService.close);
  const lines: string[] = [];
  const log = createLog({ level: 'debug', form: 'json', to: { write: (line) => void lines.push(line) } });
  const clock = { now: NOON };
  const tokens = createTokenCheck({ appId: APP_ID, openIdMetadataUrl: keyService.metadataUrl, issuer, machineNow: () => clock.now, log });
  const turns: InboundActivity[] = [];
  const server = await startServer({
    port: 0,
    host: '127.0.0.1',
    checkToken: tokens.check,
    turn: async (activity) => {
      turns.push(activity);
      return { status: 200 };
    },
    readiness: async () => ({ ready: true, parts: { ledger: true, keys: tokens.isReady() } }),
    metrics: createMetrics(),
    limits: { perUser: 0, perTenant: 0 },
    isAllowedServiceUrl: createServiceUrlCheck(allowedServiceUrls),
    allowedTenants: [],
    log,
    machineNow: () => clock.now,
    ...changes,
  });
  open.add(server.stop);
  const port = Number(new URL(server.url).port);

  const post = async (body: unknown = anActivity(), headers: Readonly<Record<string, string>> = {}) => {
    const authorization = headers.authorization ?? await mint();
    const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    const response = await fetch(`${server.url}/api/messages`, {
      method: 'POST', headers: { 'content-type': 'application/json', ...headers, authorization }, body: bytes as string,
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  /** Writes pieces to a bare socket and gives everything that came back until it closed, or until `forMs`. */
  const raw = (pieces: Iterable<string | Uint8Array>, forMs = 1_500): Promise<string> => new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    let heard = '';
    const hangUp = setTimeout(() => socket.destroy(), forMs);
    socket.on('data', (data) => { heard += data.toString('latin1'); }).on('error', () => undefined);
    socket.on('close', () => { clearTimeout(hangUp); resolve(heard); });
    for (const piece of pieces) socket.write(piece);
  });
  return { server, port, tokens, keyService, clock, turns, lines, post, raw };
};

export type House = Awaited<ReturnType<typeof openHouse>>;
