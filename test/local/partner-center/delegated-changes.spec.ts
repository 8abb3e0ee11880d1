import assert from 'node:assert/strict';
import { administration, aDraft, GLOBAL_ADMINISTRATOR, RELATIONSHIPS, rolesOf, SERVICE_SUPPORT, USER_ADMINISTRATOR } from './a-relationship.js';
import * as at from './a-sandbox.js';
import { wireOf, type Said } from './a-wire.js';

type Body = Readonly<Record<string, unknown>>;

describe('a change of delegated administration', () => {
  let sandbox: at.OpenSandbox;
  let gdap: ReturnType<typeof administration>;
  beforeEach(async () => {
    sandbox = await at.openSandbox();
    gdap = administration(sandbox);
  });
  afterEach(() => sandbox.close());

  const send = (method: string, path: string, etag: string | undefined, body?: unknown, partner: string = at.FABRIKAM): Promise<Said> =>
    wireOf(sandbox).graph(partner, method, `${RELATIONSHIPS}/${path}`, body, 'user', etag === undefined ? {} : { 'if-match': etag });
  const etagOf = async (path: string): Promise<string> => String((await gdap.call('GET', `/${path}`)).body['@odata.etag']);
  const change = async (id: string, body: unknown): Promise<Said> => send('PATCH', id, await etagOf(id), body);

  describe('of a draft', () => {
    it('may touch everything', async () => {
      const id = await gdap.create();
      const { status, body } = await change(id, { displayName: 'Other', duration: 'P30D', autoExtendDuration: 'P180D', customer: { tenantId: at.LITWARE }, accessDetails: rolesOf(SERVICE_SUPPORT) });

      assert.equal(status, 200);
      assert.deepEqual([body['displayName'], body['duration'], body['autoExtendDuration'], body['customer'], body['accessDetails'], body['status']], ['Other', 'P30D', 'P180D', { tenantId: at.LITWARE, displayName: 'Litware' }, rolesOf(SERVICE_SUPPORT), 'created']);
      assert.deepEqual((await gdap.call('GET', `/${id}`)).body, body);
    });

    it('leaves the rest as it was', async () => {
      const id = await gdap.create();
      const { body: before } = await gdap.call('GET', `/${id}`);
      const { body: after } = await change(id, { duration: 'P30D' });

      assert.notEqual(after['@odata.etag'], before['@odata.etag']);
      assert.deepEqual({ ...after, '@odata.etag': '' }, { ...before, duration: 'P30D', '@odata.etag': '' });
    });

    it('is bound to the draft as it was read', async () => {
      const id = await gdap.create();
      const old = await etagOf(id);
      assert.equal((await change(id, { duration: 'P30D' })).status, 200);

      for (const method of ['PATCH', 'DELETE']) {
        const body = method === 'PATCH' ? { duration: 'P60D' } : undefined;
        assert.deepEqual([(await send(method, id, undefined, body)).status, (await send(method, id, old, body)).status], [428, 412]);
      }
      assert.equal((await send('PATCH', id, '*', { duration: 'P60D' })).status, 200);
    });

    for (const body of [{ duration: 'P731D' }, { displayName: '' }, { status: 'active' }, { customer: { tenantId: at.NOBODY } }, { autoExtendDuration: 'P180D', accessDetails: rolesOf(GLOBAL_ADMINISTRATOR) }]) {
      it(`is not ${JSON.stringify(body)}`, async () => {
        assert.equal((await change(await gdap.create(), body)).status, 400);
      });
    }

    it('takes no name that another has', async () => {
      await gdap.create({ displayName: 'Taken' });

      assert.equal((await change(await gdap.create(), { displayName: 'Taken' })).status, 409);
    });

    it('may be its end', async () => {
      const id = await gdap.create();
      assert.equal((await send('DELETE', id, await etagOf(id))).status, 204);

      assert.equal(await gdap.status(id), 404);
      assert.equal((await gdap.call('POST', '', aDraft())).status, 201);
    });

    it("is nobody else's", async () => {
      const id = await gdap.create();

      assert.deepEqual([(await send('PATCH', id, '*', {}, at.NORTHWIND)).status, (await send('DELETE', id, '*', undefined, at.NORTHWIND)).status], [404, 404]);
    });

    it('comes too late after the lock, even before the lock is through', async () => {
      const id = await gdap.create();
      await gdap.call('POST', `/${id}/requests`, { action: 'lockForApproval' });
      assert.deepEqual([(await change(id, { duration: 'P30D' })).status, (await send('DELETE', id, '*')).status], [409, 409]);

      gdap.passes(300);
      assert.deepEqual([(await change(id, { autoExtendDuration: 'P180D' })).status, (await send('DELETE', id, '*')).status], [409, 409]);
    });
  });

  describe('of what is in force', () => {
    it('may start and stop the extension, which keeps what was extended so far', async () => {
      const id = await gdap.active();
      assert.deepEqual([(await change(id, { autoExtendDuration: 'P180D' })).body['autoExtendDuration']], ['P180D']);
      await sandbox.control('POST', 'clock', { advanceSeconds: 100 * 86_400 });
      assert.equal(await gdap.status(id), 'active');
      const { body } = await change(id, { autoExtendDuration: 'PT0S' });

      assert.deepEqual([body['status'], body['endDateTime']], ['active', '2027-08-19T12:00:00.600Z']);
      assert.equal((await send('DELETE', id, '*')).status, 409);
    });

    it('may take Global Administrator away, after a while', async () => {
      const id = await gdap.active({ accessDetails: rolesOf(GLOBAL_ADMINISTRATOR, SERVICE_SUPPORT) });
      assert.equal((await change(id, { autoExtendDuration: 'P180D' })).status, 400);
      const { status, headers } = await change(id, { accessDetails: rolesOf(SERVICE_SUPPORT) });
      assert.equal(status, 202);
      const location = headers.get('location') ?? '';
      assert(location.startsWith(`${sandbox.graphUrl}/v1.0/${RELATIONSHIPS}/${id}/operations/`) && headers.get('retry-after') === '1');
      assert.deepEqual((await gdap.call('GET', `/${id}`)).body['accessDetails'], rolesOf(GLOBAL_ADMINISTRATOR, SERVICE_SUPPORT));

      gdap.passes(300);
      assert.deepEqual((await gdap.call('GET', `/${id}`)).body['accessDetails'], rolesOf(SERVICE_SUPPORT));
      assert.equal((await change(id, { autoExtendDuration: 'P180D' })).status, 200);
    });

    for (const body of [{ displayName: 'Other' }, { duration: 'P30D' }, { accessDetails: rolesOf(SERVICE_SUPPORT) }]) {
      it(`is not ${JSON.stringify(body)}`, async () => {
        assert.equal((await change(await gdap.active(), body)).status, 409);
      });
    }
  });

  describe('of an access assignment', () => {
    let id: string;
    let group: string;
    let assignment: string;
    const path = () => `${id}/accessAssignments/${assignment}`;
    const assign = () => gdap.call('POST', `/${id}/accessAssignments`, { accessContainer: { accessContainerId: group, accessContainerType: 'securityGroup' }, accessDetails: rolesOf(SERVICE_SUPPORT) });
    const changeTo = async (...roles: readonly string[]) => send('PATCH', path(), await etagOf(path()), { accessDetails: rolesOf(...roles) });
    const seen = async () => {
      const { body } = await gdap.call('GET', `/${path()}`);
      return [body['status'], body['accessDetails']];
    };
    beforeEach(async () => {
      id = await gdap.active();
      group = (await wireOf(sandbox).graph(at.FABRIKAM, 'GET', 'groups')).body.value[3]?.['id'] ?? '';
      assignment = String((await assign()).body['id']);
      gdap.passes(300);
    });

    it('is an operation that runs and succeeds', async () => {
      const { status, headers, body } = await changeTo(USER_ADMINISTRATOR, SERVICE_SUPPORT);
      assert.deepEqual([status, headers.get('retry-after'), body], [202, '1', {}]);
      const operation = (headers.get('location') ?? '').split('/operations/')[1] ?? '';
      const read = async () => (await gdap.call('GET', `/${id}/operations/${operation}`)).body;
      assert.deepEqual([(await read())['status'], (await read())['operationType']], ['notStarted', 'delegatedAdminAccessAssignmentUpdate']);
      assert.equal((await changeTo(USER_ADMINISTRATOR)).status, 409);

      gdap.passes(150);
      assert.deepEqual([(await read())['status'], await seen()], ['running', ['active', rolesOf(SERVICE_SUPPORT)]]);
      gdap.passes(150);
      assert.deepEqual([(await read())['status'], await seen()], ['succeeded', ['active', rolesOf(USER_ADMINISTRATOR, SERVICE_SUPPORT)]]);
      assert.equal((await gdap.call('GET', `/${id}/operations/${at.NOBODY}`)).status, 404);
      assert.deepEqual(((await gdap.call('GET', `/${id}/operations`)).body.value as Body[]).map((one) => one['id']), [operation]);
    });

    it('is none when nothing changes', async () => {
      const { status, body } = await changeTo(SERVICE_SUPPORT);

      assert.deepEqual([status, body['id'], body['status']], [200, assignment, 'active']);
    });

    it('gives no role that was not approved, and is bound to what was read', async () => {
      assert.equal((await changeTo(GLOBAL_ADMINISTRATOR)).status, 400);
      for (const method of ['PATCH', 'DELETE']) {
        const body = method === 'PATCH' ? { accessDetails: rolesOf(USER_ADMINISTRATOR) } : undefined;
        assert.deepEqual([(await send(method, path(), undefined, body)).status, (await send(method, path(), 'W/"old"', body)).status], [428, 412]);
      }
    });

    it('may be its end, after a while; then the group is free again', async () => {
      assert.equal((await send('DELETE', path(), await etagOf(path()))).status, 204);
      assert.deepEqual([(await seen())[0], (await assign()).status, (await send('DELETE', path(), '*')).status], ['deleting', 409, 204]);
      assert.equal((await send('PATCH', path(), '*', { accessDetails: rolesOf(USER_ADMINISTRATOR) })).status, 409);

      gdap.passes(300);
      assert.deepEqual([(await seen())[0], (await send('DELETE', path(), '*')).status, (await assign()).status], ['deleted', 404, 201]);
    });
  });

  describe('of the world', () => {
    const customers = async (path = '') => wireOf(sandbox).graph(at.FABRIKAM, 'GET', `tenantRelationships/delegatedAdminCustomers${path}`);

    it('makes and unmakes the customers of delegated administration', async () => {
      assert.deepEqual([(await customers()).body.value, (await customers(`/${at.CONTOSO}`)).status], [[], 404]);
      const id = await gdap.active();
      const contoso = { '@odata.type': '#microsoft.graph.delegatedAdminCustomer', id: at.CONTOSO, tenantId: at.CONTOSO, displayName: 'Contoso & <Sons>' };
      assert.deepEqual((await customers()).body.value, [contoso]);
      const { '@odata.context': _context, ...one } = (await customers(`/${at.CONTOSO}`)).body as Body;
      assert.deepEqual(one, contoso);
      assert.deepEqual(((await customers(`/${at.CONTOSO}/serviceManagementDetails`)).body.value as Body[]).map(({ serviceName }) => serviceName), ['Exchange', 'Microsoft365', 'MicrosoftEntraId']);

      await sandbox.control('POST', `delegated/${id}/terminate`);
      gdap.passes(300);
      assert.deepEqual([(await customers()).body.value, (await customers(`/${at.CONTOSO}/serviceManagementDetails`)).status], [[], 404]);
    });

    it('may show a status that nobody knows yet', async () => {
      const id = await gdap.active();
      assert.deepEqual(await sandbox.control('POST', `delegated/${id}/status`, { status: 'unknownFutureValue' }), { status: 200, body: { status: 'unknownFutureValue' } });
      assert.equal(await gdap.status(id), 'unknownFutureValue');

      await sandbox.control('POST', `delegated/${id}/status`, { status: null });
      assert.equal(await gdap.status(id), 'active');
      assert.equal((await sandbox.control('POST', `delegated/${at.NOBODY}/status`, { status: null })).status, 404);
    });
  });
});
