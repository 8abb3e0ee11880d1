import type { Request, Response } from 'restify';

/** What is said besides a turn's own answer: fixed, so that no stranger learns anything from it. A 401 and a 403 say nothing at all. */
const words: Readonly<Record<number, string>> = {
  200: 'ok',
  400: 'bad request',
  404: 'not found',
  405: 'method not allowed',
  413: 'too large',
  415: 'unsupported',
  429: 'too many requests',
  500: 'failed',
  503: 'unavailable',
};

/** Of every answer; a page has its own policy for content. */
export const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Of every answer where people come by https: a year, and without the names below, which are not ours to decide about. */
export const onlyHttps = { 'strict-transport-security': 'max-age=31536000' } as const;

export type Headers = Readonly<Record<string, string>>;

/** `undefined` is sent as nothing at all. */
export const sayJson = (res: Response, status: number, body: unknown, headers: Headers = {}): void => {
  const text = body === undefined ? '' : JSON.stringify(body);
  const length = { 'content-length': String(Buffer.byteLength(text)) };
  res.sendRaw(status, text, { ...headers, ...length, ...(text && { 'content-type': 'application/json' }) });
};

/** A status and its fixed body. */
export const say = (res: Response, status: number, headers: Headers = {}): void => {
  const isBare = status === 401 || status === 403;
  sayJson(res, status, isBare ? undefined : status === 200 ? { status: words[200] } : { error: words[status] ?? 'refused' }, headers);
};

const restBytes = 512 * 1024;
const restMs = 500;

/**
 * Says no to a request whose body may still be on its way: the rest is thrown away for a moment so that the sender can
 * hear the answer, then the line is cut.
 */
export const refuse = async (req: Request, res: Response, status: number, headers: Headers = {}): Promise<void> => {
  const hasEnded = await restEnds(req);
  if (res.headersSent) return;
  say(res, status, hasEnded && status !== 413 ? headers : { ...headers, connection: 'close' });
};

const restEnds = (req: Request): Promise<boolean> => {
  if (req.readableEnded || req.destroyed) return Promise.resolve(true);
  return new Promise((resolve) => {
    let bytes = 0;
    const answer = (hasEnded: boolean) => (): void => {
      clearTimeout(patience);
      req.off('data', discard);
      req.pause();
      resolve(hasEnded);
    };
    const discard = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > restBytes) answer(false)();
    };
    const patience = setTimeout(answer(false), restMs);
    req.once('end', answer(true)).once('close', answer(false)).on('data', discard);
  });
};
