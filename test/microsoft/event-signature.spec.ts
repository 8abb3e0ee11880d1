import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { TrustedRootsUnusableError } from '../../src/microsoft/event-signature.js';
import { aParty, type CertificateHost, derOf, issue, nameConstraints, pemOf, signed } from './a-pki.js';
import { body, leafPath, openWorld, refused, type World } from './an-event-world.js';

describe('the signature of an event', () => {
  let world: World;
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
    const leafs: readonly [string, (w: World) => Promise<Buffer | string>, string][] = [
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
      ['that borrows the name and the key\'s number of the authority', async (w) => derOf(await issue({ to: w.signer, by: { ...await aParty('Mallory'), name: w.authority.name }, claims: w.authority, issuerUrl: w.host.url('/ca.crt') })), 'chain'],
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

    const authorities: readonly [string, (w: World) => Promise<Buffer>][] = [
      ['under a root that is not trusted', async (w) => derOf(await issue({ to: w.authority, by: await aParty('Another Root', 'Test Trust'), isAuthority: true }))],
      ['under a root that borrows the trusted one\'s name', async (w) => derOf(await issue({ to: w.authority, by: { ...await aParty('Another Root'), name: w.root.name }, isAuthority: true }))],
      ['under a root that borrows the trusted one\'s name and its key\'s number', async (w) => derOf(await issue({ to: w.authority, by: { ...await aParty('Another Root'), name: w.root.name }, claims: w.root, isAuthority: true }))],
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
