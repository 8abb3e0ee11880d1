import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, buildConnector, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { createManagedIdentity } from '../../src/identity/managed-identity.js';
import { MachineClock } from '../local/partner-center/a-sandbox.js';

const IDENTITY = '22222222-3333-4444-8555-666666666666';
const EXCHANGE = 'api://AzureADTokenExchange';
const aDay = 86_400;

describe('a managed identity', () => {
  const heard: { readonly path: string; readonly headers: IncomingHttpHeaders }[] = [];
  let machine: MachineClock;
  let answer: () => { readonly status?: number; readonly body: string } | 'cut' | 'silent';
  const server = createServer((req, res) => {
    heard.push({ path: req.url ?? '', headers: req.headers });
    const said = answer();
    if (said === 'cut') return void res.destroy();
    if (said === 'silent') return;
    res.writeHead(said.status ?? 200, { 'content-type': 'application/json' });
    res.end(said.body);
  });
  before((done) => void server.listen(0, '127.0.0.1', done));
  after(() => { server.closeAllConnections(); server.close(); });
  const nowSeconds = (): number => Math.floor(machine.now().getTime() / 1000);
  beforeEach(() => {
    heard.length = 0;
    machine = new MachineClock();
    // As the services write it: a moment, as text.
    answer = () => ({ body: JSON.stringify({ access_token: `token-${heard.length}`, expires_on: String(nowSeconds() + aDay), resource: EXCHANGE, token_type: 'Bearer', client_id: IDENTITY }) });
  });

  const service = () => ({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`, header: 'the-header' });
  const identity = (more: Partial<Parameters<typeof createManagedIdentity>[0]> = {}) => createManagedIdentity({ clientId: IDENTITY, machineNow: machine.now, service: service(), ...more });
  const asked = () => heard.map(({ path }) => Object.fromEntries(new URL(path, 'http://x').searchParams));

  it('gives its token where Container Apps and App Service offer it', async () => {
    assert.deepEqual(await identity()(EXCHANGE), { token: 'token-1', expiresInSeconds: aDay });

    assert.deepEqual(asked(), [{ resource: EXCHANGE, client_id: IDENTITY, 'api-version': '2019-08-01' }]);
    assert.equal(heard[0]?.path.split('?')[0], '/msi/token');
    assert.equal(heard[0]?.headers['x-identity-header'], 'the-header');
    assert.equal(heard[0]?.headers['metadata'], undefined);
  });

  it('gives its token on a virtual machine, whose address is always the same', async () => {
    const usual = getGlobalDispatcher();
    const connect = buildConnector({});
    // That address leads to our server; everything else is as it is there.
    setGlobalDispatcher(new Agent({ connect: (options, done) => connect({ ...options, hostname: '127.0.0.1', port: new URL(service().url).port }, done) }));

    try {
      assert.deepEqual(await identity({ service: undefined })(EXCHANGE), { token: 'token-1', expiresInSeconds: aDay });
    } finally {
      await getGlobalDispatcher().close();
      setGlobalDispatcher(usual);
    }

    assert.deepEqual(asked(), [{ resource: EXCHANGE, client_id: IDENTITY, 'api-version': '2018-02-01' }]);
    assert.equal(heard[0]?.path.split('?')[0], '/metadata/identity/oauth2/token');
    const { host, metadata } = heard[0]?.headers ?? {};
    assert.deepEqual([host, metadata], ['169.254.169.254', 'true']);
    assert.equal(heard[0]?.headers['x-identity-header'], undefined);
  });

  it('keeps it until five minutes before its end, for each thing that it is for', async () => {
    const tokenFor = identity();
    const [first, again, other] = [await tokenFor(EXCHANGE), await tokenFor(EXCHANGE), await tokenFor('https://api.botframework.com')];
    assert.deepEqual([first.token, again.token, other.token], ['token-1', 'token-1', 'token-2']);

    machine.passes(aDay - 301);
    assert.deepEqual(await tokenFor(EXCHANGE), { token: 'token-1', expiresInSeconds: 301 });

    machine.passes(1);
    assert.deepEqual(await tokenFor(EXCHANGE), { token: 'token-3', expiresInSeconds: aDay });
  });

  it('understands an end that is written as a number', async () => {
    answer = () => ({ body: JSON.stringify({ access_token: 'a', expires_on: nowSeconds() + 3600 }) });

    assert.deepEqual(await identity()(EXCHANGE), { token: 'a', expiresInSeconds: 3600 });
  });

  for (const [what, said] of [
    ['does not exist', { status: 400, body: '{"error":"invalid_request","error_description":"Identity not found"}' }],
    ['may not be asked', { status: 403, body: '{"error":"forbidden"}' }],
    ['is throttled', { status: 429, body: '' }],
    ['is answered by a gateway', { status: 502, body: '<html>secret words</html>' }],
    ['has an empty token', { body: '{"access_token":"","expires_on":"1"}' }],
    ['has a token without an end', { body: '{"access_token":"secret words"}' }],
    ['is cut off', 'cut'],
  ] as const) {
    it(`that ${what} gives no token, and is asked anew the next time`, async () => {
      const tokenFor = identity();
      const usual = answer;
      answer = () => said;
      await assert.rejects(tokenFor(EXCHANGE), { name: 'IdentityUnavailableError', message: 'The managed identity gave no token.' });

      answer = usual;

      assert.equal((await tokenFor(EXCHANGE)).token, 'token-2');
    });
  }

  it('that says nothing is waited for no longer than three seconds', async () => {
    answer = () => 'silent';
    const startedAt = performance.now();

    await assert.rejects(identity()(EXCHANGE), { name: 'IdentityUnavailableError' });

    assert(performance.now() - startedAt < 4_500);
  });

  it('whose token service is not there gives none', async () => {
    await assert.rejects(identity({ service: { url: 'http://127.0.0.1:1/msi/token', header: 'x' } })(EXCHANGE), { name: 'IdentityUnavailableError' });
  });
});
