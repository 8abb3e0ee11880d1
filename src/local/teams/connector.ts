import type { Request, Response, Server } from 'restify';
import { paramOf, readBody, readJson } from '../read-body.js';
import type { Chats, Message } from './chats.js';
import type { Signing } from './signing.js';

/** A scripted failure of the connector, for tests: the next `times` matching calls answer so. */
export type Fault = { readonly match?: RegExp; readonly status?: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>; readonly cut?: 'before' | 'after'; times: number };

export type ConnectorCall = { readonly method: string; readonly path: string; readonly body: unknown; readonly status: number };

export type ConnectorOptions = {
  readonly chats: Chats;
  readonly signing: Signing;
  readonly base: () => string;
  readonly issuer: string;
  readonly guid: () => string;
  readonly machineNow: () => Date;
  readonly faults: Fault[];
  readonly onCall: (call: ConnectorCall) => void;
};

const largest = 100 * 1024;
const personalPrefix = 'a:';
export const conversationOf = (person: string): string => `${personalPrefix}${person}`;
const personOf = (conversation: string): string => conversation.slice(personalPrefix.length);

/** What of Teams the bot calls: its token, its signing keys' address, and the conversations. Errors in Teams' own shapes. */
export const mountConnector = (server: Server, options: ConnectorOptions): void => {
  const { chats, signing, base, issuer, guid, machineNow, faults, onCall } = options;
  const tokens = new Set<string>();

  server.get('/teams/openid', async (_req: Request, res: Response) => void res.send(200, { issuer, jwks_uri: `${base()}/teams/keys`, id_token_signing_alg_values_supported: ['RS256'] }));
  server.get('/teams/keys', async (_req: Request, res: Response) => void res.send(200, signing.jwks));
  server.post('/teams/login/:tenant/oauth2/v2.0/token', async (req: Request, res: Response) => {
    const form = new URLSearchParams(await readBody(req));
    if (form.get('grant_type') !== 'client_credentials' || !form.get('client_secret')) return void res.send(400, { error: 'invalid_request' });
    const token = `local.${guid()}`;
    tokens.add(token);
    res.send(200, { token_type: 'Bearer', expires_in: 3599, access_token: token });
  });

  const error = (code: string, message: string) => ({ error: { code, message } });

  type Act = (person: string, activity: Record<string, unknown>, req: Request) => { status: number; body: unknown };
  const call = (act: Act) => async (req: Request, res: Response): Promise<void> => {
    const body = await readJson(req, largest);
    const path = req.path();
    const fault = faults.find((one) => one.times > 0 && (one.match?.test(`${req.method} ${path}`) ?? true));
    if (fault) fault.times -= 1;
    if (fault?.cut === 'before') return void req.socket.destroy();
    const answer =
      !tokens.has((req.headers.authorization ?? '').replace(/^Bearer /, '')) ? { status: 401, body: error('Unauthorized', 'Authorization has been denied for this request.') }
      : fault?.status !== undefined ? { status: fault.status, body: fault.body ?? error('Fault', 'Scripted.') }
      : act(personOf(paramOf(req, 'conversation')), (body ?? {}) as Record<string, unknown>, req);
    onCall({ method: req.method ?? '', path, body, status: answer.status });
    if (fault?.cut === 'after') return void req.socket.destroy();
    for (const [name, value] of Object.entries(fault?.headers ?? {})) res.setHeader(name, value);
    res.send(answer.status, answer.body);
  };

  const inChat = (act: Act): Act => (person, activity, req) =>
    chats.isInstalled(person) ? act(person, activity, req) : { status: 403, body: error('BotNotInConversationRoster', 'The bot is not part of the conversation roster.') };

  const post = call(inChat((person, activity) => {
    if (activity['type'] === 'typing') return { status: 200, body: { id: guid() } };
    const message = messageOf(activity, guid(), machineNow());
    chats.keep(person, message);
    return { status: 201, body: { id: message.id } };
  }));
  server.post('/teams/v3/conversations/:conversation/activities', post);
  server.post('/teams/v3/conversations/:conversation/activities/:activity', post);

  server.put('/teams/v3/conversations/:conversation/activities/:activity', call(inChat((person, activity, req) => {
    const known = chats.message(person, paramOf(req, 'activity'));
    if (!known) return { status: 404, body: error('ActivityNotFoundInConversation', 'The activity is not part of the conversation.') };
    chats.keep(person, { ...messageOf(activity, known.id, machineNow()), at: known.at, updatedAt: machineNow().toISOString() });
    return { status: 200, body: { id: known.id } };
  })));
  server.del('/teams/v3/conversations/:conversation/activities/:activity', call(inChat((person, _activity, req) => {
    chats.remove(person, paramOf(req, 'activity'));
    return { status: 200, body: {} };
  })));
  server.post('/teams/v3/conversations', call((_person, activity) => {
    const [member] = Array.isArray(activity['members']) ? (activity['members'] as { id?: unknown }[]) : [];
    const person = typeof member?.id === 'string' ? member.id.replace(/^29:/, '') : '';
    return chats.isInstalled(person) ? { status: 201, body: { id: conversationOf(person) } } : { status: 403, body: error('ForbiddenOperationException', 'The bot is not installed in the user’s personal scope.') };
  }));
};

const messageOf = (activity: Record<string, unknown>, id: string, now: Date): Omit<Message, 'version'> => ({
  id,
  from: 'bot',
  at: now.toISOString(),
  ...(typeof activity['text'] === 'string' && { text: activity['text'] }),
  ...(typeof activity['textFormat'] === 'string' && { textFormat: activity['textFormat'] }),
  ...(typeof activity['summary'] === 'string' && { summary: activity['summary'] }),
  ...(typeof activity['locale'] === 'string' && { locale: activity['locale'] }),
  ...(Array.isArray(activity['attachments']) && { attachments: activity['attachments'] as NonNullable<Message['attachments']> }),
});
