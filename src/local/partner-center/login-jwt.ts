import { constants, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { parsed } from './route.js';

const text = z.string();
const header = z.looseObject({ alg: text, x5t: text.optional(), 'x5t#S256': text.optional() });
const claims = z.looseObject({ iss: text, sub: text, aud: text, jti: text.optional(), exp: z.number(), nbf: z.number().optional() });

export type Jwt = {
  readonly header: z.output<typeof header>;
  readonly claims: z.output<typeof claims>;
  readonly signedText: string;
  readonly signature: Buffer;
};

/** `undefined` for what is no JWT, or lacks one of `iss`, `sub`, `aud` and `exp`. */
export const readJwt = (token: string): Jwt | undefined => {
  const [first = '', second = '', third = '', ...more] = token.split('.');
  const part = (encoded: string): unknown => parsed(Buffer.from(encoded, 'base64url').toString());
  const [head, body] = [header.safeParse(part(first)).data, claims.safeParse(part(second)).data];
  return head && body && more.length === 0 ? { header: head, claims: body, signedText: `${first}.${second}`, signature: Buffer.from(third, 'base64url') } : undefined;
};

const ways = {
  RS256: {},
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
} as const;

/** RS256 or PS256, as Microsoft takes them; anything else is no signature. */
export const isSignedBy = (key: KeyObject, { header: { alg }, signedText, signature }: Jwt): boolean =>
  (alg === 'RS256' || alg === 'PS256') && key.asymmetricKeyType === 'rsa' && verify('sha256', Buffer.from(signedText), { key, ...ways[alg] }, signature);

/** With the five minutes by which clocks may differ. */
export const isInTime = ({ claims: { exp, nbf } }: Jwt, now: Date): boolean => {
  const seconds = now.getTime() / 1000;
  return exp > seconds - 300 && (nbf ?? 0) <= seconds + 300;
};
