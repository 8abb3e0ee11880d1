import assert from 'node:assert/strict';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { directoryApp, partnerApp } from '../../../src/local/partner-center/credentials.js';
import { signInWords } from '../../../src/local/partner-center/sign-in-words.js';
import * as at from './a-sandbox.js';
import { appAt, CALLBACK, gist } from './a-sign-in.js';

const GLOBAL_ADMIN = '62e90394-69f5-4237-9190-012177145e10';
const BILLING_ADMIN = 'b0f54661-2d74-4c50-afa3-1ec803f12efe';

describe('signing in', () => {
  let sandbox: at.OpenSandbox;
  let app: ReturnType<typeof appAt>;
  beforeEach(async () => {
    sandbox = await at.openSandbox();
    app = appAt(sandbox);
  });
  afterEach(() => sandbox.close());

  const open = async (address: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(address, { headers, redirect: 'manual' });
    return { status: answer.status, headers: answer.headers, location: answer.headers.get('location') ?? '', html: await answer.text() };
  };
  const press = async (address: string, fields: Record<string, string>) => {
    const url = new URL(address);
    const body = new URLSearchParams({ request: url.searchParams.toString(), lang: 'en', ...fields });
    const answer = await fetch(`${url.origin}${url.pathname}`, { method: 'POST', body, redirect: 'manual' });
    return { status: answer.status, location: answer.headers.get('location') ?? '', html: await answer.text() };
  };
  const claimsOf = async (tenant: string, token = '') => {
    const keys = (await (await fetch(`${sandbox.loginUrl}/${tenant}/discovery/v2.0/keys`)).json()) as JSONWebKeySet;
    return (await jwtVerify(token, createLocalJWKSet(keys), { currentDate: sandbox.machine.now(), algorithms: ['RS256'], issuer: `${sandbox.loginUrl}/${tenant}/v2.0` })).payload;
  };

  describe('on the page', () => {
    it('says that it is a sandbox, which app asks, and what for', async () => {
      const { status, html } = await open(app.authorizeUrl());

      assert.equal(status, 200);
      for (const sentence of [signInWords.en.sandbox, 'Partner Invitations for partners asks you to sign in.', 'Work in Partner Center as you', 'Stay signed in for you while you are away']) assert(html.includes(sentence), sentence);
      assert.match(html, /name="mfa" value="yes" checked/);
    });

    it('offers the people of one tenant, or of all in which the app is', async () => {
      const fabrikam = (await open(app.authorizeUrl({ tenant: 'fabrikam.com' }))).html;
      assert(fabrikam.includes('Elif Kaya – Sales agent') && !fabrikam.includes('Deniz Yıldız'));

      const partners = (await open(app.authorizeUrl())).html;
      assert(partners.includes('Elif Kaya') && partners.includes('Deniz Yıldız') && !partners.includes('Ayşe Yılmaz'));

      const everybody = (await open(app.authorizeUrl({ app: directoryApp, scope: 'openid' }))).html;
      assert(everybody.includes('Elif Kaya') && everybody.includes('Gina Guest – Global admin, guest') && everybody.includes('Contoso &amp; &lt;Sons&gt; (contoso.com)'));
    });

    it('has the person chosen whom the app hints at', async () => {
      const { html } = await open(app.authorizeUrl({ more: { login_hint: 'Elif@fabrikam.com' } }));

      assert(html.includes(`<option value="${at.ELIF}" selected>`));
    });

    it('tells people of the same name apart, and says so where nobody is', async () => {
      assert((await open(app.authorizeUrl())).html.includes('>Elif Kaya – Sales agent · Fabrikam</option>'));

      const nobody = (await open(app.authorizeUrl({ tenant: at.RESELLER }))).html;
      assert(nobody.includes(signInWords.en.nobody) && !nobody.includes('<select') && nobody.includes('value="cancel"'));
    });

    it('speaks Turkish when the app or the browser prefers it', async () => {
      for (const { html } of [await open(app.authorizeUrl({ more: { ui_locales: 'tr-TR en' } }), { 'accept-language': 'en' }), await open(app.authorizeUrl(), { 'accept-language': 'tr' })]) {
        assert(html.includes('<html lang="tr">') && html.includes(signInWords.tr.signIn));
      }
    });

    it('runs no script, and leads nowhere but back to an app of this machine', async () => {
      const policy = (await open(app.authorizeUrl({ more: { redirect_uri: 'http://127.0.0.2:7/x' } }))).headers.get('content-security-policy') ?? '';

      assert.match(policy, /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self' http:\/\/localhost:\* .* http:\/\/127\.0\.0\.2:7; base-uri 'none'/);
    });

    it('sends the browser back with a code and the state', async () => {
      const { status, location } = await press(app.authorizeUrl({ more: { redirect_uri: `${CALLBACK}?from=card` } }), { person: at.MURAT, mfa: 'yes' });

      const { origin, pathname, searchParams } = new URL(location);
      assert.deepEqual([status, origin + pathname, searchParams.get('from'), searchParams.get('state')], [302, CALLBACK, 'card', 'kept']);
      assert(searchParams.get('code') && searchParams.get('session_state'));
    });

    it('sends it back without one after Cancel', async () => {
      const { searchParams } = new URL((await press(app.authorizeUrl(), { person: at.MURAT, go: 'cancel' })).location);

      assert.deepEqual([searchParams.get('error'), searchParams.get('state'), searchParams.has('code')], ['access_denied', 'kept', false]);
      assert.match(searchParams.get('error_description') ?? '', /^AADSTS65004: /);
    });

    it('lets nobody in whose account is blocked', async () => {
      await sandbox.control('PATCH', `people/${at.MURAT}`, { enabled: false });

      assert((await open(app.authorizeUrl({ tenant: at.FABRIKAM }))).html.includes('Murat Demir – Admin agent, blocked'));
      const { status, html } = await press(app.authorizeUrl(), { person: at.MURAT, mfa: 'yes' });
      assert.equal(status, 403);
      assert(html.includes('AADSTS50057: '));
    });

    it('keeps the tenant: nobody else of this world can be made to sign in', async () => {
      const { status, html } = await press(app.authorizeUrl({ tenant: at.FABRIKAM }), { person: at.DENIZ });

      assert.equal(status, 403);
      assert.match(html, /AADSTS50020.*href="\/login\/f/s);
    });

    for (const [what, more, tenant, code] of [
      ['an unknown app', { client_id: at.NOBODY }, 'organizations', 700016],
      ['no app', { client_id: '' }, 'organizations', 900144],
      ['no address to go back to', { redirect_uri: '' }, 'organizations', 500113],
      ['an address that is not on this machine', { redirect_uri: 'https://example.com/callback' }, 'organizations', 50011],
      ['an address that only looks like it', { redirect_uri: 'http://localhost.example.com/' }, 'organizations', 50011],
      ['an address that is a script', { redirect_uri: 'javascript:alert(1)//localhost' }, 'organizations', 50011],
      ['an unknown tenant', {}, at.NOBODY, 90002],
      ['the app of partners in the tenant of a customer', {}, at.CONTOSO, 700016],
    ] as const) {
      it(`tells the person, not the app, about ${what}`, async () => {
        const { status, location, html } = await open(app.authorizeUrl({ tenant, more }));

        assert.deepEqual([status, location], [400, '']);
        assert(html.includes(`AADSTS${code}: `) && html.includes(signInWords.en.trouble.correlationId));
      });
    }

    for (const [what, more, error, code] of [
      ['another response type', { response_type: 'id_token' }, 'unsupported_response_type', 700054],
      ['no scope', { scope: '' }, 'invalid_request', 900144],
      ['a resource that is not here', { scope: 'https://example.com/.default' }, 'invalid_resource', 500011],
      ['a challenge in plain text', { code_challenge_method: 'plain' }, 'invalid_request', 501491],
      ['form_post', { response_mode: 'form_post' }, 'invalid_request', 70007],
      ['nobody at the screen', { prompt: 'none' }, 'login_required', 50058],
    ] as const) {
      it(`tells the app about ${what}`, async () => {
        const { searchParams } = new URL((await open(app.authorizeUrl({ more }))).location);

        assert.deepEqual([searchParams.get('error'), searchParams.get('state')], [error, 'kept']);
        assert.match(searchParams.get('error_description') ?? '', new RegExp(`^AADSTS${code}: `));
      });
    }
  });

  describe('without a browser', () => {
    it('goes back to the app in the same way', async () => {
      const { status, body } = await sandbox.control('POST', 'sign-in', { authorizeUrl: app.authorizeUrl(), person: at.MURAT });

      assert.equal(status, 200);
      assert.equal(new URL(body['redirect']).searchParams.get('state'), 'kept');
    });

    it('says what is wrong', async () => {
      for (const [wish, status, sentence] of [
        [{ authorizeUrl: sandbox.url, person: at.MURAT }, 400, /not the address of the sign-in page/],
        [{ authorizeUrl: app.authorizeUrl(), person: at.AYSE }, 400, /^AADSTS50020: /],
        [{ authorizeUrl: app.authorizeUrl({ more: { client_id: at.NOBODY } }), person: at.MURAT }, 400, /^AADSTS700016: /],
        [{ person: at.MURAT }, 400, /authorizeUrl/],
      ] as const) {
        const answer = await sandbox.control('POST', 'sign-in', wish);
        assert.equal(answer.status, status);
        assert.match(answer.body['error'], sentence);
      }
    });

    it('answers this machine only', async () => {
      assert.equal((await sandbox.control('POST', 'sign-in', {}, { origin: 'https://example.com' })).status, 403);
    });
  });

  describe('a code', () => {
    it('gives tokens of the person who signed in', async () => {
      const { status, body } = await app.redeem('organizations', await app.codeFor(at.MURAT));

      assert.deepEqual([status, body.token_type, body.expires_in, body.scope], [200, 'Bearer', 3599, `${sandbox.partnerCenterUrl}/user_impersonation`]);
      assert.equal(await app.opens(`${sandbox.partnerCenterUrl}/v1/customers/relationshiprequests`, body.access_token), 200);
      assert(body.refresh_token && body.id_token);
    });

    it('is good for version 1, which writes its numbers as text', async () => {
      const { body } = await app.redeem(at.FABRIKAM, await app.codeFor(at.MURAT, { scope: `${sandbox.partnerCenterUrl}/.default` }), { version: 1, more: { resource: sandbox.partnerCenterUrl } });

      assert.deepEqual([body.expires_in, typeof body.expires_on, body.resource, typeof body.refresh_token], ['3599', 'string', sandbox.partnerCenterUrl, 'string']);
    });

    it('is good once', async () => {
      const code = await app.codeFor(at.MURAT);
      await app.redeem(at.FABRIKAM, code);

      assert.deepEqual(gist(await app.redeem(at.FABRIKAM, code)), [400, 'invalid_grant', 54005]);
    });

    it('is good for ten minutes', async () => {
      const code = await app.codeFor(at.MURAT);
      sandbox.machine.passes(600);

      assert.deepEqual(gist(await app.redeem(at.FABRIKAM, code)), [400, 'invalid_grant', 70008]);
    });

    for (const [what, tenant, more, status, error, number] of [
      ['a wrong verifier', at.FABRIKAM, { code_verifier: 'guess' }, 400, 'invalid_grant', 50148],
      ['another way back', at.FABRIKAM, { redirect_uri: `${CALLBACK}/` }, 401, 'invalid_client', 500112],
      ['another tenant', at.NORTHWIND, {}, 400, 'invalid_grant', 700005],
      ['another app', at.FABRIKAM, { client_id: directoryApp.clientId, client_secret: directoryApp.clientSecret }, 400, 'invalid_grant', 70000],
      ['an app that proves nothing', at.FABRIKAM, { client_secret: 'guess' }, 401, 'invalid_client', 7000215],
      ['a guess', at.FABRIKAM, { code: 'guess' }, 400, 'invalid_grant', 70000],
      ['a guess in no tenant', 'organizations', { code: 'guess' }, 400, 'invalid_grant', 70000],
    ] as const) {
      it(`is not taken from ${what}, and then still good`, async () => {
        const code = await app.codeFor(at.MURAT);

        assert.deepEqual(gist(await app.redeem(tenant, code, { more })), [status, error, number]);
        assert.equal((await app.redeem(at.FABRIKAM, code)).status, 200);
      });
    }

    it('is not taken without its verifier', async () => {
      const code = await app.codeFor(at.MURAT);
      const bare = { ...app.secretOf(partnerApp), grant_type: 'authorization_code', code, redirect_uri: CALLBACK };

      assert.deepEqual(gist(await app.token(at.FABRIKAM, bare)), [400, 'invalid_grant', 50148]);
    });

    it('gives no refresh token and no id token that nobody asked for', async () => {
      const { refresh_token: refreshToken, id_token: idToken } = await app.signedIn(at.FABRIKAM, at.MURAT, { scope: `${sandbox.partnerCenterUrl}/user_impersonation` });

      assert.deepEqual([refreshToken, idToken], [undefined, undefined]);
    });

    it('without a second factor opens nothing in Partner Center', async () => {
      const { access_token: token } = await app.signedIn(at.FABRIKAM, at.MURAT, { mfa: false });

      assert.equal(await app.opens(`${sandbox.partnerCenterUrl}/v1/customers`, token), 401);
    });

    it('for a name alone opens no directory', async () => {
      const { access_token: token } = await app.signedIn(at.CONTOSO, at.CAN, { app: directoryApp, scope: 'openid profile User.Read' });

      assert.equal(await app.opens(`${sandbox.graphUrl}/v1.0/organization`, token), 401);
    });

    it('for the directory is given where an administrator agreed, and nowhere else', async () => {
      const scope = `${sandbox.graphUrl}/.default openid`;
      const { access_token: token } = await app.signedIn(at.CONTOSO, at.CAN, { app: directoryApp, scope });
      assert.equal(await app.opens(`${sandbox.graphUrl}/v1.0/organization`, token), 200);

      const { status, body } = await sandbox.control('POST', 'sign-in', { authorizeUrl: app.authorizeUrl({ tenant: at.LITWARE, app: directoryApp, scope }), person: at.LALE });
      assert.equal(status, 400);
      assert.match(body['error'], /^AADSTS90094: /);
    });
  });

  describe('an id token', () => {
    it('says who signed in, to that app and for that question', async () => {
      const { id_token: token } = await app.signedIn(at.FABRIKAM, at.ELIF);
      const claims = await claimsOf(at.FABRIKAM, token);

      const { aud, tid, oid, nonce, name, preferred_username: account, ver, acct, sub, wids, idp } = claims;
      assert.deepEqual({ aud, tid, oid, nonce, name, account, ver, acct, wids, idp }, {
        aud: partnerApp.clientId, tid: at.FABRIKAM, oid: at.ELIF, nonce: 'once', name: 'Elif Kaya', account: 'elif@fabrikam.com', ver: '2.0', acct: 0, wids: undefined, idp: undefined,
      });
      assert(sub && sub !== at.ELIF && claims.exp === (claims.iat ?? 0) + 3600);
    });

    it('names the active directory roles to the app that asks for them, where nobody has consented too', async () => {
      const rolesOf = async (tenant: string, person: string) => (await claimsOf(tenant, (await app.signedIn(tenant, person, { app: directoryApp, scope: 'openid profile' })).id_token))['wids'];

      assert.deepEqual(await rolesOf(at.CONTOSO, at.AYSE), [GLOBAL_ADMIN]);
      assert.deepEqual(await rolesOf(at.CONTOSO, at.BILL), [BILLING_ADMIN]);
      assert.deepEqual(await rolesOf(at.CONTOSO, at.CAN), []);
      assert.deepEqual(await rolesOf(at.LITWARE, at.LALE), [GLOBAL_ADMIN]);
    });

    it('names roles that are switched on or come from a group, and none that only could be switched on', async () => {
      await sandbox.control('PATCH', `people/${at.CAN}`, { eligible: ['globalAdmin'] });
      const roles = async () => (await claimsOf(at.CONTOSO, (await app.signedIn(at.CONTOSO, at.CAN, { app: directoryApp, scope: 'openid' })).id_token))['wids'];
      assert.deepEqual(await roles(), []);

      await sandbox.control('PATCH', `people/${at.CAN}`, { activated: ['globalAdmin'], viaGroup: ['billingAdmin', 'globalAdmin'] });
      assert.deepEqual(await roles(), [GLOBAL_ADMIN, BILLING_ADMIN]);
    });

    it('says that a guest is one, and from where', async () => {
      const { acct, idp } = await claimsOf(at.CONTOSO, (await app.signedIn(at.CONTOSO, at.GUEST, { app: directoryApp, scope: 'openid' })).id_token);

      assert.deepEqual([acct, idp], [1, 'mail']);
    });
  });

  it('is announced where clients look for it', async () => {
    const configuration = async (tenant: string) => (await (await fetch(`${sandbox.loginUrl}/${tenant}/v2.0/.well-known/openid-configuration`)).json()) as Record<string, string>;
    const base = `${sandbox.loginUrl}/${at.CONTOSO}`;

    const { issuer, jwks_uri: keys, authorization_endpoint: authorize, token_endpoint: token } = await configuration('contoso.com');
    assert.deepEqual([issuer, keys, authorize, token], [`${base}/v2.0`, `${base}/discovery/v2.0/keys`, `${base}/oauth2/v2.0/authorize`, `${base}/oauth2/v2.0/token`]);
    assert.equal((await configuration('organizations'))['issuer'], `${sandbox.loginUrl}/{tenantid}/v2.0`);
    assert.equal((await fetch(`${sandbox.loginUrl}/${at.NOBODY}/discovery/v2.0/keys`)).status, 400);
  });
});
