import { strict as assert } from 'node:assert';
import { installAll, type Story } from './people.js';
import { until, type Person, type Product } from './product.js';
import { startStory } from './start.js';

/** The [http] rows of the Teams Store checklist that concern what is built, against the running bot. */
describe('the Teams Store checklist, over HTTP', function () {
  this.timeout(60_000);
  let product: Product;
  let story: Story;

  before(async () => ({ product, story } = await startStory()));
  after(() => product?.stop());

  const replies = (person: Person) => product.messages(person).filter(({ from }) => from === 'bot');
  /** What the bot answered to one sentence, as JSON. */
  const answerTo = async (person: Person, sentence: string, activity: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const before = replies(person).length;
    await product.teams.say(person, sentence, { activity });
    const answer = await until(`an answer to "${sentence.slice(0, 40)}"`, () => replies(person).length > before && replies(person).slice(before));
    return JSON.stringify(answer);
  };

  it('WEL-1, WEL-2 one welcome for one installation, however it is announced, and none again for a second one', async () => {
    const { elif } = story;
    await installAll(product, elif);
    await product.teams.install(elif);
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(replies(elif).filter(({ summary }) => summary === 'Welcome to Partner Invitations').length, 1);
  });

  it('WEL-3, CMD-13 it names the app as the manifest does, who may use it, and a first step with buttons', () => {
    const welcome = JSON.stringify(replies(story.elif)[0]);
    for (const part of ['Partner Invitations', 'Global admins, User admins, Sales agents and Admin agents can invite', 'invite-customer', 'Write **help**']) assert(welcome.includes(part), part);
  });

  it('WEL-4 a team gets one line, and nobody in it a personal message', async () => {
    const { elif, can } = story;
    const calls = product.teams.calls.length;
    await product.teams.deliver(product.teams.activityOf(elif, 'conversationUpdate', {
      membersAdded: [{ id: product.teams.activityOf(elif, 'x', {})['recipient'] ? (product.teams.activityOf(elif, 'x', {})['recipient'] as { id: string }).id : '' }],
      conversation: { id: '19:team@thread.tacv2', conversationType: 'channel', tenantId: elif.tenant },
    }));
    const made = product.teams.calls.slice(calls);
    assert.equal(made.length, 1);
    assert.match(JSON.stringify(made[0]?.body), /I work in our personal chat/);
    assert.equal(product.messages(can).length, 0);
  });

  it('WEL-7, CMD-1 hi, hello and help answer in every form, in both languages', async () => {
    const { elif } = story;
    for (const word of ['hi', 'hello', 'help', 'HELP', 'Help ', 'yardım', 'YARDIM', 'Yardım']) assert.match(await answerTo(elif, word), /What you can do here/, word);
  });

  it('CMD-2 help offers next steps and differs from the welcome', async () => {
    const answer = await answerTo(story.elif, 'help');
    assert.match(answer, /invite contoso.com because Azure backup/);
    assert.doesNotMatch(answer, /Welcome to/);
  });

  it('CMD-4, CMD-5 nonsense, emoji, long text, HTML, nothing, a picture, a file: one useful answer each, with a way on', async () => {
    const { elif } = story;
    const odd: readonly [string, Readonly<Record<string, unknown>>?][] = [
      ['asdf'], ['🙂🙂🙂'], ['x'.repeat(10_000)], ['<b>hello there</b> <script>alert(1)</script>'], [''],
      ['', { attachments: [{ contentType: 'image/png', contentUrl: 'https://example.com/a.png' }] }],
      ['', { attachments: [{ contentType: 'application/vnd.microsoft.teams.file.download.info', name: 'a.docx' }] }],
      ['{"type":"AdaptiveCard","version":"1.5","body":[]}'],
    ];
    for (const [sentence, activity] of odd) {
      const answer = await answerTo(elif, sentence, activity);
      assert.match(answer, /help|Did you mean|What you can do here/i, sentence.slice(0, 30));
      assert.doesNotMatch(answer, /Error|undefined|stack/, sentence.slice(0, 30));
    }
  });

  it('CMD-4 nobody is pointed to a command of the other side, in either language', async () => {
    const { elif, ayse } = story;
    await installAll(product, ayse);
    const pointedTo = async (person: Person, sentence: string): Promise<readonly string[]> => [...(await answerTo(person, sentence)).matchAll(/\*\*([^*]+)\*\*/g)].map(([, command = '']) => command);
    const odd = ['custom list', 'musteri ortak liste', 'partnr custm davt'];

    for (const [language, ofPartner, ofCustomer] of [['english', /my customers|invite customer/, /show my partners/], ['türkçe', /müşterilerim|müşteri davet et/, /iş ortaklarımı göster/]] as const) {
      for (const [person, others] of [[elif, ofCustomer], [ayse, ofPartner]] as const) {
        for (const sentence of [...odd, 'remove access Nobody Inc']) {
          // A word that is understood begins anew: two misses in a row get the help card.
          await answerTo(person, language);
          const commands = await pointedTo(person, sentence);
          assert(commands.length > 0, sentence);
          for (const command of commands) assert.doesNotMatch(command, others, `${person.name}: ${sentence}`);
        }
      }
    }
    await answerTo(elif, 'english');
  });

  it('CMD-6, NOT-4 an answer comes within 2 seconds', async () => {
    const started = performance.now();
    await answerTo(story.elif, 'pending');
    assert(performance.now() - started < 2_000);
  });

  it('CMD-7 inviting is one form, not a chain of questions', async () => {
    const answer = await answerTo(story.elif, 'invite customer');
    assert.match(answer, /"id":"domain"/);
    assert.match(answer, /"id":"reason"/);
  });

  it('CMD-10 cancel works at any step, and so do commands', async () => {
    const { elif } = story;
    assert.match(await answerTo(elif, 'pending'), /Nothing is waiting/);
    assert.match(await answerTo(elif, 'cancel'), /Stopped. Nothing was sent./);
    await answerTo(elif, 'invite contoso.com because Azure backup');
    assert.match(await answerTo(elif, 'will the customer’s subscriptions change?'), /Your invitation never changes an existing subscription of the customer/);
    assert.match(await answerTo(elif, 'invite adatum.com because x'), /You have an unsent invitation to Contoso/);
    assert.match(await answerTo(elif, 'evet'), /Invite Adatum/);
    assert.match(await answerTo(elif, 'vazgeç'), /Stopped/);
  });

  it('CMD-10 a draft that another chat of the same person took the place of is not asked about', async () => {
    const { elif } = story;
    await answerTo(elif, 'invite contoso.com because Azure backup');
    const { conversation, ...rest } = product.teams.activityOf(elif, 'message', { text: 'invite contoso.com because backup' });
    await product.teams.deliver({ ...rest, conversation: { ...(conversation as object), id: 'a:another-chat' } });
    assert.match(await answerTo(elif, 'invite adatum.com because x'), /Invite Adatum/);
    await answerTo(elif, 'cancel');
  });

  it('LOC-2, NOT-5 answers and notices are in the reader’s language, and a chosen language stays', async () => {
    const { elif, ayse } = story;
    await installAll(product, ayse);
    assert.match(await answerTo(ayse, 'pending'), /Sizi bekleyen bir istek yok/);
    assert.match(await answerTo(elif, 'Türkçe'), /Sizinle Türkçe konuşacağım/);
    assert.equal(product.messages(elif).findLast(({ from }) => from === 'bot')?.locale, 'tr');
    assert.match(await answerTo(elif, 'who am I'), /Satış aracısı/);
    assert.match(await answerTo(elif, 'English'), /I’ll speak English/);
  });

  it('NOT-1, NOT-3, NOT-10, CMD-8 one readable notice for one event: what, for whom, by whom, what next', async () => {
    const { elif, ayse } = story;
    await answerTo(elif, 'invite contoso.com because Azure backup');
    await answerTo(elif, 'send');
    await answerTo(elif, 'yes');
    await until('the request', () => product.button(ayse, 'approve-invitation'));
    const before = replies(elif).length;
    await product.press(ayse, 'approve-invitation');
    const notice = await product.hears(elif, 'One step is left at Microsoft; I’ll tell you when it is confirmed');
    assert.match(notice.summary ?? '', /Ayşe Yılmaz at Contoso approved PR-/);
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(replies(elif).length, before + 1);
  });

  it('CRD-8 after the answer the card has no live button for it, and an old press changes nothing', async () => {
    const { ayse } = story;
    assert.equal(product.button(ayse, 'approve-invitation'), undefined);
    assert.equal(product.button(ayse, 'decline-invitation'), undefined);
  });

  it('CRD-10 the Submit fallback of an old client leads to the same place, in place', async () => {
    const { elif, ayse } = story;
    await product.press(ayse, 'look-again', {}, 'Action.Submit');
    await until('the card to be redrawn', () => replies(ayse).some(({ updatedAt }) => updatedAt));
    assert.match(JSON.stringify(replies(ayse)), /Microsoft’ta bir adım kaldı/);
    await product.press(elif, 'pending', {}, 'Action.Submit');
    await product.hears(elif, '1 open invitation');
  });

  it('MOB-1 every button has words: approve, decline, status, mail, send, look again', async () => {
    const { elif, ayse } = story;
    const code = /Sent to Contoso. Reference \*\*(PR-[A-Z0-9]{3}-[A-Z0-9]{3})/.exec(JSON.stringify(replies(elif)))?.[1] ?? '';
    for (const [person, sentence, words] of [
      [elif, `status ${code}`, 'Invitation to Contoso'], [elif, `mail ${code}`, 'Invitation to Contoso'], [elif, 'status contoso', 'Invitation to Contoso'],
      [ayse, `onayla ${code}`, 'Onaylayan: Ayşe Yılmaz'], [ayse, `${code} durumu`, 'Onaylayan: Ayşe Yılmaz'], [ayse, 'kim onaylayabilir', 'Kemal Ak'],
    ] as const) assert((await answerTo(person, sentence)).includes(words), sentence);
  });

  it('NOT-9 after an uninstall nothing more is sent until the person returns', async () => {
    const { ayse, fabrikam, contoso } = story;
    await product.teams.uninstall(ayse);
    const before = product.teams.calls.length;
    await product.acceptAtMicrosoft(fabrikam.id, contoso.id, ayse);
    await product.hears(story.elif, 'Done: Microsoft confirmed');
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.deepEqual(product.teams.calls.slice(before).filter(({ path }) => path.includes(ayse.id)), []);
  });

  it('ERR-1, ERR-2 a wrong role and an outage are plain sentences with a way on, never a code or a stack', async () => {
    const { murat } = story;
    await installAll(product, murat);
    assert.match(await answerTo(murat, 'contoso.com’u davet et'), /Ne yapılabilir?/);
    await product.sandbox('faults', { path: 'transitiveMemberOf', status: 503, times: 8 });
    const answer = await answerTo(murat, 'bekleyenler');
    assert.match(answer, /Microsoft’a ulaşamadığım için bilemiyorum. Hiçbir şey kaydedilmedi/);
    await product.sandbox('faults', undefined, 'DELETE');
  });
});
