import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'undici';

/** Structured lines; what is not on the log's list of allowed fields is dropped there. */
export type Log = Readonly<Record<'info' | 'warn' | 'error', (fields: Readonly<Record<string, unknown>>, message: string) => void>>;

export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange; 5 s when left out. */
  readonly timeoutMs?: number;
};

export type Reply = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

const agent = new Agent({ connect: { timeout: 3_000 }, maxResponseSize: 1024 * 1024 });

/** One request, one answer: nothing is repeated, no redirect is followed. Rejects when no whole answer came. */
export const call = async (url: string, { method, headers = {}, body, timeoutMs = 5_000 }: Call): Promise<Reply> => {
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await request(url, { method, headers: { ...headers }, body: body ?? null, dispatcher: agent, signal });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
};

/** Whether the failed call certainly never reached the other side. When in doubt it did. */
export const neverArrived = (error: unknown): boolean => {
  const { code, syscall } = error as { readonly code?: unknown; readonly syscall?: unknown };
  return code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT' || syscall === 'connect' || syscall === 'getaddrinfo';
};

/** `undefined` for anything that is not JSON. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
