import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { expireInvitations } from '../../src/commands/expire-invitations.js';
import { watchRelationships } from '../../src/commands/watch-relationships.js';
import type { InvitationId } from '../../src/domain/ids.js';
import { aCustomer, CONTOSO, FABRIKAM, inDays, NORTHWIND } from '../helpers/builders.js';
import { can, deniz, elif, nil, noticesIn, openHouse, outage, type House } from './house.js';

describe('watching Microsoft’s side', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const answered = async (answer: 'approved' | 'declined'): Promise<InvitationId> => {
    const id = await house.delivered();
    await answerInvitation(house.ports)({ by: deniz, id, answer });
    await house.runsErrands();
    return id;
  };
  const grantsOf = async () => (await house.ledger.grants({ customer: CONTOSO })).map(({ partner, origin }) => [partner, origin]);
  const watch = () => watchRelationships(house.ports).watchAll();
  const expire = async () => expireInvitations(house.ports)(await watch());

  it('establishes what was approved, once Microsoft shows it', async () => {
    const id = await answered('approved');
    assert.equal(await house.stateOf(id), 'awaitingAuthority');

    await house.acceptsAtMicrosoft();

    const invitation = await house.ledger.invitation(id);
    assert(invitation?.state === 'established' && invitation.answer?.by.name === 'Deniz Çelik');
    assert.deepEqual(await grantsOf(), [[FABRIKAM, 'invitation']]);
    assert.deepEqual([elif, deniz].map((person) => noticesIn(house.sentTo(person))), [['approved', 'established'], ['established']]);
  });

  for (const state of ['sent', 'delivered'] as const) {
    it(`establishes what was only ${state}: nobody has to press anything here`, async () => {
      const id = state === 'sent' ? await house.sent() : await house.delivered();

      await house.acceptsAtMicrosoft();

      const invitation = await house.ledger.invitation(id);
      assert(invitation?.state === 'established' && invitation.answer === undefined);
    });
  }

  it('establishes once, and tells everybody once, however often it looks', async () => {
    await house.meets(can);
    const id = await house.delivered();

    for (let round = 0; round < 3; round += 1) await house.acceptsAtMicrosoft();

    assert.equal((await house.eventsOf(id)).filter((event) => event === 'RelationshipEstablished').length, 1);
    assert.deepEqual([elif, deniz, can].map((person) => noticesIn(house.sentTo(person))), [['established'], ['established'], ['established']]);
  });

  it('establishes nothing for a draft, nor for another customer, nor without Microsoft showing it', async () => {
    const draft = await house.drafted();
    await house.acceptsAtMicrosoft();
    assert.equal(await house.stateOf(draft), 'draft');

    house.authority.observe.withArgs(FABRIKAM, CONTOSO).resolves('no');
    const id = await answered('approved');
    house.authority.listOwnCustomers.withArgs(FABRIKAM).resolves([aCustomer({ id: NORTHWIND })]);
    await watch();
    assert.equal(await house.stateOf(id), 'awaitingAuthority');
  });

  it('writes beside a decline that the relationship came after all, and tells both sides plainly', async () => {
    const id = await answered('declined');

    await house.acceptsAtMicrosoft();
    await house.acceptsAtMicrosoft();

    const invitation = await house.ledger.invitation(id);
    assert(invitation?.state === 'declined' && invitation.foundLateAt !== undefined);
    assert.deepEqual(await grantsOf(), [[FABRIKAM, 'late']]);
    assert.deepEqual([elif, deniz].map((person) => noticesIn(house.sentTo(person))), [['declined', 'foundLate'], ['foundLate']]);
  });

  it('writes it beside an expiry as well', async () => {
    const id = await house.delivered();
    house.time.now = inDays(91);
    await expire();

    await house.acceptsAtMicrosoft();

    assert.equal(await house.stateOf(id), 'expired');
    assert.deepEqual(await grantsOf(), [[FABRIKAM, 'late']]);
  });

  it('credits a relationship to the newest request, not to one that was declined before it', async () => {
    const first = await answered('declined');
    house.time.now = inDays(2);
    const second = await house.sent();

    await house.acceptsAtMicrosoft();

    assert.deepEqual([await house.stateOf(first), await house.stateOf(second)], ['declined', 'established']);
    assert.equal('foundLateAt' in (await house.ledger.invitation(first) ?? {}), false);
  });

  it('asks Microsoft nothing for a partner that awaits nothing', async () => {
    await watch();
    assert.equal(house.authority.listOwnCustomers.callCount, 0);
  });

  it('is not stopped by one partner’s outage', async () => {
    const [ours, theirs] = [await house.sent(elif), await house.sent(nil)];
    house.authority.listOwnCustomers.withArgs(FABRIKAM).rejects(outage);
    house.authority.listOwnCustomers.withArgs(NORTHWIND).resolves([aCustomer()]);

    assert.deepEqual(await watch(), [FABRIKAM]);

    assert.deepEqual([await house.stateOf(ours), await house.stateOf(theirs)], ['sent', 'established']);
  });

  it('gives one partner nothing for what the customer agreed with another', async () => {
    const [ours, theirs] = [await house.sent(elif), await house.sent(nil)];

    await house.acceptsAtMicrosoft();

    assert.deepEqual([await house.stateOf(ours), await house.stateOf(theirs)], ['established', 'sent']);
    assert.deepEqual(await grantsOf(), [[FABRIKAM, 'invitation']]);
  });

  it('looks at one invitation now, when somebody says that it is done', async () => {
    const id = await answered('approved');
    const { lookNow } = watchRelationships(house.ports);
    const look = async () => lookNow(await house.ledger.invitation(id) ?? assert.fail());

    await look();
    assert.equal(await house.stateOf(id), 'awaitingAuthority');
    house.authority.observe.withArgs(FABRIKAM, CONTOSO).resolves('yes');
    await look();
    await look();

    assert.equal(await house.stateOf(id), 'established');
  });

  describe('and the last day', () => {
    for (const [was, prepare] of [['unanswered', () => house.delivered()], ['approved but never accepted at Microsoft', () => answered('approved')]] as const) {
      it(`ends what was ${was}, once, and tells both sides`, async () => {
        const id = await prepare();
        house.time.now = inDays(89);
        await expire();
        assert.notEqual(await house.stateOf(id), 'expired');

        house.time.now = inDays(90);
        await expire();
        await expire();
        await house.runsErrands();

        assert.equal((await house.eventsOf(id)).filter((event) => event === 'InvitationExpired').length, 1);
        assert.deepEqual([elif, deniz].map((person) => noticesIn(house.sentTo(person)).filter((subject) => subject !== 'approved')), [['expired'], ['expired']]);
      });
    }

    it('does not come while Microsoft gives no answer, because Microsoft may have said yes', async () => {
      const id = await house.delivered();
      house.time.now = inDays(91);
      house.authority.listOwnCustomers.rejects(outage);
      await expire();
      assert.equal(await house.stateOf(id), 'delivered');

      house.authority.listOwnCustomers.resolves([aCustomer()]);
      await expire();
      assert.equal(await house.stateOf(id), 'established');
    });

    it('of another partner comes all the same', async () => {
      const [ours, theirs] = [await house.sent(elif), await house.sent(nil)];
      house.time.now = inDays(91);
      house.authority.listOwnCustomers.withArgs(FABRIKAM).rejects(outage);

      await expire();

      assert.deepEqual([await house.stateOf(ours), await house.stateOf(theirs)], ['sent', 'expired']);
    });

    it('makes room for a new invitation', async () => {
      await house.sent();
      house.time.now = inDays(91);
      await expire();

      assert.equal(await house.stateOf(await house.sent()), 'sent');
    });
  });
});
