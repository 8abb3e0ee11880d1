import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { mint } from '../bot/channel/key-service.js';
import { anActivity, closeHouses, CONTOSO, type House, openHouse } from './house.js';

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const withExtra = (json: string): string => `${JSON.stringify(anActivity()).slice(0, -1)},"value":${json}}`;
const statusOf = (heard: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(heard.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, ''))?.[1] ?? 0);

describe('a hostile request', () => {
  let house: House;
  const head = async (headers: readonly string[]): Promise<string> =>
    ['POST /api/messages HTTP/1.1', 'Host: bot', `Authorization: ${await mint()}`, 'Content-Type: application/json', ...headers, '', ''].join('\r\n');

  before(async () => { house = await openHouse({ bodyPatienceMs: 300 }); });
  after(closeHouses);
  afterEach('the bot goes on', async () => {
    assert.equal((await fetch(`${house.server.url}/healthz`)).status, 200);
    assert.equal((await house.post()).status, 200);
    house.turns.length = 0;
  });

  const bodies: readonly [string, string | Uint8Array, number, Record<string, string>?][] = [
    ['junk that claims to be compressed', 'not gzip', 415, { 'content-encoding': 'gzip' }],
    ['a body that is compressed', gzipSync(JSON.stringify(anActivity())), 415, { 'content-encoding': 'gzip' }],
    ['a small body that grows to gigabytes', gzipSync(Buffer.alloc(1_000_000)), 415, { 'content-encoding': 'gzip, gzip' }],
    ['an encoding of nothing', '{}', 415, { 'content-encoding': 'identity' }],
    ['a form with a file', '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n--x--', 415, { 'content-type': 'multipart/form-data; boundary=x' }],
    ['a form', 'a=1', 415, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['text', '{}', 415, { 'content-type': 'text/plain' }],
    ['JSON of another kind', '{}', 415, { 'content-type': 'application/json-patch+json' }],
    ['another alphabet', '{}', 415, { 'content-type': 'application/json; charset=utf-16' }],
    ['300 KiB', withExtra(`"${'x'.repeat(300 * 1024)}"`), 413],
    ['one byte too many', `"${'x'.repeat(256 * 1024 - 1)}"`, 413],
    ['nothing', '', 400],
    ['a blank', ' ', 400],
    ['half of an object', '{"type":"mess', 400],
    ['null', 'null', 400],
    ['text in quotes', '"message"', 400],
    ['a number', '1e400', 400],
    ['a list', '[]', 400],
    ['a list of activities', JSON.stringify([anActivity()]), 400],
    ['an empty object', '{}', 400],
    ['bad UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 400],
    ['bad UTF-8 inside an activity', Buffer.concat([Buffer.from(withExtra('"').slice(0, -1)), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]), 400],
    ['half a character', Buffer.concat([Buffer.from('"'), Buffer.from([0xe2, 0x82])]), 400],
    ['33 levels', withExtra(nested(32)), 400],
    ['33 levels of lists', withExtra(`${'['.repeat(32)}${']'.repeat(32)}`), 400],
    ['a hundred thousand levels', withExtra(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), 400],
    ['a way to the prototype', withExtra('{"__proto__":{"isAdmin":true}}'), 400],
    ['a way to the prototype at the top', `${JSON.stringify(anActivity()).slice(0, -1)},"__proto__":{"type":"invoke"}}`, 400],
    ['a way to the prototype in a list', withExtra('[[{"__proto__":1}]]'), 400],
    ['a way to the prototype, spelt oddly', withExtra('{"\\u005f_proto__":1}'), 400],
    ['the character of nothing', withExtra('"a\\u0000b"'), 400],
    ['the character of nothing in an id', JSON.stringify(anActivity({ conversation: { id: 'a:\0elif' } })), 400],
    ['the character of nothing as it is', withExtra('"a\0b"'), 400],
    ['half a character, spelt out', withExtra('"\\ud83d"'), 400],
    ['the other half, in a name', withExtra('{"name":["x\\ude00x"]}'), 400],
    ['two halves the wrong way round', withExtra('"\\ude00\\ud83d"'), 400],
    ['a mark of byte order and nothing', Buffer.from([0xef, 0xbb, 0xbf]), 400],
    ['an overlong way of writing', Buffer.concat([Buffer.from('"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"')]), 400],
    ['half a character in UTF-8', Buffer.concat([Buffer.from('"'), Buffer.from([0xed, 0xa0, 0xbd]), Buffer.from('"')]), 400],
    ['another alphabet that is not announced', Buffer.from(JSON.stringify(anActivity()), 'utf16le'), 400],
    ['something behind it', `${JSON.stringify(anActivity())}{}`, 400],
    ['a comment', `/* */${JSON.stringify(anActivity())}`, 400],
    ['no number', withExtra('NaN'), 400],
  ];
  for (const [what, body, status, headers] of bodies) {
    it(`with ${what} is answered ${status}`, async () => {
      const answer = await house.post(body, headers);

      assert.equal(answer.status, status);
      assert.match(answer.text, /^\{"error":"[a-z ]+"\}$/);
      assert.equal(house.turns.length, 0);
    });
  }

  const shapes: readonly [string, Record<string, unknown>][] = [
    ['no type', { type: undefined }],
    ['a type that is a number', { type: 1 }],
    ['an empty type', { type: '' }],
    ['no channel', { channelId: undefined }],
    ['another channel', { channelId: 'directline' }],
    ['the emulator as channel', { channelId: 'emulator' }],
    ['an empty channel', { channelId: '' }],
    ['a channel in another case', { channelId: 'MsTeams' }],
    ['no service URL', { serviceUrl: undefined }],
    ['a service URL that is an object', { serviceUrl: {} }],
    ['no conversation', { conversation: undefined }],
    ['a conversation that is text', { conversation: 'a:elif' }],
    ['a conversation without an id', { conversation: {} }],
    ['a conversation that walks up the path', { conversation: { id: '..' } }],
    ['a conversation with blanks', { conversation: { id: 'a b' } }],
    ['an id that walks up the path', { id: '.' }],
    ['nobody as sender', { from: undefined }],
    ['a sender without an id', { from: { name: 'Elif' } }],
    ['a sender whose id is a number', { from: { id: 29 } }],
    ['nobody as recipient', { recipient: undefined }],
    ['a recipient without an id', { recipient: {} }],
    ['channel data that is text', { channelData: 'tenant' }],
    ['a tenant that is a list', { channelData: { tenant: [] } }],
    ['two tenants', { channelData: { tenant: { id: 'f0000000-0000-0000-0000-000000000009' } } }],
  ];
  for (const [what, changes] of shapes) {
    it(`with ${what} is answered 400`, async () => {
      assert.equal((await house.post(anActivity(changes))).status, 400);
      assert.equal(house.turns.length, 0);
    });
  }

  it('is told apart from an honest one at the edges', async () => {
    const honest = [
      withExtra(nested(31)),
      withExtra('{"constructor":1,"prototype":2,"toString":3}'),
      withExtra('["\\ud83d\\ude00", "😀", "\\\\u0000", "\\u0001", 1e400, -0]'),
      withExtra(`"${'x'.repeat(250 * 1024)}"`),
      JSON.stringify(anActivity({ type: 'somethingNew', id: undefined, channelData: undefined })),
      JSON.stringify(anActivity({ conversation: { id: '19:x@thread.tacv2;messageid=1' }, channelData: { tenant: { id: CONTOSO.toUpperCase() } } })),
    ];

    for (const body of honest) assert.equal((await house.post(body, { 'content-type': 'Application/JSON; charset=UTF-8' })).status, 200);

    assert.equal(house.turns.length, honest.length);
    assert.equal(({} as { isAdmin?: boolean }).isAdmin, undefined);
  });

  it('that announces too much is refused before it is sent', async () => {
    const heard = await house.raw([await head([`Content-Length: ${10_000_000}`])]);

    assert.equal(statusOf(heard), 413);
    assert.match(heard, /connection: close/i);
  });

  it('that never ends is cut at the limit', async () => {
    const chunk = `${(16 * 1024).toString(16)}\r\n${'x'.repeat(16 * 1024)}\r\n`;
    const startedAt = Date.now();

    const heard = await house.raw([await head(['Transfer-Encoding: chunked']), ...Array.from({ length: 400 }, () => chunk)], 5_000);

    assert.ok(heard === '' || statusOf(heard) === 413, heard);
    assert.ok(Date.now() - startedAt < 3_000);
  });

  it('that stops in the middle of its body is given up', async () => {
    const heard = await house.raw([await head(['Content-Length: 1000']), '{"type":']);

    assert.equal(statusOf(heard), 400);
    assert.match(heard, /connection: close/i);
  });

  it('from a stranger is refused although its body does not come', async () => {
    const startedAt = Date.now();

    const heard = await house.raw(['POST /api/messages HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n']);

    assert.equal(statusOf(heard), 401);
    assert.ok(Date.now() - startedAt < 1_400);
  });

  const wires: readonly [string, string, readonly number[]][] = [
    ['a broken host', 'GET / HTTP/1.1\r\nHost: [bad\r\n\r\n', [400]],
    ['a host with a blank', 'GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n', [400]],
    ['a broken address', 'GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n', [400]],
    ['no path', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', [400]],
    ['two slashes', 'GET //healthz HTTP/1.1\r\nHost: a\r\n\r\n', [404]],
    ['a broken escape', 'GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n', [400, 404]],
    ['no HTTP', 'hello\r\n\r\n', [400]],
    ['a tunnel', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', [0]],
    ['a change of protocol', 'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n', [0]],
    ['two lengths', 'POST /api/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx', [400]],
    ['a length and chunks', 'POST /api/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', [400]],
    ['a header of 20 KiB', `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20 * 1024)}\r\n\r\n`, [431]],
  ];
  for (const [what, bytes, statuses] of wires) {
    it(`with ${what} harms nobody`, async () => {
      const heard = await house.raw([bytes], 400);

      assert.ok(statuses.includes(statusOf(heard)), heard);
      assert.ok(!/restify|node|invalid url/i.test(heard), heard);
    });
  }
});
