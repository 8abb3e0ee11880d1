import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/ledger.js';
import { asTenantId } from '../../src/domain/ids.js';
import { leaveOut, needs } from '../helpers/parts.js';
import { postgresPlace, sqlitePlace, type Place } from '../ledger/engines.js';
import { operatorToken, startLive, type LiveDeployment } from './live.js';
import { installAll, invite } from './people.js';
import { until, type Person } from './product.js';

for (const engine of ['a file', 'PostgreSQL'] as const) {
  describe(`a deployment against Microsoft’s own side, its ledger on ${engine}`, function () {
    this.timeout(60_000);
    let live: LiveDeployment;
    let place: Place | undefined;

    if (engine === 'PostgreSQL') before(needs.postgres());
    before(async () => {
      place = await (engine === 'PostgreSQL' ? postgresPlace() : sqlitePlace());
      live = await startLive({ DATABASE_URL: place?.url ?? '' });
    });
    after(async () => {
      try {
        await live?.stop();
      } finally {
        await place?.leave();
      }
    });

    it('has an Admin agent sign in on the operator’s page, and shows nothing of the token', async () => {
      const { story: { fabrikam, mert }, product } = live;
      const browser = new Browser(product.url);
      assert.equal((await browser.post('/partners/enter', { token: 'a guess of sixteen' })).status, 401);
      await browser.post('/partners/enter', { token: operatorToken });
      const page = await (await browser.get('/partners')).text();
      assert.match(page, /Fabrikam/);
      const begin = () => browser.post('/partners/sign-in', { csrf: csrfIn(page), partner: fabrikam.id });

      await browser.get(await asPerson(live, await begin(), mert, false));
      assert.match(await (await browser.get('/partners')).text(), /second factor/i);

      const answered = await browser.get(await asPerson(live, await begin(), mert));
      assert.equal(new URL(answered.headers.get('location') ?? '').search.includes('code='), false);
      const after = await (await browser.get('/partners')).text();
      assert.match(after, /good until|Good until/);
      assert.doesNotMatch(after, /0\.A|refresh_token|eyJ/);
    });

    it('invites, approves, and tells both when Microsoft’s event says to look', async () => {
      const { product, story: { elif, ayse, fabrikam, contoso } } = live;
      await installAll(product, elif, ayse);
      const code = await invite(product, elif);
      await product.hears(ayse, 'ile çalışmak istiyor');
      await product.press(ayse, 'approve-invitation');
      await product.hears(elif, `approved ${code}`);
      // Nobody looks by himself within the hour.
      await until('news to be registered', () => product.output.split('News of a partner comes here.').length > live.sandbox.partners.length);
      await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);

      await product.hears(elif, 'Done: Microsoft confirmed the relationship with Contoso');
      await product.hears(ayse, '3 aboneliğinizin 3 tanesi aynı');
      assert(!JSON.stringify(product.messages(ayse)).includes('sandbox'), 'no card speaks of a trial');
    });

    it('had its calls written down, like those of every other process of the run', function () {
      const folder = process.env['RECORD_CALLS_IN'];
      if (!folder) return leaveOut(this, 'calls are recorded by the reporter of .mocharc.json only.');
      const calls = readFileSync(join(folder, String(live.product.pid)), 'utf8');
      assert.match(calls, new RegExp(`^GET ${live.sandbox.partnerCenterUrl}/v1/customers/relationshiprequests$`, 'm'));
    });

    it('tells a partner without a sign-in that it must wait, and no other partner', async () => {
      const { product, story: { deniz, elif } } = live;
      await installAll(product, deniz);
      await product.say(deniz, 'adatum.com firmasını davet et çünkü yedekleme');
      await product.hears(deniz, 'şirketiniz adına yeniden oturum açılmasını istiyor');

      await product.say(elif, 'invite adatum.com because backup');
      await until('the preview', () => product.button(elif, 'send-invitation'));
    });

    it('records nothing from somebody whose role cannot be read, until their own sign-in shows it', async () => {
      const { product, story: { elif, lale, litware, fabrikam } } = live;
      await installAll(product, lale);
      await product.say(elif, 'invite litware.com because backup');
      await product.hears(elif, 'unsent invitation to Adatum');
      await product.say(elif, 'yes');
      await product.hears(elif, 'Litware');
      await product.press(elif, 'send-invitation', { reason: 'backup', notCsp: 'true' });
      const card = await product.hears(lale, 'I cannot tell whether you are a Global admin');
      assert.equal(product.button(lale, 'approve-invitation'), undefined);
      assert.match(JSON.stringify(card), /\/consent\?tenant=/);
      const [link = ''] = /http[^)"\\]+\/sign-in\?[^)"\\]+/.exec(JSON.stringify(card)) ?? [];

      const browser = new Browser(product.url);
      const page = await (await browser.get(link)).text();
      assert.match(page, /Global/);
      await browser.get(await asPerson(live, await browser.post(formIn(page), fieldsIn(page)), lale));

      await product.press(lale, 'look-again');
      await until('the buttons', () => product.button(lale, 'approve-invitation'));
      await product.press(lale, 'approve-invitation');
      await product.hears(elif, 'approved PR-');
      await product.acceptAtMicrosoft(fabrikam.id, litware.id, lale);
      await product.hears(elif, 'Done: Microsoft confirmed the relationship with Litware');
    });

    it('asks one partner for a new sign-in when Microsoft wants a second factor, and goes on for the other', async () => {
      const { product, story: { elif, northwind, deniz }, control } = live;
      await signIn(live, northwind.id);
      await control('login', { tenant: northwind.id, fail: 50076 });
      await product.say(deniz, 'müşterilerim');
      await product.say(deniz, 'tenadmins.com firmasını davet et çünkü yedekleme');
      await until('the wish to be kept', () => product.messages(deniz).filter((message) => JSON.stringify(message).includes('yeniden oturum açılmasını istiyor')).length > 1);

      await product.say(elif, 'my customers');
      await product.hears(elif, /My customers/);
      await control('login', { tenant: northwind.id, fail: null });
      await signIn(live, northwind.id);
      await product.say(deniz, 'tenadmins.com firmasını davet et çünkü yedekleme');
      await until('the preview', () => product.button(deniz, 'send-invitation'));
    });

    it('is found whole by npm run check, and says what is missing when something is', async () => {
      const { product, story: { fabrikam, relecloud }, control } = live;
      const missing = await product.alongside('src/check-up/run.ts');
      assert.equal(missing.code, 1);
      assert.match(missing.said, new RegExp(`Partner ${relecloud.id}:\\n  ✗ Nobody has signed in for this partner\\n      → Open the page for partners`));
      const own = missing.said.split(`Partner ${fabrikam.id}:`)[1]?.split(/^Partner /m)[0] ?? '';
      assert.doesNotMatch(own, /✗/);
      assert.match(own, /✓ Partner Center answers for the signed-in user: Fabrikam, market TR, agreement signed/);
      assert.match(own, /✓ News from Partner Center: registered/);

      await signIn(live, relecloud.id);
      const whole = await product.alongside('src/check-up/run.ts');
      assert.equal(whole.code, 0, whole.said);

      await control('consent', { tenant: fabrikam.id, consented: false });
      const { code, said } = await product.alongside('src/check-up/run.ts');
      await control('consent', { tenant: fabrikam.id, consented: true });
      assert.equal(code, 1);
      assert.match(said, /The directory app has no consent in this tenant\n {6}→ A Global admin/);
    });
  });
}

/** As much of a browser as these pages need: it keeps cookies and follows nothing by itself. */
class Browser {
  private readonly cookies = new Map<string, string>();
  constructor(private readonly home: string) {}

  get = (address: string): Promise<Response> => this.ask(address, {});
  post = (address: string, fields: Readonly<Record<string, string>>): Promise<Response> => this.ask(address, { method: 'POST', body: new URLSearchParams(fields) });

  private async ask(address: string, request: RequestInit): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(new URL(address, this.home), { ...request, redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.cookies.set(name, value);
    }
    return answer;
  }
}

const csrfIn = (page: string): string => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
const formIn = (page: string): string => (/<form[^>]* action="([^"]+)"/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&');
const fieldsIn = (page: string): Record<string, string> => Object.fromEntries([...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));

/** What somebody does on Microsoft's page; gives the address to which Microsoft sends the browser back. */
const asPerson = async ({ control }: LiveDeployment, sent: Response, person: Person, mfa = true): Promise<string> => {
  const { redirect } = await control('sign-in', { authorizeUrl: sent.headers.get('location'), person: person.id, mfa }) as { redirect: string };
  return redirect;
};

/** What the page for partners does when an Admin agent has signed in with a second factor. */
const signIn = async ({ product, control, sealKey }: LiveDeployment, tenant: string): Promise<void> => {
  const { refreshToken } = await control('refresh-tokens', { tenant }) as { refreshToken: string };
  product.secrets = { ...product.secrets, [`the refresh token for ${tenant}`]: refreshToken };
  const { signIns, close } = await openLedger({ url: product.databaseUrl, machineNow: () => new Date(), sealKeys: [Buffer.from(sealKey, 'base64')] });
  await signIns.keep(asTenantId(tenant), refreshToken);
  await close();
};
