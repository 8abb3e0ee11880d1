import assert from 'node:assert/strict';
import { administration, rolesOf, SERVICE_SUPPORT } from './a-relationship.js';
import * as at from './a-sandbox.js';
import { wireOf, type Said, type Wire } from './a-wire.js';

type Body = Readonly<Record<string, unknown>>;
const TODAY = '2026-11-22';

describe("the sandbox's records", () => {
  let sandbox: at.OpenSandbox;
  let partnerCenter: Wire['partnerCenter'];
  beforeEach(async () => {
    sandbox = await at.openSandbox();
    ({ partnerCenter } = wireOf(sandbox));
  });
  afterEach(() => sandbox.close());

  const records = (query: string, partner: string = at.FABRIKAM, headers: Record<string, string> = {}): Promise<Said> => partnerCenter(partner, 'GET', `auditrecords?${query}`, undefined, 'app', headers);
  const operations = async (query = `startDate=${TODAY}`, partner?: string) => ((await records(query, partner)).body.items as Body[]).map((one) => one['operationType']);
  const accept = (partner: string = at.FABRIKAM, customer: string = at.CONTOSO, person: string = at.AYSE) => sandbox.control('POST', 'accept', { partner, customer, person });
  const later = (days: number) => sandbox.control('POST', 'clock', { advanceSeconds: days * 86_400 });
  const filtered = (filter: object) => `startDate=${TODAY}&filter=${encodeURIComponent(JSON.stringify(filter))}`;

  it('say who was accepted, in the shape of Partner Center', async () => {
    await accept();
    const { status, body } = await records(`startDate=${TODAY}`);
    const [record] = body.items as Body[];

    assert.deepEqual([status, body['totalCount'], body['attributes']], [200, 1, { objectType: 'Collection' }]);
    const { id, applicationId, userPrincipalName, ...rest } = record ?? {};
    assert(String(id).startsWith(`${at.FABRIKAM}_${at.CONTOSO}_extend_relationship_`));
    assert.deepEqual([typeof applicationId, typeof userPrincipalName], ['string', 'string']);
    assert.deepEqual(rest, {
      partnerId: at.FABRIKAM, customerId: at.CONTOSO, customerName: 'Contoso & <Sons>', resourceType: 'partner_customer_relationship', operationType: 'extend_relationship', operationDate: at.NOON,
      operationStatus: 'succeeded', customizedData: [], attributes: { objectType: 'AuditRecord' },
    });
  });

  it('say when a relationship was removed, and are nobody else\'s', async () => {
    await sandbox.control('PATCH', `subscriptions/${at.E3}`, { status: 'deleted' });
    await sandbox.control('DELETE', `grants?partner=${at.NORTHWIND}&customer=${at.CONTOSO}`);

    assert.deepEqual(await operations(undefined, at.NORTHWIND), ['remove_partner_customer_relationship']);
    assert.deepEqual(await operations(), []);
  });

  it('tell the life of delegated administration', async () => {
    const gdap = administration(sandbox);
    const id = await gdap.active();
    const group = (await wireOf(sandbox).graph(at.FABRIKAM, 'GET', 'groups')).body.value[3]?.['id'];
    await gdap.call('POST', `/${id}/accessAssignments`, { accessContainer: { accessContainerId: group, accessContainerType: 'securityGroup' }, accessDetails: rolesOf(SERVICE_SUPPORT) });
    gdap.passes(300);
    await sandbox.control('POST', `delegated/${id}/terminate`);
    gdap.passes(300);
    await gdap.pending({ displayName: 'Nobody answers' });
    await later(90);

    assert.deepEqual(await operations(), [
      'approved', 'activated', 'termination_requested', 'terminated', 'cleaned_up',
    ].map((word) => `granular_admin_relationship_${word}`).toSpliced(2, 0, 'granular_admin_access_assignment_created', 'granular_admin_access_assignment_activated'));
    const [first] = (await records(filtered({ Field: 'ResourceType', Value: 'granular_admin_access_assignment', Operator: 'equals' }))).body.items as { customizedData: { key: string; value: string }[] }[];
    assert.deepEqual(first?.customizedData[0], { key: 'RelationshipId', value: id });
  });

  it('are dated when it ran out, however late somebody looks', async () => {
    await later(101 + 50);
    const [record] = (await records('startDate=2027-02-01', at.NORTHWIND)).body.items as Body[];

    assert.deepEqual([record?.['operationType'], record?.['operationDate']], ['granular_admin_relationship_expired', '2027-03-03T00:00:00.000Z']);
  });

  it('reach back 90 days', async () => {
    assert.equal((await records('startDate=2026-08-24')).status, 200);
    assert.deepEqual([(await records('startDate=2026-08-23')).status, (await records('startDate=2026-08-23')).body.code], [400, 2000]);
  });

  it('are looked up by day, company, customer and kind', async () => {
    await accept();
    await later(1);
    await accept(at.FABRIKAM, at.LITWARE, at.LALE);
    const found = async (query: string) => ((await records(query)).body.items as Body[]).map((one) => one['customerId']);

    assert.deepEqual(await found(`startDate=${TODAY}`), [at.CONTOSO, at.LITWARE]);
    assert.deepEqual([await found('startDate=2026-11-23'), await found(`startDate=${TODAY}&endDate=${TODAY}`)], [[at.LITWARE], [at.CONTOSO]]);
    assert.deepEqual(await found(filtered({ Field: 'CompanyName', Value: 'ITWA', Operator: 'substring' })), [at.LITWARE]);
    assert.deepEqual(await found(filtered({ Field: 'CustomerId', Value: at.CONTOSO, Operator: 'equals' })), [at.CONTOSO]);
    assert.deepEqual(await found(filtered({ Field: 'ResourceType', Value: 'order', Operator: 'equals' })), []);
  });

  for (const query of ['', 'startDate=yesterday', `startDate=${TODAY}&endDate=2026-11-21`, `startDate=${TODAY}&filter=x`, `startDate=${TODAY}&filter=${encodeURIComponent('{"Field":"Name"}')}`]) {
    it(`are not asked for by "${query}"`, async () => {
      assert.equal((await records(query)).status, 400);
    });
  }

  it('come in pages, like customers and subscriptions', async () => {
    for (const [customer, person] of [[at.CONTOSO, at.AYSE], [at.LITWARE, at.LALE]] as const) await accept(at.FABRIKAM, customer, person);
    await sandbox.control('POST', 'subscriptions', { id: at.NOBODY, customer: at.CONTOSO, soldBy: at.NORTHWIND, offer: 'Power BI Pro' });
    assert.deepEqual((await sandbox.control('POST', 'limits', { pageSize: 1 })).body, { partnerCenterAMinute: 500, pageSize: 1 });
    for (const [path, partner] of [[`auditrecords?startDate=${TODAY}`, at.FABRIKAM], ['customers?size=0', at.FABRIKAM], [`customers/${at.CONTOSO}/subscriptions`, at.NORTHWIND]] as const) {
      const seen: unknown[] = [];
      let token: string | undefined = undefined;
      do {
        const more: string = token === undefined ? '' : `${path.includes('?') ? '&' : '?'}seekOperation=Next`;
        const { body } = await partnerCenter(partner, 'GET', `${path}${more}`, undefined, 'app', token === undefined ? {} : { 'MS-ContinuationToken': token });
        assert.equal(body['totalCount'], 1);
        seen.push(...(body.items as Body[]).map((one) => one['id']));
        token = (body['links'] as unknown as { next?: { headers: { value: string }[] } }).next?.headers[0]?.value;
      } while (token !== undefined);
      assert.equal(new Set(seen).size, 2, path);
    }
  });

  describe('of what could be transferred', () => {
    const eligible = (partner: string = at.NORTHWIND, query = '?transferType=directtoindirect') => partnerCenter(partner, 'GET', `customers/${at.CONTOSO}/transferseligibility${query}`, undefined, 'app');

    it('say yes to new commerce that is active', async () => {
      await sandbox.control('POST', 'subscriptions', { id: at.NOBODY, customer: at.CONTOSO, soldBy: at.NORTHWIND, offer: 'Power BI Pro', commerce: 'legacy' });
      const { status, body } = await eligible();

      assert.deepEqual([status, body], [200, [{ id: at.E3, isEligible: true }, { id: at.NOBODY, isEligible: false, reason: 'The subscription is not a new commerce subscription.' }]]);
    });

    it('are for the own customers, and for one kind', async () => {
      assert.deepEqual([(await eligible(at.FABRIKAM)).status, (await eligible(at.NORTHWIND, '')).status], [403, 400]);
    });
  });
});
