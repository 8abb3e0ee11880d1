import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { readConfig } from '../../src/config.js';
import { APP_ID, forge, goodClaims, keyPair, mint as mintAnything, noonSeconds, type Minted } from '../bot/channel/key-service.js';
import { anActivity as anyActivity, closeHouses, CONTOSO, ELIF, type House, openHouse } from './house.js';

const header = { alg: 'RS256', typ: 'JWT', kid: 'good' };
const encoded = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const entra = { appid: APP_ID, azp: APP_ID, ver: '2.0', tid: CONTOSO };
const clouds = { commercial: 'https://smba.trafficmanager.net/emea/', usGov: 'https://gcch.botapi.teams.microsoft.us/amer/' } as const;

/** Signed with a key of the channel, but written by hand, byte for byte. */
const signedByHand = async (first: string, second: string): Promise<string> => {
  const text = `${encoded(first)}.${encoded(second)}`;
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', (await keyPair('good')).privateKey, new TextEncoder().encode(text));
  return `Bearer ${text}.${Buffer.from(signature).toString('base64url')}`;
};
const signedWith = async (alg: string, claims: object): Promise<string> => {
  const key = await importJWK(await exportJWK((await keyPair('good')).privateKey), alg);
  return `Bearer ${await new SignJWT({ ...claims }).setProtectedHeader({ ...header, alg }).sign(key)}`;
};
const thief = async (): Promise<Pick<Minted, 'key'>> => ({ key: (await keyPair('thief')).privateKey });

for (const [cloud, serviceUrl] of Object.entries(clouds) as [keyof typeof clouds, string][]) {
  const { channel } = readConfig({ CLOUD: cloud, MicrosoftAppId: APP_ID, MicrosoftAppTenantId: CONTOSO, MicrosoftAppPassword: 'not asked for', PARTNER_CENTER: 'sandbox' });
  const { issuer } = channel;
  const claimsHere = { ...goodClaims, iss: issuer, serviceurl: serviceUrl };
  const mint = ({ claims = {}, ...rest }: Minted = {}): Promise<string> => mintAnything({ claims: { ...claimsHere, ...claims }, ...rest });
  const anActivity = (changes: Readonly<Record<string, unknown>> = {}) => anyActivity({ serviceUrl, ...changes });

  const withClaims = (claims: Readonly<Record<string, unknown>>) => () => mint({ claims });
  const withHeader = (changes: Readonly<Record<string, unknown>>) => () => mint({ header: changes });
  const bare = async (): Promise<string> => (await mint()).slice('Bearer '.length);
  const parts = async (): Promise<[string, string, string]> => (await bare()).split('.') as [string, string, string];
  const twice = (claims: string): (() => Promise<string>) => () => signedByHand(JSON.stringify(header), `${JSON.stringify(claimsHere).slice(0, -1)},${claims}}`);

  const strangers = (elsewhere: () => string): readonly [string, () => Promise<string> | string][] => [
    ['no token', () => ''],
    ['a scheme alone', () => 'Bearer'],
    ['a scheme and nothing', () => 'Bearer .'],
    ['another scheme', async () => `Basic ${await bare()}`],
    ['no scheme', bare],
    ['two tokens', async () => `${await mint()} ${await bare()}`],
    ['two tokens with a comma', async () => `${await mint()}, ${await mint()}`],
    ['something behind the token', async () => `${await mint()} x`],
    ['two blanks', async () => `Bearer  ${await bare()}`],
    ['a tab', async () => `Bearer\t${await bare()}`],
    ['a blank inside the token', async () => (await mint()).replace('.', ' .')],
    ['quotes around the token', async () => `Bearer "${await bare()}"`],
    ['padding behind the token', async () => `${await mint()}=`],
    ['garbage', () => 'Bearer garbage'],
    ['garbage in three parts', () => 'Bearer a.b.c'],
    ['one part', async () => `Bearer ${(await parts())[0]}`],
    ['two parts', async () => `Bearer ${(await parts()).slice(0, 2).join('.')}`],
    ['four parts', async () => `${await mint()}.more`],
    ['five parts, as an encrypted token has', async () => `${await mint()}.a.b`],
    ['fourteen thousand letters', () => `Bearer ${'a'.repeat(14_000)}`],
    ['fourteen thousand letters in three parts', () => `Bearer ${'a'.repeat(5_000)}.${'a'.repeat(8_000)}.a`],
    ['claims of ten thousand letters, not signed by the channel', async () => mint({ ...await thief(), claims: { fill: 'x'.repeat(10_000) } })],
    ['a header that is no JSON', () => forge('nonsense', claimsHere)],
    ['a header that is null', () => forge(null, claimsHere)],
    ['a header that is a list', () => forge([header], claimsHere)],
    ['claims that are no JSON', () => forge(header, 'nonsense')],
    ['claims that are a list', () => forge(header, [claimsHere])],
    ['claims that are null', () => forge(header, null)],
    ['signed claims that are a list', () => signedByHand(JSON.stringify(header), JSON.stringify([claimsHere]))],

    ['the algorithm none', () => forge({ ...header, alg: 'none' }, claimsHere)],
    ['the algorithm none and no signature', () => forge({ ...header, alg: 'none' }, claimsHere, '')],
    ['the algorithm NONE', () => forge({ ...header, alg: 'NONE' }, claimsHere)],
    ['no algorithm', () => forge({ kid: 'good' }, claimsHere)],
    ['an algorithm that is a list', () => forge({ ...header, alg: ['RS256'] }, claimsHere)],
    ['the algorithm in small letters', () => signedByHand(JSON.stringify({ ...header, alg: 'rs256' }), JSON.stringify(claimsHere))],
    ['HS256 with the public key as the secret', async () => {
      const secret = new TextEncoder().encode(await exportSPKI((await keyPair('good')).publicKey));
      return `Bearer ${await new SignJWT(claimsHere).setProtectedHeader({ ...header, alg: 'HS256' }).sign(secret)}`;
    }],
    ['HS256 with the public modulus as the secret', async () => {
      const { n = '' } = await exportJWK((await keyPair('good')).publicKey);
      return `Bearer ${await new SignJWT(claimsHere).setProtectedHeader({ ...header, alg: 'HS256' }).sign(Buffer.from(n, 'base64url'))}`;
    }],
    ['HS256 with the app id as the secret', async () =>
      `Bearer ${await new SignJWT(claimsHere).setProtectedHeader({ ...header, alg: 'HS256' }).sign(new TextEncoder().encode(APP_ID))}`],
    ...['RS384', 'RS512', 'PS256', 'PS512'].map((alg): [string, () => Promise<string>] => [`${alg} by the channel's own key`, () => signedWith(alg, claimsHere)]),
    ...['ES256', 'RS512'].map((alg): [string, () => Promise<string>] => [`${alg} by another key`, async () =>
      `Bearer ${await new SignJWT(claimsHere).setProtectedHeader({ ...header, alg }).sign((await generateKeyPair(alg)).privateKey)}`]),

    ['no key id', withHeader({ kid: undefined })],
    ['an empty key id', withHeader({ kid: '' })],
    ['a key id that is a number', withHeader({ kid: 7 })],
    ['a key id that is a list', withHeader({ kid: ['good'] })],
    ['an unknown key id', withHeader({ kid: 'unheard-of' })],
    ['a key id in capitals', withHeader({ kid: 'GOOD' })],
    ['a key id that is a path', withHeader({ kid: '../../keys' })],
    ['a key id that is a file', withHeader({ kid: '/dev/null' })],
    ['a key id that is a statement', withHeader({ kid: "good' OR '1'='1" })],
    ['a key id of ten thousand letters', withHeader({ kid: 'k'.repeat(10_000) })],
    ['a key id from the prototype', withHeader({ kid: '__proto__' })],
    ['a key id of every object', withHeader({ kid: 'constructor' })],
    ['an unknown critical header', withHeader({ crit: ['x-odd'], 'x-odd': true })],
    ['a critical header everybody knows', () => forge({ ...header, crit: ['b64'], b64: true }, claimsHere)],
    ['a critical header that is known, signed', () => signedByHand(JSON.stringify({ ...header, crit: ['exp'], exp: 1 }), JSON.stringify(claimsHere))],
    ['an empty list of critical headers', () => forge({ ...header, crit: [] }, claimsHere)],
    ['its own key in the header', async () => mint({ ...await thief(), header: { jwk: { ...(await exportJWK((await keyPair('thief')).publicKey)), kty: 'RSA' } } })],
    ['its own key in the header and no key id', async () => mint({ ...await thief(), header: { kid: undefined as never, jwk: { ...(await exportJWK((await keyPair('thief')).publicKey)), kty: 'RSA' } } })],
    ['an address for its key', async () => mint({ ...await thief(), header: { jku: elsewhere(), kid: 'thief' } })],
    ['an address for its certificate', async () => mint({ ...await thief(), header: { x5u: elsewhere(), kid: 'thief' } })],
    ['its own certificate in the header', async () => mint({ ...await thief(), header: { x5c: [Buffer.from(await exportSPKI((await keyPair('thief')).publicKey)).toString('base64')] } })],
    ['the thumbprint of a certificate', async () => mint({ ...await thief(), header: { x5t: 'good', 'x5t#S256': 'good', kid: 'thief' } })],

    ['another key under the known id', async () => mint(await thief())],
    ['changed claims', async () => {
      const [first, , signature] = await parts();
      return `Bearer ${first}.${encoded({ ...claimsHere, serviceurl: 'https://thief.example/' })}.${signature}`;
    }],
    ['a changed header', async () => {
      const [, claims, signature] = await parts();
      return `Bearer ${encoded({ ...header, typ: 'jwt' })}.${claims}.${signature}`;
    }],
    ['no signature', async () => `Bearer ${(await parts()).slice(0, 2).join('.')}.`],
    ['half a signature', async () => (await mint()).slice(0, -170)],
    ['one more letter in the signature', async () => `${await mint()}A`],
    ['the signature of another token', async () => {
      const [first, claims] = await parts();
      return `Bearer ${first}.${claims}.${(await mint({ claims: { exp: noonSeconds + 1 } })).split('.')[2]}`;
    }],

    ['an end more than five minutes ago', withClaims({ exp: noonSeconds - 301 })],
    ['an end long ago', withClaims({ exp: 0 })],
    ['no end', withClaims({ exp: undefined })],
    ['an end that is text', withClaims({ exp: '4000000000' })],
    ['an end that is null', withClaims({ exp: null })],
    ['an end that is a list', withClaims({ exp: [noonSeconds + 3600] })],
    ['a start more than five minutes ahead', withClaims({ nbf: noonSeconds + 301 })],
    ['a start that is text', withClaims({ nbf: 'soon' })],

    ['no issuer', withClaims({ iss: undefined })],
    ['another issuer', withClaims({ iss: 'https://thief.example' })],
    ['the issuer with a slash', withClaims({ iss: `${issuer}/` })],
    ['the issuer with a blank', withClaims({ iss: ` ${issuer}` })],
    ['the issuer in capitals', withClaims({ iss: issuer.toUpperCase() })],
    ['the issuer over http', withClaims({ iss: issuer.replace('https', 'http') })],
    ['a host that begins like the issuer', withClaims({ iss: `${issuer}.thief.example` })],
    ['the issuer in a list', withClaims({ iss: [issuer] })],
    ['the issuer of another cloud', withClaims({ iss: cloud === 'usGov' ? 'https://api.botframework.com' : 'https://api.botframework.us' })],

    ['no audience', withClaims({ aud: undefined })],
    ['another bot as audience', withClaims({ aud: '99999999-2222-3333-4444-555555555555' })],
    ['a list with us in it', withClaims({ aud: [APP_ID, 'other'] })],
    ['a list of us alone', withClaims({ aud: [APP_ID] })],
    ['the audience as a URI', withClaims({ aud: `api://${APP_ID}` })],
    ['the audience with a blank', withClaims({ aud: `${APP_ID} ` })],
    ['the issuer as audience', withClaims({ aud: issuer })],
    ['an audience that is a number', withClaims({ aud: 1 })],
    ['an empty audience', withClaims({ aud: '' })],

    ['no service URL', withClaims({ serviceurl: undefined })],
    ['an empty service URL', withClaims({ serviceurl: '' })],
    ['a service URL that is a number', withClaims({ serviceurl: 1 })],
    ['a service URL that is a list', withClaims({ serviceurl: [serviceUrl] })],
    ['the service URL under another name', withClaims({ serviceurl: undefined, serviceUrl })],

    ['the same audience twice', twice(`"aud":"${APP_ID}"`)],
    ['another audience first', () => signedByHand(JSON.stringify(header), `{"aud":"other",${JSON.stringify(claimsHere).slice(1)}`)],
    ['another audience last', twice('"aud":"other"')],
    ['two service URLs', twice(`"serviceurl":"${serviceUrl}"`)],
    ['two ends, one of them spelt oddly', twice(`"\\u0065xp":${noonSeconds + 3600}`)],
    ['two key ids', () => signedByHand(`{"kid":"for-skype",${JSON.stringify(header).slice(1)}`, JSON.stringify(claimsHere))],

    ['a key that speaks for another channel', async () => mint({ key: (await keyPair('for-skype')).privateKey, header: { kid: 'for-skype' } })],
    ['a key that speaks for no channel', async () => mint({ key: (await keyPair('for-nobody')).privateKey, header: { kid: 'for-nobody' } })],

    ['an emulator token of the Bot Framework tenant', withClaims({ ...entra, iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/' })],
    ['an emulator token, second version', withClaims({ ...entra, iss: 'https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0' })],
    ['an emulator token of the older tenant', withClaims({ ...entra, iss: 'https://sts.windows.net/f8cdef31-a31e-4b4a-93e4-5f571e91255a/' })],
    ['a token of the Bot Framework for us to send with', withClaims({ iss: issuer, aud: issuer, appid: APP_ID })],
    ['an Entra token of the customer\'s tenant for our own app', withClaims({ ...entra, iss: `https://sts.windows.net/${CONTOSO}/` })],
    ['the same, second version', withClaims({ ...entra, iss: `https://login.microsoftonline.com/${CONTOSO}/v2.0` })],
    ['an Entra token of our own tenant', withClaims({ ...entra, tid: 'a0000000-0000-0000-0000-00000000000a', iss: 'https://login.microsoftonline.com/a0000000-0000-0000-0000-00000000000a/v2.0' })],
    ['a US Government emulator token', withClaims({ ...entra, iss: 'https://sts.windows.net/cab8a31a-1906-4287-a0d8-4eef66b95f6e/' })],
    ['the same, second version', withClaims({ ...entra, iss: 'https://login.microsoftonline.us/cab8a31a-1906-4287-a0d8-4eef66b95f6e/v2.0' })],
    ['a token another bot got for us, as skills do', withClaims({ ...entra, appid: 'other', azp: 'other', iss: `https://sts.windows.net/${CONTOSO}/` })],
    ['a skill\'s token, second version', withClaims({ ...entra, appid: undefined, azp: 'other', iss: `https://login.microsoftonline.com/${CONTOSO}/v2.0` })],
  ];

  describe(`who may speak to the bot (${cloud})`, () => {
    let house: House;
    const canary = { asked: 0, url: '' };
    const trap = createServer((_req, res) => { canary.asked += 1; res.end('{}'); });
    before(async () => {
      house = await openHouse({}, channel);
      await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
      canary.url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/keys`;
    });
    after(async () => {
      await closeHouses();
      trap.close();
    });

    it('is the Teams channel, with a token made for this bot', async () => {
      const answer = await house.post(anActivity(), { authorization: await mint() });

      assert.deepEqual([answer.status, answer.text, house.turns.length], [200, '', 1]);
    });

    for (const [what, claims] of [
      ['ended four minutes ago', { exp: noonSeconds - 240 }],
      ['starts in four minutes', { nbf: noonSeconds + 240 }],
      ['has no start', { nbf: undefined }],
    ] as const) {
      it(`is heard although the token ${what}: clocks differ`, async () => {
        assert.equal((await house.post(anActivity(), { authorization: await mint({ claims }) })).status, 200);
      });
    }

    it('is heard whatever the case of the scheme, with a thumbprint, and with braces and colons in a claim', async () => {
      const odd = await mint({ header: { x5t: 'abc' }, claims: { note: '{"aud":"other"}: \\" x":', nested: { aud: 1, list: [{ aud: 2 }, { aud: 3 }] } } });

      assert.equal((await house.post(anActivity(), { authorization: odd.replace('Bearer', 'bearer') })).status, 200);
    });

    let bareAnswer: readonly (readonly [string, string])[] | undefined;
    for (const [what, token] of strangers(() => canary.url)) {
      it(`is nobody with ${what}`, async () => {
        const before = house.turns.length;

        const answer = await house.post(anActivity(), { authorization: await token() });

        assert.deepEqual([answer.status, answer.text, house.turns.length], [401, '', before]);
        const headers = [...answer.headers].filter(([name]) => name !== 'date');
        assert.deepEqual(headers, bareAnswer ??= headers);
        assert.equal(answer.headers.get('www-authenticate'), null);
      });
    }

    const lines = async (...authorizations: readonly string[]): Promise<string> => {
      const body = JSON.stringify(anActivity());
      return house.raw([['POST /api/messages HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Connection: close', `Content-Length: ${body.length}`, ...authorizations, '', body].join('\r\n')]);
    };
    for (const [what, authorizations] of [
      ['without the header at all', async () => []],
      ['with a header of blanks', async () => ['Authorization:   \t ']],
      ['with a good token and a bad one', async () => [`Authorization: ${await mint()}`, 'Authorization: Bearer a.b.c']],
      ['with a bad token and a good one', async () => ['Authorization: Basic eDp5', `authorization: ${await mint()}`]],
      ['with the same good token twice', async () => { const token = await mint(); return [`Authorization: ${token}`, `AUTHORIZATION: ${token}`]; }],
      ['with a good token under another name', async () => [`Proxy-Authorization: ${await mint()}`, `X-Authorization: ${await mint()}`]],
    ] as const) {
      it(`is nobody ${what}`, async () => {
        const before = house.turns.length;

        const heard = await lines(...await authorizations());

        assert.match(heard, /^HTTP\/1\.1 401 [^]*\r\n\r\n$/);
        assert.equal(house.turns.length, before);
      });
    }

    it('is somebody with blanks around the header, which belong to nobody', async () => {
      assert.match(await lines(`Authorization: \t ${await mint()}  `), /^HTTP\/1\.1 200 /);
    });

    for (const [what, activity] of [
      ['names another service URL than the token', anActivity({ serviceUrl: `${serviceUrl}x/` })],
      ['adds a slash to it', anActivity({ serviceUrl: `${serviceUrl}/` })],
      ['takes its slash away', anActivity({ serviceUrl: serviceUrl.slice(0, -1) })],
      ['writes it in capitals', anActivity({ serviceUrl: serviceUrl.toUpperCase() })],
    ] as const) {
      it(`is turned away when the activity ${what}`, async () => {
        const answer = await house.post(activity, { authorization: await mint() });

        assert.deepEqual([answer.status, answer.text], [403, '']);
      });
    }

    const { hostname } = new URL(serviceUrl);
    for (const listed of [
      'https://thief.example/', `http://${hostname}/`, `https://${hostname}.thief.example/`, `https://${hostname}:8443/`,
      `https://${hostname}@thief.example/`, `https://thief.example\\@${hostname}/`, `https://${hostname}/ x`, 'https://127.0.0.1/', 'https://169.254.169.254/',
      `https://${hostname}/?x=1`, `https://${hostname}/#x`, 'file:///etc/passwd', hostname, cloud === 'usGov' ? clouds.commercial : clouds.usGov,
    ]) {
      it(`is turned away when even the token says ${listed}`, async () => {
        const before = house.turns.length;

        const answer = await house.post(anActivity({ serviceUrl: listed }), { authorization: await mint({ claims: { serviceurl: listed } }) });

        assert.deepEqual([answer.status, answer.text, house.turns.length], [403, '', before]);
      });
    }

    it('makes no call for any of them, and asks for keys once', () => {
      assert.deepEqual([canary.asked, house.keyService.reads], [0, 1]);
    });

    it('leaves no token, name or text in the log', () => {
      const all = house.lines.join('');

      assert.ok(all.includes('A token was refused.'));
      for (const secret of ['eyJ', 'Bearer', 'Elif', 'contoso.com', ELIF]) assert.ok(!all.includes(secret), secret);
    });
  });
}
