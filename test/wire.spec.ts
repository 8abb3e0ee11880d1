import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWire, TooLateError } from '../src/wire.js';

describe('one request over the wire', () => {
  const heard: string[] = [];
  let server: Server;
  let url = '';
  const wire = createWire({ mostBytes: 1000 });
  const ask = (path: string, timeoutMs = 2_000) => wire(`${url}${path}`, { method: 'POST', headers: { accept: 'text/plain' }, body: 'çok', timeoutMs });

  before(async () => {
    server = createServer((req, res) => {
      heard.push(`${req.method} ${req.url}`);
      if (req.url === '/silent') return;
      if (req.url === '/half') {
        res.writeHead(200, { 'content-length': 10 });
        res.write('half');
        return;
      }
      if (req.url === '/cut') return void req.socket.destroy();
      if (req.url === '/elsewhere') res.statusCode = 302;
      res.setHeader('location', '/');
      req.pipe(res);
      if (req.url === '/long') res.write('x'.repeat(1001));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => { heard.length = 0; });

  it('gives the whole answer, with its path and query as they were asked', async () => {
    const { status, headers, text } = await ask('/a?b=c%20d');

    assert.deepEqual([status, headers['location'], text, heard], [200, '/', 'çok', ['POST /a?b=c%20d']]);
  });

  it('follows no redirect', async () => {
    assert.equal((await ask('/elsewhere')).status, 302);
    assert.deepEqual(heard, ['POST /elsewhere']);
  });

  for (const path of ['/silent', '/half']) {
    it(`waits no longer than it may: ${path}`, async () => {
      await assert.rejects(ask(path, 100), TooLateError);
      assert.deepEqual(heard, [`POST ${path}`]);
    });
  }

  it('is not sent when there is no time left', async () => {
    await ask('/before');
    await assert.rejects(ask('/', 0), TooLateError);
    await ask('/after');
    assert.deepEqual(heard, ['POST /before', 'POST /after']);
  });

  it('is not sent again when the line is cut, and reads no answer without end', async () => {
    await assert.rejects(ask('/cut'));
    await assert.rejects(ask('/long'), { code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
    assert.deepEqual(heard, ['POST /cut', 'POST /long']);
  });
});
