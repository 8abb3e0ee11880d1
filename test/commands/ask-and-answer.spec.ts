import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { askAndAnswer } from '../../src/commands/ask-and-answer.js';
import type { Speaker } from '../../src/commands/gather.js';
import { keepCard } from '../../src/commands/meet-person.js';
import type { InvitationId } from '../../src/domain/ids.js';
import { mostRemarks } from '../../src/domain/invitation.js';
import { inDays, NOON } from '../helpers/builders.js';
import { ada, can, deniz, elif, nil, noticesIn, openHouse, type House } from './house.js';

describe('asking and answering', () => {
  let house: House;
  let id: InvitationId;
  beforeEach(async () => {
    house = await openHouse();
    id = await house.delivered();
  });
  afterEach(() => house?.leave());

  const say = (by: Speaker, text: string) => askAndAnswer(house.ports)({ by, id, text });
  const talk = async () => {
    const invitation = await house.ledger.invitation(id);
    return invitation && 'remarks' in invitation ? invitation.remarks?.map(({ side, by, text }) => [side, by.name, text]) : undefined;
  };

  it('brings the question to the partner and the answer to the customer, on both cards', async () => {
    await keepCard(house.ports)({ invitation: id, tenant: elif.tenant, person: elif.person, conversation: 'a', activity: 'theirs' });
    await house.runsErrands();

    const asked = await say(deniz, ' For how\n long? ');
    await house.runsErrands();
    const answered = await say(elif, 'A year');
    await house.runsErrands();

    assert(asked.is === 'said' && answered.is === 'said');
    assert.deepEqual([asked.view.view, answered.view.view], ['request', 'status']);
    assert.deepEqual(await talk(), [['customer', deniz.name, 'For how long?'], ['partner', elif.name, 'A year']]);
    assert.deepEqual([noticesIn(house.sentTo(elif)), noticesIn(house.sentTo(deniz))], [['asked'], ['answered']]);
    for (const person of [elif, deniz]) {
      const drawn = house.messenger.update.getCalls().filter(({ args: [to] }) => to.person === person.person).at(-1)?.args[2];
      assert.match(JSON.stringify(drawn), /For how long\?.*A year/, person.name);
    }
    assert.deepEqual((await house.eventsOf(id)).slice(-2), ['QuestionAsked', 'QuestionAnswered']);
  });

  it('twice is told twice, and every question by itself; delivered again within a minute it is told once', async () => {
    for (const [text, seconds] of [['Why?', 0], ['Why?', 59], ['Why?', 61], ['Who?', 62]] as const) {
      house.time.now = new Date(NOON.getTime() + seconds * 1000);
      assert.equal((await say(deniz, text)).is, 'said');
    }
    await house.runsErrands();

    const notices = house.sentTo(elif).flatMap((view) => (view.view === 'notice' ? [[view.subject, view.said?.text]] : []));
    assert.deepEqual(notices, [['asked', 'Why?'], ['asked', 'Why?'], ['asked', 'Who?']]);
  });

  it('keeps the words beside the hash, not in it', async () => {
    await say(deniz, 'Bütçe ne kadar?');

    const last = (await house.ledger.history(id)).at(-1);
    assert.deepEqual([last?.names['text'], last?.names['by'], last?.body.includes('Bütçe')], ['Bütçe ne kadar?', deniz.name, false]);
  });

  it('does not stop the clock, nor the answer', async () => {
    const before = await house.ledger.invitation(id);
    house.time.now = inDays(1);

    await say(deniz, 'Why?');

    const after = await house.ledger.invitation(id);
    assert(before && after && 'expiresAt' in before && 'expiresAt' in after);
    assert.deepEqual([after.state, after.expiresAt], ['delivered', before.expiresAt]);
    assert.equal((await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' })).is, 'answered');
    assert.equal((await say(elif, 'Thank you')).is, 'said', 'while Microsoft’s page is still open');
  });

  it('may be done by a colleague with the right, on either side', async () => {
    await say(can, 'Why?');
    await say(ada, 'Because');

    assert.deepEqual(await talk(), [['customer', can.name, 'Why?'], ['partner', ada.name, 'Because']]);
  });

  it('at once by two people keeps what both said', async () => {
    await Promise.all([say(deniz, 'Why?'), say(can, 'How?')]);

    assert.deepEqual((await talk())?.map(([, , text]) => text).sort(), ['How?', 'Why?']);
  });

  it('with nothing said is nothing', async () => {
    assert.deepEqual(await say(deniz, ' \n\t '), { is: 'empty' });
    assert.equal(await talk(), undefined);
  });

  it(`ends after ${mostRemarks}, so that a card stays a card`, async () => {
    for (let said = 0; said < mostRemarks; said += 1) assert.equal((await say(said % 2 ? elif : deniz, `${said}`)).is, 'said');

    assert.deepEqual([await say(deniz, 'And?'), await say(elif, 'And?')], [{ is: 'full' }, { is: 'full' }]);
    assert.equal((await talk())?.length, mostRemarks);
  });

  it('shortens what no card could hold', async () => {
    await say(deniz, 'x'.repeat(2000));
    assert.equal((await talk())?.[0]?.[2]?.length, 300);
  });

  for (const [who, by, now] of [
    ['a colleague at the customer who decides nothing', deniz, { roles: ['user'] }], ['a guest at the customer', deniz, { roles: ['globalAdmin'], isGuest: true }],
    ['somebody whose role may not be read', deniz, 'unreadable'], ['a colleague at the partner without a role', ada, { roles: [] }],
  ] as const) {
    it(`is not for ${who}`, async () => {
      house.is(by, now);

      assert.deepEqual([await say(by, 'Why?'), await talk()], [{ is: 'notYours' }, undefined]);
    });
  }

  it('finds nothing for a stranger, and nothing once it is over', async () => {
    assert.deepEqual(await say(nil, 'Why?'), { is: 'notFound' });
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' });
    for (const by of [deniz, elif]) assert.deepEqual(await say(by, 'Why?'), { is: 'notFound' }, by.name);
  });
});
