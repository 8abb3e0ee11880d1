import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { needs, redisUrl } from '../helpers/parts.js';
import { aWire } from '../ledger/a-wire.js';
import { installAll } from '../stories/people.js';
import type { Product } from '../stories/product.js';
import { startStory } from '../stories/start.js';
import { figure } from './figure.js';

type Wire = Awaited<ReturnType<typeof aWire>>;

export const redisAway = (): void => {
  describe('Redis gone and back', function () {
    this.timeout(60_000);
    before(needs.redis());
    let product: Product | undefined;
    afterEach(() => product?.stop());

    for (const [how, leave, comeBack] of [
      ['its connections end', (wire: Wire) => wire.cut(), (wire: Wire) => wire.mend()],
      ['it falls silent and stays connected', (wire: Wire) => wire.fallSilent(), (wire: Wire) => wire.speakAgain()],
    ] as const) it(`${how}: turns go on, and a talk is remembered again as soon as it is back`, async () => {
      const wire = await aWire(new URL(redisUrl.replace('redis:', 'http:')));
      const started = await startStory({ STATE_URL: `redis://127.0.0.1:${wire.port}` });
      product = started.product;
      const { elif } = started.story;
      await installAll(product, elif);
      const service = product;
      const said = async (text: string) => {
        const at = performance.now();
        const { status } = await service.say(elif, text);
        return { status, ms: Math.round(performance.now() - at) };
      };

      await leave(wire);
      const away = [await said('who am I'), await said('help'), await said('who am I')];
      assert(away.every(({ status, ms }) => status === 200 && ms < 4000), JSON.stringify(away));

      await comeBack(wire);
      const backAt = performance.now();
      // Which invitation "send" means is part of the talk.
      const remembers = async (): Promise<boolean> => {
        await said('invite contoso.com because Azure backup');
        await said('send');
        await said('yes');
        return service.messages(elif).slice(-3).some((message) => /Sent|not delivered/.test(JSON.stringify(message)));
      };
      while (!(await remembers())) await pause(50);
      const backMs = Math.round(performance.now() - backAt);
      assert(backMs < 10_000);
      figure('Redis', `${how}: gone and back; every turn meanwhile was answered, the slowest in ${Math.max(...away.map(({ ms }) => ms))} ms; talks were remembered again ${backMs} ms after the return`);
      await product.kill();
      await wire.cut();
    });
  });
};
