import { strict as assert } from 'node:assert';
import { askToManage, codeIn, installAll, invite, type Story } from './people.js';
import { until, type Person, type Product } from './product.js';
import { startStory } from './start.js';

const all = (product: Product, person: Person): string => JSON.stringify(product.messages(person));
const licences = '4d6ac14f-3453-41d0-bef9-a3e0c569773a';

describe('the customer’s admin, over real HTTP', function () {
  this.timeout(90_000);
  let product: Product;
  let story: Story;

  beforeEach(async () => ({ product, story } = await startStory()));
  afterEach(() => product?.stop());

  it('asks the partner a question and reads the answer on the same card', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    const code = await invite(product, elif);
    await product.hears(ayse, 'ile çalışmak istiyor');

    await product.press(ayse, 'ask-partner', { text: 'Bu neden gerekli?' });
    const notice = JSON.stringify(await product.hears(elif, `Contoso has a question about ${code}`));
    assert.match(notice, /Bu neden gerekli\?/);
    await product.press(elif, 'open-invitation');
    await product.hears(elif, 'answer-customer');
    await product.press(elif, 'answer-customer', { text: 'For the nightly backup.' });

    assert.match(JSON.stringify(await product.hears(ayse, `sorunuzu yanıtladı (${code})`)), /For the nightly backup/);
    assert.match(all(product, ayse), /Elif Kaya\*\*.*For the nightly backup/);
    assert(product.button(ayse, 'approve-invitation'), 'the request stays open while they talk');
  });

  it('asks and is answered in words where one request waits, and is led to the card where several do', async () => {
    const { elif, sarp, ayse } = story;
    await installAll(product, elif, sarp, ayse);
    await product.say(ayse, 'sor: bu neden gerekli?');
    await product.hears(ayse, 'Yanıtınızı bekleyen bir istek yok');
    await product.say(ayse, 'onaylama');
    await product.hears(ayse, 'reddetmek** mi istiyorsunuz?');
    await product.say(elif, 'do not approve');
    await product.hears(elif, 'Approving and declining are up to the customer');
    const code = await invite(product, elif);
    await product.hears(ayse, 'ask-partner');
    await product.say(ayse, 'iş ortağına sor');
    await product.hears(ayse, '**sor** ve sorunuzu yazın');

    await product.say(ayse, 'sor: yetkilerimizi neden kaldıralım?');
    await product.hears(ayse, `Soruldu: sorunuz iş ortağının (Fabrikam) kartında (${code})`);
    assert.match(JSON.stringify(await product.hears(elif, `Contoso has a question about ${code}`)), /yetkilerimizi neden kaldıralım\?/);
    await product.say(elif, 'answer Contoso: We do not approve by mail.');
    await product.hears(elif, `Your answer is on the card of Contoso (${code})`);
    const answered = JSON.stringify(await product.hears(ayse, `sorunuzu yanıtladı (${code})`));
    assert.match(answered, /We do not approve by mail/);
    assert.doesNotMatch(answered, /Contoso: We/);

    const other = await invite(product, sarp);
    await product.hears(ayse, 'Relecloud');
    await product.say(ayse, 'sor: ne zaman başlıyorsunuz?');
    await product.hears(ayse, 'Hangi istek? Açıp kartında sorun');
    await product.say(ayse, 'Relecloud’a sor: ne zaman başlıyorsunuz?');
    const asked = JSON.stringify(await product.hears(sarp, `Contoso has a question about ${other}`));
    assert.match(asked, /ne zaman başlıyorsunuz\?/);
    assert.doesNotMatch(asked, /Relecloud’a/);
    assert.doesNotMatch(all(product, elif), /ne zaman/);
  });

  it('finds a name however Turkish bends the words around it, and reads it as it was typed', async () => {
    const { mert, elif } = story;
    await installAll(product, mert, elif);
    const code = await invite(product, mert, 'adatum.com davet et çünkü Azure');
    await product.say(mert, 'Adatum davetini geri çek');
    assert.match(JSON.stringify(await product.hears(mert, 'Bu davet geri çekilsin mi?')), new RegExp(code));
    await product.say(mert, 'Şişli Gıda davetini geri çek');
    await product.hears(mert, '(“Şişli Gıda”)');
    await product.say(elif, 'status of SİSLİ Gıda');
    await product.hears(elif, 'for “SİSLİ Gıda”');
    await product.say(elif, 'receipt');
    await product.hears(elif, '*receipt PR-7K3-F9M*');
    await product.say(elif, 'prove that nothing changed');
    await product.hears(elif, 'nothing was compared yet');
  });

  it('who types an answer is led to the card of the one open request, or to a choice, and nothing is decided', async () => {
    const { elif, sarp, ayse, kemal } = story;
    await installAll(product, elif, sarp, ayse, kemal);
    await product.say(ayse, 'onayla');
    await product.hears(ayse, 'Yanıtınızı bekleyen bir istek yok');
    await product.say(kemal, 'decline it please');
    await product.hears(kemal, 'No request waits for your answer');
    const code = await invite(product, elif);
    for (const admin of [ayse, kemal]) await product.hears(admin, 'approve-invitation');
    const cardsOf = (admin: Person): number => product.messages(admin).filter((message) => JSON.stringify(message).includes('approve-invitation')).length;

    for (const [admin, sentence, said] of [[ayse, 'isteği onayla', 'kararınızı kartın üzerinde'], [kemal, 'decline', 'the answer is given on its card']] as const) {
      await product.say(admin, sentence);
      await product.hears(admin, said);
      await until('one more card', () => cardsOf(admin) === 2);
    }
    await invite(product, sarp);
    for (const admin of [ayse, kemal]) await until('the second request', () => cardsOf(admin) === 3);
    for (const [admin, sentence, said] of [[ayse, 'reddet', 'Hangi istek?'], [kemal, 'approve', 'Which request?']] as const) {
      await product.say(admin, sentence);
      const choice = JSON.stringify(await product.hears(admin, said));
      for (const named of ['Fabrikam', 'Relecloud', code, 'open-invitation']) assert(choice.includes(named), named);
    }

    await product.say(elif, `status ${code}`);
    await product.hears(elif, 'Waiting for the customer’s answer');
    assert.doesNotMatch(all(product, ayse) + all(product, kemal), /Onaylayan|Approved by|Reddeden|Declined by/);
  });

  it('opens the one open request with a word, on both sides; with two of them it sees the list', async () => {
    const { elif, sarp, ayse } = story;
    await installAll(product, elif, sarp, ayse);
    const code = await invite(product, elif);
    await product.hears(ayse, 'approve-invitation');
    const opens = async (person: Person, sentence: string, ...said: readonly string[]): Promise<void> => {
      const before = product.messages(person).length;
      await product.say(person, sentence);
    await until(`what “${sentence}” opens`, () => said.every((part) => JSON.stringify(product.messages(person).slice(before)).includes(part)));
    };

    await opens(ayse, 'aç', code, 'approve-invitation');
    await opens(elif, 'open', code, 'Waiting for the customer’s answer');

    const other = await invite(product, sarp);
    await product.hears(ayse, 'Relecloud');
    await opens(ayse, 'kartı aç', code, other, 'Bekleyenler');
  });

  it('suggests less access; the partner sends the smaller request, and the first one says by what it was replaced', async () => {
    const { mert, ayse } = story;
    await installAll(product, mert, ayse);
    const first = await askToManage(product, mert);
    await product.hears(ayse, 'suggest-less');

    await product.press(ayse, 'suggest-less', { roles: licences, days: '90' });
    await product.hears(mert, `daha az yetki öneriyor: ${first}`);
    await product.press(mert, 'accept-suggestion');

    await product.hears(mert, 'Davet gönderildi: Contoso');
    await product.hears(ayse, /Yerine geçen: PR-/);
    const newest = JSON.stringify(await product.hears(ayse, '90 gün boyunca'));
    assert.notEqual(codeIn(newest), first);
    assert.match(newest, new RegExp(`daha az yetki isteyen yeni istek, yerine geçtiği istek: ${first}`));
    assert.doesNotMatch(newest, /Dizin Okuyucuları/);
  });

  it('is not the only one who can bring it to whoever decides: a colleague forwards it and stays informed', async () => {
    const { elif, can, kemal, ayse } = story;
    await installAll(product, elif, ayse, can);
    await invite(product, elif);
    await product.hears(ayse, 'ile çalışmak istiyor');
    const code = codeIn(all(product, ayse));

    await product.say(can, `durum ${code}`);
    await product.hears(can, 'Karar verebilecek kişiler');
    assert.equal(product.button(can, 'approve-invitation'), undefined);
    await product.teams.install(kemal);
    await product.hears(kemal, 'asks to work with');
    await product.press(can, 'forward-request', { to: kemal.id });
    await product.hears(can, 'Kemal Ak');

    await product.press(kemal, 'decline-invitation', { declineReason: 'notNow', share: 'true' });
    await product.hears(can, 'Reddeden: Kemal Ak');
  });

  it('forwards in words: to a colleague by name, with one open request; the card proposes nobody', async () => {
    const { elif, ayse, can } = story;
    await installAll(product, elif, ayse, can);
    await product.say(can, 'Kemal’e yönlendir');
    await product.hears(can, 'Yanıtınızı bekleyen bir istek yok');
    const code = await invite(product, elif);
    const card = JSON.stringify(await product.hears(ayse, 'forward-request'));
    assert.match(card, /"id":"to","label":"Kime","placeholder":"[^"]*","choices"/);
    await product.press(ayse, 'forward-request');
    await until('the question to whom', () => all(product, ayse).includes('Kime yönlendirileceğini seçin.'));

    await product.say(can, 'isteği Kemal’e yönlendir');
    await product.hears(can, 'Bu uygulamayı henüz kullanmıyor: Kemal Ak');
    await product.say(can, 'isteği Zeynep’e yönlendir');
    await product.hears(can, 'bu adda birini bulamadım');
    await product.say(can, 'speak English');
    await product.say(can, `forward ${code} to Ayşe`);
    await product.hears(can, 'Ayşe Yılmaz has this card already');
    await product.say(can, 'forward');
    await product.hears(can, 'Choose to whom on the card');
  });

  it('stops requests from a partner for good, and takes them again', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    await invite(product, elif);
    await product.hears(ayse, 'ile çalışmak istiyor');
    await product.press(ayse, 'decline-invitation', { declineReason: 'unknownPartner', share: 'true', stop: 'true' });
    await product.hears(ayse, 'Bu iş ortağından artık istek almıyorsunuz');

    await product.say(elif, 'invite contoso.com because please');
    await product.hears(elif, 'OWN-01');

    await product.say(ayse, 'Fabrikam isteklerine izin ver');
    await product.hears(ayse, 'istekleri size yeniden ulaşır');
    await product.say(elif, 'invite contoso.com because please');
    await product.hears(elif, 'send-invitation');
  });

  it('is told apart from a guest, from another organisation and from the partner’s own people', async () => {
    const { elif, mert, guest, stranger, ayse } = story;
    await installAll(product, elif, mert, guest, stranger, ayse);
    const code = await askToManage(product, mert);
    await product.hears(ayse, 'approve-invitation');
    const { message, data } = product.button(ayse, 'approve-invitation') ?? assert.fail();

    for (const somebody of [guest, stranger, elif]) {
      for (const verb of ['approve-invitation', 'suggest-less', 'ask-partner', 'forward-request', 'allow-requests']) {
        await product.teams.press(somebody, message.id, { type: 'Action.Execute', verb, data: { ...data, verb, text: 'x', roles: licences, days: '1', to: ayse.id } });
      }
    }

    const { events } = { events: all(product, ayse) };
    assert.doesNotMatch(events, /Onaylayan|daha azını önerdi|Yönlendirildi/);
    await product.say(mert, `durum ${code}`);
    await product.hears(mert, 'Müşterinin yanıtı bekleniyor');
  });
});
