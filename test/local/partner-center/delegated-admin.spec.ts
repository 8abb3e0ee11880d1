import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { readWorld } from '../../../src/local/partner-center/read-world.js';
import { administration, aDraft, GLOBAL_ADMINISTRATOR, RELATIONSHIPS, rolesOf, SERVICE_SUPPORT, USER_ADMINISTRATOR } from './a-relationship.js';
import * as at from './a-sandbox.js';
import { wireOf, type Said } from './a-wire.js';

type Body = Readonly<Record<string, unknown>>;

describe("delegated administration on the sandbox's wire", () => {
  let sandbox: at.OpenSandbox;
  let gdap: ReturnType<typeof administration>;
  beforeEach(async () => {
    sandbox = await at.openSandbox();
    gdap = administration(sandbox);
  });
  afterEach(() => sandbox.close());
  const moveClock = (days: number) => sandbox.control('POST', 'clock', { advanceSeconds: days * 86_400 });

  describe('a draft', () => {
    it('comes back with everything that was said, an id of two GUIDs, and where it is', async () => {
      const { status, headers, body } = await gdap.call('POST', '', aDraft({ autoExtendDuration: 'P180D' }));
      const id = String(body['id']);

      assert.equal(status, 201);
      assert.match(id, /^[0-9a-f-]{36}-[0-9a-f-]{36}$/);
      assert.equal(headers.get('location'), `${sandbox.graphUrl}/v1.0/${RELATIONSHIPS}/${id}`);
      assert.match(body['@odata.etag'] ?? '', /^W\/".+"$/);
      const { ['@odata.context']: context, ['@odata.etag']: _etag, ...rest } = body as Body;
      assert.equal(context, `${sandbox.graphUrl}/v1.0/$metadata#${RELATIONSHIPS}/$entity`);
      assert.deepEqual(rest, {
        '@odata.type': '#microsoft.graph.delegatedAdminRelationship', id, displayName: 'Fabrikam for Contoso', duration: 'P90D', autoExtendDuration: 'P180D',
        customer: { tenantId: at.CONTOSO, displayName: 'Contoso & <Sons>' }, accessDetails: rolesOf(USER_ADMINISTRATOR, SERVICE_SUPPORT), status: 'created',
        createdDateTime: at.NOON, lastModifiedDateTime: at.NOON, activatedDateTime: '', endDateTime: null,
      });
      assert.deepEqual((await gdap.call('GET', `/${id}`)).body, body);
    });

    for (const [what, change] of [
      ['no name', { displayName: ' ' }], ['a name that is too long', { displayName: 'x'.repeat(51) }],
      ['no time', { duration: 'P0D' }], ['too much time', { duration: 'P731D' }], ['three years', { duration: 'P3Y' }], ['a time in hours', { duration: 'PT48H' }], ['a time in words', { duration: '90 days' }],
      ['no roles', { accessDetails: rolesOf() }], ['a role that is no id', { accessDetails: rolesOf('User Administrator') }],
      ['another extension', { autoExtendDuration: 'P90D' }], ['an extension of Global Administrator', { autoExtendDuration: 'P180D', accessDetails: rolesOf(USER_ADMINISTRATOR, GLOBAL_ADMINISTRATOR.toUpperCase()) }],
      ['a customer that is none', { customer: { tenantId: at.NOBODY } }], ['a customer by name', { customer: { tenantId: 'contoso.com' } }], ['a field that is read only', { status: 'active' }],
    ] as const) {
      it(`is refused with ${what}`, async () => {
        const { status, body } = await gdap.call('POST', '', aDraft(change));

        assert.deepEqual([status, body.error.code], [400, 'BadRequest']);
        assert.deepEqual((await gdap.call('GET')).body.value, []);
      });
    }

    it('is refused when it is no JSON', async () => {
      assert.equal((await gdap.call('POST', '', '{')).status, 400);
    });

    for (const change of [{ duration: 'P1D' }, { duration: 'P730D' }, { duration: 'P2Y' }, { autoExtendDuration: 'P0D' }, { autoExtendDuration: undefined }, { displayName: 'x'.repeat(50) }, { accessDetails: rolesOf(GLOBAL_ADMINISTRATOR) }]) {
      it(`may have ${JSON.stringify(change)}`, async () => {
        assert.equal((await gdap.call('POST', '', aDraft(change))).status, 201);
      });
    }

    it('has a name of its own among those of its partner', async () => {
      await gdap.create();
      const again = await gdap.call('POST', '', aDraft({ customer: { tenantId: at.LITWARE } }));

      assert.equal(again.status, 409);
      assert.match(again.body.error.code, /^Request_/);
      assert.equal((await administration(sandbox, at.NORTHWIND).call('POST', '', aDraft())).status, 201);
    });

    it('may leave the customer open, which whoever approves becomes', async () => {
      const id = await gdap.pending({ customer: undefined });
      assert.equal((await gdap.call('GET', `/${id}`)).body['customer'], null);
      assert.equal((await gdap.accept(id, at.LALE, at.LITWARE)).status, 200);

      assert.deepEqual((await gdap.call('GET', `/${id}`)).body['customer'], { tenantId: at.LITWARE, displayName: 'Litware' });
    });

    it('is for partners, with the app that was granted it', async () => {
      const { graph } = wireOf(sandbox);

      assert.equal((await graph(at.FABRIKAM, 'POST', RELATIONSHIPS, aDraft(), 'directory')).status, 403);
      assert.equal((await graph(at.FABRIKAM, 'GET', RELATIONSHIPS, undefined, 'directory')).status, 403);
      assert.equal((await graph(at.FABRIKAM, 'POST', RELATIONSHIPS, aDraft(), 'app')).status, 201);
      assert.equal((await fetch(`${sandbox.graphUrl}/v1.0/${RELATIONSHIPS}`, { method: 'POST', body: '{}' })).status, 401);
    });
  });

  describe('a list', () => {
    const names = ({ body }: Said): unknown[] => body.value.map((one) => one['displayName']);

    it('is filtered by customer, status and name, and by all of them', async () => {
      await gdap.create({ displayName: "Both 'and' more and more" });
      await gdap.pending({ displayName: 'Litware', customer: { tenantId: at.LITWARE } });
      const listed = async (filter: string) => names(await gdap.call('GET', `?$filter=${encodeURIComponent(filter)}`));

      assert.deepEqual(await listed(`customer/tenantId eq '${at.LITWARE.toUpperCase()}'`), ['Litware']);
      assert.deepEqual(await listed("status eq 'created'"), ["Both 'and' more and more"]);
      assert.deepEqual(await listed("displayName eq 'Both ''and'' more and more'"), ["Both 'and' more and more"]);
      assert.deepEqual(await listed(`customer/tenantId eq '${at.LITWARE}' and status eq 'approvalPending' and displayName eq 'Litware'`), ['Litware']);
      assert.deepEqual(await listed(`customer/tenantId eq '${at.CONTOSO}' and displayName eq 'Litware'`), []);
    });

    for (const filter of ["duration eq 'P90D'", "status ne 'active'", "status eq 'active' or status eq 'created'", 'status eq active', '']) {
      it(`refuses the filter "${filter}"`, async () => {
        assert.equal((await gdap.call('GET', `?$filter=${encodeURIComponent(filter)}`)).status, 400);
      });
    }

    it('comes in pages', async () => {
      for (const name of ['one', 'two', 'three']) await gdap.create({ displayName: name });
      const first = await gdap.call('GET', '?$top=2');
      const next = String(first.body['@odata.nextLink']);
      assert(next.startsWith(`${sandbox.graphUrl}/v1.0/${RELATIONSHIPS}?`));
      const second = await gdap.call('GET', next.slice(next.indexOf('?')));

      assert.deepEqual([names(first), names(second), '@odata.nextLink' in second.body], [['one', 'two'], ['three'], false]);
    });

    it("has nothing of anybody else's", async () => {
      const id = await gdap.active();
      const stranger = administration(sandbox, at.PROVIDER);

      assert.deepEqual((await stranger.call('GET')).body.value, []);
      for (const [method, path, body] of [
        ['GET', ''], ['GET', '/requests'], ['GET', '/accessAssignments'], ['POST', '/requests', { action: 'terminate' }], ['POST', '/accessAssignments', {}],
      ] as const) assert.equal((await stranger.call(method, `/${id}${path}`, body)).status, 404, `${method} ${path}`);
      assert.equal(await gdap.status(id), 'active');
    });

    it('has those of the world, in force', async () => {
      const [support] = (await administration(sandbox, at.NORTHWIND).call('GET')).body.value as Body[];

      assert.match(String(support?.['id']), /^[0-9a-f-]{36}-[0-9a-f-]{36}$/);
      assert.deepEqual(
        [support?.['displayName'], support?.['status'], support?.['duration'], support?.['activatedDateTime'], support?.['endDateTime']],
        ['Support', 'active', 'P365D', '2026-03-03T00:00:00.000Z', '2027-03-03T00:00:00.000Z'],
      );
    });
  });

  describe('a request', () => {
    it('locks a draft a little later', async () => {
      const id = await gdap.create();
      const { status, headers, body } = await gdap.call('POST', `/${id}/requests`, { action: 'lockForApproval' });
      const request = String(body['id']);
      assert.deepEqual([status, body['action'], body['status']], [201, 'lockForApproval', 'created']);
      assert.equal(headers.get('location'), `${sandbox.graphUrl}/v1.0/${RELATIONSHIPS}/${id}/requests/${request}`);
      const read = async () => [(await gdap.call('GET', `/${id}/requests/${request}`)).body['status'], await gdap.status(id)];

      gdap.passes(299);
      assert.deepEqual(await read(), ['created', 'created']);
      gdap.passes(1);
      assert.deepEqual(await read(), ['succeeded', 'approvalPending']);
      assert.deepEqual(((await gdap.call('GET', `/${id}/requests`)).body.value as Body[]).map((one) => one['id']), [request]);
      assert.equal((await gdap.call('GET', `/${id}/requests/${at.NOBODY}`)).status, 404);
    });

    it('locks only a draft, and once', async () => {
      const id = await gdap.create();
      const lock = async () => (await gdap.call('POST', `/${id}/requests`, { action: 'lockForApproval' })).status;

      assert.equal(await lock(), 201);
      assert.equal(await lock(), 409);
      gdap.passes(300);
      assert.equal(await lock(), 409);
    });

    it('ends what is in force, in two steps', async () => {
      const id = await gdap.active();
      const { status, body } = await gdap.call('POST', `/${id}/requests`, { action: 'terminate' });
      assert.deepEqual([status, body['action'], body['status']], [201, 'terminate', 'created']);

      const seen = [await gdap.status(id)];
      for (const ms of [150, 150]) {
        gdap.passes(ms);
        seen.push(await gdap.status(id));
      }
      assert.deepEqual(seen, ['terminationRequested', 'terminating', 'terminated']);
      assert.deepEqual(((await gdap.call('GET', `/${id}/requests`)).body.value as Body[]).map((one) => [one['action'], one['status']]), [['lockForApproval', 'succeeded'], ['terminate', 'succeeded']]);
      assert.equal((await gdap.call('POST', `/${id}/requests`, { action: 'terminate' })).status, 409);
    });

    it('ends nothing that is not in force', async () => {
      for (const id of [await gdap.create(), await gdap.pending({ displayName: 'Pending' })]) {
        assert.equal((await gdap.call('POST', `/${id}/requests`, { action: 'terminate' })).status, 409);
      }
    });

    for (const body of [{ action: 'approve' }, { action: 'reject' }, {}, 'x']) {
      it(`is not ${JSON.stringify(body)}`, async () => {
        assert.equal((await gdap.call('POST', `/${await gdap.create()}/requests`, body)).status, 400);
      });
    }
  });

  describe('the time after a yes', () => {
    it('goes over approved and activating to active, with an end', async () => {
      const id = await gdap.pending();
      await gdap.accept(id);
      const seen = [await gdap.status(id)];
      gdap.passes(150);
      const { body: before } = await gdap.call('GET', `/${id}`);
      gdap.passes(150);
      const { body: after } = await gdap.call('GET', `/${id}`);

      assert.deepEqual([...seen, before['status'], after['status']], ['approved', 'activating', 'active']);
      assert.deepEqual([before['activatedDateTime'], before['endDateTime']], ['', null]);
      assert.deepEqual([after['activatedDateTime'], after['endDateTime'], after['lastModifiedDateTime']], ['2026-11-22T12:00:00.600Z', '2027-02-20T12:00:00.600Z', '2026-11-22T12:00:00.600Z']);
      assert.notEqual(before['@odata.etag'], after['@odata.etag']);
    });

    it('ends by itself, and is remembered for a year', async () => {
      const id = await gdap.active();
      await moveClock(89);
      assert.equal(await gdap.status(id), 'active');
      await moveClock(1);
      assert.equal(await gdap.status(id), 'expired');
      assert.equal((await gdap.call('POST', '', aDraft())).status, 409);

      await moveClock(365);
      assert.equal(await gdap.status(id), 404);
      assert.deepEqual((await gdap.call('GET')).body.value, []);
      assert.equal((await gdap.call('POST', '', aDraft())).status, 201);
    });

    it('goes on by 180 days at each end when it extends itself', async () => {
      const id = await gdap.active({ autoExtendDuration: 'P180D' });
      const ends = async () => [await gdap.status(id), (await gdap.call('GET', `/${id}`)).body['endDateTime']];
      await moveClock(90);
      assert.deepEqual(await ends(), ['active', '2027-08-19T12:00:00.600Z']);
      await moveClock(360);
      assert.deepEqual(await ends(), ['active', '2028-08-13T12:00:00.600Z']);
    });

    it('is remembered for a year after somebody ended it', async () => {
      const id = await gdap.active();
      await gdap.call('POST', `/${id}/requests`, { action: 'terminate' });
      gdap.passes(300);
      await moveClock(364);
      assert.equal(await gdap.status(id), 'terminated');
      await moveClock(1);

      assert.equal(await gdap.status(id), 404);
    });

    it('does not come when nobody answers for 90 days: it is gone, with its link', async () => {
      const id = await gdap.pending();
      await moveClock(89);
      assert.equal(await gdap.status(id), 'approvalPending');
      await moveClock(1);

      assert.equal(await gdap.status(id), 404);
      assert.deepEqual((await gdap.call('GET')).body.value, []);
      assert.equal((await gdap.accept(id)).status, 404);
      assert.equal((await fetch(`${sandbox.url}/AdminPortal/Home?delegatedAdmin=${id}`)).status, 404);
    });

    it('shows in the directory of the customer while it is in force', async () => {
      const world = at.aWorld();
      await sandbox.close();
      sandbox = await at.openSandbox({ world: { ...world, tenants: world.tenants.map((one) => ({ ...one, consented: true })) } });
      gdap = administration(sandbox);
      const { graph } = wireOf(sandbox);
      const seen = async () => ((await graph(at.LITWARE, 'GET', 'policies/crossTenantAccessPolicy/partners', undefined, 'directory')).body.value as Body[]).map((one) => one['tenantId']);

      const id = await gdap.pending({ customer: { tenantId: at.LITWARE } });
      assert.deepEqual(await seen(), []);
      await gdap.accept(id, at.LALE, at.LITWARE);
      gdap.passes(300);
      assert.deepEqual(await seen(), [at.FABRIKAM]);
    });
  });

  describe('an access assignment', () => {
    const assigned = (group: string, ...roles: readonly string[]) => ({ accessContainer: { accessContainerId: group, accessContainerType: 'securityGroup' }, accessDetails: rolesOf(...roles) });
    const groups = async (partner: string = at.FABRIKAM) => (await wireOf(sandbox).graph(partner, 'GET', 'groups?$filter=securityEnabled eq true')).body.value as { id: string; displayName: string }[];
    const [adminAgents, support] = [async () => (await groups())[0]?.id ?? '', async () => (await groups())[3]?.id ?? ''];

    it('is pending, then active', async () => {
      const id = await gdap.active();
      const { status, headers, body } = await gdap.call('POST', `/${id}/accessAssignments`, assigned(await support(), SERVICE_SUPPORT));
      assert.deepEqual([status, body['status'], body['accessContainer'], body['accessDetails']], [201, 'pending', { accessContainerId: await support(), accessContainerType: 'securityGroup' }, rolesOf(SERVICE_SUPPORT)]);
      assert.equal(headers.get('location'), `${sandbox.graphUrl}/v1.0/${RELATIONSHIPS}/${id}/accessAssignments/${body['id']}`);
      const seen = async () => ((await gdap.call('GET', `/${id}/accessAssignments`)).body.value as Body[]).map((one) => one['status']);

      assert.deepEqual(await seen(), ['pending']);
      gdap.passes(300);
      assert.deepEqual(await seen(), ['active']);
      await sandbox.control('POST', `delegated/${id}/terminate`);
      gdap.passes(300);
      assert.deepEqual(await seen(), ['deleted']);
    });

    it('is one for each group', async () => {
      const id = await gdap.active();
      const assign = async (group: string) => (await gdap.call('POST', `/${id}/accessAssignments`, assigned(group, SERVICE_SUPPORT))).status;

      assert.deepEqual([await assign(await support()), await assign(await support()), await assign(await adminAgents())], [201, 409, 201]);
    });

    it('gives no role that was not approved, to no group of a stranger, and to no person', async () => {
      const id = await gdap.active();
      const [strange] = await groups(at.NORTHWIND);
      const person = assigned(await support(), SERVICE_SUPPORT);

      for (const body of [
        assigned(await support(), SERVICE_SUPPORT, GLOBAL_ADMINISTRATOR), assigned(await support()), assigned(strange?.id ?? '', SERVICE_SUPPORT),
        { ...person, accessContainer: { ...person.accessContainer, accessContainerType: 'user' } },
      ]) assert.equal((await gdap.call('POST', `/${id}/accessAssignments`, body)).status, 400);
      assert.deepEqual((await gdap.call('GET', `/${id}/accessAssignments`)).body.value, []);
    });

    it('needs a relationship in force', async () => {
      for (const id of [await gdap.create(), await gdap.pending({ displayName: 'Pending' })]) {
        assert.equal((await gdap.call('POST', `/${id}/accessAssignments`, assigned(await support(), SERVICE_SUPPORT))).status, 409);
      }
    });

    it('chooses among the security groups of the partner', async () => {
      assert.deepEqual((await groups()).map(({ displayName }) => displayName), ['AdminAgents', 'SalesAgents', 'HelpdeskAgents', 'M365 Support', 'Azure Operations']);
      assert.deepEqual((await groups(at.RESELLER)).map(({ displayName }) => displayName), ['AdminAgents', 'HelpdeskAgents', 'M365 Support', 'Azure Operations']);
      const { adminAgents: id } = sandbox.partners.find(({ tenant }) => tenant === at.FABRIKAM)!.groups;
      assert.equal(await adminAgents(), id);
      assert.equal((await wireOf(sandbox).graph(at.FABRIKAM, 'GET', 'groups?$filter=mailEnabled eq true')).status, 400);
      assert.deepEqual((await wireOf(sandbox).graph(at.CONTOSO, 'GET', 'groups', undefined, 'directory')).body.value, []);
    });

    it('reaches the members of the group', async () => {
      const { graph } = wireOf(sandbox);
      const members = async (group: string) => (await graph(at.FABRIKAM, 'GET', `groups/${group}/members`)).body.value as Body[];

      assert.deepEqual(await members(await adminAgents()), [{
        '@odata.type': '#microsoft.graph.user', id: at.MURAT, displayName: 'Murat Demir', mail: null, userPrincipalName: null, userType: 'Member', accountEnabled: true, preferredLanguage: 'en-US',
      }]);
      assert.deepEqual(await members(await support()), []);
      assert.equal((await graph(at.NORTHWIND, 'GET', `groups/${await adminAgents()}/members`)).status, 404);
    });
  });

  describe('the control', () => {
    it('sets how long Microsoft takes, until the reset', async () => {
      assert.deepEqual(await sandbox.control('POST', 'delays', { lockMs: 0, terminateMs: 5000 }), { status: 200, body: { lockMs: 0, activateMs: 300, terminateMs: 5000, assignMs: 300 } });
      const id = await gdap.create();
      await gdap.call('POST', `/${id}/requests`, { action: 'lockForApproval' });
      assert.equal(await gdap.status(id), 'approvalPending');

      for (const wrong of [{ lockMs: -1 }, { lockMs: '5' }, { waitMs: 5 }]) assert.equal((await sandbox.control('POST', 'delays', wrong)).status, 400);
      await sandbox.control('POST', 'reset', {});
      assert.deepEqual((await sandbox.control('GET', 'delays')).body, { lockMs: 300, activateMs: 300, terminateMs: 300, assignMs: 300 });
      assert.equal(await gdap.status(id), 404);
    });

    it('does not change what was asked for before', async () => {
      const id = await gdap.create();
      await gdap.call('POST', `/${id}/requests`, { action: 'lockForApproval' });
      await sandbox.control('POST', 'delays', { lockMs: 60_000 });
      gdap.passes(300);

      assert.equal(await gdap.status(id), 'approvalPending');
    });

    it('ends what is in force as the customer would', async () => {
      const id = await gdap.active();
      assert.equal((await sandbox.control('POST', `delegated/${id}/terminate`)).status, 204);
      assert.equal(await gdap.status(id), 'terminationRequested');
      assert.equal((await sandbox.control('POST', `delegated/${id}/terminate`)).status, 409);
      assert.equal((await sandbox.control('POST', `delegated/${at.NOBODY}/terminate`)).status, 404);
      gdap.passes(300);

      assert.equal(await gdap.status(id), 'terminated');
      assert.equal((await gdap.call('GET', `/${id}/requests`)).body.value.length, 1);
    });

    it('prints what is in force, and the world is one again', async () => {
      const grants = async () => readWorld((await sandbox.control('GET', 'world')).body).grants.filter(({ kind, partner }) => kind === 'gdap' && partner === at.FABRIKAM);
      const id = await gdap.pending();
      assert.deepEqual(await grants(), []);
      await gdap.accept(id);
      gdap.passes(300);
      assert.deepEqual(await grants(), [{
        kind: 'gdap', partner: at.FABRIKAM, customer: at.CONTOSO, since: '2026-11-22T12:00:00.600Z', until: '2027-02-20T12:00:00.600Z', roles: [USER_ADMINISTRATOR, SERVICE_SUPPORT], name: 'Fabrikam for Contoso', autoExtend: false,
      }]);
      await sandbox.control('POST', `delegated/${id}/terminate`);
      assert.deepEqual(await grants(), []);
    });
  });

  describe('its file', () => {
    let folder: string;
    before(() => { folder = mkdtempSync(join(tmpdir(), 'sandbox-')); });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it('keeps every step, and the steps go on while nobody looks', async () => {
      const file = join(folder, 'sandbox.sqlite');
      const first = await at.openSandbox({ file });
      const before = administration(first);
      const [locked, approved, ended] = [await before.create({ displayName: 'Locked' }), await before.pending({ displayName: 'Approved' }), await before.active({ displayName: 'Ended' })];
      await first.control('POST', 'delays', { assignMs: 7 });
      await before.call('POST', `/${locked}/requests`, { action: 'lockForApproval' });
      await before.accept(approved);
      await before.call('POST', `/${ended}/requests`, { action: 'terminate' });
      const seen = (one: ReturnType<typeof administration>) => Promise.all([locked, approved, ended].map((id) => one.status(id)));
      assert.deepEqual(await seen(before), ['created', 'approved', 'terminationRequested']);
      await first.close();

      const second = await at.openSandbox({ file, machine: first.machine });
      const after = administration(second);
      assert.deepEqual(await seen(after), ['created', 'approved', 'terminationRequested']);
      first.machine.passes(1);
      assert.deepEqual(await seen(after), ['approvalPending', 'active', 'terminated']);
      assert.equal(((await second.control('GET', 'delays')).body as { assignMs: number }).assignMs, 7);
      await second.close();
    });

    it('may be an older one, with delegated administration among the grants', async () => {
      const file = join(folder, 'older.sqlite');
      const first = await at.openSandbox({ file });
      await first.close();
      const gdapGrant = readWorld(at.aWorld()).grants.find(({ kind }) => kind === 'gdap');
      const db = new Database(file);
      db.exec("DELETE FROM thing WHERE kind = 'relationship'");
      db.prepare('INSERT INTO thing (kind, id, body) VALUES (?, ?, ?)').run('grant', 'gdap', JSON.stringify(gdapGrant));
      db.close();

      for (let start = 0; start < 2; start += 1) {
        const later = await at.openSandbox({ file, machine: first.machine });
        assert.deepEqual((await later.control('GET', 'world')).body, readWorld(at.aWorld()));
        assert.equal((await administration(later, at.NORTHWIND).call('GET')).body.value.length, 1);
        await later.close();
      }
    });
  });
});
