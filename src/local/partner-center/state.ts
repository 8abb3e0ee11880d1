import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import type { DomainName, PersonId, SubscriptionId, TenantId } from '../../domain/ids.js';
import { usualDelays, type Delays } from './delays.js';
import { grantKey, readWorld } from './read-world.js';
import { grantOf, relationshipOf, standingOf, type Moment, type Relationship, type Standing, type Step } from './relationship.js';
import type { Grant, Person, ResellerGrant, Subscription, Tenant, World } from './world.js';

/** Business time at a moment of machine time; from there it runs on. */
type Clock = { readonly business: string; readonly machine: number };
type Things = { tenant: Tenant; grant: ResellerGrant; relationship: Relationship; subscription: Subscription; clock: Clock; delays: Delays };
type Kind = keyof Things;

/** The world as it is now. Reads come from memory; every change is on the disk before the call returns. */
export type State = {
  now(): Date;
  moveClock(to: Date): void;
  tenants(): readonly Tenant[];
  tenant(id: string): Tenant | undefined;
  tenantByDomain(domain: DomainName): Tenant | undefined;
  person(id: string): { readonly tenant: Tenant; readonly person: Person } | undefined;
  setRoles(id: PersonId, roles: Person['roles']): void;
  /** Whether the app that reads directories may read this one. */
  setConsent(id: TenantId, consented: boolean): void;
  /** Reseller relationships; delegated administration is in `relationships`. */
  grants(): readonly ResellerGrant[];
  resellerGrant(partner: TenantId, customer: TenantId): ResellerGrant | undefined;
  addGrant(grant: ResellerGrant): void;
  dropGrant(grant: ResellerGrant): void;
  /** As they stand at this moment, without those that were cleaned up. */
  relationships(): readonly Standing[];
  relationship(id: string): Standing | undefined;
  putRelationship(relationship: Relationship): void;
  moment(): Moment;
  /** A step that begins now and takes so many machine milliseconds. */
  stepOf(ms: number): Step;
  delays(): Delays;
  setDelays(delays: Delays): void;
  subscriptions(): readonly Subscription[];
  subscription(id: string): Subscription | undefined;
  putSubscription(subscription: Subscription): void;
  dropSubscription(id: SubscriptionId): void;
  world(): World;
  reset(): void;
  close(): void;
};

export type StateOptions = { readonly first: World; readonly file: string; readonly machineNow: () => Date };

/** @throws WorldError when the file holds a world this version cannot read */
export const openState = ({ first, file, machineNow }: StateOptions): State => {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const db = new Database(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
  db.exec('CREATE TABLE IF NOT EXISTS thing (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, id))');
  const write = db.prepare('INSERT INTO thing (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body');
  const erase = db.prepare('DELETE FROM thing WHERE kind = ? AND id = ?');

  const things: { readonly [K in Kind]: Map<string, Things[K]> } = { tenant: new Map(), grant: new Map(), relationship: new Map(), subscription: new Map(), clock: new Map(), delays: new Map() };
  const domains = new Map<string, Tenant>();
  const people = new Map<string, TenantId>();

  const keep = <K extends Kind>(kind: K, id: string, thing: Things[K]): void => {
    things[kind].set(id, thing);
    if (kind !== 'tenant') return;
    const tenant = thing as Tenant;
    for (const domain of tenant.domains) domains.set(domain, tenant);
    for (const person of tenant.people) people.set(person.id, tenant.id);
  };
  const put = <K extends Kind>(kind: K, id: string, thing: Things[K]): void => {
    write.run(kind, id, JSON.stringify(thing));
    keep(kind, id, thing);
  };
  const keepGrant = (grant: Grant): void => {
    if (grant.kind === 'reseller') return put('grant', grantKey(grant), grant);
    const relationship = relationshipOf(grant);
    put('relationship', relationship.id, relationship);
  };

  const fill = db.transaction((world: World) => {
    db.exec('DELETE FROM thing');
    for (const map of [...Object.values(things), domains, people]) map.clear();
    for (const tenant of world.tenants) put('tenant', tenant.id, tenant);
    for (const grant of world.grants) keepGrant(grant);
    for (const subscription of world.subscriptions) put('subscription', subscription.id, subscription);
    put('clock', '', { business: world.now, machine: machineNow().getTime() });
  });

  const rows = db.prepare('SELECT kind, id, body FROM thing ORDER BY rowid').all() as { kind: Kind; id: string; body: string }[];
  for (const { kind, id, body } of rows) {
    const thing = JSON.parse(body) as Things[Kind] | Grant;
    if (kind !== 'grant' || !('kind' in thing) || thing.kind !== 'gdap') keep(kind, id, thing as Things[Kind]);
    // Older files have delegated administration among the grants.
    else db.transaction(() => (erase.run(kind, id), keepGrant(thing)))();
  }
  if (!things.clock.has('')) fill(first);

  const now = (): Date => {
    const clock = things.clock.get('') ?? { business: first.now, machine: machineNow().getTime() };
    return new Date(Date.parse(clock.business) + machineNow().getTime() - clock.machine);
  };
  const moment = (): Moment => ({ business: now(), machine: machineNow().getTime() });
  const relationships = (): readonly Standing[] => {
    const at = moment();
    return [...things.relationship.values()].flatMap((one) => standingOf(one, at) ?? []);
  };
  const tenantOf = (person: string): Tenant | undefined => things.tenant.get(people.get(person) ?? '');

  const state: State = {
    now,
    moveClock: (to) => put('clock', '', { business: to.toISOString(), machine: machineNow().getTime() }),
    tenants: () => [...things.tenant.values()],
    tenant: (id) => things.tenant.get(id.toLowerCase()),
    tenantByDomain: (domain) => domains.get(domain),
    person: (id) => {
      const tenant = tenantOf(id.toLowerCase());
      const person = tenant?.people.find((one) => one.id === id.toLowerCase());
      return tenant && person && { tenant, person };
    },
    setRoles: (id, roles) => {
      const tenant = tenantOf(id);
      if (tenant) put('tenant', tenant.id, { ...tenant, people: tenant.people.map((one) => (one.id === id ? { ...one, roles } : one)) });
    },
    setConsent: (id, consented) => {
      const tenant = things.tenant.get(id);
      if (tenant) put('tenant', tenant.id, { ...tenant, consented });
    },
    grants: () => [...things.grant.values()],
    resellerGrant: (partner, customer) => things.grant.get(`reseller ${partner} ${customer}`),
    addGrant: (grant) => put('grant', grantKey(grant), grant),
    dropGrant: (grant) => {
      erase.run('grant', grantKey(grant));
      things.grant.delete(grantKey(grant));
    },
    relationships,
    relationship: (id) => {
      const found = things.relationship.get(id.toLowerCase());
      return found && standingOf(found, moment());
    },
    putRelationship: (relationship) => put('relationship', relationship.id, relationship),
    moment,
    stepOf: (ms) => {
      const { business, machine } = moment();
      return { asked: machine, due: machine + ms, at: new Date(business.getTime() + ms).toISOString() };
    },
    delays: () => things.delays.get('') ?? usualDelays,
    setDelays: (delays) => put('delays', '', delays),
    subscriptions: () => [...things.subscription.values()],
    subscription: (id) => things.subscription.get(id.toLowerCase()),
    putSubscription: (subscription) => put('subscription', subscription.id, subscription),
    dropSubscription: (id) => {
      erase.run('subscription', id);
      things.subscription.delete(id);
    },
    world: () => ({
      now: now().toISOString(),
      tenants: [...things.tenant.values()],
      grants: [...things.grant.values(), ...relationships().flatMap(grantOf)],
      subscriptions: [...things.subscription.values()],
    }),
    reset: () => fill(first),
    close: () => void db.close(),
  };
  // A file of another version is better refused with its mistake than half understood.
  readWorld(state.world());
  return state;
};
