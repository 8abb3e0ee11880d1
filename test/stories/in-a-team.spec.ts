import { strict as assert } from 'node:assert';
import { installAll, invite, type Story } from './people.js';
import type { Person, Product } from './product.js';
import { startStory } from './start.js';

describe('asked in a team’s channel, over real HTTP', function () {
  this.timeout(60_000);
  let product: Product;
  let story: Story;

  before(async () => {
    ({ product, story } = await startStory());
    await installAll(product, story.elif, story.ayse);
    await invite(product, story.elif);
  });
  after(() => product?.stop());

  /** What the channel reads, after somebody mentioned the bot there. */
  const inChannel = async (person: Person, text: string): Promise<string> => {
    const calls = product.teams.calls.length;
    await product.teams.deliver(product.teams.activityOf(person, 'message', {
      text: `<at>Partner Invitations</at> ${text}`, conversation: { id: '19:team@thread.tacv2', conversationType: 'channel', tenantId: person.tenant },
    }));
    return JSON.stringify(product.teams.calls.slice(calls).filter(({ path }) => decodeURIComponent(path).includes('19:team')).map(({ body }) => body));
  };

  it('answers with one short line there, and with the list in the personal chat', async () => {
    const { elif } = story;

    const there = await inChannel(elif, 'my customers');

    assert.match(there, /answered in our personal chat/);
    assert.doesNotMatch(there, /Contoso/);
    await product.hears(elif, /My customers.*Contoso/);
  });

  it('says in Turkish, without details, what anybody may know', async () => {
    assert.match(await inChannel(story.ayse, 'aboneliklerim değişir mi?'), /Yeni bir iş ortağıyla çalışmanız mevcut aboneliklerinizi/);
  });

  it('takes no press there, and goes on answering in the personal chat', async () => {
    const { elif } = story;

    const pressed = await product.teams.deliver(product.teams.activityOf(elif, 'invoke', {
      name: 'adaptiveCard/action', value: { action: { type: 'Action.Execute', verb: 'pending', data: { verb: 'pending' } }, trigger: 'manual' }, replyToId: '1',
      conversation: { id: '19:team@thread.tacv2', conversationType: 'channel', tenantId: elif.tenant },
    }));
    assert.match(JSON.stringify(pressed), /personal chat/);

    await product.say(elif, 'my customers');
    assert.doesNotMatch(await inChannel(elif, 'my customers'), /Contoso/);
  });

  it('decides, sends and ends nothing there', async () => {
    const { elif, ayse } = story;

    for (const [who, text] of [[ayse, 'onayla'], [ayse, 'Fabrikam erişimini kaldır'], [elif, 'invite adatum.com because x'], [elif, 'send']] as const) {
      assert.match(await inChannel(who, text), /personal chat|[Kk]işisel sohbet/, text);
    }
    assert.equal(product.messages(ayse).some(({ text }) => text?.includes('Onaylayan')), false);
  });
});
