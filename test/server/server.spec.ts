import assert from 'node:assert/strict';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { mint } from '../bot/channel/key-service.js';
import { anActivity, closeHouses, CONTOSO, ELIF, openHouse } from './house.js';

class LedgerUnavailableError extends Error {
  override readonly name = 'LedgerUnavailableError';
}

const metricsOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

describe('the server', () => {
  afterEach(closeHouses);

  it('answers with what the turn says', async () => {
    const house = await openHouse({ turn: async () => ({ status: 200, body: { statusCode: 200, type: 'text', value: 'Davet kabul edildi ✓' } }) });

    const answer = await house.post();

    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    assert.equal((JSON.parse(answer.text) as { value: string }).value, 'Davet kabul edildi ✓');
  });

  it('hands a turn the activity and what the token said', async () => {
    const seen: unknown[] = [];
    const house = await openHouse({ turn: async (activity, claims) => { seen.push(activity.text, claims.serviceUrl); return { status: 200 }; } });

    await house.post();

    assert.deepEqual(seen, ['invite contoso.com', 'https://smba.trafficmanager.net/emea/']);
  });

  it('says no more than "failed" when a turn fails, and logs where', async () => {
    const house = await openHouse({ turn: async () => { throw new TypeError('Elif Kaya typed a secret'); } });

    const answer = await house.post();

    assert.deepEqual([answer.status, answer.text], [500, '{"error":"failed"}']);
    const line = house.lines.find((one) => one.includes('A turn failed.')) ?? '';
    assert.match(line, /"kind":"TypeError"/);
    assert.match(line, /"reference":"[0-9a-f-]{36}"/);
    assert.doesNotMatch(line, /secret|Elif/);
  });

  it('asks to come again when the ledger is out of reach', async () => {
    const house = await openHouse({ turn: async () => { throw new LedgerUnavailableError(); } });

    const answer = await house.post();

    assert.deepEqual([answer.status, answer.text], [503, '{"error":"unavailable"}']);
    assert.match(await metricsOf(house.server.url), /bot_turns_total\{type="message",outcome="unavailable"\} 1/);
  });

  it('knows three addresses, one method each, and gives nothing away', async () => {
    const house = await openHouse();
    const ask = async (path: string, method: string) => {
      const answer = await fetch(`${house.server.url}${path}`, { method });
      return { status: answer.status, text: await answer.text(), headers: answer.headers };
    };

    assert.equal((await ask('/healthz', 'GET')).status, 200);
    for (const path of ['/', '/secret-path', '/api', '/api/messages/', '/API/messages', '/..%2f..%2fetc/passwd', '/.env', '/favicon.ico']) {
      assert.deepEqual(await ask(path, 'GET').then(({ status, text }) => [status, text]), [404, '{"error":"not found"}'], path);
    }
    for (const [path, method] of [['/api/messages', 'GET'], ['/api/messages', 'PUT'], ['/api/messages', 'DELETE'], ['/healthz', 'POST'], ['/metrics', 'DELETE']] as const) {
      assert.deepEqual(await ask(path, method).then(({ status, text }) => [status, text]), [405, '{"error":"method not allowed"}'], `${method} ${path}`);
    }
    const { headers } = await ask('/healthz', 'GET');
    assert.equal(headers.get('server'), null);
    assert.equal(headers.get('x-powered-by'), null);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
  });

  it('has room for the pages of local mode', async () => {
    const house = await openHouse({ pages: (server) => { server.get('/', async (_req, res) => void res.sendRaw(200, 'hello')); } });

    assert.equal(await (await fetch(house.server.url)).text(), 'hello');
  });

  it('survives a page that breaks before or after its answer', async () => {
    const house = await openHouse({ pages: (server) => {
      server.get('/before', async () => { throw new Error('secret'); });
      server.get('/after', async (_req, res) => { res.sendRaw(200, 'hello'); throw new Error('secret'); });
    } });

    const [before, after] = await Promise.all([fetch(`${house.server.url}/before`), fetch(`${house.server.url}/after`)]);

    assert.deepEqual([before.status, await before.text()], [500, '{"error":"failed"}']);
    assert.deepEqual([after.status, await after.text()], [200, 'hello']);
    assert.equal((await house.post()).status, 200);
  });

  it('refuses to start on a port that is taken', async () => {
    const house = await openHouse();

    await assert.rejects(openHouse({ port: house.port }), { code: 'EADDRINUSE' });
  });
});

describe('a limit on turns', () => {
  afterEach(closeHouses);

  it('turns one person away for a while, and nobody else', async () => {
    const house = await openHouse({ limits: { perUser: 2, perTenant: 0 } });
    const other = anActivity({ from: { id: '29:can', aadObjectId: 'e0000000-0000-0000-0000-000000000002' } });

    const statuses = [(await house.post()).status, (await house.post()).status];
    const third = await house.post();

    assert.deepEqual(statuses, [200, 200]);
    assert.deepEqual([third.status, third.text, third.headers.get('retry-after')], [429, '{"error":"too many requests"}', '30']);
    assert.equal((await house.post(other)).status, 200);
    house.clock.now = new Date(house.clock.now.getTime() + 30_000);
    assert.equal((await house.post()).status, 200);
    assert.equal((await house.post()).status, 429);
  });

  it('counts one person of two tenants twice, and a tenant with all its people', async () => {
    const house = await openHouse({ limits: { perUser: 1, perTenant: 2 } });
    const elsewhere = 'f0000000-0000-0000-0000-000000000009';
    const someone = (oid: string) => anActivity({ from: { id: `29:${oid}`, aadObjectId: oid } });

    assert.equal((await house.post()).status, 200);
    assert.equal((await house.post(anActivity({ conversation: { id: 'a:x', tenantId: elsewhere }, channelData: { tenant: { id: elsewhere } } }))).status, 200);
    assert.equal((await house.post(someone('e0000000-0000-0000-0000-000000000002'))).status, 200);
    assert.equal((await house.post(someone('e0000000-0000-0000-0000-000000000003'))).status, 429);
  });

  it('of 0 is none', async () => {
    const house = await openHouse({ limits: { perUser: 0, perTenant: 0 } });

    const answers = await Promise.all(Array.from({ length: 40 }, () => house.post()));

    assert.ok(answers.every(({ status }) => status === 200));
  });

  it('on tenants lets in only those that are served', async () => {
    const house = await openHouse({ allowedTenants: [CONTOSO] });
    const stranger = 'f0000000-0000-0000-0000-000000000009';

    assert.equal((await house.post()).status, 200);
    assert.equal((await house.post(anActivity({ conversation: { id: 'a:x', tenantId: stranger }, channelData: { tenant: { id: stranger } } }))).status, 403);
    assert.equal((await house.post(anActivity({ conversation: { id: 'a:x' }, channelData: {} }))).status, 403);
  });

  it('of fifty turns at once holds, and ends with them', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => { release = resolve; });
    let running = 0;
    const house = await openHouse({ turn: async () => { running += 1; await held; return { status: 200 }; } });

    const first = Array.from({ length: 50 }, () => house.post());
    while (running < 50) await pause(5);
    const late = await house.post();
    release();

    assert.deepEqual([late.status, late.headers.get('retry-after')], [503, '1']);
    assert.ok((await Promise.all(first)).every(({ status }) => status === 200));
    assert.equal((await house.post()).status, 200);
  });
});

describe('the keys of the channel', () => {
  afterEach(closeHouses);

  it('are asked for once, however many come first', async () => {
    const house = await openHouse();
    house.keyService.mood = 'slow';

    const answers = await Promise.all(Array.from({ length: 20 }, () => house.post()));

    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(house.keyService.reads, 1);
  });

  it('that cannot be read make it 503 for those who could be right, and 401 for the rest', async () => {
    const house = await openHouse();
    house.keyService.mood = 'cut';

    assert.deepEqual(await house.post().then(({ status, text }) => [status, text]), [503, '{"error":"unavailable"}']);
    assert.equal((await house.post(anActivity(), { authorization: 'Bearer garbage' })).status, 401);

    house.keyService.mood = 'well';
    house.clock.now = new Date(house.clock.now.getTime() + 1_000);
    assert.equal((await house.post()).status, 200);
  });

  it('are used for days while their service is down', async () => {
    const house = await openHouse();
    await house.tokens.warm();
    house.keyService.mood = 'cut';
    house.clock.now = new Date(house.clock.now.getTime() + 3 * 24 * 3600_000);
    const soon = house.clock.now.getTime() / 1000 + 600;

    assert.equal((await house.post(anActivity(), { authorization: await mint({ claims: { exp: soon } }) })).status, 200);
    assert.equal((await house.post(anActivity(), { authorization: await mint({ claims: { exp: soon }, header: { kid: 'unheard-of' } }) })).status, 401);
  });
});

describe('the probes', () => {
  afterEach(closeHouses);

  it('tell the operator which part is not ready, and strangers only that something is not', async () => {
    const house = await openHouse({ metricsToken: 'a-token-of-the-operator', readiness: async () => ({ ready: false, parts: { ledger: false, keys: true } }) });
    const ask = async (headers: Record<string, string>) => {
      const answer = await fetch(`${house.server.url}/readyz`, { headers });
      return [answer.status, await answer.json()];
    };

    assert.deepEqual(await ask({}), [503, { ready: false }]);
    assert.deepEqual(await ask({ authorization: 'Bearer a-token-of-the-operator' }), [503, { ready: false, parts: { ledger: false, keys: true } }]);
    assert.equal((await fetch(`${house.server.url}/healthz`)).status, 200);
  });

  it('are red when readiness cannot be found out', async () => {
    const house = await openHouse({ readiness: async () => { throw new Error('broken'); } });

    assert.equal((await fetch(`${house.server.url}/readyz`)).status, 503);
  });

  it('give figures to this machine, not to whom a proxy speaks for', async () => {
    const house = await openHouse();
    await house.post();
    await house.post(anActivity({ type: 'somethingNew' }));
    await house.post('[]');

    const text = await metricsOf(house.server.url);

    assert.match(text, /bot_turns_total\{type="message",outcome="answered"\} 1/);
    assert.match(text, /bot_turns_total\{type="other",outcome="answered"\} 1/);
    assert.match(text, /bot_turn_seconds_count 2/);
    assert.match(text, /bot_gate_refusals_total\{status="400"\} 1/);
    assert.ok(!text.includes(CONTOSO) && !text.includes(ELIF));
    for (const name of ['x-forwarded-for', 'x-forwarded-proto', 'forwarded', 'via', 'x-real-ip']) {
      assert.equal((await fetch(`${house.server.url}/metrics`, { headers: { [name]: '203.0.113.7' } })).status, 403, name);
    }
  });

  it('are not deceived by headers so many that the proxy’s own is not read any more', async () => {
    const house = await openHouse();
    const ask = (count: number) => house.raw([`GET /metrics HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n${'X: 1\r\n'.repeat(count)}X-Forwarded-For: 203.0.113.7\r\n\r\n`]);

    assert.match(await ask(97), /^HTTP\/1\.1 403 /);
    for (const count of [98, 99, 100, 200]) assert.match(await ask(count), /^HTTP\/1\.1 431 /, `${count}`);
  });

  it('ask for the token when there is one', async () => {
    const house = await openHouse({ metricsToken: 'a-token-of-the-operator' });
    const ask = (authorization?: string) => fetch(`${house.server.url}/metrics`, authorization ? { headers: { authorization } } : {});

    assert.deepEqual([(await ask()).status, (await ask('Bearer wrong')).status, (await ask('Bearer a-token-of-the-operator')).status], [401, 401, 200]);
  });
});

describe('a stop', () => {
  afterEach(closeHouses);

  it('lets the turn in flight end, takes no new one and is red at once', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => { release = resolve; });
    let running = 0;
    const house = await openHouse({ turn: async () => { running += 1; await held; return { status: 200 }; } });

    const inFlight = house.post();
    while (running < 1) await pause(5);
    const stopped = house.server.stop();
    const late = await house.post().then(({ status }) => status, () => 'nobody there');
    release();

    assert.ok(late === 'nobody there' || late === 503, String(late));
    assert.equal((await inFlight).status, 200);
    await stopped;
  });

  it('tells whoever was still speaking when it began to come again, and hangs up', async () => {
    const house = await openHouse();
    const body = JSON.stringify(anActivity());
    const head = `POST /api/messages HTTP/1.1\r\nHost: bot\r\nAuthorization: ${await mint()}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    const line = net.connect(house.port, '127.0.0.1');
    let heard = '';
    const isOver = new Promise<void>((resolve) => void line.on('data', (data) => { heard += data.toString(); }).on('close', resolve));
    line.write(head.slice(0, 40));
    await pause(50);

    const stopped = house.server.stop();
    line.write(head.slice(40) + body);
    await Promise.all([isOver, stopped]);

    assert.match(heard, /^HTTP\/1\.1 503 [^]*\r\nconnection: close\r\n/i);
    assert.match(heard, /\r\nretry-after: 1\r\n/i);
    assert.deepEqual(house.turns, []);
  });

  it('does not wait for ever', async () => {
    let running = 0;
    const house = await openHouse({ drainMs: 200, turn: () => new Promise(() => { running += 1; }) });
    const lost = house.post().then(() => 'answered', () => 'cut');
    while (running < 1) await pause(5);

    await house.server.stop();

    assert.equal(await lost, 'cut');
  });
});
