import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'libsql';
import { leaveOut } from '../helpers/parts.js';
import { installAll } from '../stories/people.js';
import type { Product } from '../stories/product.js';
import { startStory } from '../stories/start.js';
import { figure } from './figure.js';

const diskMb = 32;

export const fullDisk = ({ times }: { readonly times: number }): void => {
  describe('G11: a disk that is full is storage that is away', function () {
    this.timeout(60_000 + times * 30_000);
    let product: Product | undefined;
    let disk: string | undefined;
    before(function () {
      const place = mkdtempSync(join(tmpdir(), 'disk-'));
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMb}m`, 'tmpfs', place], { stdio: 'ignore' });
        disk = place;
      } catch {
        rmSync(place, { recursive: true });
        leaveOut(this, 'nobody here may mount a small disk.');
      }
    });
    after(async () => {
      await product?.stop();
      if (!disk) return;
      execFileSync('umount', ['--lazy', disk]);
      rmSync(disk, { recursive: true });
    });

    it(`${times} times, to the last byte: nothing that was acknowledged is lost, and with room it goes on without a restart`, async () => {
      const on = disk ?? '';
      const file = join(on, 'ledger.sqlite');
      const started = await startStory({ DATABASE_URL: `sqlite:${file}` });
      product = started.product;
      const { elif } = started.story;
      await installAll(product, elif);
      const { pid } = product;
      const service = product;
      let acknowledged = 0;
      /** A draft is a row; dropped, the next one is another. One that a full disk keeps from being dropped would be shown again: no write. */
      const said = async (): Promise<number> => {
        const dropped = await service.say(elif, 'cancel');
        if (dropped.status !== 200) return dropped.status;
        const { status } = await service.say(elif, 'invite contoso.com because Azure backup');
        if (status === 200 && JSON.stringify(service.messages(elif).at(-1)).includes('send-invitation')) acknowledged += 1;
        return status;
      };
      const ready = async (): Promise<number> => (await fetch(`${service.url}/readyz`)).status;
      const filler = join(on, 'filler');
      const fill = (leftBytes: number): void => {
        const { bsize, bavail } = statfsSync(on);
        writeFileSync(filler, Buffer.alloc(Math.max(0, bsize * bavail - leftBytes)), { flag: 'a' });
      };
      const tookMs: number[] = [];

      for (let time = 0; time < times; time += 1) {
        // Every other time it fills up slowly, and the reserve is seen; else it is full from one moment to the next.
        if (time % 2 === 0) fill(diskMb * 2 ** 20 * 0.03);
        else fill(0);
        let status = await said();
        for (const end = performance.now() + 10_000; status === 200 && performance.now() < end;) status = await said();
        assert.equal(status, 503);
        await service.hears(elif, 'Not now, please: I can’t reach my records. Nothing was recorded.');
        for (const end = performance.now() + 5_000; (await ready()) !== 503 && performance.now() < end;) await pause(100);
        assert.deepEqual([await ready(), (await fetch(`${service.url}/healthz`)).status], [503, 200]);

        rmSync(filler);
        const roomAt = performance.now();
        while ((await said()) !== 200) await pause(50);
        tookMs.push(Math.round(performance.now() - roomAt));
        assert.equal(await ready(), 200);
      }

      assert.equal(service.pid, pid);
      await product.stop();
      product = undefined;
      const ledger = new Database(file);
      assert.deepEqual(ledger.prepare('PRAGMA integrity_check').pluck().all(), ['ok']);
      const drafted = ledger.prepare("SELECT seq FROM audit WHERE event = 'InvitationDrafted'").all().length;
      ledger.close();
      assert(drafted >= acknowledged, `${acknowledged} acknowledged, ${drafted} stored`);
      figure('G11', `a full disk, ${times} times: ${acknowledged} acknowledged, ${drafted} stored; the first success came ${Math.max(...tookMs)} ms after there was room`);
    });
  });
};
