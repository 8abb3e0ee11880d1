import type { TenantId } from '../../domain/ids.js';
import type { AuditRecord } from './audit.js';
import type { Delays } from './delays.js';
import { indexBy } from './index-by.js';
import { grantKey, parseAs } from './read-world.js';
import { relationshipOf, type Relationship } from './relationship.js';
import { openThings } from './things.js';
import type { Registration } from './webhook-registration.js';
import { tenant as tenantSchema, type Grant, type ResellerGrant, type Subscription, type Tenant, type World } from './world.js';

/** Business time at a moment of machine time; from there it runs on. */
type Clock = { readonly business: string; readonly machine: number };
type Things = {
  tenant: Tenant; grant: ResellerGrant; relationship: Relationship; subscription: Subscription; clock: Clock; delays: Delays;
  audit: AuditRecord; registration: Registration; told: readonly string[];
};
type Kind = keyof Things;
const kinds: readonly Kind[] = ['tenant', 'grant', 'relationship', 'subscription', 'clock', 'delays', 'audit', 'registration', 'told'];

/** The file of the sandbox, and the roads on which its things are found. */
export const openKept = (first: World, file: string, machineNow: () => Date) => {
  const things = openThings<Things>(file, kinds);
  const domains = new Map<string, Tenant>();
  const people = new Map<string, TenantId>();
  const byCustomer = (one: ResellerGrant, other: ResellerGrant): number => (one.customer < other.customer ? -1 : 1);
  const grants = { of: indexBy<ResellerGrant>(({ partner }) => partner, byCustomer), to: indexBy<ResellerGrant>(({ customer }) => customer) };
  const administrations = { of: indexBy<Relationship>(({ partner }) => partner), to: indexBy<Relationship>(({ customer }) => customer) };
  const sold = indexBy<Subscription>(({ customer }) => customer);
  const audits = indexBy<AuditRecord>(({ partnerId }) => partnerId);
  /** What is found by another road than its id. */
  const index = {
    tenant: (tenant: Tenant): void => {
      for (const domain of tenant.domains) domains.set(domain, tenant);
      for (const person of tenant.people) people.set(person.id, tenant.id);
    },
    grant: (grant: ResellerGrant): void => { for (const one of [grants.of, grants.to]) one.put(grantKey(grant), grant); },
    relationship: (relationship: Relationship, before?: Relationship): void => { for (const one of [administrations.of, administrations.to]) one.put(relationship.id, relationship, before); },
    subscription: (subscription: Subscription, before?: Subscription): void => sold.put(subscription.id, subscription, before),
    audit: (record: AuditRecord): void => audits.put(record.id, record),
  };

  const putTenant = (tenant: Tenant): void => {
    things.put('tenant', tenant.id, tenant);
    index.tenant(tenant);
  };
  const putGrant = (grant: ResellerGrant): void => {
    things.put('grant', grantKey(grant), grant);
    index.grant(grant);
  };
  const putRelationship = (relationship: Relationship): void => {
    const before = things.get('relationship', relationship.id);
    things.put('relationship', relationship.id, relationship);
    index.relationship(relationship, before);
  };
  const putSubscription = (subscription: Subscription): void => {
    const before = things.get('subscription', subscription.id);
    things.put('subscription', subscription.id, subscription);
    index.subscription(subscription, before);
  };
  const keepGrant = (grant: Grant): void => (grant.kind === 'reseller' ? putGrant(grant) : putRelationship(relationshipOf(grant)));

  const fill = (world: World): void => things.inOne(() => {
    things.clear();
    for (const one of [domains, people, grants.of, grants.to, administrations.of, administrations.to, sold, audits]) one.clear();
    for (const tenant of world.tenants) putTenant(tenant);
    for (const grant of world.grants) keepGrant(grant);
    for (const subscription of world.subscriptions) putSubscription(subscription);
    const clock = { business: world.now, machine: machineNow().getTime() };
    things.put('clock', '', clock);
    things.put('clock', 'first', clock);
  });

  const take = {
    // Older files know less about people.
    tenant: (id: string, body: unknown): void => {
      const tenant = parseAs(tenantSchema, body);
      things.keep('tenant', id, tenant);
      index.tenant(tenant);
    },
    // Older files have delegated administration among the grants.
    grant: (id: string, body: unknown): void => {
      const grant = body as Grant;
      if (grant.kind === 'gdap') return things.inOne(() => (things.drop('grant', id), keepGrant(grant)));
      things.keep('grant', id, grant);
      index.grant(grant);
    },
    relationship: (id: string, body: unknown): void => {
      things.keep('relationship', id, body as Relationship);
      index.relationship(body as Relationship);
    },
    subscription: (id: string, body: unknown): void => {
      things.keep('subscription', id, body as Subscription);
      index.subscription(body as Subscription);
    },
    audit: (id: string, body: unknown): void => {
      things.keep('audit', id, body as AuditRecord);
      index.audit(body as AuditRecord);
    },
  };
  for (const { kind, id, body } of things.rows()) {
    const value = JSON.parse(body) as unknown;
    if (kind in take) take[kind as keyof typeof take](id, value);
    else if (kinds.includes(kind)) things.keep(kind, id, value as Things[Kind]);
  }
  if (!things.get('clock', '')) fill(first);

  return { things, domains, people, grants, administrations, sold, audits, index, putTenant, putGrant, putRelationship, putSubscription, fill: (): void => fill(first) };
};
