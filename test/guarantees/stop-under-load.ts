import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { installAll, invite } from '../stories/people.js';
import { until, type Product } from '../stories/product.js';
import { startStory } from '../stories/start.js';
import { figure } from './figure.js';
import { onBothEngines } from './places.js';
import { rowsAt } from './rows.js';

const [isAnswered, isToCome] = [[200, 201, 202], [503]];

export const stopUnderLoad = ({ stops }: { readonly stops: number }): void => {
  describe('G12: a stop loses nothing', function () {
    this.timeout(60_000 + stops * 40_000);
    let product: Product | undefined;
    afterEach(() => product?.stop());

    onBothEngines((at, engine) => {
      it(`${stops} times SIGTERM with everybody talking`, async () => {
        const started = await startStory({ DATABASE_URL: at().url });
        product = started.product;
        const { elif, ayse, admins } = started.story;
        const service = product;
        await installAll(product, elif, ayse, ...admins);
        const rows = await rowsAt(at().url);
        let [answered, turnedAway, cut] = [0, 0, 0];
        const [tookMs, notReadyMs]: [number[], number[]] = [[], []];

        for (let stop = 1; stop <= stops; stop += 1) {
          const code = await invite(product, elif, 'invite tenadmins.com because Azure backup');
          const { message, data } = await until('the request', () => {
            const button = service.button(admins[0]!, 'decline-invitation');
            return button && JSON.stringify(button.message).includes(code) && button;
          }, 20_000);
          let isOver = false;
          const talk = async (): Promise<void> => {
            while (!isOver) {
              const status = (await service.say(ayse, 'who am I').catch(() => undefined))?.status;
              if (status === undefined || status === 0) cut += 1;
              else if (isAnswered.includes(status)) answered += 1;
              else if (isToCome.includes(status)) turnedAway += 1;
              else if (status !== 502) throw new Error(`A turn got ${status}.`);
              if (status !== 200) await pause(5);
            }
          };
          const talks = Array.from({ length: 8 }, talk);
          await pause(200);

          const press = product.teams.press(admins[0]!, message.id, { type: 'Action.Execute', verb: 'decline-invitation', data: { ...data, declineReason: 'notNow' } }).catch(() => undefined);
          await pause(stop % 3);
          const stoppedAt = performance.now();
          const exit: Promise<number | null> = service.kill('SIGTERM');
          const isReady = (): Promise<boolean> => fetch(`${service.url}/readyz`).then(({ ok }) => ok, () => false);
          while (await isReady()) await pause(1);
          notReadyMs.push(Math.round(performance.now() - stoppedAt));
          const outcome = await press;
          assert.equal(await exit, 0);
          tookMs.push(Math.round(performance.now() - stoppedAt));
          isOver = true;
          await Promise.all(talks);

          assert.deepEqual(await rows(`SELECT id FROM errand WHERE state = 'waiting' AND leased_until_ms IS NOT NULL`), [], 'no lease is left behind');
          const decided = (await rows(`SELECT answer FROM decision JOIN invitation ON invitation.id = decision.invitation WHERE reference = '${code}'`)).length;
          if (outcome?.status === 200 && /Declined by/.test(JSON.stringify(outcome.body))) assert.equal(decided, 1, 'what was acknowledged is stored');
          await product.run();
          if (decided === 0) await product.teams.press(admins[0]!, message.id, { type: 'Action.Execute', verb: 'decline-invitation', data: { ...data, declineReason: 'notNow' } });
          await until('the notice', () => service.messages(elif).filter(({ text }) => text?.includes(`declined ${code}`)).length === 1, 20_000);
        }

        await rows.close();
        figure('G12', `${engine}: ${stops} stops under load, ${answered} turns answered, ${turnedAway} told to come again, ${cut} found nobody; readiness was off within ${Math.max(...notReadyMs)} ms and the slowest stop took ${Math.max(...tookMs)} ms, exit 0, no lease left, no answer lost`);
        assert(notReadyMs.every((ms) => ms < 500));
        assert(tookMs.every((ms) => ms < 20_000));
      });
    });
  });
};
