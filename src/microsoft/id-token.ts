import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import { z } from 'zod';
import { asPersonId, asTenantId, isGuid, type PersonId, type TenantId } from '../domain/ids.js';

/** Somebody who signed in, as Microsoft's signature vouches for it. */
export type SignedIn = {
  readonly tenant: TenantId;
  readonly person: PersonId;
  /** As the person's tenant spells it; empty when it does not say. */
  readonly name: string;
  readonly isGuest: boolean;
  /** Template ids of the directory roles active now. Missing: the token does not speak of roles, which proves nothing. */
  readonly roles?: readonly string[];
};

/** `untrusted` says in a word what was wrong, never what the token held. */
export type ReadIdToken = SignedIn | { readonly untrusted: string };

export type Expected = {
  readonly keys: JSONWebKeySet;
  /** Base address of the login service that must have signed. */
  readonly loginUrl: string;
  readonly clientId: string;
  readonly nonce: string;
  /** Machine time. */
  readonly now: Date;
};

const clockToleranceSeconds = 120;

const guid = z.string().refine(isGuid);
const claims = z.looseObject({
  iss: z.string(),
  tid: guid,
  oid: guid,
  name: z.string().nullish().catch(undefined),
  acct: z.union([z.number(), z.string()]).nullish(),
  idp: z.string().nullish(),
  wids: z.array(z.string()).nullish().catch(undefined),
});
type Claims = z.output<typeof claims>;

/**
 * Checks the signature (RS256 and nothing else), for whom the token is, by whom, until when, and that it answers our question.
 * `wids` is there when the registration says `groupMembershipClaims: DirectoryRole`, and then for people who have a role.
 * @see Microsoft identity platform docs, "ID token claims reference"; "Access token claims reference" (`wids`); "Configure group
 * claims for applications" (Directory roles)
 */
export const readIdToken = async (token: string, { keys, loginUrl, clientId, nonce, now }: Expected): Promise<ReadIdToken> => {
  let payload: JWTPayload;
  try {
    ({ payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      algorithms: ['RS256'], audience: clientId, currentDate: now, clockTolerance: clockToleranceSeconds, requiredClaims: ['exp', 'iat', 'nonce'],
    }));
  } catch (error) {
    return { untrusted: whyIn(error) };
  }
  if (payload['nonce'] !== nonce) return { untrusted: 'nonce' };
  const found = claims.safeParse(payload).data;
  if (!found) return { untrusted: 'claims' };
  if (found.iss !== `${loginUrl}/${found.tid}/v2.0`) return { untrusted: 'iss' };
  return {
    tenant: asTenantId(found.tid), person: asPersonId(found.oid), name: found.name ?? '', isGuest: isGuest(found),
    ...(found.wids && { roles: found.wids.map((role) => role.toLowerCase()) }),
  };
};

/**
 * `acct` is 1 for a guest, where the registration asks for it. `idp` names the home of somebody whose account is elsewhere: its
 * tenant's address, a domain, or `mail`.
 * @see Microsoft identity platform docs, "Optional claims reference" (`acct`) and "ID token claims reference" (`idp`)
 */
const isGuest = ({ acct, idp, tid }: Claims): boolean => {
  if (acct !== undefined && acct !== null && String(acct) !== '0') return true;
  if (idp === undefined || idp === null) return false;
  return !(URL.canParse(idp) && new URL(idp).pathname.toLowerCase().split('/').includes(tid.toLowerCase()));
};

/** jose's own name of what is wrong, and the claim. */
const whyIn = (error: unknown): string => {
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) return error.claim;
  return error instanceof errors.JOSEError ? error.code : 'signature';
};
