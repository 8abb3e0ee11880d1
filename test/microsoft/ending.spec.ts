import assert from 'node:assert/strict';
import { CONTOSO, E3, FABRIKAM } from '../local/partner-center/a-sandbox.js';
import { refusedWith, ScriptedMicrosoft, unavailable, type Line } from './a-client.js';

const sold = (more: object = {}) => ({ id: E3, offerName: 'Office 365 E3', status: 'active', commitmentEndDate: '2027-03-31T00:00:00Z', orderId: 'o1', productType: { id: 'OnlineServices' }, ...more });
const newCommerce = { productType: { id: 'OnlineServicesNCE', displayName: 'Online Services NCE' } };
const owned = (more: object = {}) => ({ entitlementType: 'VirtualMachineReservedInstance', productTitle: 'D4s v3', expiryDate: '2028-01-01T00:00:00Z', quantity: 1, referenceOrder: { id: 'o2', lineItemId: '0' }, ...more });
const items = (...all: readonly object[]): Line => ({ body: { totalCount: all.length, items: all, links: { self: {} }, attributes: { objectType: 'Collection' } } });

describe('the end of a reseller relationship over the wire', () => {
  const microsoft = new ScriptedMicrosoft();
  before(() => microsoft.open());
  after(() => microsoft.close());

  const blockers = (subscriptions: Line | readonly Line[], entitlements: Line | readonly Line[] = items()) => {
    microsoft.saysTo({ [`GET /customers/${CONTOSO}/subscriptions`]: subscriptions, [`GET /customers/${CONTOSO}/entitlements`]: entitlements });
    return microsoft.client().authority.removalBlockers(FABRIKAM, CONTOSO);
  };

  describe('is blocked', () => {
    it('by an active legacy subscription', async () => {
      assert.deepEqual(await blockers(items(sold())), [{ code: 'ACTIVE_SUBSCRIPTIONS', name: 'Office 365 E3', until: '2027-03-31T00:00:00.000Z' }]);
      assert.deepEqual(await blockers(items(sold({ Status: 'Active', status: undefined, productType: null, offerName: null, friendlyName: 'Our E3', commitmentEndDate: null }))), [{ code: 'ACTIVE_SUBSCRIPTIONS', name: 'Our E3', until: '' }]);
    });

    for (const status of ['active', 'suspended']) {
      it(`by a new-commerce subscription that is ${status}, until its term ends`, async () => {
        assert.deepEqual(await blockers(items(sold({ ...newCommerce, status }))), [{ code: 'NCE_NOT_CANCELLED', name: 'Office 365 E3', until: '2027-03-31T00:00:00.000Z' }]);
      });
    }

    it('by reservations and software', async () => {
      assert.deepEqual(await blockers(items(), items(owned(), owned({ entitlementType: 'Software', productTitle: null, skuTitle: 'SQL Server', expiryDate: '' }))), [
        { code: 'ACTIVE_RESERVATIONS', name: 'D4s v3', until: '2028-01-01T00:00:00.000Z' }, { code: 'ACTIVE_SOFTWARE', name: 'SQL Server', until: '' },
      ]);
    });

    it('once by what is listed as a subscription and as an entitlement', async () => {
      const both = { orderId: 'o2', offerName: 'D4s v3' };

      assert.deepEqual((await blockers(items(sold(both), sold()), items(owned()))).map(({ code }) => code), ['ACTIVE_SUBSCRIPTIONS', 'ACTIVE_RESERVATIONS']);
      assert.deepEqual(await blockers(items(sold({ ...both, status: 'expired' })), items(owned())), []);
    });

    it('by what stands on the third page', async () => {
      const page = (token?: string, ...all: readonly object[]): Line => ({ body: { items: all, links: { ...(token && { next: { headers: [{ key: 'MS-ContinuationToken', value: token }] } }) } } });

      assert.equal((await blockers([page('one'), page('two'), page(undefined, sold())], [page('one'), page('two'), page(undefined, owned())])).length, 2);
    });
  });

  describe('is not blocked', () => {
    for (const status of ['expired', 'deleted', 'disabled', 'none', '']) {
      it(`by what is ${status || 'nothing'}`, async () => {
        assert.deepEqual(await blockers(items(sold({ status }), sold({ ...newCommerce, status }))), []);
      });
    }

    it('by a suspended legacy subscription, nor by an entitlement of another kind', async () => {
      assert.deepEqual(await blockers(items(sold({ status: 'suspended' })), items(owned({ entitlementType: 'saas' }), owned({ entitlementType: null }))), []);
    });

    it('where there is no relationship', async () => {
      assert.deepEqual(await blockers({ status: 403, body: { code: 20002 } }, { status: 404 }), []);
    });
  });

  it('is not free of blockers in an outage', async () => {
    await assert.rejects(blockers({ status: 503 }), unavailable({ operation: 'listSubscriptions' }));
    await assert.rejects(blockers(items(), { status: 403, body: { code: 2032 } }), unavailable({ operation: 'entitlements' }));
    await assert.rejects(blockers(items(), { status: 429, headers: { 'retry-after': '30' } }), unavailable({ retryAfterSeconds: 30 }));
  });

  describe('is asked for', () => {
    const remove = (line: Line) => {
      microsoft.saysTo({ [`PATCH /customers/${CONTOSO}`]: line });
      return microsoft.client().authority.removeRelationship(FABRIKAM, CONTOSO);
    };

    it('with one word, and answered in capital letters and nulls', async () => {
      assert.equal(await remove({ body: { Id: null, CompanyProfile: null, RelationshipToPartner: 'none', Attributes: { ObjectType: 'Customer' } } }), 'removed');
      assert.deepEqual(microsoft.written, [{ method: 'PATCH', url: `/pc/v1/customers/${CONTOSO}`, body: { relationshipToPartner: 'none', attributes: { objectType: 'Customer' } } }]);
      assert.match(String(microsoft.asked[0]?.headers['ms-requestid']), /^0{8}-/);
    });

    it('once more without harm', async () => {
      assert.equal(await remove({ status: 404, body: { code: '1000' } }), 'removed');
      assert.equal(await remove({ status: 403, body: { code: '20002' } }), 'removed');
      assert.equal(await remove({ status: 204 }), 'removed');
    });

    for (const [status, serviceCode, code] of [
      [403, 20010, 'ACTIVE_SUBSCRIPTIONS'], [400, '20010', 'ACTIVE_SUBSCRIPTIONS'], [403, 2032, 'ROLE_NOT_ALLOWED'], [400, 2000, 'AUTHORITY_REFUSED'], [409, '4711', 'AUTHORITY_REFUSED'],
    ] as const) {
      it(`and refused as ${code} with ${status} and ${JSON.stringify(serviceCode)}`, async () => {
        assert.deepEqual(refusedWith(await remove({ status, body: { code: serviceCode, description: 'No.' } })), [code, String(serviceCode)]);
      });
    }

    it('once only when no answer comes', async () => {
      for (const line of [{ status: 500, body: { code: 0 } }, { status: 503 }, { status: 504, body: '<html>' }, { cut: true }, { hang: true }] as const) {
        await assert.rejects(remove(line), unavailable({ operation: 'removeRelationship' }));
        assert.equal(microsoft.written.length, 1);
      }
      await assert.rejects(remove({ status: 429, headers: { 'retry-after': '61' } }), unavailable({ retryAfterSeconds: 61 }));
    });
  });
});
