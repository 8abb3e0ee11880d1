import type { TenantId } from '../../domain/ids.js';
import { attributes, link, refusal } from './partner-center-wire.js';
import { AnsweredEarly, type Answered, type Asked } from './route.js';

type Page<Item> = {
  readonly asked: Asked;
  /** Whose list it is: a token of somebody else leads nowhere. */
  readonly owner: TenantId;
  /** In the order of their keys. */
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly bodyOf: (item: Item) => object;
  /** Path and query of the list itself, without what leads on. */
  readonly uri: string;
  readonly size: number;
};

/** One page and the way to the next: a token that names the last item seen, in a header of its own. `totalCount` counts the page. */
export const seekPage = <Item>({ asked, owner, items, keyOf, bodyOf, uri, size }: Page<Item>): Answered => {
  const after = asked.url.searchParams.get('seekOperation') === 'Next' ? lastSeen(owner, asked) : '';
  const rest = items.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const onward = `${uri}${uri.includes('?') ? '&' : '?'}seekOperation=Next`;
  const next = last !== undefined && rest.length > page.length && link(onward, [{ key: 'MS-ContinuationToken', value: continuation(owner, keyOf(last)) }]);
  return { status: 200, body: { totalCount: page.length, items: page.map(bodyOf), links: { self: link(uri), ...(next && { next }) }, ...attributes('Collection') } };
};

const continuation = (owner: TenantId, lastKey: string): string => Buffer.from(`${owner} ${lastKey}`).toString('base64url');

const lastSeen = (wanted: TenantId, { headers }: Asked): string => {
  const [owner, last] = Buffer.from(String(headers['ms-continuationtoken'] ?? ''), 'base64url').toString().split(/ (.*)/s);
  if (owner !== wanted || !last) throw new AnsweredEarly(refusal(400, '2000', 'The continuation token is not valid.'));
  return last;
};
