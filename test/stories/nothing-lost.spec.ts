import { strict as assert } from 'node:assert';
import { renameSync, chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startStory } from './start.js';
import { installAll, invite, type Story } from './people.js';
import { until, type Product } from './product.js';


describe('nothing is lost', function () {
  this.timeout(400_000);
  let product: Product;
  let story: Story;

  beforeEach(async () => ({ product, story } = await startStory()));
  afterEach(() => product?.stop());

  it('a customer without the app: said plainly, with a ready mail, and the card waits for whoever installs it', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif);
    const code = await invite(product, elif);

    const card = JSON.stringify(await product.hears(elif, 'Sent, but not delivered yet'));
    assert.match(card, /not delivered/);
    assert.match(card, /Genel yöneticinin dikkatine/, 'the mail is ready in the customer’s language');
    assert.match(card, /Adminportal\/Home\?invType=ResellerRelationship/, 'with Microsoft’s own link');

    await installAll(product, ayse);
    await product.hears(ayse, code);
    await product.hears(elif, 'Delivered to 1 person at the customer');
  });

  it('an answer that Teams would not take, in the middle of a dialog: no failure, and no second message about it', async () => {
    const { elif } = story;
    await installAll(product, elif);
    product.teams.faults.push({ match: new RegExp(`POST .*${elif.id}/activities`), status: 412, times: 1 });

    assert.equal((await product.say(elif, 'invite contoso.com because Azure backup')).status, 200);

    assert.doesNotMatch(product.output, /A turn failed/);
    assert.match(product.output, /An answer could not be delivered/);
    assert.equal(product.messages(elif).filter(({ from }) => from === 'bot').length, 1, 'the welcome, and nothing else');
  });

  it('Microsoft’s side down: the wish is written down and carried out by itself', async () => {
    const { elif } = story;
    await installAll(product, elif);
    await product.sandbox('faults', { path: 'findTenantInformation', status: 503, times: 4 });

    await product.say(elif, 'invite contoso.com because Azure backup');

    await product.hears(elif, 'I couldn’t reach Microsoft. Your request is written down');
    await until('the preview to come by itself', () => product.button(elif, 'send-invitation'), 90_000);
  });

  it('a copy that cannot be delivered is a dead letter that the sender sees', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    product.teams.faults.push({ match: new RegExp(`${ayse.id}/activities`), status: 403, body: { error: { code: 'ConversationBlockedByUser', message: 'blocked' } }, times: 1000 });

    const code = await invite(product, elif);

    await product.hears(elif, `I could not deliver ${code}`);
    await product.hears(elif, 'the app was removed or blocked');
  });

  it('the database gone: not now, nothing recorded, and back by itself', async () => {
    const { elif } = story;
    await installAll(product, elif);
    const file = join(product.folder, 'ledger.sqlite');
    for (const end of ['', '-wal', '-shm']) renameSync(`${file}${end}`, `${file}${end}.away`);
    mkdirSync(file);

    const { status } = await product.say(elif, 'invite contoso.com because Azure backup');

    assert.equal(status, 503);
    await product.hears(elif, 'Not now, please: I can’t reach my records. Nothing was recorded.');
    assert.equal((await fetch(`${product.url}/healthz`)).status, 200);
    assert.equal((await fetch(`${product.url}/readyz`)).status, 503);

    rmSync(file, { recursive: true });
    for (const end of ['', '-wal', '-shm']) renameSync(`${file}${end}.away`, `${file}${end}`);
    await until('the ledger to be back', async () => (await fetch(`${product.url}/readyz`)).ok, 5_000);
    await product.say(elif, 'invite contoso.com because Azure backup');
    await until('the preview', () => product.button(elif, 'send-invitation'));
    chmodSync(file, 0o600);
  });

  it('SIGTERM: leaves cleanly', async () => {
    assert.equal(await product.kill('SIGTERM'), 0);
  });
});
