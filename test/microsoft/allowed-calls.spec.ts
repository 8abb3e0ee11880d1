import assert from 'node:assert/strict';
import { z } from 'zod';
import { allowedBody, allowedCalls, CallNotAllowedError, isAllowed, type Operation } from '../../src/microsoft/allowed-calls.js';
import { createCaller, type Asking } from '../../src/microsoft/caller.js';
import { counted, ScriptedMicrosoft } from './a-client.js';

const base = 'https://api.partnercenter.microsoft.com';

const role = 'fe930be7-5e62-47db-91af-98c3a49a38b1';
const good = {
  removeRelationship: { relationshipToPartner: 'none', attributes: { objectType: 'Customer' } },
  requestDelegatedAdmin: { action: 'lockForApproval' },
  answerProviderDraft: { action: 'approve' },
  createDelegatedAdmin: {
    displayName: 'Support', duration: 'P365D', autoExtendDuration: 'P180D', customer: { tenantId: '00000000-0000-4000-8000-000000000002' },
    accessDetails: { unifiedRoles: [{ roleDefinitionId: role }] },
  },
  assignAccess: { accessContainer: { accessContainerId: role, accessContainerType: 'securityGroup' }, accessDetails: { unifiedRoles: [{ roleDefinitionId: role }] } },
};

/** The same with one thing wrong, for every place there is: a field too many, one missing, one of another kind. */
const changesOf = (value: unknown): unknown[] => {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return [[], [...list, {}], ...list.flatMap((item, at) => changesOf(item).map((changed) => list.with(at, changed)))];
  }
  if (typeof value !== 'object' || value === null) return [null, 7, '', { is: value }, [value]];
  const whole = value as Readonly<Record<string, unknown>>;
  return [
    { ...whole, quantity: 1 },
    ...Object.keys(whole).map((gone) => Object.fromEntries(Object.entries(whole).filter(([key]) => key !== gone))),
    ...Object.entries(whole).flatMap(([key, inner]) => changesOf(inner).map((changed) => ({ ...whole, [key]: changed }))),
  ];
};

describe('the calls this product can make', () => {
  it('read, apart from these', () => {
    const writing = Object.entries(allowedCalls).flatMap(([operation, { method, path }]) => (method === 'GET' ? [] : [`${operation} ${method} ${path}`]));

    assert.deepEqual(writing, [
      'token POST /{tenant}/oauth2/token',
      'codeForTokens POST /{tenant}/oauth2/v2.0/token',
      'removeRelationship PATCH /v1/customers/{customer}',
      'registerWebhook POST /webhooks/v1/registration',
      'changeWebhook PUT /webhooks/v1/registration',
      'askTestEvent POST /webhooks/v1/registration/validationEvents',
      'createDelegatedAdmin POST /v1.0/tenantRelationships/delegatedAdminRelationships',
      'stopAutoExtend PATCH /v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}',
      'deleteDraft DELETE /v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}',
      'requestDelegatedAdmin POST /v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/requests',
      'answerProviderDraft POST /v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/requests',
      'assignAccess POST /v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments',
      'changeAssignment PATCH /v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments/{assignment}',
      'deleteAssignment DELETE /v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments/{assignment}',
    ]);
  });

  it('never touch an order, a cart or a transfer, and write to no subscription', () => {
    assert.deepEqual(Object.entries(allowedCalls).flatMap(([operation, { path }]) => (/order|cart|transfer|upgrade|checkout/i.test(path) ? operation : [])), ['transferEligibility']);
    // It only asks whether one would be possible.
    assert.equal(allowedCalls.transferEligibility.method, 'GET');
    assert.deepEqual(Object.values(allowedCalls).filter(({ method, path }) => method !== 'GET' && /subscription|partnerofrecord/i.test(path)), []);
  });

  it('are a table that nobody can add to or change', () => {
    assert.throws(() => Object.assign(allowedCalls, { buy: { service: 'partnerCenter', method: 'POST', path: '/v1/customers/{customer}/orders' } }), TypeError);
    assert.throws(() => Object.assign(allowedCalls.getCustomer, { method: 'PATCH' }), TypeError);
    assert.throws(() => Object.assign(allowedCalls.removeRelationship, { body: z.unknown() }), TypeError);
  });

  for (const [operation, method, address] of [
    ['getCustomer', 'PATCH', `${base}/v1/customers/c1`],
    ['getCustomer', 'DELETE', `${base}/v1/customers/c1`],
    ['removeRelationship', 'PATCH', `${base}/v1/customers/c1/subscriptions/s1`],
    ['removeRelationship', 'POST', `${base}/v1/customers/c1`],
    ['requestDelegatedAdmin', 'DELETE', `${base}/v1.0/tenantRelationships/delegatedAdminRelationships/r1`],
    ['answerProviderDraft', 'POST', `${base}/v1.0/tenantRelationships/delegatedAdminRelationships/r1`],
    ['answerProviderDraft', 'POST', `${base}/v1.0/tenantRelationships/delegatedAdminRelationships/r1/accessAssignments`],
    ['partnerProfile', 'PATCH', `${base}/v1/profiles/mpn`],
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

  describe('before anything leaves', () => {
    const microsoft = new ScriptedMicrosoft();
    before(() => microsoft.open());
    after(() => microsoft.close());
    beforeEach(() => { microsoft.heard.length = 0; });
    const caller = () => createCaller({
      partnerCenterUrl: microsoft.url, graphUrl: microsoft.url, loginUrl: microsoft.url, accounts: [], directoryApp: { clientId: '', clientSecret: '' },
      allowedLinkOrigins: [], machineNow: () => new Date(0), guid: counted(),
    });
    const params = { customer: 'c1', relationship: 'r1', tenant: 't1' };
    const refuses = async (operation: Operation, asking: Asking): Promise<void> => {
      await assert.rejects(caller()(operation, { params, ...asking }), CallNotAllowedError, JSON.stringify(asking));
      assert.deepEqual(microsoft.heard, []);
    };

    it('any other call is refused', async () => {
      await refuses('placeOrder' as Operation, {});
      await refuses('toString' as Operation, {});
      await refuses('getCustomer', { params: { customer: '..' } });
      await refuses('getCustomer', { params: {} });
    });

    it('no call that reads carries anything', async () => {
      await refuses('getCustomer', { body: {} });
      await refuses('listSubscriptions', { body: good.removeRelationship });
    });

    for (const [operation, body] of Object.entries(good) as [keyof typeof good, object][]) {
      it(`${operation} carries its one body as it is`, async () => {
        microsoft.says({ body: {} });
        await caller()(operation, { params, body });

        assert.deepEqual(microsoft.written.map((sent) => sent.body), [body]);
        assert.equal(microsoft.heard[0]?.headers['content-type'], 'application/json');
      });

      it(`${operation} carries nothing with a field more, a field less or another value anywhere`, async () => {
        for (const changed of changesOf(body)) await refuses(operation, { body: changed as object });
        await refuses(operation, {});
        for (const odd of ['text', [], [body], null]) await refuses(operation, { body: odd as object });
      });
    }

    for (const [what, operation, body] of [
      ['a quantity', 'removeRelationship', { ...good.removeRelationship, quantity: 5 }],
      ['a partner of record', 'removeRelationship', { ...good.removeRelationship, attributes: { objectType: 'Customer', partnerOnRecord: 'p' } }],
      ['another relationship', 'removeRelationship', { ...good.removeRelationship, relationshipToPartner: 'reseller' }],
      ['another object', 'removeRelationship', { ...good.removeRelationship, attributes: { objectType: 'Subscription' } }],
      ['an approval', 'requestDelegatedAdmin', { action: 'approve' }],
      ['a rejection', 'requestDelegatedAdmin', { action: 'reject' }],
      ['a lock', 'answerProviderDraft', { action: 'lockForApproval' }],
      ['an end', 'answerProviderDraft', { action: 'terminate' }],
      ['no customer', 'createDelegatedAdmin', { ...good.createDelegatedAdmin, customer: undefined }],
      ['any customer', 'createDelegatedAdmin', { ...good.createDelegatedAdmin, customer: null }],
      ['a customer without a tenant', 'createDelegatedAdmin', { ...good.createDelegatedAdmin, customer: {} }],
      ['a customer by domain', 'createDelegatedAdmin', { ...good.createDelegatedAdmin, customer: { tenantId: 'contoso.com' } }],
      ['no role', 'createDelegatedAdmin', { ...good.createDelegatedAdmin, accessDetails: { unifiedRoles: [] } }],
      ['a role by name', 'createDelegatedAdmin', { ...good.createDelegatedAdmin, accessDetails: { unifiedRoles: [{ roleDefinitionId: 'Global Administrator' }] } }],
      ['no name', 'createDelegatedAdmin', { ...good.createDelegatedAdmin, displayName: '' }],
      ['a long name', 'createDelegatedAdmin', { ...good.createDelegatedAdmin, displayName: 'x'.repeat(51) }],
      ...['P0D', 'P731D', 'P-1D', 'P1.5D', 'P2Y', 'P1M', 'P999D', 'P01D', 'PT24H', ' P1D', 'P1D\n', ''].map((duration) => [`a duration of ${JSON.stringify(duration)}`, 'createDelegatedAdmin', { ...good.createDelegatedAdmin, duration }] as const),
      ...['P0D', 'P90D', 'P365D', ''].map((autoExtendDuration) => [`an extension of ${JSON.stringify(autoExtendDuration)}`, 'createDelegatedAdmin', { ...good.createDelegatedAdmin, autoExtendDuration }] as const),
      ['a person instead of a group', 'assignAccess', { ...good.assignAccess, accessContainer: { ...good.assignAccess.accessContainer, accessContainerType: 'user' } }],
      ['a password', 'token', { client_id: 'a', client_secret: 'b', resource: 'c', grant_type: 'password' }],
    ] as const satisfies readonly (readonly [string, Operation, object])[]) {
      it(`${operation} does not carry ${what}`, () => refuses(operation, { body }));
    }

    it('the shortest and the longest wish pass', () => {
      for (const more of [{ duration: 'P1D' }, { duration: 'P730D', displayName: 'x'.repeat(50) }, { autoExtendDuration: 'PT0S' }]) {
        assert.deepEqual(allowedBody('createDelegatedAdmin', { ...good.createDelegatedAdmin, ...more }), { ...good.createDelegatedAdmin, ...more });
      }
    });
  });
});
