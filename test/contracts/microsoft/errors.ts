import type { Service } from '../../../src/microsoft/allowed-calls.js';
import { ours, outage, refusedAs, type Drive } from './operations.js';
import type { Line } from './backend.js';

/** A documented refusal: with the code as a number and as text, for the service writes both. `said`: what it comes out as. */
export type Documented = { readonly name: string; readonly line: Line; readonly status: number; readonly code: string };

/** Our words for Partner Center's refusals, once more and by hand: api.md section 4. */
const inOurWords: Readonly<Record<string, string>> = {
  '403/2032': 'ROLE_NOT_ALLOWED', '403/900150': 'ROLE_NOT_ALLOWED', '403/2030': 'MARKET_MISMATCH', '403/13605': 'MCA_REQUIRED', '403/900123': 'MPA_NOT_SIGNED', '403/900124': 'MPA_NOT_SIGNED',
  '403/800039': 'PARTNER_NOT_ACTIVE', '403/900149': 'PARTNER_NOT_ACTIVE', '403/800073': 'CUSTOMER_UNDER_REVIEW', '403/800074': 'CUSTOMER_UNDER_REVIEW', '403/800075': 'CUSTOMER_UNDER_REVIEW',
  '404/1000': 'CUSTOMER_NOT_FOUND', '404/60003': 'CUSTOMER_NOT_FOUND', '400/800098': 'INVARIANT_PARTNER_OF_RECORD_CHANGED',
  '404/900100': 'TRANSFER_IS_SEPARATE', '403/900137': 'TRANSFER_IS_SEPARATE', '403/900138': 'TRANSFER_IS_SEPARATE',
};

const partnerCenter: readonly (readonly [status: number, ...codes: readonly string[]])[] = [
  [403, '2032', '900150', '2030', '20002', '13605', '900123', '900124', '800039', '900149', '800073', '800074', '800075', '900137', '900138'],
  [404, '1000', '60003', '900100'], [400, '2000', '3000', '900118', '2055', '800098'], [409, '900101', '900104'], [412, '900999'],
];
const graph: typeof partnerCenter = [[400, 'BadRequest'], [403, 'Forbidden', 'Authorization_RequestDenied'], [404, 'Request_ResourceNotFound'], [409, 'Conflict'], [412, 'PreconditionFailed']];
const login: typeof partnerCenter = [[400, 'invalid_request'], [404, 'not_found']];

const body = (service: Service, code: string, isOdd: boolean): unknown => {
  if (service === 'graph') return { error: { code, message: 'No.', innerError: { date: '2026-11-22T12:00:00', 'request-id': 'x' } } };
  if (service === 'login') return { error: code, error_description: 'AADSTS90014: …', error_codes: [90014] };
  return isOdd ? { Code: Number(code), Description: 'No.' } : { code, description: 'No.', data: [], source: 'PartnerApiServiceCore' };
};

const of = (service: Service, table: typeof partnerCenter): readonly Documented[] => table.flatMap(([status, ...codes]) =>
  codes.map((code, index) => ({ name: `${status}/${code}`, status, code, line: { status, body: body(service, code, index % 2 === 1) } })));

/** Every refusal that Microsoft documents for a service, besides those about the token, about haste and about trouble of its own. */
export const documented: Readonly<Record<Service, readonly Documented[]>> = { partnerCenter: of('partnerCenter', partnerCenter), graph: of('graph', graph), login: of('login', login) };

/** @see Microsoft Entra authentication and authorization error codes */
const tokenRefusals: readonly (readonly [status: number, error: string, ...codes: readonly number[]])[] = [
  [400, 'invalid_grant', 50057, 50076, 50078, 50079, 50158, 50173, 53003, 65001, 70008, 700082, 9002313], [400, 'interaction_required', 50076],
  [400, 'invalid_request', 90002, 900144], [400, 'unauthorized_client', 700016], [400, 'invalid_resource', 500011],
  [401, 'invalid_client', 50027, 700024, 700027, 7000215, 7000218, 7000222, 7000229],
];

/** Every refusal that the token endpoint documents for an app, with a user behind it or without. */
export const ofTokens: readonly Documented[] = tokenRefusals.flatMap(([status, error, ...codes]) => codes.map((code) => ({
  name: `${status}/${error} ${code}`, status, code: error,
  line: { status, body: { error, error_description: `AADSTS${code}: …`, error_codes: [code], timestamp: '2026-11-22 12:00:00Z', trace_id: 'x', correlation_id: 'x' } },
})));

/** Those of a tenant in which nobody has allowed the app. */
export const noConsent = ofTokens.filter(({ name }) => / (?:65001|700016|7000229|90002)$/.test(name));

/** Trouble of the service: a code does not make it definite. */
export const troubles: readonly Line[] = [
  { status: 500, body: { code: 0, description: 'x' } }, { status: 500, body: { code: '800003', isRetryable: true } }, { status: 502, body: '<html><body>Bad gateway</body></html>' }, { status: 503 }, { status: 504, body: '' }, { cut: true },
];

/** What a refusal comes out as, where that operation is asked for. */
export const expected = ({ refused: { otherwise, but = {} } }: Drive, { name, status }: Documented): unknown => {
  if (name in but) return but[name];
  if (String(status) in but) return but[String(status)];
  return otherwise === ours ? refusedAs(inOurWords[name] ?? 'AUTHORITY_REFUSED') : otherwise;
};

export const inWords = (outcome: unknown): string => {
  if (outcome === outage) return 'is an outage and never a no';
  if (typeof outcome === 'string' && outcome.startsWith('refused: ')) return `is refused as ${outcome.slice(9)}`;
  return `comes out as ${outcome === undefined ? 'nothing' : JSON.stringify(outcome)}`;
};
