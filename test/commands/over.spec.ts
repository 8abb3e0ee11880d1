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

  it('stands until the day that Microsoft names, and every copy of the card follows when that day moves', async () => {
    const id = await house.deliveredToManage();
    const managed = await house.managed(id, { until: inDays(366).toISOString(), autoExtends: true });
    house.shows({ sells: [aCustomer()], manages: [managed] });
    await house.watches();
    const { tenant, person } = deniz;
    await keepCard(house.ports)({ invitation: id, tenant, person, conversation: person, activity: 'a card' });
    await house.runsErrands();
    const manages = async () => {
      const view = await showInvitation(house.ports)({ by: deniz, reference: (await house.ledger.invitation(id))?.reference ?? '' });
      return view?.view === 'request' ? view.manages : undefined;
    };
    assert.deepEqual(await manages(), { until: inDays(366).toISOString(), autoExtends: true });

    for (const days of [546, 728]) {
      house.messenger.update.resetHistory();
      house.shows({ sells: [aCustomer()], manages: [{ ...managed, until: inDays(days).toISOString() }] });
      await house.watches();

      const drawn = house.messenger.update.getCalls().find(({ args: [, copy] }) => copy.activity === 'a card')?.args[2];
      assert(drawn?.view === 'request');
      assert.deepEqual(drawn.manages, { until: inDays(days).toISOString(), autoExtends: true });
    }
  });

  it('says that its end was asked for, to the side that asked, until it has ended or came to nothing', async () => {
    house.directory.tenantById.withArgs(FABRIKAM).resolves(aCustomer({ id: FABRIKAM, name: 'Fabrikam', domain: asDomainName('fabrikam.com') }));
    const id = await house.delivered();
    await house.acceptsAtMicrosoft();
    for (const { tenant, person } of [elif, deniz]) await keepCard(house.ports)({ invitation: id, tenant, person, conversation: person, activity: `card of ${person}` });
    const reference = (await house.ledger.invitation(id))?.reference ?? '';
    const askedOn = async (by = elif) => (await showInvitation(house.ports)({ by, reference }))?.endAsked;
    await house.runsErrands();
    house.messenger.update.resetHistory();

    await endTogether(house.ports).confirm({ by: elif, act: 'endRelationship', other: CONTOSO, typed: 'Contoso' });
    const asked = { sell: { by: elif.name, at: house.time.now.toISOString() } };
    assert.deepEqual([await askedOn(), await askedOn(deniz)], [asked, undefined]);
    house.authority.removeRelationship.resolves({ refused: { code: 'ACTIVE_SUBSCRIPTIONS', serviceCode: '', correlationId: '' } });
    await house.runsErrands();

    assert.equal(await askedOn(), undefined);
    assert.deepEqual([...new Set(house.messenger.update.args.map(([to]) => to.person))], [elif.person], 'nobody else’s card was drawn again');
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
