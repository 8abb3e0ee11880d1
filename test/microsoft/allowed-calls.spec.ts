import assert from 'node:assert/strict';
import { allowedCalls, CallNotAllowedError, isAllowed, type Operation } from '../../src/microsoft/allowed-calls.js';
import { createCaller } from '../../src/microsoft/caller.js';
import { counted, ScriptedMicrosoft } from './a-client.js';

const base = 'https://api.partnercenter.microsoft.com';

describe('the calls this product can make', () => {
  it('read, apart from asking for a token', () => {
    const writing = Object.entries(allowedCalls).filter(([, { method }]) => method !== 'GET');

    assert.deepEqual(writing, [['token', { service: 'login', method: 'POST', path: '/{tenant}/oauth2/token' }]]);
  });

  it('never touch an order, a cart or a transfer', () => {
    assert.deepEqual(Object.values(allowedCalls).filter(({ path }) => /order|cart|transfer|upgrade|checkout/i.test(path)), []);
  });

  it('are a table that nobody can add to or change', () => {
    assert.throws(() => Object.assign(allowedCalls, { buy: { service: 'partnerCenter', method: 'POST', path: '/v1/customers/{customer}/orders' } }), TypeError);
    assert.throws(() => Object.assign(allowedCalls.getCustomer, { method: 'PATCH' }), TypeError);
  });

  for (const [operation, method, address] of [
    ['getCustomer', 'PATCH', `${base}/v1/customers/c1`],
    ['getCustomer', 'DELETE', `${base}/v1/customers/c1`],
    ['listSubscriptions', 'PATCH', `${base}/v1/customers/c1/subscriptions`],
    ['listSubscriptions', 'GET', `${base}/v1/customers/c1/subscriptions/s1`],
    ['getCustomer', 'GET', `${base}/v1/customers/c1/orders`],
    ['getCustomer', 'GET', `${base}/v1/customers/../carts`],
    ['getCustomer', 'GET', `${base}/v1/customers/`],
    ['listCustomers', 'GET', 'https://api.partnercenter.microsoft.com.example.com/v1/customers'],
    ['listCustomers', 'GET', 'http://api.partnercenter.microsoft.com/v1/customers'],
    ['listCustomers', 'GET', 'no address'],
  ] as const) {
    it(`are not ${method} ${address}`, () => {
      assert.equal(isAllowed(operation, method, address, base), false);
    });
  }

  it('are these, under a base with a path of its own as well', () => {
    assert(isAllowed('listCustomers', 'GET', `${base}/v1/customers?size=500`, base));
    assert(isAllowed('listCustomers', 'GET', 'http://127.0.0.1:3979/partner-center/v1/customers', 'http://127.0.0.1:3979/partner-center'));
    assert(isAllowed('tenantByDomain', 'GET', "https://graph.microsoft.com/v1.0/tenantRelationships/findTenantInformationByDomainName(domainName='contoso.com')", 'https://graph.microsoft.com'));
  });

  it('are the only ones: any other is refused before anything leaves', async () => {
    const microsoft = await new ScriptedMicrosoft().open();
    const call = createCaller({
      partnerCenterUrl: microsoft.url, graphUrl: microsoft.url, loginUrl: microsoft.url, accounts: [], directoryApp: { clientId: '', clientSecret: '' },
      allowedLinkOrigins: [], machineNow: () => new Date(0), guid: counted(),
    });

    await assert.rejects(call('placeOrder' as Operation, {}), CallNotAllowedError);
    await assert.rejects(call('toString' as Operation, {}), CallNotAllowedError);
    await assert.rejects(call('getCustomer', { params: { customer: '..' } }), CallNotAllowedError);
    await assert.rejects(call('getCustomer', { params: {} }), CallNotAllowedError);
    microsoft.close();
    assert.deepEqual(microsoft.heard, []);
  });
});
