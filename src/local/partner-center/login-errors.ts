import { randomUUID } from 'node:crypto';
import type { Registration } from './credentials.js';
import { AnsweredEarly, type Answered } from './route.js';
import type { Tenant } from './world.js';

/** What the login service refuses: `code` is its AADSTS number, `sentence` its own wording. */
export type LoginRefusal = {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly sentence: string;
  /** Tells a client whether a person at the screen would help. */
  readonly suberror?: 'basic_action' | 'consent_required' | 'bad_token';
};

const refusal = (status: number, error: string, code: number, sentence: string, suberror?: LoginRefusal['suberror']): LoginRefusal =>
  ({ status, error, code, sentence, ...(suberror && { suberror }) });
const grant = (code: number, sentence: string, suberror?: LoginRefusal['suberror']): LoginRefusal => refusal(400, 'invalid_grant', code, sentence, suberror);
const client = (code: number, sentence: string): LoginRefusal => refusal(401, 'invalid_client', code, sentence);

const changed = 'Due to a configuration change made by your administrator, or because you moved to a new location, you must';

/** @see Microsoft Entra authentication and authorization error codes */
export const refusals = {
  noTenant: (named: string) => refusal(400, 'invalid_request', 90002, `Tenant '${named}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud`),
  missing: (parameter: string) => refusal(400, 'invalid_request', 900144, `The request body must contain the following parameter: '${parameter}'`),
  otherGrant: refusal(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type'),
  noApp: (clientId: string, where: string) => refusal(400, 'unauthorized_client', 700016, `Application with identifier '${clientId}' was not found in the directory '${where}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant`),
  noPrincipal: ({ clientId }: Registration, { id }: Tenant) => client(7000229, `The client application ${clientId} is missing service principal in the tenant ${id}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`),

  wrongSecret: ({ clientId }: Registration) => client(7000215, `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'`),
  oldSecret: ({ clientId }: Registration) => client(7000222, `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds`),
  noProof: client(7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'"),
  malformedAssertion: client(50027, 'JWT token is invalid or malformed'),
  wrongSignature: (reason: string, thumbprint: string) => client(700027, `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - ${reason}, Thumbprint of key used by client: '${thumbprint}']`),
  assertionTime: client(700024, 'Client assertion is not within its valid time range'),
  assertionAudience: client(700023, 'Client assertion audience claim does not match Realm issuer'),
  assertionApp: client(700021, "Client assertion application identifier doesn't match 'client_id' parameter"),
  noFederation: (issuer: string, subject: string) => client(700213, `No matching federated identity record found for presented assertion subject '${subject}'. Assertion Issuer: '${issuer}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion`),
  federationAudience: (audience: string) => client(700212, `No matching federated identity record found for presented assertion audience '${audience}'`),

  noCode: grant(70000, "The provided value for the 'code' parameter is not valid"),
  codeOfOtherTenant: grant(700005, 'Provided Authorization Code is intended to use against other tenant, thus rejected'),
  codeUsed: grant(54005, 'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token'),
  codeOld: grant(70008, 'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource'),
  wrongVerifier: grant(50148, 'The code_verifier does not match the code_challenge supplied in the authorization request for PKCE'),
  otherReply: (sent: string) => client(500112, `The reply address '${sent}' does not match the reply address provided when requesting Authorization code`),
  malformedRefreshToken: grant(9002313, 'Invalid request. Request is malformed or invalid'),
  inactive: (issued: string) => grant(700082, `The refresh token has expired due to inactivity. The token was issued on ${issued} and was inactive for 90.00:00:00`, 'bad_token'),
  revoked: (issued: string, now: string) => grant(50173, `The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '${issued}' and the TokensValidFrom date (before which tokens are not valid) for this user is '${now}'`, 'bad_token'),
  needsSecondFactor: (resource: string) => grant(50076, `${changed} use multi-factor authentication to access '${resource}'`, 'basic_action'),
  needsEnrolment: (resource: string) => grant(50079, `${changed} enroll in multi-factor authentication to access '${resource}'`, 'basic_action'),
  needsChallenge: grant(50158, 'External security challenge not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges', 'basic_action'),
  noConsent: ({ clientId, name }: Registration) => grant(65001, `The user or administrator has not consented to use the application with ID '${clientId}' named '${name}'. Send an interactive authorization request for this user and resource`, 'consent_required'),

  noResource: (named: string, where: string) => refusal(400, 'invalid_resource', 500011, `The resource principal named ${named} was not found in the tenant named ${where}`),
  twoResources: (scope: string) => refusal(400, 'invalid_request', 28000, `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope ${scope} is not valid`),
  notDefault: (scope: string) => refusal(400, 'invalid_scope', 1002012, `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)`),

  noReply: (app: Registration) => refusal(400, 'invalid_request', 500113, `No reply address is registered for the application '${app.clientId}'`),
  wrongReply: (sent: string, app: Registration) => refusal(400, 'invalid_request', 50011, `The redirect URI '${sent}' specified in the request does not match the redirect URIs configured for the application '${app.clientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal`),
  otherResponse: (type: string) => refusal(400, 'unsupported_response_type', 700054, `response_type '${type}' is not enabled for the application`),
  otherMode: (mode: string) => refusal(400, 'invalid_request', 70007, `'${mode}' is not a supported value of 'response_mode' when requesting a token`),
  otherChallenge: (method: string) => refusal(400, 'invalid_request', 501491, `The code challenge method '${method}' or its challenge is not valid; the sandbox takes S256`),
  otherPrompt: (prompt: string) => refusal(400, 'invalid_request', 90023, `Unsupported 'prompt' value: '${prompt}'`),
  nobodySignedIn: refusal(400, 'login_required', 50058, 'Session information is not sufficient for single-sign-on'),
  notInTenant: (who: string, where: string) => refusal(400, 'invalid_request', 50020, `User account '${who}' from identity provider does not exist in tenant '${where}' and cannot access the application in that tenant`),
  blocked: grant(50057, 'The user account is disabled'),
  needsAdmin: ({ name }: Registration) => refusal(400, 'access_denied', 90094, `${name} needs permission to access resources in your organization that only an admin can grant`),
  cancelled: refusal(400, 'access_denied', 65004, 'User declined to consent to access the app'),
} as const;

/** `AADSTS…: …`, with the ids by which Microsoft's support would find it. */
export const worded = ({ code, sentence }: LoginRefusal): { readonly text: string; readonly traceId: string; readonly correlationId: string; readonly timestamp: string } => {
  const [traceId, correlationId, timestamp] = [randomUUID(), randomUUID(), `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`];
  return { text: `AADSTS${code}: ${sentence}. Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`, traceId, correlationId, timestamp };
};

/** Version 1 of the endpoint calls a missing second factor by another name. */
export const answerOf = (refused: LoginRefusal, version: 1 | 2 = 2): Answered => {
  const { text, traceId, correlationId, timestamp } = worded(refused);
  const { status, error, code, suberror } = refused;
  return {
    status,
    body: {
      error: suberror === 'basic_action' && version === 1 ? 'interaction_required' : error, error_description: text, error_codes: [code],
      timestamp, trace_id: traceId, correlation_id: correlationId, error_uri: `https://login.microsoftonline.com/error?code=${code}`, ...(suberror && { suberror }),
    },
  };
};

export const refuse = (refused: LoginRefusal, version: 1 | 2 = 2): never => {
  throw new AnsweredEarly(answerOf(refused, version));
};
