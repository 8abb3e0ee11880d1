import { z } from 'zod';
import { asTenantId, isGuid, type TenantId } from '../../domain/ids.js';
import type { Answered, Asked } from './route.js';

/** What is to go wrong, and how often. Without a `status` or a `cut` the real answer comes, only later. */
export const faultSchema = z.strictObject({
  method: z.string().optional(),
  /** A part of the path and query. */
  path: z.string().default(''),
  status: z.number().int().min(200).max(599).optional(),
  /** Text is sent as it is, anything else as JSON. */
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  delayMs: z.number().int().min(0).max(60_000).optional(),
  /** The line is cut instead of an answer. */
  cut: z.literal(true).optional(),
  /** What was asked for is done all the same, before it goes wrong. */
  after: z.literal(true).optional(),
  /** Only calls with a token of this tenant. */
  partner: z.string().refine(isGuid, 'is not a GUID').transform(asTenantId).optional(),
  times: z.number().int().min(1).default(1),
});
export type Fault = z.output<typeof faultSchema>;

export const createFaults = () => {
  let waiting: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault: Fault): void => void waiting.push({ fault, left: fault.times }),
    clear: (): void => { waiting = []; },
    /** The oldest fault that fits this request; it is used up by one. */
    next: ({ method, url }: Pick<Asked, 'method' | 'url'>, partner?: TenantId): Fault | undefined => {
      const found = waiting.find(({ fault }) => (fault.method?.toUpperCase() ?? method) === method && `${url.pathname}${url.search}`.includes(fault.path) && (fault.partner === undefined || fault.partner === partner));
      if (!found) return undefined;
      found.left -= 1;
      if (found.left === 0) waiting = waiting.filter((one) => one !== found);
      return found.fault;
    },
  };
};

export type Faults = ReturnType<typeof createFaults>;

export const answerOf = ({ status, body, headers }: Fault): Answered | undefined => (status === undefined ? undefined : { status, body, ...(headers && { headers }) });
