import { createHash } from 'node:crypto';
import { type JWTHeaderParameters, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Log } from './http.js';
import { createSigningKeys, KeysUnavailableError, type SigningKeys } from './signing-keys.js';

export { KeysUnavailableError };

/** The caller is not the Teams channel speaking to this bot. Never say more than that to the caller. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
  constructor(options?: ErrorOptions) {
    super('The token was refused.', options);
  }
}

export type TokenCheckOptions = {
  readonly appId: string;
  readonly openIdMetadataUrl: string;
  /** Compared as it is, to the letter. */
  readonly issuer: string;
  readonly machineNow: () => Date;
  readonly log: Log;
};

export type TokenCheck = {
  /**
   * @param authorization the header as it came
   * @throws TokenRefusedError, KeysUnavailableError
   */
  check(authorization: string | undefined): Promise<{ readonly serviceUrl: string }>;
  /** Reads the keys before the first token comes. Never fails. */
  warm(): Promise<void>;
  /** Whether keys are at hand. */
  isReady(): boolean;
  /** Since the keys were read; nothing before the first time. */
  keysAgeSeconds(): number | undefined;
};

const channel = 'msteams';
const skewSeconds = 5 * 60;
const bearer = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;
const claimsSchema = z.looseObject({ aud: z.string(), serviceurl: z.string().min(1) });

/**
 * Accepts what the Bot Framework's channel service signs for this bot, and nothing else: no emulator, no skill, no token
 * that Entra gave to the bot's own registration.
 * @see Bot Connector authentication, "Authenticate requests from the Bot Connector service to your bot"
 */
export const createTokenCheck = ({ appId, openIdMetadataUrl, issuer, machineNow, log }: TokenCheckOptions): TokenCheck => {
  const keys = createSigningKeys({ openIdMetadataUrl, machineNow, log });
  const accepted = createAccepted(machineNow);

  return {
    warm: keys.warm,
    isReady: keys.isReady,
    keysAgeSeconds: keys.ageSeconds,
    check: async (authorization) => {
      try {
        const token = bearer.exec(authorization ?? '')?.[1] ?? '';
        const known = accepted.find(token);
        if (known) return known;
        const { payload, protectedHeader } = await jwtVerify(token, (header) => keyFor(header, keys), {
          algorithms: ['RS256'],
          issuer,
          audience: appId,
          clockTolerance: skewSeconds,
          requiredClaims: ['exp'],
          currentDate: machineNow(),
        });
        const [header = '', claims = ''] = token.split('.');
        if (!saysAllOnce(header, protectedHeader) || !saysAllOnce(claims, payload)) throw new TokenRefusedError();
        const serviceUrl = claimsSchema.parse(payload).serviceurl;
        accepted.keep(token, serviceUrl, Number(payload.exp));
        return { serviceUrl };
      } catch (error) {
        throw error instanceof KeysUnavailableError ? error : new TokenRefusedError({ cause: error });
      }
    },
  };
};

const mostAccepted = 10_000;
const believedForMs = 5 * 60_000;

/**
 * Teams sends the same token with every activity of an hour. One that held is believed for five minutes, and never beyond its
 * end. Kept by digest: what lies in memory signs nobody in.
 */
const createAccepted = (machineNow: () => Date) => {
  const accepted = new Map<string, { readonly serviceUrl: string; readonly from: number; readonly until: number }>();
  const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');
  return {
    find: (token: string): { readonly serviceUrl: string } | undefined => {
      const found = accepted.get(digestOf(token));
      const now = machineNow().getTime();
      return found && now >= found.from && now < found.until ? { serviceUrl: found.serviceUrl } : undefined;
    },
    keep: (token: string, serviceUrl: string, expSeconds: number): void => {
      const from = machineNow().getTime();
      const oldest = accepted.keys().next().value;
      if (accepted.size >= mostAccepted && oldest !== undefined) accepted.delete(oldest);
      accepted.set(digestOf(token), { serviceUrl, from, until: Math.min(from + believedForMs, (expSeconds + skewSeconds) * 1000) });
    },
  };
};

const keyFor = async ({ kid, crit }: JWTHeaderParameters, keys: SigningKeys) => {
  if (kid === undefined || crit !== undefined) throw new TokenRefusedError();
  const found = await keys.find(kid);
  if (!found?.endorsements.includes(channel)) throw new TokenRefusedError();
  return found.key;
};

/** Whoever names a thing twice tells two readers two things. @see RFC 7519, section 4 */
const saysAllOnce = (part: string, value: object): boolean => {
  const names = [...Buffer.from(part, 'base64url').toString().matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/g)].filter(([, colon]) => colon !== '');
  return names.length === namesIn(value);
};

const namesIn = (value: unknown): number =>
  typeof value !== 'object' || value === null ? 0 : Object.values(value).reduce<number>((count, inner) => count + namesIn(inner), Array.isArray(value) ? 0 : Object.keys(value).length);
