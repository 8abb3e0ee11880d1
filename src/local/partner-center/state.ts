import type { DomainName, PersonId, SubscriptionId, TenantId } from '../../domain/ids.js';
import type { AuditRecord } from './audit.js';
import { usualDelays, type Delays } from './delays.js';
import { openKept } from './kept.js';
import { grantKey, readWorld } from './read-world.js';
import { grantOf, standingOf, type Moment, type Relationship, type Standing, type Step } from './relationship.js';
import type { Registration } from './webhook-registration.js';
import type { Person, ResellerGrant, Subscription, Tenant, World } from './world.js';

/** What others may have to hear of; `everything` after a reset or a jump of the clock. */
export type Change =
  | { readonly of: 'grant'; readonly grant: ResellerGrant; readonly is: 'accepted' | 'acceptedTogether' | 'removed' }
  | { readonly of: 'relationship'; readonly relationship: Relationship }
  | { readonly of: 'subscription'; readonly subscription: Subscription }
  | { readonly of: 'everything' };

/** The world as it is now. Reads come from memory; every change is on the disk before the call returns. */
export type State = {
  now(): Date;
  moveClock(to: Date): void;
  tenants(): readonly Tenant[];
  tenant(id: string): Tenant | undefined;
  tenantByDomain(domain: DomainName): Tenant | undefined;
  person(id: string): { readonly tenant: Tenant; readonly person: Person } | undefined;
  changePerson(id: PersonId, change: Partial<Omit<Person, 'id'>>): void;
  /** Whether the app that reads directories may read this one. */
  setConsent(id: TenantId, consented: boolean): void;
  resellerGrant(partner: TenantId, customer: TenantId): ResellerGrant | undefined;
  /** Reseller relationships, by the id of the customer; delegated administration is in `relationships`. */
  grantsOf(partner: TenantId): readonly ResellerGrant[];
  grantsTo(customer: TenantId): readonly ResellerGrant[];
  /** @param isTogether accepted together with that of another tier */
  addGrant(grant: ResellerGrant, isTogether?: boolean): void;
  dropGrant(grant: ResellerGrant): void;
  /** As they stand at this moment, without those that were cleaned up. */
  relationshipsOf(partner: TenantId): readonly Standing[];
  relationshipsTo(customer: TenantId): readonly Standing[];
  relationship(id: string): Standing | undefined;
  /** All of them, those that were cleaned up as well. */
  keptRelationships(): Iterable<Relationship>;
  keptRelationship(id: string): Relationship | undefined;
  putRelationship(relationship: Relationship): void;
  dropRelationship(relationship: Relationship): void;
  /** What was told of a relationship, by the keys of the news. */
  told(relationship: string): readonly string[];
  setTold(relationship: string, keys: readonly string[]): void;
  moment(): Moment;
  /** A step that begins now and takes so many machine milliseconds. */
  stepOf(ms: number): Step;
  delays(): Delays;
  setDelays(delays: Delays): void;
  subscriptionsOf(customer: TenantId): readonly Subscription[];
  subscription(id: string): Subscription | undefined;
  putSubscription(subscription: Subscription): void;
  dropSubscription(id: SubscriptionId): void;
  /** Oldest first. */
  auditsOf(partner: TenantId): readonly AuditRecord[];
  addAudit(record: AuditRecord): void;
  registration(partner: TenantId): Registration | undefined;
  putRegistration(partner: TenantId, registration: Registration): void;
  /** Many changes with one write to the disk. */
  inOne(work: () => void): void;
  onChange(listener: (change: Change) => void): void;
  /** Business time of the first day. */
  begun(): string;
  world(): World;
  reset(): void;
  close(): void;
};

export type StateOptions = { readonly first: World; readonly file: string; readonly machineNow: () => Date };

/** @throws WorldError when the file holds a world this version cannot read */
export const openState = ({ first, file, machineNow }: StateOptions): State => {
  const { things, domains, people, grants, administrations, sold, audits, index, putTenant, putGrant, putRelationship, putSubscription, fill } = openKept(first, file, machineNow);
  const listeners: ((change: Change) => void)[] = [];
  const tell = (change: Change): void => { for (const listener of listeners) listener(change); };

  const now = (): Date => {
    const clock = things.get('clock', '') ?? { business: first.now, machine: machineNow().getTime() };
    return new Date(Date.parse(clock.business) + machineNow().getTime() - clock.machine);
  };
  const moment = (): Moment => ({ business: now(), machine: machineNow().getTime() });
  const standing = (some: Iterable<Relationship>): readonly Standing[] => {
    const at = moment();
    return [...some].flatMap((one) => standingOf(one, at) ?? []);
  };
  const tenantOf = (person: string): Tenant | undefined => things.get('tenant', people.get(person) ?? '');

  const state: State = {
    now,
    moveClock: (to) => {
      things.put('clock', '', { business: to.toISOString(), machine: machineNow().getTime() });
      tell({ of: 'everything' });
    },
    tenants: () => [...things.all('tenant').values()],
    tenant: (id) => things.get('tenant', id.toLowerCase()),
    tenantByDomain: (domain) => domains.get(domain),
    person: (id) => {
      const tenant = tenantOf(id.toLowerCase());
      const person = tenant?.people.find((one) => one.id === id.toLowerCase());
      return tenant && person && { tenant, person };
    },
    changePerson: (id, change) => {
      const tenant = tenantOf(id);
      if (tenant) putTenant({ ...tenant, people: tenant.people.map((one) => (one.id === id ? { ...one, ...change } : one)) });
    },
    setConsent: (id, consented) => {
      const tenant = things.get('tenant', id);
      if (tenant) putTenant({ ...tenant, consented });
    },
    resellerGrant: (partner, customer) => things.get('grant', `reseller ${partner} ${customer}`),
    grantsOf: grants.of.of,
    grantsTo: grants.to.of,
    addGrant: (grant, isTogether = false) => {
      putGrant(grant);
      tell({ of: 'grant', grant, is: isTogether ? 'acceptedTogether' : 'accepted' });
    },
    dropGrant: (grant) => {
      things.drop('grant', grantKey(grant));
      for (const one of [grants.of, grants.to]) one.drop(grantKey(grant), grant);
      tell({ of: 'grant', grant, is: 'removed' });
    },
    relationshipsOf: (partner) => standing(administrations.of.of(partner)),
    relationshipsTo: (customer) => standing(administrations.to.of(customer)),
    relationship: (id) => {
      const found = things.get('relationship', id.toLowerCase());
      return found && standingOf(found, moment());
    },
    keptRelationships: () => things.all('relationship').values(),
    keptRelationship: (id) => things.get('relationship', id),
    putRelationship: (relationship) => {
      putRelationship(relationship);
      tell({ of: 'relationship', relationship });
    },
    dropRelationship: (relationship) => {
      things.drop('relationship', relationship.id);
      for (const one of [administrations.of, administrations.to]) one.drop(relationship.id, relationship);
      tell({ of: 'relationship', relationship });
    },
    told: (relationship) => things.get('told', relationship) ?? [],
    setTold: (relationship, keys) => things.put('told', relationship, keys),
    moment,
    stepOf: (ms) => {
      const { business, machine } = moment();
      return { asked: machine, due: machine + ms, at: new Date(business.getTime() + ms).toISOString() };
    },
    delays: () => things.get('delays', '') ?? usualDelays,
    setDelays: (delays) => things.put('delays', '', delays),
    subscriptionsOf: sold.of,
    subscription: (id) => things.get('subscription', id.toLowerCase()),
    putSubscription: (subscription) => {
      putSubscription(subscription);
      tell({ of: 'subscription', subscription });
    },
    dropSubscription: (id) => {
      const subscription = things.get('subscription', id);
      if (!subscription) return;
      things.drop('subscription', id);
      sold.drop(id, subscription);
      tell({ of: 'subscription', subscription });
    },
    auditsOf: audits.of,
    addAudit: (record) => {
      things.put('audit', record.id, record);
      index.audit(record);
    },
    registration: (partner) => things.get('registration', partner),
    putRegistration: (partner, registration) => things.put('registration', partner, registration),
    inOne: things.inOne,
    onChange: (listener) => void listeners.push(listener),
    begun: () => things.get('clock', 'first')?.business ?? '',
    world: () => ({
      now: now().toISOString(),
      tenants: [...things.all('tenant').values()],
      grants: [...things.all('grant').values(), ...standing(things.all('relationship').values()).flatMap(grantOf)],
      subscriptions: [...things.all('subscription').values()],
    }),
    reset: () => {
      fill();
      tell({ of: 'everything' });
    },
    close: things.close,
  };
  // A file of another version is better refused with its mistake than half understood.
  readWorld(state.world());
  return state;
};
