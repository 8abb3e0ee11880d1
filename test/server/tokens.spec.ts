import assert from 'node:assert/strict';
import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { APP_ID, forge, goodClaims, ISSUER, keyPair, mint, noonSeconds, SERVICE_URL } from '../bot/channel/key-service.js';
import { anActivity, closeHouses, CONTOSO, ELIF, type House, openHouse } from './house.js';

const header = { alg: 'RS256', typ: 'JWT', kid: 'good' };
const withClaims = (claims: Readonly<Record<string, unknown>>) => () => mint({ claims });
const withHeader = (changes: Readonly<Record<string, unknown>>) => () => mint({ header: changes });
const bare = async (): Promise<string> => (await mint()).slice('Bearer '.length);
const parts = async (): Promise<[string, string, string]> => (await bare()).split('.') as [string, string, string];
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const entra = { appid: APP_ID, azp: APP_ID, ver: '2.0', tid: CONTOSO };

const strangers: readonly [string, () => Promise<string> | string][] = [
  ['no token', () => ''],
  ['a scheme alone', () => 'Bearer'],
  ['a scheme and nothing', () => 'Bearer .'],
  ['another scheme', async () => `Basic ${await bare()}`],
  ['no scheme', bare],
  ['two tokens', async () => `${await mint()} ${await bare()}`],
  ['two tokens with a comma', async () => `${await mint()}, ${await mint()}`],
  ['something behind the token', async () => `${await mint()} x`],
  ['two blanks', async () => `Bearer  ${await bare()}`],
  ['garbage', () => 'Bearer garbage'],
  ['one part', async () => `Bearer ${(await parts())[0]}`],
  ['two parts', async () => `Bearer ${(await parts()).slice(0, 2).join('.')}`],
  ['four parts', async () => `${await mint()}.more`],
  ['five parts, as an encrypted token has', async () => `${await mint()}.a.b`],
  ['ten thousand letters', () => `Bearer ${'a'.repeat(10_000)}`],
  ['ten thousand letters in three parts', () => `Bearer ${'a'.repeat(5_000)}.${'a'.repeat(4_000)}.a`],
  ['a header that is no JSON', () => forge('nonsense', goodClaims)],
  ['a header that is null', () => forge(null, goodClaims)],
  ['a header that is a list', () => forge([header], goodClaims)],
  ['claims that are no JSON', () => forge(header, 'nonsense')],
  ['claims that are a list', () => forge(header, [goodClaims])],
  ['claims that are null', () => forge(header, null)],

  ['the algorithm none', () => forge({ ...header, alg: 'none' }, goodClaims)],
  ['the algorithm none and no signature', () => forge({ ...header, alg: 'none' }, goodClaims, '')],
  ['the algorithm NONE', () => forge({ ...header, alg: 'NONE' }, goodClaims)],
  ['no algorithm', () => forge({ kid: 'good' }, goodClaims)],
  ['an algorithm that is a list', () => forge({ ...header, alg: ['RS256'] }, goodClaims)],
  ['HS256 with the public key as the secret', async () => {
    const secret = new TextEncoder().encode(await exportSPKI((await keyPair('good')).publicKey));
    return `Bearer ${await new SignJWT(goodClaims).setProtectedHeader({ ...header, alg: 'HS256' }).sign(secret)}`;
  }],
  ['HS256 with the app id as the secret', async () =>
    `Bearer ${await new SignJWT(goodClaims).setProtectedHeader({ ...header, alg: 'HS256' }).sign(new TextEncoder().encode(APP_ID))}`],
  ...['RS384', 'RS512', 'PS256', 'ES256'].map((alg): [string, () => Promise<string>] => [`${alg}`, async () =>
    `Bearer ${await new SignJWT(goodClaims).setProtectedHeader({ ...header, alg }).sign((await generateKeyPair(alg)).privateKey)}`]),

  ['no key id', withHeader({ kid: undefined })],
  ['a key id that is a number', withHeader({ kid: 7 })],
  ['an unknown key id', withHeader({ kid: 'unheard-of' })],
  ['a key id that is a path', withHeader({ kid: '../../keys' })],
  ['a key id from the prototype', withHeader({ kid: '__proto__' })],
  ['an unknown critical header', withHeader({ crit: ['x-odd'], 'x-odd': true })],
  ['a critical header everybody knows', () => forge({ ...header, crit: ['b64'], b64: true }, goodClaims)],
  ['an empty list of critical headers', () => forge({ ...header, crit: [] }, goodClaims)],
  ['its own key in the header', async () => mint({ key: (await keyPair('thief')).privateKey, header: { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } } })],
  ['an address for its key', async () => mint({ key: (await keyPair('thief')).privateKey, header: { jku: 'https://thief.example/keys', kid: 'thief' } })],

  ['another key under the known id', async () => mint({ key: (await keyPair('thief')).privateKey })],
  ['changed claims', async () => {
    const [first, , signature] = await parts();
    return `Bearer ${first}.${encoded({ ...goodClaims, serviceurl: 'https://thief.example/' })}.${signature}`;
  }],
  ['a changed header', async () => {
    const [, claims, signature] = await parts();
    return `Bearer ${encoded({ ...header, typ: 'jwt' })}.${claims}.${signature}`;
  }],
  ['no signature', async () => `Bearer ${(await parts()).slice(0, 2).join('.')}.`],
  ['half a signature', async () => (await mint()).slice(0, -170)],
  ['the signature of another token', async () => {
    const [first, claims] = await parts();
    return `Bearer ${first}.${claims}.${(await mint({ claims: { exp: noonSeconds + 1 } })).split('.')[2]}`;
  }],

  ['an end more than five minutes ago', withClaims({ exp: noonSeconds - 301 })],
  ['an end long ago', withClaims({ exp: 0 })],
  ['no end', withClaims({ exp: undefined })],
  ['an end that is text', withClaims({ exp: '4000000000' })],
  ['an end that is null', withClaims({ exp: null })],
  ['a start more than five minutes ahead', withClaims({ nbf: noonSeconds + 301 })],
  ['a start that is text', withClaims({ nbf: 'soon' })],

  ['no issuer', withClaims({ iss: undefined })],
  ['another issuer', withClaims({ iss: 'https://thief.example' })],
  ['the issuer with a slash', withClaims({ iss: `${ISSUER}/` })],
  ['the issuer in capitals', withClaims({ iss: ISSUER.toUpperCase() })],
  ['the issuer over http', withClaims({ iss: ISSUER.replace('https', 'http') })],
  ['the issuer in a list', withClaims({ iss: [ISSUER] })],
  ['the issuer of another cloud', withClaims({ iss: 'https://api.botframework.us' })],

  ['no audience', withClaims({ aud: undefined })],
  ['another bot as audience', withClaims({ aud: '99999999-2222-3333-4444-555555555555' })],
  ['a list with us in it', withClaims({ aud: [APP_ID, 'other'] })],
  ['a list of us alone', withClaims({ aud: [APP_ID] })],
  ['the audience as a URI', withClaims({ aud: `api://${APP_ID}` })],
  ['the audience with a blank', withClaims({ aud: `${APP_ID} ` })],
  ['an audience that is a number', withClaims({ aud: 1 })],
  ['an empty audience', withClaims({ aud: '' })],

  ['no service URL', withClaims({ serviceurl: undefined })],
  ['an empty service URL', withClaims({ serviceurl: '' })],
  ['a service URL that is a number', withClaims({ serviceurl: 1 })],
  ['the service URL under another name', withClaims({ serviceurl: undefined, serviceUrl: SERVICE_URL })],

  ['a key that speaks for another channel', async () => mint({ key: (await keyPair('for-skype')).privateKey, header: { kid: 'for-skype' } })],
  ['a key that speaks for no channel', async () => mint({ key: (await keyPair('for-nobody')).privateKey, header: { kid: 'for-nobody' } })],

  ['an emulator token of the Bot Framework tenant', withClaims({ ...entra, iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/' })],
  ['an emulator token, second version', withClaims({ ...entra, iss: 'https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0' })],
  ['an Entra token of the customer\'s tenant for our own app', withClaims({ ...entra, iss: `https://sts.windows.net/${CONTOSO}/` })],
  ['the same, second version', withClaims({ ...entra, iss: `https://login.microsoftonline.com/${CONTOSO}/v2.0` })],
  ['a US Government emulator token', withClaims({ ...entra, iss: 'https://sts.windows.net/cab8a31a-1906-4287-a0d8-4eef66b95f6e/' })],
  ['a token another bot got for us, as skills do', withClaims({ ...entra, appid: 'other', azp: 'other', iss: `https://sts.windows.net/${CONTOSO}/` })],
];

describe('who may speak to the bot', () => {
  let house: House;
  before(async () => { house = await openHouse(); });
  after(closeHouses);

  it('is the Teams channel, with a token made for this bot', async () => {
    const answer = await house.post();

    assert.equal(answer.status, 200);
    assert.equal(answer.text, '');
    assert.equal(house.turns.length, 1);
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

  it('is heard whatever the case of the scheme', async () => {
    assert.equal((await house.post(anActivity(), { authorization: (await mint()).replace('Bearer', 'bearer') })).status, 200);
  });

  for (const [what, token] of strangers) {
    it(`is nobody with ${what}`, async () => {
      const before = house.turns.length;

      const answer = await house.post(anActivity(), { authorization: await token() });

      assert.equal(answer.status, 401);
      assert.equal(answer.text, '{"error":"unauthorized"}');
      assert.equal(answer.headers.get('www-authenticate'), null);
      assert.equal(house.turns.length, before);
    });
  }

  it('is nobody without the header at all', async () => {
    const heard = await house.raw(['POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}']);

    assert.match(heard, /^HTTP\/1\.1 401 /);
    assert.match(heard, /\{"error":"unauthorized"\}$/);
  });

  for (const [what, activity] of [
    ['names another service URL than the token', anActivity({ serviceUrl: 'https://smba.trafficmanager.net/amer/' })],
    ['adds a slash to it', anActivity({ serviceUrl: `${SERVICE_URL}/` })],
  ] as const) {
    it(`is turned away when the activity ${what}`, async () => {
      const answer = await house.post(activity);

      assert.equal(answer.status, 403);
      assert.equal(answer.text, '{"error":"forbidden"}');
    });
  }

  for (const serviceUrl of [
    'https://thief.example/', 'http://smba.trafficmanager.net/', 'https://smba.trafficmanager.net.thief.example/', 'https://smba.trafficmanager.net:8443/',
    'https://smba.trafficmanager.net@thief.example/', 'https://thief.example\\@smba.trafficmanager.net/', 'https://smba.trafficmanager.net/ x', 'https://127.0.0.1/',
    'https://smba.trafficmanager.net/?x=1', 'https://smba.trafficmanager.net/#x', 'file:///etc/passwd', 'smba.trafficmanager.net',
  ]) {
    it(`is turned away when even the token says ${serviceUrl}`, async () => {
      const answer = await house.post(anActivity({ serviceUrl }), { authorization: await mint({ claims: { serviceurl: serviceUrl } }) });

      assert.equal(answer.status, 403);
    });
  }

  it('leaves no token, name or text in the log', () => {
    const all = house.lines.join('');

    assert.ok(all.includes('A token was refused.'));
    for (const secret of ['eyJ', 'Bearer', 'Elif', 'contoso.com', ELIF]) assert.ok(!all.includes(secret), secret);
  });
});
