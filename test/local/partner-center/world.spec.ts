import assert from 'node:assert/strict';
import { marketOf } from '../../../src/domain/markets.js';
import { builtInWorld } from '../../../src/local/partner-center/built-in-world.js';
import { areInOneMarket } from '../../../src/local/partner-center/markets.js';
import { readWorld } from '../../../src/local/partner-center/read-world.js';
import { aWorld, CONTOSO, E3, FABRIKAM, NOBODY, NORTHWIND } from './a-sandbox.js';

type Loose = Record<string, never> & { tenants: never[]; grants: never[]; subscriptions: never[] };

describe('a world written by hand', () => {
  it('is read with its ids in small letters, its instants in UTC, and what was left out filled in', () => {
    const world = aWorld();
    world.tenants[5] = { ...world.tenants[5]!, id: CONTOSO.toUpperCase() };
    world.now = '2026-11-22T15:00:00+03:00';

    const { now, tenants } = readWorld(world);

    assert.equal(now, '2026-11-22T12:00:00.000Z');
    const { id, cloud, csp, consented, people } = tenants[5]!;
    assert.deepEqual({ id, cloud, csp, consented }, { id: CONTOSO, cloud: 'commercial', csp: null, consented: true });
    assert.deepEqual(people[1], { ...people[1], locale: 'en-US', roles: [], guest: false });
  });

  it('may be the built-in one, which has the cases that the rules are about', () => {
    const { tenants, grants } = readWorld(builtInWorld);

    const partnersOf = (customer: string): number => grants.filter((grant) => grant.kind === 'reseller' && grant.customer === customer).length;
    const customers = tenants.filter(({ csp }) => !csp);
    assert.deepEqual([0, 1, 3].filter((count) => customers.some(({ id }) => partnersOf(id) === count)), [0, 1, 3]);
    assert(tenants.filter(({ csp, cloud }) => csp?.type === 'directBill' && cloud === 'commercial').length >= 2);
    assert(tenants.some(({ csp }) => csp?.type === 'indirectReseller' && csp.providers.length > 0));
    assert(tenants.some(({ csp, cloud }) => csp && cloud === 'usGov') && customers.some(({ cloud }) => cloud === 'usGov'));
    assert(customers.some(({ consented }) => !consented));
    assert(customers.some(({ name }) => /[şğıİ]/.test(name)) && customers.some(({ name }) => /[*[\]_]/.test(name)));
    assert(tenants.some(({ people }) => people.some(({ guest }) => guest)) && tenants.some(({ people }) => people.some(({ roles }) => roles.length === 0)));
  });

  const mistakes: readonly [string, (world: Loose) => unknown, string][] = [
    ['no now', (world) => delete world['now'], 'now: is missing.'],
    ['a now that is a day', (world) => Object.assign(world, { now: '2026-11-22' }), 'now: "2026-11-22" is not an ISO instant such as 2026-11-22T09:00:00Z.'],
    ['a role that does not exist', (world) => change(world, 'tenants', 0, 'people', 0, { roles: ['salesagent'] }), 'tenants[0].people[0].roles[0]: "salesagent" is not a role; use one of globalAdmin, userAdmin, salesAgent, adminAgent, helpdeskAgent, billingAdmin, user.'],
    ['a customer role at a partner', (world) => change(world, 'tenants', 0, 'people', 0, { roles: ['globalAdmin', 'user'] }), 'tenants[0].people[0].roles[1]: "user" does not fit a partner; use one of globalAdmin, userAdmin, salesAgent, adminAgent, helpdeskAgent for the people of Fabrikam.'],
    ['a partner role at a customer', (world) => change(world, 'tenants', 5, 'people', 0, { roles: ['salesAgent'] }), 'tenants[5].people[0].roles[0]: "salesAgent" does not fit a customer; use one of globalAdmin, billingAdmin, user for the people of Contoso & <Sons>.'],
    ['a field nobody knows', (world) => change(world, 'tenants', 1, { colour: 'blue' }), 'tenants[1]: there is no field colour here.'],
    ['an id that is no GUID', (world) => change(world, 'tenants', 1, { id: 'northwind' }), 'tenants[1].id: "northwind" is not a tenant id (a GUID).'],
    ['a tenant without a name', (world) => change(world, 'tenants', 1, { name: undefined }), 'tenants[1].name: is missing.'],
    ['a tenant without domains', (world) => change(world, 'tenants', 1, { domains: [] }), 'tenants[1].domains: needs at least one domain.'],
    ['a domain that is none', (world) => change(world, 'tenants', 1, { domains: ['north wind'] }), 'tenants[1].domains[0]: "north wind" is not a domain.'],
    ['a country by its name', (world) => change(world, 'tenants', 1, { country: 'Turkey' }), 'tenants[1].country: "Turkey" is not a country of two capital letters.'],
    ['a cloud that does not exist', (world) => change(world, 'tenants', 1, { cloud: 'usgov' }), 'tenants[1].cloud: "usgov" is not a cloud; use one of commercial, usGov, china21Vianet.'],
    ['a guest that is a word', (world) => change(world, 'tenants', 0, 'people', 0, { guest: 'no' }), 'tenants[0].people[0].guest: is not a boolean.'],
    ['two tenants with one id', (world) => change(world, 'tenants', 1, { id: FABRIKAM }), 'tenants[1].id: another tenant has this already (tenants[0].id).'],
    ['two tenants with one domain', (world) => change(world, 'tenants', 1, { domains: ['FABRIKAM.com'] }), 'tenants[1].domains[0]: another tenant has this already (tenants[0].domains[0]).'],
    ['one person twice', (world) => change(world, 'tenants', 0, 'people', 1, { id: CONTOSO }) && change(world, 'tenants', 5, 'people', 0, { id: CONTOSO }), 'tenants[5].people[0].id: another person has this already (tenants[0].people[1].id).'],
    ['a provider that is none', (world) => change(world, 'tenants', 3, { csp: { type: 'indirectReseller', providers: [NORTHWIND] } }), `tenants[3].csp.providers[0]: ${NORTHWIND} is not an indirectProvider of this world.`],
    ['providers of a direct-bill partner', (world) => change(world, 'tenants', 0, { csp: { type: 'directBill', providers: [NORTHWIND] } }), 'tenants[0].csp.providers: only an indirectReseller has providers.'],
    ['a grant to a tenant that is not there', (world) => change(world, 'grants', 0, { customer: NOBODY }), `grants[0].customer: ${NOBODY} is no tenant of this world.`],
    ['a grant from a customer', (world) => change(world, 'grants', 0, { partner: CONTOSO }), 'grants[0].partner: Contoso & <Sons> is no partner (its csp is null).'],
    ['a grant to a partner', (world) => change(world, 'grants', 0, { customer: FABRIKAM }), 'grants[0].customer: Fabrikam is a partner, and a partner cannot be a customer.'],
    ['a grant of another kind', (world) => change(world, 'grants', 0, { kind: 'dap' }), 'grants[0].kind: "dap" is not a kind of grant; use one of reseller, gdap.'],
    ['one grant twice', (world) => change(world, 'grants', 1, { partner: NORTHWIND }), 'grants[1]: another grant has this already (grants[0]).'],
    ['a seller that is not there', (world) => change(world, 'subscriptions', 0, { soldBy: NOBODY }), `subscriptions[0].soldBy: ${NOBODY} is no tenant of this world.`],
    ['a seller that is a word', (world) => change(world, 'subscriptions', 0, { soldBy: 'Northwind' }), 'subscriptions[0].soldBy: "Northwind" is not a tenant id or "microsoft".'],
    ['one subscription twice', (world) => change(world, 'subscriptions', 1, { id: E3 }), 'subscriptions[1].id: another subscription has this already (subscriptions[0].id).'],
    ['a list instead of a world', (world) => Object.assign(world, { tenants: {} }), 'tenants: is not an array.'],
  ];
  for (const [what, spoil, sentence] of mistakes) {
    it(`is refused with one sentence when it has ${what}`, () => {
      const world = JSON.parse(JSON.stringify(aWorld())) as Loose;
      spoil(world);

      assert.throws(() => readWorld(world), { name: 'WorldError', message: sentence });
    });
  }

  it('is refused when it is no world at all', () => {
    assert.throws(() => readWorld('contoso'), { name: 'WorldError', message: 'The world: is not an object.' });
  });
});

describe("the sandbox's list of markets", () => {
  it('agrees with the rule book for every pair of countries', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const countries = letters.flatMap((one) => letters.map((other) => one + other));

    const disagreeing = countries.flatMap((one) => countries.filter((other) =>
      areInOneMarket(one, other) !== (marketOf(one) !== undefined && marketOf(one) === marketOf(other))));

    assert.deepEqual(disagreeing, []);
  });
});

/** Walks to a value of the world and changes some of its fields. */
const change = (world: Loose, ...steps: readonly [...(string | number)[], object]): boolean => {
  const target = steps.slice(0, -1).reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step as string], world) as object;
  Object.assign(target, steps.at(-1));
  return true;
};
