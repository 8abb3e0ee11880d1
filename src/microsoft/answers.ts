import type { z } from 'zod';
import { AuthorityUnavailableError } from '../commands/ports.js';
import type { Operation } from './allowed-calls.js';
import type { Answer } from './caller.js';
import { UnexpectedStatusError } from './errors.js';
import { serviceCodeOf } from './service-code.js';

/** The customer's consent is missing. Whoever does not know what to do about that sees an outage. */
export class NoConsentError extends AuthorityUnavailableError {}

export const isDone = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** For refusals that the caller has no business answer for. */
export const unexpected = (operation: Operation, { status, body, correlationId }: Answer): AuthorityUnavailableError => {
  const cause = new UnexpectedStatusError(status, serviceCodeOf(body));
  const isDenied = status === 403 && cause.serviceCode === 'Authorization_RequestDenied';
  return new (isDenied ? NoConsentError : AuthorityUnavailableError)(operation, { correlationId, cause });
};

/**
 * The answer in the shape we know. Fields we do not know are left alone.
 * @throws AuthorityUnavailableError (NoConsentError) for any other answer
 */
export const readAs = <Shape extends z.ZodType>(shape: Shape, operation: Operation, answer: Answer): z.output<Shape> => {
  if (!isDone(answer)) throw unexpected(operation, answer);
  const { data, error } = shape.safeParse(answer.body);
  if (error) throw new AuthorityUnavailableError(operation, { correlationId: answer.correlationId, cause: error });
  return data;
};
