import type { Activity } from 'botbuilder';
import { MessengerRefusedError, MessengerUnavailableError } from '../../commands/ports.js';
import type { AppToken } from './app-token.js';
import { type Call, call, jsonIn, type Log, neverArrived, type Reply } from './http.js';
import { meaningOf, type Sending, unheard } from './teams-refusal.js';

export type ConnectorOptions = {
  readonly appToken: AppToken;
  /** Asked again before every send: stored addresses grow old. */
  readonly isAllowedServiceUrl: (url: string) => boolean;
  readonly log: Log;
  /** For one exchange with Teams; 5 s when left out. */
  readonly timeoutMs?: number;
};

/** A conversation at the service that carries it. */
export type Place = { readonly serviceUrl: string; readonly conversation: string };

/**
 * Teams' connector: every call is exactly one request. The SDK's client sends a POST up to four times, sleeps inside the turn
 * and follows redirects with the bot's token; this one sends once, and its errors are those of `commands/ports`. An address
 * that is not allowed gets no request, and so no token.
 * @see Bot Connector REST API reference
 */
export type Connector = {
  /** As an answer to the activity it names in `replyToId`, or as a message of its own. @returns what Teams answered */
  send(to: Place, activity: Partial<Activity>): Promise<unknown>;
  update(at: Place, activityId: string, activity: Partial<Activity>): Promise<unknown>;
  remove(at: Place, activityId: string): Promise<void>;
  createConversation(serviceUrl: string, wanted: object): Promise<unknown>;
};

export const createConnector = ({ appToken, isAllowedServiceUrl, log, timeoutMs }: ConnectorOptions): Connector => {
  const exchange = async (serviceUrl: string, path: string, sending: Sending, method: Call['method'], said?: object): Promise<Reply> => {
    if (!isAllowedServiceUrl(serviceUrl)) {
      log.warn({}, 'Nothing is sent to a service URL that is not on the list of allowed ones.');
      // It was stored under another configuration.
      throw new MessengerRefusedError('unreachable', 0);
    }
    const headers = { authorization: `Bearer ${await appToken.current()}`, 'content-type': 'application/json; charset=utf-8', accept: 'application/json' };
    const reply = await call(`${serviceUrl.replace(/\/$/, '')}/v3/conversations${path}`, {
      method, headers, ...(said && { body: JSON.stringify(said) }), ...(timeoutMs !== undefined && { timeoutMs }),
    }).catch((cause: unknown) => {
      throw neverArrived(cause) ? new MessengerUnavailableError(undefined, { cause }) : unheard(sending, undefined, { cause });
    });
    if (reply.status >= 200 && reply.status < 300) return reply;
    if (reply.status === 401) {
      appToken.forget();
      log.error({ status: 401 }, 'Teams refuses the bot. Check that its app id, tenant and password belong to the Azure Bot.');
    }
    throw meaningOf(reply, sending);
  };
  const activities = (conversation: string, activityId?: string): string =>
    `/${encodeURIComponent(conversation)}/activities${activityId ? `/${encodeURIComponent(activityId)}` : ''}`;

  return {
    send: async ({ serviceUrl, conversation }, activity) => jsonIn((await exchange(serviceUrl, activities(conversation, activity.replyToId), 'send', 'POST', activity)).text),
    update: async ({ serviceUrl, conversation }, activityId, activity) => jsonIn((await exchange(serviceUrl, activities(conversation, activityId), 'update', 'PUT', activity)).text),
    remove: async ({ serviceUrl, conversation }, activityId) => void (await exchange(serviceUrl, activities(conversation, activityId), 'update', 'DELETE')),
    // Asking twice for the same personal chat gives the same chat: only messages can be doubled.
    createConversation: async (serviceUrl, wanted) => jsonIn((await exchange(serviceUrl, '', 'update', 'POST', wanted)).text),
  };
};
