import type { IncomingHttpHeaders } from 'node:http';
import { Agent, type Dispatcher } from 'undici';

export type Asked = {
  readonly method: Dispatcher.HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, milliseconds. */
  readonly timeoutMs: number;
};

export type Answered = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

/** One request, one answer read to its end: nothing is repeated, no redirect is followed. Rejects when no whole answer came. */
export type Wire = (address: string, asked: Asked) => Promise<Answered>;

/** No whole answer came within the time that was given. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
  constructor() {
    super('No whole answer in time.');
  }
}

const connectMs = 3_000;

/**
 * Lines kept open and shared. An answer longer than `mostBytes` rejects.
 * @NOTE undici's `dispatch`: its `request` builds a stream for each answer and hangs listeners on signals, and costs four times
 * as much CPU. A turn makes half a dozen of these.
 */
export const createWire = ({ mostBytes }: { readonly mostBytes: number }): Wire => {
  const agent = new Agent({ connect: { timeout: connectMs }, maxResponseSize: mostBytes });
  return (address, { method, headers, body, timeoutMs }) => new Promise((resolve, reject) => {
    if (timeoutMs <= 0) throw new TooLateError();
    const { origin, pathname, search } = new URL(address);
    let line: Dispatcher.DispatchController | undefined;
    let late: TooLateError | undefined;
    let status = 0;
    let about: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    const patience = setTimeout(() => {
      late = new TooLateError();
      line?.abort(late);
      reject(late);
    }, timeoutMs);

    agent.dispatch({ origin, path: pathname + search, method, headers: headers ?? {}, body: body ?? null }, {
      onRequestStart: (controller) => {
        line = controller;
        // It waited for a line all that time: now nobody may hear of it any more.
        if (late) controller.abort(late);
      },
      onResponseStart: (_, statusCode, said) => {
        status = statusCode;
        about = said;
      },
      onResponseData: (_, chunk) => void chunks.push(chunk),
      onResponseEnd: () => {
        clearTimeout(patience);
        resolve({ status, headers: about, text: Buffer.concat(chunks).toString('utf8') });
      },
      onResponseError: (_, error) => {
        clearTimeout(patience);
        reject(error);
      },
    });
  });
};
