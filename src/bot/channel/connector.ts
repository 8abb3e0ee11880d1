import { ConnectorClient, ConnectorFactory } from 'botframework-connector';
import { MessengerRefusedError, MessengerUnavailableError } from '../../commands/ports.js';
import type { AppToken } from './app-token.js';
import { type Call, call, jsonIn, type Log, neverArrived, type Reply } from './http.js';
import { meaningOf, type Sending, unheard } from './teams-refusal.js';

type SendOperation = ConnectorClient['sendOperationRequest'];

export type ConnectorOptions = {
  readonly appToken: AppToken;
  readonly isAllowedServiceUrl: (url: string) => boolean;
  readonly log: Log;
  /** For one exchange with Teams; 5 s when left out. */
  readonly timeoutMs?: number;
};

/**
 * The SDK's client with our own wire under it. The SDK's sends a POST up to four times, sleeps inside the turn and follows
 * redirects with the bot's token; this one sends once, and its errors are those of `commands/ports`.
 */
class OneRequestClient extends ConnectorClient {
  constructor(private readonly serviceUrl: string, private readonly connector: ConnectorOptions) {
    super({ signRequest: (request) => Promise.resolve(request) }, { baseUri: serviceUrl });
  }

  override async sendOperationRequest(...[given, operation]: Parameters<SendOperation>): ReturnType<SendOperation> {
    const { httpMethod, path = '', requestBody, queryParameters } = operation;
    if (queryParameters) throw new Error(`This client does not speak ${path}.`);
    const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(given[name])));
    const body = requestBody && JSON.stringify(given[requestBody.parameterPath as string]);

    // Asking twice for the same personal chat gives the same chat: only messages can be doubled.
    const sending: Sending = httpMethod === 'POST' && path.includes('/activities') ? 'send' : 'update';
    const url = `${this.serviceUrl.replace(/\/$/, '')}/${filled}`;
    const reply = await exchange(this.connector, sending, url, { method: httpMethod, ...(body !== undefined && { body }) });
    return { ...(jsonIn(reply.text) as object | undefined) } as Awaited<ReturnType<SendOperation>>;
  }
}

const exchange = async ({ appToken, log, timeoutMs }: ConnectorOptions, sending: Sending, url: string, what: Call): Promise<Reply> => {
  const headers = { authorization: `Bearer ${await appToken.current()}`, 'content-type': 'application/json; charset=utf-8', accept: 'application/json' };
  const reply = await call(url, { ...what, headers, ...(timeoutMs !== undefined && { timeoutMs }) }).catch((cause: unknown) => {
    throw neverArrived(cause) ? new MessengerUnavailableError(undefined, { cause }) : unheard(sending, undefined, { cause });
  });
  if (reply.status >= 200 && reply.status < 300) return reply;
  if (reply.status === 401) {
    appToken.forget();
    log.error({ status: 401 }, 'Teams refuses the bot. Check that its app id, tenant and password belong to the Azure Bot.');
  }
  throw meaningOf(reply, sending);
};

const mostClients = 1_000;

/** One kept client for each service URL. An address that is not allowed gets no client, and so no token. */
export class Connectors extends ConnectorFactory {
  private readonly clients = new Map<string, ConnectorClient>();

  constructor(private readonly options: ConnectorOptions) {
    super();
  }

  /** @throws MessengerRefusedError `unreachable` for an address off the list: it was stored under another configuration. */
  override async create(serviceUrl: string): Promise<ConnectorClient> {
    if (!this.options.isAllowedServiceUrl(serviceUrl)) {
      this.options.log.warn({}, 'Nothing is sent to a service URL that is not on the list of allowed ones.');
      throw new MessengerRefusedError('unreachable', 0);
    }
    const client = this.clients.get(serviceUrl) ?? new OneRequestClient(serviceUrl, this.options);
    if (this.clients.size >= mostClients) this.clients.clear();
    this.clients.set(serviceUrl, client);
    return client;
  }
}
