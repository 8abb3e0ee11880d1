import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AuthorityUnavailableError } from '../commands/ports.js';
import type { TenantId } from '../domain/ids.js';
import { placesOf } from './accounts.js';
import { isDone, NoConsentError, readAs, unexpected } from './answers.js';
import { createCaller } from './caller.js';
import { NotJsonError, UnexpectedStatusError } from './errors.js';
import { readIdToken, type SignedIn } from './id-token.js';
import type { App, MicrosoftOptions, PartnerAccount, Places } from './options.js';
import { createTokens, proofOf } from './tokens.js';

/** What one sign-in is asked with: random text of 32 bytes and more, used once, and the page to which Microsoft answers. */
export type Question = { readonly state: string; readonly nonce: string; readonly verifier: string; readonly redirectUri: string };
/** The code Microsoft answered with, and what only the asker knows. */
export type Reply = Omit<Question, 'state'> & { readonly code: string };

/** Why a sign-in does not count. `code` is Microsoft's or ours and holds nothing of the person, the code or a token. */
export type NotSignedIn = {
  readonly is: 'otherTenant' | 'guest' | 'noSecondFactor' | 'notAllowed' | 'tooOld' | 'untrusted' | 'refused';
  readonly code?: string;
};

export type SigningIn = {
  /** A user for one partner, who stays: the refresh token goes into `signIns` and nowhere else. */
  readonly partner: {
    /** Microsoft's page. @throws Error for a partner without a user of its own */
    address(partner: TenantId, question: Question): string;
    /** @throws AuthorityUnavailableError when Microsoft gave no usable answer: nothing was kept */
    finish(partner: TenantId, reply: Reply): Promise<{ readonly is: 'kept' } | NotSignedIn>;
  };
  /** Somebody who only shows who they are. */
  readonly person: {
    address(tenant: TenantId, question: Question): string;
    /** @throws AuthorityUnavailableError */
    finish(tenant: TenantId, reply: Reply): Promise<{ readonly is: 'shown'; readonly who: SignedIn } | NotSignedIn>;
  };
  /** An administrator lets the directory app read. */
  readonly consent: {
    address(tenant: TenantId | undefined, question: Pick<Question, 'state' | 'redirectUri'>): string;
    /** Tried by reading there. @throws AuthorityUnavailableError when that cannot be told */
    isGiven(tenant: TenantId): Promise<boolean>;
  };
};

const tokenAnswer = z.looseObject({ id_token: z.string().min(1), access_token: z.string().min(1).optional(), refresh_token: z.string().min(1).optional() });
const tokenRefusal = z.looseObject({ error: z.string().regex(/^[\w.-]{1,60}$/).catch('unknown'), error_codes: z.array(z.number()).default([]).catch([]) });
const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** A second factor is asked for, has to be set up, or was asked for elsewhere. @see Microsoft Entra authentication and authorization error codes */
const secondFactorCodes: readonly number[] = [50072, 50074, 50076, 50079, 50158];
/** The code is over, was redeemed, or was never one. */
const codeCodes: readonly number[] = [54005, 70000, 70008];

type Registration = { readonly app: App; readonly scope: string; readonly at?: Places };

/** People at the login service: the addresses to which they are sent, and what their answers are worth. */
export const createSigningIn = (options: MicrosoftOptions): SigningIn => {
  const { accounts, directoryApp, graphUrl, loginUrl, machineNow, partnerCenterUrl, signIns } = options;
  const call = createCaller(options);
  const tokens = createTokens(call, options);

  const ofPartner = (tenant: TenantId): Registration => {
    const account: PartnerAccount | undefined = accounts.find((one) => one.tenant === tenant && one.user === 'kept');
    if (!account) throw new Error('No user signs in for that tenant.');
    const at = placesOf(options, account);
    return { app: account, scope: `${(at ?? { partnerCenterUrl }).partnerCenterUrl}/user_impersonation offline_access openid profile`, ...(at && { at }) };
  };
  const ofPerson: Registration = { app: directoryApp, scope: 'openid profile' };
  const loginOf = ({ at }: Registration): string => at?.loginUrl ?? loginUrl;

  const address = (tenant: TenantId, registration: Registration, { state, nonce, verifier, redirectUri }: Question): string =>
    withQuery(`${loginOf(registration)}/${tenant}/oauth2/v2.0/authorize`, {
      client_id: registration.app.clientId, response_type: 'code', response_mode: 'query', redirect_uri: redirectUri, scope: registration.scope, state, nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', prompt: 'select_account',
    });

  /** @see Microsoft identity platform docs, "OAuth 2.0 authorization code flow" */
  const redeem = async (tenant: TenantId, registration: Registration, { code, nonce, verifier, redirectUri }: Reply) => {
    const { app, scope, at } = registration;
    const there = { params: { tenant }, ...(at && { at }) };
    const proof = await proofOf(app, `${loginOf(registration)}/${tenant}/oauth2/v2.0/token`);
    const answer = await call('codeForTokens', {
      ...there, body: { client_id: app.clientId, ...proof, grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier, scope },
    });
    if (!isDone(answer)) return refusalIn(answer.body);
    const given = tokenAnswer.safeParse(answer.body).data;
    if (!given) return { is: 'untrusted', code: 'id_token' } as const;
    const { keys } = readAs(keySet, 'signingKeys', await call('signingKeys', there));
    const who = await readIdToken(given.id_token, { keys: { keys }, loginUrl: loginOf(registration), clientId: app.clientId, nonce, now: machineNow() });
    if ('untrusted' in who) return { is: 'untrusted', code: who.untrusted } as const;
    if (who.tenant !== tenant) return { is: 'otherTenant' } as const;
    return { is: 'signedIn', who, accessToken: given.access_token, refreshToken: given.refresh_token } as const;
  };

  /** A read for which Partner Center wants a person with a second factor; a token alone does not say whether there was one. */
  const tryOut = async (accessToken: string, at: Places | undefined): Promise<NotSignedIn | undefined> => {
    const asking = { token: { current: async () => accessToken, forget: () => undefined }, ...(at && { at }) };
    const answer = await call('legalBusinessProfile', asking).catch((error: unknown) => {
      const { cause } = error instanceof AuthorityUnavailableError ? error.about : {};
      if ((cause instanceof UnexpectedStatusError || cause instanceof NotJsonError) && cause.status === 401) return undefined;
      throw error;
    });
    if (!answer) return { is: 'noSecondFactor' };
    if (answer.status === 403) return { is: 'notAllowed' };
    if (!isDone(answer)) throw unexpected('legalBusinessProfile', answer);
    return undefined;
  };

  return {
    partner: {
      address: (partner, question) => address(partner, ofPartner(partner), question),
      finish: async (partner, reply) => {
        const registration = ofPartner(partner);
        if (!signIns) throw new Error('Nowhere to keep a sign-in.');
        const redeemed = await redeem(partner, registration, reply);
        if (redeemed.is !== 'signedIn') return redeemed;
        if (redeemed.who.isGuest) return { is: 'guest' };
        const { accessToken, refreshToken } = redeemed;
        if (accessToken === undefined || refreshToken === undefined) return { is: 'refused', code: 'offline_access' };
        const refused = await tryOut(accessToken, registration.at);
        if (refused) return refused;
        await signIns.keep(partner, refreshToken);
        return { is: 'kept' };
      },
    },
    person: {
      address: (tenant, question) => address(tenant, ofPerson, question),
      finish: async (tenant, reply) => {
        const redeemed = await redeem(tenant, ofPerson, reply);
        return redeemed.is === 'signedIn' ? { is: 'shown', who: redeemed.who } : redeemed;
      },
    },
    consent: {
      /** @see Microsoft identity platform docs, "Admin consent on the Microsoft identity platform" */
      address: (tenant, { state, redirectUri }) =>
        withQuery(`${loginUrl}/${tenant ?? 'organizations'}/v2.0/adminconsent`, { client_id: directoryApp.clientId, scope: `${graphUrl}/.default`, redirect_uri: redirectUri, state }),
      isGiven: async (tenant) => {
        try {
          const answer = await call('organization', { token: tokens(tenant, graphUrl, directoryApp), lane: tenant, query: { $select: 'id' } });
          if (!isDone(answer)) throw unexpected('organization', answer);
          return true;
        } catch (error) {
          if (error instanceof NoConsentError) return false;
          throw error;
        }
      },
    },
  };
};

// A blank as %20: a plus is a blank in a form only.
const withQuery = (address: string, query: Readonly<Record<string, string>>): string =>
  `${address}?${Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;

const refusalIn = (body: unknown): NotSignedIn => {
  const { error, error_codes: codes } = tokenRefusal.safeParse(body).data ?? { error: 'unknown', error_codes: [] };
  const code = codes.length > 0 ? `AADSTS${codes[0]}` : error;
  if (codes.some((one) => secondFactorCodes.includes(one))) return { is: 'noSecondFactor', code };
  return { is: codes.some((one) => codeCodes.includes(one)) ? 'tooOld' : 'refused', code };
};
