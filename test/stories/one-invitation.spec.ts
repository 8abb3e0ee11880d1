import { strict as assert } from 'node:assert';
import { installAll, invite, subscription, type Story } from './people.js';
import { until, type Person, type Product } from './product.js';
import { startStory } from './start.js';

const newest = (product: Product, person: Person): string => JSON.stringify(product.messages(person));

describe('one invitation, over real HTTP', function () {
  this.timeout(60_000);
  let product: Product;
  let story: Story;

  beforeEach(async () => ({ product, story } = await startStory()));
  afterEach(() => product?.stop());

  it('is sent, approved, confirmed by Microsoft, told to both, and proved to have changed nothing', async () => {
    const { elif, ayse, kemal, fabrikam, contoso } = story;
    await installAll(product, elif, ayse, kemal);

    const code = await invite(product, elif);
    await product.hears(ayse, 'Fabrikam, Contoso ile çalışmak istiyor');
    await product.hears(elif, 'Delivered to 2 people at the customer');
    assert.match(newest(product, ayse), /Northwind/, 'the customer sees what it holds today');

    await product.press(ayse, 'approve-invitation');
    await product.hears(ayse, 'Microsoft’ta bir adım kaldı');
    await product.hears(elif, `Ayşe Yılmaz at Contoso approved ${code}`);
    await product.hears(kemal, `Ayşe Yılmaz approved Fabrikam’s request ${code}`);
    assert.doesNotMatch(newest(product, elif), /Done: Microsoft confirmed/, 'nothing is established before Microsoft shows it');

    const looked = await product.press(ayse, 'look-again');
    assert.match(JSON.stringify(looked.body), /Microsoft bunu henüz göstermiyor/, 'a look that finds nothing says so');
    await product.say(ayse, 'kabul ettim');
    await product.hears(ayse, 'Microsoft bunu henüz göstermiyor');

    await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);
    await product.hears(elif, 'Done: Microsoft confirmed the relationship with Contoso');
    await product.hears(ayse, 'Tamamlandı: Microsoft doğruladı');
    await product.hears(ayse, '3 aboneliğinizin 3 tanesi aynı');
    await product.hears(elif, 'The customer’s copy has the proof by subscription');
    assert.equal(product.messages(elif).filter(({ text }) => text?.startsWith('Done:')).length, 1);
    assert.equal(product.messages(ayse).filter(({ text }) => text?.startsWith('Tamamlandı')).length, 1);

    const proofs = (): number => product.messages(ayse).filter((message) => JSON.stringify(message).includes('3 aboneliğinizin 3 tanesi aynı')).length;
    const before = proofs();
    for (const [at, question] of ['hiçbir şeyin değişmediğini kanıtla', 'what changed?', 'proof for Fabrikam'].entries()) {
      await product.say(ayse, question);
      await until(`the proof after “${question}”`, () => proofs() === before + at + 1);
    }
  });

  it('is declined with a reason that the partner hears, and nothing changes', async () => {
    const { elif, ayse, fabrikam, contoso } = story;
    await installAll(product, elif, ayse);
    const code = await invite(product, elif);
    await product.hears(ayse, 'ile çalışmak istiyor');

    await product.press(ayse, 'decline-invitation', { declineReason: 'notNow', comment: 'Bütçe dönemi', share: 'true' });

    await product.hears(ayse, 'Reddeden: Ayşe Yılmaz');
    await product.hears(elif, `Contoso declined ${code}. Reason: Not now: Bütçe dönemi`);

    // Somebody accepts at Microsoft all the same: both are told plainly, the invitation stays declined.
    await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);
    await product.hears(elif, `although ${code} was already declined here`);
    await product.hears(ayse, 'Sonradan Microsoft’ta kabul edildi');
  });

  it('keeps to the customer a reason it does not want to share', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    await invite(product, elif);
    await product.hears(ayse, 'ile çalışmak istiyor');

    await product.press(ayse, 'decline-invitation', { declineReason: 'other', comment: 'gizlisöz', share: 'false' });

    await product.hears(elif, 'The customer keeps the reason to itself');
    assert.doesNotMatch(newest(product, elif), /gizlisöz|Another reason/);
    await product.hears(ayse, 'Diğer: gizlisöz · iş ortağıyla paylaşılmadı');
  });

  it('gets one answer when ten admins press at once, and each of them is told once', async () => {
    const { elif, admins } = story;
    await installAll(product, elif, ...admins);
    const code = await invite(product, elif, 'invite tenadmins.com because Azure backup');
    for (const admin of admins) await product.hears(admin, 'asks to work with');

    await Promise.all(admins.map((admin) => product.press(admin, 'approve-invitation')));

    await product.hears(elif, `approved ${code}`);
    await until('every admin to see the same answer', () => admins.every((admin) => /Approved by Admin Number/.test(newest(product, admin))));
    const answers = new Set(admins.map((admin) => /Approved by (Admin Number\d)/.exec(newest(product, admin))?.[1]));
    assert.equal(answers.size, 1);
    await until('nine notices', () => admins.filter((admin) => product.messages(admin).some(({ text }) => text?.includes(`request ${code}. One step`))).length === 9);
    assert.equal(product.messages(elif).filter(({ text }) => text?.includes(`approved ${code}`)).length, 1);
  });

  it('takes effect once when one press is delivered twenty times', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    const code = await invite(product, elif);
    await product.hears(ayse, 'ile çalışmak istiyor');
    const { message, data } = product.button(ayse, 'approve-invitation') ?? assert.fail();

    const outcomes = await Promise.all(Array.from({ length: 20 }, () =>
      product.teams.press(ayse, message.id, { type: 'Action.Execute', verb: 'approve-invitation', data }, { activity: { id: 'the-same' } })));

    assert(outcomes.every(({ status }) => status === 200));
    await product.hears(elif, `approved ${code}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(product.messages(elif).filter(({ text }) => text?.includes(`approved ${code}`)).length, 1);
  });

  it('is established by an acceptance at Microsoft without any press here', async () => {
    const { elif, ayse, fabrikam, contoso } = story;
    await installAll(product, elif, ayse);
    await invite(product, elif);
    await product.hears(ayse, 'ile çalışmak istiyor');

    await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);

    await product.hears(ayse, 'İstek burada yanıtlanmadan');
    await product.hears(elif, 'No answer was needed here');
  });

  it('expires when nobody answers, and an old card then changes nothing', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    const code = await invite(product, elif);
    await product.hears(ayse, 'ile çalışmak istiyor');
    const old = product.button(ayse, 'approve-invitation') ?? assert.fail();

    await product.sandbox('clock', { advanceSeconds: 91 * 24 * 3600 });

    await product.hears(elif, `(${code}) expired`);
    await product.hears(ayse, 'Süresi doldu');
    const { body } = await product.teams.press(ayse, old.message.id, { type: 'Action.Execute', verb: 'approve-invitation', data: old.data });
    assert.match(JSON.stringify(body), /Süresi doldu/);
  });

  it('names the difference when somebody changes a subscription in between, instead of claiming that nothing changed', async () => {
    const { elif, ayse, fabrikam, contoso, world } = story;
    await installAll(product, elif, ayse);
    await invite(product, elif);
    await product.hears(ayse, 'ile çalışmak istiyor');
    const [first] = world.subscriptions;

    await product.sandbox(`subscriptions/${String(first?.['id'])}`, { quantity: 90 }, 'PATCH');
    await product.press(ayse, 'approve-invitation');
    await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);

    await product.hears(ayse, 'Bir fark var');
    await product.hears(ayse, 'Office 365 E3; farklı olan: adet.');
    assert.doesNotMatch(newest(product, elif), /Office 365 E3/);
  });

  it('lets each of three partners keep its own, and the customer see who sold what', async () => {
    const { elif, ayse, sarp, fabrikam, relecloud, contoso } = story;
    await installAll(product, elif, sarp, ayse);
    for (const [agent, partner, offer] of [[elif, fabrikam, 'Azure plan'], [sarp, relecloud, 'Azure plan extra']] as const) {
      await invite(product, agent);
      await product.hears(ayse, `${partner.name}, Contoso ile çalışmak istiyor`);
      await product.press(ayse, 'approve-invitation');
      await product.acceptAtMicrosoft(partner.id, contoso.id, ayse);
      await product.hears(agent, 'Done: Microsoft confirmed');
      await product.sandbox('subscriptions', subscription(contoso, partner, offer, 'azure', 1));
    }

    await product.say(ayse, 'iş ortaklarımı göster');

    const card = JSON.stringify(await product.hears(ayse, 'iş ortağı sayısı: 3'));
    for (const name of ['Northwind', 'Fabrikam', 'Relecloud', 'Office 365 E3', 'Azure plan', 'Azure plan extra']) assert(card.includes(name), name);
    await product.say(elif, 'show my partners');
    const own = JSON.stringify(await product.hears(elif, 'works for 1 customer'));
    assert(own.includes('Azure plan') && !own.includes('extra') && !own.includes('Northwind') && !own.includes('Office 365'));
  });

  it('tells the second partner nothing of the first: not one byte', async () => {
    const { elif, sarp, ayse, deniz, northwind, fabrikam, world } = story;
    await installAll(product, elif, sarp, ayse);
    const code = await invite(product, elif);
    await product.hears(ayse, 'Fabrikam, Contoso ile çalışmak istiyor');
    await invite(product, sarp);
    for (const sentence of ['pending', 'show my partners', 'status contoso', `status ${code}`, `approve ${code}`, `mail ${code}`, 'who can decide', 'why']) await product.say(sarp, sentence);
    await product.hears(sarp, `I find no invitation for “${code}”`);
    await product.hears(ayse, 'Relecloud, Contoso ile çalışmak istiyor');

    const secrets = [northwind.name, northwind.id, fabrikam.name, fabrikam.id, elif.name, elif.id, deniz.id, 'Office 365', 'Visio', 'Rooms', ...world.subscriptions.map(({ id }) => String(id))];
    const seenBySecond = JSON.stringify(product.teams.calls.filter(({ path }) => path.includes(sarp.id)));
    const seenByCustomer = newest(product, ayse);
    for (const secret of secrets) assert(!seenBySecond.includes(secret), `the second partner received ${secret}`);
    for (const shown of [northwind.name, fabrikam.name, 'Office 365', 'Visio']) assert(seenByCustomer.includes(shown), `the customer sees ${shown}`);
    assert.doesNotMatch(seenBySecond.replaceAll(code, ''), /Ayşe|Kemal/, 'no administrator is named before answering');
  });
});
