import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';

export const appId = '5f0c6a52-0b1d-4c57-9a59-2f6f3f5d1e01';

export type Heard = { readonly claims: JWTPayload; readonly activity: Activity };
export type Activity = {
  readonly type: string; readonly id: string; readonly name?: string; readonly text?: string; readonly action?: string; readonly locale: string; readonly serviceUrl: string; readonly replyToId?: string; readonly value?: unknown;
  readonly from: { readonly id: string; readonly aadObjectId: string; readonly name: string };
  readonly recipient: { readonly id: string };
  readonly conversation: { readonly id: string; readonly tenantId: string; readonly conversationType: string };
  readonly channelData: { readonly tenant: { readonly id: string } };
  readonly membersAdded?: readonly { readonly id: string }[];
  readonly entities: readonly Record<string, unknown>[];
};
type Answer = { readonly status?: number; readonly body?: unknown };

/** A bot of thirty lines: believes only tokens that Teams' keys verify, and answers what the test tells it to. */
export class StandInBot {
  readonly heard: Heard[] = [];
  url = '';
  answer: (activity: Activity) => Promise<Answer | void> | Answer | void = () => undefined;
  private token = '';

  static async start(teamsUrl: () => string): Promise<StandInBot> {
    const bot = new StandInBot(teamsUrl);
    bot.url = `${await listen(bot.server)}/api/messages`;
    return bot;
  }

  private constructor(private readonly teamsUrl: () => string) {}

  private readonly server = createServer((req, res) => void (async () => {
    const activity = JSON.parse(await textOf(req)) as Activity;
    const claims = await this.verified(req.headers.authorization ?? '').catch(() => undefined);
    if (!claims) return reply(res, 401, undefined);
    this.heard.push({ claims, activity });
    const { status = 200, body } = (await this.answer(activity)) ?? {};
    reply(res, status, body);
  })());

  private async verified(authorization: string): Promise<JWTPayload> {
    const { jwks_uri: keys, issuer } = (await (await fetch(`${this.teamsUrl()}/teams/openid`)).json()) as { jwks_uri: string; issuer: string };
    return (await jwtVerify(authorization.replace('Bearer ', ''), createRemoteJWKSet(new URL(keys)), { issuer, audience: appId })).payload;
  }

  /** A call to the connector, with a token from Teams' login. */
  async call(path: string, body?: unknown, method = 'POST'): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
    this.token ||= await this.logIn();
    const response = await fetch(`${this.teamsUrl()}/teams/v3/${path}`, { method, headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, body: text ? (JSON.parse(text) as Record<string, unknown>) : {} };
  }

  /** Writes into a chat; gives the message's id. */
  async write(conversation: string, activity: unknown): Promise<string> {
    return String((await this.call(`conversations/${conversation}/activities`, activity)).body['id']);
  }

  private async logIn(): Promise<string> {
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: appId, client_secret: 'secret', scope: 'https://api.botframework.com/.default' });
    const response = await fetch(`${this.teamsUrl()}/teams/login/botframework.com/oauth2/v2.0/token`, { method: 'POST', body: form });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  stop(): Promise<void> {
    return close(this.server);
  }
}

const csp = { type: 'directBill', active: true, mpaSigned: true, providers: [] };
export const ids = {
  fabrikam: 'ffffffff-0000-4000-8000-000000000001', contoso: 'cccccccc-0000-4000-8000-000000000001', adatum: '00000000-0000-4000-8000-0000000000a1',
  elif: '00000000-0000-4000-8000-00000000f001', murat: '00000000-0000-4000-8000-00000000f002', ayse: '00000000-0000-4000-8000-00000000c001', gul: '00000000-0000-4000-8000-00000000c002', alex: '00000000-0000-4000-8000-00000000a001',
} as const;
const person = (id: string, name: string, locale: string, roles: readonly string[], guest = false) => ({ id, name, mail: 'one@example.com', locale, roles, guest });
export const world = {
  now: '2026-11-22T09:00:00Z',
  tenants: [
    { id: ids.adatum, name: 'Adatum', domains: ['adatum.com'], country: 'DE', cloud: 'commercial', csp: null, people: [person(ids.alex, '<img src=x onerror=alert(1)> **Alex**', 'en-US', ['globalAdmin'])] },
    { id: ids.fabrikam, name: 'Fabrikam', domains: ['fabrikam.com'], country: 'TR', cloud: 'commercial', csp, people: [person(ids.murat, 'Murat Demir', 'tr-TR', ['adminAgent']), person(ids.elif, 'Elif Kaya', 'en-US', ['salesAgent'])] },
    { id: ids.contoso, name: 'Contoso', domains: ['contoso.com'], country: 'TR', cloud: 'commercial', csp: null, people: [person(ids.gul, 'Gül Konuk', 'tr-TR', ['globalAdmin'], true), person(ids.ayse, 'Ayşe Yılmaz', 'tr-TR', ['globalAdmin'])] },
  ],
  grants: [{ kind: 'reseller', partner: ids.fabrikam, customer: ids.contoso, since: '2023-04-01T00:00:00Z' }],
  subscriptions: [],
};

/** The sandbox's control endpoints, and nothing behind them. */
export class StandInSandbox {
  readonly asked: { readonly path: string; readonly body: unknown }[] = [];
  url = '';
  private now = Date.parse(world.now);

  static async start(): Promise<StandInSandbox> {
    const sandbox = new StandInSandbox();
    sandbox.url = await listen(sandbox.server);
    return sandbox;
  }

  private readonly server = createServer((req, res) => void (async () => {
    const path = (req.url ?? '').replace('/sandbox/', '');
    const body = req.method === 'POST' ? (JSON.parse(await textOf(req)) as { advanceSeconds?: number }) : undefined;
    if (body) this.asked.push({ path, body });
    if (body?.advanceSeconds) this.now += body.advanceSeconds * 1000;
    if (path === 'reset') this.now = Date.parse(world.now);
    const now = new Date(this.now).toISOString();
    reply(res, 200, path === 'world' ? { ...world, now } : path === 'accept' ? { outcome: 'accepted', since: now } : { now });
  })());

  stop(): Promise<void> {
    return close(this.server);
  }
}

const textOf = async (req: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};
const reply = (res: ServerResponse, status: number, body: unknown): void => {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(body === undefined ? '' : JSON.stringify(body));
};
const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
    });
  });
const close = (server: Server): Promise<void> => {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
};
