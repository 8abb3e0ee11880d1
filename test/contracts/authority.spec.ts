import assert from 'node:assert/strict';
import { notConsented } from '../../src/commands/ports.js';
import { asDomainName, asTenantId } from '../../src/domain/ids.js';
import type { CallRecord } from '../../src/microsoft/microsoft.js';
import * as at from '../local/partner-center/a-sandbox.js';
import { allowedFor, clientOf, recorded } from '../microsoft/a-client.js';

describe("Microsoft's side, the client speaking to the sandbox over HTTP", () => {
  let sandbox: at.OpenSandbox;
  let calls: CallRecord[];
  let authority: ReturnType<typeof clientOf>['authority'];
  let directory: ReturnType<typeof clientOf>['directory'];

  beforeEach(async () => {
    sandbox = await at.openSandbox();
    const record = recorded();
    calls = record.calls;
    ({ authority, directory } = clientOf(sandbox, sandbox.machine.now, { onCall: record.onCall }));
  });
  afterEach(() => sandbox.close());

  describe('a partner account', () => {
    it('says what its own accounts say: name, cloud, market, agreement', async () => {
      const partner = await authority.partner(at.FABRIKAM);

      assert.deepEqual(partner, { id: at.FABRIKAM, name: 'Fabrikam', domain: 'fabrikam.com', cloud: 'commercial', type: 'directBill', country: 'TR', hasSignedMpa: 'yes' });
    });

    it('has not signed when Partner Center says so', async () => {
      const partner = await authority.partner(at.PROVIDER);

      assert.deepEqual([partner?.type, partner?.hasSignedMpa], ['indirectProvider', 'no']);
    });

    it('may live in the government cloud', async () => {
      assert.equal((await authority.partner(at.FEDERAL))?.cloud, 'usGov');
    });

    it('is none for a customer', async () => {
      assert.equal(await authority.partner(at.CONTOSO), undefined);
      assert.equal(calls.length, 0);
    });
  });

  describe('an invitation', () => {
    it('is a link that names the partner and no customer', async () => {
      const prepared = await authority.prepareInvitation(allowedFor(at.FABRIKAM));

      assert.deepEqual(prepared, { link: `${sandbox.url}/Adminportal/Home?invType=ResellerRelationship&partnerId=${at.FABRIKAM}&msppId=0&DAP=false#/BillingAccounts/partner-invitation` });
    });

    it('includes delegated administration in the government cloud', async () => {
      const prepared = await authority.prepareInvitation(allowedFor(at.FEDERAL));

      assert('link' in prepared && prepared.link.includes('DAP=true'));
    });

    it('is refused for a partner that is not active', async () => {
      const prepared = await authority.prepareInvitation(allowedFor(at.RESELLER));

      assert('refused' in prepared);
      assert.deepEqual([prepared.refused.code, prepared.refused.serviceCode], ['PARTNER_NOT_ACTIVE', '800039']);
      assert.match(prepared.refused.correlationId, /^0{8}-/);
    });

    for (const [serviceCode, code] of [
      [2032, 'ROLE_NOT_ALLOWED'], ['900150', 'ROLE_NOT_ALLOWED'], [2030, 'MARKET_MISMATCH'], ['900123', 'MPA_NOT_SIGNED'], [900124, 'MPA_NOT_SIGNED'], ['800039', 'PARTNER_NOT_ACTIVE'],
      [900149, 'PARTNER_NOT_ACTIVE'], [800073, 'CUSTOMER_UNDER_REVIEW'], ['800074', 'CUSTOMER_UNDER_REVIEW'], [800075, 'CUSTOMER_UNDER_REVIEW'], [13605, 'AUTHORITY_REFUSED'], ['4711', 'AUTHORITY_REFUSED'],
    ] as const) {
      it(`is refused as ${code} when Partner Center says ${JSON.stringify(serviceCode)}`, async () => {
        await sandbox.control('POST', 'faults', { path: 'relationshiprequests', status: 403, body: { code: serviceCode, description: 'No.', data: [] } });

        const prepared = await authority.prepareInvitation(allowedFor(at.FABRIKAM));

        assert('refused' in prepared);
        assert.deepEqual([prepared.refused.code, prepared.refused.serviceCode], [code, String(serviceCode)]);
      });
    }

    it('creates nothing at Microsoft', async () => {
      const before = await sandbox.control('GET', 'world');
      await authority.prepareInvitation(allowedFor(at.FABRIKAM));

      assert.deepEqual(await sandbox.control('GET', 'world'), before);
    });
  });

  describe('a relationship', () => {
    it('is seen by the partner that has it and by no other', async () => {
      assert.equal(await authority.observe(at.NORTHWIND, at.CONTOSO), 'yes');
      assert.equal(await authority.observe(at.FABRIKAM, at.CONTOSO), 'no');
      assert.equal(await authority.observe(at.FABRIKAM, at.NOBODY), 'no');
    });

    it('appears once the customer has accepted, and only then', async () => {
      assert.deepEqual(await authority.listOwnCustomers(at.FABRIKAM), []);

      await sandbox.control('POST', 'accept', { partner: at.FABRIKAM, customer: at.CONTOSO, person: at.AYSE });

      assert.equal(await authority.observe(at.FABRIKAM, at.CONTOSO), 'yes');
      assert.deepEqual(await authority.listOwnCustomers(at.FABRIKAM), [{ id: at.CONTOSO, name: 'Contoso & <Sons>', domain: 'contoso.com', cloud: 'unknown' }]);
    });

    it('is listed over all pages, each customer once', async () => {
      const world = at.aWorld();
      const customers = Array.from({ length: 1_234 }, (_, number) => `77777777-0000-4000-8000-${String(number).padStart(12, '0')}`);
      const large = await at.openSandbox({
        world: {
          ...world,
          tenants: [...world.tenants, ...customers.map((id, number) => ({ id, name: `Customer ${number}`, domains: [`customer${number}.com`], country: 'TR' }))],
          grants: customers.map((customer) => ({ kind: 'reseller', partner: at.FABRIKAM, customer, since: at.NOON })),
        },
      });
      const record = recorded();
      const listed = await clientOf(large, large.machine.now, { onCall: record.onCall }).authority.listOwnCustomers(at.FABRIKAM);
      await large.close();

      assert.deepEqual(listed.map(({ id }) => id), customers);
      assert.equal(record.calls.filter(({ operation }) => operation === 'listCustomers').length, 3);
    });
  });

  describe('subscriptions', () => {
    it('show a partner only what it sold itself', async () => {
      assert.deepEqual(await authority.listOwnSubscriptions(at.NORTHWIND, at.CONTOSO), [{
        id: at.E3, offer: 'Office 365 E3', soldBy: at.NORTHWIND, partnerOfRecord: at.NORTHWIND, quantity: 120, status: 'active',
        termEnds: '2027-03-31T00:00:00.000Z', autoRenew: 'yes', since: '2023-04-01T00:00:00.000Z',
      }]);
      assert.deepEqual(await authority.listOwnSubscriptions(at.FABRIKAM, at.CONTOSO), []);
    });

    it('of two tiers name the reseller as partner of record', async () => {
      const [azure] = await authority.listOwnSubscriptions(at.PROVIDER, at.CONTOSO);

      assert.deepEqual([azure?.soldBy, azure?.partnerOfRecord, azure?.termEnds, azure?.autoRenew], [at.PROVIDER, at.RESELLER, '', 'no']);
    });

    it('show a partner of record that changed', async () => {
      await sandbox.control('PATCH', `subscriptions/${at.E3}`, { partnerOfRecord: at.FABRIKAM });

      assert.equal((await authority.listOwnSubscriptions(at.NORTHWIND, at.CONTOSO))[0]?.partnerOfRecord, at.FABRIKAM);
    });

    it('are all seen by the customer, each with its seller, under the same ids', async () => {
      const holdings = await directory.holdings(at.CONTOSO);

      assert(holdings !== notConsented);
      assert.deepEqual(holdings.subscriptions.map(({ id, offer, soldBy, partnerOfRecord, quantity, status }) => ({ id, offer, soldBy, partnerOfRecord, quantity, status })), [
        { id: at.E3, offer: 'Office 365 E3', soldBy: at.NORTHWIND, partnerOfRecord: 'unknown', quantity: 120, status: 'active' },
        { id: at.COPILOT, offer: 'Microsoft 365 Copilot', soldBy: 'microsoft', partnerOfRecord: 'unknown', quantity: 8, status: 'active' },
        { id: at.AZURE, offer: 'Azure plan', soldBy: at.PROVIDER, partnerOfRecord: 'unknown', quantity: 1, status: 'active' },
      ]);
      assert.deepEqual(holdings.subscriptions.map(({ since }) => since), ['2023-04-01T00:00:00.000Z', undefined, '2024-01-01T00:00:00.000Z']);
      assert.deepEqual(holdings.partners, [
        { tenant: at.NORTHWIND, name: 'Northwind', isServiceProvider: true },
        { tenant: at.PROVIDER, name: 'Provider', isServiceProvider: true },
      ]);
    });

    it('keep an offer with a name that Microsoft does not use', async () => {
      await sandbox.control('PATCH', `subscriptions/${at.E3}`, { offer: 'Teams Rooms Pro', status: 'suspended' });
      const holdings = await directory.holdings(at.CONTOSO);

      assert(holdings !== notConsented);
      assert.deepEqual([holdings.subscriptions[0]?.offer, holdings.subscriptions[0]?.status], ['Teams Rooms Pro', 'suspended']);
    });
  });

  describe('delegated administration', () => {
    it('is listed for one customer or for all, and only its own', async () => {
      const expected = [{
        customer: at.CONTOSO, name: 'Support', roles: ['fe930be7-5e62-47db-91af-98c3a49a38b1'], since: '2026-03-03T00:00:00.000Z', until: '2027-03-03T00:00:00.000Z', autoExtends: false,
      }];

      assert.deepEqual(await authority.listDelegatedAdmin(at.NORTHWIND), expected);
      assert.deepEqual(await authority.listDelegatedAdmin(at.NORTHWIND, at.CONTOSO), expected);
      assert.deepEqual(await authority.listDelegatedAdmin(at.NORTHWIND, at.GERMAN), []);
      assert.deepEqual(await authority.listDelegatedAdmin(at.FABRIKAM), []);
    });

    it('ends with its time', async () => {
      await sandbox.control('POST', 'clock', { now: '2027-03-03T00:00:01Z' });

      assert.deepEqual(await authority.listDelegatedAdmin(at.NORTHWIND), []);
    });

    it('goes on in steps of 180 days when it extends itself', async () => {
      const world = at.aWorld();
      const extending = await at.openSandbox({ world: { ...world, grants: world.grants.map((grant) => (grant.kind === 'gdap' ? { ...grant, autoExtend: true } : grant)) } });
      await extending.control('POST', 'clock', { now: '2027-03-04T00:00:00Z' });
      const [admin] = await clientOf(extending, extending.machine.now).authority.listDelegatedAdmin(at.NORTHWIND);
      await extending.close();

      assert.deepEqual([admin?.until, admin?.autoExtends], ['2027-08-30T00:00:00.000Z', true]);
    });

    it('is listed over all pages', async () => {
      const world = at.aWorld();
      const many = Array.from({ length: 250 }, (_, number) => ({
        kind: 'gdap', partner: at.FABRIKAM, customer: at.CONTOSO, since: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z', roles: ['fe930be7-5e62-47db-91af-98c3a49a38b1'], name: `Support ${number}`,
      }));
      const large = await at.openSandbox({ world: { ...world, grants: many } });
      const listed = await clientOf(large, large.machine.now).authority.listDelegatedAdmin(at.FABRIKAM, at.CONTOSO);
      await large.close();

      assert.deepEqual(listed.map(({ name }) => name), many.map(({ name }) => name));
    });
  });

  describe('a person', () => {
    for (const [who, id, roles] of [
      ['a sales agent', at.ELIF, ['salesAgent']], ['an admin agent', at.MURAT, ['adminAgent']], ['a helpdesk agent', at.SELIN, ['helpdeskAgent']],
      ['a user admin', at.EMRE, ['userAdmin']], ['a global admin', at.GRACE, ['globalAdmin']], ['somebody without a role', at.OYA, []],
    ] as const) {
      it(`of a partner is ${who}`, async () => {
        const person = await directory.person(at.FABRIKAM, id);

        assert(person && person !== notConsented);
        assert.deepEqual(person.roles, roles);
      });
    }

    for (const [who, id, roles, isGuest] of [
      ['a global admin', at.AYSE, ['globalAdmin'], false], ['a billing admin', at.BILL, ['billingAdmin'], false], ['a user', at.CAN, ['user'], false], ['a guest', at.GUEST, ['globalAdmin'], true],
    ] as const) {
      it(`of a customer is ${who}`, async () => {
        const person = await directory.person(at.CONTOSO, id);

        assert(person && person !== notConsented);
        assert.deepEqual([person.roles, person.isGuest], [roles, isGuest]);
      });
    }

    it('comes with name and mail', async () => {
      assert.deepEqual(await directory.person(at.CONTOSO, at.AYSE), { id: at.AYSE, tenant: at.CONTOSO, name: 'Ayşe Yılmaz', mail: 'ayse@contoso.com', roles: ['globalAdmin'], isGuest: false });
    });

    it('has the roles of this moment', async () => {
      await directory.person(at.FABRIKAM, at.ELIF);
      await sandbox.control('PATCH', `people/${at.ELIF}`, { roles: [] });
      const person = await directory.person(at.FABRIKAM, at.ELIF);

      assert(person && person !== notConsented);
      assert.deepEqual(person.roles, []);
    });

    it('is unknown in every tenant but their own', async () => {
      assert.equal(await directory.person(at.FABRIKAM, at.AYSE), undefined);
      assert.equal(await directory.person(at.CONTOSO, at.ELIF), undefined);
    });

    it('cannot be read without consent, nor in a tenant that does not exist', async () => {
      assert.equal(await directory.person(at.LITWARE, at.LALE), notConsented);
      assert.equal(await directory.person(at.NOBODY, at.LALE), notConsented);
    });
  });

  describe('a tenant', () => {
    it('is found by each of its domains', async () => {
      const contoso = { id: at.CONTOSO, name: 'Contoso & <Sons>', domain: 'contoso.com', cloud: 'commercial' };

      assert.deepEqual(await directory.tenantByDomain(at.CONTOSO_COM, at.FABRIKAM), contoso);
      assert.deepEqual(await directory.tenantByDomain(asDomainName('contoso.onmicrosoft.com'), at.FABRIKAM), contoso);
      assert.deepEqual(await directory.tenantById(at.CONTOSO, at.FABRIKAM), contoso);
    });

    it('of another cloud is found, and says so', async () => {
      const found = await directory.tenantByDomain(asDomainName('agency.us'), at.FABRIKAM);

      assert.deepEqual([found?.id, found?.name, found?.cloud], [at.AGENCY, 'Agency', 'usGov']);
    });

    it('is none when nobody uses that domain or id', async () => {
      assert.equal(await directory.tenantByDomain(asDomainName('nobody.example'), at.FABRIKAM), undefined);
      assert.equal(await directory.tenantById(at.NOBODY, at.FABRIKAM), undefined);
    });

    it('is found without its consent, for names are public', async () => {
      assert.equal((await directory.tenantByDomain(asDomainName('litware.com'), at.FABRIKAM))?.name, 'Litware');
    });

    it('tells itself its name, when it has consented', async () => {
      assert.equal((await directory.tenantById(at.CONTOSO, at.CONTOSO))?.name, 'Contoso & <Sons>');
      assert.equal(await directory.tenantById(at.LITWARE, at.LITWARE), undefined);
    });

    it('shows its country with its consent only', async () => {
      assert.equal(await directory.countryOf(at.GERMAN), 'DE');
      assert.equal(await directory.countryOf(at.LITWARE), 'unknown');
      assert.equal(await directory.countryOf(asTenantId(at.NOBODY)), 'unknown');
    });
  });

  describe('without consent', () => {
    it('neither deciders nor holdings are read', async () => {
      assert.equal(await directory.deciders(at.LITWARE), notConsented);
      assert.equal(await directory.holdings(at.LITWARE), notConsented);
    });
  });

  describe('who decides for a customer', () => {
    it('are its own global admins, guests left out', async () => {
      const people = await directory.deciders(at.CONTOSO);

      assert(people !== notConsented);
      assert.deepEqual(people.map(({ name }) => name), ['Ayşe Yılmaz']);
    });

    it('is nobody where nobody holds the role', async () => {
      await sandbox.control('PATCH', `people/${at.DIETER}`, { roles: ['user'] });

      assert.deepEqual(await directory.deciders(at.GERMAN), []);
    });
  });

  describe('all of it', () => {
    it('leaves the world as it was', async () => {
      const before = await sandbox.control('GET', 'world');
      await Promise.all([
        authority.partner(at.NORTHWIND), authority.prepareInvitation(allowedFor(at.NORTHWIND)), authority.observe(at.NORTHWIND, at.CONTOSO), authority.listOwnCustomers(at.NORTHWIND),
        authority.listOwnSubscriptions(at.NORTHWIND, at.CONTOSO), authority.listDelegatedAdmin(at.NORTHWIND), directory.person(at.CONTOSO, at.AYSE),
        directory.tenantByDomain(at.CONTOSO_COM, at.NORTHWIND), directory.countryOf(at.CONTOSO), directory.deciders(at.CONTOSO), directory.holdings(at.CONTOSO),
      ]);

      assert.deepEqual(await sandbox.control('GET', 'world'), before);
      assert.deepEqual([...new Set(calls.filter(({ method }) => method !== 'GET').map(({ operation }) => operation))], ['token']);
    });

    it('is told to the metrics by operation and pattern, never with an id or a domain', async () => {
      await directory.tenantByDomain(at.CONTOSO_COM, at.FABRIKAM);
      await directory.person(at.CONTOSO, at.AYSE);

      assert.doesNotMatch(JSON.stringify(calls), /contoso|[0-9a-f]{8}-/i);
      assert(calls.every(({ status, ms }) => status !== undefined && ms >= 0));
    });
  });
});
