import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { mountConsentPage } from '../../src/pages/consent.js';
import { mountPartnersPage } from '../../src/pages/partners.js';
import { createRoleSignIns, type RoleSignIns } from '../../src/pages/role-sign-in.js';
import { chromiumPath, needs } from '../helpers/parts.js';
import { picture } from '../helpers/pictures.js';
import { FABRIKAM, LALE, LITWARE, MURAT, NORTHWIND, PROVIDER } from '../local/partner-center/a-sandbox.js';
import { closePageHouses, openPageHouse, type PageHouse } from '../pages/a-browser.js';

const TOKEN = 'correct-horse-battery-staple';

const looks: Readonly<Record<string, BrowserContextOptions>> = {
  'light-en': { locale: 'en-US', colorScheme: 'light', viewport: { width: 1024, height: 900 } },
  'dark-tr': { locale: 'tr-TR', colorScheme: 'dark', viewport: { width: 1024, height: 900 } },
  'narrow-light-tr': { locale: 'tr-TR', colorScheme: 'light', viewport: { width: 320, height: 640 } },
  'narrow-dark-en': { locale: 'en-US', colorScheme: 'dark', viewport: { width: 320, height: 640 } },
};

const legible = await readFile(new URL('legible-page.js', import.meta.url), 'utf8');
/** What somebody could not read, reach or name on the page. */
const troublesOn = (page: Page): Promise<string[]> => page.evaluate(legible);

describe('our own pages, in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  let house: PageHouse;
  let roleSignIns: RoleSignIns;

  before(needs.chromium());
  before(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });
  });
  beforeEach(async () => {
    house = await openPageHouse((server, { ground, signingIn, memory, sandbox }) => {
      mountPartnersPage(server, {
        ...ground, operatorToken: TOKEN, signIn: signingIn.partner, signIns: memory.signIns,
        partners: async () => [{ tenant: FABRIKAM, name: 'Fabrikam', access: 'user' }, { tenant: NORTHWIND, name: 'Northwind', access: 'user' }, { tenant: PROVIDER, access: 'app' }],
      });
      mountConsentPage(server, { ...ground, operator: { name: 'Relecloud', contact: 'help@relecloud.example' }, appId: sandbox.directoryApp.clientId, consent: signingIn.consent, lookMs: 0 });
      roleSignIns = createRoleSignIns({ ...ground, signIn: signingIn.person });
      roleSignIns.mount(server);
    });
    const renewedAt = new Date(house.machine.now().getTime() - 70 * 86_400_000).toISOString();
    house.memory.standing.set(NORTHWIND, { partner: NORTHWIND, signedInAt: renewedAt, renewedAt });
  });
  afterEach(closePageHouses);
  after(async () => browser?.close());

  for (const [look, options] of Object.entries(looks)) {
    const isTurkish = look.endsWith('tr');

    const withPage = async (go: (page: Page, seen: (name: string) => Promise<void>) => Promise<void>): Promise<void> => {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
      page.on('request', (request) => !request.url().startsWith('http://127.0.0.1:') && complaints.push(`asked ${request.url()}`));
      await go(page, async (name) => {
        await picture(page, `pages-${name}-${look}`, { fullPage: true });
        assert.deepEqual(await troublesOn(page), [], `${name}, ${look}`);
        assert.equal(await page.locator('html').getAttribute('lang'), isTurkish ? 'tr' : 'en');
      });
      // Chromium counts a refused answer as an error; the page that says so is what we want.
      assert.deepEqual(complaints.filter((one) => !/status of 40[013]/.test(one)), []);
      await context.close();
    };
    /** On the sandbox's page that stands in for Microsoft's. */
    const chooses = async (page: Page, person: string): Promise<void> => {
      await page.locator('#person').selectOption(person);
      await page.locator('form button').first().click();
    };

    it(`the operator has an Admin agent sign in, by keyboard (${look})`, () => withPage(async (page, seen) => {
      await page.goto(`${house.url}/partners`);
      await seen('door');
      await page.keyboard.press('Tab');
      await page.keyboard.type('wrong token');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      await seen('wrong');
      await page.locator('#token').focus();
      await page.keyboard.type(TOKEN);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Northwind' }).waitFor();
      await seen('partners');

      await page.getByRole('button', { name: /Fabrikam/ }).focus();
      assert.notEqual(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle'), 'none');
      await page.keyboard.press('Enter');
      await chooses(page, MURAT);

      await page.getByRole('status').waitFor();
      assert.equal(page.url(), `${house.url}/partners?lang=${isTurkish ? 'tr' : 'en'}`);
      await seen('partners-done');
      assert.equal(house.memory.kept.length, 1);
      await page.goBack();
      assert.doesNotMatch(page.url(), /code=/);
    }));

    it(`a customer's administrator reads, goes to Microsoft, and comes back (${look})`, () => withPage(async (page, seen) => {
      await page.goto(`${house.url}/consent?tenant=${LITWARE}`);
      await seen('consent');
      await page.locator('main form button').click();
      await page.locator('#person').waitFor();
      await page.waitForTimeout(200);
      await chooses(page, LALE);
      await page.getByRole('heading', { name: isTurkish ? 'Dizininiz artık okunabiliyor' : 'Your directory can be read now' }).waitFor();
      await seen('consent-given');

      await page.goto(`${house.url}/consent?tenant=${LITWARE}`);
      await page.locator('main form button').click();
      await page.locator('button[value=cancel]').click();
      await page.getByRole('heading', { name: isTurkish ? 'İzin verilmedi' : 'Nothing was allowed' }).waitFor();
      await seen('consent-declined');
    }));

    it(`an approver shows a role, and is told to go back to Teams (${look})`, () => withPage(async (page, seen) => {
      await page.goto(roleSignIns.linkFor(LITWARE));
      await seen('role');
      await page.locator('main form button').click();
      await chooses(page, LALE);
      await page.getByRole('heading', { name: isTurkish ? 'Rolünüz görüldü' : 'Your role has been shown' }).waitFor();
      assert.match(page.url(), /\/signed-in\/result\?lang=/);
      await seen('role-shown');
      assert.equal((await roleSignIns.rolesOf(LITWARE, LALE))?.name, 'Lale Uçar');

      await page.goto(`${house.url}/sign-in`);
      await seen('role-old');
    }));
  }

  it('the language changes by its link', async () => {
    const page = await (await browser.newContext({ locale: 'en-US' })).newPage();
    for (const path of ['/partners', `/consent?tenant=${LITWARE}`, `/sign-in?tenant=${LITWARE}`]) {
      await page.goto(`${house.url}${path}`);
      await page.getByRole('link', { name: 'Türkçe' }).click();
      assert.equal(await page.locator('html').getAttribute('lang'), 'tr');
      await page.getByRole('link', { name: 'English' }).click();
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    }
    await page.context().close();
  });
});
