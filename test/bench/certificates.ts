import { KeyObject, webcrypto } from 'node:crypto';
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 };
const newKeys = (): Promise<webcrypto.CryptoKeyPair> => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

/** A certificate authority that lives for one run, and what `localhost` shows under it. All PEM. */
export const makeCertificates = async (): Promise<{ readonly ca: string; readonly cert: string; readonly key: string }> => {
  const [authority, server] = await Promise.all([newKeys(), newKeys()]);
  const during = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000), signingAlgorithm: algorithm };
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...during, name: 'CN=Bench', keys: authority,
    extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
  });
  const own = await X509CertificateGenerator.create({
    ...during, subject: 'CN=localhost', issuer: ca.subject, publicKey: server.publicKey, signingKey: authority.privateKey,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
  });
  return { ca: ca.toString('pem'), cert: own.toString('pem'), key: KeyObject.from(server.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString() };
};
