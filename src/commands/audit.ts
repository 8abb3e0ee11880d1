import type { AuditEvent } from '../domain/events.js';
import type { Actor, Invitation } from '../domain/invitation.js';
import type { Refusals } from '../domain/decision.js';
import type { TenantId } from '../domain/ids.js';

type Told = { readonly facts?: Readonly<Record<string, string>>; readonly names?: Readonly<Record<string, string>> };

/** One line of an invitation's history. Names and free text go beside the hash, never into it. */
export const happened = (event: AuditEvent['event'], invitation: Invitation, at: Date, { facts = {}, names = {} }: Told = {}): AuditEvent => ({
  chain: invitation.id,
  event,
  at: at.toISOString(),
  facts: { partner: invitation.partner.tenant, customer: invitation.customer.tenant, reference: invitation.reference, ...facts },
  names,
});

export const byWhom = (actor: Actor): { facts: Record<string, string>; names: Record<string, string> } => ({
  facts: { by: actor.id },
  names: { by: actor.name },
});

/** What concerns two tenants and no invitation in particular. */
export const aboutPair = (
  event: AuditEvent['event'], { partner, customer }: { readonly partner: TenantId; readonly customer: TenantId }, at: Date,
  facts: Readonly<Record<string, string>> = {}, names: Readonly<Record<string, string>> = {},
): AuditEvent => ({ chain: `between/${partner}/${customer}`, event, at: at.toISOString(), facts: { partner, customer, ...facts }, names });

/** A refusal before there is an invitation hangs on the chain of the two tenants. */
export const refusedBetween = (partner: TenantId, customer: TenantId | undefined, by: Actor, refusals: Refusals, at: Date): AuditEvent => ({
  chain: `between/${partner}/${customer ?? 'nobody'}`,
  event: 'InvitationRefused',
  at: at.toISOString(),
  facts: { partner, customer: customer ?? '', by: by.id, rules: rulesOf(refusals) },
  names: { by: by.name },
});

export const rulesOf = (refusals: Refusals): string => refusals.map(({ rule, code }) => `${rule} ${code}`).join(', ');
