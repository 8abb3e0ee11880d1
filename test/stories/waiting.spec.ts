import { strict as assert } from 'node:assert';
import { codeIn, installAll, invite, sendInWords, type Story } from './people.js';
import { until, type Person, type Product } from './product.js';
import { startStory } from './start.js';

const all = (product: Product, person: Person): string => JSON.stringify(product.messages(person));

describe('waiting for an answer, over real HTTP', function () {
  this.timeout(90_000);
  let product: Product;
  let story: Story;

  beforeEach(async () => ({ product, story } = await startStory()));
  afterEach(() => product?.stop());

  const daysPass = async (days: number): Promise<void> => {
    const { now } = (await product.sandbox('clock')) as { now: string };
    await product.sandbox('clock', { now: new Date(Date.parse(now) + days * 86_400_000).toISOString() });
  };

  it('shows that the card was opened, and not by whom', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    await invite(product, elif);
    await product.hears(ayse, 'ile çalışmak istiyor');
    assert.doesNotMatch(all(product, elif), /Opened by somebody/);

    const { message } = product.button(ayse, 'approve-invitation') ?? assert.fail();
    const card = message.attachments?.[0]?.content as { refresh: { action: { verb: string; data: Record<string, unknown> } } };
    await product.teams.press(ayse, message.id, { type: 'Action.Execute', ...card.refresh.action });

    await product.hears(elif, 'Opened by somebody at the customer');
    assert.doesNotMatch(all(product, elif), /Ayşe/);
  });

  it('reminds at most three times, two days apart, then shows the request to others there', async () => {
    const { elif, ayse, can } = story;
    await installAll(product, elif, ayse, can);
    const code = await invite(product, elif);
    await product.hears(ayse, 'ile çalışmak istiyor');

    await product.say(elif, `remind ${code}`);
    await product.hears(elif, 'Not yet: the next reminder may go from');
    for (const left of ['2 reminders are left', '1 reminder is left', 'No reminder is left']) {
      await daysPass(2.1);
      await product.say(elif, `remind ${code}`);
      await product.hears(elif, left);
    }
    await daysPass(3);
    await product.say(elif, `remind ${code}`);
    await product.hears(elif, 'Three reminders went without an answer');
    assert.equal(product.messages(ayse).filter(({ text }) => text?.includes('nazikçe hatırlatıyor')).length, 3);

    await product.press(elif, 'escalate');
    await product.hears(elif, 'Shown to 1 more person');
    await product.hears(can, 'Fabrikam, Contoso ile çalışmak istiyor');
    assert.equal(product.button(can, 'approve-invitation'), undefined);
  });

  it('ends when the partner withdraws: every copy closes, and both hear that Microsoft’s link stays alive', async () => {
    const { elif, ayse, kemal, fabrikam, contoso } = story;
    await installAll(product, elif, ayse, kemal);
    const code = await invite(product, elif);
    for (const admin of [ayse, kemal]) await product.hears(admin, 'approve-invitation');

    await product.press(elif, 'withdraw');

    await product.hears(ayse, `isteğini geri çekti (${code})`);
    await product.hears(kemal, 'Withdrawn by Elif Kaya (Fabrikam)');
    await product.hears(kemal, `withdrew ${code}`);
    await until('every copy to close', () => [ayse, kemal].every((admin) => product.button(admin, 'approve-invitation') === undefined));
    await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);
    await product.hears(elif, `although ${code} was already withdrawn here`);
  });

  for (const [language, said] of Object.entries({
    en: { invite: 'invite contoso.com Azure backup', send: 'send', nobody: /not delivered\*\*: nobody at Contoso uses this app yet.*Copy the ready mail/, pending: 'pending', apart: 'sent, but not delivered yet', withdraw: 'withdraw', asks: 'Withdraw this invitation?', no: 'no', kept: 'it stays open', yes: 'yes', withdrawn: 'Withdrawn. Nobody at the customer had the card' },
    tr: { invite: 'müşteri davet et contoso.com Azure yedekleme', send: 'gönder', nobody: /iletilmedi\*\*: müşteride \(Contoso\).*hazır e-postayı kopyalayıp/, pending: 'bekleyenler', apart: 'gönderildi, ama henüz iletilmedi', withdraw: 'daveti geri çek', asks: 'Bu davet geri çekilsin mi?', no: 'hayır', kept: 'davet açık kalıyor', yes: 'evet', withdrawn: 'Geri çekildi. Kart, müşteride henüz kimseye iletilmemişti' },
  })) {
    it(`is told apart from “sent” where nobody there has the app, and can be withdrawn in words alone (${language})`, async () => {
      const { elif, mert } = story;
      const person = language === 'en' ? elif : mert;
      await installAll(product, person);
      await product.say(person, said.invite);
      await product.hears(person, 'send-invitation');

      await sendInWords(product, person, [said.send, said.yes]);
      await product.hears(person, said.nobody);
      await product.say(person, said.pending);
      await product.hears(person, said.apart);

      await product.say(person, said.withdraw);
      await product.hears(person, said.asks);
      await product.say(person, said.no);
      await product.hears(person, said.kept);
      await product.say(person, said.yes);
      assert.doesNotMatch(all(product, person), /"[^"]*cancelled"|✗ (?:Withdrawn by|Geri çeken)/, 'a yes that answers nothing does nothing');

      await product.say(person, said.withdraw);
      await until('the question', () => product.messages(person).filter((message) => JSON.stringify(message).includes(said.asks)).length > 0);
      await product.say(person, said.yes);
      await product.hears(person, said.withdrawn);
      await product.hears(person, language === 'en' ? 'Withdrawn by Elif Kaya' : 'Geri çeken: Mert Aslan');
    });
  }

  it('is delivered to those who come later, and nobody at the customer can withdraw it', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif);
    const code = await invite(product, elif);
    await installAll(product, ayse);
    await product.hears(ayse, 'approve-invitation');
    await product.say(ayse, `geri çek ${code}`);
    await product.hears(ayse, 'İsteği yalnızca iş ortağı geri çekebilir');

    await product.say(elif, 'pending');
    await product.hears(elif, /"waiting for an answer · open until/);
    await product.say(elif, `withdraw ${code}`);
    await product.press(elif, 'withdraw');
    await product.hears(ayse, `isteğini geri çekti (${code})`);
  });

  it('goes on with a changed request that takes the place of the first', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    const first = await invite(product, elif);
    await product.hears(ayse, 'approve-invitation');

    await product.press(elif, 'change-invitation');
    await product.hears(elif, `This changes ${first}`);
    await product.press(elif, 'check-customer', { domain: 'contoso.com', reason: 'Azure backup and restore' });
    await product.press(elif, 'send-invitation', { reason: 'Azure backup and restore', notCsp: 'true' });

    await product.hears(ayse, 'Azure backup and restore');
    await product.hears(ayse, /Yerine geçen: PR-/);
    const second = JSON.stringify(await product.hears(ayse, 'Azure backup and restore'));
    assert.notEqual(codeIn(second), first);
    assert.match(second, new RegExp(`· yerine geçtiği istek: ${first}`));
  });
});
