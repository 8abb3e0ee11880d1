import type { AuthorityRefusal } from '../commands/ports.js';
import type { Answer } from './caller.js';
import { serviceCodeOf } from './service-code.js';

/** Partner Center's definite refusals in our words. @see Partner Center docs, "Error codes" */
const refusalCodes: Readonly<Record<string, string>> = {
  1000: 'CUSTOMER_NOT_FOUND',
  2030: 'MARKET_MISMATCH',
  2032: 'ROLE_NOT_ALLOWED',
  13605: 'MCA_REQUIRED',
  20010: 'ACTIVE_SUBSCRIPTIONS',
  60003: 'CUSTOMER_NOT_FOUND',
  900150: 'ROLE_NOT_ALLOWED',
  800098: 'INVARIANT_PARTNER_OF_RECORD_CHANGED',
  900100: 'TRANSFER_IS_SEPARATE',
  900137: 'TRANSFER_IS_SEPARATE',
  900138: 'TRANSFER_IS_SEPARATE',
  900123: 'MPA_NOT_SIGNED',
  900124: 'MPA_NOT_SIGNED',
  800039: 'PARTNER_NOT_ACTIVE',
  900149: 'PARTNER_NOT_ACTIVE',
  800073: 'CUSTOMER_UNDER_REVIEW',
  800074: 'CUSTOMER_UNDER_REVIEW',
  800075: 'CUSTOMER_UNDER_REVIEW',
};

const noRelationship = '20002';

/** A tenant that is not ours and one that does not exist look alike. */
export const isNotOurs = (answer: Answer): boolean =>
  answer.status === 404 || (answer.status === 403 && serviceCodeOf(answer.body) === noRelationship);

export const refusedAs = (code: string, { body, correlationId }: Answer): AuthorityRefusal =>
  ({ refused: { code, serviceCode: serviceCodeOf(body), correlationId } });

export const refusedByPartnerCenter = (answer: Answer): AuthorityRefusal =>
  refusedAs(refusalCodes[serviceCodeOf(answer.body)] ?? 'AUTHORITY_REFUSED', answer);

/** Graph says what it minds by the status alone; what a status means depends on the call. */
export const refusedByGraph = (meanings: Readonly<Record<number, string>>, answer: Answer): AuthorityRefusal =>
  refusedAs(answer.status === 403 ? 'ROLE_NOT_ALLOWED' : (meanings[answer.status] ?? 'AUTHORITY_REFUSED'), answer);
