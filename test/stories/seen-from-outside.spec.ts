import { strict as assert } from 'node:assert';
import { installAll, invite, type Story } from './people.js';
import { until, type Product } from './product.js';
import { startStory } from './start.js';

type Span = { readonly name: string; readonly attributes: Readonly<Record<string, unknown>>; readonly isGood: boolean; readonly trace: string; readonly id: string; readonly parent?: string };

const withTraces = { NODE_OPTIONS: `--import ${new URL('with-traces.mjs', import.meta.url).href}` };
const spansOf = ({ output }: Product): readonly Span[] => [...output.matchAll(/^SPAN (.+)$/gm)].map(([, span = '']) => JSON.parse(span) as Span);

/** From the innermost outwards. */
const wayTo = (spans: readonly Span[], { parent, ...span }: Span): readonly Span[] => {
  const above = spans.find(({ id }) => id === parent);
  return [{ ...span, ...(parent !== undefined && { parent }) }, ...(above ? wayTo(spans, above) : [])];
};

describe('seen from outside', function () {
  this.timeout(60_000);
  let product: Product;
  let story: Story;
  afterEach(() => product?.stop());

  it('an invitation is one trace from the press over the commit to the errand and what it sends', async () => {
    ({ product, story } = await startStory(withTraces));
    const { elif, ayse, fabrikam, contoso } = story;
    await installAll(product, elif, ayse);

    await invite(product, elif);
    await product.hears(ayse, 'ile çalışmak istiyor');

    const way = await until('the way to the customer’s card', () => {
      const spans = spansOf(product);
      return spans.filter(({ name }) => name === 'send').map((send) => wayTo(spans, send)).find((names) => names.some(({ name }) => name === 'errand deliver'));
    });
    assert.deepEqual(way.map(({ name }) => name), ['send', 'errand deliver', 'commit', 'turn']);
    assert.equal(new Set(way.map(({ trace }) => trace)).size, 1);
    assert.deepEqual(way.map(({ attributes }) => attributes), [{}, { attempt: 1, outcome: 'done' }, { event: 'InvitationSent' }, { type: 'invoke', outcome: 'answered' }]);

    const all = JSON.stringify(spansOf(product));
    for (const name of ['Elif', 'Contoso', 'contoso.com', 'Azure backup', fabrikam.id, contoso.id, elif.id, ayse.id]) assert.ok(!all.includes(name), name);
  });
});
