import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** The claims of a channel token; `undefined` leaves one out. Tests change them to see what the gate says. */
export type Claims = Readonly<Record<string, unknown>>;

export type Signing = {
  /** The channel's token for this bot. */
  token(claims?: Claims): Promise<string>;
  readonly jwks: { readonly keys: readonly unknown[] };
};

/** A key of its own, made at each start: tokens of an earlier run are worth nothing. */
export const createSigning = async ({ appId, issuer, serviceUrl, machineNow }: { appId: string; issuer: string; serviceUrl: () => string; machineNow: () => Date }): Promise<Signing> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = `local-${machineNow().getTime()}`;
  return {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256', endorsements: ['msteams'] }] },
    token: (claims = {}) => {
      const now = Math.floor(machineNow().getTime() / 1000);
      const all = { iss: issuer, aud: appId, serviceurl: serviceUrl(), nbf: now - 60, exp: now + 3600, ...claims };
      const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      return new SignJWT(kept).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(privateKey);
    },
  };
};
