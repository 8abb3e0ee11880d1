import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as at from './a-sandbox.js';
import { wireOf } from './a-wire.js';

const guid = (group: number, number: number): string => `${String(group).padStart(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** 200 partners with 100 customers each, every customer with delegated administration as well. */
const aLargeWorld = () => {
  const partners = Array.from({ length: 200 }, (_, at) => guid(1, at));
  const customers = Array.from({ length: 20_000 }, (_, at) => guid(2, at));
  const owner = (number: number): string => partners[number % 200] ?? '';
  return {
    now: at.NOON,
    tenants: [
      ...partners.map((id, number) => ({ id, name: `Partner ${number}`, domains: [`partner${number}.com`], country: 'TR', csp: { type: 'directBill' } })),
      ...customers.map((id, number) => ({ id, name: `Customer ${number}`, domains: [`customer${number}.com`], country: 'TR', people: [{ id: guid(3, number), name: 'Admin', roles: ['globalAdmin'] }] })),
    ],
    grants: customers.flatMap((customer, number) => [
      { kind: 'reseller', partner: owner(number), customer, since: '2024-01-01T00:00:00Z' },
      { kind: 'gdap', partner: owner(number), customer, since: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z', roles: ['fe930be7-5e62-47db-91af-98c3a49a38b1'], name: 'Support' },
    ]),
    subscriptions: customers.map((customer, number) => ({ id: guid(4, number), customer, soldBy: owner(number), offer: 'Office 365 E3' })),
  };
};

describe('a large world', function () {
  this.timeout(60_000);
  let sandbox: at.OpenSandbox;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    sandbox = await at.openSandbox({ world: aLargeWorld(), file: join(folder, 'sandbox.sqlite') });
  });
  after(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers each partner as quickly as a small one', async () => {
    const { partnerCenter, graph } = wireOf(sandbox);
    const partner = guid(1, 7);
    const began = performance.now();
    for (let turn = 0; turn < 20; turn += 1) {
      assert.equal((await partnerCenter(partner, 'GET', 'customers?size=500')).body.items.length, 100);
      assert.equal((await partnerCenter(partner, 'GET', `customers/${guid(2, 7)}/subscriptions`)).body.items.length, 1);
      assert.equal((await graph(partner, 'GET', 'tenantRelationships/delegatedAdminRelationships?$top=300')).body.value.length, 100);
      assert.equal((await graph(guid(2, 7), 'GET', 'policies/crossTenantAccessPolicy/partners', undefined, 'directory')).body.value.length, 1);
    }

    const each = (performance.now() - began) / 80;
    assert(each < 40, `${each} ms`);
  });

  it('tells at once when everything runs out on one day', async () => {
    const began = performance.now();
    await sandbox.control('POST', 'clock', { now: '2027-01-02T00:00:00Z' });
    const ms = performance.now() - began;
    const { body } = await wireOf(sandbox).partnerCenter(guid(1, 7), 'GET', 'auditrecords?startDate=2026-12-31');

    assert.equal(body.items.length, 100);
    assert(ms < 10_000, `${ms} ms`);
  });

  it('looks at the clock without effort', async () => {
    sandbox.machine.passes(3600);
    await sandbox.control('GET', 'clock');
    const began = performance.now();
    for (let turn = 0; turn < 50; turn += 1) await sandbox.control('GET', 'clock');

    const each = (performance.now() - began) / 50;
    assert(each < 20, `${each} ms`);
  });
});
