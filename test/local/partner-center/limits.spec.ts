import assert from 'node:assert/strict';
import * as at from './a-sandbox.js';
import { wireOf, type Wire } from './a-wire.js';

describe('the limits of the sandbox', () => {
  let sandbox: at.OpenSandbox;
  let wire: Wire;
  beforeEach(async () => {
    sandbox = await at.openSandbox();
    wire = wireOf(sandbox);
  });
  afterEach(() => sandbox.close());

  const customers = (partner: string = at.NORTHWIND, path = '') => wire.partnerCenter(partner, 'GET', `customers${path}`);

  it('count the calls of a partner on customers and subscriptions by the minute', async () => {
    await sandbox.control('POST', 'limits', { partnerCenterAMinute: 2 });
    sandbox.machine.passes(15);
    assert.deepEqual([(await customers()).status, (await customers(at.NORTHWIND, `/${at.CONTOSO}/subscriptions`)).status], [200, 200]);
    const { status, headers, body } = await customers();

    assert.deepEqual([status, headers.get('retry-after'), body], [429, '45', { statusCode: 429, message: 'Rate limit is exceeded. Try again in 45 seconds.' }]);
    assert.equal((await customers(at.PROVIDER)).status, 200);
    assert.equal((await wire.partnerCenter(at.NORTHWIND, 'GET', 'profiles/mpn')).status, 200);
    sandbox.machine.passes(45);
    assert.equal((await customers()).status, 200);
  });

  it('are 500 calls until somebody says otherwise, and again after a reset', async () => {
    await sandbox.control('POST', 'limits', { partnerCenterAMinute: 0 });
    assert.equal((await sandbox.control('POST', 'limits', { callsAMinute: 1 })).status, 400);
    await sandbox.control('POST', 'reset', {});

    assert.deepEqual((await sandbox.control('GET', 'limits')).body, { partnerCenterAMinute: 500, pageSize: 500 });
    assert.equal((await customers()).status, 200);
  });

  it('can be measured from outside: who asked what, and how much', async () => {
    await sandbox.control('POST', 'limits', { partnerCenterAMinute: 1 });
    await customers();
    await customers();
    sandbox.machine.passes(60);
    await customers();
    const { calls } = (await sandbox.control('GET', 'calls')).body as { calls: object[] };
    const { load } = (await sandbox.control('GET', 'load')).body as { load: { service: string }[] };

    assert.deepEqual(calls.at(-1), { at: '2026-11-23T08:01:00.000Z', method: 'GET', path: '/partner-center/v1/customers', partner: at.NORTHWIND });
    assert.deepEqual(load.filter(({ service }) => service === 'partnerCenter'), [
      { minute: '2026-11-23T08:00:00.000Z', partner: at.NORTHWIND, service: 'partnerCenter', calls: 2, throttled: 1 },
      { minute: '2026-11-23T08:01:00.000Z', partner: at.NORTHWIND, service: 'partnerCenter', calls: 1, throttled: 0 },
    ]);
  });

  describe('and faults', () => {
    const removal = { relationshipToPartner: 'none', attributes: { objectType: 'Customer' } };
    const remove = () => wire.partnerCenter(at.PROVIDER, 'PATCH', `customers/${at.CONTOSO}`, removal);
    const isRelated = async () => (await customers(at.PROVIDER, `/${at.CONTOSO}`)).status === 200;
    beforeEach(() => sandbox.control('DELETE', `subscriptions/${at.AZURE}`));

    it('may come after the deed', async () => {
      await sandbox.control('POST', 'faults', { method: 'PATCH', cut: true, after: true });
      await assert.rejects(remove());
      assert(!(await isRelated()));
    });

    it('come before it otherwise', async () => {
      await sandbox.control('POST', 'faults', { method: 'PATCH', cut: true });
      await assert.rejects(remove());
      assert(await isRelated());
    });

    it('may be another answer, after the deed', async () => {
      await sandbox.control('POST', 'faults', { method: 'PATCH', status: 500, after: true });
      assert.deepEqual([(await remove()).status, await isRelated()], [500, false]);
    });

    it('may be for one partner', async () => {
      await sandbox.control('POST', 'faults', { path: '/v1/customers', status: 503, partner: at.NORTHWIND, times: 2 });

      assert.deepEqual([(await customers(at.PROVIDER)).status, (await customers()).status, (await customers()).status, (await customers()).status], [200, 503, 503, 200]);
    });
  });
});
