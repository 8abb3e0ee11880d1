import { webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';

const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]) };

/** A certificate that vouches for itself, and its key, as an operator would have made them. */
export const aPem = async ({ bits = 2048, validUntil = new Date('2028-11-23T08:00:00Z') } = {}): Promise<{ readonly key: string; readonly certificate: string }> => {
  const keys = await webcrypto.subtle.generateKey({ ...rsa, modulusLength: bits }, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=fabrikam-bot', keys, notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: validUntil, signingAlgorithm: rsa }, webcrypto,
  );
  return { key: pemOf('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)), certificate: `${certificate.toString('pem')}\n` };
};

export const pemOf = (kind: string, bytes: ArrayBuffer): string => `-----BEGIN ${kind}-----\n${Buffer.from(bytes).toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END ${kind}-----\n`;
