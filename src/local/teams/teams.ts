import { pino } from 'pino';
import restify, { type Server } from 'restify';
import { Chats, type Chat } from './chats.js';
import { conversationOf, mountConnector, type ConnectorCall, type Fault } from './connector.js';
import { createSigning, type Claims } from './signing.js';

export type { Chat, Message } from './chats.js';
export type { ConnectorCall, Fault } from './connector.js';

/** Somebody with an account in a tenant. `id` is the Entra object id; `country`, where it is not that of the locale, is where the clock is read. */
export type PretendPerson = { readonly tenant: string; readonly id: string; readonly name: string; readonly locale: string; readonly country?: string };
/** What the bot's server answered; a 2xx reached the bot. */
export type Outcome = { readonly status: number; readonly body?: unknown };
export type CardAction = { readonly type: 'Action.Execute' | 'Action.Submit'; readonly verb?: string; readonly data: Readonly<Record<string, unknown>> };
type Overrides = { readonly claims?: Claims; readonly activity?: Readonly<Record<string, unknown>>; readonly token?: string };

export type TeamsOptions = {
  /** The address under which these routes are reached; asked late, when it is known. */
  readonly baseUrl: () => string;
  readonly appId: string;
  /** The bot's `/api/messages`. */
  readonly botUrl: () => string;
  readonly guid: () => string;
  readonly machineNow: () => Date;
  /** SQLite file of the chats, or `:memory:`. */
  readonly file: string;
  readonly issuer?: string;
};

/** Of the countries of the worlds that come with the sandbox; anybody else sits in London. */
const zones: Readonly<Record<string, string>> = { TR: 'Europe/Istanbul', DE: 'Europe/Berlin', US: 'America/New_York' };

export type Teams = Awaited<ReturnType<typeof createTeams>>;

/** A pretend Teams: signs its tokens, keeps the chats, and talks to the bot over HTTP as the real one does. */
export const createTeams = async ({ baseUrl, appId, botUrl, guid, machineNow, file, issuer = 'https://api.botframework.com' }: TeamsOptions) => {
  const chats = new Chats(file);
  const serviceUrl = (): string => `${baseUrl()}/teams/`;
  const signing = await createSigning({ appId, issuer, serviceUrl, machineNow });
  const typing = new Map<string, number>();
  const faults: Fault[] = [];
  const calls: ConnectorCall[] = [];

  /** One signed activity from Teams to the bot. */
  const deliver = async (activity: Readonly<Record<string, unknown>>, { claims, token }: Overrides = {}): Promise<Outcome> => {
    const response = await fetch(botUrl(), {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token ?? (await signing.token(claims))}` },
      body: JSON.stringify(activity),
    });
    const text = await response.text();
    return { status: response.status, ...(text && { body: asJson(text) }) };
  };

  const clientOf = ({ locale, country = locale.split('-')[1] ?? 'US' }: PretendPerson) =>
    ({ type: 'clientInfo', locale, country, platform: 'Web', timezone: zones[country] ?? 'Europe/London' });

  const activityOf = (person: PretendPerson, type: string, more: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
    type,
    id: guid(),
    timestamp: machineNow().toISOString(),
    channelId: 'msteams',
    serviceUrl: serviceUrl(),
    from: { id: `29:${person.id}`, aadObjectId: person.id, name: person.name },
    recipient: { id: `28:${appId}`, name: 'Partner Invitations' },
    conversation: { id: conversationOf(person.id), conversationType: 'personal', tenantId: person.tenant },
    channelData: { tenant: { id: person.tenant } },
    locale: person.locale,
    entities: [clientOf(person)],
    ...more,
  });

  /** Shows that the bot is at work until it has answered. */
  const whileTyping = async (person: PretendPerson, act: () => Promise<Outcome>): Promise<Outcome> => {
    typing.set(person.id, (typing.get(person.id) ?? 0) + 1);
    chats.changed(person.id);
    try {
      return await act();
    } finally {
      typing.set(person.id, (typing.get(person.id) ?? 1) - 1);
      chats.changed(person.id);
    }
  };

  const install = async (person: PretendPerson, overrides?: Overrides): Promise<Outcome> => {
    chats.setInstalled(person.id, true);
    // Teams may announce one installation twice, in either order.
    await deliver(activityOf(person, 'conversationUpdate', { membersAdded: [{ id: `28:${appId}` }], ...overrides?.activity }), overrides);
    return deliver(activityOf(person, 'installationUpdate', { action: 'add', ...overrides?.activity }), overrides);
  };

  const uninstall = async (person: PretendPerson): Promise<Outcome> => {
    const outcome = await deliver(activityOf(person, 'installationUpdate', { action: 'remove' }));
    chats.setInstalled(person.id, false);
    return outcome;
  };

  const say = (person: PretendPerson, text: string, overrides: Overrides = {}): Promise<Outcome> =>
    whileTyping(person, () => {
      const activity = activityOf(person, 'message', { text, textFormat: 'plain', ...overrides.activity });
      chats.keep(person.id, { id: String(activity['id']), from: 'person', at: machineNow().toISOString(), text });
      return deliver(activity, overrides);
    });

  const press = (person: PretendPerson, messageId: string, action: CardAction, overrides: Overrides = {}): Promise<Outcome> =>
    whileTyping(person, async () => {
      const isExecute = action.type === 'Action.Execute';
      const activity = isExecute
        ? activityOf(person, 'invoke', { name: 'adaptiveCard/action', replyToId: messageId, value: { action: { type: action.type, verb: action.verb, data: action.data }, trigger: 'manual' }, ...overrides.activity })
        : activityOf(person, 'message', { value: action.data, replyToId: messageId, ...overrides.activity });
      const outcome = await deliver(activity, overrides);
      if (isExecute) showAnswer(person, messageId, outcome);
      return outcome;
    });

  /** A card in the answer replaces the pressed one for this person; a sentence appears beside it. */
  const showAnswer = (person: PretendPerson, messageId: string, { body }: Outcome): void => {
    const pressed = chats.message(person.id, messageId);
    if (!pressed || typeof body !== 'object' || body === null || !('type' in body) || !('value' in body)) return;
    const { note: _note, ...plain } = pressed;
    if (body.type === 'application/vnd.microsoft.card.adaptive') {
      chats.keep(person.id, { ...plain, attachments: [{ contentType: String(body.type), content: body.value }], updatedAt: machineNow().toISOString() });
    } else if (body.type === 'application/vnd.microsoft.activity.message') chats.keep(person.id, { ...plain, note: String(body.value) });
  };

  return {
    get openIdMetadataUrl() { return `${baseUrl()}/teams/openid`; },
    get loginUrl() { return `${baseUrl()}/teams/login`; },
    get serviceUrl() { return serviceUrl(); },
    /** Scripted failures, and everything the bot called: for tests. */
    faults, calls, deliver, activityOf, token: signing.token,
    install, uninstall, say, press,
    chat: (person: string): Chat => ({ isInstalled: chats.isInstalled(person), isTyping: (typing.get(person) ?? 0) > 0, messages: chats.messages(person) }),
    onChange: (listener: (person: string) => void) => chats.onChange(listener),
    isNew: (): boolean => chats.isNew(),
    mount: (server: Server): void => mountConnector(server, { chats, signing, base: baseUrl, issuer, guid, machineNow, faults, onCall: (call) => calls.push(call) > 5000 && calls.shift() }),
    reset: (): void => chats.reset(),
    close: (): void => chats.close(),
  };
};

const asJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/** The same on a server of its own, for a bot that runs as a service against it. */
export const startTeams = async (options: Omit<TeamsOptions, 'baseUrl'> & { readonly port?: number }): Promise<Teams & { stop(): Promise<void> }> => {
  const server = restify.createServer({ name: '', log: pino({ enabled: false }) as never });
  let url = '';
  const teams = await createTeams({ ...options, baseUrl: () => url });
  teams.mount(server);
  await new Promise<void>((resolve) => void server.listen(options.port ?? 0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(teams, {
    stop: async () => {
      server.server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      teams.close();
    },
  });
};
