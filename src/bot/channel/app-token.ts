import { z } from 'zod';
import { MessengerUnavailableError } from '../../commands/ports.js';
import { call, jsonIn, type Log, type Reply } from './http.js';

export type AppTokenOptions = {
  readonly appId: string;
  readonly appPassword: string;
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
};

const earlyMs = 5 * 60_000;
const tokenSchema = z.looseObject({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const refusalSchema = z.looseObject({ error: z.string().max(60) });

/** The bot's own token for speaking to Teams: kept until five minutes before its end, one request for it at a time. */
export const createAppToken = (options: AppTokenOptions): AppToken => {
  const { machineNow, log } = options;
  let kept: { readonly token: string; readonly until: number } | undefined;
  let asking: Promise<string> | undefined;

  const ask = async (): Promise<string> => {
    const reply = await askLogin(options).catch((cause: unknown) => {
      log.warn({ error: cause }, 'The login service cannot be reached, so nothing can be sent to Teams.');
      throw new MessengerUnavailableError(undefined, { cause });
    });
    const given = tokenSchema.safeParse(jsonIn(reply.text)).data;
    if (reply.status !== 200 || !given) {
      const reason = refusalSchema.safeParse(jsonIn(reply.text)).data?.error;
      log.error({ status: reply.status, reason }, 'The login service gave the bot no token. Check its app id, tenant and password.');
      throw new MessengerUnavailableError();
    }
    kept = { token: given.access_token, until: machineNow().getTime() + given.expires_in * 1000 - earlyMs };
    return given.access_token;
  };

  return {
    current: async () => {
      if (kept && machineNow().getTime() < kept.until) return kept.token;
      return (asking ??= ask().finally(() => { asking = undefined; }));
    },
    forget: () => { kept = undefined; },
  };
};

const askLogin = ({ appId, appPassword, tokenTenant, loginUrl, oauthScope }: AppTokenOptions): Promise<Reply> =>
  call(`${loginUrl}/${encodeURIComponent(tokenTenant)}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: appPassword,
      scope: `${oauthScope}/.default`,
    }).toString(),
  });
