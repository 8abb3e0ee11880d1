import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'undici';

/** What came back, read to its end. `body` is `undefined` when there was none, or when it was not JSON. */
export type Reply = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: unknown; readonly isJson: boolean };

const agent = new Agent({ connect: { timeout: 3_000 }, maxResponseSize: 8 * 1024 * 1024 });

export type Request = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
};

/**
 * One request, one answer; no redirect is followed.
 * @throws whatever the network throws when no whole answer came
 */
export const exchange = async (address: string, { method, headers, body, signal }: Request): Promise<Reply> => {
  const answer = await request(address, { method, headers: { ...headers }, body: body ?? null, dispatcher: agent, signal });
  const text = (await answer.body.text()).replace(/^\uFEFF/, '').trim();
  const { value, isJson } = parse(text);
  return { status: answer.statusCode, headers: answer.headers, body: value, isJson };
};

const parse = (text: string): { readonly value: unknown; readonly isJson: boolean } => {
  if (text === '') return { value: undefined, isJson: true };
  try {
    return { value: withSmallFirstLetters(JSON.parse(text)), isJson: true };
  } catch {
    return { value: undefined, isJson: false };
  }
};

// Partner Center answers `id` in one place and `Id` in another.
const withSmallFirstLetters = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withSmallFirstLetters);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), withSmallFirstLetters(inner)]));
};
