import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, Response, Server } from 'restify';
import { say, sayJson } from './answers.js';
import type { Figures, Metrics } from './metrics.js';

/** `parts` names what was asked, e.g. `ledger` and `keys`. */
export type Readiness = { readonly ready: boolean; readonly parts: Readonly<Record<string, boolean>> };

export type Probes = {
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: Metrics;
  readonly figures?: () => Promise<Figures>;
  /** Left out: details answer loopback only. */
  readonly metricsToken?: string | undefined;
};

/** `/healthz` alive, `/readyz` able to work, `/metrics` for the operator. */
export const addProbes = (server: Server, { readiness, metrics, figures, metricsToken }: Probes, isClosing: () => boolean): void => {
  const isOperator = (req: Request): boolean =>
    metricsToken === undefined ? isFromThisMachine(req) : isSame(req.headers.authorization ?? '', `Bearer ${metricsToken}`);

  server.get('/healthz', async (_req: Request, res: Response) => say(res, 200));

  server.get('/readyz', async (req: Request, res: Response) => {
    const found = await readiness().catch((): Readiness => ({ ready: false, parts: {} }));
    const ready = found.ready && !isClosing();
    sayJson(res, ready ? 200 : 503, isOperator(req) ? { ready, parts: found.parts } : { ready });
  });

  server.get('/metrics', async (req: Request, res: Response) => {
    if (!isOperator(req)) return say(res, metricsToken === undefined ? 403 : 401);
    res.sendRaw(200, await metrics.text((await figures?.()) ?? {}), { 'content-type': metrics.contentType });
  });
};

/** A proxy on this machine speaks for strangers, and says so in one way or another. */
const isFromThisMachine = ({ socket, headers }: Request): boolean =>
  /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '') && !Object.keys(headers).some((name) => /^(x-forwarded-.*|forwarded|via|x-real-ip|x-client-ip)$/.test(name));

const isSame = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
