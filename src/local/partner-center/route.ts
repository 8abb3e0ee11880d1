import type { IncomingHttpHeaders } from 'node:http';

export type Asked = {
  readonly method: string;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Text as it came; empty for a GET. */
  readonly body: string;
  /** The other end of the line. */
  readonly peer: string;
};

/** `body` is sent as JSON unless it is text or bytes; `undefined` is sent as nothing at all. */
export type Answered = { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

export type Route = { readonly method: 'get' | 'post' | 'put' | 'patch' | 'del'; readonly path: string; readonly answer: (asked: Asked) => Answered | Promise<Answered> };

/** `undefined` for what is no JSON, as nothing in JSON is. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

export const html = (status: number, body: string, headers: Readonly<Record<string, string>>): Answered => ({
  status, body, headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
});

/** Thrown by whatever finds out that the answer is already clear. */
export class AnsweredEarly extends Error {
  override readonly name = 'AnsweredEarly';
  constructor(readonly answered: Answered) {
    super(`Answered ${answered.status}.`);
  }
}
