import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { CertificateUnavailableError, createEventCheck, type EventCheckOptions, TrustedRootsUnusableError } from '../../src/microsoft/event-signature.js';
import { aParty, type CertificateHost, derOf, issue, nameConstraints, NOON, openCertificateHost, type Party, pemOf, signed } from './a-pki.js';

const body = Buffer.from('{"EventName":"test-created","ResourceUri":"http://localhost/ş","AuditUri":null}');
const leafPath = '/cert/pcnotifications-dispatch.microsoft.com.cer';

/** A root, an authority under it that lies where the certificate says, and Partner Center's certificate. */
const openWorld = async () => {
  const host = await openCertificateHost();
  const [root, authority, signer] = await Promise.all([aParty('Test Root', 'Test Trust'), aParty('Microsoft Test TLS CA'), aParty('pcnotifications-dispatch.microsoft.com')]);
  const rootCertificate = await issue({ to: root, by: root, isAuthority: true });
  const authorityCertificate = await issue({ to: authority, by: root, isAuthority: true, pathLength: 0 });
  const leaf = await issue({ to: signer, by: authority, issuerUrl: host.url('/ca.crt') });
  host.put('/ca.crt', derOf(authorityCertificate));
  host.put(leafPath, derOf(leaf));

  const clock = { now: NOON };
  const check = (changes: Partial<EventCheckOptions> = {}) => {
    const ready = createEventCheck({ certificateHosts: [host.host], trustedRoots: pemOf(rootCertificate), allowSha1: false, machineNow: () => clock.now, ...changes });
    return async (headers: IncomingHttpHeaders, bytes = body): Promise<void> => ready(headers)(bytes);
  };
  const headers = (changes: IncomingHttpHeaders = {}, by: Party = signer, hash = 'sha256'): IncomingHttpHeaders => ({
    authorization: `Signature ${signed(body, by, hash)}`, 'x-ms-certificate-url': host.url(leafPath), 'x-ms-signature-algorithm': `rsa-${hash}`, ...changes,
  });
  return { host, root, authority, signer, rootCertificate, authorityCertificate, leaf, clock, check, headers };
};

const refused = (why: string, status: 400 | 401 = 401) => ({ name: 'EventRefusedError', why, status });

describe('the signature of an event', () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  let host: CertificateHost;

  beforeEach(async () => {
    world = await openWorld();
    host = world.host;
  });
  afterEach(() => host.close());

  describe('holds', () => {
    const forms: readonly [string, (signature: string) => IncomingHttpHeaders][] = [
      ['in the usual header', (signature) => ({ authorization: `Signature ${signature}` })],
      ['in the other header', (signature) => ({ authorization: undefined, 'x-ms-signature': `Signature ${signature}` })],
      ['bare in the other header', (signature) => ({ authorization: undefined, 'x-ms-signature': signature })],
      ['in the other header, the usual one being a gateway\'s', (signature) => ({ authorization: 'Bearer abc', 'x-ms-signature': `signature ${signature}` })],
      ['with small letters and large ones', (signature) => ({ authorization: `SIGNATURE ${signature}`, 'x-ms-signature-algorithm': 'RSA-SHA256' })],
    ];
    for (const [where, change] of forms) {
      it(where, async () => {
        await world.check()(world.headers(change(signed(body, world.signer))));
      });
    }

    for (const hash of ['sha384', 'sha512']) {
      it(`with ${hash}`, async () => {
        await world.check()(world.headers({}, world.signer, hash));
      });
    }

    it('once more for the same event', async () => {
      const check = world.check();

      await check(world.headers());
      await check(world.headers());
    });

    it('with a certificate in PEM, and with its authority beside it', async () => {
      const alone = await issue({ to: world.signer, by: world.authority });
      host.put(leafPath, pemOf(alone, world.authorityCertificate));

      await world.check()(world.headers());

      assert.equal(host.timesAsked('/ca.crt'), 0);
    });

    it('with an authority among the trusted certificates, of which nobody is asked', async () => {
      host.put('/ca.crt', { status: 500 });

      await world.check({ trustedRoots: pemOf(world.authorityCertificate, world.rootCertificate) })(world.headers());

      assert.equal(host.timesAsked('/ca.crt'), 0);
    });

    it('directly under a root', async () => {
      const own = await aParty('Test Root of Microsoft');
      host.put(leafPath, derOf(await issue({ to: world.signer, by: own })));

      await world.check({ trustedRoots: pemOf(await issue({ to: own, by: own, isAuthority: true, pathLength: 0 })) })(world.headers());
    });

    it('over a detour, where one of two authorities of one name leads to no root', async () => {
      const stranger = await aParty('Another Root', 'Test Trust');
      const elsewhere = await issue({ to: world.authority, by: stranger, isAuthority: true });

      await world.check({ trustedRoots: pemOf(elsewhere, world.authorityCertificate, world.rootCertificate) })(world.headers());
    });
  });

  describe('is refused without a question to anybody', () => {
    afterEach(() => assert.deepEqual(host.asked, []));
    const cases: readonly [string, IncomingHttpHeaders, ReturnType<typeof refused>][] = [
      ['when there is none', { authorization: undefined }, refused('unsigned')],
      ['when it is a token', { authorization: `Bearer ${'a'.repeat(344)}` }, refused('unsigned')],
      ['when it is no base64', { authorization: `Signature ${'*'.repeat(344)}` }, refused('unsigned')],
      ['when it is too short for a key', { authorization: 'Signature YWJj' }, refused('unsigned')],
      ['when it is endless', { authorization: `Signature ${'a'.repeat(20_000)}` }, refused('unsigned')],
      ['without an address of the certificate', { 'x-ms-certificate-url': undefined }, refused('malformed', 400)],
      ['with an address that is none', { 'x-ms-certificate-url': 'certificate' }, refused('malformed', 400)],
      ['with an endless address', { 'x-ms-certificate-url': `https://example.com/${'a'.repeat(2_000)}` }, refused('malformed', 400)],
      ['without an algorithm', { 'x-ms-signature-algorithm': undefined }, refused('malformed', 400)],
      ['with an algorithm that is none', { 'x-ms-signature-algorithm': 'sha256' }, refused('malformed', 400)],
      ['with MD5', { 'x-ms-signature-algorithm': 'rsa-md5' }, refused('algorithm')],
      ['with no algorithm at all by name', { 'x-ms-signature-algorithm': 'rsa-none' }, refused('algorithm')],
      ['with another kind of key', { 'x-ms-signature-algorithm': 'ecdsa-sha256' }, refused('algorithm')],
      ['with SHA-1', { 'x-ms-signature-algorithm': 'rsa-sha1' }, refused('algorithm')],
    ];
    for (const [when, change, expected] of cases) {
      it(when, async () => {
        await assert.rejects(world.check()(world.headers(change)), expected);
      });
    }
  });

  it('with SHA-1 holds where that is allowed', async () => {
    await world.check({ allowSha1: true })(world.headers({}, world.signer, 'sha1'));
  });

  it('is refused for a body in which one byte is another', async () => {
    const altered = Buffer.from(body);
    altered[20] = (altered[20] ?? 0) ^ 1;

    await assert.rejects(world.check()(world.headers(), altered), refused('signature'));
  });

  it('is refused when somebody else made it', async () => {
    await assert.rejects(world.check()(world.headers({}, await aParty('Mallory'))), refused('signature'));
  });

  it('is refused when it was made with another hash than the header says', async () => {
    await assert.rejects(world.check()(world.headers({ 'x-ms-signature-algorithm': 'rsa-sha512' })), refused('signature'));
  });

  describe('is refused for its certificate', () => {
    const leafs: readonly [string, (w: typeof world) => Promise<Buffer | string>, string][] = [
      ['of another organisation', async (w) => derOf(await issue({ to: await aParty('contoso.com', 'Contoso'), by: w.authority, issuerUrl: w.host.url('/ca.crt') })), 'organisation'],
      ['of an organisation that only begins like Microsoft', async (w) => derOf(await issue({ to: await aParty('contoso.com', 'Microsoft Corporation Fans'), by: w.authority, issuerUrl: w.host.url('/ca.crt') })), 'organisation'],
      ['that names its organisation in the wrong place', async (w) => derOf(await issue({ to: await aParty('O\\=Microsoft Corporation', 'Contoso'), by: w.authority, issuerUrl: w.host.url('/ca.crt') })), 'organisation'],
      ['of no organisation', async (w) => derOf(await issue({ to: await aParty('mail.contoso.com', ''), by: w.authority, issuerUrl: w.host.url('/ca.crt') })), 'organisation'],
      ['that another organisation issued', async (w) => derOf(await issue({ to: w.signer, by: w.root })), 'organisation'],
      ['that has expired', async (w) => derOf(await issue({ to: w.signer, by: w.authority, until: '2026-03-02T11:59:59Z', issuerUrl: w.host.url('/ca.crt') })), 'validity'],
      ['that is not valid yet', async (w) => derOf(await issue({ to: w.signer, by: w.authority, from: '2026-03-02T12:00:01Z', issuerUrl: w.host.url('/ca.crt') })), 'validity'],
      ['that vouches for itself', async (w) => derOf(await issue({ to: w.signer, by: w.signer })), 'chain'],
      ['that is an authority\'s', async (w) => derOf(await issue({ to: w.signer, by: w.authority, isAuthority: true, issuerUrl: w.host.url('/ca.crt') })), 'certificate'],
      ['with a key too small', async (w) => derOf(await issue({ to: await aParty('small.microsoft.com', undefined, 1024), by: w.authority, issuerUrl: w.host.url('/ca.crt') })), 'certificate'],
      ['that was signed with SHA-1', async (w) => derOf(await issue({ to: w.signer, by: w.authority, hash: 'SHA-1', issuerUrl: w.host.url('/ca.crt') })), 'certificate'],
      ['with a demand that nobody here understands', async (w) => derOf(await issue({ to: w.signer, by: w.authority, issuerUrl: w.host.url('/ca.crt'), further: [nameConstraints()] })), 'certificate'],
      ['that only borrows the authority\'s name', async (w) => derOf(await issue({ to: w.signer, by: { ...await aParty('Mallory'), name: w.authority.name }, issuerUrl: w.host.url('/ca.crt') })), 'chain'],
      ['that does not say where its authority is', async (w) => derOf(await issue({ to: w.signer, by: w.authority })), 'chain'],
      ['whose authority lies in a place that is not listed', async (w) => derOf(await issue({ to: w.signer, by: w.authority, issuerUrl: w.host.url('/ca.crt').replace('127.0.0.1', 'localhost') })), 'chain'],
      ['that is a page', async () => '<html>Microsoft Corporation</html>', 'certificate'],
      ['that is half of one', async (w) => derOf(w.leaf).subarray(0, 500), 'certificate'],
      ['that is nothing', async () => '', 'certificate'],
    ];
    for (const [what, make, why] of leafs) {
      it(what, async () => {
        host.put(leafPath, await make(world));

        await assert.rejects(world.check()(world.headers()), refused(why));
      });
    }

    const authorities: readonly [string, (w: typeof world) => Promise<Buffer>][] = [
      ['under a root that is not trusted', async (w) => derOf(await issue({ to: w.authority, by: await aParty('Another Root', 'Test Trust'), isAuthority: true }))],
      ['under a root that borrows the trusted one\'s name', async (w) => derOf(await issue({ to: w.authority, by: { ...await aParty('Another Root'), name: w.root.name }, isAuthority: true }))],
      ['from somebody who is no authority', async (w) => derOf(await issue({ to: w.authority, by: w.root, maySign: true }))],
      ['from an authority that may not sign certificates', async (w) => derOf(await issue({ to: w.authority, by: w.root, isAuthority: true, maySign: false }))],
      ['from an authority whose time is over', async (w) => derOf(await issue({ to: w.authority, by: w.root, isAuthority: true, until: '2026-03-01T00:00:00Z' }))],
      ['from an authority with a demand that nobody here understands', async (w) => derOf(await issue({ to: w.authority, by: w.root, isAuthority: true, further: [nameConstraints()] }))],
      ['from an authority certified with SHA-1', async (w) => derOf(await issue({ to: w.authority, by: w.root, isAuthority: true, hash: 'SHA-1' }))],
    ];
    for (const [what, make] of authorities) {
      it(what, async () => {
        host.put('/ca.crt', await make(world));

        await assert.rejects(world.check()(world.headers()), refused('chain'));
      });
    }

    it('under two authorities where the upper one allows none below it', async () => {
      const middle = await aParty('Microsoft Test Middle CA');
      const upper = await issue({ to: middle, by: world.root, isAuthority: true, pathLength: 0 });
      const chained = await issue({ to: world.authority, by: middle, isAuthority: true, issuerUrl: host.url('/upper.crt') });
      host.put('/upper.crt', derOf(upper));
      host.put('/ca.crt', derOf(chained));

      await assert.rejects(world.check()(world.headers()), refused('chain'));

      host.put('/upper.crt', derOf(await issue({ to: middle, by: world.root, isAuthority: true, pathLength: 1 })));
      await world.check()(world.headers());
    });

    it('when authorities vouch for each other in a circle', async () => {
      const other = await aParty('Microsoft Test Circle CA');
      host.put('/ca.crt', derOf(await issue({ to: world.authority, by: other, isAuthority: true, issuerUrl: host.url('/circle.crt') })));
      host.put('/circle.crt', derOf(await issue({ to: other, by: world.authority, isAuthority: true, issuerUrl: host.url('/ca.crt') })));

      await assert.rejects(world.check()(world.headers()), refused('chain'));
      assert.ok(host.asked.length < 10);
    });

    it('when only Node\'s roots are trusted', async () => {
      await assert.rejects(world.check({ trustedRoots: undefined })(world.headers()), refused('chain'));
    });
  });

  it('cannot be checked at all with trusted certificates among which there is no root', () => {
    for (const trustedRoots of ['', 'roots', pemOf(world.authorityCertificate)]) assert.throws(() => world.check({ trustedRoots }), TrustedRootsUnusableError);
  });
});

describe('the address of a certificate', () => {
  let world: Awaited<ReturnType<typeof openWorld>>;

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
  let world: Awaited<ReturnType<typeof openWorld>>;
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
