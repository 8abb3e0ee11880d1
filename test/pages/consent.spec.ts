import assert from 'node:assert/strict';
import { mountConsentPage, type ConsentPageOptions } from '../../src/pages/consent.js';
import { CONTOSO, LALE, LITWARE } from '../local/partner-center/a-sandbox.js';
import { closePageHouses, openPageHouse, textIn, type Browser, type PageHouse } from './a-browser.js';

describe('the page for consent', () => {
  afterEach(closePageHouses);

  const open = (more: Partial<ConsentPageOptions> = {}): Promise<PageHouse> =>
    openPageHouse((server, { ground, signingIn, sandbox }) => mountConsentPage(server, {
      ...ground, operator: { name: 'Relecloud & <Co>', contact: 'help@relecloud.example' }, appId: sandbox.directoryApp.clientId, consent: signingIn.consent, lookMs: 0, ...more,
    }));

  /** Presses the button and gives Microsoft's address, after the look before it was kept. */
  const asked = async (browser: Browser, tenant: string = LITWARE): Promise<URL> => {
    const seen = await browser.press('/consent/go', await browser.get(`/consent?tenant=${tenant}`));
    assert.equal(seen.status, 303);
    await new Promise((resolve) => setTimeout(resolve, 150));
    return new URL(seen.location);
  };
  const backFrom = (asking: URL, answer: Readonly<Record<string, string>>): string =>
    `/consent/done?${new URLSearchParams({ ...answer, state: asking.searchParams.get('state') ?? '' }).toString()}`;
  const accepts = async ({ sandbox }: PageHouse, tenant: string): Promise<void> => void (await sandbox.control('POST', 'consent', { tenant, consented: true }));

  it('says who operates, what is read and why, what never happens, and how to take it back', async () => {
    const house = await open();
    const english = textIn(await house.browser('en').get(`/consent?tenant=${LITWARE}`));
    const turkish = textIn(await house.browser('tr-TR').get(`/consent?tenant=${LITWARE}`));

    for (const sentence of [/operated by Relecloud &amp; &lt;Co&gt;/, /help@relecloud\.example/, /directory roles/, /who sold each/, /is changed/, /not stored in readable form/, /delete it under Properties/, /run a changed program/, /Continue to Microsoft/]) assert.match(english, sentence);
    for (const sentence of [/işleten: Relecloud/, /dizin rolleri/, /kimin sattığı/, /değişmez/, /okunabilir biçimde saklanmaz/, /silin/, /Microsoft’a devam et/]) assert.match(turkish, sentence);
    assert.match((await house.browser('tr').get('/consent?lang=en')).text, /<html lang="en">/);
    const page = await house.browser().get(`/consent?tenant=${LITWARE}`);
    assert.match(page.text, new RegExp(`/consent\\?tenant=${LITWARE}&amp;lang=tr"`));
    assert.doesNotMatch(page.text, /<script|\$\{|undefined|\[object/);
    assert.equal(page.headers.get('set-cookie'), null);
  });

  it('links only to a contact that is an address', async () => {
    const contactIn = async (contact: string): Promise<string> => {
      const { text } = await (await open({ operator: { name: 'R', contact } })).browser().get('/consent');
      await closePageHouses();
      return text;
    };

    assert.match(await contactIn('https://relecloud.example/help'), /<a href="https:\/\/relecloud\.example\/help" rel="noreferrer">/);
    assert.match(await contactIn('javascript:alert(1)//@x'), /<dd>javascript:alert\(1\)\/\/@x<\/dd>|mailto:javascript/);
    assert.match(await contactIn('"><b>call us'), /<dd>&quot;&gt;&lt;b&gt;call us<\/dd>/);
  });

  it('leads to Microsoft’s page for the organisation, or for any', async () => {
    const house = await open();
    const asking = await asked(house.browser());
    assert.equal(asking.origin + asking.pathname, `${house.sandbox.loginUrl}/${LITWARE}/v2.0/adminconsent`);
    assert.deepEqual(['client_id', 'scope', 'redirect_uri'].map((name) => asking.searchParams.get(name)), [house.sandbox.directoryApp.clientId, `${house.sandbox.graphUrl}/.default`, `${house.url}/consent/done`]);
    const page = await fetch(asking);
    assert.equal(page.status, 200, 'the sandbox takes the address');

    for (const tenant of ['', 'contoso.com', '../../evil', `${LITWARE}@evil.example`]) {
      assert.match((await asked(house.browser(), encodeURIComponent(tenant))).pathname, /\/organizations\/v2\.0\/adminconsent$/);
    }
  });

  it('says yes when reading works that did not work before', async () => {
    const house = await open();
    const browser = house.browser('tr');
    const asking = await asked(browser);
    await accepts(house, LITWARE);

    const seen = await browser.get(backFrom(asking, { admin_consent: 'True', tenant: LITWARE }));

    assert.match(textIn(seen), /Dizininiz artık okunabiliyor/);
    assert.match(seen.text, /<html lang="tr">/);
  });

  it('does not believe the answer in the address, and can be asked again', async () => {
    const house = await open();
    const browser = house.browser();
    const asking = await asked(browser);

    const early = await browser.get(backFrom(asking, { admin_consent: 'True', tenant: LITWARE }));
    assert.match(textIn(early), /Microsoft needs a moment/);
    assert.match(textIn(early), /Look again/);

    await accepts(house, LITWARE);
    const look = /href="([^"]+)">Look again/.exec(early.text)?.[1] ?? '';
    assert.match(textIn(await browser.get(look)), /can be read now/);
  });

  it('tells nobody which organisations have consented', async () => {
    const house = await open();
    const toldAbout = async (tenant: string): Promise<string> => {
      const browser = house.browser();
      const seen = await browser.get(backFrom(await asked(browser, tenant), { admin_consent: 'True', tenant }));
      return seen.text.replace(/state=[\w.-]+/g, '');
    };

    assert.equal(await toldAbout(CONTOSO), await toldAbout(LITWARE));
    assert.equal(await toldAbout('77777777-0000-4000-8000-000000000077'), await toldAbout(LITWARE));
  });

  it('says that it was declined, by a code only', async () => {
    const house = await open();
    const browser = house.browser();
    const declined = await browser.get(backFrom(await asked(browser), { error: 'access_denied', error_description: 'AADSTS65004: <script>alert(1)</script>', admin_consent: 'True' }));
    assert.match(textIn(declined), /Nothing was allowed.*\(AADSTS65004\)/);
    const odd = await browser.get(backFrom(await asked(browser), { error: '"><script>alert(1)</script>', error_description: '<b>' }));
    assert.match(textIn(odd), /\(unknown\)/);
    assert.doesNotMatch(declined.text + odd.text, /alert|<b>/);
  });

  it('takes no answer that belongs to another browser, another organisation, or nothing', async () => {
    const house = await open();
    const browser = house.browser();
    const asking = await asked(browser);
    const good = backFrom(asking, { admin_consent: 'True', tenant: LITWARE });
    await accepts(house, LITWARE);

    const foreign = house.browser();
    await asked(foreign);
    for (const seen of [await house.browser().get(good), await foreign.get(good), await browser.get('/consent/done?admin_consent=True'), await browser.get(`/consent/done?state=${'A'.repeat(43)}.en&tenant=${LITWARE}`)]) {
      assert.equal(seen.status, 400);
      assert.match(textIn(seen), /another browser/);
    }
    assert.match(textIn(await browser.get(backFrom(asking, { admin_consent: 'True', tenant: CONTOSO }))), /Another organisation answered/);
    assert.match(textIn(await browser.get(good)), /can be read now/);
    house.machine.passes(10 * 60);
    assert.equal((await browser.get(good)).status, 400);
  });

  it('says to wait when Microsoft gives no answer, and when too many come at once', async () => {
    const house = await open({ consent: { address: (_tenant, { state }) => `https://login.example/?state=${state}`, isGiven: async () => { throw new Error('down'); } } });
    const browser = house.browser();
    assert.match(textIn(await browser.get(backFrom(await asked(browser), { admin_consent: 'True', tenant: LITWARE }))), /needs a moment/);

    const many = await Promise.all(Array.from({ length: 125 }, () => house.browser().post('/consent/go', { tenant: LITWARE })));
    assert.deepEqual([...new Set(many.map(({ status }) => status))].sort(), [303, 429]);
  });

  it('goes through the sandbox’s own consent page and back', async () => {
    const house = await open();
    const browser = house.browser();
    const asking = await asked(browser);

    const answer = await fetch(asking.origin + asking.pathname, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ request: asking.searchParams.toString(), person: LALE, lang: 'en' }) });

    assert.match(textIn(await browser.get(answer.headers.get('location') ?? '')), /can be read now/);
  });
});
