import type { z } from 'zod';
import { customerRoles, partnerRoles, waysToHold, worldSchema, type Subscription, type Tenant, type World } from './world.js';

/** A mistake in a world, named by its path, in one sentence. */
export class WorldError extends Error {
  override readonly name = 'WorldError';
  constructor(readonly path: string, sentence: string) {
    super(path ? `${path}: ${sentence}.` : `The world: ${sentence}.`);
  }
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('').replace(/^\./, '');

/** The first mistake of a shape, in our words. */
export const parseAs = <Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> => {
  const { data, error } = shape.safeParse(value, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return `there is no field ${issue.keys.join(', ')} here`;
      if (issue.code === 'invalid_type') return issue.input === undefined ? 'is missing' : `is not ${article(issue.expected)}`;
      return undefined;
    },
  });
  const [first] = error?.issues ?? [];
  if (first) throw new WorldError(pathOf(first.path), first.message);
  return data as z.output<Shape>;
};

const article = (type: string): string => `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;

/** @throws WorldError for the first mistake */
export const readWorld = (value: unknown): World => {
  const world = parseAs(worldSchema, value);
  for (const [path, sentence] of mistakesIn(world)) throw new WorldError(path, sentence);
  return world;
};

type Mistake = readonly [path: string, sentence: string];
type Known = ReadonlyMap<string, Tenant>;

/** What no single field shows. */
function* mistakesIn({ tenants, grants, subscriptions }: World): Generator<Mistake> {
  const known: Known = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  yield* repeated(tenants.map(({ id }, at) => [`tenants[${at}].id`, id]), 'tenant');
  yield* repeated(tenants.flatMap(({ domains }, at) => domains.map((domain, one) => [`tenants[${at}].domains[${one}]`, domain] as const)), 'tenant');
  yield* repeated(tenants.flatMap(({ people }, at) => people.map(({ id }, one) => [`tenants[${at}].people[${one}].id`, id] as const)), 'person');
  for (const [at, tenant] of tenants.entries()) yield* mistakesInTenant(tenant, `tenants[${at}]`, known);
  yield* repeated(grants.map((grant, at) => [`grants[${at}]`, grantKey(grant)]), 'grant');
  for (const [at, { partner, customer }] of grants.entries()) {
    yield* notAPartner(`grants[${at}].partner`, partner, known);
    yield* notACustomer(`grants[${at}].customer`, customer, known);
  }
  yield* repeated(subscriptions.map(({ id }, at) => [`subscriptions[${at}].id`, id]), 'subscription');
  for (const [at, one] of subscriptions.entries()) yield* mistakesInSubscription(one, `subscriptions[${at}]`, known);
}

function* mistakesInTenant({ name, csp, people }: Tenant, path: string, known: Known): Generator<Mistake> {
  for (const [at, person] of people.entries()) {
    for (const way of waysToHold) {
      for (const [one, role] of person[way].entries()) {
        const sentence = rolesMisfit([role], csp !== null);
        if (sentence) yield [`${path}.people[${at}].${way}[${one}]`, `${sentence} of ${name}`];
      }
    }
  }
  if (csp && csp.type !== 'indirectReseller' && csp.providers.length > 0) yield [`${path}.csp.providers`, 'only an indirectReseller has providers'];
  for (const [at, provider] of csp?.providers.entries() ?? []) {
    if (known.get(provider)?.csp?.type !== 'indirectProvider') yield [`${path}.csp.providers[${at}]`, `${provider} is not an indirectProvider of this world`];
  }
}

/** A sentence when one of the roles belongs to the other side. */
export const rolesMisfit = (roles: readonly string[], isPartner: boolean): string | undefined => {
  const fitting: readonly string[] = isPartner ? partnerRoles : customerRoles;
  const wrong = roles.find((role) => !fitting.includes(role));
  return wrong && `"${wrong}" does not fit ${isPartner ? 'a partner' : 'a customer'}; use one of ${fitting.join(', ')} for the people`;
};

export function* mistakesInSubscription({ customer, soldBy, partnerOfRecord }: Subscription, path: string, known: Known): Generator<Mistake> {
  const at = (field: string): string => (path ? `${path}.${field}` : field);
  yield* notACustomer(at('customer'), customer, known);
  if (soldBy !== 'microsoft') yield* notAPartner(at('soldBy'), soldBy, known);
  if (partnerOfRecord) yield* notAPartner(at('partnerOfRecord'), partnerOfRecord, known);
}

function* repeated(values: readonly (readonly [path: string, value: string])[], what: string): Generator<Mistake> {
  const first = new Map<string, string>();
  for (const [path, value] of values) {
    const earlier = first.get(value);
    if (earlier) yield [path, `another ${what} has this already (${earlier})`];
    first.set(value, path);
  }
}

function* notAPartner(path: string, id: string, known: Known): Generator<Mistake> {
  if (!known.has(id)) yield [path, `${id} is no tenant of this world`];
  else if (!known.get(id)?.csp) yield [path, `${known.get(id)?.name} is no partner (its csp is null)`];
}

function* notACustomer(path: string, id: string, known: Known): Generator<Mistake> {
  if (!known.has(id)) yield [path, `${id} is no tenant of this world`];
  else if (known.get(id)?.csp) yield [path, `${known.get(id)?.name} is a partner, and a partner cannot be a customer`];
}

/** One reseller relationship for two tenants; delegated administrations are told apart by their names. */
export const grantKey = (grant: World['grants'][number]): string =>
  [grant.kind, grant.partner, grant.customer, ...(grant.kind === 'gdap' ? [grant.name] : [])].join(' ');
