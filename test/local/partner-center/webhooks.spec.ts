import assert from 'node:assert/strict';
import { verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openListener, type HeardEvent, type Listener } from './a-listener.js';
import { administration, SERVICE_SUPPORT, rolesOf } from './a-relationship.js';
import * as at from './a-sandbox.js';
import { wireOf, type Said } from './a-wire.js';

const ALL = [
  'reseller-relationship-accepted-by-customer', 'indirect-reseller-relationship-accepted-by-customer', 'granular-admin-relationship-approved', 'granular-admin-relationship-activated',
  'granular-admin-relationship-terminated', 'granular-admin-relationship-expired', 'granular-admin-access-assignment-created', 'granular-admin-access-assignment-activated',
  'dap-admin-relationship-terminated', 'subscription-updated',
];

describe("the sandbox's events", () => {
  let sandbox: at.OpenSandbox;
  let listener: Listener;
  beforeEach(async () => {
    sandbox = await at.openSandbox();
    listener = await openListener();
  });
  afterEach(async () => {
    listener.close();
    await sandbox.close();
  });

  const call = (method: string, path: string, body?: unknown, partner: string = at.FABRIKAM): Promise<Said> => wireOf(sandbox).webhooks(partner, method, path, body, 'app');
  const register = (change: object = {}, method = 'POST', partner: string = at.FABRIKAM) => call(method, 'registration', { WebhookUrl: listener.url, WebhookEvents: ALL, ...change }, partner);
  const accept = (partner: string = at.FABRIKAM) => sandbox.control('POST', 'accept', { partner, customer: at.CONTOSO, person: at.AYSE });
  const switches = (body: object) => sandbox.control('POST', 'webhooks', body);
  const event = (change: object = {}) => sandbox.control('POST', 'events', { partner: at.FABRIKAM, EventName: 'dap-admin-relationship-terminated', ...change });
  type Delivered = { state: string; isDuplicate: boolean; tries: { status?: number; problem?: string }[] };
  const deliveries = async (): Promise<Delivered[]> => (await sandbox.control('GET', 'deliveries')).body['deliveries'];
  const delivered = async (isSo: (one: Delivered) => boolean): Promise<Delivered[]> => {
    for (let left = 200; left > 0 && !(await deliveries()).every(isSo); left -= 1) await wait(10);
    return deliveries();
  };
  const isSigned = async ({ headers, raw }: HeardEvent, header = 'authorization', hash = 'sha256'): Promise<boolean> => {
    const leaf = new X509Certificate(Buffer.from(await (await fetch(String(headers['x-ms-certificate-url']))).arrayBuffer()));
    const [, signature = ''] = /^Signature (\S+)$/.exec(String(headers[header])) ?? [];
    return verify(hash, raw, leaf.publicKey, Buffer.from(signature, 'base64'));
  };

  describe('a registration', () => {
    it('is one for each partner, changed by a PUT', async () => {
      assert.deepEqual([(await call('GET', 'registration')).status, (await register({}, 'PUT')).status], [404, 404]);
      const { status, body } = await register();
      const subscriber = String(body['SubscriberId']);
      assert.deepEqual([status, body], [200, { SubscriberId: subscriber, WebhookUrl: listener.url, WebhookEvents: ALL, SignatureTokenToMsSignatureHeader: false }]);
      assert.match(subscriber, /^[0-9a-f-]{36}$/);

      assert.equal((await register()).status, 409);
      assert.equal((await register({ WebhookEvents: ['subscription-updated'], SignatureTokenToMsSignatureHeader: true }, 'PUT')).status, 200);
      assert.deepEqual((await call('GET', 'registration')).body, { SubscriberId: subscriber, WebhookUrl: listener.url, WebhookEvents: ['subscription-updated'], SignatureTokenToMsSignatureHeader: true });
      assert.equal((await call('GET', 'registration', undefined, at.NORTHWIND)).status, 404);
      assert.equal((await fetch(`${sandbox.partnerCenterUrl}/webhooks/v1/registration`)).status, 401);
    });

    it('chooses among the events that there are', async () => {
      const offered = (await call('GET', 'registration/events')).body as unknown as string[];

      assert(Array.isArray(offered) && ALL.every((name) => offered.includes(name)) && offered.includes('test-created'));
      assert.equal((await register({ WebhookEvents: ['customer-declined'] })).status, 400);
    });

    for (const url of ['http://example.com/events', 'ftp://127.0.0.1/', 'events', undefined]) {
      it(`is not for ${url}`, async () => {
        assert.equal((await register({ WebhookUrl: url })).status, 400);
      });
    }

    it('may be on another machine when the line is encrypted, and is written in any letter case', async () => {
      assert.equal((await call('POST', 'registration', { webhookUrl: 'https://bot.example/events', webhookEvents: ALL })).status, 200);
    });
  });

  describe('on the wire', () => {
    it('tell five things, under a signature that the root vouches for', async () => {
      await register();
      await accept();
      const [heard] = await listener.hears(1);
      assert(heard);

      const { AuditUri, ...rest } = heard.body;
      assert.deepEqual(rest, {
        EventName: 'reseller-relationship-accepted-by-customer', ResourceUri: `${sandbox.partnerCenterUrl}/v1/customers/${at.CONTOSO}`, ResourceName: 'customer',
        ResourceChangeUtcDate: '2026-11-22T12:00:00.0000000+00:00',
      });
      assert(AuditUri?.includes(`/${at.FABRIKAM}_${at.CONTOSO}_extend_relationship_`));
      assert.equal(heard.headers['x-ms-signature-algorithm'], 'rsa-sha256');
      assert(await isSigned(heard));
    });

    it('come under a certificate of Microsoft Corporation, as far as this root goes', async () => {
      const read = async (path: string) => Buffer.from(await (await fetch(`${sandbox.url}/cert/${path}`)).arrayBuffer());
      const leaf = new X509Certificate(await read('pcnotifications-dispatch.microsoft.com.cer'));
      const root = new X509Certificate(await read('root.pem'));

      assert.match(leaf.issuer, /O=Microsoft Corporation/);
      assert.match(leaf.subject, /O=Microsoft Corporation/);
      assert.match(root.subject, /CN=Sandbox Root/);
      assert(root.ca && !leaf.ca && leaf.checkIssued(root) && leaf.verify(root.publicKey) && root.verify(root.publicKey));
      assert.equal(leaf.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
      assert.equal(await sandbox.rootCertificate(), root.toString());
    });

    it('may carry the signature in a header of its own', async () => {
      await register({ SignatureTokenToMsSignatureHeader: true });
      await accept();
      const [heard] = await listener.hears(1);

      assert(heard && heard.headers.authorization === undefined && await isSigned(heard, 'x-ms-signature'));
    });

    it('reach only whom they concern, and only what was asked for', async () => {
      await register();
      await register({ WebhookEvents: ['subscription-updated'] }, 'POST', at.PROVIDER);
      await sandbox.control('PATCH', `subscriptions/${at.AZURE}`, { quantity: 2 });
      await accept();
      await listener.hears(2);
      await accept(at.NORTHWIND);
      await wait(30);

      assert.deepEqual(listener.names().sort(), ['reseller-relationship-accepted-by-customer', 'subscription-updated']);
    });
  });

  describe('of delegated administration', () => {
    it('are told as time goes by: approved, activated, assigned, terminated', async () => {
      await register();
      const gdap = administration(sandbox);
      const id = await gdap.pending();
      await gdap.accept(id);
      await listener.hears(1);
      gdap.passes(300);
      await listener.hears(2);
      const { body } = await wireOf(sandbox).graph(at.FABRIKAM, 'GET', 'groups');
      const container = { accessContainerId: body.value[3]?.['id'], accessContainerType: 'securityGroup' };
      const assignment = (await gdap.call('POST', `/${id}/accessAssignments`, { accessContainer: container, accessDetails: rolesOf(SERVICE_SUPPORT) })).body['id'] as unknown as string;
      await listener.hears(3);
      gdap.passes(300);
      await listener.hears(4);
      await sandbox.control('POST', `delegated/${id}/terminate`);
      gdap.passes(300);
      await listener.hears(5);

      const whole = `${sandbox.partnerCenterUrl}/v1/granularAdminRelationships/${id}`;
      assert.deepEqual(listener.heard.map(({ body: { EventName, ResourceUri } }) => [EventName, ResourceUri]), [
        ['granular-admin-relationship-approved', whole], ['granular-admin-relationship-activated', whole],
        ['granular-admin-access-assignment-created', `${whole}/accessAssignments/${assignment}`], ['granular-admin-access-assignment-activated', `${whole}/accessAssignments/${assignment}`],
        ['granular-admin-relationship-terminated', whole],
      ]);
    });

    it('tell once that one has run out, also after a jump of the clock', async () => {
      await register({}, 'POST', at.NORTHWIND);
      for (const days of [100, 10]) await sandbox.control('POST', 'clock', { advanceSeconds: days * 86_400 });
      const [heard] = await listener.hears(1);
      await wait(30);

      assert.deepEqual([listener.names(), heard?.body.ResourceChangeUtcDate], [['granular-admin-relationship-expired'], '2027-03-03T00:00:00.0000000+00:00']);
    });

    it('are not lost while the sandbox is down, and not told twice', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
      const file = join(folder, 'sandbox.sqlite');
      await sandbox.close();
      sandbox = await at.openSandbox({ file });
      await register();
      const root = await sandbox.rootCertificate();
      const gdap = administration(sandbox);
      await gdap.accept(await gdap.pending());
      await listener.hears(1);
      await sandbox.close();

      sandbox.machine.passes(1);
      sandbox = await at.openSandbox({ file, machine: sandbox.machine });
      await listener.hears(2);
      await wait(30);

      assert.deepEqual(listener.names(), ['granular-admin-relationship-approved', 'granular-admin-relationship-activated']);
      assert.equal(await sandbox.rootCertificate(), root);
      await sandbox.control('POST', 'reset', {});
      assert.equal((await call('GET', 'registration')).status, 404);
      rmSync(folder, { recursive: true, force: true });
    });
  });

  describe('a test event', () => {
    it('is sent, and its result can be read', async () => {
      await register();
      const { status, body } = await call('POST', 'registration/validationEvents', {});
      const correlationId = String(body['correlationId']);
      assert.equal(status, 200);
      const [heard] = await listener.hears(1);
      await delivered((one) => one.state === 'delivered');

      assert.equal(heard?.body.ResourceUri, `${sandbox.partnerCenterUrl}/webhooks/v1/registration/validationEvents/${correlationId}`);
      const result = (await call('GET', `registration/validationEvents/${correlationId}`)).body as unknown as { status: string; callbackUrl: string; results: { responseCode: string }[] };
      assert.deepEqual([result.status, result.callbackUrl, result.results.map(({ responseCode }) => responseCode)], ['completed', listener.url, ['OK']]);
      assert.equal((await call('GET', `registration/validationEvents/${correlationId}`, undefined, at.NORTHWIND)).status, 404);
    });

    it('needs a registration, comes twice a minute at most, and is forgotten after a week', async () => {
      const ask = () => call('POST', 'registration/validationEvents', {});
      assert.equal((await ask()).status, 404);
      await register();
      const { body } = await ask();
      sandbox.machine.passes(20);
      assert.equal((await ask()).status, 200);
      const third = await ask();
      assert.deepEqual([third.status, third.headers.get('retry-after'), third.body['statusCode']], [429, '40', 429]);
      sandbox.machine.passes(40);
      assert.equal((await ask()).status, 200);

      await sandbox.control('POST', 'clock', { advanceSeconds: 7 * 86_400 });
      assert.equal((await call('GET', `registration/validationEvents/${body['correlationId']}`)).status, 404);
    });
  });

  describe('on a bad day', () => {
    it('are tried again until somebody takes them', async () => {
      await register();
      await switches({ retryMs: 5 });
      listener.answers.push(500, 503, 401);
      await event();

      const [only] = await delivered((one) => one.state === 'delivered');
      assert.deepEqual([only?.state, only?.tries.map(({ status }) => status)], ['delivered', [500, 503, 401, 200]]);
    });

    it('are parked after ten tries', async () => {
      await register();
      await switches({ retryMs: 1 });
      listener.answers.push(...Array<number>(10).fill(500));
      await event();

      const [only] = await delivered((one) => one.state === 'parked');
      assert.deepEqual([only?.state, only?.tries.length, listener.heard.length], ['parked', 10, 10]);
    });

    it('find nobody at home', async () => {
      await register();
      await switches({ retryMs: 60_000 });
      listener.close();
      await event();

      const [only] = await delivered((one) => one.tries.length > 0);
      assert.deepEqual([only?.state, only?.tries.length, only?.tries[0]?.status], ['waiting', 1, undefined]);
      assert(only?.tries[0]?.problem);
    });

    it('come twice', async () => {
      await register();
      await switches({ duplicate: true });
      await event();
      const [one, other] = await listener.hears(2);

      assert(one && other && one.raw.equals(other.raw));
      assert.deepEqual((await deliveries()).map(({ isDuplicate }) => isDuplicate), [false, true]);
    });

    it('come the other way round', async () => {
      await register();
      await switches({ reorder: true });
      for (const date of ['1', '2', '3']) await event({ ResourceChangeUtcDate: date });
      await listener.hears(3);

      assert.deepEqual(listener.heard.map(({ body }) => body.ResourceChangeUtcDate), ['3', '2', '1']);
    });

    it('are held back, and let go', async () => {
      await register();
      await switches({ hold: true });
      await event();
      await wait(30);
      assert.deepEqual([listener.heard.length, (await deliveries())[0]?.state], [0, 'held']);

      await switches({ hold: false });
      assert.equal((await listener.hears(1)).length, 1);
    });

    it('carry a signature that does not fit, or an old one', async () => {
      await register();
      await switches({ wrongSignature: true });
      await event();
      await switches({ wrongSignature: false, sha1: true });
      await event({ ResourceChangeUtcDate: 'later' });
      const [wrong, old] = await listener.hears(2);

      assert(wrong && !(await isSigned(wrong)));
      assert(old && old.headers['x-ms-signature-algorithm'] === 'rsa-sha1' && await isSigned(old, 'authorization', 'sha1'));
      assert.deepEqual((await sandbox.control('GET', 'webhooks')).body, { duplicate: false, reorder: false, wrongSignature: false, hold: false, sha1: true, retryMs: 1000 });
    });
  });

  it('can be sent by hand, with whatever fields are left out', async () => {
    assert.equal((await event()).status, 409);
    await register();
    assert.equal((await event({ ResourceUri: null })).status, 202);
    assert.equal((await event({ partner: at.NOBODY })).status, 404);
    assert.equal((await event({ EventUri: 'x' })).status, 400);
    const [heard] = await listener.hears(1);

    assert.deepEqual(heard?.body, { EventName: 'dap-admin-relationship-terminated', ResourceUri: null, ResourceChangeUtcDate: '2026-11-22T12:00:00.0000000+00:00' });
  });
});
