import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { installAll, invite } from '../stories/people.js';
import { until, type Product } from '../stories/product.js';
import { startStory } from '../stories/start.js';
import type { Outcome } from '../../src/local/teams/teams.js';
import { figure } from './figure.js';
import { onBothEngines, type Engine } from './places.js';
import { rowsAt } from './rows.js';

const points = ['before-commit', 'after-commit', 'before-send', 'after-send', 'before-mark'] as const;

export const oneTransaction = ({ crashes, engines }: { readonly crashes: number; readonly engines?: readonly Engine[] }): void => {
  describe('G3 and G6: a change and its notices are one transaction; a message is sent twice only after an unknown outcome', function () {
    this.timeout(crashes * 60_000 + 60_000);

    onBothEngines((at, engine) => {
      let product: Product;
      afterEach(() => product?.stop());

      it(`a crash at each of ${points.length} points, ${crashes} times each: never the answer without its notice, nor the notice without the answer`, async () => {
        const { url } = at();
        let story;
        ({ product, story } = await startStory({ DATABASE_URL: url }));
        const { elif, admins: [admin] } = story;
        assert(admin);
        await installAll(product, elif, admin);
        const rows = await rowsAt(url);
        const twice: Record<string, number> = {};

        const pointOf = (round: number): string => points[round % points.length] ?? '';
        const armed = (point: string): Promise<void> => product.run({ CRASH_AT: point }, ['test/guarantees/programs/crash-point.ts']);

        for (let round = 0; round < crashes * points.length; round += 1) {
          const point = pointOf(round);
          if (round === 0 || pointOf(round - 1) === 'before-commit') {
            await product.kill();
            await armed(point);
          }
          const code = await invite(product, elif, 'invite tenadmins.com because Azure backup');
          const { message, data } = await until('the request', () => {
            const button = product.button(admin, 'decline-invitation');
            return button && JSON.stringify(button.message).includes(code) && button;
          }, 20_000);
          const press = (): Promise<Outcome> => product.teams.press(admin, message.id, { type: 'Action.Execute', verb: 'decline-invitation', data: { ...data, declineReason: 'notNow' } }, { activity: { id: `press-${round}` } });
          const answered = await press().catch(() => undefined);
          assert.equal(await Promise.race([product.ended(), pause(60_000, 'lives', { ref: false })]), 'SIGKILL', `died at ${point}`);

          const decided = async () => (await rows(`SELECT answer FROM decision JOIN invitation ON invitation.id = decision.invitation WHERE reference = '${code}'`)).length;
          const promised = async () => (await rows(`SELECT errand_key FROM errand JOIN invitation ON invitation.id = errand.invitation WHERE reference = '${code}' AND topic = 'tell' AND errand_key LIKE '%/declined/%'`)).length;
          const told = () => product.messages(elif).filter(({ text }) => text?.includes(`declined ${code}`)).length;
          assert.deepEqual([await decided(), await promised()], point === 'before-commit' ? [0, 0] : [1, 1], `${point}: one with the other`);
          if (point === 'before-commit') assert.equal(answered?.status === 200 && /Declined by/.test(JSON.stringify(answered.body)), false, 'nothing was acknowledged');

          // As after a minute: what was claimed is free again. That minute itself is G13's.
          await rows('UPDATE errand SET leased_until_ms = NULL RETURNING id');
          // Ready for the next crash, which waits for the next answer to be recorded; after this point that is the same one.
          await (point === 'before-commit' ? product.run() : armed(pointOf(round + 1)));
          // Teams, which heard nothing, delivers the same press again; a person whom nothing was said to presses once more.
          assert.match(JSON.stringify((await press()).body), /Declined by/);
          await until(`the notice after ${point}`, () => told() > 0, 90_000);
          await until('everything done', async () => (await rows(`SELECT id FROM errand WHERE state = 'waiting'`)).length === 0, 90_000);
          assert.deepEqual([await decided(), await promised()], [1, 1]);
          const isUnknown = point === 'after-send' || point === 'before-mark';
          assert(told() <= (isUnknown ? 2 : 1), `${point}: told ${told()} times`);
          if (told() === 2) twice[point] = (twice[point] ?? 0) + 1;
        }
        await rows.close();
        figure('G3, G6', `${engine}: ${crashes * points.length} crashes, ${points.join(', ')}; one decision and its notice after each, 0 halves; a second copy of the notice ${JSON.stringify(twice)}`);
      });
    }, engines);
  });
};
