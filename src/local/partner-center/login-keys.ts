import { createHash, generateKeyPairSync, sign, type JsonWebKey, type KeyObject } from 'node:crypto';

/** Claims of a JWT; times are seconds. */
export type Claims = Readonly<Record<string, unknown>>;

/** The key with which the sandbox signs; made when it is first needed, and another one after each start. */
export const createKeys = () => {
  let pair: { readonly privateKey: KeyObject; readonly jwk: JsonWebKey; readonly kid: string } | undefined;
  const key = () => {
    if (pair) return pair;
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = publicKey.export({ format: 'jwk' });
    pair = { privateKey, jwk, kid: createHash('sha256').update(JSON.stringify(jwk)).digest('base64url') };
    return pair;
  };
  return {
    /** RS256. */
    signed: (claims: Claims): string => {
      const { privateKey, kid } = key();
      const text = [{ typ: 'JWT', alg: 'RS256', kid }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
      return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
    },
    publicKey: (): JsonWebKey => key().jwk,
    /** As in `discovery/v2.0/keys`. */
    keySet: () => ({ keys: [{ ...key().jwk, use: 'sig', kid: key().kid }] }),
  };
};

export type Keys = ReturnType<typeof createKeys>;
