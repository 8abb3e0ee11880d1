import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { PartnerCenterEvent } from '../../src/server/event.js';
import { aBody, address, certificatePath, openEventHouse as openEventHouseOf, openSigner } from './event-house.js';
import { closeHouses, CONTOSO, openHouse } from './house.js';

class LedgerUnavailableError extends Error {
  override readonly name = 'LedgerUnavailableError';
}

type Changes = Parameters<typeof openEventHouseOf>;
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

describe('an event from Partner Center', () => {
  let signer: Awaited<ReturnType<typeof openSigner>>;
  const openEventHouse = (events?: Changes[1], options?: Changes[2], checking?: Changes[3]) => openEventHouseOf(signer, events, options, checking);

  before(async () => { signer = await openSigner(); });
  after(() => signer.certificates.close());
  afterEach(closeHouses);

  it('is heard, and answered with nothing', async () => {
    const house = await openEventHouse();

    const answer = await house.tell();

    assert.deepEqual([answer.status, answer.text, answer.headers.get('content-length')], [200, '', '0']);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(house.heard.length, 1);
    const { forward: _, ...event } = house.heard[0] ?? assert.fail();
    assert.deepEqual(event, {
      name: 'granular-admin-relationship-approved', resourceUri: 'https://partner.microsoft.com/granularAdminRelationships/1', resourceName: 'granularAdminRelationship',
      auditUri: 'https://api.partnercenter.microsoft.com/auditactivity/v1/auditrecords/1', changedAt: '2026-03-02T11:59:58.1234567+00:00', partner: undefined,
    });
    assert.equal(await house.counted('heard'), 1);
  });

  it('can be passed on as it came, and its signature still holds', async () => {
    const house = await openEventHouse();
    const body = `\r\n ${aBody({ ResourceName: 'müşteri' })} `;

    await house.tell(body, { cookie: 'a=b', 'x-secret': 'c' });

    const { forward } = house.heard[0] ?? assert.fail();
    assert.equal(forward.body.toString(), body);
    assert.deepEqual(forward.headers, house.headersFor(body));
    assert.equal((await house.tell(forward.body, forward.headers)).status, 200);
  });

  it('is passed on without the credential of a gateway', async () => {
    const house = await openEventHouse();

    await house.tell(aBody(), { authorization: 'Bearer gateway', 'x-ms-signature': house.headersFor(aBody()).authorization });

    assert.deepEqual(Object.keys(house.heard[0]?.forward.headers ?? {}), ['content-type', 'x-ms-signature', 'x-ms-certificate-url', 'x-ms-signature-algorithm']);
  });

  it('is heard once more when it comes once more', async () => {
    const house = await openEventHouse();

    assert.deepEqual([(await house.tell()).status, (await house.tell()).status, house.heard.length], [200, 200, 2]);
  });

  const partners: readonly [string, string | undefined][] = [
    [`?partner=${CONTOSO}`, CONTOSO], [`?partner=${CONTOSO.toUpperCase()}&x=1`, CONTOSO], ['?partner=', undefined], ['?partner=contoso.com', undefined], [`?partner=${CONTOSO}%27--`, undefined], ['?', undefined],
  ];
  for (const [query, partner] of partners) {
    it(`at ${query} is ${partner ? 'for that partner, perhaps' : 'for nobody in particular'}`, async () => {
      const house = await openEventHouse();

      assert.equal((await house.tell(aBody(), {}, `${address}${query}`)).status, 200);

      assert.equal(house.heard[0]?.partner, partner);
    });
  }

  const shapes: readonly [string, string, Partial<PartnerCenterEvent>][] = [
    ['without a resource', aBody({ EventName: 'dap-admin-relationship-approved', ResourceUri: null }), { name: 'dap-admin-relationship-approved', resourceUri: undefined }],
    ['with the date and the name alone', '{"EventName":"a","ResourceChangeUtcDate":"2026-03-02T11:59:58Z"}', { name: 'a', resourceUri: undefined, resourceName: undefined, auditUri: undefined, changedAt: '2026-03-02T11:59:58Z' }],
    ['in small letters', '{"eventName":"test-created","resourceUri":"/x","resourceName":"test","auditUri":null,"resourceChangeUtcDate":"2017-11-16T16:19:06.3520276+00:00"}', { name: 'test-created', resourceUri: '/x', resourceName: 'test', auditUri: undefined, changedAt: '2017-11-16T16:19:06.3520276+00:00' }],
    ['with the other name of the audit record', aBody({ AuditUri: undefined, AuditUrl: '/audit/1' }), { auditUri: '/audit/1' }],
    ['with more than is known', aBody({ Attempt: 3, Inner: { a: [1] } }), { name: 'granular-admin-relationship-approved' }],
    ['of a kind that is not ours', aBody({ EventName: 'invoice-ready' }), { name: 'invoice-ready' }],
  ];
  for (const [what, body, expected] of shapes) {
    it(`is heard ${what}`, async () => {
      const house = await openEventHouse();

      assert.equal((await house.tell(body)).status, 200);

      const event = house.heard[0] ?? assert.fail();
      for (const [name, value] of Object.entries(expected)) assert.equal(event[name as keyof PartnerCenterEvent], value, name);
    });
  }

  const malformed: readonly [string, string | Uint8Array][] = [
    ['nothing', ''], ['half of an object', aBody().slice(0, -1)], ['a list', `[${aBody()}]`], ['null', 'null'], ['text', '"test-created"'], ['no name', aBody({ EventName: undefined })], ['an empty name', aBody({ EventName: '' })],
    ['a name that is a number', aBody({ EventName: 7 })], ['an endless name', aBody({ EventName: 'a'.repeat(3_000) })], ['no date', aBody({ ResourceChangeUtcDate: undefined })], ['a date that is none', aBody({ ResourceChangeUtcDate: 'soon' })],
    ['a resource that is an object', aBody({ ResourceUri: {} })], ['a resource that no database keeps', aBody({ ResourceUri: '/a\0b' })], ['half a character', aBody({ ResourceName: '\ud83d' })], ['bad UTF-8', Buffer.concat([Buffer.from(aBody().slice(0, -2)), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
  ];
  for (const [what, body] of malformed) {
    it(`is answered 400 when, although signed, it is ${what}`, async () => {
      const house = await openEventHouse();

      const answer = await house.tell(body);

      assert.deepEqual([answer.status, answer.text, house.heard.length], [400, '', 0]);
      assert.equal(await house.counted('malformed'), 1);
    });
  }

  const doubtful: readonly [string, Readonly<Record<string, string | undefined>>, number, string][] = [
    ['is not signed', { authorization: undefined }, 401, 'unsigned'],
    ['carries a token', { authorization: 'Bearer a.b.c' }, 401, 'unsigned'],
    ['has no certificate', { 'x-ms-certificate-url': undefined }, 400, 'malformed'],
    ['has no algorithm', { 'x-ms-signature-algorithm': undefined }, 400, 'malformed'],
    ['is signed with SHA-1', { 'x-ms-signature-algorithm': 'rsa-sha1' }, 401, 'refused'],
    ['has its certificate elsewhere', { 'x-ms-certificate-url': 'http://169.254.169.254/metadata/instance' }, 401, 'refused'],
    ['is a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'malformed'],
    ['is compressed', { 'content-encoding': 'gzip' }, 415, 'malformed'],
  ];
  for (const [what, headers, status, outcome] of doubtful) {
    it(`is answered ${status} when it ${what}`, async () => {
      const house = await openEventHouse();

      const answer = await house.tell(aBody(), headers);

      assert.deepEqual([answer.status, answer.text, house.heard.length], [status, '', 0]);
      assert.equal(await house.counted(outcome), 1);
    });
  }

  it('is not heard when its body is another than the one that was signed', async () => {
    const house = await openEventHouse();

    const answer = await house.tell(aBody({ ResourceName: 'other' }), { authorization: house.headersFor(aBody()).authorization });

    assert.deepEqual([answer.status, answer.text, house.heard.length], [401, '', 0]);
    assert.match(house.lines.join('\n'), /"reason":"signature".*An event that claims to be from Partner Center was refused/);
  });

  it('tells the operator once from which unknown host certificates come', async () => {
    const house = await openEventHouse();

    for (let i = 0; i < 3; i += 1) await house.tell(aBody(), { 'x-ms-certificate-url': 'https://new.blob.core.windows.net/a.cer' });

    assert.equal(house.lines.filter((line) => line.includes('"host":"new.blob.core.windows.net"')).length, 1);
  });

  it('has to come again when the certificate cannot be had', async () => {
    const house = await openEventHouse({}, {}, { fetchBytes: async () => { throw Object.assign(new Error('secret'), { name: 'CertificateUnavailableError' }); } });

    const answer = await house.tell();

    assert.deepEqual([answer.status, answer.text, answer.headers.get('retry-after')], [503, '', '1']);
    assert.equal(await house.counted('unavailable'), 1);
  });

  it('has to come again when it could not be written down', async () => {
    const house = await openEventHouse({ hearEvent: async () => { throw new LedgerUnavailableError(); } });

    const answer = await house.tell();

    assert.deepEqual([answer.status, answer.text], [503, '']);
    assert.equal(await house.counted('unavailable'), 1);
  });

  it('is answered without a word about why hearing it failed', async () => {
    const house = await openEventHouse({ hearEvent: async () => { throw new TypeError('Contoso is secret'); } });

    const answer = await house.tell();

    assert.deepEqual([answer.status, answer.text, await house.counted('failed')], [500, '', 1]);
    const line = house.lines.find((one) => one.includes('An event failed.')) ?? '';
    assert.match(line, /"kind":"TypeError"/);
    assert.match(line, /"reference":"[0-9a-f-]{36}"/);
    assert.doesNotMatch(line, /secret|Contoso/);
  });

  it('comes by POST, and has no address where nobody listens', async () => {
    const [house, deaf] = [await openEventHouse(), await openHouse()];

    assert.equal((await fetch(`${house.server.url}${address}`)).status, 405);
    assert.equal((await fetch(`${deaf.server.url}${address}`, { method: 'POST' })).status, 404);
  });

  it('of the announced length of 64 KiB is heard, of one byte more it is not', async () => {
    const house = await openEventHouse();
    const fill = (bytes: number): string => aBody({ Fill: 'x'.repeat(bytes - aBody({ Fill: '' }).length) });

    assert.equal((await house.tell(fill(64 * 1024))).status, 200);
    assert.equal(statusOf((await house.raw([house.head([`Content-Length: ${64 * 1024 + 1}`])], 300))), 413);
    assert.equal(house.heard.length, 1);
  });

  it('is too long in pieces as well', async () => {
    const house = await openEventHouse();

    const answer = await house.raw([house.head(['Transfer-Encoding: chunked']), '14000\r\n', Buffer.alloc(0x14000, 'x'), '\r\n0\r\n\r\n'], 500);

    assert.equal(statusOf(answer), 413);
  });

  it('that never arrives whole is not waited for', async () => {
    const house = await openEventHouse({}, { bodyPatienceMs: 200 });

    const answer = await house.raw([house.head(['Content-Length: 100']), '{"EventName"'], 1_000);

    assert.match(answer, /^HTTP\/1\.1 400[^]*connection: close/i);
  });

  it('that is not signed is answered before its body is there, and nothing is looked up for it', async () => {
    const house = await openEventHouse({}, {}, { fetchBytes: async () => assert.fail() });
    const startedAt = performance.now();

    const answer = await house.raw([`POST ${address} HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{`], 3_000);

    assert.equal(statusOf(answer), 401);
    assert.ok(performance.now() - startedAt < 1_000);
  });

  it('gets through a flood of strangers and of slow senders', async () => {
    const house = await openEventHouse();
    const slow = Array.from({ length: 100 }, () => house.raw([house.head(['Content-Length: 100']), '{'], 1_500));
    const strangers = Array.from({ length: 200 }, () => house.tell(aBody(), { authorization: undefined }));

    assert.equal((await house.tell()).status, 200);

    assert.ok((await Promise.all(strangers)).every(({ status }) => status === 401));
    await Promise.all(slow);
    assert.equal((await house.tell()).status, 200);
  });

  it('is one of fifty at the same time; the others have to come again', async () => {
    let [inside, most] = [0, 0];
    const house = await openEventHouse({ hearEvent: async () => {
      inside += 1;
      most = Math.max(most, inside);
      await pause(300);
      inside -= 1;
    } });
    await house.tell();

    const answers = await Promise.all(Array.from({ length: 80 }, () => house.tell()));

    assert.deepEqual([most, answers.filter(({ status }) => status === 200).length, answers.filter(({ status }) => status === 503).length], [50, 50, 30]);
    assert.equal((await house.tell()).status, 200);
  });

  it('costs one look at the certificate, however many come', async () => {
    const house = await openEventHouse();
    const before = signer.certificates.timesAsked(certificatePath);

    const answers = await Promise.all(Array.from({ length: 40 }, () => house.tell()));

    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(signer.certificates.timesAsked(certificatePath) - before, 1);
  });
});
