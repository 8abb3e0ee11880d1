import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { Pool } from 'undici';
import type { Person } from './world.js';

export const appId = '5f0c6a52-0b1d-4c57-9a59-2f6f3f5d1e01';
export const appTenant = '5f0c6a52-0b1d-4c57-9a59-2f6f3f5d1e02';
export const appPassword = 'bench-only-secret';

const issuer = 'https://api.botframework.com';
const tokensInPool = 200;
const patienceMs = 30_000;

/** What a bot sent to one conversation. */
export type Sent = { readonly id: string; readonly method: string; readonly activity: Record<string, unknown>; readonly at: number };
export type Answer = { readonly status: number; readonly body: string };
export type Turn = { readonly isGood: boolean; readonly ms: number; readonly sent?: Sent | undefined; readonly answer: Answer };

export type Channel = Awaited<ReturnType<typeof startChannel>>;

/**
 * The channel as both bots meet it, over TLS: the keys and signed tokens of the Bot Framework, the login service, the connector.
 * It answers at once and counts nothing against anybody.
 */
export const startChannel = async ({ cert, key }: { readonly cert: string; readonly key: string }) => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = 'bench';
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256', endorsements: ['msteams'] }] });
  const botTokens = new Set<string>();
  const listeners = new Map<string, (sent: Sent) => void>();
  let url = '';
  let lines = 0;
  let everything: ((sent: Sent) => void) | undefined;

  const answers = (req: IncomingMessage, path: string, body: string): readonly [status: number, body: unknown] => {
    if (path === '/keys') return [200, jwks];
    if (path === '/openid') return [200, { issuer, jwks_uri: `${url}/keys`, id_token_signing_alg_values_supported: ['RS256'] }];
    if (path === '/common/discovery/instance') return [200, { tenant_discovery_endpoint: `${url}/${appTenant}/v2.0/.well-known/openid-configuration`, metadata: [] }];
    if (path.endsWith('/.well-known/openid-configuration')) {
      const at = `${url}/${appTenant}/oauth2/v2.0`;
      return [200, { issuer: `${url}/${appTenant}/v2.0`, authorization_endpoint: `${at}/authorize`, token_endpoint: `${at}/token`, jwks_uri: `${url}/keys` }];
    }
    if (path.endsWith('/oauth2/v2.0/token')) {
      if (new URLSearchParams(body).get('client_secret') !== appPassword) return [401, { error: 'invalid_client' }];
      const token = randomBytes(600).toString('base64url'); // as long as a real one
      botTokens.add(token);
      return [200, { token_type: 'Bearer', expires_in: 86_399, ext_expires_in: 86_399, access_token: token }];
    }
    const conversation = /^\/emea\/v3\/conversations\/([^/]+)\/activities/.exec(path)?.[1];
    if (conversation === undefined) return [404, {}];
    if (!botTokens.has((req.headers.authorization ?? '').slice('Bearer '.length))) return [401, {}];
    const id = randomUUID();
    const sent: Sent = { id, method: req.method ?? '', activity: JSON.parse(body) as Record<string, unknown>, at: performance.now() };
    listeners.get(decodeURIComponent(conversation))?.(sent);
    everything?.(sent);
    return [req.method === 'PUT' ? 200 : 201, { id }];
  };

  const server = createServer({ cert, key }, (req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      const [status, body] = answers(req, (req.url ?? '').split('?', 1)[0] ?? '', Buffer.concat(parts).toString());
      res.writeHead(status, { 'content-type': 'application/json' });
      res.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => void server.listen(0, 'localhost', resolve));
  url = `https://localhost:${(server.address() as AddressInfo).port}`;
  const serviceUrl = `${url}/emea/`;

  // Teams uses one token for many activities; signing is the sender's work and must not be counted here.
  const now = Math.floor(Date.now() / 1000);
  const pool = await Promise.all(Array.from({ length: tokensInPool }, (_, at) =>
    new SignJWT({ serviceurl: serviceUrl }).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).setIssuer(issuer).setAudience(appId)
      .setNotBefore(now - 60 - at).setExpirationTime(now + 6 * 3600).sign(privateKey)));
  let next = 0;
  const token = (): string => `Bearer ${pool[(next = (next + 1) % pool.length)]}`;

  const activityOf = (person: Person, conversation: string, more: Readonly<Record<string, unknown>>) => ({
    id: randomUUID(), timestamp: new Date().toISOString(), localTimestamp: new Date().toISOString(), localTimezone: 'Europe/London', channelId: 'msteams', serviceUrl,
    from: { id: `29:${person.id}`, aadObjectId: person.id, name: person.name }, recipient: { id: `28:${appId}`, name: 'Bot' },
    conversation: { id: conversation, conversationType: 'personal', tenantId: person.tenant }, channelData: { tenant: { id: person.tenant } }, locale: 'en-GB',
    entities: [{ type: 'clientInfo', locale: 'en-GB', country: 'GB', platform: 'Web', timezone: 'Europe/London' }],
    ...more,
  });

  return {
    url, serviceUrl,
    close: () => { server.closeAllConnections(); server.close(); },
    /** Hears all that arrives at the connector, whoever it is for. */
    listenToAll: (heard: ((sent: Sent) => void) | undefined): void => { everything = heard; },

    /** Connections to one bot, kept as Teams keeps them, and the people's chats with it. Its replicas take turns. */
    line: (...botUrls: readonly string[]) => {
      const pools = botUrls.map((url) => new Pool(url, { connections: 64, pipelining: 1 }));
      let posted = 0;
      const number = (lines += 1);
      const conversationOf = ({ id }: Person): string => `a:${number}-${id}`;
      const post = async (activity: object): Promise<Answer> => {
        const pool = pools[(posted += 1) % pools.length] as Pool;
        const { statusCode, body } = await pool.request({
          method: 'POST', path: '/api/messages', headers: { authorization: token(), 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(activity),
          headersTimeout: patienceMs, bodyTimeout: patienceMs,
        });
        return { status: statusCode, body: await body.text() };
      };
      return {
        close: () => Promise.all(pools.map((pool) => pool.destroy())),
        /** Hears everything the bot sends to somebody, until the next message of theirs. */
        listen: (person: Person, heard: (sent: Sent) => void): void => void listeners.set(conversationOf(person), heard),
        tell: (person: Person, more: Readonly<Record<string, unknown>>): Promise<Answer> => post(activityOf(person, conversationOf(person), more)),
        /** A message up to its reply at the connector and the answer to the request; `ms` counts to the reply. */
        say: async (person: Person, text: string, isReply: (sent: Sent) => boolean): Promise<Turn> => {
          const startedAt = performance.now();
          const activity = activityOf(person, conversationOf(person), { type: 'message', text, textFormat: 'plain' });
          let giveUp = (): void => undefined;
          const reply = new Promise<Sent | undefined>((resolve) => {
            giveUp = () => resolve(undefined);
            listeners.set(conversationOf(person), (sent) => {
              // A notice of what somebody did before may come first; it answers nothing.
              if (sent.activity['type'] === 'message' && sent.activity['replyToId'] === activity['id']) resolve(sent);
            });
          });
          const patience = setTimeout(giveUp, patienceMs);
          const answer = await post(activity).catch((error: unknown) => ({ status: 0, body: String(error) }));
          if (answer.status !== 200) giveUp(); // turned away: no reply will come
          const sent = await reply;
          clearTimeout(patience);
          return { isGood: answer.status === 200 && sent !== undefined && isReply(sent), ms: (sent?.at ?? performance.now()) - startedAt, sent, answer };
        },
        /** A button of a card, up to the answer in the same request. */
        press: async (person: Person, replyToId: string, verb: string, data: unknown, isDone: (answer: Answer) => boolean): Promise<Turn> => {
          const startedAt = performance.now();
          const answer = await post(activityOf(person, conversationOf(person), {
            type: 'invoke', name: 'adaptiveCard/action', replyToId, value: { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' },
          }));
          return { isGood: answer.status === 200 && isDone(answer), ms: performance.now() - startedAt, answer };
        },
      };
    },
  };
};

export type Line = ReturnType<Channel['line']>;
