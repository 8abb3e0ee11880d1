import { z } from 'zod';
import type { TenantId } from '../../domain/ids.js';

/** What a test may let the token endpoint answer. */
const codes = [50076, 50079, 50158, 65001, 700082, 50173, 7000222] as const;
export type FailureCode = (typeof codes)[number];
export const failureCode = z.literal(codes);

/** The next token requests of a tenant fail so: as often as was said, or until somebody takes it back. */
export const createLoginFailures = () => {
  const waiting = new Map<TenantId, { readonly code: FailureCode; left: number }>();
  return {
    set: (tenant: TenantId, code: FailureCode | null, times = Number.POSITIVE_INFINITY): void => {
      if (code === null) waiting.delete(tenant);
      else waiting.set(tenant, { code, left: times });
    },
    next: (tenant: TenantId): FailureCode | undefined => {
      const found = waiting.get(tenant);
      if (!found) return undefined;
      found.left -= 1;
      if (found.left <= 0) waiting.delete(tenant);
      return found.code;
    },
    clear: (): void => waiting.clear(),
  };
};

export type LoginFailures = ReturnType<typeof createLoginFailures>;
