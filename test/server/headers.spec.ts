import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Server } from 'restify';
import { mountConsole } from '../../src/local/console/console.js';
import { createTeams } from '../../src/local/teams/teams.js';
import { openSandbox } from '../local/partner-center/a-sandbox.js';
import { closePageHouses } from '../pages/a-browser.js';
import { freePort } from '../stories/product.js';
import { everyRoute, openEverything, OPERATOR_TOKEN } from './every-route.js';
import { openHouse } from './house.js';

type Listed = { readonly method: string; readonly path: string };
/** What a server says itself that it answers to. */
const routesOf = (server: Server): readonly Listed[] =>
  Object.values((server.router as unknown as { getRoutes(): Readonly<Record<string, Listed>> }).getRoutes()).map(({ method, path }) => ({ method, path }));

const expected = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': /^camera=\(\), .*geolocation=\(\), microphone=\(\)/,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'server': undefined,
  'x-powered-by': undefined,
  'access-control-allow-origin': undefined,
};
const directives = (policy: string): ReadonlyMap<string, string> =>
  new Map(policy.split(';').map((one) => one.trim()).map((one): [string, string] => [one.split(' ')[0] ?? '', one.split(' ').slice(1).join(' ')]));

const mistakesIn = (headers: Headers, isHttps: boolean): readonly string[] => {
  const policy = directives(headers.get('content-security-policy') ?? '');
  const own: readonly (readonly [string, boolean])[] = [
    ['default-src', policy.get('default-src') === "'none'"], ['frame-ancestors', policy.get('frame-ancestors') === "'none'"], ['base-uri', policy.get('base-uri') === "'none'"],
    ['form-action', /^('none'|'self'( https?:\S*)*)$/.test(policy.get('form-action') ?? '')],
    ['unsafe', !/unsafe|\*(?!$|[ ;])|data:.*script/.test(`${policy.get('script-src')} ${policy.get('style-src')}`)],
    ['elsewhere', ['script-src', 'style-src', 'connect-src', 'img-src'].every((name) => /^('self'|'sha256-[\w+/=]{44}'|data:| )*$/.test(policy.get(name) ?? ''))],
  ];
  const others = Object.entries({ ...expected, 'strict-transport-security': isHttps ? 'max-age=31536000' : undefined })
    .filter(([name, value]) => (value instanceof RegExp ? !value.test(headers.get(name) ?? '') : (headers.get(name) ?? undefined) !== value)).map(([name]) => name);
  return [...own.filter(([, isRight]) => !isRight).map(([name]) => `csp ${name}`), ...others];
};

describe('the headers that keep strangers out', function () {
  this.timeout(60_000);
  afterEach(closePageHouses);

  const ask = (url: string, method: string, init: RequestInit = {}) => fetch(url, { method, redirect: 'manual', ...init });
  const filled = (path: string): string => path.replace(/:key|:person|:\w+/g, 'k'.repeat(43));

  for (const isHttps of [true, false]) {
    it(`are on every answer of a live service that people reach by ${isHttps ? 'https' : 'http'}`, async () => {
      let listed: readonly Listed[] = [];
      const house = await openEverything(300, { isHttps }, isHttps ? 'https://bot.example' : undefined, (server) => { listed = routesOf(server); });
      const file = `/files/${'f'.repeat(43)}`;
      const entered = await ask(`${house.url}/partners/enter`, 'POST', { body: new URLSearchParams({ token: OPERATOR_TOKEN }) });
      const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';

      const asked = [
        ...everyRoute, { method: 'GET', path: file }, { method: 'GET', path: '/nowhere' }, { method: 'DELETE', path: '/healthz' }, { method: 'HEAD', path: '/partners' }, { method: 'GET', path: '/partners', cookie }, { method: 'POST', path: '/consent/go', form: 'a=b' },
      ] as readonly (Listed & { readonly cookie?: string; readonly form?: string })[];
      const mistakes = await Promise.all(asked.map(async ({ method, path, cookie: shown = '', form }) => {
        const { status, headers } = await ask(`${house.url}${path}`, method, { headers: { cookie: shown, ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }) }, ...(form !== undefined && { body: form }) });
        return [`${method} ${path} ${status}`, mistakesIn(headers, isHttps)] as const;
      }));

      assert.deepEqual(mistakes.filter(([, wrong]) => wrong.length > 0), []);
      assert.deepEqual([entered.status, mistakesIn(entered.headers, isHttps)], [303, []]);
      const known = everyRoute.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);
      assert.deepEqual(listed.map(({ method, path }) => `${method} ${filled(path)}`).filter((one) => !known.includes(one)), [], 'every route is walked');
    });
  }

  it('are on every answer of the console and the pretend Teams', async () => {
    const sandbox = await openSandbox();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const teams = await createTeams({ baseUrl: () => url, appId: 'b0', botUrl: () => `${url}/api/messages`, guid: randomUUID, machineNow: () => new Date(), file: ':memory:' });
    let listed: readonly Listed[] = [];
    await openHouse({ port, pages: (server) => {
      teams.mount(server);
      mountConsole(server, { teams, sandboxUrl: sandbox.url, onReset: async () => undefined });
      listed = routesOf(server);
    } });
    const files = ['main.js', 'theme.css', 'mark.svg'].map((name) => ({ method: 'GET', path: `/console/page/${name}` }));
    const vendors = ['adaptivecards.js', 'markdown-it.js'].map((name) => ({ method: 'GET', path: `/console/vendor/${name}` }));

    const mistakes = await Promise.all([...listed, ...files, ...vendors].map(async ({ method, path }) => {
      const stopped = new AbortController();
      const { status, headers } = await ask(`${url}${filled(path)}`, method, { signal: stopped.signal, headers: { origin: url }, ...(method !== 'GET' && { body: '{}' }) });
      stopped.abort();
      return [`${method} ${path} ${status}`, mistakesIn(headers, false)] as const;
    }));
    teams.close();
    await sandbox.close();

    assert(listed.length > 20, `${listed.length}`);
    assert.deepEqual(mistakes.filter(([, wrong]) => wrong.length > 0), []);
  });

  it('are on every answer of the sandbox, and on the pages that stand in for Microsoft’s', async () => {
    const sandbox = await openSandbox();
    const paths = [
      '/nowhere', '/sandbox/world', '/sandbox/clock', '/partner-center/v1/customers', '/graph/v1.0/organization', '/login/common/discovery/v2.0/keys', '/Adminportal/Home?partnerId=x', '/AdminPortal/Home',
      '/login/common/oauth2/v2.0/authorize?client_id=x', `/login/common/oauth2/v2.0/authorize?${new URLSearchParams({ client_id: sandbox.directoryApp.clientId, response_type: 'code', redirect_uri: 'http://localhost:1/x', scope: 'openid', state: 's' }).toString()}`, '/cert/root.pem',
    ];

    const mistakes = await Promise.all(paths.map(async (path) => {
      const { status, headers } = await ask(`${sandbox.url}${path}`, 'GET');
      return [`${path} ${status}`, mistakesIn(headers, false)] as const;
    }));
    await sandbox.close();

    assert.deepEqual(mistakes.filter(([, wrong]) => wrong.length > 0), []);
  });
});
