import { MessengerOutcomeUnknownError, MessengerRefusedError, MessengerUnavailableError } from '../../commands/ports.js';
import { jsonIn, type Reply } from './http.js';

/** What a status other than success means for the one who sent. A `send` may not be repeated blindly; an `update` may. */
export type Sending = 'send' | 'update';

/** @see conversation-messages, "Status codes": what is not listed there must not be tried again. */
export const meaningOf = ({ status, headers, text }: Reply, sending: Sending): Error => {
  if (status === 401 || status === 412 || status === 429) return new MessengerUnavailableError(retryAfterSeconds(headers['retry-after']));
  if (status === 403) return new MessengerRefusedError(isAboutTheBot(text) ? 'rejected' : 'unreachable', status);
  if (status === 404) return new MessengerRefusedError('gone', status);
  if (status >= 300 && status < 500 && status !== 408) return new MessengerRefusedError('rejected', status);
  return unheard(sending, retryAfterSeconds(headers['retry-after']));
};

/** No answer, or none that says what happened. */
export const unheard = (sending: Sending, retryAfter?: number, options?: ErrorOptions): Error =>
  sending === 'send' ? new MessengerOutcomeUnknownError(options) : new MessengerUnavailableError(retryAfter, options);

/** The person is there; the bot may not do this, or not at this address. Everybody else's 403 means that the app is gone or blocked. */
const isAboutTheBot = (text: string): boolean => {
  const { code } = (jsonIn(text) as { readonly error?: { readonly code?: unknown } } | null | undefined)?.error ?? {};
  return code === 'NotEnoughPermissions' || code === 'InvalidBotApiHost';
};

const longestSeconds = 60 * 60;

const retryAfterSeconds = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d{1,9}$/.test(header) ? Math.min(Number(header), longestSeconds) : undefined;
