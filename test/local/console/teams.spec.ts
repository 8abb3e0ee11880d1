import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTeams, type Teams } from '../../../src/local/teams/teams.js';
import { asAttachment, cardAnswer, sampleCard } from './cards.js';
import { appId, ids, StandInBot } from './stand-ins.js';

const ayse = { tenant: ids.contoso, id: ids.ayse, name: 'Ayşe Yılmaz', locale: 'tr-TR' };

describe('the pretend Teams', () => {
  const folder = mkdtempSync(join(tmpdir(), 'teams-'));
  let teams: Teams & { stop(): Promise<void> };
  let bot: StandInBot;
  const start = async (file = ':memory:'): Promise<void> => {
    bot = await StandInBot.start(() => new URL(teams.serviceUrl).origin);
    teams = await startTeams({ appId, botUrl: () => bot.url, guid: randomUUID, machineNow: () => new Date(), file });
  };
  const stop = async (): Promise<void> => { await Promise.all([teams.stop(), bot.stop()]); };
  beforeEach(() => start());
  afterEach(stop);
  after(() => rmSync(folder, { recursive: true, force: true }));
  const lastHeard = () => bot.heard.at(-1) ?? assert.fail('the bot heard nothing');

  it('announces an installation as Teams does, twice and signed for this bot', async () => {
    await teams.install(ayse);

    assert.deepEqual(bot.heard.map(({ activity }) => [activity.type, activity.action]), [['conversationUpdate', undefined], ['installationUpdate', 'add']]);
    const { claims, activity } = lastHeard();
    assert.deepEqual([claims.iss, claims.aud, claims['serviceurl']], ['https://api.botframework.com', appId, activity.serviceUrl]);
    assert.deepEqual(activity.from, { id: `29:${ids.ayse}`, aadObjectId: ids.ayse, name: 'Ayşe Yılmaz' });
    assert.deepEqual([activity.recipient.id, activity.conversation.tenantId, activity.channelData.tenant.id, activity.locale], [`28:${appId}`, ids.contoso, ids.contoso, 'tr-TR']);
    assert.equal(bot.heard[0]?.activity.membersAdded?.[0]?.id, `28:${appId}`);
    assert.deepEqual(activity.entities[0], { type: 'clientInfo', locale: 'tr-TR', country: 'TR', platform: 'Web', timezone: 'Europe/Istanbul' });
  });

  it('tells the time where a person sits, whatever the language', async () => {
    const heardFrom = async (more: object) => {
      await teams.say({ ...ayse, locale: 'en-US', ...more }, 'hi');
      const { country, timezone } = lastHeard().activity.entities[0] ?? assert.fail('no client');
      return [country, timezone];
    };
    assert.deepEqual(await heardFrom({ country: 'TR' }), ['TR', 'Europe/Istanbul']);
    assert.deepEqual(await heardFrom({}), ['US', 'America/New_York']);
    assert.deepEqual(await heardFrom({ country: 'SE' }), ['SE', 'Europe/London']);
  });

  it('lets a test bend the token and the activity, and shows what the bot says to it', async () => {
    const past = Math.floor(Date.now() / 1000) - 3600;
    for (const claims of [{ aud: 'somebody else' }, { iss: 'https://evil.example' }, { exp: past }]) assert.equal((await teams.say(ayse, 'hi', { claims })).status, 401, JSON.stringify(claims));
    assert.equal((await teams.say(ayse, 'hi', { token: 'nonsense' })).status, 401);

    await teams.say(ayse, 'hi', { activity: { channelData: { tenant: { id: ids.adatum } } } });

    assert.equal(lastHeard().activity.channelData.tenant.id, ids.adatum);
  });

  it('keeps what the bot writes, and changes it in its place', async () => {
    await teams.install(ayse);
    const id = await bot.write(`a:${ids.ayse}`, { type: 'message', summary: 'New request', attachments: [asAttachment(sampleCard())] });

    const { status } = await bot.call(`conversations/a:${ids.ayse}/activities/${id}`, { type: 'message', attachments: [asAttachment(sampleCard('Approved'))] }, 'PUT');

    assert.equal(status, 200);
    const [message, ...others] = teams.chat(ids.ayse).messages;
    assert.deepEqual([message?.id, message?.version, others.length], [id, 2, 0]);
    assert(message?.updatedAt && JSON.stringify(message).includes('"Approved"'));
    assert.equal((await bot.call(`conversations/a:${ids.ayse}/activities/${id}`, undefined, 'DELETE')).status, 200);
    assert.equal(teams.chat(ids.ayse).messages.length, 0);
    assert.equal((await bot.call(`conversations/a:${ids.ayse}/activities/${id}`, { type: 'message', text: 'late' }, 'PUT')).status, 404);
  });

  it('sends an older client’s press as a message with the button’s data', async () => {
    await teams.install(ayse);
    const id = await bot.write(`a:${ids.ayse}`, { type: 'message', attachments: [asAttachment(sampleCard())] });

    await teams.press(ayse, id, { type: 'Action.Submit', data: { verb: 'approve-invitation' } });

    const { type, value, replyToId, text } = lastHeard().activity;
    assert.deepEqual({ type, value, replyToId, text }, { type: 'message', value: { verb: 'approve-invitation' }, replyToId: id, text: undefined });
  });

  it('shows the card answered to a press to the one who pressed', async () => {
    await teams.install(ayse);
    const id = await bot.write(`a:${ids.ayse}`, { type: 'message', attachments: [asAttachment(sampleCard())] });
    bot.answer = () => ({ body: cardAnswer(sampleCard('Thank you')) });

    await teams.press(ayse, id, { type: 'Action.Execute', verb: 'approve-invitation', data: { verb: 'approve-invitation' } });

    assert.match(JSON.stringify(teams.chat(ids.ayse).messages[0]?.attachments), /Thank you/);
  });

  it('refuses the bot what Teams refuses: no token, and people without the app', async () => {
    const open = await fetch(`${teams.serviceUrl}v3/conversations/a:${ids.ayse}/activities`, { method: 'POST', body: '{}' });
    assert.equal(open.status, 401);
    const { status, body } = await bot.call('conversations', { members: [{ id: ids.ayse }], tenantId: ids.contoso });
    assert.deepEqual([status, (body['error'] as { code: string }).code], [403, 'ForbiddenOperationException']);

    await teams.install(ayse);
    assert.equal((await bot.call('conversations', { members: [{ id: ids.ayse }], tenantId: ids.contoso })).body['id'], `a:${ids.ayse}`);
    await teams.uninstall(ayse);

    const gone = await bot.call(`conversations/a:${ids.ayse}/activities`, { type: 'message', text: 'still there?' });
    assert.deepEqual([gone.status, (gone.body['error'] as { code: string }).code], [403, 'BotNotInConversationRoster']);
    assert.equal(lastHeard().activity.action, 'remove');
  });

  it('fails on demand, as often as asked and no more', async () => {
    await teams.install(ayse);
    teams.faults.push({ match: /^POST /, status: 429, headers: { 'retry-after': '2' }, times: 2 }, { match: /^POST /, cut: 'before', times: 1 });
    const write = () => bot.call(`conversations/a:${ids.ayse}/activities`, { type: 'message', text: 'again' });

    assert.deepEqual([(await write()).status, (await write()).status], [429, 429]);
    await assert.rejects(write());
    assert.equal((await write()).status, 201);
    assert.equal(teams.chat(ids.ayse).messages.length, 1);
  });

  it('keeps the chats over a restart, until they are reset', async () => {
    await stop();
    await start(join(folder, 'console.sqlite'));
    await teams.install(ayse);
    await bot.write(`a:${ids.ayse}`, { type: 'message', text: 'Remember me' });
    await stop();

    await start(join(folder, 'console.sqlite'));
    assert.deepEqual([teams.isNew(), teams.chat(ids.ayse).isInstalled, teams.chat(ids.ayse).messages[0]?.text], [false, true, 'Remember me']);

    teams.reset();
    assert.deepEqual([teams.isNew(), teams.chat(ids.ayse)], [true, { isInstalled: false, isTyping: false, messages: [] }]);
  });
});
