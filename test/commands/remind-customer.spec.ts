import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { keepCard, losePerson } from '../../src/commands/meet-person.js';
import { MessengerRefusedError } from '../../src/commands/ports.js';
import { remindCustomer } from '../../src/commands/remind-customer.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import { withdrawInvitation } from '../../src/commands/withdraw-invitation.js';
import type { InvitationId } from '../../src/domain/ids.js';
import { CONTOSO, inDays, NOON } from '../helpers/builders.js';
import { ada, can, deniz, elif, nil, noticesIn, openHouse, type House } from './house.js';

const inHours = (hours: number): Date => new Date(NOON.getTime() + hours * 3_600_000);

describe('reminding a customer', () => {
  let house: House;
  let id: InvitationId;
  beforeEach(async () => {
    house = await openHouse();
    id = await house.delivered();
  });
  afterEach(() => house?.leave());

  const remind = (by = elif) => remindCustomer(house.ports).remind({ by, id });
  const escalate = (by = elif) => remindCustomer(house.ports).escalate({ by, id });

  it('is possible two days after the card came, not before', async () => {
    house.time.now = inHours(47.9);
    assert.deepEqual(await remind(), { is: 'tooSoon', from: inHours(48).toISOString(), left: 3 });

    house.time.now = inHours(48);
    const outcome = await remind();
    await house.runsErrands();

    assert(outcome.is === 'reminded' && outcome.left === 2);
    assert.deepEqual([noticesIn(house.sentTo(deniz)), noticesIn(house.sentTo(elif)), (await house.eventsOf(id)).at(-1)], [['reminded'], [], 'CustomerReminded']);
  });

  it('is possible three times, two days apart, and then no more', async () => {
    for (const day of [2, 4, 6]) {
      house.time.now = inDays(day);
      assert.equal((await remind()).is, 'reminded', `day ${day}`);
      assert.notEqual((await remind()).is, 'reminded', `day ${day}, once more`);
    }
    house.time.now = inDays(30);

    assert.deepEqual(await remind(), { is: 'enough' });
    await house.runsErrands();
    assert.deepEqual(noticesIn(house.sentTo(deniz)), ['reminded', 'reminded', 'reminded']);
  });

  it('twice in the same moment reminds once', async () => {
    house.time.now = inDays(2);

    const outcomes = await Promise.all([remind(), remind(ada)]);

    assert.deepEqual(outcomes.map(({ is }) => is).sort(), ['reminded', 'tooSoon']);
  });

  it('is told on the partner’s card: how many are left, and from when', async () => {
    house.time.now = inDays(2);
    await remind();

    const view = await showInvitation(house.ports)({ by: elif, reference: (await house.ledger.invitation(id))?.reference ?? '' });

    assert(view?.view === 'status');
    assert.deepEqual(view.reminders, { left: 2, from: inDays(4).toISOString() });
  });

  it('reaches everybody who holds the card', async () => {
    await house.meets(can, ada);
    await keepCard(house.ports)({ invitation: id, tenant: CONTOSO, person: can.person, conversation: 'a', activity: 'b' });
    house.time.now = inDays(2);
    await remind();
    await house.runsErrands();

    assert.deepEqual([can, deniz, ada].map((person) => noticesIn(house.sentTo(person))), [['reminded'], ['reminded'], []]);
  });

  it('of what nobody holds yet makes no sense', async () => {
    const undelivered = await house.sent(nil);
    house.time.now = inDays(3);

    assert.deepEqual(await remindCustomer(house.ports).remind({ by: nil, id: undelivered }), { is: 'notDelivered' });
  });

  describe('who has no card, because bringing it was given up', () => {
    let undelivered: InvitationId;
    const remindNil = () => remindCustomer(house.ports).remind({ by: nil, id: undelivered });
    const statusOf = async () => {
      const view = await showInvitation(house.ports)({ by: nil, reference: (await house.ledger.invitation(undelivered))?.reference ?? '' });
      assert(view?.view === 'status');
      return view;
    };
    beforeEach(async () => {
      await house.meets(nil);
      undelivered = await house.sent(nil);
      house.messenger.send.onCall(house.messenger.send.callCount).rejects(new MessengerRefusedError('rejected', 400));
      await house.runsErrands();
    });

    it('brings it once more, at once and with one press or two, and uses up no reminder', async () => {
      assert.deepEqual([(await statusOf()).canBringAgain, (await statusOf()).undelivered], [true, ['rejected']]);
      const before = house.sentTo(deniz).length;

      assert.deepEqual([await remindNil(), await remindNil()], [{ is: 'broughtAgain' }, { is: 'broughtAgain' }]);
      await house.runsErrands();

      assert.deepEqual(house.sentTo(deniz).slice(before).map(({ view }) => view), ['request']);
      const { invitation, reminders, canBringAgain, undelivered: lost } = await statusOf();
      assert.deepEqual([invitation.state, reminders?.left, canBringAgain, lost], ['delivered', 3, false, []]);
    });

    it('tells the agent each time that it could not be brought', async () => {
      house.messenger.send.onCall(house.messenger.send.callCount).rejects(new MessengerRefusedError('rejected', 400));
      await remindNil();
      await house.runsErrands();

      assert.deepEqual(noticesIn(house.sentTo(nil)), ['notDelivered', 'notDelivered']);
      assert.deepEqual([(await statusOf()).canBringAgain, (await statusOf()).undelivered], [true, ['rejected']]);
    });

    it('brings it to nobody who removed the app: a mail is left', async () => {
      await losePerson(house.ports)(deniz.tenant, deniz.person);

      assert.deepEqual([(await statusOf()).canBringAgain, await remindNil()], [false, { is: 'notDelivered' }]);
    });

    it('may be asked by those who may remind only', async () => {
      house.is(nil, { roles: [] });
      assert.deepEqual(await remindNil(), { is: 'notFound' });
    });
  });

  it('of what was approved helps to finish at Microsoft', async () => {
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    house.time.now = inDays(2);

    assert.equal((await remind()).is, 'reminded');
  });

  it('may be done by a colleague who may ask as well, and by nobody else', async () => {
    house.time.now = inDays(2);
    house.is(ada, { roles: [] });

    for (const by of [ada, nil, deniz]) assert.deepEqual(await remind(by), { is: 'notFound' }, by.name);
    house.is(ada, { roles: ['salesAgent'] });
    assert.equal((await remind(ada)).is, 'reminded');
  });

  for (const [end, how] of [['declined', () => answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' })], ['withdrawn', () => withdrawInvitation(house.ports)({ by: elif, id })]] as const) {
    it(`of what is ${end} finds nothing`, async () => {
      await how();
      house.time.now = inDays(2);
      assert.deepEqual([await remind(), await escalate()], [{ is: 'notFound' }, undefined]);
    });
  }

  describe('and then asking wider', () => {
    const reminded = async (): Promise<void> => {
      house.time.now = inDays(2);
      await remind();
      await house.runsErrands();
    };

    it('shows the facts, without buttons, to everybody of the customer who uses the app', async () => {
      await house.meets(can);
      house.is(can, { tenant: CONTOSO, roles: ['user'] });
      await reminded();

      assert.equal(await escalate(), 1);
      await house.runsErrands();

      const [card] = house.sentTo(can);
      assert(card?.view === 'request' && card.mayAnswer === 'no' && card.invitation.id === id);
      assert.deepEqual((await house.ledger.copies(id)).some(({ person }) => person === can.person), true);
    });

    it('shows nothing to a guest', async () => {
      await house.meets(can);
      house.is(can, { tenant: CONTOSO, roles: ['user'], isGuest: true });
      await reminded();

      await escalate();
      await house.runsErrands();

      assert.deepEqual(house.sentTo(can), []);
    });

    it('is not the first thing one does', async () => {
      await house.meets(can);
      assert.equal(await escalate(), undefined);
    });

    it('once more brings nobody a second card', async () => {
      await house.meets(can);
      await reminded();

      assert.deepEqual([await escalate(), await house.runsErrands().then((ran) => ran.length > 0), await escalate()], [1, true, 0]);
      await house.runsErrands();

      assert.deepEqual(house.sentTo(can).map(({ view }) => view), ['request']);
    });

    it('is for the partner that asked, and over once the customer has approved', async () => {
      await reminded();
      for (const by of [nil, deniz]) assert.equal(await escalate(by), undefined, by.name);
      await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
      assert.equal(await escalate(), undefined);
    });
  });
});
