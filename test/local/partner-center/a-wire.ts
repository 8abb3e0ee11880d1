import { directoryApp, partnerApp } from '../../../src/local/partner-center/credentials.js';
import type { OpenSandbox } from './a-sandbox.js';

export type Said = { readonly status: number; readonly headers: Headers; readonly body: Record<string, never> & { readonly error: { readonly code: string }; readonly value: never[]; readonly items: never[]; readonly code: unknown } };
type Account = 'user' | 'app' | 'directory';

/** Microsoft's two services as a partner calls them: with a person behind the app, with the app alone, or with the app that reads directories. */
export const wireOf = (sandbox: OpenSandbox) => {
  const tokenFor = async (tenant: string, resource: string, account: Account): Promise<string> => {
    const { clientId, clientSecret } = account === 'directory' ? directoryApp : partnerApp;
    const refreshToken = sandbox.partners.find((one) => one.tenant === tenant)?.refreshToken ?? '';
    const form = { client_id: clientId, client_secret: clientSecret, resource, ...(account === 'user' ? { grant_type: 'refresh_token', refresh_token: refreshToken } : { grant_type: 'client_credentials' }) };
    const answer = await fetch(`${sandbox.loginUrl}/${tenant}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  const ask = (base: string, resource: string) => async (tenant: string, method: string, path: string, body?: unknown, account: Account = 'user', headers: Readonly<Record<string, string>> = {}): Promise<Said> => {
    const answer = await fetch(`${base}/${path}`, {
      method, headers: { authorization: `Bearer ${await tokenFor(tenant, resource, account)}`, ...headers }, ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : JSON.parse(text)) as Said['body'] };
  };
  return {
    graph: ask(`${sandbox.graphUrl}/v1.0`, sandbox.graphUrl),
    partnerCenter: ask(`${sandbox.partnerCenterUrl}/v1`, sandbox.partnerCenterUrl),
    webhooks: ask(`${sandbox.partnerCenterUrl}/webhooks/v1`, sandbox.partnerCenterUrl),
  };
};

export type Wire = ReturnType<typeof wireOf>;
