import { strict as assert } from 'node:assert';
import { installAll } from '../stories/people.js';
import { until, type Person, type Product } from '../stories/product.js';
import { startStory } from '../stories/start.js';
import { figure } from './figure.js';
import { onBothEngines, type Engine } from './places.js';
import { rowsAt } from './rows.js';

const copies = 20;

export const oneEffect = ({ rounds, engines }: { readonly rounds: number; readonly engines?: readonly Engine[] }): void => {
  describe('G4: what is delivered again, or out of order, has one effect', function () {
    this.timeout(rounds * 120_000 + 60_000);

    onBothEngines((at, engine) => {
      let product: Product;
      afterEach(() => product?.stop());

      it(`${copies} copies at once and late ones of a sentence and of each press, with the id that Teams gave it and with new ones`, async () => {
        const { url } = at();
        let story;
        ({ product, story } = await startStory({ DATABASE_URL: url }));
        const { elif, admins: [admin] } = story;
        assert(admin);
        await installAll(product, elif, admin);
        const rows = await rowsAt(url);
        const count = async (sql: string): Promise<number> => Number((await rows(`SELECT COUNT(*) AS many FROM ${sql}`))[0]?.['many']);
        const done = () => until('everything done', async () => (await count(`errand WHERE state = 'waiting'`)) === 0, 150_000);
        let deliveries = 0;

        /** A press as Teams delivers it: again with the same id, again with a new one, and once more when it is long over. */
        const pressed = async (person: Person, verb: string, more: Readonly<Record<string, string>>) => {
          const { message, data } = await until(`the button ${verb}`, () => product.button(person, verb));
          const press = (id?: string) => {
            deliveries += 1;
            return product.teams.press(person, message.id, { type: 'Action.Execute', verb, data: { ...data, ...more } }, id === undefined ? {} : { activity: { id } });
          };
          const answers = [
            ...(await Promise.all(Array.from({ length: copies }, (_, number) => press(number % 2 === 0 ? `${verb}-same` : undefined)))),
            await press(`${verb}-same`),
          ];
          assert.deepEqual(answers.filter(({ status }) => status !== 200), [], verb);
          return { late: press };
        };

        for (let round = 1; round <= rounds; round += 1) {
          const sentence = () => {
            deliveries += 1;
            return product.teams.deliver(product.teams.activityOf(elif, 'message', { text: 'invite tenadmins.com because Azure backup', id: `sentence-${round}` }));
          };
          await Promise.all(Array.from({ length: copies }, sentence));
          await sentence();
          // So many copies use up what a partner may ask of Microsoft in a minute: then the wish is written down, once, and drafted later.
          const drafted = () => count(`audit WHERE event = 'InvitationDrafted'`);
          await until('the draft', async () => (await drafted()) === round, 120_000);
          assert.equal(await count(`invitation WHERE state = 'draft'`), 1, 'one draft');
          const sent = await pressed(elif, 'send-invitation', { reason: 'Azure backup', notCsp: 'true' });
          await done();
          assert.equal(await count(`invitation WHERE state <> 'draft' AND state <> 'superseded'`), round, 'one invitation');
          assert.equal(await drafted(), round, 'one draft');

          await until('the request', () => product.button(admin, 'decline-invitation'));
          const answered = await pressed(admin, 'decline-invitation', { declineReason: 'notNow' });
          // What was pressed before arrives after what came of it.
          await sent.late('send-invitation-same');
          await answered.late();
          await sentence();
          await done();
          for (const what of ['decision', `audit WHERE event = 'InvitationSent'`, `audit WHERE event = 'InvitationDeclined'`, `errand WHERE topic = 'tell' AND errand_key LIKE '%/declined/%'`]) {
            assert.equal(await count(what), round, what);
          }
        }
        await rows.close();
        figure('G4', `${engine}: ${rounds} requests sent and ${rounds} answered by ${deliveries} deliveries, ${copies} at once, late, and in the wrong order: one effect each`);
      });
    }, engines);
  });
};
