import { createWire, type Answered, type Asked } from '../../wire.js';

/** Structured lines; what is not on the log's list of allowed fields is dropped there. */
export type Log = Readonly<Record<'info' | 'warn' | 'error', (fields: Readonly<Record<string, unknown>>, message: string) => void>>;

/** 5 s for the whole exchange when `timeoutMs` is left out. */
export type Call = Omit<Asked, 'timeoutMs'> & Partial<Pick<Asked, 'timeoutMs'>>;
export type Reply = Answered;

const wire = createWire({ mostBytes: 1024 * 1024 });

/** One request, one answer: nothing is repeated, no redirect is followed. Rejects when no whole answer came. */
export const call = (url: string, asked: Call): Promise<Reply> => wire(url, { timeoutMs: 5_000, ...asked });

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
