import { createHash } from 'node:crypto';
import { partnerApp, type directoryApp } from '../../../src/local/partner-center/credentials.js';
import type { OpenSandbox } from './a-sandbox.js';

export type Tokens = {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly token_type: string;
  readonly expires_in: unknown;
  readonly expires_on?: unknown;
  readonly scope?: string;
  readonly resource?: string;
  readonly error?: string;
  readonly suberror?: string;
  readonly error_codes?: number[];
  readonly error_description?: string;
};
export type Told = { readonly status: number; readonly body: Tokens };

export const CALLBACK = 'http://localhost:3978/sign-in/callback';
export const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-0123456789';
export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

type Asking = { readonly tenant?: string; readonly app?: typeof directoryApp | typeof partnerApp; readonly scope?: string; readonly more?: Record<string, string> };

/** An app of somebody who signs in: asks, redeems, refreshes. */
export const appAt = (sandbox: OpenSandbox) => {
  const partnerCenter = `${sandbox.partnerCenterUrl}/user_impersonation openid profile offline_access`;
  const authorizeUrl = ({ tenant = 'organizations', app = partnerApp, scope = partnerCenter, more = {} }: Asking = {}): string => {
    const query = new URLSearchParams({
      client_id: app.clientId, response_type: 'code', redirect_uri: CALLBACK, scope, state: 'kept', nonce: 'once', code_challenge: challengeOf(VERIFIER), code_challenge_method: 'S256', response_mode: 'query', ...more,
    });
    return `${sandbox.loginUrl}/${tenant}/oauth2/v2.0/authorize?${query.toString()}`;
  };
  const token = async (tenant: string, form: Record<string, string>, version: 1 | 2 = 2): Promise<Told> => {
    const answer = await fetch(`${sandbox.loginUrl}/${tenant}/oauth2/${version === 2 ? 'v2.0/' : ''}token`, { method: 'POST', body: new URLSearchParams(form) });
    return { status: answer.status, body: (await answer.json()) as Tokens };
  };
  const secretOf = ({ clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string }) => ({ client_id: clientId, client_secret: clientSecret });
  const codeFor = async (person: string, asking: Asking & { readonly mfa?: boolean } = {}): Promise<string> => {
    const { body } = await sandbox.control('POST', 'sign-in', { authorizeUrl: authorizeUrl(asking), person, ...(asking.mfa !== undefined && { mfa: asking.mfa }) });
    return new URL(body['redirect']).searchParams.get('code') ?? '';
  };
  const redeem = (tenant: string, code: string, { app = partnerApp, more = {}, version = 2 }: Asking & { readonly version?: 1 | 2 } = {}): Promise<Told> =>
    token(tenant, { ...secretOf(app), grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: VERIFIER, ...more }, version);
  const refresh = (tenant: string, refreshToken = '', { app = partnerApp, version = 1, more = {} }: Asking & { readonly version?: 1 | 2 } = {}): Promise<Told> =>
    token(tenant, { ...secretOf(app), grant_type: 'refresh_token', refresh_token: refreshToken, ...(version === 1 && { resource: sandbox.partnerCenterUrl }), ...more }, version);
  const signedIn = async (tenant: string, person: string, asking: Asking & { readonly mfa?: boolean } = {}): Promise<Tokens> =>
    (await redeem(tenant, await codeFor(person, { tenant, ...asking }), asking)).body;
  /** The status with which a service answers that token. */
  const opens = async (address: string, accessToken: string): Promise<number> => (await fetch(address, { headers: { authorization: `Bearer ${accessToken}` } })).status;
  return { authorizeUrl, token, secretOf, codeFor, redeem, refresh, signedIn, opens };
};

/** What an answer of the token endpoint came down to. */
export const gist = ({ status, body }: Told): readonly unknown[] => [status, body.error, body.error_codes?.[0]];
