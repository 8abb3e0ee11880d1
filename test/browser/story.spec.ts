import { strict as assert } from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { bareEnvironment, inJavaScript } from '../helpers/in-javascript.js';
import { chromiumPath, needs } from '../helpers/parts.js';
import { picture } from '../helpers/pictures.js';
import { freePort, until } from '../stories/product.js';


/** What a newcomer does after the README's first command, in a real browser: both languages, both people, to the proof. */
describe('the story of one invitation, in a browser', function () {
  this.timeout(120_000);
  let folder: string;
  let bot: ChildProcess;
  let url: string;
  let browser: Browser;

  before(needs.chromium());
  before(async () => {
    const [port, sandboxPort] = await Promise.all([freePort(), freePort()]);
    folder = mkdtempSync(join(tmpdir(), 'browser-story-'));
    url = `http://localhost:${port}/`;
    bot = spawn(process.execPath, [inJavaScript('src/main.ts')], {
      cwd: folder, stdio: 'ignore',
      env: { ...bareEnvironment(), PORT: String(port), SANDBOX_PORT: String(sandboxPort), DATABASE_URL: `sqlite:${join(folder, 'ledger.sqlite')}` },
    });
    await until('the page', async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok, 20_000);
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser?.close();
    bot?.kill('SIGKILL');
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const open = async (locale: string, colorScheme: 'light' | 'dark'): Promise<{ context: BrowserContext; page: Page; troubles: string[] }> => {
    const context = await browser.newContext({ locale, colorScheme, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    await page.goto(url);
    return { context, page, troubles };
  };

  it('is told by hand, in Turkish on one side and English on the other', async () => {
    const { context, page, troubles } = await open('en-US', 'light');
    const elif = page.getByRole('region', { name: 'Elif Kaya' });
    const ayse = page.getByRole('region', { name: 'Ayşe Yılmaz' });
    await elif.getByText('Rolünüz').waitFor();
    await ayse.getByText('Your role').waitFor();

    await elif.getByRole('textbox').last().fill('contoso.com’u davet et çünkü Azure yedekleme');
    await elif.getByRole('textbox').last().press('Enter');
    await elif.getByRole('checkbox', { name: /CSP satışı/ }).last().check();
    await elif.getByRole('button', { name: 'Gönder', exact: true }).click();

    await ayse.getByText('Fabrikam asks to work with Contoso', { exact: true }).waitFor();
    await ayse.getByText('This stays the same').waitFor();
    await ayse.getByRole('button', { name: 'Approve', exact: true }).click();
    await ayse.getByText('One Microsoft step is left').waitFor();
    await elif.getByText('Onaylandı, Microsoft’ta bir adım kaldı', { exact: true }).waitFor();

    const opened = context.waitForEvent('page');
    await ayse.locator('button, a').filter({ hasText: 'Open Microsoft’s page' }).last().click();
    const microsoft = await opened;
    await microsoft.getByRole('button').filter({ hasText: /Accept/ }).click();
    await microsoft.waitForLoadState();
    await picture(microsoft, 'acceptance');
    await microsoft.close();

    await ayse.getByText('7 of your 7 subscriptions are the same.', { exact: true }).waitFor({ timeout: 15_000 });
    await elif.getByRole('paragraph').filter({ hasText: 'Tamamlandı: Microsoft doğruladı' }).waitFor();
    await picture(page, 'story-en');

    await ayse.getByRole('textbox').last().fill('show my partners');
    await ayse.getByRole('textbox').last().press('Enter');
    await ayse.getByText('Contoso works with 2 partners', { exact: true }).waitFor();
    assert.deepEqual(troubles, []);
    await context.close();
  });

  it('goes on with an Admin agent who asks to manage, by hand, up to the group that gets access', async () => {
    const { context, page, troubles } = await open('en-US', 'light');
    const seat = page.getByRole('combobox').first();
    await seat.selectOption((await seat.locator('option', { hasText: 'Murat Demir' }).first().getAttribute('value')) ?? '');
    const murat = page.getByRole('region', { name: 'Murat Demir' });
    const ayse = page.getByRole('region', { name: 'Ayşe Yılmaz' });
    await murat.locator('.install').click();
    await murat.getByText('Rolünüz').waitFor();

    await murat.getByRole('textbox').last().fill('müşteri davet et');
    await murat.getByRole('textbox').last().press('Enter');
    await murat.getByLabel('Müşterinin etki alanı').fill('contoso.com');
    await murat.getByLabel(/^Neden\?/).fill('Lisans yönetimi');
    await murat.getByLabel('Satış ile lisans ve destek yönetimi').check();
    await picture(page, 'managing-form');
    await murat.getByRole('button', { name: 'Bul ve denetle' }).click();
    await murat.getByText('Lisans Yöneticisi: lisans verip geri alabilir').first().waitFor();
    await murat.getByRole('checkbox', { name: /CSP satışı/ }).last().check();
    await murat.getByRole('button', { name: 'Gönder', exact: true }).click();

    await ayse.getByText('License Administrator: give and take licences').last().waitFor({ timeout: 15_000 });
    await picture(page, 'managing-request');
    await ayse.getByRole('button', { name: 'Approve', exact: true }).last().click();
    for (const half of ['selling', 'managing']) {
      const link = ayse.locator('button, a').filter({ hasText: new RegExp(`Microsoft’s page(: ${half})?$`) }).last();
      if (half === 'selling' && (await ayse.getByText('Microsoft’s page: selling').count()) === 0) continue;
      const opened = context.waitForEvent('page');
      await link.click();
      const microsoft = await opened;
      await picture(microsoft, `microsoft-${half}`);
      await microsoft.getByRole('button').filter({ hasText: /Accept|Approve/ }).click();
      await microsoft.waitForLoadState();
      await microsoft.close();
    }

    await murat.getByText('Henüz kimsenin erişimi yok.').last().waitFor({ timeout: 20_000 });
    await murat.getByLabel('Güvenlik grubu').last().selectOption({ label: 'M365 Support' });
    await murat.getByRole('button', { name: 'Gruba bu rolleri ver' }).last().click();
    await murat.getByText(/M365 Support: (hazırlanıyor|erişimi var)/).last().waitFor({ timeout: 15_000 });
    await picture(page, 'managing-done');
    assert.deepEqual(troubles, []);
    await context.close();
  });

  it('plays itself on a Turkish page in the dark, after a reset', async () => {
    const { context, page, troubles } = await open('tr-TR', 'dark');
    await page.getByRole('region', { name: 'Elif Kaya' }).getByText('Davet: Contoso').first().waitFor();
    page.on('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: /Sıfırla|baştan/i }).click();
    const sure = page.getByRole('dialog').getByRole('button', { name: /Sıfırla|baştan|evet/i });
    if (await sure.isVisible().catch(() => false)) await sure.click();
    await until('an empty chat', async () => (await page.getByText('Davet: Contoso').count()) === 0);
    await page.getByRole('region', { name: 'Ayşe Yılmaz' }).getByText('Your role').waitFor();

    await page.getByRole('button', { name: /Öyküyü|hikâye|oynat/i }).click();

    await page.getByRole('region', { name: 'Ayşe Yılmaz' }).getByText('7 of your 7 subscriptions are the same.', { exact: true }).waitFor({ timeout: 80_000 });
    await picture(page, 'story-tr');
    assert.deepEqual(troubles, []);
    await context.close();
  });
});
