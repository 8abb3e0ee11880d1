import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import type { Registration } from './credentials.js';
import { refusals, type LoginRefusal } from './login-errors.js';
import { isInTime, isSignedBy, readJwt, type Jwt } from './login-jwt.js';
import type { Federated, SignInStore } from './sign-in-store.js';

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const exchangeAudience = /^api:\/\/AzureADTokenExchange(USGov|China)?$/;

export const thumbprintsOf = ({ raw }: X509Certificate): readonly [sha1: string, sha256: string] => {
  const digest = (algorithm: string): string => createHash(algorithm).update(raw).digest('base64url');
  return [digest('sha1'), digest('sha256')];
};

export type Proofs = {
  readonly store: Pick<SignInStore, 'certificates' | 'federated'>;
  /** The sandbox's own managed identity, which every app trusts. */
  readonly ownIdentity: () => Omit<Federated, 'clientId'>;
  readonly machineNow: () => Date;
  /** Whether an assertion with this `aud` was made for the token endpoint of the asked tenant. */
  readonly isForEndpoint: (audience: string) => boolean;
};

/**
 * Whether an app is what it says: by its secret, by its certificate, or by an identity that it trusts.
 * @returns nothing when it is
 * @see Microsoft identity platform docs, "Certificate credentials", "Workload identity federation"
 */
export const whyNotProven = (app: Registration, form: URLSearchParams, proofs: Proofs): LoginRefusal | undefined => {
  const assertion = form.get('client_assertion');
  if (assertion === null) {
    if (!form.has('client_secret')) return refusals.noProof;
    return form.get('client_secret') === app.clientSecret ? undefined : refusals.wrongSecret(app);
  }
  const jwt = form.get('client_assertion_type') === assertionType ? readJwt(assertion) : undefined;
  if (!jwt) return refusals.malformedAssertion;
  return jwt.claims.iss.toLowerCase() === app.clientId ? byCertificate(app, jwt, proofs) : byIdentity(app, jwt, proofs);
};

const byCertificate = ({ clientId }: Registration, jwt: Jwt, { store, machineNow, isForEndpoint }: Proofs): LoginRefusal | undefined => {
  const { header, claims } = jwt;
  const named = header['x5t#S256'] ?? header.x5t ?? '';
  const certificate = store.certificates(clientId).map(({ pem }) => new X509Certificate(pem)).find((one) => named !== '' && thumbprintsOf(one).includes(named));
  if (!certificate) return refusals.wrongSignature('The key was not found.', named);
  if (Date.parse(certificate.validTo) <= machineNow().getTime()) return refusals.wrongSignature('The key used is expired.', named);
  if (!isSignedBy(certificate.publicKey, jwt)) return refusals.wrongSignature('Client assertion failed signature validation.', named);
  if (claims.sub.toLowerCase() !== clientId) return refusals.assertionApp;
  if (!isForEndpoint(claims.aud)) return refusals.assertionAudience;
  if (!isInTime(jwt, machineNow())) return refusals.assertionTime;
  return claims.jti === undefined ? refusals.malformedAssertion : undefined;
};

const byIdentity = ({ clientId }: Registration, jwt: Jwt, { store, ownIdentity, machineNow }: Proofs): LoginRefusal | undefined => {
  const { iss, sub, aud } = jwt.claims;
  const trusted = [...store.federated(clientId), ownIdentity()].find(({ issuer, subject }) => issuer === iss && subject === sub);
  if (!trusted) return refusals.noFederation(iss, sub);
  if (!exchangeAudience.test(aud)) return refusals.federationAudience(aud);
  if (!isSignedBy(createPublicKey({ key: trusted.key, format: 'jwk' }), jwt)) return refusals.wrongSignature('Client assertion failed signature validation.', '');
  return isInTime(jwt, machineNow()) ? undefined : refusals.assertionTime;
};
