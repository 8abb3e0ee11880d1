import { createPrivateKey, sign, webcrypto, type KeyObject } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension, BasicConstraintsExtension, ExtendedKeyUsage, ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension,
  SubjectAlternativeNameExtension, SubjectKeyIdentifierExtension, X509CertificateGenerator,
} from '@peculiar/x509';
import Database from 'libsql';

/** PEM, all three. */
type Papers = { readonly root: string; readonly leaf: string; readonly key: string };

export const signerName = 'pcnotifications-dispatch.microsoft.com';
const [root, leaf] = ['CN=Sandbox Root, O=Microsoft Corporation, C=US', `CN=${signerName}, O=Microsoft Corporation, L=Redmond, ST=Washington, C=US`];
const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 } as const;
// Longer than anybody's clock is moved.
const valid = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2049-01-01T00:00:00Z') };

const pem = (label: string, der: ArrayBuffer): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64').replace(/(.{64})(?=.)/g, '$1\n')}\n-----END ${label}-----\n`;

/** A root nobody else trusts, and the one certificate it ever gave. */
const makePapers = async (): Promise<Papers> => {
  const { subtle } = webcrypto;
  const [rootKeys, leafKeys] = await Promise.all([subtle.generateKey(algorithm, true, ['sign', 'verify']), subtle.generateKey(algorithm, true, ['sign', 'verify'])]);
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: root, keys: rootKeys, signingAlgorithm: algorithm, ...valid,
    extensions: [
      new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true), await SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  const certificate = await X509CertificateGenerator.create({
    subject: leaf, issuer: authority.subject, publicKey: leafKeys.publicKey, signingKey: rootKeys.privateKey, signingAlgorithm: algorithm, ...valid,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true), new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true), new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension([{ type: 'dns', value: signerName }]),
      await SubjectKeyIdentifierExtension.create(leafKeys.publicKey), await AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  return { root: pem('CERTIFICATE', authority.rawData), leaf: pem('CERTIFICATE', certificate.rawData), key: pem('PRIVATE KEY', await subtle.exportKey('pkcs8', leafKeys.privateKey)) };
};

/** Sandboxes that keep nothing share theirs, as long as the process runs. */
let inMemory: Promise<Papers> | undefined;

/**
 * With what the sandbox signs its events. Made when it is first needed and kept in the sandbox's file, over restarts and
 * resets: whoever trusts the root goes on trusting it.
 */
export const openPki = (file: string) => {
  const db = new Database(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000; CREATE TABLE IF NOT EXISTS pki (papers TEXT NOT NULL)');
  const row = db.prepare('SELECT papers FROM pki').get() as { papers: string } | undefined;
  let papers = row && Promise.resolve(JSON.parse(row.papers) as Papers);
  let isOpen = true;
  const get = (): Promise<Papers> => (papers ??= file === ':memory:' ? (inMemory ??= makePapers()) : makePapers().then((made) => {
    if (isOpen) db.prepare('INSERT INTO pki (papers) VALUES (?)').run(JSON.stringify(made));
    return made;
  }));
  let key: KeyObject | undefined;

  return {
    rootPem: async (): Promise<string> => (await get()).root,
    leafDer: async (): Promise<Buffer> => Buffer.from((await get()).leaf.replace(/-----[^-]+-----|\s/g, ''), 'base64'),
    /** Base64. */
    signed: async (bytes: Buffer, hash: 'sha256' | 'sha1'): Promise<string> => {
      key ??= createPrivateKey((await get()).key);
      return sign(hash, bytes, key).toString('base64');
    },
    close: (): void => {
      isOpen = false;
      db.close();
    },
  };
};

export type Pki = ReturnType<typeof openPki>;
