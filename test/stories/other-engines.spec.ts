import { strict as assert } from 'node:assert';
import { leaveOut, needs, redisUrl } from '../helpers/parts.js';
import { postgresPlace, type Place } from '../ledger/engines.js';
import { installAll, sendInWords } from './people.js';
import { until, type Product } from './product.js';
import { startStory } from './start.js';

const tellTheStory = async (environment: Readonly<Record<string, string>>): Promise<void> => {
  const { product, story } = await startStory(environment);
  try {
    await told(product, story);
  } finally {
    await product.stop();
  }
};

const told = async (product: Product, { elif, ayse, fabrikam, contoso }: Awaited<ReturnType<typeof startStory>>['story']): Promise<void> => {
  await installAll(product, elif, ayse);
  await product.say(elif, 'invite contoso.com because Azure backup');
  await until('the preview', () => product.button(elif, 'send-invitation'));
  await product.kill('SIGKILL');
  await product.run();
  await sendInWords(product, elif);
  await until('the request', () => product.button(ayse, 'approve-invitation'));
  await product.press(ayse, 'approve-invitation');
  await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);
  await product.hears(elif, 'Done: Microsoft confirmed');
  await product.hears(ayse, '3 aboneliğinizin 3 tanesi aynı');
  assert.equal(product.messages(elif).filter(({ text }) => text?.startsWith('Done:')).length, 1);
};

describe('the same story, kill -9 included', function () {
  this.timeout(120_000);

  describe('with the ledger on PostgreSQL', () => {
    let place: Place | undefined;
    before(async function () {
      place = await postgresPlace();
      if (!place) leaveOut(this, 'no PostgreSQL answers; set TEST_DATABASE_URL.');
    });
    after(() => place?.leave());

    it('is told to its end', () => tellTheStory({ DATABASE_URL: place?.url ?? '' }));
  });

  describe('with the conversations on Redis', () => {
    before(needs.redis());

    it('is told to its end', () => tellTheStory({ STATE_URL: redisUrl }));
  });

  it('is told to its end on one file', () => tellTheStory({}));
});
