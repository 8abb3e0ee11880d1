import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { customerCalled, customersOnAPage, nameCustomer, showMyCustomers, type CustomersWish } from '../../src/commands/show-my-customers.js';
import { asDomainName, asTenantId } from '../../src/domain/ids.js';
import { aCustomer, aDelegatedAdmin, aRelationshipId, CONTOSO, FABRIKAM, guid, inDays, NORTHWIND } from '../helpers/builders.js';
import { ada, deniz, elif, nil, openHouse, outage, type House } from './house.js';

describe('showing my customers', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const show = async (over: Partial<CustomersWish> = {}) => {
    const view = await showMyCustomers(house.ports)({ by: elif, ...over });
    assert(view.view === 'customers', view.view);
    return view;
  };
  const namesIn = async (over: Partial<CustomersWish> = {}) => (await show(over)).customers.map(({ name }) => name);
  const tenants = (many: number, name = 'Customer') => Array.from({ length: many }, (_, at) => aCustomer({ id: asTenantId(guid(1000 + at)), name: `${name} ${String(at).padStart(2, '0')}`, domain: asDomainName(`customer${at}.com`) }));
  const name = (customer: string, alias: string, by = elif) => nameCustomer(house.ports)({ by, customer, alias });

  it('lists ten a page and says whether there are more, without a gap and without asking Microsoft', async () => {
    house.shows({ sells: tenants(25) });
    await house.watches();
    for (const asked of Object.values(house.authority)) asked.resetHistory();

    const pages = [await show(), await show({ page: 1 }), await show({ page: 2 }), await show({ page: 3 })];

    assert.deepEqual(pages.map(({ customers, hasMore, page }) => [customers.length, hasMore, page]), [[customersOnAPage, true, 0], [10, true, 1], [5, false, 2], [0, false, 3]]);
    assert.equal(new Set(pages.flatMap(({ customers }) => customers.map(({ customer }) => customer))).size, 25);
    assert.deepEqual(Object.values(house.authority).map(({ callCount }) => callCount).filter(Boolean), []);
  });

  it('finds one that came since the last look, by asking Microsoft', async () => {
    await house.watches();
    const [fresh] = tenants(1, 'Adatum');
    assert(fresh);
    house.authority.findOwnCustomers.withArgs(FABRIKAM, 'ada').resolves([fresh]);

    assert.deepEqual(await namesIn({ search: 'ada' }), ['Adatum 00']);
    assert.equal(house.authority.findOwnCustomers.callCount, 1);
    await show({ search: 'ada' });
    assert.equal(house.authority.findOwnCustomers.callCount, 1);
  });

  it('reads none of the others to find it, however many there are, and says of none that it ended', async () => {
    const [fresh, ...others] = tenants(12, 'Adatum');
    assert(fresh);
    house.shows({ sells: others.map((one) => ({ ...one, name: 'Woodgrove', domain: asDomainName(`other-${one.domain}`) })) });
    await house.watches();
    house.authority.listOwnCustomers.resetHistory();
    house.authority.findOwnCustomers.withArgs(FABRIKAM, 'ada').resolves([fresh]);

    assert.deepEqual(await namesIn({ search: 'ada' }), ['Adatum 00']);

    assert.equal(house.authority.listOwnCustomers.callCount, 0);
    assert.equal((await show({ only: 'ended' })).customers.length, 0);
  });

  it('leaves what stood before anybody looked to the first look, which tells nobody', async () => {
    house.authority.findOwnCustomers.withArgs(FABRIKAM, 'ada').resolves(tenants(1, 'Adatum'));

    assert.deepEqual(await namesIn({ search: 'ada' }), []);
    assert.deepEqual(await house.ledger.grants({ partner: FABRIKAM }), []);
  });

  it('finds what is known while Microsoft does not answer', async () => {
    house.authority.findOwnCustomers.rejects(outage);

    assert.deepEqual(await namesIn({ search: 'ada' }), []);
  });

  it('with exactly one page has no more', async () => {
    house.shows({ sells: tenants(10) });
    await house.watches();
    assert.equal((await show()).hasMore, false);
  });

  it('puts first what ends soon, then what waits, what stands, what was declined, and what is over', async () => {
    const [soon, fine, over] = tenants(3);
    assert(soon && fine && over);
    const admin = (customer: string, id: number, days: number) => aDelegatedAdmin({ id: aRelationshipId(id), customer: asTenantId(customer), until: inDays(days).toISOString() });
    house.shows({ sells: [soon, fine, over], manages: [admin(soon.id, 201, 20), admin(fine.id, 211, 300)] });
    await house.watches();
    house.shows({ sells: [soon, fine], manages: [admin(soon.id, 201, 20), admin(fine.id, 211, 300)] });
    await house.watches();
    await house.sent();

    const view = await show();

    assert.deepEqual(view.customers.map(({ name: called, standing }) => [called, standing]), [['Customer 00', 'active'], ['Contoso', 'waiting'], ['Customer 01', 'active'], ['Customer 02', 'ended']]);
    assert.deepEqual([view.soon, view.customers[0]?.endsAt, view.customers[0]?.isSelling], [inDays(60).toISOString(), inDays(20).toISOString(), true]);
    for (const [only, expected] of [['endingSoon', ['Customer 00']], ['waiting', ['Contoso']], ['active', ['Customer 00', 'Customer 01']], ['ended', ['Customer 02']], ['declined', []]] as const) {
      assert.deepEqual(await namesIn({ only }), expected, only);
    }
  });

  it('follows a request through its life', async () => {
    const standing = async () => (await show()).customers.map((line) => [line.standing, line.state, line.openedAt !== undefined]);
    await house.drafted();
    assert.deepEqual(await standing(), [], 'a draft has not left the house');
    const id = await house.delivered();
    assert.deepEqual(await standing(), [['waiting', 'delivered', false]]);
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    assert.deepEqual(await standing(), [['waiting', 'awaitingAuthority', true]]);
    await house.acceptsAtMicrosoft();
    assert.deepEqual(await standing(), [['active', 'established', true]]);
    house.shows({});
    await house.watches();
    assert.deepEqual(await standing(), [['ended', 'established', true]]);
  });

  it('searches by name, domain and alias, as people type them', async () => {
    house.shows({ sells: [aCustomer({ name: 'Işık Çözüm A.Ş.', domain: asDomainName('isik.com.tr') }), ...tenants(3)] });
    await house.watches();
    assert.equal(await name('ışık', 'Bizim Işık'), 'done');

    for (const search of ['IŞIK', 'isik', 'çözüm', 'cozum', 'isik.com.tr', 'bizim']) assert.deepEqual(await namesIn({ search }), ['Işık Çözüm A.Ş.'], search);
    for (const search of ['özüm', 'zzz', 'bizim çözüm']) assert.deepEqual(await namesIn({ search }), [], search);
    assert.deepEqual([(await show({ search: 'cust', only: 'active' })).customers.length, (await show({ search: 'cust', only: 'waiting' })).customers.length], [3, 0]);
  });

  describe('named in a sentence', () => {
    const called = async (words: string, by = elif) => {
      const found = await customerCalled(house.ports)({ by, words });
      return found && [found.customer.name, found.called, found.rest];
    };
    const named = (...names: readonly string[]) => names.map((one, at) => aCustomer({ id: asTenantId(guid(1000 + at)), name: one, domain: asDomainName(`customer${at}.com`) }));

    it('is the one whose name or own name it is, and what follows the name is left', async () => {
      house.shows({ sells: named('Işık Çözüm', 'Adatum', 'Adatum Holding', 'Tailspin Toys', 'Tailspin Trains') });
      await house.watches();
      assert.equal(await name('tailspin toys', 'Acme'), 'done');

      assert.deepEqual(await called('IŞIK ÇÖZÜM Azure yedekleme'), ['Işık Çözüm', 'IŞIK ÇÖZÜM', 'Azure yedekleme']);
      assert.deepEqual(await called('isik'), ['Işık Çözüm', 'isik', '']);
      assert.deepEqual(await called('Adatum'), ['Adatum', 'Adatum', '']);
      assert.deepEqual(await called('acme'), ['Tailspin Toys', 'acme', '']);
      assert.deepEqual([await called('Tailspin'), await called('Ada'), await called('zzz'), await called('')], [undefined, undefined, undefined, undefined]);
    });

    it('is nobody for those who have no such list', async () => {
      await house.delivered();
      house.is(ada, { roles: ['helpdeskAgent'] });

      assert.deepEqual([await called('Contoso'), await called('Contoso', ada), await called('Contoso', nil), await called('Contoso', deniz)], [['Contoso', 'Contoso', ''], undefined, undefined, undefined]);
    });
  });

  describe('under a name for one’s own people', () => {
    it('is kept beside the real one, for every colleague, until it is taken away', async () => {
      await house.delivered();

      assert.equal(await name('contoso', '  Acme\n Corp '), 'done');
      const [line] = (await show({ by: ada })).customers;
      assert.deepEqual([line?.name, line?.alias], ['Contoso', 'Acme Corp']);
      assert.equal(await name('acme', ''), 'done');

      assert.equal((await show()).customers[0]?.alias, undefined);
      assert.deepEqual(await house.eventsOf(`between/${FABRIKAM}/${CONTOSO}`), ['CustomerNamed', 'CustomerNamed']);
    });

    it('is a short one', async () => {
      await house.delivered();
      await name('contoso', 'x'.repeat(500));
      assert.equal((await show()).customers[0]?.alias?.length, 60);
    });

    it('stays through everything that happens to the customer', async () => {
      const id = await house.delivered();
      await name('contoso', 'Acme');
      await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
      await house.acceptsAtMicrosoft();

      assert.deepEqual((await show({ search: 'acme' })).customers.map(({ alias, standing }) => [alias, standing]), [['Acme', 'active']]);
    });

    it('asks which one where several fit, and finds nothing where none does', async () => {
      house.shows({ sells: tenants(2) });
      await house.watches();

      assert.deepEqual([await name('customer', 'Acme'), await name('zzz', 'Acme'), await name('', 'Acme'), await name('customer 01', 'Acme')], ['several', 'notFound', 'notFound', 'done']);
    });

    it('is never seen by the customer nor by another partner', async () => {
      await house.delivered();
      await house.sent(nil);
      await name('contoso', 'Difficult people');
      house.shows({ partner: NORTHWIND });

      assert.doesNotMatch(JSON.stringify([await show({ by: nil }), house.sentTo(deniz)]), /Difficult/);
      assert.deepEqual((await show({ by: nil, search: 'difficult' })).customers, []);
      assert.deepEqual([await name('contoso', 'Mine', deniz), (await show()).customers[0]?.alias], ['notFound', 'Difficult people']);
    });
  });

  for (const [who, by, now] of [
    ['a customer’s person, Global admin or not', deniz, { roles: ['globalAdmin'], tenant: CONTOSO }], ['a colleague without a role', ada, { roles: ['helpdeskAgent'] }],
    ['a guest', ada, { roles: ['salesAgent'], isGuest: true }], ['somebody whose role may not be read', ada, 'unreadable'],
  ] as const) {
    it(`is refused to ${who}`, async () => {
      await house.delivered();
      house.is(by, now);

      const view = await showMyCustomers(house.ports)({ by });

      assert(view.view === 'refusal');
      assert.deepEqual(view.refusals.map(({ rule, code, about }) => [rule, code, about['to']]), [['MP-10', 'ROLE_NOT_ALLOWED', by.tenant === CONTOSO ? 'haveCustomers' : 'see']]);
      assert.equal(await name('contoso', 'Mine', by), 'notFound');
    });
  }
});
