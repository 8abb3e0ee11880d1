import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { createSigning } from '../../src/local/teams/signing.js';

/** What goes wrong with one call: a status, or an answer that never comes, before or after the message was taken. */
export type Trouble = { readonly status: number; readonly retryAfter?: number } | { readonly silent: 'before' | 'after'; readonly cut: boolean };
export type Sent = { readonly id: string; readonly method: string; readonly person: string; readonly body: Readonly<Record<string, unknown>> };
export type Account = { readonly tenant: string; readonly id: string; readonly name: string; readonly locale: string };

const issuer = 'https://api.botframework.com';

/** The channel as the wire has it, for many people: it signs, takes messages or does not, and keeps none of them. */
export const startChannel = async ({ appId, trouble = () => undefined, onSent }: {
  readonly appId: string;
  /** Asked for every message. */
  readonly trouble?: (sent: Sent) => Trouble | undefined;
  /** Each message that was taken, whatever the bot was told. */
  readonly onSent: (sent: Sent, trouble: Trouble | undefined) => void;
}) => {
  let url = '';
  const signing = await createSigning({ appId, issuer, serviceUrl: () => `${url}/`, machineNow: () => new Date() });
  const server = createServer((req, res) => {
    const say = (status: number, body: unknown, headers = {}): void => {
      // Not as a chain: restify's `writeHead`, which is everybody's once it is loaded, returns nothing.
      res.writeHead(status, { 'content-type': 'application/json', ...headers });
      res.end(JSON.stringify(body));
    };
    void textOf(req).then((text) => {
      const path = req.url ?? '';
      if (path === '/openid') return say(200, { issuer, jwks_uri: `${url}/keys`, id_token_signing_alg_values_supported: ['RS256'] });
      if (path === '/keys') return say(200, signing.jwks);
      if (path.startsWith('/login')) return say(200, { token_type: 'Bearer', expires_in: 3599, access_token: randomUUID() });
      const [, person = '', known] = /^\/v3\/conversations\/a(?::|%3A)([^/]+)\/activities(?:\/([^/]+))?/.exec(path) ?? [];
      if (!person) return say(404, {});
      const sent: Sent = { id: req.method === 'PUT' && known ? decodeURIComponent(known) : randomUUID(), method: req.method ?? '', person, body: JSON.parse(text) as Sent['body'] };
      const wrong = trouble(sent);
      const isTaken = !wrong || ('silent' in wrong && wrong.silent === 'after');
      if (isTaken) onSent(sent, wrong);
      if (!wrong) return say(201, { id: sent.id });
      if ('status' in wrong) return say(wrong.status, { error: { code: 'Fault', message: 'Scripted.' } }, wrong.retryAfter === undefined ? {} : { 'retry-after': String(wrong.retryAfter) });
      if (wrong.cut) req.socket.destroy();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

  const activityOf = (from: Account, type: string, more: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
    type, id: randomUUID(), timestamp: new Date().toISOString(), channelId: 'msteams', serviceUrl: `${url}/`, locale: from.locale,
    from: { id: `29:${from.id}`, aadObjectId: from.id, name: from.name }, recipient: { id: `28:${appId}`, name: 'Partner Invitations' },
    conversation: { id: `a:${from.id}`, conversationType: 'personal', tenantId: from.tenant }, channelData: { tenant: { id: from.tenant } }, ...more,
  });
  let token: Promise<string> | undefined;
  let tokenUntil = 0;
  const currentToken = (): Promise<string> => {
    if (!token || Date.now() > tokenUntil) [token, tokenUntil] = [signing.token(), Date.now() + 30 * 60_000];
    return token;
  };
  return {
    url,
    /** What the product is told of this channel. */
    settings: { CHANNEL_OPENID_METADATA_URL: `${url}/openid`, LOGIN_URL: `${url}/login`, ALLOWED_SERVICE_URLS: url },
    message: (from: Account, text: string) => activityOf(from, 'message', { text, textFormat: 'plain' }),
    press: (from: Account, verb: string, data: Readonly<Record<string, unknown>>, replyToId: string) =>
      activityOf(from, 'invoke', { name: 'adaptiveCard/action', replyToId, value: { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' } }),
    arrival: (from: Account) => activityOf(from, 'installationUpdate', { action: 'add' }),
    /** One activity to the bot. @throws when no answer came */
    deliver: async (botUrl: string, activity: unknown): Promise<{ readonly status: number; readonly text: string }> => {
      const response = await fetch(`${botUrl}/api/messages`, {
        method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${await currentToken()}` }, body: JSON.stringify(activity), signal: AbortSignal.timeout(30_000),
      });
      return { status: response.status, text: await response.text() };
    },
    stop: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
};

export type Channel = Awaited<ReturnType<typeof startChannel>>;

const textOf = async (req: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  for await (const piece of req) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
};
