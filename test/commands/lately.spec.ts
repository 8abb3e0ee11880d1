import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { keepCard } from '../../src/commands/meet-person.js';
import { inviteCustomer } from '../../src/commands/invite-customer.js';
import { lately } from '../../src/commands/lately.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { aPartner } from '../helpers/builders.js';
import { ada, can, contosoCom, deniz, elif, openHouse, outage, type House } from './house.js';

const minutes = (count: number): number => count * 60_000;

describe('what a preview believes of a partner and its people', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const inviting = () => {
    const { now } = inviteCustomer(lately(house.ports));
    return (by = elif) => now({ by, customer: contosoCom, reason: 'Azure backup' });
  };
  const later = (ms: number): void => { house.time.machine = new Date(house.time.machine.getTime() + ms); };
  const asked = (): readonly number[] => [house.directory.person.callCount, house.authority.partner.callCount];

  it('is asked once in five minutes, for each person', async () => {
    const invite = inviting();

    for (let times = 0; times < 3; times += 1) assert.equal((await invite()).is, 'drafted');
    assert.deepEqual(asked(), [1, 1]);
    await invite(ada);
    assert.deepEqual(asked(), [2, 1]);

    later(minutes(5));
    await invite();
    assert.deepEqual(asked(), [3, 2]);
  });

  it('is not believed by whoever sends: a role taken away meanwhile shows a preview, and nothing leaves', async () => {
    const invite = inviting();
    await invite();
    house.is(elif, { roles: [] });

    const invited = await invite();

    assert(invited.is === 'drafted');
    const sent = await sendInvitation(house.ports).now({ by: elif, id: invited.preview.invitation.id, reason: '', statedNotCsp: true });
    assert(sent.is === 'refused');
    assert.deepEqual(sent.refusals.map(({ rule }) => rule), ['MP-10']);
  });

  it('is never a no: whoever was given the role, or signed the agreement, need not wait', async () => {
    const invite = inviting();
    house.is(elif, { roles: [] });
    house.authority.partner.resolves(aPartner({ hasSignedMpa: 'no' }));
    assert.equal((await invite()).is, 'refused');

    house.is(elif, { roles: ['salesAgent'] });
    const unsigned = await invite();
    assert(unsigned.is === 'refused');
    assert.deepEqual(unsigned.refusals.map(({ rule }) => rule), ['MP-48']);
    house.authority.partner.resolves(aPartner());

    assert.equal((await invite()).is, 'drafted');
  });

  it('is no answer that never came', async () => {
    const invite = inviting();
    house.directory.person.onFirstCall().rejects(outage);
    await assert.rejects(invite(), { name: 'AuthorityUnavailableError' });

    assert.equal((await invite()).is, 'drafted');
  });
});

describe('what a customer holds, on the cards of one change', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());
  const later = (ms: number): void => { house.time.machine = new Date(house.time.machine.getTime() + ms); };
  const approvedInFrontOfTwo = async () => {
    const id = await house.delivered();
    later(minutes(1));
    for (const { tenant, person } of [deniz, can]) await keepCard(house.ports)({ invitation: id, tenant, person, conversation: person, activity: `card of ${person}` });
    house.directory.holdings.resetHistory();
    house.directory.person.resetHistory();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    return id;
  };
  const drawn = () => house.messenger.update.getCalls().flatMap(({ args: [, , view] }) => (view.view === 'request' ? [view.holdings?.isConsented] : []));

  it('is read once, and the role of whoever answered not again', async () => {
    await approvedInFrontOfTwo();
    await house.runsErrands();

    assert(drawn().length >= 2 && drawn().every(Boolean));
    assert.equal(house.directory.holdings.callCount, 1);
    assert.deepEqual(house.directory.person.getCalls().filter(({ args: [, person] }) => person === deniz.person).length, 1);
  });

  it('is read again after some seconds', async () => {
    await approvedInFrontOfTwo();
    later(15_000);
    await house.runsErrands();

    assert.equal(house.directory.holdings.callCount, 2);
  });

  it('that could not be read is asked for again', async () => {
    house.directory.holdings.rejects(outage);
    await approvedInFrontOfTwo();
    house.directory.holdings.resolves({ subscriptions: [], partners: [], readAt: '' });
    await house.runsErrands();

    assert(drawn().length >= 2 && drawn().every(Boolean));
  });
});
