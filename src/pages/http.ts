import { randomUUID } from 'node:crypto';
import type { Request, Response, Server } from 'restify';
import type { Language } from '../commands/ports.js';
import { html, page, pageHeaders, said, type Drawing } from './html.js';
import { isRandomText } from './kept.js';
import type { Ground } from './ports.js';
import { languageOf, wordsIn } from './words.js';

export type Asked = {
  readonly language: Language;
  readonly query: URLSearchParams;
  /** Empty for a GET. */
  readonly form: URLSearchParams;
  /** Of this server and of the shape it gives them; anything else is as if it were not there. */
  readonly cookie: (name: string) => string | undefined;
};

/** Seconds; 0 takes it away. */
export type Cookie = { readonly name: string; readonly value: string; readonly path: string; readonly seconds: number };

export type Answered = {
  readonly status: number;
  readonly drawing?: Drawing;
  readonly formsTo?: 'microsoft';
  /** A whole address: of this server, or of Microsoft's login service. */
  readonly goTo?: string;
  readonly cookie?: Cookie;
  readonly retryAfterSeconds?: number;
};

const longestFormBytes = 8_192;

/** Adds routes whose answers are pages. A page that fails says so by a reference and nothing else. */
export const createDoors = (server: Server, { publicUrl, log, formPatienceMs = 10_000 }: Ground) => {
  const isHttps = publicUrl.startsWith('https:');
  // A browser lets nobody without encryption set a cookie of such a name.
  const nameOf = (name: string): string => (isHttps ? `__Secure-${name}` : name);

  const send = (res: Response, { status, drawing, formsTo = undefined, goTo, cookie, retryAfterSeconds }: Answered): void => {
    const text = drawing ? page(drawing) : '';
    if (cookie) {
      const { name, value, path, seconds } = cookie;
      res.setHeader('set-cookie', `${nameOf(name)}=${value}; Path=${new URL(publicUrl).pathname.replace(/\/$/, '')}${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${isHttps ? '; Secure' : ''}`);
    }
    res.sendRaw(status, text, {
      ...pageHeaders(formsTo ?? 'here', isHttps), 'content-length': String(Buffer.byteLength(text)),
      ...(goTo !== undefined && { location: goTo }), ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    });
  };

  const at = (method: 'get' | 'post', path: string, answer: (asked: Asked) => Promise<Answered>): void => {
    server[method](path, async (req: Request, res: Response) => {
      const query = new URL(req.url ?? '/', 'http://here').searchParams;
      const form = method === 'post' ? await readForm(req, formPatienceMs) : new URLSearchParams();
      if (typeof form === 'number') return void res.sendRaw(form, '', { ...pageHeaders('here', isHttps), 'content-length': '0', connection: 'close' });
      const language = languageOf(form.get('lang') ?? query.get('lang'), req.headers['accept-language']);
      const cookies = cookiesIn(req.headers.cookie);
      const cookie = (name: string): string | undefined => {
        const value = cookies.get(nameOf(name));
        return isRandomText(value) ? value : undefined;
      };
      try {
        send(res, await answer({ language, query, form, cookie }));
      } catch (error) {
        const reference = randomUUID();
        log.error({ reference, error }, 'A page failed.');
        const words = wordsIn(language).failed;
        send(res, { status: 500, drawing: { language, heading: words.heading, inner: html`${said(words.text(reference), 'bad')}` } });
      }
    });
  };
  return { get: (path: string, answer: (asked: Asked) => Promise<Answered>) => at('get', path, answer), post: (path: string, answer: (asked: Asked) => Promise<Answered>) => at('post', path, answer) };
};

/** The form, or the status with which it is turned away: 400 for one that does not arrive in time, or not whole. */
const readForm = (req: Request, patienceMs: number): Promise<URLSearchParams | number> => {
  const { 'content-type': type = '', 'content-encoding': encoding } = req.headers;
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type) || encoding !== undefined) return Promise.resolve(415);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (how: () => URLSearchParams | number) => (): void => {
      clearTimeout(patience);
      req.off('data', keep);
      resolve(how());
    };
    const keep = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > longestFormBytes) settle(() => 413)();
      else chunks.push(chunk);
    };
    const patience = setTimeout(settle(() => 400), patienceMs);
    req.on('data', keep).once('end', settle(() => new URLSearchParams(Buffer.concat(chunks).toString('utf8')))).once('close', settle(() => 400));
  });
};

const cookiesIn = (header = ''): ReadonlyMap<string, string> =>
  new Map(header.split(';').map((part): [string, string] => [part.slice(0, Math.max(0, part.indexOf('='))).trim(), part.slice(part.indexOf('=') + 1).trim()]));

/** What Microsoft's answer in an address says went wrong: a code, never its sentence, which anybody could have written. */
export const refusalIn = (query: URLSearchParams): { readonly isCancelled: boolean; readonly code: string } | undefined => {
  const error = query.get('error');
  if (error === null) return undefined;
  const number = /^AADSTS(\d{4,9})(?!\d)/.exec(query.get('error_description') ?? '')?.[1];
  const code = number !== undefined ? `AADSTS${number}` : /^[a-z_]{1,40}$/.test(error) ? error : 'unknown';
  return { code, isCancelled: error === 'access_denied' && (number === undefined || number === '65004' || query.get('error_subcode') === 'cancel') };
};
