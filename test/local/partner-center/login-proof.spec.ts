import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { directoryApp, partnerApp } from '../../../src/local/partner-center/credentials.js';
import * as at from './a-sandbox.js';
import { aCertificate } from './a-certificate.js';
import { appAt, gist } from './a-sign-in.js';

const bearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const [own, foreign, expired] = [aCertificate(), aCertificate(), aCertificate(new Date('2026-11-23T00:00:00Z'))];

describe('an app that proves itself', () => {
  let sandbox: at.OpenSandbox;
  let app: ReturnType<typeof appAt>;
  beforeEach(async () => {
    sandbox = await at.openSandbox();
    app = appAt(sandbox);
  });
  afterEach(() => sandbox.close());

  const endpoint = (): string => `${sandbox.loginUrl}/${at.FABRIKAM}/oauth2/token`;
  type Wish = { certificate?: typeof own; key?: KeyObject; alg?: string; header?: Record<string, string>; claims?: Record<string, string | undefined>; minutes?: number };
  const assertion = ({ certificate = own, key = certificate.privateKey, alg = 'PS256', header, claims = {}, minutes = 5 }: Wish = {}): Promise<string> => {
    const now = sandbox.machine.now().getTime() / 1000;
    const { iss = partnerApp.clientId, sub = partnerApp.clientId, aud = endpoint(), ...rest } = claims;
    const thumbprint = createHash('sha256').update(new X509Certificate(certificate.pem).raw).digest('base64url');
    return new SignJWT({ jti: 'once', ...rest }).setProtectedHeader({ alg, ...(header ?? { 'x5t#S256': thumbprint }) })
      .setIssuer(iss).setSubject(sub).setAudience(aud).setExpirationTime(Math.floor(now + minutes * 60)).sign(key);
  };
  const ask = (proof: string, more: Record<string, string> = {}) => app.token(at.FABRIKAM, {
    client_id: partnerApp.clientId, grant_type: 'client_credentials', resource: sandbox.partnerCenterUrl, client_assertion_type: bearer, client_assertion: proof, ...more,
  }, 1);
  const register = (certificate: string, clientId: string = partnerApp.clientId) => sandbox.control('POST', `apps/${clientId}/certificates`, { certificate });

  describe('by its certificate', () => {
    beforeEach(() => register(own.pem));

    it('gets a token, by either signature, either thumbprint, and for either version of the endpoint', async () => {
      const sha1 = createHash('sha1').update(new X509Certificate(own.pem).raw).digest('base64url');
      for (const wish of [{}, { alg: 'RS256' }, { header: { x5t: sha1 } }, { claims: { aud: endpoint().replace('/oauth2/', '/oauth2/v2.0/') } }, { claims: { aud: 'http://localhost:1/login/fabrikam.com/oauth2/token' } }]) {
        assert.equal((await ask(await assertion(wish))).status, 200, JSON.stringify(wish));
      }
      const { status, body } = await ask(await assertion(), { grant_type: 'refresh_token', refresh_token: sandbox.partners[0]?.refreshToken ?? '' });
      assert.equal(status, 200);
      assert.equal(await app.opens(`${sandbox.partnerCenterUrl}/v1/customers/relationshiprequests`, body.access_token), 200);
    });

    for (const [what, wish, code] of [
      ['a certificate nobody registered', { certificate: foreign }, 700027],
      ['a key that is not the certificate\'s', { key: foreign.privateKey }, 700027],
      ['no thumbprint', { header: {} }, 700027],
      ['a proof that is over', { minutes: -6 }, 700024],
      ['the endpoint of another tenant', { claims: { aud: `http://x/login/${at.NORTHWIND}/oauth2/token` } }, 700023],
      ['some other place', { claims: { aud: 'https://example.com' } }, 700023],
      ['another app as its subject', { claims: { sub: directoryApp.clientId } }, 700021],
      ['no id of its own', { claims: { jti: undefined } }, 50027],
    ] as const) {
      it(`gets none with ${what}`, async () => {
        assert.deepEqual(gist(await ask(await assertion(wish))), [401, 'invalid_client', code]);
      });
    }

    it('gets none with what is no proof at all', async () => {
      assert.deepEqual(gist(await ask('a.b.c')), [401, 'invalid_client', 50027]);
      assert.deepEqual(gist(await ask(await assertion(), { client_assertion_type: 'jwt' })), [401, 'invalid_client', 50027]);
    });

    it('gets none once the certificate has expired', async () => {
      await register(expired.pem);

      assert.deepEqual(gist(await ask(await assertion({ certificate: expired }))), [401, 'invalid_client', 700027]);
    });

    it('is not another app', async () => {
      const other = { iss: directoryApp.clientId, sub: directoryApp.clientId };

      assert.deepEqual(gist(await ask(await assertion({ claims: other }), { client_id: directoryApp.clientId })), [401, 'invalid_client', 700027]);
    });

    it('learns the thumbprints when it registers, and what is wrong when it cannot', async () => {
      const { status, body } = await register(foreign.pem);
      assert.deepEqual([status, Object.keys(body), body['validUntil']], [201, ['x5t', 'x5t#S256', 'validUntil'], '2030-01-01T00:00:00.000Z']);

      assert.equal((await register('guess')).status, 400);
      assert.equal((await register(own.pem, at.NOBODY)).status, 404);
    });
  });

  it('by nothing gets nothing', async () => {
    const answer = await app.token(at.FABRIKAM, { client_id: partnerApp.clientId, grant_type: 'client_credentials', resource: sandbox.partnerCenterUrl }, 1);

    assert.deepEqual(gist(answer), [401, 'invalid_client', 7000218]);
  });

  describe('by an identity it trusts', () => {
    const identity = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const from = { iss: 'https://issuer.example', sub: 'the-identity', aud: 'api://AzureADTokenExchange' };
    const shown = (claims: Record<string, string> = {}, key = identity.privateKey) => assertion({ key, alg: 'RS256', header: { kid: '1' }, claims: { ...from, ...claims } });
    beforeEach(() => sandbox.control('POST', `apps/${partnerApp.clientId}/federated`, { issuer: from.iss, subject: from.sub, key: identity.publicKey.export({ format: 'jwk' }) }));

    it('gets a token', async () => {
      assert.equal((await ask(await shown())).status, 200);
    });

    it('gets none from another issuer or subject, for another audience, or with another key', async () => {
      assert.deepEqual(gist(await ask(await shown({ sub: 'somebody' }))), [401, 'invalid_client', 700213]);
      assert.deepEqual(gist(await ask(await shown({ iss: 'https://other.example' }))), [401, 'invalid_client', 700213]);
      assert.deepEqual(gist(await ask(await shown({ aud: endpoint() }))), [401, 'invalid_client', 700212]);
      assert.deepEqual(gist(await ask(await shown({}, foreign.privateKey))), [401, 'invalid_client', 700027]);
    });

    it('says what is wrong with a key', async () => {
      const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      for (const key of [{ kty: 'RSA' }, publicKey.export({ format: 'jwk' })]) {
        assert.equal((await sandbox.control('POST', `apps/${partnerApp.clientId}/federated`, { issuer: 'i', subject: 's', key })).status, 400);
      }
    });
  });

  describe('by the managed identity of this machine', () => {
    const identityToken = async (headers: Record<string, string>, query = 'resource=api://AzureADTokenExchange&client_id=its-own&api-version=2019-08-01') => {
      const answer = await fetch(`${sandbox.url}/sandbox/identity/token?${query}`, { headers });
      return { status: answer.status, body: (await answer.json()) as Record<string, string> };
    };

    it('gets a token as a service and as a virtual machine', async () => {
      for (const header of [['x-identity-header', 'sandbox'], ['metadata', 'true']] as const) {
        const { status, body } = await identityToken(Object.fromEntries([header]));
        assert.deepEqual([status, body['token_type'], body['resource'], body['client_id']], [200, 'Bearer', 'api://AzureADTokenExchange', 'its-own']);
        assert.equal(Number(body['expires_on']), sandbox.machine.now().getTime() / 1000 + 86_400);

        const proof = body['access_token'] ?? '';
        assert.equal((await ask(proof)).status, 200);
        assert.equal((await app.token(at.CONTOSO, { client_id: directoryApp.clientId, grant_type: 'client_credentials', scope: `${sandbox.graphUrl}/.default`, client_assertion_type: bearer, client_assertion: proof })).status, 200);
      }
    });

    it('is not given to a request that a page could send, or that is incomplete', async () => {
      assert.equal((await identityToken({})).status, 400);
      assert.equal((await identityToken({ 'x-identity-header': 'guess' })).status, 401);
      assert.equal((await identityToken({ metadata: 'true' }, 'api-version=2018-02-01')).status, 400);
      assert.equal((await identityToken({ metadata: 'true', origin: 'https://example.com' })).status, 403);
    });
  });

  it('asks version 2 for what an administrator allowed, and nothing else', async () => {
    const alone = { ...app.secretOf(partnerApp), grant_type: 'client_credentials' };

    const { status, body } = await app.token(at.FABRIKAM, { ...alone, scope: `${sandbox.partnerCenterUrl}/.default` });
    assert.deepEqual([status, body.expires_in, body.scope, body.refresh_token], [200, 3599, undefined, undefined]);
    assert.equal(await app.opens(`${sandbox.partnerCenterUrl}/v1/customers/relationshiprequests`, body.access_token), 401);
    assert.deepEqual(gist(await app.token(at.FABRIKAM, { ...alone, scope: `${sandbox.partnerCenterUrl}/user_impersonation` })), [400, 'invalid_scope', 1002012]);
    assert.deepEqual(gist(await app.token(at.FABRIKAM, alone)), [400, 'invalid_request', 900144]);
    const two = { ...app.secretOf(partnerApp), grant_type: 'refresh_token', refresh_token: sandbox.partners[0]?.refreshToken ?? '' };
    assert.deepEqual(gist(await app.token(at.FABRIKAM, { ...two, scope: `${sandbox.partnerCenterUrl}/.default ${sandbox.graphUrl}/.default` })), [400, 'invalid_request', 28000]);
  });
});
