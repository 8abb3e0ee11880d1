import { z } from 'zod';
import { AuthorityUnavailableError } from '../commands/ports.js';
import type { TenantId } from '../domain/ids.js';
import { isDone, NoConsentError } from './answers.js';
import type { Answer, Caller, TokenSource } from './caller.js';
import { UnexpectedStatusError } from './errors.js';

export type Credentials = { readonly clientId: string; readonly clientSecret: string; readonly refreshToken?: string };

/** Tokens for one tenant and one resource (the base address of Partner Center or Graph). */
export type Tokens = (tenant: TenantId, resource: string, credentials: Credentials) => TokenSource;

const earlyMs = 120_000;

// Version 1 of the endpoint writes numbers as text.
const given = z.looseObject({ access_token: z.string().min(1), expires_in: z.coerce.number().positive(), refresh_token: z.string().min(1).nullish() });
const refused = z.looseObject({ error: z.string().default(''), error_codes: z.array(z.number()).default([]) });

/**
 * The app is not consented (65001), not known in that tenant (700016), has no service principal there (7000229), or the
 * tenant does not exist in this cloud (90002).
 * @see Microsoft Entra authentication and authorization error codes
 */
const noConsentCodes: readonly number[] = [65001, 700016, 7000229, 90002];

type Kept = { readonly token: string; readonly until: number };

/** Kept until two minutes before their end; whoever asks at the same time shares one request. */
export const createTokens = (call: Caller, machineNow: () => Date): Tokens => {
  const kept = new Map<string, Kept>();
  const asked = new Map<string, Promise<string>>();
  // Each use of a refresh token gives a new one.
  const refreshTokens = new Map<string, string>();

  return (tenant, resource, { clientId, clientSecret, refreshToken }) => {
    const account = `${tenant} ${clientId}`;
    const key = `${account} ${resource}`;

    const ask = async (): Promise<string> => {
      const grant: Readonly<Record<string, string>> = refreshToken === undefined
        ? { grant_type: 'client_credentials' }
        : { grant_type: 'refresh_token', refresh_token: refreshTokens.get(account) ?? refreshToken, scope: 'openid' };
      const answer = await call('token', { params: { tenant }, body: { client_id: clientId, client_secret: clientSecret, resource, ...grant } });
      const token = given.safeParse(answer.body).data;
      if (!isDone(answer) || !token) throw noToken(answer);
      if (refreshToken !== undefined && token.refresh_token) refreshTokens.set(account, token.refresh_token);
      kept.set(key, { token: token.access_token, until: machineNow().getTime() + token.expires_in * 1000 - earlyMs });
      return token.access_token;
    };

    return {
      current: async () => {
        const have = kept.get(key);
        if (have && machineNow().getTime() < have.until) return have.token;
        const asking = asked.get(key) ?? ask().finally(() => asked.delete(key));
        asked.set(key, asking);
        return asking;
      },
      forget: (token) => {
        if (kept.get(key)?.token === token) kept.delete(key);
      },
    };
  };
};

const noToken = ({ status, body, correlationId }: Answer): AuthorityUnavailableError => {
  const { error, error_codes: codes } = refused.safeParse(body).data ?? { error: '', error_codes: [] };
  const about = { correlationId, cause: new UnexpectedStatusError(status, [error, ...codes].join(' ')) };
  return new (codes.some((code) => noConsentCodes.includes(code)) ? NoConsentError : AuthorityUnavailableError)('token', about);
};
