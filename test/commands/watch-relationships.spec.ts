import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { happened } from '../../src/commands/audit.js';
import { expireInvitations } from '../../src/commands/expire-invitations.js';
import { warnBeforeEnd } from '../../src/commands/warn-before-end.js';
import { SignInNeededError } from '../../src/commands/ports.js';
import { watchRelationships } from '../../src/commands/watch-relationships.js';
import { asDomainName, asInvitationId, asTenantId, newReferenceCode, type InvitationId } from '../../src/domain/ids.js';
import { isOpen, missingHalves, type Grant } from '../../src/domain/invitation.js';
import { capabilitiesOf } from '../../src/domain/rules.js';
import * as step from '../../src/domain/steps.js';
import { aCustomer, aDelegatedAdmin, anInvitation, aPartner, aRelationshipId, CONTOSO, FABRIKAM, guid, inDays, NOON, NORTHWIND } from '../helpers/builders.js';
import { aDraft, drafting, inMinutes, sent as asked, toCustomer } from '../ledger/builders.js';
import { ada, can, deniz, elif, newsIn, nil, noticesIn, openHouse, outage, toManage, type House } from './house.js';

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

  it('credits a relationship that came back to no request that an established one followed', async () => {
    const first = await house.deliveredToManage();
    await answerInvitation(house.ports)({ by: deniz, id: first, answer: 'declined' });
    house.time.now = inDays(1);
    const second = await house.sent(ada, { manage: toManage });
    const manages = [await house.managed(second)];
    for (const [day, sells] of [[2, [aCustomer()]], [3, []], [4, [aCustomer()]]] as const) {
      house.time.now = inDays(day);
      house.shows({ sells, manages });
      await house.watches();
    }

    assert.deepEqual([await house.stateOf(first), await house.stateOf(second)], ['declined', 'established']);
    assert.equal('foundLateAt' in (await house.ledger.invitation(first) ?? {}), false);
    assert.deepEqual(await grantsOf(), [[FABRIKAM, 'invitation'], [FABRIKAM, 'outside']]);
  });

  describe('of a reseller that asks through a second provider', () => {
    const [first, second] = [asTenantId(guid(701)), asTenantId(guid(702))];
    const through = (answer: 'yes' | 'no') => house.authority.observe.withArgs(FABRIKAM, CONTOSO, second).resolves(answer);
    beforeEach(() => {
      house.authority.partner.callsFake(async (id) => aPartner({ id, type: 'indirectReseller' }));
      house.authority.listPartnerships.resolves([first, second].map((tenant) => ({ tenant, name: 'A provider', country: 'TR', is: 'provider' })));
      through('no');
    });
    const asks = async (): Promise<InvitationId> => {
      await house.meets(elif, deniz);
      const id = await house.sent(elif, { provider: second });
      await house.runsErrands();
      return id;
    };

    it('takes what the customer buys through the first for no answer, and what it accepts then for one', async () => {
      house.shows({ sells: [aCustomer()] });
      through('no');
      await house.watches();
      const id = await asks();

      await house.watches();
      assert.deepEqual([await house.stateOf(id), noticesIn(house.sentTo(elif)), noticesIn(house.sentTo(deniz))], ['delivered', [], []]);
      through('yes');
      await house.watches();

      assert.deepEqual([await house.stateOf(id), noticesIn(house.sentTo(deniz))], ['established', ['established']]);
    });

    it('tells of what begins through the first as of any relationship without an invitation', async () => {
      await house.watches();
      const id = await asks();

      house.shows({ sells: [aCustomer()] });
      through('no');
      await house.watches();

      assert.deepEqual([await house.stateOf(id), await grantsOf(), newsIn(house.sentTo(deniz))], ['delivered', [[FABRIKAM, 'outside']], ['foundOutside']]);
    });

    it('remembers without a word what stood through the first before anybody looked', async () => {
      const id = await asks();
      house.shows({ sells: [aCustomer()] });
      through('no');

      await house.watches();

      assert.deepEqual([await house.stateOf(id), await grantsOf(), newsIn(house.sentTo(deniz))], ['delivered', [[FABRIKAM, 'outside']], []]);
    });

    for (const [why, error] of [['Microsoft does not say', outage], ['the user’s sign-in is over', new SignInNeededError('secondTier')]] as const) {
      it(`neither begins nor ends anything of it while ${why} through whom the customer buys`, async () => {
        await house.watches();
        const id = await asks();
        house.shows({ sells: [aCustomer()] });
        house.authority.observe.withArgs(FABRIKAM, CONTOSO, second).rejects(error);
        house.time.now = inDays(91);

        await expire();
        await house.runsErrands();
        assert.deepEqual([await house.stateOf(id), await grantsOf(), newsIn(house.sentTo(deniz))], ['delivered', [], []]);
        through('yes');
        await expire();

        assert.equal(await house.stateOf(id), 'established');
      });
    }
  });

  it('is not stopped by one partner’s outage', async () => {
    const [ours, theirs] = [await house.sent(elif), await house.sent(nil)];
    house.authority.listOwnCustomers.withArgs(FABRIKAM).rejects(outage);
    house.authority.listOwnCustomers.withArgs(NORTHWIND).resolves([aCustomer()]);

    assert.deepEqual(await watch(), new Map([[FABRIKAM, {}]]));

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
    house.shows({ sells: [aCustomer()] });
    await look();
    await look();

    assert.equal(await house.stateOf(id), 'established');
  });

  it('remembers without a word what stood before anybody looked', async () => {
    await house.meets(elif, deniz);
    house.shows({ sells: [aCustomer()], manages: [aDelegatedAdmin()] });

    await house.watches();
    await house.watches();

    assert.deepEqual(await grantsOf(), [[FABRIKAM, 'outside'], [FABRIKAM, 'outside']]);
    assert.deepEqual(await house.eventsOf(`between/${FABRIKAM}/${CONTOSO}`), []);
    assert.deepEqual(house.messenger.send.callCount, 0);
  });

  it('finds at its very first look what somebody waits for', async () => {
    const id = await house.delivered();
    assert.equal(await house.ledger.isWatched(FABRIKAM), false);

    await house.acceptsAtMicrosoft();

    assert.equal(await house.stateOf(id), 'established');
    assert.deepEqual(noticesIn(house.sentTo(elif)), ['established']);
  });

  it('for the first time does not forget who asked for what was already known', async () => {
    const id = await house.delivered();
    const known: Grant = { kind: 'reseller', partner: FABRIKAM, customer: CONTOSO, seenAt: NOON.toISOString(), origin: 'invitation', invitation: id };
    const { ledger } = house;
    const before = await ledger.invitation(id);
    assert(before && isOpen(before));
    const after = step.halfSeen(before, 'sell', NOON.toISOString());
    await ledger.record({ event: happened('RelationshipEstablished', after, NOON), before, after, grants: [known] });

    await house.acceptsAtMicrosoft();

    assert.deepEqual(await ledger.grants({ customer: CONTOSO }), [known]);
  });

  describe('of a request with two halves', () => {
    for (const first of ['sell', 'manage'] as const) {
      it(`is told of the first (${first}), and established by the second, in one status`, async () => {
        const id = await house.deliveredToManage();
        const manages = [await house.managed(id)];
        const halves = { sell: { sells: [aCustomer()] }, manage: { manages } };

        house.shows(halves[first]);
        await house.watches();
        await house.watches();
        const half = await house.ledger.invitation(id) ?? assert.fail();
        assert.deepEqual([half.state, missingHalves(half)], ['delivered', [first === 'sell' ? 'manage' : 'sell']]);

        house.time.now = inDays(2);
        house.shows({ ...halves.sell, ...halves.manage });
        await house.watches();

        const whole = await house.ledger.invitation(id);
        assert(whole?.state === 'established');
        assert.deepEqual([whole.seen?.[first], whole.establishedAt], [NOON.toISOString(), inDays(2).toISOString()]);
        assert.deepEqual((await house.eventsOf(id)).slice(-2), ['HalfEstablished', 'RelationshipEstablished']);
        for (const person of [ada, deniz]) assert.deepEqual(noticesIn(house.sentTo(person)), ['halfDone', 'established'], person.name);
        assert.deepEqual((await house.ledger.grants({ partner: FABRIKAM })).map(({ kind, invitation }) => [kind, invitation]), [['gdap', id], ['reseller', id]]);
      });
    }

    it('at once is established at once', async () => {
      const id = await house.deliveredToManage();
      house.shows({ sells: [aCustomer()], manages: [await house.managed(id)] });

      await house.watches();

      assert.equal(await house.stateOf(id), 'established');
      assert.deepEqual(noticesIn(house.sentTo(deniz)).at(-1), 'established');
    });

    for (const status of ['created', 'approvalPending', 'approved', 'activating', 'expired', 'terminated', 'unknown'] as const) {
      it(`is not established by what is ${status} at Microsoft`, async () => {
        const id = await house.deliveredToManage();
        house.shows({ sells: [aCustomer()], manages: [await house.managed(id, { status })] });

        await house.watches();

        assert.deepEqual(missingHalves(await house.ledger.invitation(id) ?? assert.fail()), ['manage']);
      });
    }

    it('is not established by another delegated administration of the same two', async () => {
      const id = await house.deliveredToManage();
      house.shows({ sells: [aCustomer()], manages: [aDelegatedAdmin({ id: aRelationshipId(91) })] });

      await house.watches();

      assert.deepEqual(missingHalves(await house.ledger.invitation(id) ?? assert.fail()), ['manage']);
      assert.deepEqual((await house.ledger.grants({ partner: FABRIKAM })).map(({ origin }) => origin).sort(), ['invitation', 'outside']);
    });

    it('ends on its last day with one half, which stays, and hears of the other late', async () => {
      const id = await house.deliveredToManage();
      house.shows({ sells: [aCustomer()] });
      await house.watches();
      house.time.now = inDays(90);
      await expire();
      await house.runsErrands();

      house.shows({ sells: [aCustomer()], manages: [await house.managed(id)] });
      await house.watches();

      const invitation = await house.ledger.invitation(id);
      assert(invitation?.state === 'expired' && invitation.seen?.sell !== undefined && invitation.foundLateAt === inDays(90).toISOString());
      assert.deepEqual((await house.ledger.grants({ partner: FABRIKAM })).map(({ kind, origin }) => [kind, origin]), [['gdap', 'late'], ['reseller', 'invitation']]);
      assert.deepEqual(noticesIn(house.sentTo(ada)), ['halfDone', 'expired', 'foundLate']);
    });

    it('that was replaced by a smaller one may still be approved on Microsoft’s page, and both sides hear that it was', async () => {
      const first = await house.deliveredToManage();
      const second = await house.sent(ada, { manage: { ...toManage, days: 30 }, follows: (await house.ledger.invitation(first))?.reference ?? assert.fail() });
      house.shows({ manages: [await house.managed(first)] });

      await house.watches();

      const [old, now] = [await house.ledger.invitation(first), await house.ledger.invitation(second)];
      assert(old?.state === 'superseded' && old.foundLateAt !== undefined && now?.state === 'delivered');
      assert.deepEqual(noticesIn(house.sentTo(deniz)), ['foundLate']);
    });
  });

  describe('after the first look', () => {
    beforeEach(async () => {
      await house.meets(elif, ada, deniz, nil);
      await house.watches();
    });
    const between = `between/${FABRIKAM}/${CONTOSO}`;

    it('tells both sides of a relationship that came without us', async () => {
      house.shows({ manages: [aDelegatedAdmin()] });

      await house.watches();
      await house.watches();

      assert.deepEqual(await house.eventsOf(between), ['RelationshipFoundOutside']);
      for (const person of [elif, ada, deniz]) assert.deepEqual(newsIn(house.sentTo(person)), ['foundOutside'], person.name);
      assert.deepEqual(house.sentTo(nil), []);
    });

    it('tells both sides that one has ended, and how, once; the other stays', async () => {
      for (const [manages, sells, how, over] of [[aDelegatedAdmin(), [aCustomer()], 'terminated', 'gdap'], [aDelegatedAdmin({ until: inDays(-1).toISOString() }), [aCustomer()], 'expired', 'gdap']] as const) {
        house.shows({ sells, manages: [manages] });
        await house.watches();
        house.shows({ sells });
        house.messenger.send.resetHistory();

        await house.watches();
        await house.watches();

        const grants = await house.ledger.grants({ partner: FABRIKAM });
        assert.deepEqual(grants.map(({ kind, ended }) => [kind, ended?.how]), [[over, how], ['reseller', undefined]]);
        for (const person of [elif, deniz]) assert.deepEqual(newsIn(house.sentTo(person)), ['ended'], `${person.name}, ${how}`);
        house.time.now = new Date(house.time.now.getTime() + 60_000);
      }
      house.shows({});
      await house.watches();
      assert.deepEqual((await house.ledger.grants({ partner: FABRIKAM })).map(({ ended }) => ended?.how), ['expired', 'removed']);
    });

    it('counts one that runs out or is being ended as standing until Microsoft says that it is over', async () => {
      house.shows({ manages: [aDelegatedAdmin()] });
      await house.watches();

      for (const status of ['expiring', 'terminationRequested', 'terminating'] as const) {
        house.shows({ manages: [aDelegatedAdmin({ status })] });
        await house.watches();
      }
      assert.equal((await house.eventsOf(between)).includes('RelationshipEnded'), false);

      house.shows({ manages: [aDelegatedAdmin({ status: 'terminated' })] });
      await house.watches();
      assert.equal((await house.eventsOf(between)).at(-1), 'RelationshipEnded');
    });

    it('neither ends nor moves one of which Microsoft says what nobody here understands yet', async () => {
      const admin = aDelegatedAdmin({ until: inDays(100).toISOString() });
      house.shows({ manages: [admin] });
      await house.watches();

      house.shows({ manages: [{ ...admin, status: 'unknown', until: inDays(50).toISOString() }, aDelegatedAdmin({ id: aRelationshipId(91), status: 'unknown' })] });
      await house.watches();

      assert.deepEqual(await house.eventsOf(between), ['RelationshipFoundOutside']);
      assert.deepEqual((await house.ledger.grants({ partner: FABRIKAM })).map(({ until, ended }) => [until, ended]), [[admin.until, undefined]]);
      house.shows({ manages: [{ ...admin, status: 'terminated' }] });
      await house.watches();
      assert.deepEqual(await house.eventsOf(between), ['RelationshipFoundOutside', 'RelationshipEnded']);
    });

    it('follows an end that Microsoft moved, tells nobody, and warns anew', async () => {
      house.shows({ manages: [aDelegatedAdmin({ until: inDays(20).toISOString() })] });
      await house.watches();
      await warnBeforeEnd(house.ports)();
      await house.runsErrands();
      house.messenger.send.resetHistory();

      house.shows({ manages: [aDelegatedAdmin({ until: inDays(200).toISOString(), autoExtends: true })] });
      await house.watches();

      const [grant] = await house.ledger.grants({ partner: FABRIKAM });
      assert.deepEqual([grant?.until, grant?.autoExtends, grant?.warnedAtDays, grant?.origin], [inDays(200).toISOString(), true, undefined, 'outside']);
      assert.equal(house.messenger.send.callCount, 0);
    });

    it('ends nothing while a partner’s side gives no answer, of either kind, and goes on with the others', async () => {
      house.shows({ sells: [aCustomer()], manages: [aDelegatedAdmin()] });
      house.shows({ partner: NORTHWIND, sells: [aCustomer()] });
      await house.watches();
      house.authority.listDelegatedAdmin.withArgs(FABRIKAM).rejects(outage);
      house.shows({ partner: NORTHWIND });

      assert.deepEqual(await house.watches(), [FABRIKAM]);

      assert.deepEqual((await house.ledger.grants({ customer: CONTOSO })).map(({ partner, ended }) => [partner, ended !== undefined]), [[FABRIKAM, false], [FABRIKAM, false], [NORTHWIND, true]]);
      assert.deepEqual(newsIn(house.sentTo(nil)), ['foundOutside', 'ended']);
    });

    it('takes one that comes back for a new one', async () => {
      house.shows({ sells: [aCustomer()] });
      await house.watches();
      house.shows({});
      await house.watches();
      house.time.now = inDays(3);

      house.shows({ sells: [aCustomer()] });
      await house.watches();

      assert.deepEqual(await house.eventsOf(between), ['RelationshipFoundOutside', 'RelationshipEnded', 'RelationshipFoundOutside']);
      assert.deepEqual((await house.ledger.grants({ partner: FABRIKAM })).map(({ seenAt, ended }) => [seenAt, ended]), [[inDays(3).toISOString(), undefined]]);
    });

    it('tells those who asked, not the whole company, and only Global admins of the customer', async () => {
      await house.meets(can);
      house.is(can, { tenant: CONTOSO, roles: ['user'] });
      await house.sent();
      await house.acceptsAtMicrosoft();
      house.messenger.send.resetHistory();

      house.shows({});
      await house.watches();

      assert.deepEqual([elif, ada, deniz, can].map((person) => newsIn(house.sentTo(person))), [['ended'], [], ['ended'], []]);
    });

    it('tells the same people however much others ask the same customer', async () => {
      await house.sent();
      await house.acceptsAtMicrosoft();
      house.messenger.send.resetHistory();
      for (let one = 0; one < 200; one += 1) {
        let rest = one;
        const digit = (): number => { const last = rest % 24; rest = Math.floor(rest / 24); return last; };
        const theirs = anInvitation('declined', {
          id: asInvitationId(guid(2000 + one)), reference: newReferenceCode(digit), sentAt: inDays(9).toISOString(),
          partner: { tenant: NORTHWIND, name: 'Northwind', domain: asDomainName('northwind.com') }, inviter: { id: nil.person, name: nil.name },
        });
        await house.ledger.record({ event: happened('InvitationSent', theirs, NOON), after: theirs });
      }

      house.shows({});
      await house.watches();

      assert.deepEqual([elif, ada].map((person) => newsIn(house.sentTo(person))), [['ended'], []]);
    });

    it('asks no cloud for what it does not have', async () => {
      house.authority.listDelegatedAdmin.resetHistory();
      const government = { ...house.ports, deployment: { ...house.ports.deployment, cloud: 'usGov' as const, capabilities: capabilitiesOf.usGov } };

      await watchRelationships(government).watchAll();

      assert.equal(house.authority.listDelegatedAdmin.callCount, 0);
    });
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

    for (const [why, error] of [['the user’s sign-in of a partner is over', new SignInNeededError('token')], ['Graph gives no answer', outage]] as const) describe(`while ${why}`, () => {
      const isUnread = (partner = FABRIKAM): void => void house.authority.listDelegatedAdmin.withArgs(partner).rejects(error);
      beforeEach(async () => {
        await house.watches();
        isUnread();
      });

      it('does not come for what the customer accepted meanwhile: the app alone sees it', async () => {
        const id = await house.delivered();
        house.authority.listOwnCustomers.withArgs(FABRIKAM).resolves([aCustomer()]);

        await house.watches();

        assert.equal(await house.stateOf(id), 'established');
        assert.deepEqual(noticesIn(house.sentTo(elif)), ['established']);
      });

      it('comes for what asked only to sell, and not for what asked to manage as well', async () => {
        const id = await house.delivered();
        house.is(nil, { roles: ['adminAgent'] });
        const others = await house.sent(nil, { manage: toManage });
        isUnread(NORTHWIND);
        house.time.now = inDays(91);

        await expire();

        assert.deepEqual([await house.stateOf(id), await house.stateOf(others)], ['expired', 'sent']);
      });

      it('comes for nothing when the customers gave no answer either', async () => {
        const id = await house.delivered();
        house.authority.listOwnCustomers.withArgs(FABRIKAM).rejects(outage);
        house.time.now = inDays(91);

        await expire();

        assert.equal(await house.stateOf(id), 'delivered');
      });

      it('ends what was sold and is not there any more, and nothing that only the user could see', async () => {
        house.authority.listDelegatedAdmin.withArgs(FABRIKAM).resolves([aDelegatedAdmin()]);
        house.authority.listOwnCustomers.withArgs(FABRIKAM).resolves([aCustomer()]);
        await house.watches();
        isUnread();
        house.authority.listOwnCustomers.withArgs(FABRIKAM).resolves([]);

        await house.watches();

        assert.deepEqual((await house.ledger.grants({ partner: FABRIKAM })).map(({ kind, ended }) => [kind, ended?.how]), [['gdap', undefined], ['reseller', 'removed']]);
      });

      it('tells whoever asks about managing why nobody knows, and whoever asks about selling what is there', async () => {
        const id = await house.sent();
        house.authority.listOwnCustomers.withArgs(FABRIKAM).resolves([aCustomer()]);
        const { lookNow, lookAt } = watchRelationships(house.ports);
        const invitation = await house.ledger.invitation(id) ?? assert.fail();

        await lookNow(invitation);
        assert.equal(await house.stateOf(id), 'established');
        await assert.rejects(lookNow({ ...invitation, asks: { ...invitation.asks, manage: { ...toManage, name: 'Support' } } }), error);
        await assert.rejects(lookAt(FABRIKAM), error);
      });
    });

    it('does not come before a first look that needs the sign-in: nobody knows what is new', async () => {
      const id = await house.delivered();
      house.authority.listDelegatedAdmin.withArgs(FABRIKAM).rejects(new SignInNeededError('token'));
      house.time.now = inDays(91);

      await expire();

      assert.deepEqual([await house.stateOf(id), await house.ledger.isWatched(FABRIKAM)], ['delivered', false]);
    });

    it('of another partner comes all the same', async () => {
      const [ours, theirs] = [await house.sent(elif), await house.sent(nil)];
      house.time.now = inDays(91);
      house.authority.listOwnCustomers.withArgs(FABRIKAM).rejects(outage);

      await expire();

      assert.deepEqual([await house.stateOf(ours), await house.stateOf(theirs)], ['sent', 'expired']);
    });

    it('comes although many more of a partner that gives no answer are overdue longer', async () => {
      const { ledger } = house;
      for (let number = 0; number < 120; number += 1) await ledger.record(drafting(asked(aDraft(3000 + number, { partner: { ...aDraft().partner, tenant: FABRIKAM }, ...toCustomer(100 + number) }), NOON)));
      const theirs = asked(aDraft(4000, { partner: { ...aDraft().partner, tenant: NORTHWIND } }), inMinutes(1));
      await ledger.record(drafting(theirs));
      house.time.now = inDays(120);
      house.authority.listOwnCustomers.withArgs(FABRIKAM).rejects(outage);

      await expire();

      assert.equal(await house.stateOf(theirs.id), 'expired');
      assert.equal((await ledger.overdue(house.time.now, 200)).length, 120);
    });

    it('makes room for a new invitation', async () => {
      await house.sent();
      house.time.now = inDays(91);
      await expire();

      assert.equal(await house.stateOf(await house.sent()), 'sent');
    });
  });
});
