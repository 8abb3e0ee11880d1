import { setTimeout as wait } from 'node:timers/promises';
import { AuthorityUnavailableError } from '../commands/ports.js';
import { allowedBody, allowedCall, CallNotAllowedError, isAllowed, type Operation, type Service } from './allowed-calls.js';
import { serviceCodeOf } from './service-code.js';
import { NotJsonError, UnexpectedStatusError, UntrustedLinkError } from './errors.js';
import { exchange, type Reply } from './exchange.js';
import { createLanes, LaneClosedError, type Lane } from './lanes.js';
import type { MicrosoftOptions, Places } from './options.js';

/** Where the token of one call comes from; `forget` drops the one that was refused. */
export type TokenSource = {
  /** At once while one is kept. */
  current(): string | Promise<string>;
  forget(token: string): void;
};

export type Asking = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: TokenSource;
  /** Whose limits the call counts against; the service has a lane of its own in it. */
  readonly lane?: string;
  /** Where that tenant's cloud is, when it is not the deployment's. */
  readonly at?: Places;
  /** What a call writes; the table of allowed calls has the last word. A form for the login service, JSON for the others. */
  readonly body?: object;
  /** A next page as Microsoft wrote it, instead of `params` and `query`. */
  readonly link?: string;
};

/** A definite answer: done, or a refusal that asking again would not change. */
export type Answer = { readonly status: number; readonly body: unknown; readonly correlationId: string; readonly headers: Reply['headers'] };

/**
 * Reads are tried again, and what may be repeated like one; any other write is sent once, and without a usable answer nobody knows whether it happened.
 * @throws AuthorityUnavailableError when no usable answer came in time; CallNotAllowedError before anything is sent
 */
export type Caller = (operation: Operation, asking: Asking) => Promise<Answer>;

type Outcome = { readonly reply: Reply } | { readonly reply?: undefined; readonly cause: unknown };

const mostTries = 3;
const passing: readonly number[] = [500, 502, 503, 504];
const busy: readonly number[] = [429, 503];
/** Below the 500 that Microsoft documents, because others may ask for the same partner. @see Partner Center docs, "API throttling guidance" */
const usualCallsAMinute = 400;
/**
 * The smallest tenant gives an app 3,500 units every ten seconds, and no read here costs more than five: 4,200 calls a minute.
 * @see Microsoft Graph docs, "Service-specific throttling limits", identity and access
 */
const graphCallsAMinute = 4_000;

export const createCaller = (options: MicrosoftOptions): Caller => {
  const { machineNow, guid, trace, onCall, tryMs = 3_000, wholeMs = 6_000, random = Math.random } = options;
  const limits = new Map<string, number>(options.accounts.flatMap(({ tenant, callsAMinute }) => (callsAMinute === undefined ? [] : [[tenant, callsAMinute]])));
  const lanes = createLanes({ machineNow, random, callsAMinute: (name) => {
    const [tenant = '', service] = name.split(' ');
    return service === 'graph' ? graphCallsAMinute : limits.get(tenant) ?? usualCallsAMinute;
  } });

  return async (operation, asking) => {
    const allowed = allowedCall(operation);
    const { service, method, path } = allowed;
    const mayRepeat = method === 'GET' || ('mayRepeat' in allowed && allowed.mayRepeat);
    const base = baseOf(asking.at ?? options, service);
    const correlationId = trace?.correlationId() ?? guid();
    const address = asking.link ?? addressOf(base, path, asking);
    if (!isAllowed(operation, method, address, base)) {
      throw asking.link === undefined ? new CallNotAllowedError(operation) : new AuthorityUnavailableError(operation, { correlationId, cause: new UntrustedLinkError() });
    }
    const until = performance.now() + wholeMs;
    const msLeft = (): number => until - performance.now();
    const { body, type } = written(service, allowedBody(operation, asking.body));
    // Reads are fresh every time. A write that is tried again is the same write, and Partner Center knows it by its request id.
    const writes = method === 'GET' ? undefined : `${method} ${address} ${body ?? ''}`;
    const requestId = (writes !== undefined && trace?.requestId(writes)) || guid();
    const ids = service === 'partnerCenter' ? partnerCenterHeaders(requestId, correlationId) : { 'client-request-id': correlationId };
    const headersWith = (token: string | undefined): Readonly<Record<string, string>> =>
      ({ accept: 'application/json', ...ids, ...(type !== undefined && { 'content-type': type }), ...asking.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) });
    const lane = asking.lane === undefined ? undefined : lanes(`${asking.lane} ${service}`);

    const tryOnce = async (token: string | undefined): Promise<Outcome> => {
      const startedAt = performance.now();
      const outcome: Outcome = await exchange(address, {
        method,
        headers: headersWith(token),
        ...(body !== undefined && { body }),
        timeoutMs: Math.min(tryMs, msLeft()),
      }).then((reply) => ({ reply }), (cause: unknown) => ({ cause }));
      onCall?.({ operation, method, path, ...(outcome.reply && { status: outcome.reply.status }), ms: performance.now() - startedAt, correlationId });
      return outcome;
    };

    const unusable = (outcome: Outcome): AuthorityUnavailableError => {
      if (!outcome.reply) return new AuthorityUnavailableError(operation, { correlationId, cause: outcome.cause });
      const retryAfterSeconds = retryAfter(outcome.reply, machineNow());
      if (busy.includes(outcome.reply.status)) lane?.pause(retryAfterSeconds);
      return new AuthorityUnavailableError(operation, {
        correlationId,
        ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
        cause: outcome.reply.isJson ? new UnexpectedStatusError(outcome.reply.status, serviceCodeOf(outcome.reply.body)) : new NotJsonError(outcome.reply.status),
      });
    };

    let isTokenRenewed = false;
    for (let tries = 1; ; tries += 1) {
      const kept = asking.token?.current();
      const token = typeof kept === 'object' ? await within(msLeft(), kept).catch((cause: unknown) => {
        throw cause instanceof AuthorityUnavailableError ? cause : new AuthorityUnavailableError(operation, { correlationId, cause });
      }) : kept;
      const outcome = await inLane(lane, wholeMs, operation, correlationId, () => tryOnce(token));
      if (outcome.reply?.status === 401 && asking.token && token !== undefined && !isTokenRenewed) {
        asking.token.forget(token);
        isTokenRenewed = true;
        continue;
      }
      if (isDefinite(outcome, asking.token !== undefined)) {
        lane?.fine();
        if (writes !== undefined) trace?.answered(writes);
        const { status, body: said, headers: about } = outcome.reply;
        return { status, body: said, headers: about, correlationId };
      }
      const pauseMs = 100 * 2 ** tries * (0.5 + random() / 2);
      if (!mayRepeat || tries >= mostTries || msLeft() <= pauseMs || !mayPass(outcome)) throw unusable(outcome);
      await wait(pauseMs);
    }
  };
};

const baseOf = ({ partnerCenterUrl, graphUrl, loginUrl }: Places, service: Service): string =>
  ({ partnerCenter: partnerCenterUrl, graph: graphUrl, login: loginUrl })[service];

const inLane = async (lane: Lane | undefined, patienceMs: number, operation: Operation, correlationId: string, go: () => Promise<Outcome>): Promise<Outcome> => {
  if (!lane) return go();
  const place = await lane.enter(patienceMs).catch((cause: unknown) => {
    throw new AuthorityUnavailableError(operation, { correlationId, cause, ...(cause instanceof LaneClosedError && { retryAfterSeconds: cause.retryAfterSeconds, isUnasked: true as const }) });
  });
  try {
    return await go();
  } finally {
    place.leave();
  }
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
const within = <T>(ms: number, promise: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error('No token in time.')), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(patience));
  });
