import { z } from 'zod';

const partnerCenterRefusal = z.looseObject({ code: z.union([z.string(), z.number()]).transform(String) });
const graphRefusal = z.looseObject({ error: z.looseObject({ code: z.string() }) });

/** Documented as text, seen as a number; empty when the service gave none. */
export const serviceCodeOf = (body: unknown): string =>
  partnerCenterRefusal.safeParse(body).data?.code ?? graphRefusal.safeParse(body).data?.error.code ?? '';
