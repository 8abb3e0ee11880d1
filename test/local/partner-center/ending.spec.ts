import assert from 'node:assert/strict';
import { administration } from './a-relationship.js';
import * as at from './a-sandbox.js';
import { wireOf, type Wire } from './a-wire.js';

type Body = Readonly<Record<string, unknown>>;

const REMOVAL = { relationshipToPartner: 'none', attributes: { objectType: 'Customer' } };

describe('the end of selling, on the wire of Partner Center', () => {
  let sandbox: at.OpenSandbox;
  let partnerCenter: Wire['partnerCenter'];
  beforeEach(async () => {
    sandbox = await at.openSandbox();
    ({ partnerCenter } = wireOf(sandbox));
  });
  afterEach(() => sandbox.close());
  const sells = (change: object) => sandbox.control('PATCH', `subscriptions/${at.E3}`, change);
  const remove = (body: unknown = REMOVAL, partner: string = at.NORTHWIND) => partnerCenter(partner, 'PATCH', `customers/${at.CONTOSO}`, body);
  const isCustomer = async (partner: string = at.NORTHWIND) => (await partnerCenter(partner, 'GET', `customers/${at.CONTOSO}`)).status === 200;

  describe('a removal', () => {
    it('answers in Pascal case with next to nothing, and the customer is a stranger', async () => {
      await sells({ status: 'deleted' });
      const { status, body } = await remove();

      assert.deepEqual([status, body], [200, {
        Id: null, CommerceId: null, CompanyProfile: null, BillingProfile: null, RelationshipToPartner: 'none', AllowDelegatedAccess: null,
        UserCredentials: null, CustomDomains: null, AssociatedPartnerId: null, Attributes: { ObjectType: 'Customer' },
      }]);
      assert(!(await isCustomer()));
      assert.deepEqual((await partnerCenter(at.NORTHWIND, 'GET', 'customers')).body.items, []);
      const again = await remove();
      assert.deepEqual([again.status, again.body.code], [403, 20002]);
    });

    it('leaves delegated administration and the other partners alone', async () => {
      await sells({ status: 'deleted' });
      await remove();

      assert.deepEqual(((await administration(sandbox, at.NORTHWIND).call('GET')).body.value as Body[]).map((one) => one['status']), ['active']);
      assert(await isCustomer(at.PROVIDER));
    });

    for (const [what, change, isRefused] of [
      ['an active subscription', {}, true],
      ['a suspended one of new commerce', { status: 'suspended' }, true],
      ['a suspended one of the older kind', { status: 'suspended', commerce: 'legacy' }, false],
      ['an expired one', { status: 'expired' }, false],
      ['an active reservation', { family: 'reservation' }, true],
      ['a sale of another partner', { soldBy: at.PROVIDER, partnerOfRecord: at.PROVIDER }, false],
    ] as const) {
      it(`is ${isRefused ? 'refused' : 'done'} with ${what}`, async () => {
        await sells(change);
        const { status, body } = await remove();

        assert.deepEqual([status, body.code], isRefused ? [403, 20010] : [200, undefined]);
        assert.equal(await isCustomer(), isRefused);
      });
    }

    for (const body of [{}, 'none', { relationshipToPartner: 'none' }, { ...REMOVAL, relationshipToPartner: 'reseller' }, { ...REMOVAL, companyProfile: {} }, { ...REMOVAL, attributes: { objectType: 'Tenant' } }]) {
      it(`is not ${JSON.stringify(body)}`, async () => {
        await sells({ status: 'deleted' });
        const { status, body: said } = await remove(body);

        assert.deepEqual([status, said.code], [400, 2000]);
        assert(await isCustomer());
      });
    }

    it('is for the own customers, and needs a person', async () => {
      assert.deepEqual([(await remove(REMOVAL, at.FABRIKAM)).body.code, (await remove({}, at.FABRIKAM)).body.code], [20002, 20002]);
      assert.equal((await partnerCenter(at.NORTHWIND, 'PATCH', `customers/${at.CONTOSO}`, REMOVAL, 'app')).status, 401);
    });

    it('can be done in the portal of the partner, under the same rule', async () => {
      const inPortal = async (query: string) => (await sandbox.control('DELETE', `grants?${query}`)).status;
      const pair = `partner=${at.NORTHWIND}&customer=${at.CONTOSO}`;

      assert.equal(await inPortal(pair), 409);
      await sells({ status: 'deleted' });
      assert.deepEqual([await inPortal(pair), await inPortal(pair), await inPortal(`partner=${at.FABRIKAM}`)], [204, 404, 404]);
      assert(!(await isCustomer()));
    });
  });

  describe('entitlements', () => {
    const entitlements = async (partner: string = at.NORTHWIND) => partnerCenter(partner, 'GET', `customers/${at.CONTOSO}/entitlements`);

    it("are the partner's own reservations and software", async () => {
      const sale = { customer: at.CONTOSO, soldBy: at.NORTHWIND, quantity: 2 };
      await sandbox.control('POST', 'subscriptions', { ...sale, id: at.NOBODY, offer: 'Reserved VM Instance', family: 'reservation' });
      await sandbox.control('POST', 'subscriptions', { ...sale, id: at.AGENCY, offer: 'Windows Server 2025', family: 'software' });
      const { status, body } = await entitlements();

      assert.deepEqual([status, body['totalCount'], body['attributes']], [200, 2, { objectType: 'Collection' }]);
      assert.deepEqual((body.items as Body[]).map((one) => [one['entitlementType'], one['quantity']]), [['VirtualMachineReservedInstance', 2], ['software', 2]]);
      assert.deepEqual((await entitlements(at.PROVIDER)).body.items, []);
    });

    it('are for the own customers, and need a person', async () => {
      assert.deepEqual([(await entitlements(at.FABRIKAM)).status, (await entitlements(at.FABRIKAM)).body.code], [403, 20002]);
      assert.equal((await partnerCenter(at.NORTHWIND, 'GET', `customers/${at.CONTOSO}/entitlements`, undefined, 'app')).status, 401);
    });
  });

  describe('a search', () => {
    const search = (filter: unknown, more = '') => partnerCenter(at.NORTHWIND, 'GET', `customers?size=0&filter=${encodeURIComponent(typeof filter === 'string' ? filter : JSON.stringify(filter))}${more}`);
    const found = async (Field: string, Value: string) => ((await search({ Field, Value, Operator: 'starts_with' })).body.items as Body[]).map((one) => one['id']);

    it('goes by the beginning of the name or the domain, in any case', async () => {
      assert.deepEqual(await found('CompanyName', 'cONTOSO &'), [at.CONTOSO]);
      assert.deepEqual(await found('Domain', 'Contoso.C'), [at.CONTOSO]);
      assert.deepEqual([await found('CompanyName', 'Sons'), await found('Domain', 'com'), await found('Domain', 'contoso.onmicrosoft')], [[], [], []]);
    });

    it('finds only the own customers', async () => {
      assert.deepEqual(await found('CompanyName', 'Litware'), []);
    });

    it('keeps its filter from page to page', async () => {
      const world = at.aWorld();
      await sandbox.close();
      sandbox = await at.openSandbox({ world: { ...world, tenants: world.tenants.map((one) => (one.id === at.LITWARE ? { ...one, name: 'Contoso Two' } : one)) } });
      ({ partnerCenter } = wireOf(sandbox));
      for (const [customer, person] of [[at.LITWARE, at.LALE], [at.GERMAN, at.DIETER]]) await sandbox.control('POST', 'accept', { partner: at.NORTHWIND, customer, person });
      const filter = encodeURIComponent(JSON.stringify({ Field: 'CompanyName', Value: 'contoso', Operator: 'starts_with' }));
      const { body } = await partnerCenter(at.NORTHWIND, 'GET', `customers?size=1&filter=${filter}`);

      const { self, next } = body['links'] as unknown as { self: { uri: string }; next: { uri: string } };
      assert.deepEqual([self.uri, next.uri], [`/customers?size=1&filter=${filter}`, `/customers?size=1&filter=${filter}&seekOperation=Next`]);
    });

    for (const filter of ['Contoso', { Field: 'Mail', Value: 'c', Operator: 'starts_with' }, { Field: 'Domain', Value: 'c', Operator: 'contains' }, { Field: 'Domain', Operator: 'starts_with' }]) {
      it(`is not ${JSON.stringify(filter)}`, async () => {
        const { status, body } = await search(filter);
        assert.deepEqual([status, body.code], [400, 2000]);
      });
    }
  });

  describe('the two-tier model', () => {
    const related = (partner: string, type: string, account?: 'app') => partnerCenter(partner, 'GET', `relationships?relationship_type=${type}`, undefined, account);
    const others = async (partner: string, type: string) => ((await related(partner, type)).body.items as Body[]).map(({ id, name, relationshipType, state, location }) => ({ id, name, relationshipType, state, location }));

    it('is seen from both ends', async () => {
      assert.deepEqual(await others(at.PROVIDER, 'IsIndirectCloudSolutionProviderOf'), [{ id: at.RESELLER, name: 'Reseller', relationshipType: 'is_indirect_cloud_solution_provider_of', state: 'Active', location: 'TR' }]);
      assert.deepEqual(await others(at.RESELLER, 'IsIndirectResellerOf'), [{ id: at.PROVIDER, name: 'Provider', relationshipType: 'is_indirect_reseller_of', state: 'Active', location: 'TR' }]);
    });

    it('is not seen from elsewhere, nor the other way round', async () => {
      for (const [partner, type] of [[at.PROVIDER, 'IsIndirectResellerOf'], [at.RESELLER, 'IsIndirectCloudSolutionProviderOf'], [at.FABRIKAM, 'IsIndirectResellerOf']] as const) {
        assert.deepEqual(await others(partner, type), []);
      }
    });

    it('needs a kind, and a person', async () => {
      assert.deepEqual([(await related(at.PROVIDER, '')).status, (await related(at.PROVIDER, 'IsFriendOf')).status, (await related(at.PROVIDER, 'IsIndirectResellerOf', 'app')).status], [400, 400, 401]);
    });
  });
});
