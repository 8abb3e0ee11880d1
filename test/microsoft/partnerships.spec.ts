import assert from 'node:assert/strict';
import { FABRIKAM, PROVIDER, RESELLER } from '../local/partner-center/a-sandbox.js';
import { anAccount, ScriptedMicrosoft } from './a-client.js';

describe('partnerships over the wire', () => {
  const microsoft = new ScriptedMicrosoft();
  before(() => microsoft.open());
  after(() => microsoft.close());

  const list = (type: 'directBill' | 'indirectProvider' | 'indirectReseller', ...all: readonly object[]) => {
    microsoft.says({ body: { totalCount: all.length, items: all, links: {} } });
    return microsoft.client({ accounts: [anAccount({ type })] }).authority.listPartnerships(FABRIKAM);
  };

  it('of a reseller are its providers, of a provider its resellers', async () => {
    assert.deepEqual(await list('indirectReseller', { id: PROVIDER.toUpperCase(), name: 'Provider', state: 'Active', location: 'tr', mpnId: '1' }), [{ tenant: PROVIDER, name: 'Provider', country: 'TR', is: 'provider' }]);
    assert.equal(microsoft.asked[0]?.url, '/pc/v1/relationships?relationship_type=IsIndirectResellerOf');
    assert.deepEqual(await list('indirectProvider', { id: RESELLER, name: null }), [{ tenant: RESELLER, name: RESELLER, country: 'unknown', is: 'reseller' }]);
    assert.equal(microsoft.asked[0]?.url, '/pc/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf');
  });

  it('that are not active do not count, and a direct partner has none', async () => {
    assert.deepEqual(await list('indirectReseller', { id: PROVIDER, name: 'Provider', state: 'Inactive' }), []);
    assert.deepEqual(await list('directBill'), []);
    assert.equal(microsoft.asked.length, 0);
  });
});
