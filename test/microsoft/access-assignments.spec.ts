import assert from 'node:assert/strict';
import { entraRoles } from '../../src/domain/delegated-admin.js';
import { AYSE, ELIF, FABRIKAM, MURAT, NORTHWIND } from '../local/partner-center/a-sandbox.js';
import { anAccount, refusedWith, ScriptedMicrosoft, unavailable, type Line } from './a-client.js';

const relationship = '11111111-1111-4111-8111-111111111111-22222222-2222-4222-8222-222222222222';
const assignments = `/tenantRelationships/delegatedAdminRelationships/${relationship}/accessAssignments`;
const group = 'aaaaaaaa-2222-4000-8000-00000000000a';
const roles = [entraRoles.directoryReaders, entraRoles.licenseAdministrator];
const wire = (more: object = {}) => ({
  '@odata.etag': 'W/"1"', id: 'a1', status: 'active', createdDateTime: '2026-11-22T12:00:00Z',
  accessContainer: { accessContainerId: group.toUpperCase(), accessContainerType: 'securityGroup' }, accessDetails: { unifiedRoles: roles.map((role) => ({ roleDefinitionId: role.toUpperCase() })) }, ...more,
});
const error = (status: number, code = 'Conflict'): Line => ({ status, body: { error: { code } } });

describe("access of the partner's own groups over the wire", () => {
  const microsoft = new ScriptedMicrosoft();
  before(() => microsoft.open());
  after(() => microsoft.close());

  describe('giving roles to a group', () => {
    const assign = (answer: Line, ...existing: readonly object[]) => {
      microsoft.saysTo({ [`POST ${assignments}`]: answer, [`GET ${assignments}`]: { body: { value: existing } } });
      return microsoft.client().authority.assignAccess(FABRIKAM, { relationship, group, roles });
    };

    it('asks Microsoft for exactly these roles', async () => {
      assert.equal(await assign({ status: 201, body: wire({ status: 'pending' }) }), 'asked');
      assert.deepEqual(microsoft.written, [{
        method: 'POST', url: `/graph/v1.0${assignments}`,
        body: { accessContainer: { accessContainerId: group, accessContainerType: 'securityGroup' }, accessDetails: { unifiedRoles: roles.map((roleDefinitionId) => ({ roleDefinitionId })) } },
      }]);
    });

    for (const status of ['pending', 'active']) {
      it(`is done when the same assignment is ${status}, in whatever order its roles come`, async () => {
        assert.equal(await assign(error(409), wire({ status, accessDetails: { unifiedRoles: [...roles, roles[0]].reverse().map((roleDefinitionId) => ({ roleDefinitionId })) } })), 'asked');
      });
    }

    for (const [what, other] of [
      ['fewer roles', { accessDetails: { unifiedRoles: [{ roleDefinitionId: roles[0] }] } }], ['more roles', { accessDetails: { unifiedRoles: [...roles, entraRoles.globalReader].map((roleDefinitionId) => ({ roleDefinitionId })) } }],
      ['the same on its way out', { status: 'deleting' }], ['the same that failed', { status: 'error' }], ['a state nobody knows', { status: 'unknownFutureValue' }],
      ['another group', { accessContainer: { accessContainerId: ELIF, accessContainerType: 'securityGroup' } }],
    ] as const) {
      it(`is refused when there is another one: ${what}`, async () => {
        assert.deepEqual(refusedWith(await assign(error(409), wire(other))), ['ASSIGNMENT_EXISTS', 'Conflict']);
      });
    }

    for (const [status, code] of [[400, 'ROLE_NOT_IN_GRANT'], [403, 'ROLE_NOT_ALLOWED'], [404, 'GDAP_WRONG_STATE'], [422, 'AUTHORITY_REFUSED']] as const) {
      it(`is refused as ${code} with status ${status}`, async () => {
        assert.deepEqual(refusedWith(await assign(error(status, 'Odd'))), [code, 'Odd']);
      });
    }

    it('is unknown after an outage, and sent once', async () => {
      for (const line of [{ status: 500 }, { status: 502, body: '<html>' }, { cut: true }, { hang: true }] as const) {
        await assert.rejects(assign(line), unavailable({ operation: 'assignAccess' }));
        assert.equal(microsoft.written.length, 1);
      }
      await assert.rejects(assign({ status: 429, headers: { 'retry-after': '4' } }), unavailable({ retryAfterSeconds: 4 }));
    });
  });

  describe('assignments', () => {
    const list = (...lines: readonly Line[]) => {
      microsoft.says(...lines);
      return microsoft.client().authority.listAssignments(FABRIKAM, relationship);
    };

    it('are listed with group, roles and where they stand', async () => {
      assert.deepEqual(await list({ body: { value: [wire(), wire({ id: 'a2', status: 'odd', accessDetails: null, unknown: 1 })] } }), [{ id: 'a1', group, roles, status: 'active' }, { id: 'a2', group, roles: [], status: 'unknown' }]);
    });

    it('go over three pages', async () => {
      const next = (token: number) => ({ '@odata.nextLink': `${microsoft.url}/graph/v1.0${assignments}?$skiptoken=${token}` });

      assert.deepEqual((await list({ body: { value: [wire()], ...next(1) } }, { body: { value: [wire({ id: 'a2' })], ...next(2) } }, { body: { value: [wire({ id: 'a3' })] } })).map(({ id }) => id), ['a1', 'a2', 'a3']);
    });

    it('are none of what no longer exists', async () => {
      assert.deepEqual(await list(error(404)), []);
    });
  });

  it('the security groups of the partner are listed by name, over three pages', async () => {
    const next = (token: number) => ({ '@odata.nextLink': `${microsoft.url}/graph/v1.0/groups?$skiptoken=${token}` });
    microsoft.says({ body: { value: [{ id: group.toUpperCase(), displayName: 'Support', mailEnabled: false }], ...next(1) } }, { body: { value: [], ...next(2) } }, { body: { value: [{ id: ELIF, displayName: null }] } });

    assert.deepEqual(await microsoft.client().authority.listSecurityGroups(FABRIKAM), [{ id: group, name: 'Support' }, { id: ELIF, name: '' }]);
    assert.equal(new URL(microsoft.asked[0]!.url, 'http://x').searchParams.get('$filter'), 'securityEnabled eq true');
  });

  describe('the Admin agents of a partner', () => {
    const agents = (...lines: readonly Line[]) => {
      microsoft.says(...lines);
      return microsoft.client().directory.adminAgents(FABRIKAM);
    };

    it('are the members of that group who can sign in, guests, groups and apps left out', async () => {
      const user = { '@odata.type': '#microsoft.graph.user', id: MURAT, displayName: 'Murat Demir', mail: 'murat@fabrikam.com', userType: 'Member', accountEnabled: true };

      assert.deepEqual(
        await agents({ body: { value: [user, { ...user, id: ELIF, accountEnabled: false }, { ...user, id: AYSE, userType: 'Guest' }, { '@odata.type': '#microsoft.graph.group', id: group }] } }),
        [{ id: MURAT, tenant: FABRIKAM, name: 'Murat Demir', mail: 'murat@fabrikam.com', roles: ['adminAgent'], isGuest: false }],
      );
      assert(microsoft.asked[0]?.url.startsWith(`/graph/v1.0/groups/${anAccount().groups.adminAgents}/members?`));
    });

    it('are nobody for a tenant that is no partner here', async () => {
      assert.deepEqual(await microsoft.client().directory.adminAgents(NORTHWIND), []);
      assert.equal(microsoft.heard.length, 0);
    });

    it('are not nobody in an outage', async () => {
      await assert.rejects(agents({ status: 503 }), unavailable({ operation: 'groupMembers' }));
      await assert.rejects(agents(error(403, 'Authorization_RequestDenied')), unavailable({ operation: 'groupMembers' }));
    });
  });
});
