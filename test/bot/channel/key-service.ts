import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';

export const APP_ID = '11111111-2222-3333-4444-555555555555';
export const ISSUER = 'https://api.botframework.com';
export const NOON = new Date('2026-11-23T12:00:00Z');
export const noonSeconds = NOON.getTime() / 1000;

export type Minted = { readonly header?: Partial<JWTHeaderParameters>; readonly claims?: Readonly<Record<string, unknown>>; readonly key?: CryptoKey };

const pairs = new Map<string, Promise<CryptoKeyPairOf>>();
type CryptoKeyPairOf = { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };
/** Making keys is slow, so each is made once for the whole test run. */
export const keyPair = (name: string): Promise<CryptoKeyPairOf> => {
  const pair = pairs.get(name) ?? generateKeyPair('RS256', { extractable: true });
  pairs.set(name, pair);
  return pair;
};

/** A stand-in for login.botframework.com, over real HTTP. Change `published` or `mood` between requests. */
export const startKeyService = async () => {
  const service = {
    url: '',
    metadataUrl: '',
    reads: 0,
    mood: 'well' as 'well' | 'broken' | 'cut' | 'silent' | 'slow' | 'redirecting',
    /** kid -> endorsements */
    published: { good: ['msteams', 'skype'], 'for-skype': ['skype'], 'for-nobody': [] } as Record<string, readonly string[]>,
    close: () => new Promise<void>((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }),
  };
  const keys = async (): Promise<unknown> => ({
    keys: await Promise.all(Object.entries(service.published).map(async ([kid, endorsements]) =>
      ({ ...(await exportJWK((await keyPair(kid)).publicKey)), kid, use: 'sig', endorsements }))),
  });
  const server = createServer((req, res) => {
    const answer = async (): Promise<void> => {
      if (req.url === '/metadata') service.reads += 1;
      if (service.mood === 'cut') return void req.socket.destroy();
      if (service.mood === 'silent') return;
      if (service.mood === 'slow') await new Promise((resolve) => setTimeout(resolve, 100));
      // Two statements: restify, once loaded, makes every writeHead in the process return nothing.
      res.writeHead({ broken: 500, redirecting: 302, well: 200, slow: 200 }[service.mood], { 'content-type': 'application/json', location: '/elsewhere' });
      res.end(JSON.stringify(req.url === '/keys' ? await keys() : { issuer: ISSUER, jwks_uri: `${service.url}/keys` }));
    };
    void answer();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  service.metadataUrl = `${service.url}/metadata`;
  return service;
};

export type KeyService = Awaited<ReturnType<typeof startKeyService>>;

export const SERVICE_URL = 'https://smba.trafficmanager.net/emea/';

export const goodClaims = { iss: ISSUER, aud: APP_ID, serviceurl: SERVICE_URL, nbf: noonSeconds - 60, exp: noonSeconds + 3600 };

/** A token as the channel makes it; a claim set to `undefined` is left out. */
export const mint = async ({ header = {}, claims = {}, key }: Minted = {}): Promise<string> => {
  const protectedHeader = { alg: 'RS256', typ: 'JWT', kid: 'good', ...header };
  const payload = Object.fromEntries(Object.entries({ ...goodClaims, ...claims }).filter(([, value]) => value !== undefined));
  const signer = key ?? (await keyPair('good')).privateKey;
  return `Bearer ${await new SignJWT(payload).setProtectedHeader(protectedHeader).sign(signer, { crit: { 'x-odd': false } })}`;
};

const part = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token whose parts are written by hand; nothing checks them. */
export const forge = (header: unknown, claims: unknown, signature = 'c2ln'): string => `Bearer ${part(header)}.${part(claims)}.${signature}`;
