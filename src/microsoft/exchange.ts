import type { Answered, Asked } from '../wire.js';
import { createWire } from '../wire.js';

/** What came back, read to its end. `body` is `undefined` when there was none, or when it was not JSON. */
export type Reply = Pick<Answered, 'status' | 'headers'> & { readonly body: unknown; readonly isJson: boolean };

const wire = createWire({ mostBytes: 8 * 1024 * 1024 });

/**
 * One request, one answer; no redirect is followed.
 * @throws whatever the network throws when no whole answer came
 */
export const exchange = async (address: string, asked: Asked): Promise<Reply> => {
  const { status, headers, text } = await wire(address, asked);
  return { status, headers, ...parse(text.replace(/^\uFEFF/, '').trim()) };
};

const parse = (text: string): Pick<Reply, 'body' | 'isJson'> => {
  if (text === '') return { body: undefined, isJson: true };
  try {
    return { body: withSmallFirstLetters(JSON.parse(text)), isJson: true };
  } catch {
    return { body: undefined, isJson: false };
  }
};

const isCapital = (key: string): boolean => key.charAt(0) >= 'A' && key.charAt(0) <= 'Z';
const hasCapitals = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (Array.isArray(value) ? value.some(hasCapitals) : Object.keys(value).some(isCapital) || Object.values(value).some(hasCapitals));

/** Partner Center answers `id` in one place and `Id` in another. Most answers need no change: of a thousand customers nothing is made anew. */
const withSmallFirstLetters = (value: unknown): unknown => (hasCapitals(value) ? small(value) : value);

const small = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(small);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), small(inner)]));
};
