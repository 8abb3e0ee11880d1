import { z } from 'zod';
import { asDomainName, asPersonId, asSubscriptionId, asTenantId, isDomainName, isGuid } from '../../domain/ids.js';

export const partnerRoles = ['globalAdmin', 'userAdmin', 'salesAgent', 'adminAgent', 'helpdeskAgent'] as const;
export const customerRoles = ['globalAdmin', 'billingAdmin', 'user'] as const;
const everyRole = [...new Set([...partnerRoles, ...customerRoles])];

const quoted = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
const isMissing = ({ input }: { readonly input?: unknown }): string | undefined => (input === undefined ? 'is missing' : undefined);

const oneOf = <const Values extends readonly string[]>(what: string, values: Values) =>
  z.enum(values, { error: (issue) => isMissing(issue) ?? `${quoted(issue.input)} is not ${what}; use one of ${values.join(', ')}` });
const text = (what: string) => z.string({ error: (issue) => isMissing(issue) ?? `${quoted(issue.input)} is not ${what}` });
const checked = (what: string, isRight: (value: string) => boolean) =>
  text(what).refine(isRight, { error: (issue) => `${quoted(issue.input)} is not ${what}` });

const tenantId = checked('a tenant id (a GUID)', isGuid).transform(asTenantId);
const personId = checked('a person id (a GUID)', isGuid).transform(asPersonId);
const subscriptionId = checked('a subscription id (a GUID)', isGuid).transform(asSubscriptionId);
const instant = checked('an ISO instant such as 2026-11-22T09:00:00Z', (value) => z.iso.datetime({ offset: true }).safeParse(value).success)
  .transform((value) => new Date(value).toISOString());
const name = checked('a name', (value) => value.trim() !== '');
const role = oneOf('a role', everyRole);

const person = z.strictObject({
  id: personId,
  name,
  mail: text('a mail address').optional(),
  locale: text('a locale such as tr-TR').default('en-US'),
  roles: z.array(role).default([]),
  /** Held only when switched on, and not switched on now. */
  eligible: z.array(role).default([]),
  /** Eligible, and switched on for a while. */
  activated: z.array(role).default([]),
  /** Held through a group that was given the role. */
  viaGroup: z.array(role).default([]),
  /** `false`: the account is blocked. */
  enabled: z.boolean().default(true),
  guest: z.boolean().default(false),
});

const csp = z.strictObject({
  type: oneOf('a type of partner', ['directBill', 'indirectProvider', 'indirectReseller']),
  active: z.boolean().default(true),
  mpaSigned: z.boolean().default(true),
  providers: z.array(tenantId).default([]),
});

export const tenant = z.strictObject({
  id: tenantId,
  name,
  domains: z.array(checked('a domain', isDomainName).transform(asDomainName)).min(1, 'needs at least one domain'),
  country: checked('a country of two capital letters', (value) => /^[A-Z]{2}$/.test(value)),
  cloud: oneOf('a cloud', ['commercial', 'usGov', 'china21Vianet']).default('commercial'),
  csp: csp.nullable().default(null),
  consented: z.boolean().default(true),
  people: z.array(person).default([]),
});

const resellerGrant = z.strictObject({ kind: z.literal('reseller'), partner: tenantId, customer: tenantId, since: instant });
const gdapGrant = z.strictObject({
  kind: z.literal('gdap'), partner: tenantId, customer: tenantId, since: instant, until: instant,
  roles: z.array(checked('a role template id (a GUID)', isGuid)).min(1, 'needs at least one role'),
  name: checked('a name of at most 50 characters', (value) => value.length > 0 && value.length <= 50),
  autoExtend: z.boolean().default(false),
});

export const subscription = z.strictObject({
  id: subscriptionId,
  customer: tenantId,
  soldBy: z.union([z.literal('microsoft'), tenantId], { error: (issue) => isMissing(issue) ?? `${quoted(issue.input)} is not a tenant id or "microsoft"` }),
  // Who sold it is written by hand; "microsoft" or nothing means that no partner is on record.
  partnerOfRecord: z.union([tenantId, z.literal('microsoft'), z.null()], { error: (issue) => `${quoted(issue.input)} is not a tenant id (a GUID)` }).optional()
    .transform((partner) => (partner === 'microsoft' || partner === null ? undefined : partner)),
  offer: name,
  family: oneOf('a family', ['office365', 'azure', 'software', 'reservation']).default('office365'),
  /** `newCommerce`, or anything older. */
  commerce: name.default('newCommerce'),
  quantity: z.number().int().min(0).default(1),
  status: oneOf('a status', ['none', 'active', 'pending', 'suspended', 'expired', 'disabled', 'deleted']).default('active'),
  termEnds: instant.nullable().default(null),
  autoRenew: z.boolean().default(true),
});

export const worldSchema = z.strictObject({
  now: instant,
  tenants: z.array(tenant),
  grants: z.array(z.discriminatedUnion('kind', [resellerGrant, gdapGrant], { error: (issue) => `${quoted((issue.input as { kind?: unknown } | undefined)?.kind)} is not a kind of grant; use one of reseller, gdap` })).default([]),
  subscriptions: z.array(subscription).default([]),
});

const { roles, eligible, activated, viaGroup, enabled } = person.shape;
export const personChange = z.strictObject({
  roles: roles.unwrap().optional(), eligible: eligible.unwrap().optional(), activated: activated.unwrap().optional(), viaGroup: viaGroup.unwrap().optional(), enabled: enabled.unwrap().optional(),
});
export const waysToHold = ['roles', 'eligible', 'activated', 'viaGroup'] as const;

export type WorldInput = z.input<typeof worldSchema>;
export type World = z.output<typeof worldSchema>;
export type Tenant = World['tenants'][number];
export type Person = Tenant['people'][number];
export type Grant = World['grants'][number];
export type ResellerGrant = Extract<Grant, { kind: 'reseller' }>;
export type GdapGrant = Extract<Grant, { kind: 'gdap' }>;
export type Subscription = World['subscriptions'][number];
export type Cloud = Tenant['cloud'];
