import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';

/** The errand on whose behalf calls are made. Its calls share a correlation id; a write keeps its request id from try to try. */
export type Trace = {
  during<T>(name: string, act: () => Promise<T>): Promise<T>;
  correlationId(): string | undefined;
  /** @param call what is written and where, to the letter */
  requestId(call: string): string | undefined;
  /** Microsoft gave a definite answer: the same call made once more is another call. */
  answered(call: string): void;
};

type Span = { readonly name: string; readonly answers: Map<string, number>; correlationId?: string };

/** Built on names, so that an errand tried again by another process sends the ids that were sent before. */
export const createTrace = (): Trace => {
  const spans = new AsyncLocalStorage<Span>();
  let underWay = 0;
  return {
    during: (name, act) => {
      underWay += 1;
      return spans.run({ name, answers: new Map() }, act).finally(() => {
        underWay -= 1;
        // In use it makes every promise of the process dearer, a sixth of a turn's CPU (Node 20); the next errand switches it on again.
        if (underWay === 0) spans.disable();
      });
    },
    correlationId: () => {
      const span = spans.getStore();
      return span && (span.correlationId ??= guidOf('correlation', span.name));
    },
    requestId: (call) => {
      const span = spans.getStore();
      return span && guidOf('request', span.name, call, String(span.answers.get(call) ?? 0));
    },
    answered: (call) => {
      const answers = spans.getStore()?.answers;
      answers?.set(call, (answers.get(call) ?? 0) + 1);
    },
  };
};

/** A GUID of the "custom" version 8 kind, the same for the same words. @see RFC 9562, section 5.8 */
const guidOf = (...words: readonly string[]): string => {
  const bytes = createHash('sha256').update(JSON.stringify(words)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};
