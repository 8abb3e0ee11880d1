import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import type { SignIns } from '../../src/commands/ports.js';
import type { TenantId } from '../../src/domain/ids.js';
import { createSigningIn, type Reply } from '../../src/microsoft/sign-in.js';
import { AYSE, CAN, CONTOSO, FABRIKAM, GUEST, LALE, LITWARE, MURAT, NORTHWIND, openSandbox, type OpenSandbox } from '../local/partner-center/a-sandbox.js';
import { anAccount, counted, ScriptedMicrosoft, unavailable, type Line } from './a-client.js';

const GLOBAL_ADMIN = '62e90394-69f5-4237-9190-012177145e10';
const REDIRECT = 'http://localhost:3978/signed-in';

/** The store of refresh tokens, in a list. */
const keptIn = (): { readonly kept: (readonly [TenantId, string])[]; readonly signIns: SignIns } => {
  const kept: (readonly [TenantId, string])[] = [];
  const signIns: SignIns = { keep: async (partner, token) => void kept.push([partner, token]), all: async () => [], redeem: async () => assert.fail('not asked for') };
  return { kept, signIns };
};

const aQuestion = () => ({ state: randomBytes(32).toString('base64url'), nonce: randomBytes(32).toString('base64url'), verifier: randomBytes(32).toString('base64url'), redirectUri: REDIRECT });

describe('signing in at Microsoft', () => {
  let sandbox: OpenSandbox;
  beforeEach(async () => { sandbox = await openSandbox(); });
  afterEach(() => sandbox.close());

  const open = () => {
    const { kept, signIns } = keptIn();
    const signingIn = createSigningIn({
      ...sandbox, accounts: sandbox.partners.map(({ refreshToken: _fixed, ...partner }) => (partner.tenant === NORTHWIND ? partner : { ...partner, user: 'kept' as const })),
      allowedLinkOrigins: [sandbox.url], machineNow: sandbox.machine.now, guid: counted(), random: () => 0, signIns,
    });
    /** What the person does on Microsoft's page. */
    const answer = async (authorizeUrl: string, person: string, mfa = true): Promise<URL> => {
      const { status, body } = await sandbox.control('POST', 'sign-in', { authorizeUrl, person, mfa });
      assert.equal(status, 200, JSON.stringify(body));
      return new URL((body as { redirect: string }).redirect);
    };
    const replyOf = (redirect: URL, { state: _state, ...question }: ReturnType<typeof aQuestion>): Reply => ({ ...question, code: redirect.searchParams.get('code') ?? '' });
    return { kept, signingIn, answer, replyOf };
  };

  it('asks with a challenge, a state and a nonce, and lets the person choose an account', () => {
    const { signingIn } = open();
    const question = aQuestion();

    const url = new URL(signingIn.partner.address(FABRIKAM, question));

    assert.equal(url.origin + url.pathname, `${sandbox.loginUrl}/${FABRIKAM}/oauth2/v2.0/authorize`);
    assert.equal(url.searchParams.get('scope'), `${sandbox.partnerCenterUrl}/user_impersonation offline_access openid profile`);
    assert.equal(url.searchParams.get('code_challenge'), createHash('sha256').update(question.verifier).digest('base64url'));
    assert.deepEqual(['response_type', 'response_mode', 'code_challenge_method', 'prompt', 'redirect_uri', 'state', 'nonce'].map((name) => url.searchParams.get(name)), ['code', 'query', 'S256', 'select_account', REDIRECT, question.state, question.nonce]);
    assert.equal(url.href.includes(question.verifier), false);
  });

  it('keeps a refresh token with which Partner Center really answers', async () => {
    const { signingIn, answer, replyOf, kept } = open();
    const question = aQuestion();
    const reply = replyOf(await answer(signingIn.partner.address(FABRIKAM, question), MURAT), question);

    assert.deepEqual(await signingIn.partner.finish(FABRIKAM, reply), { is: 'kept' });

    assert.deepEqual(kept.map(([partner]) => partner), [FABRIKAM]);
    assert.deepEqual(await signingIn.partner.finish(FABRIKAM, reply), { is: 'tooOld', code: 'AADSTS54005' });
    assert.equal(kept.length, 1);
  });

  it('keeps nothing without a second factor', async () => {
    const { signingIn, answer, replyOf, kept } = open();
    const question = aQuestion();
    const reply = replyOf(await answer(signingIn.partner.address(FABRIKAM, question), MURAT, false), question);

    assert.deepEqual(await signingIn.partner.finish(FABRIKAM, reply), { is: 'noSecondFactor' });
    assert.deepEqual(kept, []);
  });

  it('is only for a partner with a user of its own', () => {
    assert.throws(() => open().signingIn.partner.address(NORTHWIND, aQuestion()), /No user signs in/);
    assert.throws(() => open().signingIn.partner.address(CONTOSO, aQuestion()), /No user signs in/);
  });

  it('wants the verifier and the nonce it was asked with', async () => {
    const { signingIn, answer, replyOf, kept } = open();
    for (const [change, is] of [[{ verifier: aQuestion().verifier }, { is: 'refused', code: 'AADSTS50148' }], [{ nonce: 'another' }, { is: 'untrusted', code: 'nonce' }]] as const) {
      const question = aQuestion();
      const reply = replyOf(await answer(signingIn.partner.address(FABRIKAM, question), MURAT), question);
      assert.deepEqual(await signingIn.partner.finish(FABRIKAM, { ...reply, ...change }), is);
    }
    assert.deepEqual(kept, []);
  });

  it('shows the roles of a person, also where the directory may not be read', async () => {
    const { signingIn, answer, replyOf } = open();
    const shown = async (tenant: TenantId, person: string) => {
      const question = aQuestion();
      return signingIn.person.finish(tenant, replyOf(await answer(signingIn.person.address(tenant, question), person), question));
    };

    assert.deepEqual(await shown(LITWARE, LALE), { is: 'shown', who: { tenant: LITWARE, person: LALE, name: 'Lale Uçar', isGuest: false, roles: [GLOBAL_ADMIN] } });
    assert.deepEqual(await shown(CONTOSO, CAN), { is: 'shown', who: { tenant: CONTOSO, person: CAN, name: 'Can Demir', isGuest: false, roles: [] } });
    assert.deepEqual(await shown(CONTOSO, GUEST), { is: 'shown', who: { tenant: CONTOSO, person: GUEST, name: 'Gina Guest', isGuest: true, roles: [GLOBAL_ADMIN] } });
    assert.deepEqual(await shown(CONTOSO, AYSE).then((found) => found.is), 'shown');
  });

  it('knows by reading whether a directory is open', async () => {
    const { signingIn } = open();
    assert.equal(await signingIn.consent.isGiven(LITWARE), false);
    await sandbox.control('POST', 'consent', { tenant: LITWARE, consented: true });
    assert.equal(await signingIn.consent.isGiven(LITWARE), true);
    assert.match(signingIn.consent.address(undefined, { state: 's', redirectUri: REDIRECT }), /\/organizations\/v2\.0\/adminconsent\?client_id=.*&scope=.*%2Fgraph%2F\.default&/);
  });
});

describe('an ID token', () => {
  const microsoft = new ScriptedMicrosoft();
  const machineNow = () => new Date('2026-11-23T08:00:00Z');
  const seconds = Math.floor(machineNow().getTime() / 1000);
  let jwk: JWK;
  let privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
  let idToken: string;
  let profile: Line;
  let kept: ReturnType<typeof keptIn>;

  before(async () => {
    await microsoft.open();
    const pair = await generateKeyPair('RS256', { extractable: true });
    privateKey = pair.privateKey;
    jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', use: 'sig' };
  });
  after(() => microsoft.close());
  beforeEach(() => {
    kept = keptIn();
    profile = { body: { profileType: 'legal_business_profile' } };
    microsoft.script = ({ method, url }) => {
      if (url.endsWith('/discovery/v2.0/keys')) return { body: { keys: [jwk] } };
      if (url.endsWith('/oauth2/v2.0/token')) return { body: { token_type: 'Bearer', access_token: 'the-access-token', refresh_token: 'the-refresh-token', id_token: idToken } };
      return method === 'GET' ? profile : { status: 500 };
    };
  });

  const claims = (more: JWTPayload = {}): JWTPayload => ({
    iss: `${microsoft.url}/login/${FABRIKAM}/v2.0`, aud: 'partner-app', iat: seconds, nbf: seconds, exp: seconds + 3600, nonce: 'the-nonce', tid: FABRIKAM, oid: MURAT, name: 'Murat Demir', ...more,
  });
  const signed = (payload: JWTPayload): Promise<string> => new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey);
  const finish = () => {
    microsoft.heard.length = 0;
    const signingIn = createSigningIn({
      partnerCenterUrl: `${microsoft.url}/pc`, graphUrl: `${microsoft.url}/graph`, loginUrl: `${microsoft.url}/login`, accounts: [anAccount({ user: 'kept' })],
      directoryApp: { clientId: 'partner-app', clientSecret: 'directory-secret' }, allowedLinkOrigins: [], machineNow, guid: counted(), random: () => 0, tryMs: 600, wholeMs: 3_000, signIns: kept.signIns,
    });
    const reply = { code: 'the-code', nonce: 'the-nonce', verifier: 'the-verifier', redirectUri: REDIRECT };
    return { partner: () => signingIn.partner.finish(FABRIKAM, reply), person: () => signingIn.person.finish(FABRIKAM, reply) };
  };

  it('that holds is followed by a look at Partner Center with the new access token, and only then kept', async () => {
    idToken = await signed(claims());

    assert.deepEqual(await finish().partner(), { is: 'kept' });

    assert.deepEqual(kept.kept, [[FABRIKAM, 'the-refresh-token']]);
    assert.deepEqual(microsoft.heard.map(({ method, url }) => `${method} ${url}`), [
      `POST /login/${FABRIKAM}/oauth2/v2.0/token`, `GET /login/${FABRIKAM}/discovery/v2.0/keys`, 'GET /pc/v1/profiles/legalbusiness',
    ]);
    assert.equal(microsoft.heard.at(-1)?.headers.authorization, 'Bearer the-access-token');
    assert.deepEqual(Object.fromEntries(new URLSearchParams(microsoft.heard[0]?.body)), {
      client_id: 'partner-app', client_secret: 'partner-secret', grant_type: 'authorization_code', code: 'the-code', redirect_uri: REDIRECT, code_verifier: 'the-verifier',
      scope: `${microsoft.url}/pc/user_impersonation offline_access openid profile`,
    });
  });

  const wrong: readonly (readonly [string, JWTPayload, string])[] = [
    ['for another app', { aud: 'another-app' }, 'aud'],
    ['of another issuer', { iss: 'https://login.example.com/v2.0' }, 'iss'],
    ['whose issuer is another tenant', { iss: `https://login.example/${NORTHWIND}/v2.0` }, 'iss'],
    ['that is over', { iat: seconds - 7200, nbf: seconds - 7200, exp: seconds - 121 }, 'exp'],
    ['that begins later', { nbf: seconds + 600 }, 'nbf'],
    ['with another nonce', { nonce: 'replayed' }, 'nonce'],
    ['without a nonce', { nonce: undefined }, 'nonce'],
    ['without an end', { exp: undefined }, 'exp'],
    ['without a person', { oid: undefined }, 'claims'],
    ['with a tenant that walks up the path', { tid: '../..', iss: '' }, 'claims'],
  ];
  for (const [name, change, why] of wrong) {
    it(`${name} is not trusted`, async () => {
      idToken = await signed(claims(change));

      assert.deepEqual(await finish().partner(), { is: 'untrusted', code: why });
      assert.deepEqual(kept.kept, []);
    });
  }

  it('is not trusted without a signature, nor signed with the public key as if that were a secret', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const pem = new TextEncoder().encode(JSON.stringify(jwk));
    const forged = [
      `${part({ alg: 'none' })}.${part(claims())}.`,
      await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(pem),
      await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(Buffer.from(jwk.n ?? '', 'base64url')),
    ];
    for (const token of forged) {
      idToken = token;
      assert.equal((await finish().partner()).is, 'untrusted');
    }
    assert.deepEqual(kept.kept, []);
  });

  it('is not trusted when another key signed it, known by the same name or brought along', async () => {
    const other = await generateKeyPair('RS256', { extractable: true });
    const brought = await exportJWK(other.publicKey);
    for (const header of [{ alg: 'RS256', kid: 'one' }, { alg: 'RS256', kid: 'two' }, { alg: 'RS256', jwk: brought }, { alg: 'RS256', kid: 'one', jku: 'https://evil.example/keys' }]) {
      idToken = await new SignJWT(claims()).setProtectedHeader(header).sign(await importJWK({ ...(await exportJWK(other.privateKey)), alg: 'RS256' }));
      assert.equal((await finish().partner()).is, 'untrusted');
    }
    idToken = 'no token at all';
    assert.equal((await finish().partner()).is, 'untrusted');
  });

  it('of somebody in another tenant, or of a guest, leads to nothing', async () => {
    idToken = await signed(claims({ tid: NORTHWIND, iss: `${microsoft.url}/login/${NORTHWIND}/v2.0` }));
    assert.deepEqual(await finish().partner(), { is: 'otherTenant' });
    for (const guest of [{ acct: 1 }, { acct: '1' }, { idp: `https://sts.windows.net/${NORTHWIND}/` }, { idp: 'mail' }, { idp: 'live.com' }]) {
      idToken = await signed(claims(guest));
      assert.deepEqual(await finish().partner(), { is: 'guest' });
    }
    assert.deepEqual(kept.kept, []);
    for (const member of [{ acct: 0 }, { idp: `https://sts.windows.net/${FABRIKAM}/` }, { idp: `${microsoft.url}/login/${FABRIKAM}/v2.0` }]) {
      idToken = await signed(claims(member));
      assert.deepEqual(await finish().partner(), { is: 'kept' });
    }
  });

  it('without the claim says nothing about roles; with another thing in its place neither', async () => {
    const rolesOf = async (more: JWTPayload): Promise<unknown> => {
      idToken = await signed(claims(more));
      const found = await finish().person();
      assert(found.is === 'shown');
      return found.who.roles;
    };

    assert.equal(await rolesOf({}), undefined);
    assert.equal(await rolesOf({ wids: 'all of them' }), undefined);
    assert.deepEqual(await rolesOf({ wids: [] }), []);
    assert.deepEqual(await rolesOf({ wids: [GLOBAL_ADMIN.toUpperCase()] }), [GLOBAL_ADMIN]);
  });

  it('leads to nothing when Partner Center turns the person away, and to an outage when it does not answer', async () => {
    idToken = await signed(claims());
    profile = { status: 401, body: '<html>' };
    assert.deepEqual(await finish().partner(), { is: 'noSecondFactor' });
    profile = { status: 403, body: { code: 2032 } };
    assert.deepEqual(await finish().partner(), { is: 'notAllowed' });
    profile = { status: 500, body: {} };
    await assert.rejects(finish().partner(), unavailable({ operation: 'legalBusinessProfile' }));
    assert.deepEqual(kept.kept, []);
  });

  it('says by a code only why Microsoft gave none', async () => {
    const said = async (line: Line) => {
      microsoft.script = () => line;
      return finish().partner();
    };
    const description = 'AADSTS50105: <script>alert(1)</script> the-code';

    assert.deepEqual(await said({ status: 400, body: { error: 'invalid_grant', error_codes: [50076], error_description: description } }), { is: 'noSecondFactor', code: 'AADSTS50076' });
    assert.deepEqual(await said({ status: 400, body: { error: 'invalid_grant', error_codes: [70008], error_description: description } }), { is: 'tooOld', code: 'AADSTS70008' });
    assert.deepEqual(await said({ status: 401, body: { error: 'invalid_client', error_codes: [7000222], error_description: description } }), { is: 'refused', code: 'AADSTS7000222' });
    assert.deepEqual(await said({ status: 400, body: { error: '<b>odd</b>' } }), { is: 'refused', code: 'unknown' });
    assert.deepEqual(await said({ status: 200, body: { access_token: 'no id token' } }), { is: 'untrusted', code: 'id_token' });
    await assert.rejects(said({ status: 503, body: {} }), unavailable({ operation: 'codeForTokens' }));
  });
});
