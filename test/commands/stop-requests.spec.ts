import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { expireInvitations } from '../../src/commands/expire-invitations.js';
import { inviteCustomer } from '../../src/commands/invite-customer.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { stopRequests } from '../../src/commands/stop-requests.js';
import { withdrawInvitation } from '../../src/commands/withdraw-invitation.js';
import { CONTOSO, FABRIKAM, inDays } from '../helpers/builders.js';
import { ada, contosoCom, deniz, elif, nil, openHouse, toManage, type House } from './house.js';

describe('a customer that wants no more requests', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const stop = (isStopped = true, by = deniz) => stopRequests(house.ports)({ by, partner: FABRIKAM, isStopped });
  const invite = (by = elif) => inviteCustomer(house.ports).now({ by, customer: contosoCom, reason: 'Backup' });
  const between = `between/${FABRIKAM}/${CONTOSO}`;

  it('is left alone by that partner, by every one of its people, and the refusal says why (OWN-01)', async () => {
    assert.equal(await stop(), 'done');

    for (const by of [elif, ada]) {
      const invited = await invite(by);
      assert(invited.is === 'refused', by.name);
      assert.deepEqual(invited.refusals, [{ rule: 'OWN-01', code: 'REQUESTS_STOPPED', about: { customer: 'Contoso' } }]);
    }
    assert.deepEqual(await house.eventsOf(between), ['RequestsStopped', 'InvitationRefused', 'InvitationRefused']);
  });

  it('is left alone with drafts as well: the rule is asked once more when they are sent', async () => {
    const id = await house.drafted();
    await stop();

    const outcome = await sendInvitation(house.ports).now({ by: elif, id, reason: '', statedNotCsp: true });

    assert(outcome.is === 'refused' && outcome.refusals[0].rule === 'OWN-01');
    assert.equal(await house.stateOf(id), 'draft');
  });

  it('keeps what is open, and may answer it', async () => {
    const id = await house.delivered();

    await stop();

    const answered = await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    assert(answered.is === 'answered' && answered.request.isStopped);
  });

  it('is no business of another partner, which asks as before', async () => {
    await stop();
    assert.equal((await invite(nil)).is, 'drafted');
  });

  it('may think again', async () => {
    await stop();
    await stop(false);

    assert.equal((await invite()).is, 'drafted');
    assert.deepEqual(await house.eventsOf(between), ['RequestsStopped', 'RequestsAllowed']);
  });

  it('says so once, however often it is pressed', async () => {
    await stop(false);
    for (let press = 0; press < 3; press += 1) assert.equal(await stop(), 'done');

    assert.deepEqual(await house.eventsOf(between), ['RequestsStopped']);
  });

  for (const [who, now] of [['somebody who decides nothing', { roles: ['user'] }], ['a guest', { roles: ['globalAdmin'], isGuest: true }], ['somebody whose role may not be read', 'unreadable']] as const) {
    it(`is not spoken for by ${who}`, async () => {
      house.is(deniz, now);

      assert.equal(await stop(), 'notYours');

      assert.deepEqual([await house.ledger.hasStopped(CONTOSO, FABRIKAM), await house.eventsOf(between)], [false, []]);
    });
  }

  it('is not spoken for by somebody of another company, who can only speak for their own', async () => {
    house.is(nil, { roles: ['globalAdmin'] });

    await stop(true, nil);

    assert.equal(await house.ledger.hasStopped(CONTOSO, FABRIKAM), false);
  });

  describe('or says nothing at all', () => {
    const unanswered = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) {
        const id = await house.sent();
        await withdrawInvitation(house.ports)({ by: elif, id });
      }
    };

    it('is asked three times in ninety days, however the requests ended, and not a fourth time (OWN-02)', async () => {
      await unanswered(2);
      assert.equal((await invite()).is, 'drafted');
      await unanswered(1);

      const invited = await invite();

      assert(invited.is === 'refused');
      assert.deepEqual(invited.refusals, [{ rule: 'OWN-02', code: 'TOO_MANY_UNANSWERED', about: { customer: 'Contoso', most: '3' } }]);
      assert.equal((await invite(nil)).is, 'drafted', 'another partner has asked nothing yet');
    });

    it('is not pressed by the other half either', async () => {
      await unanswered(3);
      house.is(ada, { roles: ['adminAgent'] });

      const invited = await inviteCustomer(house.ports).now({ by: ada, customer: contosoCom, reason: '', manage: toManage });

      assert(invited.is === 'refused' && invited.refusals.map(({ rule }) => rule).includes('OWN-02'));
    });

    it('may be asked again when the first of them is long ago', async () => {
      await unanswered(1);
      house.time.now = inDays(1);
      await unanswered(2);
      house.time.now = inDays(91);

      assert.equal((await invite()).is, 'drafted');
    });

    it('is asked again at once where it did answer, be it with no', async () => {
      await unanswered(2);
      const id = await house.delivered();
      await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' });

      assert.equal((await invite()).is, 'drafted');
    });

    it('counts one that ran out', async () => {
      await unanswered(2);
      house.time.now = inDays(1);
      await house.sent();
      house.time.now = inDays(91);
      await expireInvitations(house.ports)();
      house.time.now = inDays(89);

      const invited = await invite();

      assert(invited.is === 'refused' && invited.refusals[0].rule === 'OWN-02');
    });
  });
});
