import assert from 'node:assert/strict';
import { AuthorityUnavailableError, notConsented } from '../../src/commands/ports.js';
import { AYSE, CONTOSO, FABRIKAM, MachineClock, NORTHWIND } from '../local/partner-center/a-sandbox.js';
import { anAccount, ScriptedMicrosoft } from './a-client.js';

describe('a token', () => {
  const microsoft = new ScriptedMicrosoft();
  before(() => microsoft.open());
  after(() => microsoft.close());
  beforeEach(() => { microsoft.script = ({ method }) => (method === 'POST' ? undefined : { status: 404 }); });

  const forms = (): Record<string, string>[] =>
    microsoft.heard.filter(({ method }) => method === 'POST').map(({ url, body }) => ({ url, ...Object.fromEntries(new URLSearchParams(body)) }));

  it('is asked for once by everybody who comes at the same time, and then kept', async () => {
    const { authority } = microsoft.client();
    await Promise.all(Array.from({ length: 20 }, () => authority.observe(FABRIKAM, CONTOSO)));
    await authority.observe(FABRIKAM, CONTOSO);

    assert.deepEqual(forms(), [{ url: `/login/${FABRIKAM}/oauth2/token`, client_id: 'partner-app', client_secret: 'partner-secret', resource: `${microsoft.url}/pc`, grant_type: 'client_credentials' }]);
  });

  it('is another one for Graph, and for every tenant', async () => {
    const { authority, directory } = microsoft.client();
    await authority.observe(FABRIKAM, CONTOSO);
    await directory.person(FABRIKAM, AYSE).catch(() => undefined);
    await directory.person(CONTOSO, AYSE).catch(() => undefined);

    assert.deepEqual(forms().map(({ url, client_id: app, resource }) => [url, app, resource]), [
      [`/login/${FABRIKAM}/oauth2/token`, 'partner-app', `${microsoft.url}/pc`],
      [`/login/${FABRIKAM}/oauth2/token`, 'directory-app', `${microsoft.url}/graph`],
      [`/login/${CONTOSO}/oauth2/token`, 'directory-app', `${microsoft.url}/graph`],
    ]);
  });

  it('and every call of a partner in another cloud go to that cloud, and its tokens are for its services', async () => {
    const places = { partnerCenterUrl: `${microsoft.url}/gov/pc`, graphUrl: `${microsoft.url}/gov/graph`, loginUrl: `${microsoft.url}/gov/login` };
    const { authority } = microsoft.client({ accounts: [anAccount({ cloud: 'usGov' }), anAccount({ tenant: NORTHWIND })], otherClouds: { usGov: places } });
    await authority.observe(FABRIKAM, CONTOSO);
    await authority.observe(NORTHWIND, CONTOSO);

    assert.deepEqual(forms().map(({ url, resource }) => [url, resource]), [
      [`/gov/login/${FABRIKAM}/oauth2/token`, `${microsoft.url}/gov/pc`],
      [`/login/${NORTHWIND}/oauth2/token`, `${microsoft.url}/pc`],
    ]);
    assert.deepEqual(microsoft.asked.filter(({ method }) => method === 'GET').map(({ url }) => url), [`/gov/pc/v1/customers/${CONTOSO}`, `/pc/v1/customers/${CONTOSO}`]);
  });

  it('is renewed two minutes before its end', async () => {
    const machine = new MachineClock();
    const { authority } = microsoft.client({ machineNow: machine.now });
    await authority.observe(FABRIKAM, CONTOSO);
    machine.passes(3599 - 121);
    await authority.observe(FABRIKAM, CONTOSO);
    assert.equal(forms().length, 1);

    machine.passes(1);
    await authority.observe(FABRIKAM, CONTOSO);
    assert.equal(forms().length, 2);
  });

  it('of an account with a user comes from the newest refresh token', async () => {
    const machine = new MachineClock();
    let given = 0;
    microsoft.script = ({ method }) => (method === 'POST' ? { body: { access_token: 'a', expires_in: '3599', refresh_token: `refresh-${(given += 1)}` } } : { status: 404 });
    const { authority } = microsoft.client({ machineNow: machine.now, accounts: [anAccount({ refreshToken: 'refresh-0' })] });
    await authority.observe(FABRIKAM, CONTOSO);
    machine.passes(3600);
    await authority.observe(FABRIKAM, CONTOSO);

    assert.deepEqual(forms().map(({ grant_type: grant, refresh_token: refresh, scope }) => [grant, refresh, scope]), [['refresh_token', 'refresh-0', 'openid'], ['refresh_token', 'refresh-1', 'openid']]);
  });

  for (const [whose, account] of [['an app', anAccount()], ['a user', anAccount({ refreshToken: 'refresh-0' })]] as const) {
    it(`of ${whose} is asked for again when the line breaks or the service is broken for a moment`, async () => {
      const moments = [{ cut: true as const }, { status: 503, body: {} }];
      microsoft.script = ({ method }) => (method === 'POST' ? moments.shift() : { status: 404 });

      assert.equal(await microsoft.client({ accounts: [account] }).authority.observe(FABRIKAM, CONTOSO), 'no');
      assert.equal(forms().length, 3);
    });

    it(`of ${whose} is asked for three times at most, and once when the answer is no`, async () => {
      for (const [line, times] of [[{ cut: true as const }, 3], [{ status: 503, body: '<html>' }, 3], [{ status: 400, body: { error: 'invalid_client' } }, 1]] as const) {
        microsoft.script = ({ method }) => (method === 'POST' ? line : { status: 404 });
        await assert.rejects(microsoft.client({ accounts: [account] }).authority.observe(FABRIKAM, CONTOSO), AuthorityUnavailableError);
        assert.equal(forms().length, times);
      }
    });
  }

  it('that is refused is renewed once', async () => {
    microsoft.script = ({ method, headers }) => (method === 'POST' ? undefined : headers.authorization === 'Bearer token-1' ? { status: 401, headers: { 'www-authenticate': 'Bearer' } } : { status: 404 });

    assert.equal(await microsoft.client().authority.observe(FABRIKAM, CONTOSO), 'no');
    assert.equal(forms().length, 2);
  });

  it('that is refused again is an outage, not a no', async () => {
    microsoft.script = ({ method }) => (method === 'POST' ? undefined : { status: 401, body: { code: 800001 } });

    await assert.rejects(microsoft.client().authority.observe(FABRIKAM, CONTOSO), AuthorityUnavailableError);
    assert.deepEqual([forms().length, microsoft.asked.length], [2, 2]);
  });

  for (const [code, error, status] of [[65001, 'invalid_grant', 400], [700016, 'unauthorized_client', 400], [7000229, 'invalid_client', 401]] as const) {
    it(`is not given without consent (AADSTS${code})`, async () => {
      microsoft.script = () => ({ status, body: { error, error_description: `AADSTS${code}: …`, error_codes: [code] } });
      const { directory } = microsoft.client();

      assert.deepEqual([await directory.person(CONTOSO, AYSE), await directory.deciders(CONTOSO), await directory.holdings(CONTOSO), await directory.countryOf(CONTOSO)], [notConsented, notConsented, notConsented, 'unknown']);
    });
  }

  for (const [what, line] of [
    ['a wrong secret', { status: 401, body: { error: 'invalid_client', error_codes: [7000215] } }],
    ['an answer without a token', { status: 200, body: { token_type: 'Bearer' } }],
  ] as const) {
    it(`that is missing for ${what} is an outage, asked for once`, async () => {
      microsoft.script = () => line;
      const { directory } = microsoft.client();

      await assert.rejects(directory.person(CONTOSO, AYSE), AuthorityUnavailableError);
      assert(microsoft.heard.length <= 2);
      assert.equal(microsoft.asked.length, 0);
    });
  }

  it('and its secrets are in no error', async () => {
    microsoft.script = ({ method }) => (method === 'POST' ? undefined : { status: 403, body: { code: 2032, description: 'secret words' } });
    const error = await microsoft.client().authority.observe(FABRIKAM, CONTOSO).catch((thrown: unknown) => thrown);

    assert(error instanceof AuthorityUnavailableError);
    assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`, /token-1|partner-secret|secret words/);
  });
});
