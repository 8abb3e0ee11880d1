import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { keepCard } from '../../src/commands/meet-person.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import { inDays } from '../helpers/builders.js';
import { deniz, elif, openHouse, type House } from './house.js';

describe('what an invitation brought and has ended since', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  it('is over on every card of it, on both sides, and on one that is shown later', async () => {
    const id = await house.delivered();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    house.time.now = inDays(2);
    await house.acceptsAtMicrosoft();
    for (const { tenant, person } of [elif, deniz]) await keepCard(house.ports)({ invitation: id, tenant, person, conversation: person, activity: `card of ${person}` });
    await house.runsErrands();
    const shown = async (by = elif) => {
      const view = await showInvitation(house.ports)({ by, reference: (await house.ledger.invitation(id))?.reference ?? '' });
      return view?.over;
    };
    assert.equal(await shown(), undefined);
    house.messenger.update.resetHistory();

    house.time.now = inDays(9);
    house.shows({});
    await house.watches();
    await house.runsErrands();

    const over = { sell: inDays(9).toISOString() };
    for (const { person } of [elif, deniz]) {
      const drawn = house.messenger.update.getCalls().filter(({ args: [to, copy] }) => to.person === person && copy.activity === `card of ${person}`).at(-1)?.args[2];
      assert(drawn?.view === 'status' || drawn?.view === 'request', person);
      assert.deepEqual(drawn.over, over);
    }
    assert.deepEqual([await shown(), await shown(deniz)], [over, over]);
  });
});
