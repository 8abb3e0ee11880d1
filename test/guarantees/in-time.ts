import { strict as assert } from 'node:assert';
import { installAll, invite } from '../stories/people.js';
import type { Product } from '../stories/product.js';
import { startStory } from '../stories/start.js';
import { figure } from './figure.js';
import { onBothEngines, type Engine } from './places.js';

/** Teams delivers a message again after about 15 s. */
const [usualMs, mostMs] = [1_000, 8_000];
const sentences = ['pending', 'invite tenadmins.com because Azure backup', 'help', 'my customers', 'who am I', 'cancel'];

export const inTime = ({ turns, engines }: { readonly turns: number; readonly engines?: readonly Engine[] }): void => {
  describe('G10: a turn is answered long before Teams would deliver it again', function () {
    this.timeout(turns * 1_000 + 60_000);

    onBothEngines((at, engine) => {
      let product: Product;
      afterEach(() => product?.stop());

      it(`${turns} turns, one after the other; then one while Microsoft does not answer, and one while it takes its time`, async () => {
        const { url } = at();
        let story;
        ({ product, story } = await startStory({ DATABASE_URL: url }));
        const { elif, sarp, ayse } = story;
        await installAll(product, elif, sarp, ayse);
        await invite(product, elif);
        const tookMs = async (text: string, person = elif): Promise<number> => {
          const began = performance.now();
          assert.equal((await product.say(person, text)).status, 200);
          return performance.now() - began;
        };

        const took: number[] = [];
        for (let turn = 0; turn < turns; turn += 1) took.push(await tookMs(sentences[turn % sentences.length] ?? ''));
        took.sort((one, other) => one - other);
        const rank = (share: number): number => Math.round(took[Math.ceil(took.length * share) - 1] ?? Infinity);
        const isWrittenDown = 'I couldn’t reach Microsoft. Your request is written down';
        // Of whom nothing is kept yet: every answer is waited for.
        await product.sandbox('faults', { delayMs: 2_500, times: 1_000 });
        const slow = Math.round(await tookMs('invite litware.com because Azure backup', sarp));
        await product.hears(sarp, isWrittenDown);
        await product.sandbox('faults', undefined, 'DELETE');
        await product.sandbox('faults', { status: 503, delayMs: 30_000, times: 100 });
        const silent = Math.round(await tookMs('invite adatum.com because Azure backup'));
        await product.hears(elif, isWrittenDown);

        figure('G10', `${engine}: ${turns} turns, p50 ${rank(0.5)} ms, p99 ${rank(0.99)} ms, ${rank(1)} ms at most; ${silent} ms while Microsoft is silent, ${slow} ms while each of its answers takes 2.5 s`);
        assert(rank(0.99) < usualMs, 'p99');
        assert(silent < mostMs, 'while Microsoft is silent');
        assert(slow < mostMs, 'while Microsoft is slow');
      });
    }, engines);
  });
};
