import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { endTogether } from '../../src/commands/end-together.js';
import { keepCard } from '../../src/commands/meet-person.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import { asDomainName } from '../../src/domain/ids.js';
import { aCustomer, CONTOSO, FABRIKAM, inDays } from '../helpers/builders.js';
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

  const endsAfter = async (act?: 'endRelationship', by = elif): Promise<unknown> => {
    house.directory.tenantById.withArgs(FABRIKAM).resolves(aCustomer({ id: FABRIKAM, name: 'Fabrikam', domain: asDomainName('fabrikam.com') }));
    const id = await house.delivered();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    await house.acceptsAtMicrosoft();
    house.time.now = inDays(2);
    if (act) await endTogether(house.ports).confirm({ by, act, other: by === elif ? CONTOSO : FABRIKAM, typed: by === elif ? 'Contoso' : 'Fabrikam' });
    house.time.now = inDays(3);
    house.shows({});
    await house.watches();
    const reference = (await house.ledger.invitation(id))?.reference ?? '';
    const views = await Promise.all([elif, deniz].map((reader) => showInvitation(house.ports)({ by: reader, reference })));
    assert.deepEqual(views[0]?.endedBy, views[1]?.endedBy, 'both sides read the same');
    return views[0]?.endedBy?.sell;
  };

  it('was ended by whoever asked for it here, or by nobody whom this app knows', async () => {
    assert.deepEqual(await endsAfter('endRelationship'), { name: elif.name, side: 'partner' });
  });

  it('was wished by the customer’s admin where the partner ended it after being asked', async () => {
    assert.deepEqual(await endsAfter('endRelationship', deniz), { name: deniz.name, side: 'customer' });
  });

  it('was ended at Microsoft, by whom is not known, where nobody asked here', async () => {
    assert.equal(await endsAfter(), 'unknown');
  });
});
