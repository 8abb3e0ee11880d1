import assert from 'node:assert/strict';
import type { CloudAdapter } from 'botbuilder';
import type { UserTokenClient } from 'botframework-connector';
import { answerInvoke } from '../../../src/bot/channel/channel.js';
import { aChannel, startTeams, type Teams } from './teams-service.js';

class LedgerUnavailableError extends Error {
  override readonly name = 'LedgerUnavailableError';
}

describe('a turn', () => {
  let teams: Teams;
  beforeEach(async () => { teams = await startTeams(); });
  afterEach(() => teams.close());

  const activity = (changes: Readonly<Record<string, unknown>> = {}) => ({
    type: 'message', id: '170', channelId: 'msteams', serviceUrl: `${teams.url}/emea/`, text: 'hello', locale: 'tr-TR',
    conversation: { id: 'a:elif', tenantId: 'c0000000-0000-0000-0000-000000000001' }, from: { id: '29:elif' }, recipient: { id: '28:bot' }, ...changes,
  });
  const press = (changes = {}) => activity({ type: 'invoke', name: 'adaptiveCard/action', value: { action: { type: 'Action.Execute', verb: 'approve' } }, ...changes });
  const failed = { statusCode: 500, type: 'application/vnd.microsoft.error', value: { code: 'Failed', message: 'This did not work. Please try again in a moment.' } };

  it('on a message is answered with 200 and replies through Teams, each once', async () => {
    const { channel } = aChannel(teams);

    const answer = await channel.turn(activity(), async (context) => {
      await context.sendActivity('one');
      await context.sendActivity('two');
    });

    assert.deepEqual(answer, { status: 200 });
    assert.deepEqual(teams.requests.map(({ method, path, text }) => [method, path, (JSON.parse(text) as { text: string }).text]), [
      ['POST', '/emea/v3/conversations/a%3Aelif/activities/170', 'one'],
      ['POST', '/emea/v3/conversations/a%3Aelif/activities/170', 'two'],
    ]);
    assert.equal(teams.logins.length, 1);
  });

  it('can update and delete what it sent', async () => {
    const { channel } = aChannel(teams);

    await channel.turn(activity(), async (context) => {
      const sent = await context.sendActivity('one');
      await context.updateActivity({ type: 'message', id: sent?.id ?? '', text: 'two' });
      await context.deleteActivity(sent?.id ?? '');
    });

    assert.deepEqual(teams.requests.map(({ method }) => method), ['POST', 'PUT', 'DELETE']);
  });

  it('meets the same errors as any other send, and after one request', async () => {
    const { channel } = aChannel(teams);
    teams.answer = () => ({ status: 503 });

    await assert.rejects(channel.turn(activity(), async (context) => { await context.sendActivity('one'); }), { name: 'MessengerOutcomeUnknownError' });

    assert.equal(teams.requests.length, 1);
  });

  it('on a message hands on what went wrong', async () => {
    const { channel } = aChannel(teams);

    await assert.rejects(channel.turn(activity(), async () => { throw new TypeError('broken'); }), { name: 'TypeError' });
  });

  it('does not hand its replies to the caller who asks for them', async () => {
    const { channel } = aChannel(teams);

    const answer = await channel.turn(activity({ deliveryMode: 'expectReplies' }), async (context) => { await context.sendActivity('one'); });

    assert.deepEqual(answer, { status: 200 });
    assert.equal(teams.requests.length, 1);
  });

  it('on a card press is answered with what the logic set', async () => {
    const { channel } = aChannel(teams);
    const body = { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Done' };

    assert.deepEqual(await channel.turn(press(), async (context) => answerInvoke(context, body)), { status: 200, body });
    assert.equal(teams.requests.length, 0);
  });

  it('on a card press is 200 over HTTP whatever the logic says', async () => {
    const { channel } = aChannel(teams);
    const body = { statusCode: 412, type: 'application/vnd.microsoft.error.preconditionFailed', value: { code: '412', message: 'x' } };

    assert.deepEqual(await channel.turn(press(), async (context) => answerInvoke(context, body)), { status: 200, body });
  });

  it('may end a form with nothing', async () => {
    const { channel } = aChannel(teams);

    assert.deepEqual(await channel.turn(press({ name: 'task/submit' }), async (context) => answerInvoke(context, undefined)), { status: 200, body: undefined });
  });

  it('on a card press that nobody answers says that it failed', async () => {
    const { channel } = aChannel(teams);

    assert.deepEqual(await channel.turn(press(), async () => undefined), { status: 200, body: failed });
  });

  it('on a card press that breaks says that it failed, and no more', async () => {
    const { channel, lines } = aChannel(teams);

    const answer = await channel.turn(press(), async () => { throw new TypeError('Elif Kaya is secret'); });

    assert.deepEqual(answer, { status: 200, body: failed });
    assert.match(lines.join(''), /"kind":"TypeError"/);
    assert.doesNotMatch(lines.join(''), /Elif/);
  });

  it('on a card press lets the gate say 503 when the ledger is out of reach', async () => {
    const { channel } = aChannel(teams);

    await assert.rejects(channel.turn(press(), async () => { throw new LedgerUnavailableError(); }), { name: 'LedgerUnavailableError' });
  });

  it('that tries to sign somebody in fails as the mistake it is', async () => {
    const { channel } = aChannel(teams);

    await assert.rejects(channel.turn(activity(), async (context) => {
      const client = context.turnState.get<UserTokenClient>((context.adapter as CloudAdapter).UserTokenClientKey);
      await client.getUserToken('29:elif', 'connection', 'msteams', '');
    }), { name: 'TypeError' });
  });
});
