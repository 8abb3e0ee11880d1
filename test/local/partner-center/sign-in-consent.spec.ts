import assert from 'node:assert/strict';
import { directoryApp, partnerApp } from '../../../src/local/partner-center/credentials.js';
import { signInWords } from '../../../src/local/partner-center/sign-in-words.js';
import * as at from './a-sandbox.js';
import { appAt, CALLBACK } from './a-sign-in.js';

describe('the page on which an administrator consents to an app', () => {
  let sandbox: at.OpenSandbox;
  beforeEach(async () => { sandbox = await at.openSandbox(); });
  afterEach(() => sandbox.close());

  const query = (more: Record<string, string> = {}): URLSearchParams =>
    new URLSearchParams({ client_id: directoryApp.clientId, scope: `${sandbox.graphUrl}/.default`, redirect_uri: CALLBACK, state: 'kept', ...more });
  const open = async (tenant: string, more: Record<string, string> = {}) => {
    const answer = await fetch(`${sandbox.loginUrl}/${tenant}/v2.0/adminconsent?${query(more).toString()}`, { redirect: 'manual' });
    return { status: answer.status, html: await answer.text() };
  };
  const press = async (tenant: string, fields: Record<string, string>) => {
    const answer = await fetch(`${sandbox.loginUrl}/${tenant}/v2.0/adminconsent`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ request: query().toString(), lang: 'en', ...fields }) });
    const location = answer.headers.get('location');
    return { status: answer.status, html: await answer.text(), said: location === null ? {} : Object.fromEntries(new URL(location).searchParams) };
  };
  const isConsented = async (tenant: string): Promise<boolean> => {
    const app = appAt(sandbox);
    const { status } = await app.token(tenant, { ...app.secretOf(directoryApp), grant_type: 'client_credentials', resource: sandbox.graphUrl }, 1);
    return status === 200;
  };

  it('names the app and what it would be allowed to', async () => {
    const { status, html } = await open('organizations');

    assert.equal(status, 200);
    for (const sentence of [signInWords.en.consent.asks('Partner Invitations'), signInWords.en.permissions['user.read.all'] ?? '', ...signInWords.en.consent.points]) assert(html.includes(sentence), sentence);
    assert(html.includes('Lale Uçar') && html.includes('Ayşe Yılmaz'));
    const litware = (await open(at.LITWARE)).html;
    assert(litware.includes(`<option value="${at.LALE}" selected>`) && !litware.includes('Ayşe Yılmaz'));
  });

  it('shows a permission it has no words for by its name', async () => {
    assert((await open('common', { scope: `${sandbox.graphUrl}/Odd.<Thing>` })).html.includes('<li>Odd.&lt;Thing&gt;</li>'));
  });

  it('lets the app read once a Global admin has accepted', async () => {
    assert.equal(await isConsented(at.LITWARE), false);
    const { status, said } = await press('organizations', { person: at.LALE });

    assert.equal(status, 302);
    assert.deepEqual([said['admin_consent'], said['tenant'], said['state']], ['True', at.LITWARE, 'kept']);
    assert(said['scope']?.startsWith(`${sandbox.graphUrl}/User.Read.All `));
    assert.equal(await isConsented(at.LITWARE), true);
  });

  it('is refused to anybody else, in words', async () => {
    await sandbox.control('POST', 'consent', { tenant: at.CONTOSO, consented: false });
    for (const person of [at.CAN, at.BILL, at.GUEST]) {
      const { status, html } = await press('organizations', { person });
      assert.equal(status, 403);
      assert(html.includes(signInWords.en.consent.notAnAdmin));
    }
    assert.equal((await press(at.CONTOSO, { person: at.LALE })).status, 404);
    assert.equal(await isConsented(at.CONTOSO), false);
  });

  it('is taken from somebody who has switched the role on', async () => {
    await sandbox.control('PATCH', `people/${at.CAN}`, { activated: ['globalAdmin'] });

    assert.equal((await press(at.CONTOSO, { person: at.CAN })).said['admin_consent'], 'True');
  });

  it('changes nothing after Cancel', async () => {
    const { said } = await press('organizations', { person: at.LALE, go: 'cancel' });

    assert.deepEqual([said['error'], said['state'], said['admin_consent']], ['access_denied', 'kept', 'True']);
    assert.equal(await isConsented(at.LITWARE), false);
  });

  it('tells the person about an app or an address it does not know', async () => {
    for (const [tenant, more, code] of [['common', { client_id: at.NOBODY }, 700016], ['common', { redirect_uri: 'https://example.com' }, 50011], [at.NOBODY, {}, 90002], [at.CONTOSO, { client_id: partnerApp.clientId }, 700016]] as const) {
      const { status, html } = await open(tenant, more);
      assert.equal(status, 400);
      assert(html.includes(`AADSTS${code}: `));
    }
  });

  it('can be left out: a test says who consented', async () => {
    const { status, body } = await sandbox.control('POST', 'consent', { tenant: 'litware.com', consented: true });

    assert.deepEqual([status, body], [200, { tenant: at.LITWARE, consented: true }]);
    assert.equal(await isConsented(at.LITWARE), true);
    assert.equal((await sandbox.control('POST', 'consent', { tenant: at.NOBODY, consented: true })).status, 404);
  });
});
