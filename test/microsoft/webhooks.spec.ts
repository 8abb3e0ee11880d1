import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventNotTakenError } from '../../src/commands/ports.js';
import { FABRIKAM } from '../local/partner-center/a-sandbox.js';
import { refusedWith, ScriptedMicrosoft, unavailable, type Line } from './a-client.js';

const mine = { url: 'https://bot.example/api/news/1', events: ['granular-admin-relationship-approved'] };

describe('a partner’s registration for news, over the wire', () => {
  const microsoft = new ScriptedMicrosoft();
  before(() => microsoft.open());
  after(() => microsoft.close());
  const feed = (...lines: readonly Line[]) => {
    microsoft.says(...lines);
    return microsoft.client().newsFeed;
  };

  it('is read in either letter case, and is nothing where there is none', async () => {
    for (const body of [{ WebhookUrl: mine.url, WebhookEvents: mine.events }, { webhookUrl: mine.url, webhookEvents: mine.events }]) {
      assert.deepEqual(await feed({ body }).registration(FABRIKAM), mine);
    }
    assert.deepEqual(await feed({ body: { WebhookUrl: mine.url, WebhookEvents: null } }).registration(FABRIKAM), { url: mine.url, events: [] });
    assert.equal(await feed({ status: 404, body: { code: 600009 } }).registration(FABRIKAM), undefined);
    assert.equal(await feed({ body: { WebhookUrl: null } }).registration(FABRIKAM), undefined);
    await assert.rejects(feed({ status: 403, body: { code: 1 } }).registration(FABRIKAM), unavailable());
  });

  it('is made where there is none, and changed where there is one', async () => {
    const { register } = feed({ body: {} });

    assert.deepEqual([await register(FABRIKAM, mine), await register(FABRIKAM, mine, { url: 'https://tool.example', events: [] })], ['registered', 'registered']);

    const body = { WebhookUrl: mine.url, WebhookEvents: mine.events };
    assert.deepEqual(microsoft.written, ['POST', 'PUT'].map((method) => ({ method, url: '/pc/webhooks/v1/registration', body })));
  });

  it('may be refused', async () => {
    assert.deepEqual(refusedWith(await feed({ status: 403, body: { code: 2032 } }).register(FABRIKAM, mine)), ['ROLE_NOT_ALLOWED', '2032']);
    await assert.rejects(feed({ status: 500 }).register(FABRIKAM, mine), unavailable());
  });

  it('is tried with an event of Microsoft’s own', async () => {
    const { askTest, testResult } = feed({ body: { CorrelationId: 'a test' } }, { body: { Status: 'completed', Results: [{ ResponseCode: 'OK' }, { ResponseCode: 404 }, {}] } });

    assert.deepEqual(await askTest(FABRIKAM), { test: 'a test' });
    assert.deepEqual(await testResult(FABRIKAM, 'a test'), { status: 'completed', answers: ['OK', '404', ''] });
  });
});

describe('an event that is passed on', () => {
  const heard: { readonly method: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer }[] = [];
  let status = 200;
  const tool = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      heard.push({ method: req.method ?? '', headers: req.headers, body: Buffer.concat(chunks) });
      res.statusCode = status;
      res.setHeader('location', 'http://127.0.0.1:1/');
      res.end();
    });
  });
  const microsoft = new ScriptedMicrosoft();
  before((done) => void tool.listen(0, '127.0.0.1', done));
  after(() => { tool.closeAllConnections(); tool.close(); });
  beforeEach(() => { [heard.length, status] = [0, 200]; });
  const passOn = (headers: Readonly<Record<string, string>>, body = Buffer.from('{}')) =>
    microsoft.client().newsFeed.passOn(`http://127.0.0.1:${(tool.address() as AddressInfo).port}/hooks`, { headers, body });

  it('arrives as it was signed, to the last bit', async () => {
    const body = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x22, 0xc3, 0x87, 0x22, 0xff, 0x0d, 0x0a, 0x7d]);
    const headers = { 'content-type': 'application/json; charset=utf-8', authorization: 'Signature abc', 'x-ms-signature-algorithm': 'rsa-sha256' };

    await passOn(headers, body);

    assert.deepEqual(heard.map(({ method, body: bytes }) => [method, bytes]), [['POST', body]]);
    for (const [name, value] of Object.entries(headers)) assert.equal(heard[0]?.headers[name], value);
  });

  it('is JSON where nobody said what it is', async () => {
    await passOn({});

    assert.equal(heard[0]?.headers['content-type'], 'application/json');
  });

  it('is told once more when the tool is busy or broken, and not when it says no', async () => {
    for (status of [408, 425, 429, 500, 502, 503]) await assert.rejects(passOn({}), unavailable({ operation: 'passOn' }));
    for (status of [302, 400, 401, 404, 410]) await assert.rejects(passOn({}), new EventNotTakenError(status));
    for (status of [200, 202, 204]) await passOn({});

    assert.equal(heard.length, 14);
  });

  it('is told once more when the tool is away', async () => {
    await assert.rejects(microsoft.client().newsFeed.passOn('http://127.0.0.1:1/hooks', { headers: {}, body: Buffer.from('{}') }), unavailable({ operation: 'passOn' }));
  });
});
