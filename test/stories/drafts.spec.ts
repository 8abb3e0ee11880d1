import { strict as assert } from 'node:assert';
import { askToManage, codeIn, installAll, sendInWords, type Story } from './people.js';
import { until, type Person, type Product } from './product.js';
import { startStory } from './start.js';

const all = (product: Product, person: Person): string => JSON.stringify(product.messages(person));

describe('a draft that nobody sends, over real HTTP', function () {
  this.timeout(90_000);
  let product: Product;
  let story: Story;

  beforeEach(async () => ({ product, story } = await startStory()));
  afterEach(() => product?.stop());

  const oldSend = async (person: Person, sentence: string) => {
    await product.say(person, sentence);
    await product.hears(person, 'send-invitation');
    return product.button(person, 'send-invitation') ?? assert.fail();
  };
  const reachedContoso = (): boolean => all(product, story.ayse).includes('Fabrikam');

  for (const [word, said, refused] of [['cancel', 'Stopped. Nothing was sent.', 'was dropped'], ['vazgeç', 'Vazgeçildi. Hiçbir şey gönderilmedi.', 'vazgeçildi']] as const) {
    it(`is closed by "${word}": its card says so, and an old copy of it sends nothing`, async () => {
      const { elif, mert, ayse } = story;
      const person = word === 'cancel' ? elif : mert;
      await installAll(product, person, ayse);
      const { message, data } = await oldSend(person, 'invite contoso.com because Azure backup');

      await product.say(person, word);

      await product.hears(person, said);
      assert.equal(product.button(person, 'send-invitation'), undefined, 'the card above has no Send any more');
      const { body } = await product.teams.press(person, message.id, { type: 'Action.Execute', verb: 'send-invitation', data: { ...data, reason: 'Azure backup', notCsp: 'true' } });
      assert.match(JSON.stringify(body), new RegExp(refused));
      assert(!reachedContoso());
    });
  }

  it('is closed by the card’s own Cancel, and an old copy of it sends nothing', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    const { message, data } = await oldSend(elif, 'invite contoso.com because Azure backup');

    await product.press(elif, 'cancel-invitation');

    const { body } = await product.teams.press(elif, message.id, { type: 'Action.Execute', verb: 'send-invitation', data: { ...data, reason: 'Azure backup', notCsp: 'true' } });
    assert.match(JSON.stringify(body), /was dropped/);
    assert(!reachedContoso());
  });

  it('is closed when somebody else is invited in its place', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    const { message, data } = await oldSend(elif, 'invite contoso.com because Azure backup');
    await product.say(elif, 'invite adatum.com because Azure backup');
    await product.hears(elif, 'Write **yes** to drop it');

    await product.say(elif, 'yes');

    await product.hears(elif, 'Invite Adatum');
    assert.match(JSON.stringify(product.messages(elif).find(({ id }) => id === message.id)), /Stopped. Nothing was sent./);
    const { body } = await product.teams.press(elif, message.id, { type: 'Action.Execute', verb: 'send-invitation', data: { ...data, reason: 'Azure backup', notCsp: 'true' } });
    assert.match(JSON.stringify(body), /was dropped/);
    assert(!reachedContoso());
  });

  it('says what became of it when Cancel is pressed on an old copy of a card that was sent', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    const { message, data } = await oldSend(elif, 'invite contoso.com because Azure backup');
    await product.press(elif, 'send-invitation', { reason: 'Azure backup', notCsp: 'true' });
    await product.hears(ayse, 'ile çalışmak istiyor');

    const { body } = await product.teams.press(elif, message.id, { type: 'Action.Execute', verb: 'cancel-invitation', data: { ...data, verb: 'cancel-invitation' } });

    assert.doesNotMatch(JSON.stringify(body), /Nothing was sent/);
    assert.match(JSON.stringify(body), /withdraw/);
  });
});

describe('a draft that came from the form, over real HTTP', function () {
  this.timeout(90_000);
  let product: Product;
  let story: Story;

  beforeEach(async () => ({ product, story } = await startStory()));
  afterEach(() => product?.stop());

  for (const [inviting, word, sent] of [['invite customer', 'send', 'Sent to Contoso'], ['müşteri davet et', 'gönder', 'Davet gönderildi: Contoso']] as const) {
    it(`is sent by the word "${word}", as its preview says`, async () => {
      const { elif, mert, ayse } = story;
      const person = word === 'send' ? elif : mert;
      await installAll(product, person, ayse);
      await product.say(person, inviting);
      await product.press(person, 'check-customer', { domain: 'contoso.com', reason: 'Azure backup', template: 'sell' });
      await product.hears(person, 'send-invitation');

      await sendInWords(product, person, word === 'send' ? ['send', 'yes'] : ['gönder', 'evet']);

      await product.hears(person, sent);
      await product.hears(ayse, 'ile çalışmak istiyor');
    });
  }

  const form = (person: Person): Record<string, unknown> => {
    const card = product.messages(person).findLast(({ attachments }) => JSON.stringify(attachments ?? '').includes('check-customer'))?.attachments?.[0]?.content;
    const inputs = JSON.stringify(card).matchAll(/"id":"(domain|reason|template|days|extend|roles|roleReason|name)".*?"value":"([^"]*)"/g);
    return Object.fromEntries([...inputs].map(([, id = '', value]) => [id, value]));
  };
  const filled = {
    domain: 'contosocom', reason: 'Azure backup', template: 'custom', days: '180', extend: 'true', roles: '4d6ac14f-3453-41d0-bef9-a3e0c569773a', roleReason: 'Emergencies', name: 'Night shift',
  };

  for (const [domain, says] of [['contosocom', 'That is not one domain. Write it like contoso.com.'], ['adatm.com', 'No Microsoft tenant uses adatm.com.'], ['', 'Name one domain, for example contoso.com.']] as const) {
    it(`comes to nothing with “${domain}” as its domain: the form says so and keeps everything`, async () => {
      const { elif } = story;
      await installAll(product, elif);
      await product.say(elif, 'invite customer');

      await product.press(elif, 'check-customer', { ...filled, domain });

      await product.hears(elif, says);
      assert.deepEqual(form(elif), { ...filled, domain });
      assert.equal(product.messages(elif).filter(({ attachments }) => JSON.stringify(attachments ?? '').includes('check-customer')).length, 1, 'it is the same form');
    });
  }

  for (const [what, over, rule] of [
    ['no role is chosen', { roles: '' }, 'MP-53'], ['Global Administrator is asked for without a reason', { roles: '62e90394-69f5-4237-9190-012177145e10', roleReason: '', extend: 'false' }, 'MP-53'],
  ] as const) {
    it(`comes to nothing when ${what}: the form says so and keeps everything`, async () => {
      const { mert } = story;
      await installAll(product, mert);
      await product.say(mert, 'müşteri davet et');

      await product.press(mert, 'check-customer', { ...filled, domain: 'contoso.com', ...over });

      await product.hears(mert, rule);
      assert.deepEqual(form(mert), { ...filled, domain: 'contoso.com', ...over });
      assert.match(JSON.stringify(await product.hears(mert, 'check-customer')), /Bu daveti gönderemiyorum/);
      await product.press(mert, 'check-customer', { ...filled, domain: 'contoso.com', extend: 'false' });
      await product.hears(mert, 'send-invitation');
    });
  }

  it('is asked about before another one is begun', async () => {
    const { elif } = story;
    await installAll(product, elif);
    await product.say(elif, 'invite customer');
    await product.press(elif, 'check-customer', { domain: 'contoso.com', reason: 'Azure backup', template: 'sell' });

    await product.say(elif, 'invite adatum.com because Azure backup');

    await product.hears(elif, 'You have an unsent invitation to Contoso');
  });
});

describe('a draft that was handed over, over real HTTP', function () {
  this.timeout(90_000);
  let product: Product;
  let story: Story;

  beforeEach(async () => ({ product, story } = await startStory()));
  afterEach(() => product?.stop());

  /** Elif asks to manage and hands it to Mert; gives the reference. */
  const handsOver = async (): Promise<string> => {
    const { elif, mert } = story;
    await product.say(elif, 'invite customer');
    await product.press(elif, 'check-customer', { domain: 'contoso.com', reason: 'Azure backup', template: 'licencesAndSupport', days: '180' });
    const code = codeIn(JSON.stringify(await product.hears(elif, 'hand-over')));
    await product.press(elif, 'hand-over', { to: mert.id, note: 'Please check the roles', reason: 'Azure backup' });
    await product.hears(elif, 'Handed to Mert Aslan');
    return code;
  };

  it('waits for a colleague who installs the app later: Elif sees for whom it waits, and Mert gets it when he arrives', async () => {
    const { elif, mert, ayse } = story;
    await installAll(product, elif, ayse);
    const code = await handsOver();
    await product.press(elif, 'pending');
    await product.hears(elif, 'Handed over: waits for Mert Aslan');

    await installAll(product, mert);

    await product.hears(mert, 'Tamamlanacak davet · hazırlayan Elif Kaya');
    await product.say(mert, 'bekleyenler');
    await product.hears(mert, 'open-invitation');
    await product.press(mert, 'open-invitation');
    await product.say(mert, `durum ${code}`);
    const cards = () => product.messages(mert).filter(({ attachments }) => JSON.stringify(attachments ?? '').includes('hand-back'));
    await until('the card by itself, by the list and by its reference', () => cards().length === 3);
    await product.press(mert, 'send-invitation', { reason: 'Azure backup', notCsp: 'true' });
    await product.hears(ayse, 'ile çalışmak istiyor');
  });

  it('goes back when Mert cancels it: Elif is told, her card is the preview again, and it opens by its reference', async () => {
    const { elif, mert } = story;
    await installAll(product, elif, mert);
    const code = await handsOver();
    const card = JSON.stringify(await product.hears(mert, 'Tamamlanacak davet · hazırlayan Elif Kaya'));
    assert.doesNotMatch(card, /\*\*gönder\*\*/, 'no word that would not work');
    assert.equal(product.button(elif, 'cancel-invitation'), undefined);

    await product.press(mert, 'cancel-invitation');

    await product.hears(mert, 'Geri gönderildi: Elif Kaya');
    await product.hears(elif, `(${code}). It is yours again`);
    await until('the preview on the card that said “Handed to Mert Aslan”', () => product.button(elif, 'cancel-invitation') && !all(product, elif).includes('Handed to Mert Aslan'));
    await product.say(elif, `status ${code}`);
    await until('two previews', () => product.messages(elif).filter(({ attachments }) => JSON.stringify(attachments ?? '').includes('hand-over')).length === 2);
  });

  it('stays with Elif where Mert could not send it either', async () => {
    const { elif, mert } = story;
    await installAll(product, elif, mert);
    await product.say(elif, 'invite customer');
    await product.press(elif, 'check-customer', { domain: 'contoso.com', reason: 'Azure backup', template: 'licencesAndSupport', days: '180' });

    await askToManage(product, mert);

    await product.press(elif, 'hand-over', { to: mert.id, reason: 'Azure backup' });

    await product.hears(elif, 'MP-31');
    assert(product.button(elif, 'hand-over'), 'the preview is still there');
  });
});

describe('an invitation in one’s own words, over real HTTP', function () {
  this.timeout(90_000);
  let product: Product;
  let story: Story;

  beforeEach(async () => ({ product, story } = await startStory()));
  afterEach(() => product?.stop());

  const previewOf = async (person: Person, title: string): Promise<string> => JSON.stringify(await product.hears(person, title));

  it('takes the rest of the sentence for the reason, and a name from one’s own list for that customer, and says so', async () => {
    const { elif, mert, ayse } = story;
    await installAll(product, elif, mert, ayse);
    await product.say(elif, 'invite Contoso Azure backup');
    await product.hears(elif, 'not for a company name (“Contoso Azure backup”)');

    await product.say(elif, 'invite contoso.com Azure backup');
    assert.match(await previewOf(elif, 'Invite Contoso'), /"value":"Azure backup"/);
    await sendInWords(product, elif);
    await product.hears(ayse, 'Azure backup');
    await product.press(ayse, 'decline-invitation', { declineReason: 'notNow', share: 'true' });
    await product.hears(elif, 'Contoso declined');

    await product.say(elif, 'invite Contoso Azure restore');
    await product.hears(elif, 'I take “Contoso” for Contoso (contoso.com), from your list of customers.');
    assert.match(await previewOf(elif, 'Invite Contoso'), /"value":"Azure restore"/);
    await product.say(mert, 'Contoso’yu Azure yedekleme için davet et');
    await product.hears(mert, '“Contoso” adını müşteri listenizdeki şu kuruluş olarak anladım: Contoso (contoso.com).');
    assert.match(await previewOf(mert, 'Müşteri daveti: Contoso'), /"value":"Azure yedekleme"/);
  });

  for (const [who, inviting, [send, ...noReasons], asks, given] of [
    ['elif', 'invite contoso.com', ['send', 'yes', 'ok', 'send it now'], 'Say in one line why you ask', 'Azure backup'],
    ['mert', 'contoso.com davet et', ['gönder', 'evet', 'tamam', 'lütfen gönder'], 'Neden istediğinizi bir satırda yazın', 'Azure yedekleme'],
  ] as const) {
    it(`asks for the reason until one is given: “${noReasons.join('”, “')}” are none`, async () => {
      const [person, { ayse }] = [story[who], story];
      await installAll(product, person, ayse);
      await product.say(person, inviting);
      await product.hears(person, 'send-invitation');
      for (const word of [send, ...noReasons]) {
        const before = product.messages(person).length;
        await product.say(person, word);
        await until(`the question after “${word}”`, () => JSON.stringify(product.messages(person).slice(before)).includes(asks));
      }

      await sendInWords(product, person, [given, noReasons[0]]);

      assert.match(JSON.stringify(await product.hears(ayse, 'ile çalışmak istiyor')), new RegExp(given));
    });
  }

  it('invites one customer at a time, and says whom it did not begin with', async () => {
    const { elif, mert } = story;
    await installAll(product, elif, mert);

    await product.say(mert, 'adatum.com, tailspin.com davet et');
    await product.hears(mert, /Şunun için henüz bir şey başlatılmadı: tailspin.com\..*\*tailspin.com davet et\*/);
    await previewOf(mert, 'Müşteri daveti: Adatum');
    await product.say(elif, 'invite northwind.com and contoso.com because Azure');
    await product.hears(elif, 'Nothing was started for contoso.com. Afterwards, write *invite contoso.com*.');
    await product.hears(elif, 'MP-06');
  });

  it('leads to the form, filled, when the sentence speaks of managing', async () => {
    const { elif, mert, ayse } = story;
    await installAll(product, elif, mert, ayse);

    await product.say(elif, 'invite adatum.com so that we can manage licences');
    await product.hears(elif, 'You speak of managing');
    for (const filled of ['"value":"adatum.com"', '"value":"we can manage licences"', '"value":"licencesAndSupport"']) assert((await previewOf(elif, 'check-customer')).includes(filled), filled);
    await product.say(mert, 'contoso.com’u yönetmek için davet et');
    await product.hears(mert, 'yönetmekten de söz ettiniz');
    await previewOf(mert, 'check-customer');
    await product.press(mert, 'check-customer', { domain: 'contoso.com', reason: 'Lisans yönetimi', template: 'licencesAndSupport', days: '180' });
    await sendInWords(product, mert, ['gönder', 'evet']);
    await product.hears(ayse, '180 gün boyunca şu rollerle yönetim yapabilir');
  });
});
