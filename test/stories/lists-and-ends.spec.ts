import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inJavaScript } from '../helpers/in-javascript.js';
import { askToManage, codeIn, installAll, invite, relationshipIn, subscription, type Story } from './people.js';
import { until, type Person, type Product } from './product.js';
import { startStory } from './start.js';

const all = (product: Product, person: Person): string => JSON.stringify(product.messages(person));

describe('lists, ends and the record, over real HTTP', function () {
  this.timeout(120_000);
  let product: Product;
  let story: Story;

  beforeEach(async () => ({ product, story } = await startStory()));
  afterEach(() => product?.stop());

  const moveClock = (to: string): Promise<unknown> => product.sandbox('clock', { now: to });
  /** Mert manages and sells; gives the relationship's id at Microsoft. */
  const established = async (): Promise<string> => {
    const { mert, ayse, fabrikam, contoso } = story;
    await installAll(product, mert, ayse);
    await askToManage(product, mert, { days: '90' });
    await product.hears(ayse, 'approve-invitation');
    const relationship = relationshipIn(product, ayse);
    await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);
    await product.sandbox('accept', { partner: fabrikam.id, customer: contoso.id, person: ayse.id, relationship });
    await product.hears(mert, 'Tamamlandı: Microsoft doğruladı');
    return relationship;
  };

  it('lists a partner’s own customers with where they stand, found by name, domain and a name of one’s own', async () => {
    const { elif, deniz, ayse } = story;
    await installAll(product, elif, deniz, ayse);
    const code = await invite(product, elif);
    await product.hears(ayse, 'approve-invitation');

    await product.say(elif, 'my customers');
    await product.hears(elif, new RegExp(`Contoso\\*\\* · waiting.*${code}`));
    await product.say(elif, 'call contoso.com Acme');
    await product.hears(elif, 'You can search by that name too');
    await product.say(elif, 'find acme');
    await product.hears(elif, 'My customers: “acme”');
    await product.hears(elif, 'you call them “Acme”');
    await product.say(elif, 'my declined customers');
    await product.hears(elif, 'Nobody fits');

    await product.say(deniz, 'müşterilerim');
    const northwinds = JSON.stringify(await product.hears(deniz, 'Müşterilerim'));
    assert.match(northwinds, /Contoso\*\* · etkin/);
    assert.doesNotMatch(northwinds, /Acme|PR-|Fabrikam/);
  });

  it('warns both sides at 60, 30, 7, 1 and 0 days, and asks anew from the card', async () => {
    const { mert, ayse } = story;
    await established();
    const { now } = (await product.sandbox('clock')) as { now: string };
    const end = Date.parse(now) + 90 * 86_400_000;

    for (const days of [59, 29, 6, 1, 0]) {
      await moveClock(new Date(end - (days + 0.5) * 86_400_000).toISOString());
      await until(`the warning ${days} days before`, () => [mert, ayse].every((one) => all(product, one).includes(days === 0 ? '(bugün)' : `(${days} gün sonra)`)));
    }
    await product.press(mert, 'renew');
    await product.hears(mert, 'Müşteri davet edin');
    const form = JSON.stringify(product.messages(mert).at(-1));
    assert.match(form, /"value":"90"/);

    await moveClock(new Date(end + 86_400_000).toISOString());
    await product.hears(ayse, /Temsilci yönetim Microsoft’ta sona erdi \(Fabrikam; süresi doldu\)/);
    await product.hears(mert, 'Satış ve abonelikler eskisi gibi sürer');
  });

  it('takes access away when the name is typed, tells both sides, and leaves selling and subscriptions', async () => {
    const { mert, ayse, fabrikam, contoso } = story;
    await established();
    const before = JSON.stringify(((await product.sandbox('world')) as { subscriptions: unknown }).subscriptions);

    await product.say(ayse, 'Fabrikam erişimini kaldır');
    await product.hears(ayse, 'Abonelikler, faturalama ve yükümlülükler');
    await product.press(ayse, 'remove-access', { typed: 'Fabrik' });
    await product.hears(ayse, 'Yazdığınız ad bu değil');
    await product.press(ayse, 'remove-access', { typed: 'fabrikam' });

    const { id } = await product.hears(ayse, 'Microsoft’tan istendi');
    await product.hears(ayse, 'biri sonlandırdı');
    await until('the outcome on the card that said “asked”', () => /Temsilci yönetim sona erdi: [^"]* · isteyen: Ayşe Yılmaz \(Contoso\)/.test(JSON.stringify(product.messages(ayse).find((message) => message.id === id))));
    await product.hears(mert, 'Temsilci yönetim Microsoft’ta sona erdi (Contoso; biri sonlandırdı)');
    const world = (await product.sandbox('world')) as { subscriptions: unknown; grants: { kind: string; partner: string; customer: string }[] };
    assert.equal(JSON.stringify(world.subscriptions), before);
    assert(world.grants.some(({ kind, partner, customer }) => kind === 'reseller' && partner === fabrikam.id && customer === contoso.id));
  });

  it('ends the relationship only when nothing of the partner’s own stands in the way, each thing named', async () => {
    const { elif, ayse, fabrikam, contoso } = story;
    await installAll(product, elif, ayse);
    await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);
    await product.hears(elif, 'has begun at Microsoft, without an invitation');
    const sold = subscription(contoso, fabrikam, 'Azure backup storage', 'azure', 1);
    await product.sandbox('subscriptions', sold);

    await product.say(elif, 'end relationship with Contoso');
    await product.hears(elif, 'Azure backup storage');
    assert.equal(product.button(elif, 'end-relationship'), undefined);
    await product.sandbox(`subscriptions/${sold.id}`, { status: 'deleted' }, 'PATCH');
    await product.say(elif, 'end relationship with Contoso');
    await product.press(elif, 'end-relationship', { typed: 'Contoso' });

    await product.hears(elif, /with Contoso has ended at Microsoft \(it was removed\)/);
    await product.hears(ayse, 'Kurumsal bayi ilişkisi Microsoft’ta sona erdi (Fabrikam; kaldırıldı)');
    assert.match(JSON.stringify(await product.sandbox('world')), /"kind":"reseller"/, 'Northwind is untouched');
  });

  it('tells both sides what ended at Microsoft without the bot', async () => {
    const { mert, ayse } = story;
    const relationship = await established();

    await product.sandbox(`delegated/${relationship}/terminate`, {});

    await product.hears(mert, 'biri sonlandırdı');
    await product.hears(ayse, 'biri sonlandırdı');
  });

  it('keeps a record that each side reads as its own, hands it out, and proves it offline', async () => {
    const { elif, ayse, deniz } = story;
    await installAll(product, elif, ayse, deniz);
    const code = await invite(product, elif);
    await product.hears(ayse, 'approve-invitation');
    await product.press(ayse, 'decline-invitation', { declineReason: 'other', comment: 'gizlisöz', share: 'false' });
    await product.hears(elif, `Contoso declined ${code}`);

    await product.say(elif, `audit ${code}`);
    const record = JSON.stringify(await product.hears(elif, `Record of ${code}`));
    assert.match(record, /Chain checked: whole/);
    assert.match(record, /declined · Ayşe Yılmaz/);
    assert.doesNotMatch(record, /gizlisöz|opened at the customer/);
    await product.say(deniz, `denetim kaydı ${code}`);
    await product.hears(deniz, 'Görebileceğiniz böyle bir davet bulamadım');

    const noLinks = JSON.stringify(await (async () => { await product.press(elif, 'receipt'); return product.messages(elif).at(-1); })());
    assert.match(noLinks, /has not set a public address|ready for you alone/);
  });

  it('hands out the receipt and the table once there is an address, and a changed receipt does not verify', async () => {
    await product.stop();
    ({ product, story } = await startStory({ PUBLIC_URL: 'http://127.0.0.1:1' }));
    const { elif, ayse } = story;
    await installAll(product, elif, ayse);
    const code = await invite(product, elif, 'invite contoso.com because =HYPERLINK("http://evil")');
    await product.hears(ayse, 'approve-invitation');
    await product.say(elif, `audit ${code}`);
    await product.hears(elif, 'Record of');

    await product.press(elif, 'receipt');
    const receipt = await fileOf(await product.hears(elif, 'receipt-'));
    await product.press(elif, 'export');
    const table = await fileOf(await product.hears(elif, 'record-'));

    assert.equal(verified(receipt), 'The receipt is whole: every link fits, and none was left out.');
    assert.match(verified(receipt.replace('Elif Kaya', 'Ada Kaya')), /names somebody else/);
    assert.match(verified(receipt.replace(/"hash": "(.)/, (_, first: string) => `"hash": "${first === '0' ? '1' : '0'}`)), /altered|out of place/);
    assert.match(table, /time \(UTC\),reference,event/);
    assert.doesNotMatch(table, /^=|,=|,"=/m);
  });

  const fileOf = async (message: { readonly text?: string | undefined }): Promise<string> => {
    const path = /127\.0\.0\.1:1(\/files\/[\w-]+)/.exec(message.text ?? '')?.[1] ?? assert.fail('no address');
    const response = await fetch(`${product.url}${path}`);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-disposition') ?? '', /^attachment/);
    return response.text();
  };
  const verified = (receipt: string): string => {
    const file = join(product.folder, 'receipt.json');
    writeFileSync(file, receipt);
    try {
      return execFileSync(process.execPath, [inJavaScript('src/ledger/verify-receipt.ts'), file], { encoding: 'utf8' }).trim();
    } catch (error) {
      return String((error as { stdout?: string }).stdout).trim();
    }
  };

  it('explains what it never starts', async () => {
    const { elif } = story;
    await installAll(product, elif);
    await product.say(elif, 'what is multichannel');
    await product.hears(elif, 'MP-83');
    await product.say(elif, 'transfer');
    await product.hears(elif, 'MP-85');
    await product.say(elif, 'which rules');
    await product.hears(elif, 'learn.microsoft.com/partner-center/announcements');
    assert.equal(codeIn(all(product, elif)), '');
  });
});
