import { allowedCalls, type AllowedCall, type Operation, type Service } from '../../src/microsoft/allowed-calls.js';

export const everyOperation = Object.keys(allowedCalls) as readonly Operation[];
export const callOf = (operation: Operation): AllowedCall => allowedCalls[operation];
/** Reads, and what may have happened before without a difference: asked again where no answer comes. Anything else is sent once. */
export const mayRepeat = (operation: Operation): boolean => callOf(operation).method === 'GET' || operation === 'token';

/** How those who play Microsoft in tests begin the paths of a service; two of them also do without. */
const prefixes: readonly (readonly [prefix: RegExp, service: Service])[] = [
  [/^\/(?:partner-center|pc)(?=\/)/, 'partnerCenter'], [/^\/graph(?=\/)/, 'graph'], [/^\/login(?=\/)/, 'login'],
  [/^(?=\/v1\/|\/webhooks\/v1\/)/, 'partnerCenter'], [/^(?=\/v1\.0\/)/, 'graph'],
];

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/[.()']/g, '\\$&').replace(/\{(\w+)\}/g, "(?<$1>[^/'()]+)")}$`);
const patterns = everyOperation.map((operation) => ({ operation, ...callOf(operation), pattern: patternOf(callOf(operation).path) }));

export type Named = { readonly operation: Operation; readonly params: Readonly<Record<string, string>> };

/** The operations that a request may be: several share a pair and differ by what they write. */
export const operationsOf = (method: string, url: string): readonly Named[] => {
  const { pathname } = new URL(url, 'http://here');
  return prefixes.flatMap(([prefix, service]) => {
    if (!prefix.test(pathname)) return [];
    const path = pathname.replace(prefix, '');
    return patterns.flatMap((one) => {
      const found = one.service === service && one.method === method ? one.pattern.exec(path) : null;
      return found ? [{ operation: one.operation, params: Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])) }] : [];
    });
  });
};

/** Whether a request goes to one of Microsoft's services, as far as its path tells. */
export const isToMicrosoft = (url: string): boolean => prefixes.some(([prefix]) => prefix.test(new URL(url).pathname));

/** The one operation of a request, told by its body where two share a pair. */
export const operationOf = (method: string, url: string, body: string): Named | undefined => {
  // Where a name fits a place for an id as well, the name is meant.
  const fewest = Math.min(...operationsOf(method, url).map(({ params }) => Object.keys(params).length));
  const may = operationsOf(method, url).filter(({ params }) => Object.keys(params).length === fewest);
  if (may.length < 2) return may[0];
  const action = /"action":"(\w+)"/.exec(body)?.[1] ?? '';
  const wanted: Operation = action === 'approve' || action === 'reject' ? 'answerProviderDraft' : 'requestDelegatedAdmin';
  return may.find(({ operation }) => operation === wanted);
};
