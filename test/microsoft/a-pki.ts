import { KeyObject, sign, webcrypto } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import {
  AuthorityInfoAccessExtension, AuthorityKeyIdentifierExtension, BasicConstraintsExtension, type Extension, Extension as AnyExtension, KeyUsageFlags, KeyUsagesExtension,
  SubjectKeyIdentifierExtension, type X509Certificate, X509CertificateGenerator,
} from '@peculiar/x509';

export const NOON = new Date('2026-03-02T12:00:00Z');

type Keys = webcrypto.CryptoKeyPair;
export type Party = { readonly name: string; readonly keys: Keys };
type Issue = {
  readonly to: Party;
  readonly by: Party;
  readonly isAuthority?: boolean;
  readonly pathLength?: number;
  readonly maySign?: boolean;
  readonly from?: string;
  readonly until?: string;
  readonly issuerUrl?: string;
  readonly hash?: string;
  /** Whose key it says it was signed with, where that is a lie. */
  readonly claims?: Party;
  readonly further?: readonly Extension[];
};

const algorithm = (hash: string, modulusLength = 2048) => ({ name: 'RSASSA-PKCS1-v1_5', hash, publicExponent: new Uint8Array([1, 0, 1]), modulusLength });
const newKeys = async (bits = 2048): Promise<Keys> => webcrypto.subtle.generateKey(algorithm('SHA-256', bits), true, ['sign', 'verify']);
const made = new Map<string, Promise<Keys>>();

/** Keys are costly: every party of one name has the same ones all through the tests. */
export const aParty = async (cn: string, organisation: string | undefined = 'Microsoft Corporation', bits = 2048): Promise<Party> => {
  const keys = made.get(cn) ?? newKeys(bits);
  made.set(cn, keys);
  return { name: `CN=${cn}${organisation && `, O=${organisation}`}, C=US`, keys: await keys };
};

/** A key of the web's kind signs with one hash only. */
const keyFor = async ({ keys: { privateKey } }: Party, hash: string): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('pkcs8', await webcrypto.subtle.exportKey('pkcs8', privateKey), algorithm(hash), false, ['sign']);

export const issue = async ({ to, by, isAuthority = false, pathLength, maySign = isAuthority, from = '2025-01-01T00:00:00Z', until = '2030-01-01T00:00:00Z', issuerUrl, hash = 'SHA-256', claims = by, further = [] }: Issue): Promise<X509Certificate> =>
  X509CertificateGenerator.create({
    subject: to.name, issuer: by.name, publicKey: to.keys.publicKey, signingKey: await keyFor(by, hash), signingAlgorithm: algorithm(hash),
    notBefore: new Date(from), notAfter: new Date(until),
    extensions: [
      new BasicConstraintsExtension(isAuthority, pathLength, true),
      new KeyUsagesExtension(maySign ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(to.keys.publicKey), await AuthorityKeyIdentifierExtension.create(claims.keys.publicKey),
      ...(issuerUrl === undefined ? [] : [new AuthorityInfoAccessExtension({ caIssuers: [issuerUrl] })]),
      ...further,
    ],
  });

/** Says that only hosts below `example.com` may stand under it. */
export const nameConstraints = (): Extension => new AnyExtension('2.5.29.30', true, Buffer.from('3011a00f300d820b6578616d706c652e636f6d', 'hex'));

export const derOf = (certificate: X509Certificate): Buffer => Buffer.from(certificate.rawData);
export const pemOf = (...certificates: readonly X509Certificate[]): string => certificates.map((one) => one.toString('pem')).join('\n');

/** Base64, as in the header. */
export const signed = (body: Buffer, { keys }: Party, hash = 'sha256'): string => sign(hash, body, KeyObject.from(keys.privateKey)).toString('base64');

type Place = { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: Buffer | string; readonly afterMs?: number; readonly hangsUp?: boolean };

/** A host of certificates; what was asked is counted by path. */
export const openCertificateHost = async () => {
  const places = new Map<string, Place>();
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(req.url ?? '');
    const place = places.get(req.url ?? '') ?? { status: 404 };
    void pause(place.afterMs ?? 0).then(() => {
      if (place.hangsUp) return res.destroy();
      // restify, where it is loaded, has a writeHead of its own that gives nothing back.
      res.writeHead(place.status ?? 200, place.headers);
      res.end(place.body);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    host, asked,
    url: (path: string): string => `http://${host}${path}`,
    put: (path: string, place: Place | Buffer | string): void => void places.set(path, Buffer.isBuffer(place) || typeof place === 'string' ? { body: place } : place),
    timesAsked: (path: string): number => asked.filter((one) => one === path).length,
    close: (): void => {
      server.close();
      server.closeAllConnections();
    },
  };
};

export type CertificateHost = Awaited<ReturnType<typeof openCertificateHost>>;
