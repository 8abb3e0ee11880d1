import { strict as assert } from 'node:assert';
import { fold } from '../../src/bot/fold.js';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { findInvitations } from '../../src/commands/find-invitations.js';
import type { Speaker } from '../../src/commands/gather.js';
import { inviteCustomer } from '../../src/commands/invite-customer.js';
import { keepCard, welcomePerson } from '../../src/commands/meet-person.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { showMyPartners } from '../../src/commands/show-my-partners.js';
import { showPending } from '../../src/commands/show-pending.js';
import { whoAmI, whoCanDecide } from '../../src/commands/who-am-i.js';
import { asSubscriptionId } from '../../src/domain/ids.js';
import { aCustomer, aSubscription, CONTOSO, FABRIKAM, guid, inDays, NORTHWIND } from '../helpers/builders.js';
import { contosoCom, deniz, elif, nil, openHouse, outage, type House } from './house.js';

const sold = aSubscription({ id: asSubscriptionId(guid(81)), offer: 'Dynamics 365 Sales', quantity: 4242, soldBy: FABRIKAM, partnerOfRecord: FABRIKAM });

describe('two partners of one customer (MP-70, MP-72, MP-73)', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  /** Fabrikam's whole story with Contoso, before Northwind comes. Gives everything that would give it away. */
  const firstPartner = async (end: 'waiting' | 'declined' | 'established'): Promise<readonly string[]> => {
    house.directory.holdings.resolves({ subscriptions: [sold], partners: [{ tenant: FABRIKAM, name: 'Fabrikam', isServiceProvider: true }], readAt: '' });
    house.authority.listOwnSubscriptions.withArgs(FABRIKAM, CONTOSO).resolves([sold]);
    const id = await house.delivered();
    if (end !== 'waiting') await answerInvitation(house.ports)({ by: deniz, id, answer: end === 'declined' ? 'declined' : 'approved', comment: 'Not with Fabrikam' });
    if (end === 'established') await house.acceptsAtMicrosoft();
    await house.runsErrands();
    house.time.now = inDays(3);
    const { reference } = await house.ledger.invitation(id) ?? assert.fail();
    return ['Fabrikam', 'fabrikam.com', FABRIKAM, elif.name, elif.person, 'elif@fabrikam.com', id, reference, sold.offer, sold.id, '4242', ...(end === 'declined' ? ['Not with'] : [])];
  };

  /** Everything that Northwind's agent can bring up, in words and by itself. */
  const everythingFor = async (by: Speaker, references: readonly string[]): Promise<readonly unknown[]> => {
    const { ports } = house;
    await house.meets(by);
    await welcomePerson(ports)(await house.ledger.acquaintance(by.tenant, by.person) ?? assert.fail());
    const invited = await inviteCustomer(ports).now({ by, customer: contosoCom, reason: 'Backup' });
    assert(invited.is === 'drafted');
    const { id } = invited.preview.invitation;
    const sent = await sendInvitation(ports).now({ by, id, reason: '', statedNotCsp: true });
    assert(sent.is === 'sent');
    await keepCard(ports)({ invitation: id, tenant: by.tenant, person: by.person, conversation: `a:${by.person}`, activity: 'card' });
    const again = await inviteCustomer(ports).now({ by, customer: { tenant: CONTOSO }, reason: 'Backup' });
    assert(again.is === 'refused');
    await house.runsErrands();

    house.authority.listOwnCustomers.withArgs(NORTHWIND).rejects(outage);
    await answerInvitation(ports)({ by: deniz, id, answer: 'approved' });
    await house.runsErrands();
    const views = [invited, sent, again, await whoAmI(ports)(by), await whoCanDecide(ports)(by), await showPending(ports)(by)];
    house.authority.listOwnCustomers.withArgs(NORTHWIND).resolves([aCustomer()]);
    const found = await Promise.all(['contoso', 'fabrikam', ...references].map((text) => findInvitations(ports)({ by, text, folded: fold })));
    const pushed = house.messenger.update.getCalls().filter(({ args: [to] }) => to.person === by.person).map(({ args: [, , view] }) => view);
    return [...views, ...found, await showMyPartners(ports)(by), ...house.sentTo(by), ...pushed];
  };

  for (const end of ['waiting', 'declined', 'established'] as const) {
    it(`tells the second nothing of the first, whose story is ${end}: no name, no id, no product, no count`, async () => {
      const secrets = await firstPartner(end);

      const seen = JSON.stringify(await everythingFor(nil, secrets));

      assert(seen.includes('Contoso') && seen.includes('Backup') && seen.includes('"awaitingAuthority"'), 'the second partner has seen a lot');
      for (const secret of secrets) assert(!seen.includes(secret), `the second partner has seen ${secret}`);
    });

    it(`asks nobody on behalf of the second what only the customer or the first may know (${end})`, async () => {
      await firstPartner(end);
      for (const asked of Object.values(house.authority)) asked.resetHistory();

      await everythingFor(nil, []);

      for (const [name, asked] of Object.entries(house.authority)) {
        assert.deepEqual(asked.args.flatMap(([by]) => (typeof by === 'string' && by !== NORTHWIND ? [by] : [])), [], name);
      }
    });
  }

  it('shows the customer all of it: the search that finds nothing above finds it here', async () => {
    const secrets = await firstPartner('established');
    await everythingFor(nil, []);

    const reference = secrets.find((one) => one.startsWith('PR-')) ?? '';
    const found = await findInvitations(house.ports)({ by: deniz, text: reference, folded: fold });
    const seen = JSON.stringify([found, await showMyPartners(house.ports)(deniz), house.sentTo(deniz)]);

    for (const secret of secrets) assert(seen.includes(secret), secret);
  });

  it('gives the second partner the same preview as if the first had never been', async () => {
    const previewOf = async (by: Speaker) => {
      const invited = await inviteCustomer(house.ports).now({ by, customer: contosoCom, reason: 'Backup' });
      assert(invited.is === 'drafted');
      const { invitation, ...rest } = invited.preview;
      return { ...rest, invitation: { ...invitation, id: '', reference: '', createdAt: '' } };
    };
    const alone = await previewOf(nil);

    await firstPartner('established');

    assert.deepEqual(await previewOf(nil), alone);
  });

  it('names no administrator to either before one has answered, and then the one who did', async () => {
    const id = await house.sent(nil);
    await house.meets(deniz, nil);
    await house.runsErrands();
    const reference = (await house.ledger.invitation(id))?.reference ?? '';
    const seen = async () => JSON.stringify([await findInvitations(house.ports)({ by: nil, text: reference, folded: fold }), await showPending(house.ports)(nil), house.sentTo(nil)]);
    assert(!(await seen()).includes(deniz.name) && !(await seen()).includes(deniz.person));

    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    await house.runsErrands();

    assert((await seen()).includes(deniz.name));
  });
});
