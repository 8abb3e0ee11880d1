import assert from 'node:assert/strict';
import { CertificateUnavailableError } from '../../src/microsoft/event-signature.js';
import { aParty, type CertificateHost, derOf, issue } from './a-pki.js';
import { leafPath, openWorld, refused, type World } from './an-event-world.js';

describe('the address of a certificate', () => {
  let world: World;

  before(async () => { world = await openWorld(); });
  after(() => world.host.close());

  const listed = '3psostorageacct.blob.core.windows.net';
  const hostile = [
    `http://${listed}${leafPath}`, `https://evil.com${leafPath}`, `https://${listed}.evil.com/a.cer`, `https://evil.com/${listed}/a.cer`, `https://${listed}@evil.com/a.cer`,
    `https://user@${listed}/a.cer`, `https://user:word@${listed}/a.cer`, `https://${listed}:8443/a.cer`, `https://${listed}./a.cer`, `https://x.${listed}/a.cer`, `https://${listed}/a.cer?b`,
    `https://${listed}/a.cer?`, `https://${listed}/a.cer#b`, `https://${listed}/a.cer#`, `https://evil.com\\@${listed}/a.cer`, `https://${listed}\\.evil.com/a.cer`, `https:/${listed}/a.cer`,
    `https:\\\\${listed}\\a.cer`, `https://${listed}/a\tb.cer`, `https://${listed}%2eevil.com/a.cer`, 'https://３psostorageacct.blob.core.windows.net/a.cer', `ftp://${listed}/a.cer`,
    'data:application/pkix-cert;base64,AAAA', 'file:///etc/passwd', 'http://169.254.169.254/metadata/instance', 'https://169.254.169.254/metadata/instance', 'http://127.0.0.1/a.cer',
    'http://[::1]/a.cer', 'http://0x7f000001/a.cer', 'http://2130706433/a.cer', 'https://localhost/a.cer', 'javascript:alert(1)', `//${listed}/a.cer`.padStart(60, 'x:'),
  ];
  for (const url of hostile) {
    it(`is not ${url.slice(0, 80)}`, async () => {
      const fetched: string[] = [];
      const check = world.check({ certificateHosts: [listed], fetchBytes: async (place) => { fetched.push(place); return derOf(world.leaf); } });

      await assert.rejects(check(world.headers({ 'x-ms-certificate-url': url })), refused('address'));

      assert.deepEqual(fetched, []);
    });
  }

  const allowed: readonly [string, string][] = [
    [`https://${listed}${leafPath}`, listed], [`https://${listed.toUpperCase()}${leafPath}`, listed], [`https://${listed}:443/a.cer`, listed], [`https://${listed}/a.cer`, `${listed}:443`],
    [`https://${listed}:8443/a.cer`, `${listed}:8443`], ['http://127.0.0.1:3979/a.cer', '127.0.0.1:3979'], ['http://[::1]:3979/a.cer', '[::1]:3979'], ['http://localhost/a.cer', 'localhost'],
  ];
  for (const [url, entry] of allowed) {
    it(`may be ${url} with ${entry} on the list`, async () => {
      const check = world.check({ certificateHosts: [entry, world.host.host], fetchBytes: async (place) => derOf(place.endsWith('.crt') ? world.authorityCertificate : world.leaf) });

      await check(world.headers({ 'x-ms-certificate-url': url }));
    });
  }

  it('is told to the operator when it is another host', async () => {
    await assert.rejects(world.check()(world.headers({ 'x-ms-certificate-url': 'https://new.blob.core.windows.net/a.cer' })), { why: 'address', host: 'new.blob.core.windows.net' });
  });
});

describe('fetching a certificate', () => {
  let world: World;
  let host: CertificateHost;
  const later = (ms: number): void => { world.clock.now = new Date(world.clock.now.getTime() + ms); };

  beforeEach(async () => {
    world = await openWorld();
    host = world.host;
  });
  afterEach(() => host.close());

  it('follows no redirect', async () => {
    host.put('/elsewhere.cer', derOf(world.leaf));
    host.put(leafPath, { status: 302, headers: { location: '/elsewhere.cer' } });

    await assert.rejects(world.check()(world.headers()), refused('certificate'));
    assert.deepEqual(host.asked, [leafPath]);
  });

  it('takes no more than 64 KiB, announced or not', async () => {
    const large = Buffer.concat([derOf(world.leaf), Buffer.alloc(64 * 1024)]);
    host.put(leafPath, { body: large, headers: { 'content-length': String(large.length) } });
    await assert.rejects(world.check()(world.headers()), refused('certificate'));

    host.put(leafPath, { body: large, headers: { 'transfer-encoding': 'chunked' } });
    await assert.rejects(world.check()(world.headers()), refused('certificate'));
  });

  it('waits three seconds and then lets the sender come again', async () => {
    host.put(leafPath, { body: derOf(world.leaf), afterMs: 6_000 });
    const startedAt = performance.now();

    await assert.rejects(world.check()(world.headers()), CertificateUnavailableError);

    assert.ok(performance.now() - startedAt < 5_000);
  });

  for (const [what, place] of [['is broken', { status: 500 }], ['is busy', { status: 503 }], ['is asked too often', { status: 429 }], ['hangs up', { hangsUp: true }]] as const) {
    it(`lets the sender come again when the host ${what}`, async () => {
      host.put(leafPath, place);

      await assert.rejects(world.check()(world.headers()), CertificateUnavailableError);
    });
  }

  it('lets the sender come again when nobody is at the host', async () => {
    host.close();

    await assert.rejects(world.check()(world.headers()), CertificateUnavailableError);
  });

  it('lets the sender come again when the authority\'s certificate cannot be had', async () => {
    host.put('/ca.crt', { status: 500 });

    await assert.rejects(world.check()(world.headers()), CertificateUnavailableError);
  });

  it('believes nobody whose certificate is not there', async () => {
    await assert.rejects(world.check()(world.headers({ 'x-ms-certificate-url': host.url('/none.cer') })), refused('certificate'));
  });

  it('happens once for many events at the same time, and not again for a day', async () => {
    const check = world.check();

    await Promise.all(Array.from({ length: 50 }, () => check(world.headers())));
    later(23 * 60 * 60_000);
    await check(world.headers());

    assert.deepEqual(host.asked, [leafPath, '/ca.crt']);
    later(2 * 60 * 60_000);
    await check(world.headers());
    assert.equal(host.timesAsked(leafPath), 2);
  });

  it('happens again as soon as the certificate, or its authority, is no longer valid', async () => {
    host.put('/ca.crt', derOf(await issue({ to: world.authority, by: world.root, isAuthority: true, until: '2026-03-02T13:00:00Z' })));
    const check = world.check();
    await check(world.headers());

    later(61 * 60_000);
    await assert.rejects(check(world.headers()), refused('chain'));

    host.put('/ca.crt', derOf(world.authorityCertificate));
    later(6_000);
    await check(world.headers());
  });

  it('remembers a failure for a few seconds', async () => {
    host.put(leafPath, { status: 500 });
    const check = world.check();

    for (let i = 0; i < 5; i += 1) await assert.rejects(check(world.headers()), CertificateUnavailableError);
    assert.equal(host.timesAsked(leafPath), 1);

    host.put(leafPath, derOf(world.leaf));
    later(5_000);
    await check(world.headers());
  });

  it('finds a renewed certificate at the same address', async () => {
    const check = world.check();
    await check(world.headers());
    const renewed = await aParty('pcnotifications-dispatch 2.microsoft.com');
    host.put(leafPath, derOf(await issue({ to: renewed, by: world.authority, issuerUrl: host.url('/ca.crt') })));

    later(60_000);
    await Promise.all(Array.from({ length: 20 }, () => check(world.headers({}, renewed))));

    assert.equal(host.timesAsked(leafPath), 2);
    await assert.rejects(check(world.headers()), refused('signature'));
  });

  it('is not set off by a flood of wrong signatures', async () => {
    const check = world.check();
    const mallory = world.headers({}, await aParty('Mallory'));

    for (let i = 0; i < 50; i += 1) await assert.rejects(check(mallory), refused('signature'));
    later(60_000);
    for (let i = 0; i < 50; i += 1) await assert.rejects(check(mallory), refused('signature'));

    assert.equal(host.timesAsked(leafPath), 2);
    await check(world.headers());
  });

  it('keeps a good certificate while its host is away', async () => {
    const check = world.check();
    await check(world.headers());
    host.close();

    later(60_000);
    await assert.rejects(check(world.headers({}, await aParty('Mallory'))), CertificateUnavailableError);
    await check(world.headers());
  });

  it('asks a host for no more than sixty new places a minute', async () => {
    const check = world.check();
    const invented = (i: number) => check(world.headers({ 'x-ms-certificate-url': host.url(`/${i}.cer`) }));
    await check(world.headers());

    for (let i = 0; i < 59; i += 1) await assert.rejects(invented(i), refused('certificate'));
    await assert.rejects(invented(60), CertificateUnavailableError);

    await check(world.headers());
    later(60_000);
    await assert.rejects(invented(61), refused('certificate'));
  });
});
