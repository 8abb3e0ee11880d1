import { z } from 'zod';
import type { Operation } from './allowed-calls.js';
import { readAs } from './answers.js';
import type { Answer, Asking, Caller } from './caller.js';

/** Which refusals mean that there is nothing to list. */
type MeansNothing = (answer: Answer) => boolean;
const none: MeansNothing = () => false;

const continuation = 'MS-ContinuationToken';

/** A schema is compiled when it is first used: made anew for each call it would be compiled each time. */
const keptBy = <Made>(make: (item: z.ZodType) => Made): ((item: z.ZodType) => Made) => {
  const kept = new WeakMap<z.ZodType, Made>();
  return (item) => {
    const made = kept.get(item) ?? make(item);
    kept.set(item, made);
    return made;
  };
};

const ways = z.looseObject({
  continuationToken: z.string().nullish(),
  links: z.looseObject({
    next: z.looseObject({ headers: z.array(z.looseObject({ key: z.string(), value: z.string() })).nullish() }).nullish(),
  }).nullish(),
});

const tokenIn = ({ links, continuationToken }: z.output<typeof ways>): string | undefined =>
  links?.next ? links.next.headers?.find(({ key }) => key.toLowerCase() === continuation.toLowerCase())?.value ?? continuationToken ?? undefined : undefined;

/**
 * A list that is missing is no empty one: `items` may be left out only where the answer counts none. Nor is one whole that
 * goes on and does not say where: what it lacks would be taken for ended.
 */
const partnerCenterPage = keptBy((item) =>
  ways.extend({ totalCount: z.number().nullish(), items: z.array(item).nullish() })
    .refine((page) => (page.items || page.totalCount === 0) && (!page.links?.next || tokenIn(page))));

/**
 * Every page of a Partner Center collection. The next one is the same call with a token; the address in the answer is
 * relative and is never followed. A token that comes twice is the end, an empty page is not.
 */
export const partnerCenterItems = async <Item extends z.ZodType>(
  call: Caller, operation: Operation, asking: Asking, item: Item, meansNothing = none,
): Promise<z.output<Item>[]> => {
  const items: z.output<Item>[] = [];
  const seen = new Set<string>();
  for (let token: string | undefined; ; ) {
    const next: Asking = token === undefined ? asking : {
      ...asking, query: { ...asking.query, seekOperation: 'Next' }, headers: { ...asking.headers, [continuation]: token },
    };
    const answer = await call(operation, next);
    if (meansNothing(answer)) return items;
    const page = readAs(partnerCenterPage(item), operation, answer);
    items.push(...((page.items ?? []) as z.output<Item>[]));
    token = tokenIn(page);
    if (token === undefined || seen.has(token)) return items;
    seen.add(token);
  }
};

const graphPage = keptBy((item) => z.looseObject({ value: z.array(item), '@odata.nextLink': z.string().nullish() }));

/** Every page of a Graph collection. The link is followed as it is written, but only to the same call at the same place. */
export const graphItems = async <Item extends z.ZodType>(
  call: Caller, operation: Operation, asking: Asking, item: Item, meansNothing = none,
): Promise<z.output<Item>[]> => {
  const items: z.output<Item>[] = [];
  const seen = new Set<string>();
  for (let link: string | undefined; ; ) {
    const answer = await call(operation, link === undefined ? asking : { ...asking, link });
    if (meansNothing(answer)) return items;
    const page = readAs(graphPage(item), operation, answer);
    items.push(...(page.value as z.output<Item>[]));
    link = page['@odata.nextLink'] ?? undefined;
    if (link === undefined || seen.has(link)) return items;
    seen.add(link);
  }
};
