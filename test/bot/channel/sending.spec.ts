import assert from 'node:assert/strict';
import { type Answer, aChannel, startTeams, type Teams } from './teams-service.js';
import { APP_ID } from './key-service.js';

const refused = (why: string) => (status: number) => ({ name: 'MessengerRefusedError', why, status });
const later = (retryAfterSeconds?: number) => () => ({ name: 'MessengerUnavailableError', retryAfterSeconds });
const unknown = () => () => ({ name: 'MessengerOutcomeUnknownError' });

type Row = readonly [what: string, answer: Answer, afterSend: (status: number) => object, afterUpdate: (status: number) => object];

/** teams-bot.md section 6, and what each answer means for somebody who has sent or redrawn a message. */
const table: readonly Row[] = [
  ['a bad argument', { status: 400, body: { error: { code: 'BadArgument' } } }, refused('rejected'), refused('rejected')],
  ['no permission for this bot', { status: 401 }, later(), later()],
  ['an uninstalled app', { status: 403, body: { error: { code: 'BotNotInConversationRoster' } } }, refused('unreachable'), refused('unreachable')],
  ['a blocked bot', { status: 403, body: { errorCode: 209, message: '{"subCode":"MessageWritesBlocked"}' } }, refused('unreachable'), refused('unreachable')],
  ['a bot that may not', { status: 403, body: { error: { code: 'NotEnoughPermissions' } } }, refused('rejected'), refused('rejected')],
  ['a bot at another cloud’s address', { status: 403, body: { error: { code: 'InvalidBotApiHost' } } }, refused('rejected'), refused('rejected')],
  ['a no without a word', { status: 403, body: 'null' }, refused('unreachable'), refused('unreachable')],
  ['a chat that is gone', { status: 404, body: { error: { code: 'ConversationNotFound' } } }, refused('gone'), refused('gone')],
  ['a method nobody knows', { status: 405 }, refused('rejected'), refused('rejected')],
  ['a slow request', { status: 408 }, unknown(), later()],
  ['a precondition', { status: 412 }, later(), later()],
  ['a message too large', { status: 413, body: { error: { code: 'MessageSizeTooBig' } } }, refused('rejected'), refused('rejected')],
  ['too much, come back in 7 s', { status: 429, headers: { 'retry-after': '7' } }, later(7), later(7)],
  ['too much', { status: 429 }, later(), later()],
  ['too much, come back some day', { status: 429, headers: { 'retry-after': '999999' } }, later(3600), later(3600)],
  ['too much, come back whenever', { status: 429, headers: { 'retry-after': 'soon' } }, later(), later()],
  ['a broken service', { status: 500, body: { error: { code: 'ServiceError' } } }, unknown(), later()],
  ['a broken gateway', { status: 502 }, unknown(), later()],
  ['an overloaded service', { status: 503, headers: { 'retry-after': '1' } }, unknown(), later(1)],
  ['a gateway that waited too long', { status: 504 }, unknown(), later()],
  ['an error without JSON', { status: 502, body: '<html>' }, unknown(), later()],
  ['another address', { status: 307, headers: { location: 'http://127.0.0.1:9/' } }, refused('rejected'), refused('rejected')],
  ['nothing, and the line is cut', 'cut', unknown(), later()],
  ['nothing for too long', 'silent', unknown(), later()],
];

describe('sending to Teams', () => {
  let teams: Teams;
  beforeEach(async () => { teams = await startTeams(); });
  afterEach(() => teams.close());

  it('posts one activity into the personal chat and gives back its id', async () => {
    const { channel, elif } = aChannel(teams);

    const sent = await channel.send(elif, { text: 'Contoso approved', attachments: [] });

    assert.deepEqual(sent, { conversation: 'a:elif', activity: 'activity-1' });
    const [request] = teams.requests;
    assert.equal(`${request?.method} ${request?.path}`, 'POST /emea/v3/conversations/a%3Aelif/activities');
    assert.equal(request?.headers.authorization, 'Bearer secret-token-1');
    assert.deepEqual(JSON.parse(request?.text ?? ''), {
      type: 'message', text: 'Contoso approved', attachments: [], channelId: 'msteams', serviceUrl: elif.serviceUrl,
      from: { id: `28:${APP_ID}`, name: '' }, recipient: { id: '29:elif' },
      conversation: { id: 'a:elif', tenantId: elif.tenant, conversationType: 'personal' },
    });
  });

  it('redraws a message in place', async () => {
    const { channel, elif } = aChannel(teams);

    await channel.update(elif, 'activity-1', { text: 'now' });

    assert.equal(`${teams.requests[0]?.method} ${teams.requests[0]?.path}`, 'PUT /emea/v3/conversations/a%3Aelif/activities/activity-1');
    assert.equal((JSON.parse(teams.requests[0]?.text ?? '') as { id: string }).id, 'activity-1');
  });

  it('opens the personal chat with somebody', async () => {
    const { channel, elif } = aChannel(teams);
    teams.answer = () => ({ status: 201, body: { id: 'a:new' } });

    assert.deepEqual(await channel.createPersonalChat(elif), { conversation: 'a:new' });

    assert.equal(`${teams.requests[0]?.method} ${teams.requests[0]?.path}`, 'POST /emea/v3/conversations');
    assert.deepEqual(JSON.parse(teams.requests[0]?.text ?? ''), {
      isGroup: false, bot: { id: `28:${APP_ID}`, name: '' }, members: [{ id: '29:elif' }], tenantId: elif.tenant, channelData: { tenant: { id: elif.tenant } },
    });
  });

  it('may open the same chat again when it is not known whether it was opened', async () => {
    const { channel, elif } = aChannel(teams);

    for (const answer of [{ status: 500 }, 'cut', { status: 200, body: {} }] as const) {
      teams.answer = () => answer;
      await assert.rejects(channel.createPersonalChat(elif), { name: 'MessengerUnavailableError' });
    }
    assert.equal(teams.requests.length, 3);
  });

  for (const [what, answer, afterSend, afterUpdate] of table) {
    it(`once, when the answer is ${what}`, async () => {
      const { channel, elif } = aChannel(teams);
      const status = typeof answer === 'string' ? 0 : answer.status;
      teams.answer = () => answer;

      await assert.rejects(channel.send(elif, { text: 'hello' }), afterSend(status));
      assert.equal(teams.requests.length, 1);
      await assert.rejects(channel.update(elif, 'activity-1', { text: 'hello' }), afterUpdate(status));
      assert.equal(teams.requests.length, 2);
    });
  }

  it('is known not to have happened when nobody listens', async () => {
    const { channel, elif } = aChannel(teams);
    await channel.warm();
    await teams.close();

    await assert.rejects(channel.send(elif, { text: 'hello' }), { name: 'MessengerUnavailableError' });
  });

  for (const body of [{}, 'not json', { id: 7 }] as const) {
    it(`has happened although the answer names no message: ${JSON.stringify(body)}`, async () => {
      const { channel, elif } = aChannel(teams);
      teams.answer = () => ({ status: 200, body });

      assert.deepEqual(await channel.send(elif, { text: 'hello' }), { conversation: 'a:elif', activity: '' });
    });
  }

  it('never happens to an address that is not allowed, however it came into the ledger', async () => {
    const thief = await startTeams();
    const { channel, elif } = aChannel(teams);

    for (const serviceUrl of [thief.url, teams.url.replace('http://', 'http://x@'), teams.url.replace('http:', 'https:'), 'https://smba.trafficmanager.net.thief.example/']) {
      await assert.rejects(channel.send({ ...elif, serviceUrl }, { text: 'hello' }), { name: 'MessengerRefusedError', why: 'unreachable' });
    }

    assert.equal(thief.requests.length + teams.requests.length + teams.logins.length, 0);
    await thief.close();
  });

  it('does not follow a redirect with the bot\'s token', async () => {
    const thief = await startTeams();
    const { channel, elif } = aChannel(teams);
    teams.answer = () => ({ status: 302, headers: { location: `${thief.url}/v3/conversations` } });

    await assert.rejects(channel.send(elif, { text: 'hello' }));

    assert.equal(thief.requests.length, 0);
    await thief.close();
  });
});

describe('the bot\'s own token', () => {
  let teams: Teams;
  beforeEach(async () => { teams = await startTeams(); });
  afterEach(() => teams.close());

  it('is asked for once, however many messages wait for it', async () => {
    const { channel, elif } = aChannel(teams);

    await Promise.all(Array.from({ length: 20 }, () => channel.send(elif, { text: 'hello' })));

    assert.equal(teams.logins.length, 1);
    assert.equal(teams.logins[0]?.path, '/a0000000-0000-0000-0000-000000000001/oauth2/v2.0/token');
    assert.deepEqual(Object.fromEntries(new URLSearchParams(teams.logins[0]?.text)), {
      grant_type: 'client_credentials', client_id: APP_ID, client_secret: 'the+password&', scope: 'https://api.botframework.com/.default',
    });
  });

  it('is kept until five minutes before its end', async () => {
    const { channel, elif, clock } = aChannel(teams);
    const at = clock.now.getTime();
    await channel.warm();

    clock.now = new Date(at + (3600 - 301) * 1000);
    await channel.send(elif, { text: 'hello' });
    assert.equal(teams.logins.length, 1);

    clock.now = new Date(at + (3600 - 300) * 1000);
    await channel.send(elif, { text: 'hello' });
    assert.equal(teams.logins.length, 2);
    assert.equal(teams.requests[1]?.headers.authorization, 'Bearer secret-token-2');
  });

  it('is asked for again after Teams refused it, and the operator is told', async () => {
    const { channel, elif, lines } = aChannel(teams);
    teams.answer = () => ({ status: 401 });
    await assert.rejects(channel.send(elif, { text: 'hello' }), { name: 'MessengerUnavailableError' });
    teams.answer = () => ({ status: 201, body: { id: 'activity-1' } });

    await channel.send(elif, { text: 'hello' });

    assert.equal(teams.logins.length, 2);
    assert.match(lines.join(''), /Teams refuses the bot/);
  });

  for (const [what, answer] of [
    ['says no', { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215: the+password& is wrong' } }],
    ['is broken', { status: 500, body: '<html>' }],
    ['gives none', { status: 200, body: {} }],
    ['sends elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }],
    ['is cut', 'cut'],
  ] as const) {
    it(`keeps the message here when the login service ${what}`, async () => {
      const { channel, elif, lines } = aChannel(teams);
      teams.login = () => answer;

      await channel.warm();
      await assert.rejects(channel.send(elif, { text: 'hello' }), { name: 'MessengerUnavailableError' });

      assert.equal(teams.requests.length, 0);
      assert.match(lines.join(''), /login service/);
      assert.doesNotMatch(lines.join(''), /password&|AADSTS|secret-token/);
    });
  }

  it('is asked for again when the login service is well', async () => {
    const { channel, elif } = aChannel(teams);
    teams.login = () => 'cut';
    await channel.warm();
    teams.login = () => ({ status: 200, body: { expires_in: '3599', access_token: 'late' } });

    await channel.send(elif, { text: 'hello' });

    assert.equal(teams.requests[0]?.headers.authorization, 'Bearer late');
  });
});
