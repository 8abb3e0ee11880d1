import { z } from 'zod';
import { isKeepable } from './body.js';
import { TurnedAwayError } from './turned-away.js';

/** Something Partner Center says has happened: a hint, without a customer's name or what was before. */
export type PartnerCenterEvent = {
  /** Such as `granular-admin-relationship-approved`; any name passes. */
  readonly name: string;
  readonly resourceUri?: string | undefined;
  readonly resourceName?: string | undefined;
  readonly auditUri?: string | undefined;
  /** ISO 8601 with an offset, to the letter as it came: it is part of what makes an event the same one. */
  readonly changedAt: string;
  /** In whose name the address was registered, lower case; anybody could have written it. */
  readonly partner?: string | undefined;
  /** The bytes and the headers they were signed with, for somebody else's tool. */
  readonly forward: { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };
};

const text = z.string().max(2_048).refine(isKeepable);

/** @see Partner Center docs, "Partner Center webhook events": one page says AuditUri, another AuditUrl, and the case varies */
const fields = z.object({
  eventname: text.min(1),
  resourceuri: text.nullish(),
  resourcename: text.nullish(),
  audituri: text.nullish(),
  auditurl: text.nullish(),
  resourcechangeutcdate: text.refine((date) => !Number.isNaN(Date.parse(date))),
});

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws TurnedAwayError 400 for anything that is not an event in strict UTF-8 JSON. */
export const readEvent = (body: Uint8Array): Omit<PartnerCenterEvent, 'partner' | 'forward'> => {
  const event = parsed(body);
  return {
    name: event.eventname,
    resourceUri: event.resourceuri || undefined,
    resourceName: event.resourcename || undefined,
    auditUri: event.audituri || event.auditurl || undefined,
    changedAt: event.resourcechangeutcdate,
  };
};

const parsed = (body: Uint8Array): z.infer<typeof fields> => {
  try {
    return fields.parse(withSmallNames(JSON.parse(utf8.decode(body))));
  } catch {
    throw new TurnedAwayError(400);
  }
};

const withSmallNames = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.toLowerCase(), inner])) : value;
