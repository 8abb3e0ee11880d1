import assert from 'node:assert/strict';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { closePageHouses, type PageHouse } from '../pages/a-browser.js';
import { everyRoute, headOf, openEverything, statusesIn, type AnyRoute } from './every-route.js';

const smuggled = 'GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n';
const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
const startOf = ({ method, path }: AnyRoute): string => `${method} ${path} HTTP/1.1\r\n`;
const many = (count: number): string => Array.from({ length: count }, (_, at) => `X-${at}: 1\r\n`).join('');

/** What is written, and what may come back on that line before it is closed: nothing, or exactly one answer. */
const wires: readonly [string, (route: AnyRoute) => string, readonly number[]][] = [
  ['a length and chunks', (route) => headOf(route, 'Content-Length: 5', 'Transfer-Encoding: chunked') + `0\r\n\r\n${smuggled}`, [400]],
  ['chunks and a length', (route) => headOf(route, 'Transfer-Encoding: chunked', 'Content-Length: 5') + `0\r\n\r\n${smuggled}`, [400]],
  ['two lengths', (route) => headOf(route, 'Content-Length: 0', `Content-Length: ${smuggled.length}`) + smuggled, [400]],
  ['two lengths in one', (route) => headOf(route, `Content-Length: 0, ${smuggled.length}`) + smuggled, [400]],
  ['a length with a sign', (route) => headOf(route, 'Content-Length: +0') + smuggled, [400]],
  ['a length below nothing', (route) => headOf(route, 'Content-Length: -1') + smuggled, [400]],
  ['a length in another system', (route) => headOf(route, 'Content-Length: 0x0') + smuggled, [400]],
  ['an endless length', (route) => headOf(route, 'Content-Length: 99999999999999999999999') + smuggled, [400]],
  ['a blank before the colon', (route) => headOf(route, 'Transfer-Encoding : chunked') + `0\r\n\r\n${smuggled}`, [400]],
  ['chunks misspelt', (route) => headOf(route, 'Transfer-Encoding: xchunked') + `0\r\n\r\n${smuggled}`, [400]],
  ['chunks that are not last', (route) => headOf(route, 'Transfer-Encoding: chunked, identity') + `0\r\n\r\n${smuggled}`, [400]],
  ['a folded header', (route) => headOf(route, 'X: a', ' b: c'), [400]],
  ['a header without a colon', (route) => headOf(route, 'nonsense'), [400]],
  ['a header with a zero', (route) => headOf(route, 'X: a\0b'), [400]],
  ['a header with a bare carriage return', (route) => headOf(route, 'X: a\rY: b'), [400]],
  ['a header that is not ASCII by name', (route) => headOf(route, 'Ünwelcome: 1'), [400]],
  ['no host', (route) => `${startOf(route)}\r\n`, [400]],
  ['a broken host', (route) => `${startOf(route)}Host: [\r\n\r\n`, [400]],
  ['a whole address', ({ method, path }) => `${method} http://thief.example${path} HTTP/1.1\r\nHost: bot\r\n\r\n`, [400]],
  ['no slash', ({ method, path }) => `${method} ${path.slice(1)} HTTP/1.1\r\nHost: bot\r\n\r\n`, [400]],
  ['a zero in the path', ({ method, path }) => `${method} ${path}\0 HTTP/1.1\r\nHost: bot\r\n\r\n`, [400]],
  ['a version of tomorrow', ({ method, path }) => `${method} ${path} HTTP/3.7\r\nHost: bot\r\n\r\n`, [400]],
  ['the second version', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
  ['a tunnel', () => 'CONNECT thief.example:443 HTTP/1.1\r\nHost: thief.example\r\n\r\n', []],
  ['another protocol', (route) => headOf(route, 'Connection: Upgrade', 'Upgrade: websocket'), []],
  ['HTTP/2 without encryption', (route) => headOf(route, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'), []],
  ['a method nobody knows', ({ path }) => `STEAL ${path} HTTP/1.1\r\nHost: bot\r\n\r\n`, [400]],
  ['a wish nobody knows', (route) => headOf(route, 'Expect: something', 'Connection: close'), [417]],
  ['too many headers', (route) => `${startOf(route)}Host: bot\r\n${many(100)}\r\n`, [431]],
  ['thousands of headers', (route) => `${startOf(route)}Host: bot\r\n${many(1_500)}\r\n`, [431]],
  ['a header of 20 KiB', (route) => headOf(route, `X: ${'x'.repeat(20 * 1024)}`), [431]],
  ['a path of 20 KiB', ({ method, path }) => `${method} ${path}${'x'.repeat(20 * 1024)} HTTP/1.1\r\nHost: bot\r\n\r\n`, [431]],
];

describe('whatever comes in on the wire', function () {
  this.timeout(60_000);
  let house: PageHouse;
  before(async () => { house = await openEverything(300); });
  after(closePageHouses);
  afterEach('the server goes on', async () => {
    assert.equal((await fetch(`${house.url}/healthz`)).status, 200);
    assert.equal(house.lines.some((line) => line.includes('"level":"error"') || line.includes('"level":50')), false);
  });

  const toEach = async (ask: (route: AnyRoute) => Promise<void>, routes = everyRoute): Promise<void> => void (await Promise.all(routes.map(ask)));
  const posts = everyRoute.filter(({ method }) => method === 'POST');

  for (const [what, written, statuses] of wires) {
    it(`with ${what} gets ${statuses[0] ?? 'nothing'} at each address, and no second answer`, () => toEach(async (route) => {
      const begun = Date.now();

      const heard = await house.raw([written(route)], 3_000);

      assert.deepEqual(statusesIn(heard), statuses, `${route.method} ${route.path}: ${heard.slice(0, 300)}`);
      assert(Date.now() - begun < 2_900, `${route.path} was left open`);
      assert.doesNotMatch(heard, /restify|node|llhttp|HPE_|thief/i);
    }));
  }

  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    it(`with ${method} is not allowed anywhere, and nothing of it comes back`, () => toEach(async (route) => {
      const heard = await house.raw([`${method} ${route.path} HTTP/1.1\r\nHost: bot\r\nX-Secret: echo\r\nConnection: close\r\n\r\n`]);

      assert.deepEqual(statusesIn(heard), [405], heard);
      assert.doesNotMatch(heard, /echo|access-control/i);
    }));
  }

  it('as a body that never ends is cut', () => toEach(async (route) => {
    const begun = Date.now();

    const heard = await house.raw([headOf(route, 'Transfer-Encoding: chunked'), ...Array.from({ length: 400 }, () => chunk)], 5_000);

    assert(statusesIn(heard).length <= 1, heard);
    assert(Date.now() - begun < 4_000, route.path);
  }));

  it('as a body that announces more than it brings, and hangs up, ends there', () => toEach(async (route) => {
    const heard = await new Promise<string>((resolve) => {
      const socket = net.connect(Number(new URL(house.url).port), '127.0.0.1');
      let all = '';
      socket.on('data', (data) => { all += data.toString('latin1'); }).on('error', () => undefined).on('close', () => resolve(all));
      socket.end(`${headOf(route, 'Content-Length: 1000')}{"a"`);
    });

    assert(statusesIn(heard).length <= 1, heard);
  }));

  it('as a body that comes letter by letter is not waited for', () => toEach(async (route) => {
    const begun = Date.now();
    const socket = net.connect(Number(new URL(house.url).port), '127.0.0.1');
    const closed = new Promise<void>((resolve) => void socket.on('close', () => resolve()).on('error', () => undefined).resume());
    socket.write(headOf(route, 'Content-Length: 1000'));
    const drip = setInterval(() => socket.write('x'), 50);

    await closed;

    clearInterval(drip);
    assert(Date.now() - begun < 4_000, route.path);
  }));

  it('as a form is read only as a form, and only so far', () => toEach(async (route) => {
    const post = (body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
      fetch(`${house.url}${route.path}`, { method: 'POST', redirect: 'manual', body: body as string, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } }).then(({ status }) => status);

    assert.deepEqual([
      await post('x'.repeat(9_000)), await post('a=b', { 'content-encoding': 'gzip' }), await post('{}', { 'content-type': 'application/json' }), await post('a=b', { 'content-type': 'multipart/form-data; boundary=x' }),
    ], [413, 415, 415, 415]);
    const odd = ['__proto__=1&constructor=2', 'token=%00&ticket=%00&tenant=%00&csrf=%00&lang=%00', 'token=%ff%fe&lang=%', 'lang=en&lang=tr&tenant[]=1', Buffer.from([0xff, 0xfe, 0, 0x3d]), '&'.repeat(4_000)];
    for (const body of odd) {
      const status = await post(body);
      assert([303, 400, 401, 403].includes(status), `${status}`);
    }
  }, posts.filter(({ path }) => !path.startsWith('/api/'))));

  it('as an odd query or path is answered without a fault', async () => {
    for (const { path } of everyRoute.filter(({ method }) => method === 'GET')) {
      for (const odd of ['%00', '%ff', '/..%2f..%2fetc%2fpasswd', '?state=%00&tenant=%00&lang=%00', '?a[__proto__]=1&__proto__=2', `?state=${'x'.repeat(8_000)}`, '?%', ';x=y']) {
        const { status } = await fetch(`${house.url}${path}${odd}`, { redirect: 'manual' });
        assert(status < 500, `${path}${odd}: ${status}`);
      }
    }
  });

  it('as twenty questions at once is answered twenty times, in order', async () => {
    const paths = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? '/healthz' : '/nowhere'));

    const heard = await house.raw([paths.map((path, at) => `GET ${path} HTTP/1.1\r\nHost: bot\r\n${at === 19 ? 'Connection: close\r\n' : ''}\r\n`).join('')]);

    assert.deepEqual(statusesIn(heard), paths.map((path) => (path === '/healthz' ? 200 : 404)));
  });

  it('by a thousand others who say nothing is no less heard', async () => {
    const idle = await Promise.all(Array.from({ length: 1_000 }, () => new Promise<net.Socket>((resolve, reject) => {
      const socket = net.connect(Number(new URL(house.url).port), '127.0.0.1', () => resolve(socket)).on('error', reject);
    })));
    await wait(100);

    const statuses = await Promise.all(everyRoute.filter(({ method }) => method === 'GET').map(({ path }) => fetch(`${house.url}${path}`).then(({ status }) => status)));

    for (const socket of idle) socket.destroy();
    assert(statuses.every((status) => [200, 400, 404].includes(status)), statuses.join());
  });
});
