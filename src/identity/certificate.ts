import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';

/** A PEM text that holds no private key (RSA of 2048 bits or more in PKCS #8, unencrypted) or no certificate of that key. */
export class CertificateUnusableError extends Error {
  override readonly name = 'CertificateUnusableError';
  constructor(missing: 'private key' | 'certificate', options?: ErrorOptions) {
    super(`The PEM text holds no usable ${missing}.`, options);
  }
}

export type AppCertificate = {
  /** A proof for one token endpoint, good for five minutes. */
  proof(clientId: string, tokenEndpoint: string): Promise<string>;
  readonly validUntil: Date;
};

const minutes = 5;
const fewestBits = 2048;
const between = (kind: string): RegExp => new RegExp(`-----BEGIN ${kind}-----[\\s\\S]+?-----END ${kind}-----`, 'g');

/**
 * A registration's certificate with its private key.
 * @param thumbprint of the certificate (SHA-1, hexadecimal), when the text holds the key alone, as the Bot Framework's settings do
 * @throws CertificateUnusableError
 * @see Microsoft identity platform docs, "Certificate credentials"
 */
export const readCertificate = async (pem: string, machineNow: () => Date, thumbprint?: string): Promise<AppCertificate> => {
  const text = pem.replaceAll('\\n', '\n');
  const keyText = between('PRIVATE KEY').exec(text)?.[0];
  if (keyText === undefined) throw new CertificateUnusableError('private key');
  const key = await importPKCS8(keyText, 'PS256').catch((cause: unknown) => { throw new CertificateUnusableError('private key', { cause }); });
  if (bitsOf(keyText) < fewestBits) throw new CertificateUnusableError('private key');
  const { named, validUntil } = namesIn(text.match(between('CERTIFICATE')) ?? [], keyText, thumbprint);
  return {
    validUntil,
    proof: (clientId, tokenEndpoint) => {
      const now = Math.floor(machineNow().getTime() / 1000);
      return new SignJWT({ sub: clientId }).setProtectedHeader({ alg: 'PS256', typ: 'JWT', ...named }).setIssuer(clientId).setAudience(tokenEndpoint)
        .setJti(randomUUID()).setIssuedAt(now).setNotBefore(now - 60).setExpirationTime(now + minutes * 60).sign(key);
    },
  };
};

const bitsOf = (keyText: string): number => createPrivateKey(keyText).asymmetricKeyDetails?.modulusLength ?? 0;

/** The text may hold a whole chain: the certificate is the one that belongs to the key. */
const namesIn = (certificates: readonly string[], keyText: string, thumbprint: string | undefined): { readonly named: Readonly<Record<string, string>>; readonly validUntil: Date } => {
  const hex = thumbprint?.replaceAll(/[^0-9a-f]/gi, '');
  if (certificates.length === 0 && hex?.length === 40) return { named: { x5t: Buffer.from(hex, 'hex').toString('base64url') }, validUntil: new Date(8.64e15) };
  try {
    const key = createPrivateKey(keyText);
    const own = certificates.map((text) => new X509Certificate(text)).find((one) => one.checkPrivateKey(key));
    if (!own) throw new CertificateUnusableError('certificate');
    const digest = (algorithm: string): string => createHash(algorithm).update(own.raw).digest('base64url');
    return { named: { 'x5t#S256': digest('sha256'), x5t: digest('sha1') }, validUntil: new Date(own.validTo) };
  } catch (cause) {
    throw new CertificateUnusableError('certificate', { cause });
  }
};
