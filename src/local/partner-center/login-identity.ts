import type { Keys } from './login-keys.js';
import type { Answered, Asked, Route } from './route.js';
import type { Federated } from './sign-in-store.js';
import { stableId } from './stable-id.js';

const lifetimeSeconds = 86_400;
const subject = stableId('managed identity');
const tenant = stableId('managed identity', 'tenant');

/** The identity of the machine the sandbox runs on, as an app trusts it. */
export const ownIdentityOf = (keys: Keys, loginUrl: () => string) => (): Omit<Federated, 'clientId'> =>
  ({ issuer: `${loginUrl()}/${tenant}/v2.0`, subject, key: keys.publicKey() });

/**
 * The endpoint on which a machine gets tokens of its managed identity: with `X-IDENTITY-HEADER: sandbox` as App Service and
 * Container Apps have it, with `Metadata: true` as a virtual machine has it.
 * @see Azure docs, "Use managed identities for App Service", "How to use managed identities on a VM to acquire a token"
 */
export const identityRoutes = (keys: Keys, loginUrl: () => string, machineNow: () => Date): readonly Route[] => {
  const token = ({ url, headers }: Asked): Answered => {
    const [resource, clientId] = [url.searchParams.get('resource'), url.searchParams.get('client_id')];
    const isService = headers['x-identity-header'] === 'sandbox';
    if (!isService && headers['metadata'] !== 'true') {
      return headers['x-identity-header'] === undefined
        ? { status: 400, body: { error: 'invalid_request', error_description: 'Required metadata header not specified' } }
        : { status: 401, body: { statusCode: 401, message: 'The X-IDENTITY-HEADER is not valid.' } };
    }
    if (!resource || !url.searchParams.has('api-version')) return { status: 400, body: { error: 'invalid_request', error_description: 'Both resource and api-version are needed' } };
    const now = Math.floor(machineNow().getTime() / 1000);
    const claims = { aud: resource, iss: `${loginUrl()}/${tenant}/v2.0`, iat: now, nbf: now, exp: now + lifetimeSeconds, oid: subject, sub: subject, tid: tenant, ver: '2.0' };
    return {
      status: 200,
      body: {
        access_token: keys.signed(claims), client_id: clientId ?? subject, expires_on: String(now + lifetimeSeconds), resource, token_type: 'Bearer',
        ...(!isService && { expires_in: String(lifetimeSeconds), ext_expires_in: String(lifetimeSeconds), not_before: String(now) }),
      },
    };
  };
  return [{ method: 'get', path: '/sandbox/identity/token', answer: token }];
};
