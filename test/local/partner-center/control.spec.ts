import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mayControl } from '../../../src/local/partner-center/control.js';
import { readWorld } from '../../../src/local/partner-center/read-world.js';
import { clientOf } from '../../microsoft/a-client.js';
import * as at from './a-sandbox.js';

describe('the sandbox', () => {
  let sandbox: at.OpenSandbox;
  beforeEach(async () => { sandbox = await at.openSandbox(); });
  afterEach(() => sandbox.close());
  const world = async (): Promise<ReturnType<typeof readWorld>> => (await sandbox.control('GET', 'world')).body;

  describe('its clock', () => {
    it("starts at the world's now and runs on with the machine", async () => {
      assert.equal(sandbox.now().toISOString(), at.NOON);
      sandbox.machine.passes(90);

      assert.equal(sandbox.now().toISOString(), '2026-11-22T12:01:30.000Z');
      assert.deepEqual(await sandbox.control('GET', 'clock'), { status: 200, body: { now: '2026-11-22T12:01:30.000Z' } });
    });

    it('can be set and moved, and runs on from there', async () => {
      await sandbox.control('POST', 'clock', { now: '2027-01-01T00:00:00Z' });
      const { body } = await sandbox.control('POST', 'clock', { advanceSeconds: 90 * 86_400 });
      sandbox.machine.passes(1);

      assert.deepEqual(body, { now: '2027-04-01T00:00:00.000Z' });
      assert.equal(sandbox.now().toISOString(), '2027-04-01T00:00:01.000Z');
    });

    for (const wish of [{ now: 'tomorrow' }, { seconds: 1 }, {}, { now: at.NOON, advanceSeconds: 1 }]) {
      it(`is not moved by ${JSON.stringify(wish)}`, async () => {
        assert.equal((await sandbox.control('POST', 'clock', wish)).status, 400);
        assert.equal(sandbox.now().toISOString(), at.NOON);
      });
    }
  });

  describe('its world', () => {
    it('can be taken out and is a world again', async () => {
      assert.deepEqual(await world(), readWorld(at.aWorld()));
    });

    it('takes, changes and drops subscriptions', async () => {
      const added = { id: at.NOBODY, customer: at.CONTOSO, soldBy: 'microsoft', offer: 'Power BI Pro' };
      assert.equal((await sandbox.control('POST', 'subscriptions', added)).status, 201);
      assert.equal((await sandbox.control('POST', 'subscriptions', added)).status, 409);
      assert.equal((await sandbox.control('PATCH', `subscriptions/${at.NOBODY}`, { quantity: 7 })).status, 200);
      assert.deepEqual((await world()).subscriptions.at(-1), {
        ...added, family: 'office365', commerce: 'newCommerce', quantity: 7, status: 'active', termEnds: null, autoRenew: true,
      });

      assert.equal((await sandbox.control('DELETE', `subscriptions/${at.NOBODY}`)).status, 204);
      assert.equal((await sandbox.control('DELETE', `subscriptions/${at.NOBODY}`)).status, 404);
      assert.deepEqual(await world(), readWorld(at.aWorld()));
    });

    for (const [what, change, sentence] of [
      ['a seller that is none', { soldBy: at.CONTOSO }, 'soldBy: Contoso & <Sons> is no partner (its csp is null).'],
      ['less than nothing', { quantity: -1 }, 'quantity: Too small: expected number to be >=0.'],
      ['a field nobody knows', { price: 1 }, 'The world: there is no field price here.'],
    ] as const) {
      it(`does not take ${what}, and says why`, async () => {
        assert.deepEqual(await sandbox.control('PATCH', `subscriptions/${at.E3}`, change), { status: 400, body: { error: sentence } });
        assert.deepEqual(await world(), readWorld(at.aWorld()));
      });
    }

    it('gives people other roles of their side', async () => {
      assert.equal((await sandbox.control('PATCH', `people/${at.CAN}`, { roles: ['globalAdmin'] })).status, 200);
      assert.equal((await sandbox.control('PATCH', `people/${at.NOBODY}`, { roles: [] })).status, 404);
      const misfit = await sandbox.control('PATCH', `people/${at.CAN}`, { roles: ['salesAgent'] });

      assert.deepEqual(misfit, { status: 400, body: { error: 'roles: "salesAgent" does not fit a customer; use one of globalAdmin, billingAdmin, user for the people of Contoso & <Sons>.' } });
      assert.deepEqual(sandbox.tenants().find(({ id }) => id === at.CONTOSO)?.people[1]?.roles, ['globalAdmin']);
    });

    it('accepts nothing for a person of another tenant', async () => {
      assert.equal((await sandbox.control('POST', 'accept', { partner: at.FABRIKAM, customer: at.LITWARE, person: at.AYSE })).status, 404);
    });

    it('goes back to its first day', async () => {
      await sandbox.control('POST', 'accept', { partner: at.FABRIKAM, customer: at.CONTOSO, person: at.AYSE });
      await sandbox.control('PATCH', `people/${at.AYSE}`, { roles: [] });
      await sandbox.control('DELETE', `subscriptions/${at.E3}`);
      await sandbox.control('POST', 'clock', { advanceSeconds: 1e6 });
      const { body } = await sandbox.control('POST', 'reset', {});

      assert.deepEqual(body, { now: at.NOON });
      assert.deepEqual(await world(), readWorld(at.aWorld()));
    });
  });

  describe('its file', () => {
    let folder: string;
    before(() => { folder = mkdtempSync(join(tmpdir(), 'sandbox-')); });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it('keeps the world as it went on, and the clock runs on while nobody looks', async () => {
      const file = join(folder, 'deeper', 'sandbox.sqlite');
      const first = await at.openSandbox({ file });
      await first.control('POST', 'accept', { partner: at.FABRIKAM, customer: at.CONTOSO, person: at.AYSE });
      await first.control('PATCH', `people/${at.CAN}`, { roles: ['billingAdmin'] });
      await first.control('DELETE', `subscriptions/${at.COPILOT}`);
      await first.control('POST', 'clock', { now: '2027-01-01T00:00:00Z' });
      const before = (await first.control('GET', 'world')).body as object;
      await first.close();

      first.machine.passes(3600);
      const second = await at.openSandbox({ file, machine: first.machine, world: { now: '2030-01-01T00:00:00Z', tenants: [] } });
      const after = (await second.control('GET', 'world')).body as object;
      await second.close();

      assert.deepEqual(after, { ...before, now: '2027-01-01T01:00:00.000Z' });
    });

    it('is read again only on reset, and with the world of this start', async () => {
      const file = join(folder, 'other.sqlite');
      await (await at.openSandbox({ file })).close();
      const second = await at.openSandbox({ file, world: { now: '2030-01-01T00:00:00Z', tenants: [] } });
      assert.equal(second.tenants().length, at.aWorld().tenants.length);

      await second.control('POST', 'reset', {});
      assert.equal(second.tenants().length, 0);
      await second.close();
    });

    it('is not made for a world with a mistake', async () => {
      await assert.rejects(at.openSandbox({ world: { now: 'now', tenants: [] } }), { name: 'WorldError' });
    });
  });

  describe('its faults', () => {
    const observe = () => clientOf(sandbox, sandbox.machine.now, { tryMs: 150, wholeMs: 900 }).authority.observe(at.NORTHWIND, at.CONTOSO);

    it('come as often as they were ordered, where they were ordered', async () => {
      await sandbox.control('POST', 'faults', { method: 'GET', path: `/v1/customers/${at.CONTOSO}`, status: 503, body: '<html>', times: 2 });

      assert.equal(await observe(), 'yes');
      const { calls } = (await sandbox.control('GET', 'calls')).body as { calls: { method: string; path: string }[] };
      assert.deepEqual(calls.map(({ method, path }) => `${method} ${path}`), [`POST /login/${at.NORTHWIND}/oauth2/token`, ...Array<string>(3).fill(`GET /partner-center/v1/customers/${at.CONTOSO}`)]);
    });

    it('may be a cut line, a delay, or a header', async () => {
      await sandbox.control('POST', 'faults', { path: '/v1/customers/', cut: true });
      await sandbox.control('POST', 'faults', { path: '/v1/customers/', delayMs: 400 });
      assert.equal(await observe(), 'yes');

      await sandbox.control('POST', 'faults', { path: '/v1/customers/', status: 429, headers: { 'retry-after': '9' } });
      await assert.rejects(observe(), (error) => (error as { about: { retryAfterSeconds: number } }).about.retryAfterSeconds === 9);
    });

    it('can be called off', async () => {
      await sandbox.control('POST', 'faults', { path: '/', status: 500, times: 1000 });
      await sandbox.control('DELETE', 'faults');

      assert.equal(await observe(), 'yes');
    });

    it('do not reach what orders them', async () => {
      await sandbox.control('POST', 'faults', { status: 500, times: 1000 });

      assert.equal((await sandbox.control('GET', 'clock')).status, 200);
      assert.equal((await sandbox.control('POST', 'faults', { statos: 500 })).status, 400);
    });
  });

  describe('its control', () => {
    const from = (peer: string, headers: Record<string, string>) => mayControl({ peer, headers });

    it('answers this machine under its own names', () => {
      for (const peer of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) assert(from(peer, { host: 'localhost:3979' }));
      for (const host of ['127.0.0.1:3979', '[::1]:3979', 'localhost']) assert(from('127.0.0.1', { host }));
      assert(from('127.0.0.1', { host: 'localhost:3979', origin: 'http://localhost:3978' }));
    });

    it('answers nobody else, no other name, and no page of a stranger', () => {
      assert(!from('192.168.1.7', { host: 'localhost:3979' }));
      assert(!from('::ffff:192.168.1.7', { host: 'localhost:3979' }));
      for (const host of ['rebound.example:3979', 'localhost.example', '127.0.0.1.example', '']) assert(!from('127.0.0.1', { host }));
      for (const origin of ['https://example.com', 'null', 'http://localhost.example']) assert(!from('127.0.0.1', { host: 'localhost:3979', origin }));
      assert(!from('127.0.0.1', {}));
    });

    it('is refused over HTTP as well', async () => {
      const status = await new Promise<number | undefined>((resolve) => {
        request(`${sandbox.url}/sandbox/world`, { headers: { host: 'rebound.example' } }, (answer) => resolve(answer.resume().statusCode)).end();
      });

      assert.equal(status, 403);
      assert.equal((await sandbox.control('POST', 'reset', {}, { origin: 'https://example.com' })).status, 403);
    });
  });
});
