import type { IncomingMessage, ServerResponse } from 'node:http';
import { pino } from 'pino';
import restify from 'restify';
import { onlyHttps, refuse, securityHeaders } from './answers.js';
import { addEvents, type EventKeeping } from './events.js';
import { addFiles, type Files } from './files.js';
import { type GateKeeping, openGate } from './gate.js';
import { addProbes, type Probes } from './probes.js';

export type ServerOptions = GateKeeping & Probes & Files & EventKeeping & {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Whether people come by https, through whatever stands in front. */
  readonly isHttps?: boolean;
  /** Adds the routes of local mode. */
  readonly pages?: (server: restify.Server) => void;
  /** How long a turn in flight may take when the server stops. */
  readonly drainMs?: number;
};

export type RunningServer = {
  readonly url: string;
  /** Readiness turns red, nothing new comes in, turns in flight may end. */
  stop(): Promise<void>;
};

/** The one way in. @throws when the port is taken. */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  let isClosing = false;
  const server = restify.createServer({ name: '', log: pino({ enabled: false }) as never });
  const http = server.server;

  // Node looks for slow requests every 30 s, so a caller who says nothing is gone after 45 s at the latest. For one who asks and
  // never reads it would wait for ever; `timeout` counts twice there. No answer takes that long to begin.
  Object.assign(http, { requestTimeout: 10_000, headersTimeout: 8_000, timeout: 20_000, maxHeadersCount: mostHeaders + 1, maxConnections: 5_000 });
  // restify takes upgrades from Node and leaves them open; nobody here speaks anything but HTTP.
  server.on('upgrade', (_req: unknown, socket: NodeJS.WritableStream & { destroy(): void }) => socket.destroy());

  const headers = Object.entries({ ...securityHeaders, ...(options.isHttps && onlyHttps) });
  onlyPlainRequests(server);
  server.pre((req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    // Nobody here reads the body of a question, and Node would wait for its end.
    if (isClosing || (req.method !== 'POST' && hasBody(req))) res.setHeader('connection', 'close');
    next();
  });
  // Unknown paths, wrong methods, broken handlers: restify would quote the path or the error.
  server.on('restifyError', (req: restify.Request, res: restify.Response, error: { statusCode?: number }, done: () => void) => {
    if (error.statusCode === undefined) options.log.error({ error }, 'A route failed.');
    void refuse(req, res, error.statusCode ?? 500).finally(done);
  });

  server.post('/api/messages', openGate(options, () => isClosing));
  addProbes(server, options, () => isClosing);
  addFiles(server, options);
  addEvents(server, options, () => isClosing);
  options.pages?.(server);

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve);
  });
  server.on('error', (error: unknown) => options.log.error({ error }, 'The server had trouble with a connection.'));
  return {
    url: addressOf(server, options.host),
    stop: async () => {
      isClosing = true;
      const cut = setTimeout(() => http.closeAllConnections(), options.drainMs ?? 20_000);
      const sweep = setInterval(() => http.closeIdleConnections(), 100); // a line kept alive would hold us up
      await new Promise<void>((resolve) => void http.close(() => resolve()));
      clearTimeout(cut);
      clearInterval(sweep);
    },
  };
};

type Doorstep = { first(handler: (req: IncomingMessage, res: ServerResponse) => boolean): void };

const mostHeaders = 100;
const hasBody = ({ headers }: IncomingMessage): boolean => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * restify builds a URL from the Host header and the path, unguarded: one request with `Host: [` would end the process. And Node
 * forgets headers beyond its most: a proxy's own, which comes last and says that a stranger is asking, would be among them.
 */
const onlyPlainRequests = (server: restify.Server): void => {
  (server as unknown as Doorstep).first((req, res) => {
    const isPlain = req.url?.startsWith('/') === true && URL.canParse(`http://${req.headers.host ?? 'localhost'}${req.url}`);
    const hasTooMany = req.rawHeaders.length > 2 * mostHeaders;
    if (isPlain && !hasTooMany) return true;
    res.writeHead(hasTooMany ? 431 : 400, { ...securityHeaders, 'content-length': '0', connection: 'close' });
    res.end();
    return false;
  });
};

const addressOf = (server: restify.Server, host: string): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${server.address().port}`;
