import { strict as assert } from 'node:assert';
import { askToManage, codeIn, installAll, relationshipIn, type Story } from './people.js';
import { until, type Person, type Product } from './product.js';
import { startStory } from './start.js';

const all = (product: Product, person: Person): string => JSON.stringify(product.messages(person));

describe('selling and managing, over real HTTP', function () {
  this.timeout(90_000);
  let product: Product;
  let story: Story;

  beforeEach(async () => ({ product, story } = await startStory()));
  afterEach(() => product?.stop());

  const relationships = async (): Promise<readonly { readonly name: string }[]> =>
    ((await product.sandbox('world')) as { grants: { kind: string; name: string }[] }).grants.filter(({ kind }) => kind === 'gdap');

  it('is one journey with one status, and only the missing half is left', async () => {
    const { mert, ayse, fabrikam, contoso } = story;
    await installAll(product, mert, ayse);

    const code = await askToManage(product, mert);
    await product.hears(ayse, 'Lisans Yöneticisi: lisans verip geri alabilir');
    await product.hears(ayse, 'Microsoft’ta iki adım kalır');
    await product.press(ayse, 'approve-invitation');
    await product.hears(mert, `daveti onayladı (${code})`);

    await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);
    await product.hears(ayse, `isteğinin bir bölümünü doğruladı (${code})`);
    await product.hears(mert, 'Satış: Microsoft doğruladı');
    assert.doesNotMatch(all(product, mert), /Tamamlandı: Microsoft doğruladı/, 'half is not whole');

    await product.sandbox('accept', { partner: fabrikam.id, customer: contoso.id, person: ayse.id, relationship: relationshipIn(product, ayse) });
    await product.hears(mert, 'Tamamlandı: Microsoft doğruladı');
    await product.hears(ayse, '3 aboneliğinizin 3 tanesi aynı');
    assert.equal((await relationships()).length, 1);
  });

  it('gives nobody access until the Admin agent has chosen a group', async () => {
    const { mert, ayse, fabrikam, contoso } = story;
    await installAll(product, mert, ayse);
    await askToManage(product, mert);
    await product.hears(ayse, 'approve-invitation');
    await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);
    await product.sandbox('accept', { partner: fabrikam.id, customer: contoso.id, person: ayse.id, relationship: relationshipIn(product, ayse) });

    await product.hears(mert, 'Henüz kimsenin erişimi yok');
    const { groups } = { groups: /"title":"M365 Support","value":"([^"]+)"/.exec(all(product, mert))?.[1] ?? assert.fail('the group is not offered') };
    await product.press(mert, 'assign-access', { group: groups });
    await product.hears(mert, 'Microsoft’tan bu gruba rolleri vermesini istedim');

    await product.hears(mert, /M365 Support: (hazırlanıyor|erişimi var)/);
  });

  it('stays refused to a sales agent, who hands it over; nothing exists at Microsoft until the Admin agent sends it', async () => {
    const { elif, mert, ayse } = story;
    await installAll(product, elif, mert, ayse);
    await product.say(elif, 'invite customer');
    await product.press(elif, 'check-customer', { domain: 'contoso.com', reason: 'Azure backup', template: 'office365Operations', days: '180', extend: 'true' });
    await product.hears(elif, 'Only an Admin agent can send the delegated administration part');
    assert.equal(product.button(elif, 'send-invitation'), undefined);

    await product.press(elif, 'hand-over', { to: mert.id, note: 'Please check the roles', reason: 'Azure backup' });
    await product.hears(elif, 'Handed to Mert Aslan');
    await product.hears(mert, 'Tamamlanacak davet · hazırlayan Elif Kaya');
    await product.hears(mert, 'Please check the roles');
    assert.equal((await relationships()).length, 0);
    assert.equal(product.messages(ayse).some(({ attachments }) => JSON.stringify(attachments ?? '').includes('Fabrikam')), false);

    await product.press(mert, 'send-invitation', { reason: 'Azure backup', notCsp: 'true' });
    await product.hears(ayse, 'Teams Yöneticisi');
    await product.hears(elif, /has been sent by your Admin agent/);
  });

  it('lets the sales agent send the reseller request now', async () => {
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    await product.say(elif, 'invite customer');
    await product.press(elif, 'check-customer', { domain: 'contoso.com', reason: 'Azure backup', template: 'licencesAndSupport', days: '365' });

    await product.press(elif, 'send-sell-only', { reason: 'Azure backup', notCsp: 'true' });

    await product.hears(ayse, 'Yönetim yetkisi almaz');
    assert.doesNotMatch(all(product, ayse), /Lisans Yöneticisi/);
    assert.match(codeIn(all(product, elif)), /^PR-/);
  });

  it('refuses too long, no role and an extension of Global Administrator, with the rule', async () => {
    const { mert } = story;
    await installAll(product, mert);
    await product.say(mert, 'müşteri davet et');

    await product.press(mert, 'check-customer', { domain: 'contoso.com', reason: 'x', template: 'custom', roles: '62e90394-69f5-4237-9190-012177145e10', roleReason: 'acil', extend: 'true', days: '731' });

    const refused = JSON.stringify(await product.hears(mert, 'MP-51'));
    assert.match(refused, /MP-55/);
    await product.press(mert, 'check-customer', { domain: 'contoso.com', reason: 'x', template: 'custom', roles: '', days: '1' });
    await product.hears(mert, 'MP-53');
  });

  it('asks a customer that may be sold to already for the missing half only', async () => {
    const { mert, elif, ayse, fabrikam, contoso } = story;
    await installAll(product, mert, elif, ayse);
    await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);
    await until('the relationship', async () => /"kind":"reseller","partner":"(?!.*northwind)/.test(JSON.stringify(await product.sandbox('world'))));

    await askToManage(product, mert);

    await product.hears(ayse, 'rolleri Microsoft’un kendi sayfasında onaylarsınız');
    await product.hears(mert, 'withdraw');
  });
});
