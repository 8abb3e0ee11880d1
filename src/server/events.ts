import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Request, Response, Server } from 'restify';
import { isGuid } from '../domain/ids.js';
import { sayJson } from './answers.js';
import { checkEnvelope, readBody } from './body.js';
import { type PartnerCenterEvent, readEvent } from './event.js';
import type { Log } from './gate.js';
import type { Metrics } from './metrics.js';
import { TurnedAwayError } from './turned-away.js';

export type Events = {
  /**
   * Looks at the headers at once, and at the body when it is there. Ends with `EventRefusedError` (its own `status`, 400 or
   * 401, and a `why`) or `CertificateUnavailableError` (503).
   */
  readonly checkEvent: (headers: IncomingHttpHeaders) => (body: Buffer) => Promise<void>;
  /** Writes down what is to be done, and no more. Rejects with `LedgerUnavailableError` when nothing was written (503). */
  readonly hearEvent: (event: PartnerCenterEvent) => Promise<void>;
};

export type EventKeeping = {
  /** Left out: there is no such address. */
  readonly events?: Events | undefined;
  readonly metrics: Pick<Metrics, 'event'>;
  readonly log: Log;
  readonly machineNow: () => Date;
  /** How long a body may take to arrive; 10 s when left out. */
  readonly bodyPatienceMs?: number;
};

/** `unsigned`: strangers. `refused`: signed, but not believed. */
type Outcome = 'heard' | 'unsigned' | 'refused' | 'malformed' | 'unavailable' | 'failed';
type Ending = { readonly status: number; readonly outcome: Outcome };

const bodyLimitBytes = 64 * 1024;
// Apart from each other: whoever sends slowly must not keep out those whose event is whole.
const mostArriving = 200;
const mostInFlight = 50;
const tellAgainMs = 60 * 60_000;

/**
 * Where Partner Center's events come in. Answers have no body. Whoever does not sign is sent away before anything is read.
 * @see Partner Center docs, "Partner Center webhooks"
 */
export const addEvents = (server: Server, { events, metrics, log, machineNow, bodyPatienceMs = 10_000 }: EventKeeping, isClosing: () => boolean): void => {
  if (!events) return;
  const tell = createTeller(log, machineNow);
  const [whileArriving, inFlight] = [createRoom(mostArriving), createRoom(mostInFlight)];

  const hear = async (req: Request): Promise<void> => {
    const isGenuine = events.checkEvent(req.headers);
    checkEnvelope(req);
    if (Number(req.headers['content-length'] ?? 0) > bodyLimitBytes) throw new TurnedAwayError(413);
    if (isClosing()) throw new TurnedAwayError(503);
    const body = await whileArriving(() => readBody(req, bodyPatienceMs));
    if (body.length > bodyLimitBytes) throw new TurnedAwayError(413);
    await inFlight(async () => {
      await isGenuine(body);
      await events.hearEvent({ ...readEvent(body), partner: partnerIn(req), forward: { headers: signedHeaders(req.headers), body } });
    });
  };

  server.post('/api/partner-center/events', async (req: Request, res: Response): Promise<void> => {
    const { status, outcome } = await hear(req).then(() => ({ status: 200, outcome: 'heard' } as const), (error: unknown) => endingOf(error, log, tell));
    metrics.event(outcome);
    // What was not read is not waited for either.
    sayJson(res, status, undefined, { ...(!req.complete && { connection: 'close' }), ...(status === 503 && { 'retry-after': '1' }) });
  });
};

/** Holds so many at once and sends the others away. */
const createRoom = (most: number) => {
  let inside = 0;
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (inside >= most) throw new TurnedAwayError(503);
    inside += 1;
    try {
      return await work();
    } finally {
      inside -= 1;
    }
  };
};

type Teller = (refused: { readonly reason: string; readonly host?: string | undefined }) => void;

const endingOf = (error: unknown, log: Log, tell: Teller): Ending => {
  if (error instanceof TurnedAwayError) return { status: error.status, outcome: error.status === 503 ? 'unavailable' : 'malformed' };
  const { name, status, why, host } = (error instanceof Error ? error : {}) as { readonly name?: string; readonly status?: unknown; readonly why?: unknown; readonly host?: unknown };
  if (name === 'EventRefusedError') {
    const reason = String(why);
    if (reason === 'unsigned') return { status: 401, outcome: 'unsigned' };
    tell({ reason, host: typeof host === 'string' ? host : undefined });
    return status === 400 ? { status, outcome: 'malformed' } : { status: 401, outcome: 'refused' };
  }
  if (name === 'LedgerUnavailableError' || name === 'CertificateUnavailableError') {
    log.warn({ error }, 'An event has to come again.');
    return { status: 503, outcome: 'unavailable' };
  }
  log.error({ reference: randomUUID(), error }, 'An event failed.');
  return { status: 500, outcome: 'failed' };
};

/** Each reason once an hour: a flood is no reason to fill the log, and a certificate that moved must not go unseen. */
const createTeller = (log: Log, machineNow: () => Date): Teller => {
  const told = new Map<string, number>();
  return (refused) => {
    const now = machineNow().getTime();
    if (Math.abs(now - (told.get(refused.reason) ?? -Infinity)) < tellAgainMs) return;
    told.set(refused.reason, now);
    log.warn(refused, 'An event that claims to be from Partner Center was refused.');
  };
};

/** A hint from the address that was registered; anybody could have written it. */
const partnerIn = ({ url }: Request): string | undefined => {
  const named = new URL(url ?? '/', 'http://here').searchParams.get('partner');
  return isGuid(named) ? named.trim().toLowerCase() : undefined;
};

/** What somebody else needs to check the same signature; a credential for a gateway on the way is none of theirs. */
const signedHeaders = (headers: IncomingHttpHeaders): Readonly<Record<string, string>> => {
  const names = ['content-type', 'authorization', 'x-ms-signature', 'x-ms-certificate-url', 'x-ms-signature-algorithm'];
  return Object.fromEntries(names.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' && (name !== 'authorization' || /^Signature /i.test(value)) ? [[name, value]] : [];
  }));
};
