import { strict as assert } from 'node:assert';
import { renameSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { aWire } from '../ledger/a-wire.js';
import { postgresServer } from '../ledger/engines.js';
import { installAll } from '../stories/people.js';
import type { Product } from '../stories/product.js';
import { startStory } from '../stories/start.js';
import { figure } from './figure.js';
import { onBothEngines, type Engine } from './places.js';

type Storage = { readonly url: string; take(): Promise<void>; give(): Promise<void> };

/** A server behind a wire that can be cut, or a file that can be put aside. */
const storageAt = async (url: string, engine: Engine): Promise<Storage> => {
  if (engine === 'SQLite') {
    const file = url.slice('sqlite:'.length);
    const move = (from: string, to: string): void => ['', '-wal', '-shm'].forEach((end) => renameSync(`${file}${from}${end}`, `${file}${to}${end}`));
    return { url, take: async () => move('', '.away'), give: async () => move('.away', '') };
  }
  const wire = await aWire(new URL(postgresServer));
  const overTheWire = new URL(url);
  overTheWire.host = `127.0.0.1:${wire.port}`;
  return { url: overTheWire.href, take: wire.cut, give: async () => void (await wire.mend()) };
};

export const storageAway = ({ times }: { readonly times: number }): void => {
  describe('G11: while the storage is away it refuses and says so; when it is back, so is the service', function () {
    this.timeout(60_000 + times * 30_000);
    let product: Product | undefined;
    afterEach(() => product?.stop());

    onBothEngines((at, engine) => {
      it(`${times} times, without a restart`, async () => {
        const storage = await storageAt(at().url, engine);
        const started = await startStory({ DATABASE_URL: storage.url });
        product = started.product;
        const { elif } = started.story;
        await installAll(product, elif);
        const { pid } = product;
        const said = async (): Promise<number> => (await (product as Product).say(elif, 'invite contoso.com because Azure backup')).status;
        const ready = async (): Promise<number> => (await fetch(`${product?.url}/readyz`)).status;
        const tookMs: number[] = [];

        for (let time = 1; time <= times; time += 1) {
          await storage.take();
          assert.equal(await said(), 503);
          await product.hears(elif, 'Not now, please: I can’t reach my records. Nothing was recorded.');
          assert.deepEqual([await ready(), (await fetch(`${product.url}/healthz`)).status], [503, 200]);

          await storage.give();
          const backAt = performance.now();
          while ((await said()) !== 200) await pause(50);
          tookMs.push(Math.round(performance.now() - backAt));
          assert.equal(await ready(), 200);
        }

        figure('G11', `${engine}: away and back ${times} times; the first success came ${Math.max(...tookMs)} ms after the return at the latest, without a restart`);
        assert(tookMs.every((ms) => ms < 5000));
        assert.equal(product.pid, pid);
        await product.stop();
        product = undefined;
        if (engine === 'PostgreSQL') await storage.take();
      });
    });

    onBothEngines((at, engine) => {
      it('also when the server ends every connection at once', async () => {
        const started = await startStory({ DATABASE_URL: at().url });
        product = started.product;
        const { elif } = started.story;
        await installAll(product, elif);
        const admin = new pg.Client({ connectionString: postgresServer });
        await admin.connect();

        for (let time = 1; time <= times; time += 1) {
          await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [new URL(at().url).searchParams.get('application_name')]);
          const endedAt = performance.now();
          while ((await product.say(elif, 'who am I')).status !== 200) await pause(20);
          const tookMs = Math.round(performance.now() - endedAt);
          if (time === times) figure('G11', `${engine}: every connection ended ${times} times; the next success ${tookMs} ms later`);
          assert(tookMs < 5000);
        }
        await admin.end();
      });
    }, ['PostgreSQL']);
  });
};
