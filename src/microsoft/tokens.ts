import { z } from 'zod';
import { AuthorityUnavailableError, SignInNeededError } from '../commands/ports.js';
import type { TenantId } from '../domain/ids.js';
import { isDone, NoConsentError } from './answers.js';
import type { Answer, Caller, TokenSource } from './caller.js';
import { UnexpectedStatusError } from './errors.js';
import type { App, MicrosoftOptions, PartnerAccount, Places } from './options.js';

/** Tokens for one tenant and one resource (the base address of Partner Center or Graph). */
export type Tokens = (tenant: TenantId, resource: string, account: Account) => TokenSource;

/** An app alone, or an app with the user who signed in for its tenant. */
export type Account = App & Pick<PartnerAccount, 'refreshToken' | 'user'> & { readonly at?: Places };

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

/** The refresh token is over, was taken back, or came without the second factor that is asked for now. */
const userErrors: readonly string[] = ['invalid_grant', 'interaction_required'];

type Kept = { readonly token: string; readonly until: number };

/** Kept until two minutes before their end; whoever asks at the same time shares one request. */
export const createTokens = (call: Caller, { machineNow, signIns, loginUrl }: Pick<MicrosoftOptions, 'machineNow' | 'signIns' | 'loginUrl'>): Tokens => {
  const kept = new Map<string, Kept>();
  const asked = new Map<string, Promise<string>>();
  // Each use of a refresh token gives a new one.
  const refreshTokens = new Map<string, string>();

  return (tenant, resource, account) => {
    const { clientId, refreshToken, user, at } = account;
    const name = `${tenant} ${clientId}`;
    const key = `${name} ${resource} ${user ?? ''}`;

    const request = async (grant: Readonly<Record<string, string>>): Promise<{ readonly token: string; readonly refreshToken?: string }> => {
      const proof = await proofOf(account, `${at?.loginUrl ?? loginUrl}/${tenant}/oauth2/token`);
      const answer = await call('token', { params: { tenant }, body: { client_id: clientId, ...proof, resource, ...grant }, ...(at && { at }) });
      const token = given.safeParse(answer.body).data;
      if (!isDone(answer) || !token) throw noToken(answer);
      kept.set(key, { token: token.access_token, until: machineNow().getTime() + token.expires_in * 1000 - earlyMs });
      return { token: token.access_token, ...(token.refresh_token && { refreshToken: token.refresh_token }) };
    };
    const refresh = (newest: string) => request({ grant_type: 'refresh_token', refresh_token: newest, scope: 'openid' });

    const ask = async (): Promise<string> => {
      if (user === 'kept') return askAsUser();
      if (refreshToken === undefined) return (await request({ grant_type: 'client_credentials' })).token;
      const { token, refreshToken: next } = await refresh(refreshTokens.get(name) ?? refreshToken);
      if (next) refreshTokens.set(name, next);
      return token;
    };

    const askAsUser = async (): Promise<string> => {
      if (!signIns) throw new SignInNeededError('token');
      return signIns.redeem(tenant, async (newest, refuse) => {
        const { token, refreshToken: next } = await refresh(newest).catch(async (error: unknown) => {
          if (error instanceof SignInNeededError && error.about.cause instanceof UnexpectedStatusError) await refuse(error.about.cause.serviceCode);
          throw error;
        });
        return { outcome: token, ...(next && { refreshToken: next }) };
      });
    };

    return {
      current: () => {
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

/** What shows that the app is itself. @see Microsoft identity platform docs, "Certificate credentials" */
export const proofOf = async ({ clientSecret, assertion }: App, tokenEndpoint: string): Promise<Readonly<Record<string, string>>> =>
  assertion
    ? { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: await assertion(tokenEndpoint) }
    : { client_secret: clientSecret ?? '' };

const noToken = ({ status, body, correlationId }: Answer): AuthorityUnavailableError => {
  const { error, error_codes: codes } = refused.safeParse(body).data ?? { error: '', error_codes: [] };
  const about = { correlationId, cause: new UnexpectedStatusError(status, [error, ...codes].join(' ')) };
  if (codes.some((code) => noConsentCodes.includes(code))) return new NoConsentError('token', about);
  return new (userErrors.includes(error) ? SignInNeededError : AuthorityUnavailableError)('token', about);
};
