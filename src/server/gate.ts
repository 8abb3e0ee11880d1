import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'restify';
import { type InboundActivity, readActivity, tenantOf } from './activity.js';
import { refuse, sayJson } from './answers.js';
import { checkEnvelope, readBody } from './body.js';
import { createLimit, createRoom } from './limits.js';
import type { Metrics, TurnOutcome } from './metrics.js';
import { TurnedAwayError } from './turned-away.js';

/** The log is handed in; what is not on its list of allowed fields is dropped there. */
export type Log = Readonly<Record<'debug' | 'info' | 'warn' | 'error', (fields: Readonly<Record<string, unknown>>, message: string) => void>>;

/** What the gate needs of a verified token. */
export type TokenClaims = { readonly serviceUrl: string };

/** `body` is sent as JSON; left out, the answer is empty. `outcome` is for the figures alone; left out, it was answered. */
export type TurnAnswer = { readonly status: number; readonly body?: unknown; readonly outcome?: TurnOutcome };

export type GateKeeping = {
  /** Rejects with `TokenRefusedError` (401) or `KeysUnavailableError` (503). */
  readonly checkToken: (authorization: string | undefined) => Promise<TokenClaims>;
  /** Rejects with `LedgerUnavailableError` when nothing was done and the sender should come again (503). */
  readonly turn: (activity: InboundActivity, claims: TokenClaims) => Promise<TurnAnswer>;
  readonly isAllowedServiceUrl: (url: string) => boolean;
  /** Empty: everybody. Lower case. */
  readonly allowedTenants: readonly string[];
  /** Turns a minute; 0 = no limit. */
  readonly limits: { readonly perUser: number; readonly perTenant: number };
  readonly metrics: Metrics;
  readonly log: Log;
  readonly machineNow: () => Date;
  /** How long a body may take to arrive; 10 s when left out. */
  readonly bodyPatienceMs?: number;
};

// Of which a tenant alone takes 50, one of two 33, one of nine 10.
const turnsInFlight = 100;

/** Everything a request must pass before the bot sees it. The order is part of the promise: nothing is read before the token holds. */
export const openGate = (keeping: GateKeeping, isClosing: () => boolean) => {
  const userLimit = createLimit(keeping.limits.perUser, keeping.machineNow);
  const tenantLimit = createLimit(keeping.limits.perTenant, keeping.machineNow);
  const room = createRoom(turnsInFlight);

  /** @returns how the place among the turns in flight is given back */
  const admit = (activity: InboundActivity, claims: TokenClaims): (() => void) => {
    if (activity.serviceUrl !== claims.serviceUrl || !keeping.isAllowedServiceUrl(activity.serviceUrl)) throw new TurnedAwayError(403);
    const tenant = tenantOf(activity);
    if (keeping.allowedTenants.length > 0 && !keeping.allowedTenants.includes(tenant ?? '')) throw new TurnedAwayError(403);

    const wait = userLimit(`${tenant} ${activity.from.aadObjectId ?? activity.from.id}`) ?? tenantLimit(`${tenant}`);
    if (wait) throw new TurnedAwayError(429, wait.retryAfterSeconds);
    const leave = isClosing() ? undefined : room.enter(`${tenant}`);
    if (!leave) throw new TurnedAwayError(503, 1);
    return leave;
  };

  const takeTurn = async (activity: InboundActivity, claims: TokenClaims, leave: () => void): Promise<TurnAnswer> => {
    const startedAt = performance.now();
    let outcome: TurnOutcome = 'failed';
    try {
      const answer = await keeping.turn(activity, claims);
      outcome = answer.outcome ?? 'answered';
      return answer;
    } catch (error) {
      const isLedgerDown = isNamed(error, 'LedgerUnavailableError');
      if (isLedgerDown) outcome = 'unavailable';
      keeping.log.error({ reference: randomUUID(), type: activity.type, error }, 'A turn failed.');
      throw new TurnedAwayError(isLedgerDown ? 503 : 500);
    } finally {
      leave();
      keeping.metrics.turn(activity.type, outcome, (performance.now() - startedAt) / 1000);
    }
  };

  const pass = async (req: Request): Promise<TurnAnswer> => {
    checkEnvelope(req);
    const claims = await tokenHolds(keeping, onlyOne(req));
    const activity = readActivity(await readBody(req, keeping.bodyPatienceMs ?? 10_000));
    return takeTurn(activity, claims, admit(activity, claims));
  };

  return async (req: Request, res: Response): Promise<void> => {
    try {
      const { status, body } = await pass(req);
      sayJson(res, status, body);
    } catch (error) {
      const { status, retryAfterSeconds } = error instanceof TurnedAwayError ? error : failed(keeping.log, error);
      keeping.metrics.gateRefusal(status);
      await refuse(req, res, status, retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) });
    }
  };
};

/** Node takes the first of several and drops the rest; whoever stands in front may have looked at another. */
const onlyOne = ({ headers, rawHeaders }: Request): string | undefined =>
  rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'authorization').length > 1 ? undefined : headers.authorization;

const tokenHolds = async ({ checkToken, log }: GateKeeping, authorization: string | undefined): Promise<TokenClaims> => {
  try {
    return await checkToken(authorization);
  } catch (error) {
    if (isNamed(error, 'TokenRefusedError')) {
      log.debug({ error }, 'A token was refused.');
      throw new TurnedAwayError(401);
    }
    if (isNamed(error, 'KeysUnavailableError')) throw new TurnedAwayError(503);
    throw error;
  }
};

const failed = (log: Log, error: unknown): TurnedAwayError => {
  log.error({ reference: randomUUID(), error }, 'The gate failed.');
  return new TurnedAwayError(500);
};

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
