import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { directoryApp, partnerApp } from '../../../src/local/partner-center/credentials.js';
import * as at from './a-sandbox.js';

type Wire = { readonly status: number; readonly headers: Headers; readonly body: Record<string, never> & { readonly error: never; readonly code: unknown } };

describe("the sandbox's wire", () => {
  let sandbox: at.OpenSandbox;
  beforeEach(async () => { sandbox = await at.openSandbox(); });
  afterEach(() => sandbox.close());

  const ask = async (address: string, init: RequestInit = {}): Promise<Wire> => {
    const answer = await fetch(address, init);
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Wire['body'] };
  };
  const login = (tenant: string, form: Record<string, string>): Promise<Wire> =>
    ask(`${sandbox.loginUrl}/${tenant}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  const asPartner = (tenant: string, resource: string): Record<string, string> => {
    const { clientId, clientSecret, refreshToken } = sandbox.partners.find((one) => one.tenant === tenant) ?? { clientId: '', clientSecret: '', refreshToken: '' };
    return { grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken, resource };
  };
  const asDirectoryApp = (): Record<string, string> => ({ grant_type: 'client_credentials', client_id: directoryApp.clientId, client_secret: directoryApp.clientSecret, resource: sandbox.graphUrl });
  const tokenOf = async (tenant: string, form: Record<string, string>): Promise<string> => (await login(tenant, form)).body['access_token'] as unknown as string;
  const read = async (address: string, token: string, headers: Record<string, string> = {}): Promise<Wire> => ask(address, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const partnerReads = async (tenant: string, path: string, headers = {}): Promise<Wire> =>
    read(`${sandbox.partnerCenterUrl}/v1/${path}`, await tokenOf(tenant, asPartner(tenant, sandbox.partnerCenterUrl)), headers);
  const customerReads = async (tenant: string, path: string): Promise<Wire> => read(`${sandbox.graphUrl}/v1.0/${path}`, await tokenOf(tenant, asDirectoryApp()));

  describe('a token', () => {
    it('has its numbers as text, as version 1 writes them', async () => {
      const { status, body } = await login(at.FABRIKAM, asPartner(at.FABRIKAM, sandbox.partnerCenterUrl));

      assert.equal(status, 200);
      assert.deepEqual([body['token_type'], body['expires_in'], typeof body['expires_on'], body['resource']], ['Bearer', '3599', 'string', sandbox.partnerCenterUrl]);
      assert.equal(typeof body['refresh_token'], 'string');
    });

    for (const [what, tenant, change, status, error, code] of [
      ['an unknown tenant', at.NOBODY, {}, 400, 'invalid_request', 90002],
      ['a wrong secret', at.FABRIKAM, { client_secret: 'guess' }, 401, 'invalid_client', 7000215],
      ['an unknown app', at.FABRIKAM, { client_id: at.NOBODY }, 400, 'unauthorized_client', 700016],
      ['the refresh token of another partner', at.FABRIKAM, { refresh_token: `sandbox-only-refresh-token-${at.NORTHWIND}` }, 400, 'invalid_grant', 9002313],
      ['a partner\'s app in the tenant of a customer', at.CONTOSO, {}, 401, 'invalid_client', 7000229],
      ['another resource', at.FABRIKAM, { resource: 'https://example.com' }, 400, 'invalid_resource', 500011],
      ['another grant', at.FABRIKAM, { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
      ['no consent', at.LITWARE, { grant_type: 'client_credentials', client_id: directoryApp.clientId, client_secret: directoryApp.clientSecret, resource: 'http://any/graph' }, 401, 'invalid_client', 7000229],
      ['Partner Center to the directory app', at.CONTOSO, { grant_type: 'client_credentials', client_id: directoryApp.clientId, client_secret: directoryApp.clientSecret }, 400, 'invalid_resource', 500011],
    ] as const) {
      it(`is not given for ${what}`, async () => {
        const answer = await login(tenant, { ...asPartner(at.FABRIKAM, sandbox.partnerCenterUrl), ...change });

        assert.deepEqual([answer.status, answer.body.error, answer.body['error_codes']], [status, error, [code]]);
        assert.match(String(answer.body['error_description']), new RegExp(`^AADSTS${code}: `));
      });
    }

    it('opens one tenant and one resource, until it ends', async () => {
      const token = await tokenOf(at.NORTHWIND, asPartner(at.NORTHWIND, sandbox.partnerCenterUrl));
      const customers = `${sandbox.partnerCenterUrl}/v1/customers`;
      assert.equal((await read(customers, token)).status, 200);

      const elsewhere = await read(`${sandbox.graphUrl}/v1.0/organization`, token);
      assert.deepEqual([elsewhere.status, (elsewhere.body.error as { code: string }).code], [401, 'InvalidAuthenticationToken']);
      assert.match(elsewhere.headers.get('www-authenticate') ?? '', /^Bearer/);

      sandbox.machine.passes(3599);
      const late = await read(customers, token);
      assert.deepEqual([late.status, late.body.code], [401, 800001]);
      assert.match(late.headers.get('www-authenticate') ?? '', /^Bearer/);
    });

    it('is needed everywhere', async () => {
      for (const path of ['partner-center/v1/customers', 'partner-center/v1/customers/relationshiprequests', `partner-center/v1/customers/${at.CONTOSO}`, 'partner-center/v1/profiles/legalbusiness', 'graph/v1.0/organization', `graph/v1.0/users/${at.AYSE}`, 'graph/v1.0/directory/subscriptions']) {
        assert.equal((await read(`${sandbox.url}/${path}`, 'guess')).status, 401, path);
      }
    });

    it('of an app alone does not ask for relationships', async () => {
      const alone = await tokenOf(at.FABRIKAM, { grant_type: 'client_credentials', client_id: partnerApp.clientId, client_secret: partnerApp.clientSecret, resource: sandbox.partnerCenterUrl });

      assert.equal((await read(`${sandbox.partnerCenterUrl}/v1/customers/relationshiprequests`, alone)).status, 401);
      assert.equal((await read(`${sandbox.partnerCenterUrl}/v1/customers`, alone)).status, 200);
    });
  });

  describe('Partner Center', () => {
    it('answers with links that are relative and say what kind of thing it is', async () => {
      const { body } = await partnerReads(at.NORTHWIND, 'customers?size=1');

      assert.deepEqual([body['totalCount'], body['attributes'], body['links']], [1, { objectType: 'Collection' }, { self: { uri: '/customers?size=1', method: 'GET', headers: [] } }]);
      const [customer] = body['items'] as unknown as Record<string, unknown>[];
      assert.deepEqual([customer?.['id'], customer?.['relationshipToPartner'], customer?.['attributes']], [at.CONTOSO, 'reseller', { objectType: 'Customer' }]);
      assert.equal('billingProfile' in customer!, false);
    });

    it('repeats the ids of the request', async () => {
      const { headers } = await partnerReads(at.NORTHWIND, 'customers', { 'MS-RequestId': at.E3, 'MS-CorrelationId': at.AZURE });

      assert.deepEqual([headers.get('ms-requestid'), headers.get('ms-correlationid')], [at.E3, at.AZURE]);
    });

    it('shows a stranger and nobody in the same way, whatever is asked', async () => {
      const answers = await Promise.all([at.CONTOSO, at.NORTHWIND, at.NOBODY, 'nonsense'].flatMap((id) => [`customers/${id}`, `customers/${id}/subscriptions`]).map((path) => partnerReads(at.FABRIKAM, path)));

      assert.equal(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size, 1);
      assert.deepEqual([answers[0]?.status, answers[0]?.body.code], [403, 20002]);
    });

    it('does not say more about agreements than a provider may ask', async () => {
      const asked = async (tenant: string, about: string): Promise<unknown> => {
        const { status, body } = await partnerReads(tenant, `compliance/csp/agreementstatus?tenantId=${about}`);
        return status === 200 ? body['isAgreementSigned'] : body.code;
      };

      assert.equal(await asked(at.PROVIDER, at.PROVIDER), false);
      assert.equal(await asked(at.PROVIDER, at.RESELLER), true);
      assert.equal(await asked(at.FABRIKAM, at.NORTHWIND), '60003');
      assert.equal(await asked(at.FABRIKAM, at.CONTOSO), '60003');
      assert.equal((await partnerReads(at.FABRIKAM, 'compliance/csp/agreementstatus')).status, 400);
    });

    it('takes no token of another partner to go on', async () => {
      await sandbox.control('POST', 'accept', { partner: at.NORTHWIND, customer: at.GERMAN, person: at.DIETER });
      const foreign = Buffer.from(`${at.NORTHWIND} ${at.CONTOSO}`).toString('base64url');

      assert.equal((await partnerReads(at.FABRIKAM, 'customers?size=1&seekOperation=Next', { 'MS-ContinuationToken': foreign })).status, 400);
      assert.equal((await partnerReads(at.FABRIKAM, 'customers?size=501')).status, 400);
    });

    for (const [method, path] of [
      ['DELETE', `customers/${at.CONTOSO}`], ['POST', `customers/${at.CONTOSO}/orders`], ['PATCH', `customers/${at.CONTOSO}/subscriptions/${at.E3}`], ['POST', `customers/${at.CONTOSO}/transfers`],
    ] as const) {
      it(`has nobody at home for ${method} ${path.replace(/[0-9a-f-]{36}/g, '…')}`, async () => {
        const { status } = await fetch(`${sandbox.partnerCenterUrl}/v1/${path}`, { method, body: '{}' });

        assert([404, 405].includes(status));
      });
    }
  });

  describe('Graph', () => {
    it('names the fields that were asked for, and its context', async () => {
      const { body } = await customerReads(at.CONTOSO, `users/${at.AYSE}?$select=id,preferredLanguage`);

      assert.deepEqual(body, { '@odata.context': `${sandbox.graphUrl}/v1.0/$metadata#users/$entity`, id: at.AYSE, preferredLanguage: 'tr-TR' });
    });

    it('says what a customer holds in the words of the directory', async () => {
      const { body } = await customerReads(at.CONTOSO, 'directory/subscriptions');
      const [e3, copilot] = body['value'] as unknown as Record<string, unknown>[];

      assert.deepEqual([e3?.['skuPartNumber'], e3?.['ownerTenantId'], e3?.['totalLicenses'], e3?.['status'], e3?.['createdDateTime']], ['ENTERPRISEPACK', at.NORTHWIND, 120, 'Enabled', '2023-04-01T00:00:00.000Z']);
      assert.deepEqual([copilot?.['commerceSubscriptionId'], copilot?.['ownerTenantId']], [at.COPILOT, '']);
    });

    it('finds tenants of another cloud by id only', async () => {
      const byDomain = await customerReads(at.CONTOSO, "tenantRelationships/findTenantInformationByDomainName(domainName='agency.us')");
      const byId = await customerReads(at.CONTOSO, `tenantRelationships/findTenantInformationByTenantId(tenantId='${at.AGENCY}')`);

      assert.deepEqual([byDomain.status, byId.status, byId.body['displayName']], [404, 200, 'Agency']);
    });

    it('says of a stranger its names and nothing else', async () => {
      const { body } = await customerReads(at.CONTOSO, `tenantRelationships/findTenantInformationByTenantId(tenantId='${at.FABRIKAM}')`);

      assert.deepEqual(Object.keys(body).sort(), ['@odata.context', 'defaultDomainName', 'displayName', 'federationBrandName', 'tenantId']);
    });

    it('refuses a filter it does not know', async () => {
      const token = await tokenOf(at.NORTHWIND, asPartner(at.NORTHWIND, sandbox.graphUrl));

      assert.equal((await read(`${sandbox.graphUrl}/v1.0/tenantRelationships/delegatedAdminRelationships?$filter=name eq 'x'`, token)).status, 400);
    });
  });

  it('survives a request that breaks off and a host that is none', async () => {
    for (const line of ['GET /sandbox/world HTTP/1.1\r\nHost: [\r\n\r\n', 'POST /sandbox/clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{', 'GET //x HTTP/1.1\r\nHost: localhost\r\n\r\n']) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1', () => socket.write(line));
        socket.once('data', () => socket.destroy()).once('close', () => resolve());
        setTimeout(() => socket.destroy(), 100);
      });
    }

    assert.equal((await sandbox.control('GET', 'clock')).status, 200);
  });
});
