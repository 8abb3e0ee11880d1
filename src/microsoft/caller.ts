import { setTimeout as wait } from 'node:timers/promises';
import { AuthorityUnavailableError } from '../commands/ports.js';
import { allowedBody, allowedCall, CallNotAllowedError, isAllowed, type Operation, type Service } from './allowed-calls.js';
import { NotJsonError, UnexpectedStatusError, UntrustedLinkError } from './errors.js';
import { exchange, type Reply } from './exchange.js';
import type { MicrosoftOptions } from './options.js';

/** Where the token of one call comes from; `forget` drops the one that was refused. */
export type TokenSource = { current(): Promise<string>; forget(token: string): void };

export type Asking = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: TokenSource;
  /** What a call writes; the table of allowed calls has the last word. A form for the login service, JSON for the others. */
  readonly body?: object;
  /** A next page as Microsoft wrote it, instead of `params` and `query`. */
  readonly link?: string;
};

/** A definite answer: done, or a refusal that asking again would not change. */
export type Answer = { readonly status: number; readonly body: unknown; readonly correlationId: string };

/**
 * Reads are tried again; a write is sent once, and without a usable answer nobody knows whether it happened.
 * @throws AuthorityUnavailableError when no usable answer came in time; CallNotAllowedError before anything is sent
 */
export type Caller = (operation: Operation, asking: Asking) => Promise<Answer>;

type Outcome = { readonly reply: Reply } | { readonly reply?: undefined; readonly cause: unknown };

const mostTries = 3;
const passing: readonly number[] = [500, 502, 503, 504];

export const createCaller = (options: MicrosoftOptions): Caller => {
  const { machineNow, guid, onCall, tryMs = 3_000, wholeMs = 6_000, random = Math.random } = options;
  const bases = { partnerCenter: options.partnerCenterUrl, graph: options.graphUrl, login: options.loginUrl };

  return async (operation, asking) => {
    const { service, method, path } = allowedCall(operation);

    // The request id stays the same for every try of one call; the correlation id is what support asks for.
    const [requestId, correlationId] = [guid(), guid()];
    const address = asking.link ?? addressOf(bases[service], path, asking);
    if (!isAllowed(operation, method, address, bases[service])) {
      throw asking.link === undefined ? new CallNotAllowedError(operation) : new AuthorityUnavailableError(operation, { correlationId, cause: new UntrustedLinkError() });
    }
    const whole = AbortSignal.timeout(wholeMs);
    const ids = service === 'partnerCenter' ? partnerCenterHeaders(requestId, correlationId) : { 'client-request-id': correlationId };
    const { body, type } = written(service, allowedBody(operation, asking.body));
    const headers = { accept: 'application/json', ...ids, ...(type !== undefined && { 'content-type': type }), ...asking.headers };

    const tryOnce = async (token: string | undefined): Promise<Outcome> => {
      const startedAt = performance.now();
      const outcome: Outcome = await exchange(address, {
        method,
        headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        ...(body !== undefined && { body }),
        signal: AbortSignal.any([whole, AbortSignal.timeout(tryMs)]),
      }).then((reply) => ({ reply }), (cause: unknown) => ({ cause }));
      onCall?.({ operation, method, path, ...(outcome.reply && { status: outcome.reply.status }), ms: performance.now() - startedAt });
      return outcome;
    };

    const unusable = (outcome: Outcome): AuthorityUnavailableError => {
      if (!outcome.reply) return new AuthorityUnavailableError(operation, { correlationId, cause: outcome.cause });
      const retryAfterSeconds = retryAfter(outcome.reply, machineNow());
      return new AuthorityUnavailableError(operation, {
        correlationId,
        ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
        cause: outcome.reply.isJson ? new UnexpectedStatusError(outcome.reply.status) : new NotJsonError(outcome.reply.status),
      });
    };

    let isTokenRenewed = false;
    for (let tries = 1; ; tries += 1) {
      const token = asking.token && (await within(whole, asking.token.current()).catch((cause: unknown) => {
        throw cause instanceof AuthorityUnavailableError ? cause : new AuthorityUnavailableError(operation, { correlationId, cause });
      }));
      const outcome = await tryOnce(token);
      if (outcome.reply?.status === 401 && asking.token && token !== undefined && !isTokenRenewed) {
        asking.token.forget(token);
        isTokenRenewed = true;
        continue;
      }
      if (isDefinite(outcome, asking.token !== undefined)) return { status: outcome.reply.status, body: outcome.reply.body, correlationId };
      if (method !== 'GET' || tries >= mostTries || whole.aborted || !mayPass(outcome)) throw unusable(outcome);
      await wait(100 * 2 ** tries * (0.5 + random() / 2), undefined, { signal: whole }).catch(() => { throw unusable(outcome); });
    }
  };
};

const isDefinite = (outcome: Outcome, hadToken: boolean): outcome is Extract<Outcome, { reply: object }> => {
  if (!outcome.reply?.isJson) return false;
  const { status } = outcome.reply;
  return (status >= 200 && status < 300) || (status >= 400 && status < 500 && status !== 408 && status !== 429 && !(status === 401 && hadToken));
};

/** Whether trying again in a moment makes sense; a service that names a time is asked again by somebody who can wait. */
const mayPass = ({ reply }: Outcome): boolean =>
  reply === undefined || (passing.includes(reply.status) && reply.headers['retry-after'] === undefined);

const written = (service: Service, body: object | undefined): { readonly body?: string; readonly type?: string } => {
  if (!body) return {};
  if (service !== 'login') return { body: JSON.stringify(body), type: 'application/json' };
  return { body: new URLSearchParams(body as Record<string, string>).toString(), type: 'application/x-www-form-urlencoded' };
};

const addressOf = (base: string, path: string, { params = {}, query = {} }: Asking): string => {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const asked = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${base}${filled}${asked && `?${asked}`}`;
};

const partnerCenterHeaders = (requestId: string, correlationId: string) => ({
  'MS-RequestId': requestId,
  'MS-CorrelationId': correlationId,
  'MS-Contract-Version': 'v1',
  'X-Locale': 'en-US',
  'MS-PartnerCenter-Application': 'partner-invitations',
});

/** Seconds, or a date. */
const retryAfter = ({ headers }: Reply, now: Date): number | undefined => {
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
};

/** The token is shared with other calls, so it goes on its way when this call stops waiting for it. */
const within = <T>(signal: AbortSignal, promise: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = (): void => reject(new Error('No token in time.', { cause: signal.reason }));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
