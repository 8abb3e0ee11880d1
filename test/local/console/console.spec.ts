import { strict as assert } from 'node:assert';
import { request } from 'node:http';
import { cardAnswer, sampleCard, sentenceAnswer, asAttachment } from './cards.js';
import { startDesk, until, type Desk } from './desk.js';
import { ids } from './stand-ins.js';

type State = { now: string; sandboxUrl: string; defaults: { left: string; right: string }; people: { id: string; name: string; installed: boolean; tenant: Record<string, string> }[] };
type Outcome = { status: number; body?: { statusCode?: number } };

describe('the console’s own server', () => {
  let desk: Desk;
  beforeEach(async () => { desk = await startDesk(); });
  afterEach(() => desk.stop());

  const get = async <Body>(path: string): Promise<Body> => (await fetch(desk.url + path)).json() as Promise<Body>;
  const post = (path: string, wish: unknown, headers: Record<string, string> = { origin: desk.url }): Promise<Response> =>
    fetch(`${desk.url}/console/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(wish) });
  /** The first look at the page, until the bot has heard of both who sit at it. */
  const sitDown = async (): Promise<State> => {
    const state = await get<State>('/console/state');
    await until('both installations to be announced', () => desk.bot.heard.filter(({ activity }) => activity.type === 'installationUpdate').length === 2);
    return state;
  };
  /** fetch does not let anybody choose the Host header. */
  const statusUnderHost = (host: string, path = '/'): Promise<number> =>
    new Promise((resolve, reject) => request({ host: '127.0.0.1', port: desk.port, path, headers: { host } }, (res) => { res.resume(); resolve(res.statusCode ?? 0); }).on('error', reject).end());

  it('seats a sales agent of a direct-bill partner and a real Global admin of a customer with a partner, and installs the app for both', async () => {
    const { defaults, people, now, sandboxUrl } = await sitDown();

    assert.deepEqual(defaults, { left: ids.elif, right: ids.ayse });
    assert.deepEqual(people.filter(({ installed }) => installed).map(({ name }) => name), ['Elif Kaya', 'Ayşe Yılmaz']);
    assert.equal(now, '2026-11-22T09:00:00.000Z');
    assert.equal(sandboxUrl, desk.sandbox.url);
    assert.deepEqual(people.at(-1)?.tenant, { id: ids.contoso, name: 'Contoso', domain: 'contoso.com', country: 'TR', cloud: 'commercial', side: 'customer' });
    // Elif writes English, and sits in Türkiye.
    assert.deepEqual(new Set(desk.bot.heard.map(({ activity }) => activity.entities[0]?.['timezone'])), new Set(['Europe/Istanbul']));
  });

  it('installs nobody by itself when somebody has been here before', async () => {
    await desk.teams.install({ tenant: ids.contoso, id: ids.gul, name: 'Gül Konuk', locale: 'tr-TR' });

    const { people } = await get<State>('/console/state');

    assert.deepEqual(people.filter(({ installed }) => installed).map(({ name }) => name), ['Gül Konuk']);
  });

  it('carries a sentence to the bot and the bot’s answer into the chat', async () => {
    await sitDown();
    desk.bot.answer = async ({ text, conversation }) => { if (text) await desk.bot.write(conversation.id, { type: 'message', text: `You said ${text}`, summary: 'An answer' }); };

    const outcome = (await (await post('say', { person: ids.elif, text: 'help' })).json()) as Outcome;

    assert.equal(outcome.status, 200);
    const { messages } = await get<{ messages: { from: string; text: string }[] }>(`/console/chat/${ids.elif}`);
    assert.deepEqual(messages.map(({ from, text }) => [from, text]), [['person', 'help'], ['bot', 'You said help']]);
  });

  it('carries a press with its fields to the bot, and shows the card that comes back in the place of the pressed one', async () => {
    await sitDown();
    const id = await desk.bot.write(`a:${ids.ayse}`, { type: 'message', attachments: [asAttachment(sampleCard())] });
    desk.bot.answer = () => ({ body: cardAnswer(sampleCard('Sent')) });

    const response = await post('press', { person: ids.ayse, message: id, action: { type: 'Action.Execute', verb: 'send-invitation', data: { reason: 'backup' } } });

    assert.equal(((await response.json()) as Outcome).body?.statusCode, 200);
    assert.deepEqual(desk.bot.heard.at(-1)?.activity.value, { action: { type: 'Action.Execute', verb: 'send-invitation', data: { reason: 'backup' } }, trigger: 'manual' });
    assert.match(JSON.stringify(desk.teams.chat(ids.ayse).messages), /"Sent"/);
  });

  it('shows a sentence answered to a press beside the card', async () => {
    await sitDown();
    const id = await desk.bot.write(`a:${ids.ayse}`, { type: 'message', attachments: [asAttachment(sampleCard())] });
    desk.bot.answer = () => ({ body: sentenceAnswer('Only a Global admin can decide.') });

    await post('press', { person: ids.ayse, message: id, action: { type: 'Action.Execute', verb: 'why' } });

    assert.equal(desk.teams.chat(ids.ayse).messages[0]?.note, 'Only a Global admin can decide.');
  });

  it('moves the sandbox’s clock, and starts everything over', async () => {
    const clock = (await (await post('clock', { advanceSeconds: 86_400 })).json()) as { now: string };
    assert.equal(clock.now, '2026-11-23T09:00:00.000Z');

    await post('install', { person: ids.murat });
    assert.equal((await post('reset', {})).status, 200);

    assert.equal(desk.resets(), 1);
    assert.deepEqual((await get<State>('/console/state')).people.filter(({ installed }) => installed).map(({ name }) => name), ['Elif Kaya', 'Ayşe Yılmaz']);
  });

  it('lets a person accept a partner at the sandbox for that person’s own company only', async () => {
    await post('accept', { person: ids.ayse, partner: ids.fabrikam });

    assert.deepEqual(desk.sandbox.asked, [{ path: 'accept', body: { partner: ids.fabrikam, customer: ids.contoso, person: ids.ayse } }]);
  });

  it('tells the page whose chat has changed, and lets go when the server stops', async () => {
    await sitDown();
    const events = await fetch(`${desk.url}/console/events`);
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader() ?? assert.fail();
    let seen = '';
    const hear = (async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) seen += part.value;
    })();

    await desk.bot.write(`a:${ids.elif}`, { type: 'message', text: 'News' });
    await until('the change to be told', () => seen.includes(`data: {"person":"${ids.elif}"}`));

    const closed = new Promise<void>((resolve) => void desk.server.server.close(() => resolve()));
    desk.server.server.closeIdleConnections();
    await hear;
    desk.server.server.closeIdleConnections();
    await closed;
  });

  it('answers only under a name of this machine', async () => {
    for (const host of ['localhost:3978', '127.0.0.1', '[::1]:80']) assert.equal(await statusUnderHost(host), 200, host);
    for (const host of ['evil.example', 'localhost.evil.example', '10.0.0.1', '127.0.0.1.nip.io']) assert.equal(await statusUnderHost(host, '/console/state'), 403, host);
  });

  it('changes nothing for a page of somebody else', async () => {
    await sitDown();
    const wish = { person: ids.elif, text: 'approve' };

    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site', origin: desk.url }, { origin: desk.url.replace(String(desk.port), '1') }, {}]) {
      assert.equal((await post('say', wish, headers as Record<string, string>)).status, 403, JSON.stringify(headers));
    }

    assert.equal(desk.bot.heard.filter(({ activity }) => activity.type === 'message').length, 0);
    assert.equal((await post('say', wish, { 'sec-fetch-site': 'same-origin' })).status, 200);
  });

  it('refuses a wish that is none, and people who are nowhere', async () => {
    for (const [path, wish] of [['say', { person: 'x', text: 'hi' }], ['say', { person: ids.elif }], ['clock', { advanceSeconds: -1 }], ['press', { person: ids.elif, message: 'm', action: { type: 'Action.Steal' } }], ['say', 'text']] as const) {
      assert.equal((await post(path, wish)).status, 400, JSON.stringify(wish));
    }
    assert.equal((await post('say', { person: '00000000-0000-4000-8000-00000000dead', text: 'hi' })).status, 404);
  });

  it('gives out the page and what draws cards, nothing else, each under a strict policy', async () => {
    for (const path of ['/', '/console/page/main.js', '/console/page/theme.css', '/console/page/mark.svg', '/console/vendor/adaptivecards.js', '/console/vendor/markdown-it.js']) {
      const response = await fetch(desk.url + path);
      assert.equal(response.status, 200, path);
      assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'self'/);
    }
    for (const path of ['/console/page/..%2fconsole.ts', '/console/page/%2e%2e%2f%2e%2e%2fread-body.ts', '/console/page/nothing.js', '/console/vendor/package.json', '/console/vendor/constructor']) {
      assert.equal((await fetch(desk.url + path)).status, 404, path);
    }
  });
});
