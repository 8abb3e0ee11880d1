import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import restify, { type Request, type Response } from 'restify';
import type { TenantId } from '../../domain/ids.js';
import { readBody } from '../read-body.js';
import { acceptanceRoutes } from './acceptance-routes.js';
import { approvalRoutes } from './approval-routes.js';
import { builtInWorld } from './built-in-world.js';
import { certificateRoutes } from './certificate-routes.js';
import { controlRoutes, mayControl } from './control.js';
import { trafficControls } from './control-traffic.js';
import { webhookControls } from './control-webhooks.js';
import { directoryApp, partnersIn, type SandboxPartner } from './credentials.js';
import { createDeliveries } from './deliveries.js';
import { answerOf, createFaults, type Fault } from './faults.js';
import { graphRoutes } from './graph.js';
import { createHappenings } from './happenings.js';
import { createLimits } from './limits.js';
import { createLogin } from './login.js';
import { partnerCenterRoutes } from './partner-center.js';
import { partnerCenterWire } from './partner-center-wire.js';
import { openPki, signerName } from './pki.js';
import { readWorld, WorldError } from './read-world.js';
import { AnsweredEarly, type Answered, type Asked, type Route } from './route.js';
import { openState } from './state.js';
import { createTraffic } from './traffic.js';
import { createWatch } from './watch.js';
import { createWebhooks } from './webhook-registration.js';
import type { Tenant } from './world.js';

export type SandboxOptions = {
  /** Parsed JSON; left out, the built-in world. It fills a new file, and again on reset. */
  readonly world?: unknown;
  /** SQLite file that keeps the world as it went on, or `:memory:`. */
  readonly file: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly machineNow: () => Date;
};

export type Sandbox = {
  readonly url: string;
  readonly partnerCenterUrl: string;
  readonly graphUrl: string;
  readonly loginUrl: string;
  /** The partners of the world with the credentials that open the sandbox. */
  readonly partners: readonly SandboxPartner[];
  readonly directoryApp: { readonly clientId: string; readonly clientSecret: string };
  tenants(): readonly Tenant[];
  /** Business time: the world's `now` running on, unless somebody moved it. */
  now(): Date;
  /** PEM of the root that events are signed under. */
  rootCertificate(): Promise<string>;
  close(): Promise<void>;
};

/** As the product's own server has them. */
const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;
const longestBody = 256 * 1024;
const lookEveryMs = 100;

/**
 * Plays Microsoft on this machine: login, Partner Center, Graph, and the page on which a customer accepts a partner.
 * @throws WorldError when the world has a mistake
 */
export const startSandbox = async ({ world, file, host, port, machineNow }: SandboxOptions): Promise<Sandbox> => {
  const state = openState({ first: readWorld(world ?? builtInWorld), file, machineNow });
  const faults = createFaults();
  const [limits, traffic] = [createLimits(machineNow), createTraffic(machineNow)];
  let url = '';
  const partnerCenterUrl = (): string => `${url}/partner-center`;
  const login = createLogin({ state, file, machineNow, loginUrl: () => `${url}/login` });
  const pki = openPki(file);
  const deliveries = createDeliveries({ pki, certificateUrl: () => `${url}/cert/${signerName}.cer`, machineNow });
  const happenings = createHappenings({ state, deliveries, partnerCenterUrl });
  const watch = createWatch(state, happenings.tell);
  const webhooks = createWebhooks({ state, wire: partnerCenterWire(state, login), happenings, deliveries, partnerCenterUrl });

  const server = restify.createServer({ name: '', log: pino({ enabled: false }) as never });
  onlyPlainAddresses(server);
  server.pre((_req, res, next) => {
    for (const [name, value] of Object.entries(securityHeaders)) res.setHeader(name, value);
    next();
  });
  server.on('restifyError', (_req: Request, res: Response, error: { statusCode?: number }, done: () => void) => {
    say(res, { status: error.statusCode ?? 500, body: { error: 'not here' } });
    done();
  });

  /** Of the token, or of the address at which a token is asked for. */
  const tenantOf = (asked: Asked): TenantId | undefined =>
    (login.tokenIn(asked, 'partnerCenter') ?? login.tokenIn(asked, 'graph'))?.tenant ?? state.tenant(asked.params['tenant'] ?? '')?.id;

  const mount = (route: Route, isControl: boolean): void => {
    server[route.method](route.path, async (req: Request, res: Response) => {
      const asked = await askedIn(req);
      if (!asked) return say(res, { status: 400 });
      watch.check();
      if (isControl) return say(res, mayControl(asked) ? await answerTo(route, asked) : { status: 403, body: { error: 'This answers only on the machine it runs on.' } });
      const partner = tenantOf(asked);
      const tooMany = partner && limits.refuse(partner, asked.url.pathname);
      traffic.add(asked.method, asked.url.pathname, partner, tooMany !== undefined);
      return tooMany ? say(res, tooMany) : sayWithFaults(res, asked, route, faults.next(asked, partner));
    });
  };
  const here = (): string => url;
  for (const route of [...login.routes, ...partnerCenterRoutes(state, login, here, () => limits.get().pageSize), ...graphRoutes(state, login, () => `${url}/graph`, () => limits.get().pageSize), ...webhooks.routes, ...acceptanceRoutes(state), ...approvalRoutes(state), ...certificateRoutes(pki)]) mount(route, false);
  const reset = (): void => {
    state.reset();
    login.reset();
    faults.clear();
    webhooks.reset();
    deliveries.reset();
    limits.reset();
    traffic.reset();
  };
  for (const route of [...controlRoutes({ state, reset }), ...trafficControls(traffic, limits, faults), ...webhookControls(state, deliveries, happenings), ...login.controls]) mount(route, true);

  await new Promise<void>((resolve, reject) => {
    // restify hands the error on to itself, where nobody would be listening.
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  url = `http://${nameOf(host)}:${server.address().port}`;
  watch.start();
  const looking = setInterval(watch.check, lookEveryMs).unref();

  return {
    url, partnerCenterUrl: partnerCenterUrl(), graphUrl: `${url}/graph`, loginUrl: `${url}/login`,
    partners: partnersIn(state.tenants()),
    directoryApp,
    tenants: () => state.tenants(),
    now: () => state.now(),
    rootCertificate: pki.rootPem,
    close: async () => {
      clearInterval(looking);
      deliveries.close();
      const closed = new Promise<void>((resolve) => void server.server.close(() => resolve()));
      server.server.closeAllConnections();
      await closed;
      login.close();
      pki.close();
      state.close();
    },
  };
};

// Listening everywhere is no address to go to.
const nameOf = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host);

type Doorstep = { first(handler: (req: Request, res: Response) => boolean): void };

/** restify builds a URL from the Host header and the path, unguarded: one request with `Host: [` would end the process. */
const onlyPlainAddresses = (server: restify.Server): void => {
  (server as unknown as Doorstep).first((req, res) => {
    const isPlain = req.url?.startsWith('/') === true && URL.canParse(`http://${req.headers.host ?? 'localhost'}${req.url}`);
    if (isPlain) return true;
    res.writeHead(400, { connection: 'close' });
    res.end();
    return false;
  });
};

/** `undefined`: the body was too long or no text. */
const askedIn = async (req: Request): Promise<Asked | undefined> => {
  const { method = '', url = '/', headers, socket } = req;
  const params = req.params as Record<string, string>;
  const body = method === 'GET' ? '' : await readBody(req, longestBody).catch(() => undefined);
  return body === undefined ? undefined : { method, url: new URL(url, 'http://sandbox'), params, headers, body, peer: socket.remoteAddress ?? '' };
};

const answerTo = async (route: Route, asked: Asked): Promise<Answered> => {
  try {
    return await route.answer(asked);
  } catch (error) {
    if (error instanceof AnsweredEarly) return error.answered;
    if (error instanceof WorldError) return { status: 400, body: { error: error.message } };
    throw error;
  }
};

const sayWithFaults = async (res: Response, asked: Asked, route: Route, fault: Fault | undefined): Promise<void> => {
  const done = fault?.after ? await answerTo(route, asked) : undefined;
  if (fault?.delayMs !== undefined) await wait(fault.delayMs);
  if (fault?.cut) return void res.socket?.destroy();
  const answered = (fault && answerOf(fault)) ?? done ?? await answerTo(route, asked);
  return say(res, { ...answered, headers: { ...echoed(asked), ...answered.headers } });
};

/** The service repeats the ids by which a call is found again. */
const echoed = ({ headers }: Asked): Readonly<Record<string, string>> =>
  Object.fromEntries(['ms-requestid', 'ms-correlationid', 'client-request-id'].flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])));

const say = (res: Response, { status, body, headers = {} }: Answered): void => {
  if (res.headersSent || res.destroyed) return;
  const text = body === undefined ? '' : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  // Through restify, which would otherwise send an answer of its own after this one.
  res.sendRaw(status, text, { ...(text.length > 0 && { 'content-type': 'application/json' }), 'content-length': String(Buffer.byteLength(text)), ...headers });
};
