import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { memoryOf } from '../bench/processes.js';
import { figure } from '../guarantees/figure.js';
import { installAll, sendInWords, type Story } from './people.js';
import { until, type Person, type Product } from './product.js';
import { startStory } from './start.js';

describe('bad input gets a clear answer and records nothing', function () {
  this.timeout(120_000);
  let product: Product;
  let story: Story;

  before(async () => {
    ({ product, story } = await startStory());
    const { elif, murat, deniz, ayse, can, guest, stranger, lale } = story;
    await installAll(product, elif, murat, deniz, ayse, can, guest, stranger, lale);
  });
  after(() => product?.stop());

  const refusedWith = async (person: Person, sentence: string, words: string | RegExp): Promise<void> => {
    await product.say(person, sentence);
    await product.hears(person, words);
    assert.equal(product.button(person, 'send-invitation'), undefined, 'nothing can be sent');
  };

  it('an unknown domain', () => refusedWith(story.elif, 'invite no-such-tenant.example because test', 'No Microsoft tenant uses no-such-tenant.example'));
  it('the wrong role, with the rule and what would make it pass', async () => {
    await refusedWith(story.murat, 'contoso.com’u davet et çünkü deneme', 'MP-10');
    await product.say(story.murat, 'neden');
    await product.hears(story.murat, 'Bu özelliği kullanmak için Genel yönetici');
  });
  it('somebody of a customer', () => refusedWith(story.stranger, 'invite contoso.com because test', 'Partners invite; your company is a customer here.'));
  it('one’s own tenant', () => refusedWith(story.elif, 'invite fabrikam.com because test', 'MP-08'));
  it('a CSP tenant', () => refusedWith(story.elif, 'invite relecloud.com because test', 'MP-06'));
  it('a customer that already is one', () => refusedWith(story.deniz, 'contoso.com’u davet et çünkü deneme', 'MP-32'));
  it('another market, where it is known', () => refusedWith(story.elif, 'invite proseware.com because test', 'MP-39'));

  it('a second open request to the same customer', async () => {
    const { elif } = story;
    await product.say(elif, 'invite adatum.com because Azure backup');
    await until('the preview', () => product.button(elif, 'send-invitation'));
    await sendInWords(product, elif);
    await product.hears(elif, /look-again/);
    await product.say(elif, 'invite adatum.com because again');
    await product.hears(elif, 'MP-31');
  });

  it('a guest, a colleague without the role, another organisation, and an unreadable role decide nothing', async () => {
    const { elif, ayse, can, guest, stranger, lale } = story;
    await product.say(elif, 'invite contoso.com because Azure backup');
    await until('the preview', () => product.button(elif, 'send-invitation'));
    await sendInWords(product, elif);
    await until('the request', () => product.button(ayse, 'approve-invitation'));
    const { data } = product.button(ayse, 'approve-invitation') ?? assert.fail();

    for (const [person, rule] of [[can, 'MP-13'], [guest, 'MP-16'], [stranger, 'MP-15'], [elif, 'MP-21']] as const) {
      const [message] = product.messages(person);
      const { body } = await product.teams.press(person, message?.id ?? '', { type: 'Action.Execute', verb: 'approve-invitation', data });
      assert.match(JSON.stringify(body), new RegExp(rule), person.name);
    }
    assert(product.button(ayse, 'approve-invitation'), 'the request still waits');

    await product.say(elif, 'invite litware.com because Azure backup');
    await until('the preview', () => product.button(elif, 'send-invitation'));
    await sendInWords(product, elif);
    await product.hears(lale, 'asks to work with Litware');
    assert.equal(product.button(lale, 'approve-invitation'), undefined, 'no button that could not count');
    await product.hears(lale, 'I cannot tell whether you are a Global admin');
  });

  it('a page that is none is the first one', async () => {
    const { elif } = story;
    await product.say(elif, 'my customers');
    const { id } = await product.hears(elif, 'my-customers');
    for (const page of ['0.05', '-5', '1e5', 'x', '999999', {}, 0.5]) {
      const { body } = await product.teams.press(elif, id, { type: 'Action.Execute', verb: 'my-customers', data: { page } });
      assert.match(JSON.stringify(body), /adatum\.com/, JSON.stringify(page));
    }
  });

  it('a tampered card is what the ledger says', async () => {
    const { ayse } = story;
    const { message, data } = product.button(ayse, 'approve-invitation') ?? assert.fail();
    const changes = [{ invitation: story.elif.id }, { invitation: "x' OR 1=1" }, { verb: '__proto__' }, { version: 999 }, { partner: story.northwind.id, customer: story.adatum.id }];
    for (const change of changes.slice(0, 3)) {
      const { status } = await product.teams.press(ayse, message.id, { type: 'Action.Execute', verb: String({ ...data, ...change }.verb), data: { ...data, ...change } });
      assert.equal(status, 200);
    }
    assert(product.button(ayse, 'approve-invitation'), 'nothing was decided');
  });

  it('1,000 seeded odd activities: no 5xx, no crash, at least 300 reach a command or a dialog', async () => {
    const { elif, ayse, can } = story;
    const people = [elif, ayse, can];
    const sentences = ['invite contoso.com because x', 'invite customer', 'müşteri davet et', 'pending', 'show my partners', 'status PR-AAA-CCC', 'help', 'cancel', 'send', 'approve PR-AAA-CCC', 'reddet', 'why', 'who am I', 'contoso.com', 'evet', 'Türkçe', 'English'];
    const odd = fc.oneof(
      fc.record({ text: fc.constantFrom(...sentences) }),
      fc.record({ text: fc.constantFrom(...sentences), value: fc.constantFrom(null, undefined, {}, [], 'x', 3) }),
      fc.record({ text: fc.string({ unit: 'binary', maxLength: 300 }) }),
      fc.record({ text: fc.oneof(fc.integer(), fc.constant(null), fc.constant({}), fc.array(fc.string())) }),
      fc.record({ value: fc.record({ verb: fc.constantFrom('send-invitation', 'approve-invitation', 'decline-invitation', 'check-customer', 'look-again', 'open-invitation', 'help', 'toString', 'constructor'), invitation: fc.oneof(fc.uuid(), fc.string(), fc.constant(null)), domain: fc.oneof(fc.domain(), fc.string()), reason: fc.string(), template: fc.constantFrom(undefined, 'toString', 'constructor', 'sell', 'custom') }) }),
      fc.record({ type: fc.constantFrom('invoke'), name: fc.constantFrom('adaptiveCard/action', 'task/fetch', 'composeExtension/query', ''), value: fc.oneof(fc.constant(null), fc.constant({}), fc.record({ action: fc.oneof(fc.constant(null), fc.record({ type: fc.string(), verb: fc.string(), data: fc.anything({ maxDepth: 2 }) })) })) }),
      fc.record({ type: fc.constantFrom('conversationUpdate', 'installationUpdate', 'messageReaction', 'messageUpdate', 'typing', 'event', 'x'), membersAdded: fc.oneof(fc.constant(null), fc.array(fc.oneof(fc.constant(null), fc.record({ id: fc.string() })))), action: fc.string() }),
      fc.record({ text: fc.constant('help'), entities: fc.oneof(fc.constant(null), fc.array(fc.anything({ maxDepth: 1 }))), locale: fc.oneof(fc.string(), fc.integer()) }),
      fc.record({ text: fc.constant('help'), from: fc.constantFrom({ id: 'x' }, { id: 'x', aadObjectId: 'y' }, { id: '29:x', aadObjectId: elif.id, name: { a: 1 } }) }),
      fc.record({ text: fc.constant('help'), conversation: fc.constantFrom({ id: 'g', conversationType: 'groupChat', tenantId: elif.tenant }, { id: 'c', conversationType: 'channel', tenantId: elif.tenant }) }),
    );
    const samples = fc.sample(odd, { numRuns: 1000, seed: 20261123 });
    const outcomes = new Map<number, number>();
    const before = product.teams.calls.length;
    const memory = (): number => memoryOf([product.pid ?? 0]);
    const memoryBefore = memory();
    const apologies = (): number => product.output.match(/"msg":"(A turn failed|A card press failed|The gate failed)\."/g)?.length ?? 0;
    const apologiesBefore = apologies();
    let answered = 0;

    for (const [index, sample] of samples.entries()) {
      const person = people[index % people.length] ?? elif;
      const seen = product.teams.calls.length;
      const { status } = await product.teams.deliver(product.teams.activityOf(person, 'message', sample));
      outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
      if (product.teams.calls.length > seen || ('value' in sample && status === 200)) answered += 1;
    }

    const counted = [...outcomes].sort().map(([status, count]) => `${status}: ${count}`).join(', ');
    const grownMb = Math.round(memory() - memoryBefore);
    figure('G9', `${samples.length} odd activities: ${counted}; reached a command or dialog: ${answered}; messages sent: ${product.teams.calls.length - before}`);
    figure('G14', `${grownMb} MB more after ${samples.length} odd activities`);
    assert([...outcomes.keys()].every((status) => status < 500), counted);
    // A bug becomes a 200 with an apology: that is no answer to bad input either.
    assert.equal(apologies(), apologiesBefore, 'odd input met a bug');
    assert(answered >= 300, `only ${answered}`);
    assert(grownMb < 200, `${grownMb} MB more`);
    assert.equal((await fetch(`${product.url}/readyz`)).status, 200);
  });

  it('no name, mail address, token or sentence is in the logs of all this', () => {
    const secrets = ['Bearer', 'eyJ', 'story-secret', 'Azure backup', '@example.com', 'Elif', 'Ayşe', 'Contoso'];
    const found = secrets.filter((secret) => product.output.includes(secret));
    figure('G15', `${found.length} of ${secrets.length} kinds of secrets, names and texts in ${product.output.split('\n').length} lines of the log`);
    assert.deepEqual(found, [], 'readable in the log');
    assert.match(product.output, /"msg"/, 'something was logged');
  });
});
