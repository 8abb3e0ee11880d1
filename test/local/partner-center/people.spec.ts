import assert from 'node:assert/strict';
import Database from 'libsql';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as at from './a-sandbox.js';
import { wireOf } from './a-wire.js';

type Body = Readonly<Record<string, unknown>>;
const GLOBAL = '62e90394-69f5-4237-9190-012177145e10';
const BILLING = 'b0f54661-2d74-4c50-afa3-1ec803f12efe';

describe('the people of the sandbox', () => {
  let sandbox: at.OpenSandbox;
  beforeEach(async () => { sandbox = await at.openSandbox(); });
  afterEach(() => sandbox.close());

  const change = (person: string, body: object) => sandbox.control('PATCH', `people/${person}`, body);
  const read = async (path: string, tenant: string = at.CONTOSO) => (await wireOf(sandbox).graph(tenant, 'GET', path, undefined, 'directory')).body;
  const listed = async (path: string, tenant?: string) => (await read(path, tenant)).value as Body[];
  const memberships = async (person: string) => (await listed(`users/${person}/transitiveMemberOf`)).map((one) => [one['@odata.type'], one['roleTemplateId'] ?? one['displayName']]);
  const scheduled = async (which: 'Assignment' | 'Eligibility', person: string) =>
    listed(`roleManagement/directory/role${which}ScheduleInstances?$filter=${encodeURIComponent(`principalId eq '${person}'`)}`);
  const gist = (items: readonly Body[]) => items.map((one) => [one['roleDefinitionId'], one['assignmentType'], one['memberType'], one['startDateTime'], one['endDateTime']]);
  const accepts = async (person: string) => (await sandbox.control('POST', 'accept', { partner: at.FABRIKAM, customer: at.CONTOSO, person })).status;

  it('may be eligible for a role, which counts for nothing yet', async () => {
    assert.equal((await change(at.CAN, { eligible: ['globalAdmin'] })).status, 200);

    assert.deepEqual(await memberships(at.CAN), []);
    assert.deepEqual(await scheduled('Assignment', at.CAN), []);
    assert.deepEqual(gist(await scheduled('Eligibility', at.CAN)), [[GLOBAL, undefined, 'Direct', null, null]]);
    assert.equal(await accepts(at.CAN), 409);
  });

  it('may have switched it on, for a while', async () => {
    await change(at.CAN, { activated: ['globalAdmin'] });

    assert.deepEqual(await memberships(at.CAN), [['#microsoft.graph.directoryRole', GLOBAL]]);
    assert.deepEqual(gist(await scheduled('Assignment', at.CAN)), [[GLOBAL, 'Activated', 'Direct', '2026-11-22T11:00:00.000Z', '2026-11-22T19:00:00.000Z']]);
    assert.equal((await scheduled('Eligibility', at.CAN)).length, 1);
    assert.equal(await accepts(at.CAN), 200);
  });

  it('may hold it through a group', async () => {
    await change(at.CAN, { viaGroup: ['globalAdmin'] });

    assert.deepEqual(await memberships(at.CAN), [['#microsoft.graph.directoryRole', GLOBAL], ['#microsoft.graph.group', 'Holders of globalAdmin']]);
    assert.deepEqual(gist(await scheduled('Assignment', at.CAN)), [[GLOBAL, 'Assigned', 'Group', null, null]]);
    assert.deepEqual((await listed(`directoryRoles(roleTemplateId='${GLOBAL}')/members`)).map((one) => one['@odata.type']).at(-1), '#microsoft.graph.group');
    assert.equal(await accepts(at.CAN), 200);
  });

  it('hold what they hold for good', async () => {
    assert.deepEqual(gist(await scheduled('Assignment', at.BILL)), [[BILLING, 'Assigned', 'Direct', null, null]]);
    assert.deepEqual(await scheduled('Eligibility', at.BILL), []);
    assert.equal((await listed('roleManagement/directory/roleAssignmentScheduleInstances')).length, 3);
    assert.equal((await read("roleManagement/directory/roleAssignmentScheduleInstances?$filter=status eq 'x'")).error.code, 'BadRequest');
  });

  it('may be agents through a group inside the group', async () => {
    await change(at.OYA, { viaGroup: ['adminAgent'] });
    const { adminAgents } = sandbox.partners.find(({ tenant }) => tenant === at.FABRIKAM)!.groups;

    const groups = (await listed(`users/${at.OYA}/transitiveMemberOf`, at.FABRIKAM)).map((one) => one['id']);
    assert(groups.includes(adminAgents) && groups.length === 2);
    assert.deepEqual(gist(await listed(`roleManagement/directory/roleAssignmentScheduleInstances?$filter=principalId eq '${at.OYA}'`, at.FABRIKAM)), []);
  });

  it('may be blocked', async () => {
    await change(at.AYSE, { enabled: false });

    assert.equal((await read(`users/${at.AYSE}`))['accountEnabled'], false);
    assert.equal(await accepts(at.AYSE), 409);
  });

  it('do not take what does not fit', async () => {
    assert.deepEqual(await change(at.CAN, { eligible: ['salesAgent'] }), { status: 400, body: { error: 'eligible: "salesAgent" does not fit a customer; use one of globalAdmin, billingAdmin, user for the people of Contoso & <Sons>.' } });
    assert.equal((await change(at.CAN, { enabled: 'no' })).status, 400);
  });

  it('are read only where the tenant consented', async () => {
    assert.deepEqual(await sandbox.control('PATCH', `tenants/${at.CONTOSO}`, { consented: false }), { status: 200, body: { id: at.CONTOSO, consented: false } });
    assert.equal(((await read(`users/${at.AYSE}`)) as Body)['id'], undefined);

    await sandbox.control('PATCH', `tenants/${at.CONTOSO}`, { consented: true });
    assert.equal((await read(`users/${at.AYSE}`))['id'], at.AYSE);
    assert.equal((await sandbox.control('PATCH', `tenants/${at.NOBODY}`, { consented: true })).status, 404);
  });

  it('may come from a file that knew less of them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const file = join(folder, 'sandbox.sqlite');
    await (await at.openSandbox({ file })).close();
    const db = new Database(file);
    db.exec("UPDATE thing SET body = replace(replace(body, ',\"eligible\":[],\"activated\":[],\"viaGroup\":[]', ''), ',\"enabled\":true', '') WHERE kind = 'tenant'");
    assert(!(db.prepare("SELECT body FROM thing WHERE kind = 'tenant' LIMIT 1").get() as { body: string }).body.includes('eligible'));
    db.close();

    const [empty] = [sandbox];
    sandbox = await at.openSandbox({ file });
    assert.deepEqual(gist(await scheduled('Assignment', at.AYSE)), [[GLOBAL, 'Assigned', 'Direct', null, null]]);
    await empty.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
