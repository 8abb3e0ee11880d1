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

  it('kill -9 between the answer and the notices, 20 times: both sides remember, each notice arrives once', async () => {
    const { elif, admins } = story;
    const [admin] = admins;
    assert(admin);
    await installAll(product, elif, admin);
    for (let round = 1; round <= 20; round += 1) {
      // Teams is away while the answer is given, so the notice is written down and cannot leave before the kill.
      const code = await invite(product, elif, 'invite tenadmins.com because Azure backup');
      await until('the request', () => product.button(admin, 'decline-invitation') && JSON.stringify(product.messages(admin)).includes(code));
      const away = { match: new RegExp(`${elif.id}/activities`), status: 429, headers: { 'retry-after': '1' }, times: 1_000_000 };
      product.teams.faults.push(away);
      const { body } = await product.press(admin, 'decline-invitation', { declineReason: 'notNow' });
      assert.match(JSON.stringify(body), /Declined by Admin Number0/, 'the answer was acknowledged');
      await product.kill('SIGKILL');
      away.times = 0;
      await product.run();

      await product.hears(elif, `declined ${code}`, 80_000);
      await product.say(elif, `status ${code}`);
      await product.hears(elif, 'Declined by Admin Number0');
      assert.equal(product.messages(elif).filter(({ text }) => text?.includes(`declined ${code}`)).length, 1, `round ${round}`);
      assert.equal(product.messages(admin).filter(({ attachments }) => JSON.stringify(attachments ?? '').includes(code)).length, 1);
    }
  });

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
    await product.hears(elif, 'Delivered to 1 administrator');
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
