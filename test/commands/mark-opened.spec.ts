import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { keepCard } from '../../src/commands/meet-person.js';
import { markOpened } from '../../src/commands/mark-opened.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import { withdrawInvitation } from '../../src/commands/withdraw-invitation.js';
import type { InvitationId } from '../../src/domain/ids.js';
import { inDays, NOON } from '../helpers/builders.js';
import { ada, can, deniz, elif, nil, openHouse, type House } from './house.js';

describe('a card in front of somebody', () => {
  let house: House;
  let id: InvitationId;
  beforeEach(async () => {
    house = await openHouse();
    id = await house.delivered();
    await keepCard(house.ports)({ invitation: id, tenant: elif.tenant, person: elif.person, conversation: 'a', activity: 'theirs' });
    await house.runsErrands();
    house.messenger.update.resetHistory();
  });
  afterEach(() => house?.leave());

  const open = (by = deniz) => markOpened(house.ports)({ by, id });
  const openedAt = async () => {
    const invitation = await house.ledger.invitation(id);
    return invitation && 'openedAt' in invitation ? invitation.openedAt : undefined;
  };

  it('is seen by the partner, on its card, with the time', async () => {
    await open();
    await house.runsErrands();

    assert.equal(await openedAt(), NOON.toISOString());
    const [drawn] = house.messenger.update.getCalls().filter(({ args: [to] }) => to.person === elif.person);
    assert(drawn?.args[2].view === 'status' && 'openedAt' in drawn.args[2].invitation);
    assert.equal(house.messenger.update.getCalls().some(({ args: [to] }) => to.person === deniz.person), false, 'the customer’s own card is as it was');
  });

  it('does not say who it was, neither on the card nor in the record', async () => {
    await open();

    const view = await showInvitation(house.ports)({ by: elif, reference: (await house.ledger.invitation(id))?.reference ?? '' });
    const seen = JSON.stringify([view, (await house.ledger.history(id)).at(-1)]);

    assert(seen.includes('InvitationOpened'));
    for (const secret of [deniz.name, deniz.person]) assert(!seen.includes(secret), secret);
  });

  it('counts the first time only', async () => {
    await open();
    house.time.now = inDays(1);
    await open(can);
    await open();

    assert.deepEqual([await openedAt(), (await house.eventsOf(id)).filter((event) => event === 'InvitationOpened').length], [NOON.toISOString(), 1]);
  });

  it('at once in front of two is written once', async () => {
    await Promise.all([open(), open(can)]);
    assert.equal((await house.eventsOf(id)).filter((event) => event === 'InvitationOpened').length, 1);
  });

  it('of a partner, or of another company, is none', async () => {
    for (const by of [elif, ada, nil]) await open(by);
    assert.equal(await openedAt(), undefined);
  });

  it('is kept through what happens afterwards', async () => {
    await open();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' });
    assert.equal(await openedAt(), NOON.toISOString());
  });

  it('by whoever answers is told with the answer, and not beside it', async () => {
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    await open();
    assert.deepEqual([await openedAt(), (await house.eventsOf(id)).at(-1)], [NOON.toISOString(), 'InvitationApproved']);
  });

  it('of a request that is over is none', async () => {
    await withdrawInvitation(house.ports)({ by: elif, id });
    await open();
    assert.equal(await openedAt(), undefined);
  });
});
