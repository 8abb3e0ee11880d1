import { z } from 'zod';
import { MessengerUnavailableError } from '../../commands/ports.js';
import { call, jsonIn, type Log, type Reply } from './http.js';

export type AppTokenOptions = {
  readonly appId: string;
  /** Exactly one of the three: a secret, a proof made for one token endpoint, or the tokens of a managed identity. */
  readonly appPassword?: string | undefined;
  readonly assertion?: ((tokenEndpoint: string) => Promise<string>) | undefined;
  readonly identityToken?: ((resource: string) => Promise<{ readonly token: string; readonly expiresInSeconds: number }>) | undefined;
  /** The tenant whose login service gives the bot its token: its own, or the Bot Framework's for a multi-tenant bot. */
  readonly tokenTenant: string;
  /** Without the tenant, e.g. `https://login.microsoftonline.com`. */
  readonly loginUrl: string;
  /** Without `/.default`, e.g. `https://api.botframework.com`. */
  readonly oauthScope: string;
  readonly machineNow: () => Date;
  readonly log: Log;
};

export type AppToken = {
  /** @throws MessengerUnavailableError: without a token nothing can be sent */
  current(): Promise<string>;
  /** Teams refused this one: the next send asks for another. */
  forget(): void;
  /** Since the newest one was given; nothing before the first. */
  ageSeconds(): number | undefined;
};

const earlyMs = 5 * 60_000;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const tokenSchema = z.looseObject({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const refusalSchema = z.looseObject({ error: z.string().max(60) });

/** The bot's own token for speaking to Teams: kept until five minutes before its end, one request for it at a time. */
export const createAppToken = (options: AppTokenOptions): AppToken => {
  const { machineNow, log } = options;
  let kept: { readonly token: string; readonly until: number } | undefined;
  let asking: Promise<string> | undefined;
  let givenAt: number | undefined;

  const keep = (token: string, expiresInSeconds: number): string => {
    givenAt = machineNow().getTime();
    kept = { token, until: givenAt + expiresInSeconds * 1000 - earlyMs };
    return token;
  };

  const ask = async (): Promise<string> => {
    if (options.identityToken) {
      const { token, expiresInSeconds } = await options.identityToken(options.oauthScope).catch((cause: unknown) => {
        log.error({ error: cause }, 'The managed identity gave the bot no token. Check that it is assigned to this machine.');
        throw new MessengerUnavailableError(undefined, { cause });
      });
      return keep(token, expiresInSeconds);
    }
    const reply = await askLogin(options).catch((cause: unknown) => {
      log.warn({ error: cause }, 'The login service cannot be reached, so nothing can be sent to Teams.');
      throw new MessengerUnavailableError(undefined, { cause });
    });
    const given = tokenSchema.safeParse(jsonIn(reply.text)).data;
    if (reply.status !== 200 || !given) {
      const reason = refusalSchema.safeParse(jsonIn(reply.text)).data?.error;
      log.error({ status: reply.status, reason }, 'The login service gave the bot no token. Check its app id, tenant and credential.');
      throw new MessengerUnavailableError();
    }
    return keep(given.access_token, given.expires_in);
  };

  return {
    current: async () => {
      if (kept && machineNow().getTime() < kept.until) return kept.token;
      return (asking ??= ask().finally(() => { asking = undefined; }));
    },
    forget: () => { kept = undefined; },
    ageSeconds: () => givenAt === undefined ? undefined : (machineNow().getTime() - givenAt) / 1000,
  };
};

const askLogin = async ({ appId, appPassword, assertion, tokenTenant, loginUrl, oauthScope }: AppTokenOptions): Promise<Reply> => {
  const endpoint = `${loginUrl}/${encodeURIComponent(tokenTenant)}/oauth2/v2.0/token`;
  const proof: Readonly<Record<string, string>> = assertion
    ? { client_assertion_type: assertionType, client_assertion: await assertion(endpoint) }
    : { client_secret: appPassword ?? '' };
  return call(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: appId, ...proof, scope: `${oauthScope}/.default` }).toString(),
  });
};
