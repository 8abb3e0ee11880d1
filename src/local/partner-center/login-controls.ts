import { createPublicKey, X509Certificate, type JsonWebKey } from 'node:crypto';
import { z } from 'zod';
import { isGuid, type TenantId } from '../../domain/ids.js';
import { jsonIn } from './control-wire.js';
import { appOf, appThat, type Registration } from './credentials.js';
import { worded } from './login-errors.js';
import { failureCode, type LoginFailures } from './login-failures.js';
import { thumbprintsOf } from './login-proof.js';
import { parseAs } from './read-world.js';
import { AnsweredEarly, type Answered, type Asked, type Route } from './route.js';
import type { SignIn } from './sign-in.js';
import type { SignInStore } from './sign-in-store.js';
import type { State } from './state.js';
import type { Tenant } from './world.js';

const guid = z.string().refine(isGuid, 'is not a GUID');
const signInSchema = z.strictObject({ authorizeUrl: z.url(), person: guid, mfa: z.boolean().default(true) });
const failSchema = z.strictObject({ tenant: z.string(), fail: failureCode.nullable(), times: z.number().int().min(1).optional() });
const mintSchema = z.strictObject({ tenant: z.string(), ageDays: z.number().min(0).default(0), person: guid.optional(), mfa: z.boolean().default(true) });
const consentSchema = z.strictObject({ tenant: z.string(), consented: z.boolean() });
const certificateSchema = z.strictObject({ certificate: z.string() });
const federatedSchema = z.strictObject({ issuer: z.string().min(1), subject: z.string().min(1), key: z.record(z.string(), z.unknown()) });

export type LoginControlOptions = {
  readonly state: State;
  readonly store: SignInStore;
  readonly failures: LoginFailures;
  readonly findTenant: (named: string) => Tenant | undefined;
  readonly signIn: SignIn;
};

/** What moves the login service from outside; Microsoft has nothing like it. */
export const loginControls = ({ state, store, failures, findTenant, signIn }: LoginControlOptions): readonly Route[] => {
  const tenantNamed = (named: string): Tenant => findTenant(named) ?? stop(404, 'There is no such tenant in this world.');
  const appIn = ({ params }: Asked): Registration => appOf(params['clientId'] ?? '') ?? stop(404, 'There is no such app in this sandbox.');

  /** What the person does on the page, for tests without a browser. */
  const signInAs = (asked: Asked): Answered => {
    const { authorizeUrl, person, mfa } = parseAs(signInSchema, jsonIn(asked));
    const { pathname, searchParams } = new URL(authorizeUrl);
    const named = /^\/login\/([^/%]+)\/oauth2\/v2\.0\/authorize$/.exec(pathname)?.[1] ?? stop(400, 'authorizeUrl is not the address of the sign-in page.');
    const step = signIn.read(named, searchParams);
    if (step.is === 'redirect') return { status: 200, body: { redirect: step.to } };
    const outcome = step.is === 'trouble' ? step.refused : signIn.complete(step.request, person, mfa);
    return typeof outcome === 'string' ? { status: 200, body: { redirect: outcome } } : stop(outcome.status, worded(outcome).text);
  };

  const fail = (asked: Asked): Answered => {
    const { tenant, fail: code, times } = parseAs(failSchema, jsonIn(asked));
    failures.set(tenantNamed(tenant).id, code, times);
    return { status: 204 };
  };

  const mint = (asked: Asked): Answered => {
    const wish = parseAs(mintSchema, jsonIn(asked));
    const tenant = tenantNamed(wish.tenant);
    const person = wish.person === undefined
      ? tenant.people.find(({ roles }) => roles.includes('adminAgent')) ?? tenant.people[0]
      : tenant.people.find(({ id }) => id === wish.person?.toLowerCase()) ?? stop(404, 'There is no such person in that tenant.');
    const app = appThat(tenant.csp ? 'partner' : 'directory');
    const refreshToken = store.keep({
      app: app.is, tenant: tenant.id, ...(person && { person: person.id }), mfa: wish.mfa, scope: 'openid profile offline_access',
      issued: new Date(state.now().getTime() - wish.ageDays * 86_400_000).toISOString(),
    });
    return { status: 201, body: { refreshToken } };
  };

  const consent = (asked: Asked): Answered => {
    const { tenant, consented } = parseAs(consentSchema, jsonIn(asked));
    const id: TenantId = tenantNamed(tenant).id;
    state.setConsent(id, consented);
    return { status: 200, body: { tenant: id, consented } };
  };

  const addCertificate = (asked: Asked): Answered => {
    const { clientId } = appIn(asked);
    const certificate = certificateIn(parseAs(certificateSchema, jsonIn(asked)).certificate);
    const [sha1, sha256] = thumbprintsOf(certificate);
    store.addCertificate({ clientId, pem: certificate.toString() }, sha256);
    return { status: 201, body: { x5t: sha1, 'x5t#S256': sha256, validUntil: new Date(certificate.validTo).toISOString() } };
  };

  const addFederated = (asked: Asked): Answered => {
    const { clientId } = appIn(asked);
    const { issuer, subject, key } = parseAs(federatedSchema, jsonIn(asked));
    store.addFederated({ clientId, issuer, subject, key: publicPartOf(key) });
    return { status: 201, body: { issuer, subject } };
  };

  return [
    { method: 'post', path: '/sandbox/sign-in', answer: signInAs },
    { method: 'post', path: '/sandbox/login', answer: fail },
    { method: 'post', path: '/sandbox/refresh-tokens', answer: mint },
    { method: 'post', path: '/sandbox/consent', answer: consent },
    { method: 'post', path: '/sandbox/apps/:clientId/certificates', answer: addCertificate },
    { method: 'post', path: '/sandbox/apps/:clientId/federated', answer: addFederated },
  ];
};

const stop = (status: number, error: string): never => {
  throw new AnsweredEarly({ status, body: { error } });
};

const certificateIn = (pem: string): X509Certificate => {
  try {
    return new X509Certificate(pem);
  } catch {
    return stop(400, 'certificate is not a certificate in PEM form.');
  }
};

const publicPartOf = (key: JsonWebKey): JsonWebKey => {
  const wrong = 'key is not a public RSA key as a JWK.';
  if (key.kty !== 'RSA') return stop(400, wrong);
  try {
    return createPublicKey({ key, format: 'jwk' }).export({ format: 'jwk' });
  } catch {
    return stop(400, wrong);
  }
};
