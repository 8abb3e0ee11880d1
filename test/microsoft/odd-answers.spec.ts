import assert from 'node:assert/strict';
import { notConsented } from '../../src/commands/ports.js';
import { AYSE, CONTOSO, CONTOSO_COM, E3, FABRIKAM, NORTHWIND } from '../local/partner-center/a-sandbox.js';
import { allowedFor, anAccount, recorded, ScriptedMicrosoft, unavailable, type Line } from './a-client.js';

const customer = { id: CONTOSO, companyProfile: { tenantId: CONTOSO, domain: 'contoso.com', companyName: 'Contoso' }, relationshipToPartner: 'reseller' };

describe('when Microsoft answers oddly', () => {
  const microsoft = new ScriptedMicrosoft();
  before(() => microsoft.open());
  after(() => microsoft.close());

  const observe = (more = {}) => microsoft.client(more).authority.observe(FABRIKAM, CONTOSO);

  describe('an outage is never a no', () => {
    for (const [what, line, tries] of [
      ['HTML from a gateway', { status: 502, body: '<html>Bad gateway</html>' }, 3],
      ['HTML with a good status', { status: 200, body: '<html>Sign in</html>' }, 1],
      ['HTML with a 404', { status: 404, body: '<html>Not found</html>' }, 1],
      ['JSON that stops in the middle', { status: 200, body: '{"id":"cccc' }, 1],
      ['a good status and nothing', { status: 200 }, 1],
      ['a good status and another shape', { status: 200, body: { items: [] } }, 1],
      ['500', { status: 500, body: { code: 0 } }, 3],
      ['503', { status: 503 }, 3],
      ['a cut line', { cut: true }, 3],
      ['a 403 of another kind', { status: 403, body: { code: 2032 } }, 1],
      ['a 400', { status: 400, body: { code: '2000' } }, 1],
      ['a redirect', { status: 302, headers: { location: '/pc/v1/customers' } }, 1],
      ['a time-out of the gateway', { status: 408 }, 1],
    ] as const satisfies readonly (readonly [string, Line, number])[]) {
      it(`${what}, after ${tries === 1 ? 'one try' : `${tries} tries`}`, async () => {
        microsoft.says(line);

        await assert.rejects(observe(), unavailable({ operation: 'getCustomer' }));
        assert.equal(microsoft.asked.length, tries);
      });
    }

    it('silence, after three tries or when the time is up', async () => {
      microsoft.says({ hang: true });
      await assert.rejects(observe({ tryMs: 50 }), unavailable());
      assert.equal(microsoft.asked.length, 3);

      const startedAt = performance.now();
      await assert.rejects(observe({ tryMs: 300, wholeMs: 400 }), unavailable());
      assert(performance.now() - startedAt < 900);
    });

    it('a login service that says nothing', async () => {
      microsoft.script = ({ method }) => (method === 'POST' ? { hang: true } : { body: customer });

      await assert.rejects(observe({ tryMs: 100 }), unavailable({ operation: 'token' }));
      assert.equal(microsoft.asked.length, 0);
    });
  });

  it('tries again with the same request id, and is content with a good answer', async () => {
    microsoft.says({ status: 503 }, { cut: true }, { body: customer });

    assert.equal(await observe(), 'yes');
    assert.equal(new Set(microsoft.asked.map(({ headers }) => headers['ms-requestid'])).size, 1);
  });

  describe('throttling', () => {
    for (const [what, status, after, seconds] of [
      ['seconds', 429, '17', 17], ['a date', 429, 'Mon, 23 Nov 2026 08:01:00 GMT', 60], ['a date gone by', 429, 'Mon, 23 Nov 2026 07:00:00 GMT', 0],
      ['nonsense', 429, 'soon', undefined], ['seconds on a 503', 503, '5', 5],
    ] as const) {
      it(`is not answered with another try, and says when: ${what}`, async () => {
        microsoft.says({ status, headers: { 'retry-after': after }, body: { statusCode: status, message: 'Slow down.' } });

        await assert.rejects(observe(), unavailable(seconds === undefined ? {} : { retryAfterSeconds: seconds }));
        assert.equal(microsoft.asked.length, 1);
      });
    }
  });

  describe('a no that is definite', () => {
    for (const [what, line] of [
      ['the code as a number', { status: 403, body: { code: 20002, description: 'No.' } }],
      ['the code as text', { status: 403, body: { code: '20002' } }],
      ['capital letters', { status: 403, body: { Code: 20002 } }],
      ['a byte order mark', { status: 403, body: '\uFEFF{"code":20002}' }],
      ['a 404 with a body', { status: 404, body: { code: '1000' } }],
      ['a 404 without one', { status: 404 }],
      ['a relationship that is none', { body: { ...customer, relationshipToPartner: 'none' } }],
      ['an advisor', { body: { ...customer, relationshipToPartner: 'advisor' } }],
    ] as const satisfies readonly (readonly [string, Line])[]) {
      it(`comes with ${what}`, async () => {
        microsoft.says(line);

        assert.equal(await observe(), 'no');
        assert.equal(microsoft.asked.length, 1);
      });
    }
  });

  for (const [what, body] of [
    ['in capital letters', { Id: CONTOSO, CompanyProfile: { Domain: 'contoso.com' }, RelationshipToPartner: 'Reseller' }],
    ['behind a byte order mark', `\uFEFF${JSON.stringify(customer)}`],
    ['with nulls and fields nobody knows', { ...customer, companyProfile: null, billingProfile: { odd: [1] } }],
  ] as const) {
    it(`a yes is understood ${what}`, async () => {
      microsoft.says({ body });

      assert.equal(await observe(), 'yes');
    });
  }

  it('every call carries the headers that support asks for', async () => {
    microsoft.says({ body: customer });
    await observe();

    const { authorization, accept, ...headers } = microsoft.asked[0]!.headers;
    assert.match(String(authorization), /^Bearer token-/);
    assert.equal(accept, 'application/json');
    assert.deepEqual([headers['ms-contract-version'], headers['x-locale'], headers['ms-partnercenter-application']], ['v1', 'en-US', 'partner-invitations']);
    assert.notEqual(headers['ms-requestid'], headers['ms-correlationid']);
  });

  describe('pages', () => {
    const page = (items: readonly object[], token?: string): Line => ({
      body: { totalCount: items.length, items, links: { self: {}, ...(token && { next: { uri: 'https://elsewhere.example/customers', method: 'GET', headers: [{ key: 'MS-ContinuationToken', value: token }] } }) } },
    });
    const another = { ...customer, id: NORTHWIND };

    it('go on over an empty one, and never to the address in the answer', async () => {
      microsoft.says(page([customer], 'one'), page([], 'two'), page([another]));

      const listed = await microsoft.client().authority.listOwnCustomers(FABRIKAM);

      assert.deepEqual(listed.map(({ id }) => id), [CONTOSO, NORTHWIND]);
      assert.deepEqual(microsoft.asked.map(({ url, headers }) => [url, headers['ms-continuationtoken']]), [
        ['/pc/v1/customers?size=500', undefined], ['/pc/v1/customers?size=500&seekOperation=Next', 'one'], ['/pc/v1/customers?size=500&seekOperation=Next', 'two'],
      ]);
    });

    it('end when a token comes twice', async () => {
      microsoft.says(page([customer], 'one'), page([another], 'one'));

      assert.equal((await microsoft.client().authority.listOwnCustomers(FABRIKAM)).length, 2);
    });

    it('that go on and do not say where are no list', async () => {
      const { body } = page([customer], 'one');
      for (const next of [{}, { headers: [] }, { headers: [{ key: 'Another', value: 'one' }] }]) {
        microsoft.says({ body: { ...(body as object), links: { next } } });

        await assert.rejects(microsoft.client().authority.listOwnCustomers(FABRIKAM), unavailable({ operation: 'listCustomers' }));
      }
    });

    it('are all or nothing', async () => {
      microsoft.says(page([customer], 'one'), { status: 429, headers: { 'retry-after': '3' } });

      await assert.rejects(microsoft.client().authority.listOwnCustomers(FABRIKAM), unavailable({ retryAfterSeconds: 3 }));
    });

    for (const [what, body] of [
      ['nothing at all', {}], ['its links alone', { links: { self: {} } }], ['nothing for a list', { items: null }],
      ['two and no list', { totalCount: 2, items: null }], ['a list by the name that Graph gives it', { value: [customer] }],
    ] as const) {
      it(`that say ${what} are no empty list`, async () => {
        microsoft.says({ body });
        await assert.rejects(microsoft.client().authority.listOwnCustomers(FABRIKAM), unavailable({ operation: 'listCustomers' }));

        microsoft.says(page([customer], 'one'), { body });
        await assert.rejects(microsoft.client().authority.listOwnCustomers(FABRIKAM), unavailable({ operation: 'listCustomers' }));
      });
    }

    for (const [what, body] of [
      ['an empty one', { items: [] }], ['none, and count none', { totalCount: 0, items: null }], ['an empty one, and count none', { totalCount: 0, items: [], links: { self: {} } }],
    ] as const) {
      it(`that hold ${what} are an empty list`, async () => {
        microsoft.says({ body });

        assert.deepEqual(await microsoft.client().authority.listOwnCustomers(FABRIKAM), []);
      });
    }

    for (const link of ['https://elsewhere.example/graph/v1.0/tenantRelationships/delegatedAdminRelationships', '/v1.0/relative', 'other call']) {
      it(`of Graph are not followed to ${link}`, async () => {
        const next = link === 'other call' ? `${microsoft.url}/graph/v1.0/users/x` : link;
        microsoft.says({ body: { value: [], '@odata.nextLink': next } });

        await assert.rejects(microsoft.client().authority.listDelegatedAdmin(FABRIKAM), (error) => unavailable()(error) && ((error as Error).cause as Error).name === 'UntrustedLinkError');
        assert.equal(microsoft.asked.length, 1);
      });
    }

    it('of Graph end when a link comes twice', async () => {
      microsoft.says({ body: { value: [], '@odata.nextLink': `${microsoft.url}/graph/v1.0/tenantRelationships/delegatedAdminRelationships?$skiptoken=1` } });

      assert.deepEqual(await microsoft.client().authority.listDelegatedAdmin(FABRIKAM), []);
      assert.equal(microsoft.asked.length, 2);
    });
  });

  describe('the link of an invitation', () => {
    for (const [url, isTrusted] of [
      ['https://admin.microsoft.com/Adminportal/Home?invType=ResellerRelationship#/x', true], ['http://admin.microsoft.com/Adminportal/Home', false], ['https://admin.microsoft.com.example.com/', false],
      ['https://admin.microsoft.com@example.com/', false], ['https://user:word@admin.microsoft.com/', false], ['https://admin.microsoft.com:8443/', false], ['javascript:alert(1)', false], ['Adminportal/Home', false],
    ] as const) {
      it(`${isTrusted ? 'may' : 'may not'} be ${url}`, async () => {
        microsoft.says({ body: { url } });
        const prepared = microsoft.client().authority.prepareInvitation(allowedFor(FABRIKAM));

        if (isTrusted) assert.deepEqual(await prepared, { link: url });
        else await assert.rejects(prepared, unavailable());
      });
    }
  });

  describe('a subscription', () => {
    const sold = async (wire: object, type: 'directBill' | 'indirectProvider' = 'directBill') => {
      microsoft.says({ body: { items: [{ id: E3.toUpperCase(), ...wire }] } });
      return (await microsoft.client({ accounts: [anAccount({ type })] }).authority.listOwnSubscriptions(FABRIKAM, CONTOSO))[0];
    };

    it('is known by its id in small letters, with unknown for what is left out', async () => {
      assert.deepEqual(await sold({}), { id: E3, offer: '', soldBy: FABRIKAM, partnerOfRecord: FABRIKAM, quantity: 0, status: '', termEnds: '', autoRenew: 'unknown' });
    });

    it('has no known partner of record in two tiers unless one is named by its tenant', async () => {
      assert.equal((await sold({}, 'indirectProvider'))?.partnerOfRecord, 'unknown');
      assert.equal((await sold({ partnerId: '4847383' }, 'indirectProvider'))?.partnerOfRecord, 'unknown');
      assert.equal((await sold({ partnerId: NORTHWIND }, 'indirectProvider'))?.partnerOfRecord, NORTHWIND);
    });

    it('ends on the same day however the date is written', async () => {
      assert.equal((await sold({ commitmentEndDate: ' 2027-03-31 T00:00:00Z' }))?.termEnds, '2027-03-31T00:00:00.000Z');
      assert.equal((await sold({ commitmentEndDate: 'never' }))?.termEnds, 'never');
    });
  });

  describe('a person', () => {
    const user = { id: AYSE, displayName: 'Ayşe', userType: 'Member', accountEnabled: true };
    const agents = anAccount().groups.salesAgents;
    const personIs = async (line: Line, memberships: readonly object[] = [], tenant = FABRIKAM) => {
      microsoft.script = ({ method, url }) => (method === 'POST' ? undefined : url.includes('transitiveMemberOf') ? { body: { value: memberships } } : line);
      return microsoft.client().directory.person(tenant, AYSE);
    };

    it('whose account is blocked, or who is not there, is nobody', async () => {
      assert.equal(await personIs({ body: { ...user, accountEnabled: false } }), undefined);
      assert.equal(await personIs({ status: 404, body: { error: { code: 'Request_ResourceNotFound' } } }), undefined);
    });

    it('who may not be read, is not', async () => {
      assert.equal(await personIs({ status: 403, body: { error: { code: 'Authorization_RequestDenied' } } }), notConsented);
    });

    it('has an agent role by the id of the group, never by its name or as something else', async () => {
      const rolesWith = async (membership: object): Promise<unknown> => {
        const person = await personIs({ body: user }, [membership]);
        assert(person && person !== notConsented);
        return person.roles;
      };

      assert.deepEqual(await rolesWith({ '@odata.type': '#microsoft.graph.group', id: agents, displayName: 'x' }), ['salesAgent']);
      assert.deepEqual(await rolesWith({ '@odata.type': '#microsoft.graph.group', id: AYSE, displayName: 'SalesAgents' }), []);
      assert.deepEqual(await rolesWith({ '@odata.type': '#microsoft.graph.administrativeUnit', id: agents }), []);
    });

    it('is a guest in any letters', async () => {
      const person = await personIs({ body: { ...user, userType: 'guest' } }, [], CONTOSO);

      assert(person && person !== notConsented);
      assert.equal(person.isGuest, true);
    });
  });

  describe('the cloud of a tenant', () => {
    for (const [configuration, cloud] of [
      [{ tenant_region_scope: 'WW' }, 'commercial'], [{ tenant_region_scope: 'EU', tenant_region_sub_scope: null, cloud_instance_name: 'microsoftonline.com' }, 'commercial'],
      [{ tenant_region_scope: 'NA', tenant_region_sub_scope: 'GCC' }, 'commercial'], [{ tenant_region_scope: 'USGov', tenant_region_sub_scope: 'DODCON' }, 'usGov'], [{ tenant_region_scope: 'USG' }, 'usGov'],
      [{ tenant_region_scope: 'NA', tenant_region_sub_scope: 'DOD' }, 'usGov'], [{ tenant_region_scope: 'NA', cloud_instance_name: 'microsoftonline.us' }, 'usGov'],
      [{ tenant_region_scope: 'AS', cloud_instance_name: 'partner.microsoftonline.cn' }, 'china21Vianet'], [{}, 'unknown'],
    ] as const) {
      it(`is ${cloud} for ${JSON.stringify(configuration)}`, async () => {
        microsoft.script = ({ method, url }) =>
          method === 'POST' ? undefined : url.includes('openid-configuration') ? { body: configuration } : { body: { tenantId: CONTOSO, displayName: 'Contoso', defaultDomainName: 'contoso.com' } };

        assert.equal((await microsoft.client().directory.tenantByDomain(CONTOSO_COM, FABRIKAM))?.cloud, cloud);
      });
    }

    it('is not guessed when the login service fails', async () => {
      microsoft.script = ({ method, url }) => (method === 'POST' ? undefined : url.includes('openid-configuration') ? { status: 500 } : { body: { tenantId: CONTOSO, displayName: 'Contoso', defaultDomainName: 'contoso.com' } });

      await assert.rejects(microsoft.client().directory.tenantByDomain(CONTOSO_COM, FABRIKAM), unavailable({ operation: 'openIdConfiguration' }));
    });
  });

  it('a member of the role that is no person does not decide', async () => {
    microsoft.says({ body: { value: [{ '@odata.type': '#microsoft.graph.servicePrincipal', id: NORTHWIND, displayName: 'App' }, { '@odata.type': '#microsoft.graph.user', id: AYSE, displayName: 'Ayşe' }] } });
    const people = await microsoft.client().directory.deciders(CONTOSO);

    assert(people !== notConsented);
    assert.deepEqual(people.map(({ name }) => name), ['Ayşe']);
  });

  it('a call without an answer has no status in the record', async () => {
    microsoft.says({ cut: true });
    const { calls, onCall } = recorded();
    await assert.rejects(observe({ onCall }));

    assert.deepEqual(calls.map(({ operation, status }) => [operation, status]), [['token', 200], ...[1, 2, 3].map(() => ['getCustomer', undefined])]);
  });
});
