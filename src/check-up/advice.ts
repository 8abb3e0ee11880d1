import type { AuthorityUnavailableError } from '../commands/ports.js';

/** What Microsoft's codes mean for an operator. @see Microsoft Entra authentication error codes; Partner Center docs, "Error codes" */
const meanings: Readonly<Record<string, string>> = {
  50076: 'The sign-in had no second factor: sign in again and use one.',
  50079: 'The user has no second factor yet: set one up, then sign in again.',
  50158: 'A policy of the tenant asks for more (Conditional Access): sign in again and complete it.',
  50173: 'The sign-in was taken back, for example by a new password: sign in again.',
  65001: 'Nobody has consented to the app in this tenant: consent to it as a Global admin.',
  700016: 'The app is not known in this tenant: check clientId and tenant, and consent to it there.',
  700027: 'The certificate is not registered with the app: upload it under Certificates & secrets.',
  700082: 'Nobody used the sign-in for 90 days: sign in again.',
  7000215: 'The client secret is wrong: check what its reference leads to. It is the value, not the id.',
  7000222: 'The client secret has expired: make a new one, or change to a certificate.',
  7000229: 'The app has no service principal in this tenant: consent to it there.',
  90002: 'The tenant does not exist in this cloud: check the tenant id and the cloud.',
  500011: 'The service is not known in this tenant: consent to the app there with its Partner Center permission.',
  2032: 'The user has not the role for it: sign in as an Admin agent.',
  900150: 'The user has not the role for it: sign in as an Admin agent.',
  800039: 'The partner is not active in the program: see what Partner Center says is missing.',
  900149: 'The partner is not active in the program: see what Partner Center says is missing.',
  900123: 'The Microsoft Partner Agreement is not signed: a Global admin signs it in Partner Center.',
  900124: 'The Microsoft Partner Agreement is not signed: a Global admin signs it in Partner Center.',
  Authorization_RequestDenied: 'A permission is missing, or was not consented to in this tenant: compare with the operating page.',
  InvalidAuthenticationToken: 'The token is for another service or cloud: check CLOUD and the addresses.',
};

export const advice = (codes: readonly string[]): string | undefined => codes.map((code) => meanings[code]).find((one) => one !== undefined);

/** The codes in an error, and a sentence with the id that Microsoft's support asks for. Never a message or a token. */
export const codesOf = ({ name, operation, about }: AuthorityUnavailableError): { readonly codes: readonly string[]; readonly sentence: string } => {
  const cause = about.cause instanceof Error ? about.cause : undefined;
  const status = cause && 'status' in cause ? Number(cause.status) : undefined;
  const codes = cause && 'serviceCode' in cause ? String(cause.serviceCode).split(' ').filter(Boolean) : [];
  const why = name === 'SignInNeededError' && codes.length === 0 ? 'nobody has signed in' : status === undefined ? `no answer (${cause?.name ?? 'unknown'})` : `refused with status ${status}`;
  return { codes, sentence: [`${why} at ${operation}`, ...(codes.length > 0 ? [`code ${codes.join(' ')}`] : []), ...(about.correlationId ? [`correlation ${about.correlationId}`] : [])].join(', ') };
};
