import { strict as assert } from 'node:assert';
import sinon from 'sinon';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { redrawPartnerCopies } from '../../src/commands/errands-about.js';
import { inviteCustomer } from '../../src/commands/invite-customer.js';
import { withdrawInvitation } from '../../src/commands/withdraw-invitation.js';
import { losePerson } from '../../src/commands/meet-person.js';
import { maxAttempts, maxAttemptsInOutage } from '../../src/commands/patience.js';
import { AuthorityUnavailableError, LedgerUnavailableError, MessengerOutcomeUnknownError, MessengerRefusedError, MessengerUnavailableError, SignInNeededError, StaleLedgerError, type Ran } from '../../src/commands/ports.js';
import { runErrands } from '../helpers/run-errands.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { asDomainName, type InvitationId } from '../../src/domain/ids.js';
import { anAdmin, CONTOSO, FABRIKAM } from '../helpers/builders.js';
import { ada, can, deniz, elif, noticesIn, openHouse, outage, type House } from './house.js';

describe('running errands', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const approved = async (): Promise<InvitationId> => {
    const id = await house.delivered();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    return id;
  };
  const rounds = async (count: number, seconds: number) => {
    for (let round = 0; round < count; round += 1) {
      house.passes(seconds);
      await house.runsErrands();
    }
  };

  it('says what it did, and that there is nothing left', async () => {
    await approved();
    assert.deepEqual((await house.runsErrands()).map(({ topic, outcome }) => [topic, outcome]), [['redraw', 'done'], ['tell', 'done']]);
    assert.deepEqual(await runErrands(house.ports)(), []);
  });

  it('is as patient as Teams asks for', async () => {
    await approved();
    house.messenger.send.onCall(house.messenger.send.callCount).rejects(new MessengerUnavailableError(90));
    await house.runsErrands();

    await rounds(1, 89);
    assert.deepEqual(noticesIn(house.sentTo(elif)), ['approved'], 'tried once');
    await rounds(1, 2);
    assert.deepEqual(noticesIn(house.sentTo(elif)), ['approved', 'approved'], 'tried again, and nothing was delivered before');
    assert.deepEqual(await runErrands(house.ports)(), []);
  });

  it('gives up one day, and the letter stays visible', async () => {
    await approved();
    house.messenger.send.rejects(new TypeError('a fault of ours'));

    await rounds(maxAttempts + 2, 3600);

    assert.deepEqual(noticesIn(house.sentTo(elif)).length, maxAttempts);
    assert.equal((await house.errands.depth(house.time.machine)).dead, 1);
  });

  for (const asked of [undefined, 0, 1, 2]) {
    it(`outlasts an outage of Teams of half a day, ${asked === undefined ? 'which asks for no pause' : `although it asks for pauses of ${asked} s`}, and not one of weeks`, async () => {
      await approved();
      house.messenger.send.rejects(new MessengerUnavailableError(asked));
      const tries = () => noticesIn(house.sentTo(elif)).length;

      await rounds(5, 5);
      assert(tries() >= 3, 'the first ones come soon');
      for (let minute = 0; minute < 12 * 60; minute += 1) await rounds(1, 60);
      assert.equal((await house.errands.depth(house.time.machine)).waiting, 1, 'after half a day');
      assert(tries() < 50, `${tries()} tries`);

      await rounds(maxAttemptsInOutage, 3600);
      assert.deepEqual([(await house.errands.depth(house.time.machine)).dead, tries()], [1, maxAttemptsInOutage]);
    });
  }

  describe('of a wish that waits for somebody to sign in', () => {
    beforeEach(async () => {
      await house.meets(elif, deniz);
      const id = await house.drafted();
      house.authority.prepareInvitation.rejects(new SignInNeededError('token'));
      assert.deepEqual(await sendInvitation(house.ports).orLater({ by: elif, id, reason: 'Backup', statedNotCsp: true }), { is: 'writtenDown', needsSignIn: true });
    });

    it('goes on when somebody has, days later, without having asked all the time', async () => {
      for (let minute = 0; minute < 3 * 24 * 60; minute += 5) await rounds(1, 300);
      assert(house.authority.prepareInvitation.callCount < 3 * 24 * 12, `asked ${house.authority.prepareInvitation.callCount} times`);

      house.authority.prepareInvitation.onCall(house.authority.prepareInvitation.callCount).rejects(outage);
      house.authority.prepareInvitation.resolves({ link: 'https://admin.microsoft.com/accept' });
      await rounds(4, 900);

      assert.deepEqual(house.sentTo(elif).map(({ view }) => view), ['status'], 'an outage in that moment is no reason to give up');
    });

    it('is told as given up after two weeks', async () => {
      await rounds(13 * 24, 3600);
      assert.deepEqual(house.sentTo(elif), []);

      await rounds(2 * 24, 3600);

      assert.deepEqual(house.sentTo(elif), [{ view: 'gaveUp', wish: 'send', about: 'Contoso', needsSignIn: true }]);
      assert.equal((await house.errands.depth(house.time.machine)).dead, 1);
    });
  });

  it('does not count as a try what Microsoft was not even asked, because its lane is closed', async () => {
    await house.meets(elif, deniz);
    const id = await house.sent();
    house.directory.person.rejects(new AuthorityUnavailableError('person', { retryAfterSeconds: 30, isUnasked: true }));
    for (let minute = 0; minute < 2 * 24 * 60; minute += 5) await rounds(1, 300);
    assert.equal((await house.errands.depth(house.time.machine)).waiting, 1);

    house.directory.person.resolves(anAdmin());
    await rounds(1, 900);

    assert.equal(await house.stateOf(id), 'delivered');
  });

  it('repeats a notice of unknown outcome once at most', async () => {
    await approved();
    house.messenger.send.rejects(new MessengerOutcomeUnknownError());

    await rounds(4, 600);

    assert.deepEqual(noticesIn(house.sentTo(elif)), ['approved', 'approved']);
    assert.equal((await house.errands.depth(house.time.machine)).dead, 1);
  });

  it('of a worker that died before it noted what it did, is done once more by the next', async () => {
    await approved();
    const dying = { ...house.ports, errands: { ...house.errands, done: () => Promise.reject(new LedgerUnavailableError()) } };

    assert.deepEqual((await runErrands(dying)()).map(({ outcome }) => outcome), ['again', 'again']);
    assert.deepEqual(await house.runsErrands(), [], 'not while the lease holds');
    await rounds(1, 61);

    assert.deepEqual(noticesIn(house.sentTo(elif)), ['approved', 'approved']);
    assert.deepEqual((await house.errands.depth(house.time.machine)), { waiting: 0, due: 0, oldestDueSeconds: 0, dead: 0 });
  });

  it('that was given up while nobody can be told is given up all the same, and troubles no other', async () => {
    const id = await approved();
    await house.runsErrands();
    house.authority.removalBlockers.rejects(outage);
    house.messenger.send.rejects(new MessengerUnavailableError());
    await house.errands.add([{ topic: 'endRelationship', key: 'end/x', lane: 'pair/x', body: { partner: FABRIKAM, customer: CONTOSO, tenant: elif.tenant, person: elif.person } }]);
    const outcomes: Ran[] = [];
    const ended = (): Ran | undefined => outcomes.find(({ topic, outcome }) => topic === 'endRelationship' && outcome === 'dead');

    for (let round = 0; round < 100 && !ended(); round += 1) {
      house.passes(3600);
      await house.errands.add([{ topic: 'redraw', key: `redraw/${round}`, lane: 'elsewhere', invitation: id, body: { tenant: deniz.tenant, person: deniz.person } }]);
      outcomes.push(...await runErrands(house.ports)());
    }

    assert.deepEqual([ended()?.error, ended()?.untold instanceof MessengerUnavailableError], [outage, true]);
    assert.deepEqual([...new Set(outcomes.filter(({ topic }) => topic === 'redraw').map(({ outcome }) => outcome))], ['done']);
    assert.equal((await house.errands.depth(house.time.machine)).dead, 1);
  });

  it('whose outcome the ledger cannot take just now becomes due again with its lease', async () => {
    await approved();
    house.messenger.send.onCall(house.messenger.send.callCount).rejects(new MessengerUnavailableError());
    const away = { ...house.ports, errands: { ...house.errands, fail: () => Promise.reject(new LedgerUnavailableError()) } };

    assert.deepEqual((await runErrands(away)()).map(({ topic, outcome }) => [topic, outcome]), [['redraw', 'done'], ['tell', 'again']]);

    await rounds(1, 61);
    assert.deepEqual(noticesIn(house.sentTo(elif)), ['approved', 'approved']);
  });

  it('stays with whoever works on it, however long that takes, and goes to another when the work has come to a stop', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const worksFor = async (seconds: number): Promise<void> => {
      for (let passed = 0; passed < seconds; passed += 20) {
        house.passes(20);
        clock.tick(20_000);
        for (let turn = 0; turn < 5; turn += 1) {
          await new Promise((resolve) => void setImmediate(resolve));
          await house.ledger.isReachable();
        }
      }
    };
    try {
      await approved();
      let arrive = (): void => undefined;
      house.messenger.send.onCall(house.messenger.send.callCount).callsFake((to) => new Promise((resolve) => { arrive = () => resolve({ conversation: to.conversation, activity: 'late' }); }));
      const slow = runErrands(house.ports)();

      await worksFor(300);
      assert.deepEqual([await runErrands(house.ports)(), noticesIn(house.sentTo(elif))], [[], ['approved']]);

      await worksFor(900);
      assert.deepEqual((await runErrands(house.ports)()).map(({ topic, outcome }) => [topic, outcome]), [['tell', 'done']]);
      arrive();
      await slow;
    } finally {
      clock.restore();
    }
  });

  it('comes back soon when the ledger moved on meanwhile', async () => {
    await approved();
    house.messenger.send.onCall(house.messenger.send.callCount).rejects(new StaleLedgerError());
    await house.runsErrands();

    await rounds(1, 1);

    assert.equal((await house.errands.depth(house.time.machine)).waiting, 0);
  });

  it('puts a new card where the old one is gone from the chat', async () => {
    const id = await approved();
    const [old] = await house.ledger.copies(id);
    house.messenger.update.onFirstCall().rejects(new MessengerRefusedError('gone', 404));

    await house.runsErrands();

    const copies = await house.ledger.copies(id);
    assert.equal(copies.length, 1);
    assert.notEqual(copies[0]?.activity, old?.activity);
    const card = house.sentTo(deniz).at(-1);
    assert(card?.view === 'request' && card.invitation.state === 'awaitingAuthority');
  });

  it('draws what the ledger says now, not what it said when the errand was given', async () => {
    await house.meets(can);
    const id = await house.delivered();
    house.is(can, { roles: ['user'] });
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    await house.runsErrands();

    const views = house.messenger.update.getCalls().map(({ args: [to, , view] }) => [to.person, view.view === 'request' && view.mayAnswer]);
    assert.deepEqual(views.sort(), [[deniz.person, 'yes'], [can.person, 'no']].sort());
  });

  it('tells people what happens while their own wishes wait for Microsoft, and keeps the order of these', async () => {
    const id = await house.delivered();
    house.directory.tenantByDomain.rejects(outage);
    const wish = inviteCustomer(house.ports).orLater;
    const wishes = ['first.com', 'second.com'];
    for (const domain of wishes) assert.equal((await wish({ by: elif, customer: { domain: asDomainName(domain) }, reason: 'Azure backup' })).is, 'writtenDown');
    house.passes(60);
    await house.runsErrands();

    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    await house.runsErrands();
    assert.deepEqual(noticesIn(house.sentTo(elif)), ['approved']);

    const before = house.directory.tenantByDomain.callCount;
    house.directory.tenantByDomain.resolves(undefined);
    await rounds(1, 3600);
    assert.deepEqual(house.directory.tenantByDomain.getCalls().slice(before).map(({ args: [domain] }) => String(domain)), wishes);
  });

  it('sends nothing to somebody who left, holds up nobody for it, and remembers who left', async () => {
    await house.meets(can);
    const id = await house.delivered();
    await losePerson(house.ports)(can.tenant, can.person);
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });

    await house.runsErrands();

    assert.deepEqual(noticesIn(house.sentTo(can)), []);
    assert.deepEqual(noticesIn(house.sentTo(elif)), ['approved']);
  });

  describe('for somebody at the partner whose role was taken', () => {
    it('tells nothing and draws no card any more', async () => {
      const id = await house.delivered();
      await house.ledger.keepCopy({ invitation: id, tenant: FABRIKAM, person: elif.person, conversation: 'a:1', activity: 'card-of-elif' });
      house.is(elif, { roles: [] });

      await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined', reason: 'other', comment: 'We chose another' });
      await house.runsErrands();

      assert.deepEqual([house.sentTo(elif), house.messenger.update.getCalls().filter(({ args: [to] }) => to.person === elif.person)], [[], []]);
    });

    it('stops also what was told a moment ago, within seconds', async () => {
      const id = await approved();
      await house.runsErrands();
      house.is(elif, { roles: [] });
      house.passes(16);

      house.is(ada, { roles: ['globalAdmin'] });
      await withdrawInvitation(house.ports)({ by: ada, id });
      await house.runsErrands();

      assert.deepEqual(noticesIn(house.sentTo(elif)), ['approved']);
    });

    it('waits while Microsoft does not say whether it was', async () => {
      await approved();
      house.directory.person.withArgs(FABRIKAM, elif.person).rejects(outage);
      await house.runsErrands();
      assert.deepEqual(noticesIn(house.sentTo(elif)), []);

      house.is(elif, { roles: ['salesAgent'] });
      await rounds(1, 60);

      assert.deepEqual(noticesIn(house.sentTo(elif)), ['approved']);
    });

    it('asks Microsoft once for the card and the notice of one change', async () => {
      const id = await approved();
      await house.ledger.keepCopy({ invitation: id, tenant: FABRIKAM, person: elif.person, conversation: 'a:1', activity: 'card-of-elif' });
      await house.errands.add(await redrawPartnerCopies(house.ports, await house.ledger.invitation(id) ?? assert.fail(), 'again'));
      const asked = () => house.directory.person.getCalls().filter(({ args: [, person] }) => person === elif.person).length;
      const before = asked();

      await house.runsErrands();

      assert.equal(asked() - before, 1);
    });
  });

  it('once given up because a person is unreachable, does not try that person again', async () => {
    const id = await house.delivered();
    house.messenger.send.rejects(new MessengerRefusedError('unreachable', 403));
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    await rounds(3, 600);

    assert.deepEqual(noticesIn(house.sentTo(elif)), ['approved']);
    assert.equal((await house.ledger.acquaintance(elif.tenant, elif.person))?.isReachable, false);
  });
});
