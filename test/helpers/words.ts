/** Reads a language from end to end: every sentence it can say, with a value in every gap. */

type Saying = (...given: readonly unknown[]) => unknown;
type Leaf = string | Saying;

export const leavesOf = (words: object, path = ''): readonly (readonly [string, Leaf])[] =>
  Object.entries(words).flatMap(([name, value]: [string, unknown]) => {
    const here = path === '' ? name : `${path}.${name}`;
    if (typeof value === 'string') return [[here, value] as const];
    if (typeof value === 'function') return [[here, value as Saying] as const];
    return typeof value === 'object' && value !== null ? leavesOf(value, here) : [];
  });

/**
 * Stands for a name, a number, a list and a bag of names alike, and reads as `QX`: a region without a name, so that it comes
 * through as typed wherever a country is looked up.
 */
export const mark = (): unknown =>
  new Proxy({}, {
    get: (_, key) => (key === Symbol.toPrimitive ? () => 'QX' : key === Symbol.iterator ? () => ['QX', 'QX'][Symbol.iterator]() : 'QX'),
  });

/** @param given makes what is put into every gap */
export const saidWith = (words: object, given: () => unknown): readonly (readonly [string, string])[] =>
  leavesOf(words).flatMap(([path, leaf]) => {
    if (typeof leaf === 'string') return [[path, leaf] as const];
    const gaps = [given(), given(), given()];
    // These two lend their sentence to nobody: a list of what was given, a country by its code.
    if (path === 'list' || path === 'country') return [];
    const said = leaf(...gaps);
    return (Array.isArray(said) ? said : [said]).map((sentence) => [path, String(sentence)] as const);
  });
