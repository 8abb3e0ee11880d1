import { strict as assert } from 'node:assert';
import { useFakeTimers } from 'sinon';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { inviteCustomer, type Invite, type WishToManage } from '../../src/commands/invite-customer.js';
import { maxAttemptsInOutage } from '../../src/commands/patience.js';
import type { Speaker } from '../../src/commands/gather.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { withdrawInvitation } from '../../src/commands/withdraw-invitation.js';
import { entraRoles } from '../../src/domain/delegated-admin.js';
import { asDomainName, asPersonId, asTenantId, type InvitationId } from '../../src/domain/ids.js';
import { halvesOf } from '../../src/domain/invitation.js';
import { aCustomer, aDelegatedAdmin, aPartner, CONTOSO, ELIF, FABRIKAM, guid, NORTHWIND } from '../helpers/builders.js';
import { ada, contosoCom, deniz, elif, nil, openHouse, outage, toManage, type House } from './house.js';

describe('inviting a customer', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const invite = (customer: Parameters<ReturnType<typeof inviteCustomer>['now']>[0]['customer'] = contosoCom, by = elif) =>
    inviteCustomer(house.ports).now({ by, customer, reason: 'Azure backup' });
  const wereAsked = () => {
    const { directory, authority } = house;
    return [directory.tenantByDomain, directory.tenantById, directory.countryOf, directory.deciders, directory.holdings, authority.observe, authority.listOwnCustomers, authority.listOwnSubscriptions]
      .reduce((count, asked) => count + asked.callCount, 0);
  };

  it('keeps a draft, shows every rule with its verdict, and tells the customer nothing', async () => {
    await house.meets(elif, deniz);

    const invited = await invite();
    await house.runsErrands();

    assert(invited.is === 'drafted');
    const { invitation, asked } = invited.preview;
    assert.deepEqual([invitation.state, invitation.partner.name, invitation.customer.name, invitation.inviter.name, invitation.reason], ['draft', 'Fabrikam', 'Contoso', 'Elif Kaya', 'Azure backup']);
    assert.deepEqual(asked.filter(({ verdict }) => verdict !== 'holds').map(({ rule, verdict }) => [rule, verdict]), [['MP-06', 'unknown']]);
    assert.deepEqual(await house.eventsOf(invitation.id), ['InvitationDrafted']);
    assert.equal(house.messenger.send.callCount, 0);
  });

  it('names the request to manage after a company with a long name of any letters, in a form that a URL can carry', async () => {
    house.directory.tenantByDomain.resolves(aCustomer({ name: `${'C'.repeat(36)}🏢 Holding` }));

    const invited = await inviteCustomer(house.ports).now({ by: ada, customer: contosoCom, reason: 'Azure backup', manage: { ...toManage, name: '' } });

    assert(invited.is === 'drafted');
    assert.doesNotThrow(() => encodeURIComponent(invited.preview.invitation.asks.manage?.name ?? '\ud800'));
  });

  it('makes one draft of one message, however often and however late Teams delivers it', async () => {
    const said = { by: elif, customer: contosoCom, reason: 'Azure backup', said: 'chat message-1' };
    const many = await Promise.all(Array.from({ length: 10 }, () => inviteCustomer(house.ports).now(said)));

    const ids = new Set(many.map((one) => (one.is === 'drafted' ? one.preview.invitation.id : assert.fail(one.is))));
    const [id] = ids;
    assert(id && ids.size === 1);
    assert.equal(new Set(many.map((one) => (one.is === 'drafted' ? one.preview.invitation.reference : ''))).size, 1);
    assert.deepEqual(await house.eventsOf(id), ['InvitationDrafted']);

    assert.equal((await sendInvitation(house.ports).now({ by: elif, id, reason: '', statedNotCsp: true })).is, 'sent');
    const asked = house.directory.tenantByDomain.callCount;
    assert.deepEqual(await inviteCustomer(house.ports).now(said), { is: 'saidBefore' });
    assert.equal(house.directory.tenantByDomain.callCount, asked);
    assert.deepEqual(await inviteCustomer(house.ports).orLater(said), { is: 'saidBefore' });
  });

  it('is another draft in another message, and in the message of somebody else', async () => {
    const draftOf = async (by: Speaker, said: string) => {
      const invited = await inviteCustomer(house.ports).now({ by, customer: contosoCom, reason: 'Azure backup', said });
      return invited.is === 'drafted' ? invited.preview.invitation.id : assert.fail(invited.is);
    };
    assert.equal(new Set([await draftOf(elif, 'chat 1'), await draftOf(elif, 'chat 2'), await draftOf(nil, 'chat 1')]).size, 3);
  });

  it('is one errand while Microsoft is away, however often it is delivered', async () => {
    house.directory.tenantByDomain.rejects(outage);
    const said = { by: elif, customer: contosoCom, reason: 'Azure backup', said: 'chat message-1' };
    for (let copy = 0; copy < 3; copy += 1) assert.equal((await inviteCustomer(house.ports).orLater(said)).is, 'writtenDown');
    assert.equal((await house.errands.depth(house.time.machine)).waiting, 1);
  });

  it('finds the customer by tenant id as well', async () => {
    assert.equal((await invite({ tenant: CONTOSO })).is, 'drafted');
    assert.deepEqual(house.directory.tenantById.lastCall.args, [CONTOSO, FABRIKAM]);
  });

  it('says what it does not know instead of guessing', async () => {
    house.directory.countryOf.resolves('unknown');

    const invited = await invite();

    assert(invited.is === 'drafted');
    assert.deepEqual(invited.preview.asked.filter(({ verdict }) => verdict === 'unknown').map(({ rule }) => rule), ['MP-06', 'MP-39']);
    assert.equal(invited.preview.customer.country, 'unknown');
  });

  for (const roles of [[], ['helpdeskAgent']] as const) {
    it(`is refused at the door to ${roles[0] ?? 'somebody without a role'}, and nothing about the customer is asked of anybody`, async () => {
      house.is(elif, { roles });

      const invited = await invite();

      assert(invited.is === 'refused');
      assert.deepEqual(invited.refusals.map(({ rule }) => rule), ['MP-10']);
      assert.equal(wereAsked(), 0);
      assert.deepEqual(await house.eventsOf(`between/${FABRIKAM}/nobody`), ['InvitationRefused']);
    });
  }

  it('is refused at the door to a guest, whatever the role', async () => {
    house.is(elif, { roles: ['globalAdmin'], isGuest: true });

    const invited = await invite();

    assert(invited.is === 'refused');
    assert.deepEqual(invited.refusals.map(({ rule }) => rule), ['MP-16']);
    assert.equal(wereAsked(), 0);
  });

  it('is refused to people of a customer as customers, whatever their role, without asking their directory', async () => {
    const invited = await invite(contosoCom, deniz);

    assert(invited.is === 'refused');
    assert.deepEqual(invited.refusals.map(({ rule, about }) => [rule, about['to']]), [['MP-10', 'inviteAsCustomer']]);
    assert.equal(house.directory.person.callCount + wereAsked(), 0);
  });

  it('is refused before the agreement is signed', async () => {
    house.authority.partner.withArgs(FABRIKAM).resolves(aPartner({ hasSignedMpa: 'no' }));

    const invited = await invite();

    assert(invited.is === 'refused');
    assert.deepEqual(invited.refusals.map(({ rule }) => rule), ['MP-48']);
  });

  it('hears every reason at once', async () => {
    house.directory.tenantByDomain.resolves(aCustomer({ cloud: 'usGov' }));
    house.directory.countryOf.resolves('JP');
    house.authority.observe.resolves('yes');

    const invited = await invite();

    assert(invited.is === 'refused');
    assert.deepEqual(invited.refusals.map(({ rule }) => rule), ['MP-41', 'MP-39', 'MP-32']);
  });

  it('refuses a tenant that is a partner of this deployment, which needs no telling from Microsoft', async () => {
    house.directory.tenantByDomain.resolves(aCustomer({ id: NORTHWIND, name: 'Northwind' }));

    const invited = await invite();

    assert(invited.is === 'refused');
    assert.deepEqual(invited.refusals.map(({ rule }) => rule), ['MP-06']);
  });

  it('keeps of a refusal nothing but the refusal', async () => {
    house.authority.observe.resolves('yes');

    await invite();

    assert.deepEqual(await house.eventsOf(`between/${FABRIKAM}/${CONTOSO}`), ['InvitationRefused']);
    assert.deepEqual(await house.ledger.draftsOf(ELIF, FABRIKAM, CONTOSO), []);
    assert.deepEqual(await house.runsErrands(), []);
  });

  it('says that no tenant uses the domain, and remembers nothing', async () => {
    house.directory.tenantByDomain.resolves(undefined);

    assert.deepEqual(await invite({ domain: asDomainName('contosoo.com') }), { is: 'noSuchTenant', asked: 'contosoo.com' });

    assert.deepEqual(await house.eventsOf(`between/${FABRIKAM}/nobody`), []);
  });

  it('a second time replaces the first draft', async () => {
    const first = await house.drafted();

    const second = await house.drafted();

    assert.deepEqual([await house.stateOf(first), await house.stateOf(second)], ['superseded', 'draft']);
    assert.deepEqual((await house.ledger.draftsOf(ELIF, FABRIKAM, CONTOSO)).map(({ id }) => id), [second]);
  });

  describe('to be managed as well', () => {
    beforeEach(() => { house.is(ada, { roles: ['adminAgent'] }); });

    const manage = (over: Partial<WishToManage> = {}, wish: Partial<Invite> = {}) =>
      inviteCustomer(house.ports).now({ by: ada, customer: contosoCom, reason: 'Support', manage: { ...toManage, ...over }, ...wish });
    const drafted = async (invited: ReturnType<typeof manage>) => {
      const outcome = await invited;
      assert(outcome.is === 'drafted', outcome.is);
      return outcome.preview.invitation;
    };
    const refusedWith = async (rules: readonly string[], invited: ReturnType<typeof manage>): Promise<void> => {
      const outcome = await invited;
      assert(outcome.is === 'refused');
      assert.deepEqual(outcome.refusals.map(({ rule }) => rule), rules);
    };

    it('asks for both halves, with roles and days as they were wished', async () => {
      const { asks } = await drafted(manage());
      assert.deepEqual([asks.sell, asks.manage?.roles, asks.manage?.days, asks.manage?.autoExtends], [true, toManage.roles, 365, false]);
    });

    it('asks a customer to whom it sells already for the missing half only', async () => {
      house.shows({ sells: [aCustomer()] });
      const { asks } = await drafted(manage());
      assert.deepEqual([asks.sell, asks.manage?.days], [false, 365]);
      assert.equal((await sendInvitation(house.ports).now({ by: ada, id: (await drafted(manage())).id, reason: '', statedNotCsp: true })).is, 'sent');
    });

    it('gives it a name of its own, which nobody else has and Microsoft can hold', async () => {
      house.directory.tenantByDomain.resolves(aCustomer({ name: 'The Extraordinarily Long-named Trading Company of Contoso' }));
      const invitation = await drafted(manage());

      assert(invitation.asks.manage);
      const { name } = invitation.asks.manage;
      assert(name.startsWith('The Extraordinarily') && name.endsWith(invitation.reference) && name.length <= 50, name);
    });

    it('takes a name that was wished for, and refuses one that is taken (MP-34) or too long (MP-52)', async () => {
      assert.equal((await drafted(manage({ name: ' Contoso\n support ' }))).asks.manage?.name, 'Contoso support');
      house.shows({ manages: [aDelegatedAdmin({ name: 'Contoso support', customer: NORTHWIND })] });
      await refusedWith(['MP-34'], manage({ name: 'Contoso support' }));
      await refusedWith(['MP-52'], manage({ name: 'x'.repeat(51) }));
    });

    it('finds its own request of that name again, which a crash left half made', async () => {
      for (const status of ['created', 'approvalPending'] as const) {
        house.shows({ manages: [aDelegatedAdmin({ name: 'Contoso support', status })] });
        assert.equal((await manage({ name: 'Contoso support' })).is, 'drafted', status);
      }
    });

    it('refuses what Microsoft would not take: days, roles, extension', async () => {
      for (const days of [0, 731, 1.5]) await refusedWith(['MP-51'], manage({ days }));
      for (const roles of [[], [guid(99)]]) await refusedWith(['MP-53'], manage({ roles }));
      await refusedWith(['MP-53'], manage({ roles: [entraRoles.globalAdministrator] }));
      await refusedWith(['MP-55'], manage({ roles: [entraRoles.globalAdministrator], roleReason: 'Migration', autoExtends: true }));
      assert.equal((await manage({ roles: [entraRoles.globalAdministrator], roleReason: 'Migration' })).is, 'drafted');
    });

    it('is not possible in a cloud without it (MP-44)', async () => {
      const government = { ...house.ports, deployment: { ...house.ports.deployment, capabilities: { ...house.ports.deployment.capabilities, gdap: false } } };
      house.authority.listDelegatedAdmin.rejects(outage);
      const outcome = await inviteCustomer(government).now({ by: ada, customer: contosoCom, reason: '', manage: toManage });
      assert(outcome.is === 'refused' && outcome.refusals.map(({ rule }) => rule).includes('MP-44'));
    });

    it('asks Microsoft nothing about names where only selling is asked', async () => {
      await house.drafted();
      assert.equal(house.authority.listDelegatedAdmin.callCount, 0);
    });

    describe('while a request is open', () => {
      it('to sell, refuses the same half and both together, with its reference (MP-31)', async () => {
        const { reference } = await house.ledger.invitation(await house.sent()) ?? assert.fail();
        for (const outcome of [await invite(), await manage()]) {
          assert(outcome.is === 'refused');
          assert.deepEqual(outcome.refusals.map(({ rule, about }) => [rule, about['reference']]), [['MP-31', reference]]);
        }
      });

      it('to manage only, leaves room to sell once that ended, and for nothing else', async () => {
        house.shows({ sells: [aCustomer()] });
        await house.sent(ada, { manage: toManage });
        await refusedWith(['MP-31'], manage());
        house.shows({});
        assert.equal((await invite()).is, 'drafted');
      });

      it('to manage more beside what stands is fine: several are normal', async () => {
        const id = await house.deliveredToManage();
        house.shows({ sells: [aCustomer()], manages: [await house.managed(id)] });
        await house.watches();
        assert.equal(await house.stateOf(id), 'established');

        assert.deepEqual((await drafted(manage())).asks.sell, false);
      });
    });

    it('is written down whole while Microsoft gives no answer, and the preview comes by itself', async () => {
      await house.meets(ada);
      house.authority.observe.onFirstCall().rejects(outage);
      assert.equal((await inviteCustomer(house.ports).orLater({ by: ada, customer: contosoCom, reason: 'Support', manage: { ...toManage, days: 30 } })).is, 'writtenDown');

      house.passes(60);
      await house.runsErrands();

      const [view] = house.sentTo(ada);
      assert(view?.view === 'preview');
      assert.deepEqual([view.invitation.asks.manage?.days, view.invitation.asks.manage?.roles], [30, toManage.roles]);
    });
  });

  describe('anew, with something changed', () => {
    beforeEach(() => { house.is(ada, { roles: ['adminAgent'] }); });

    const referenceOf = async (id: InvitationId) => (await house.ledger.invitation(id))?.reference ?? assert.fail();

    it('takes the place of the open request when it is sent, not before', async () => {
      const first = await house.deliveredToManage();
      const second = await house.drafted(ada, { manage: { ...toManage, days: 30 }, follows: await referenceOf(first), reason: 'Only a month' });
      assert.equal(await house.stateOf(first), 'delivered');

      await sendInvitation(house.ports).now({ by: ada, id: second, reason: '', statedNotCsp: true });
      await house.runsErrands();

      const [old, now] = [await house.ledger.invitation(first), await house.ledger.invitation(second)];
      assert(old?.state === 'superseded' && now?.state === 'delivered');
      assert.deepEqual([old.supersededBy, now.follows, now.reason, now.asks.manage?.days], [now.reference, old.reference, 'Only a month', 30]);
      assert.deepEqual(house.sentTo(deniz).map(({ view }) => view), ['request', 'request']);
    });

    it('may be asked for while both halves are open, because it replaces one; but three that reached the customer are enough', async () => {
      await withdrawInvitation(house.ports)({ by: elif, id: await house.sent() });
      const first = await house.sent();

      assert.equal((await inviteCustomer(house.ports).now({ by: elif, customer: contosoCom, reason: 'Better words', follows: await referenceOf(first) })).is, 'drafted');
      assert.equal((await invite()).is, 'refused');
      const second = await house.sent(elif, { follows: await referenceOf(first) });
      const third = await inviteCustomer(house.ports).now({ by: elif, customer: contosoCom, reason: 'Best words', follows: await referenceOf(second) });
      assert.deepEqual(third.is === 'refused' && third.refusals.map(({ rule }) => rule), ['OWN-02']);
    });

    it('replaces nothing that was answered meanwhile', async () => {
      const first = await house.delivered();
      const second = await house.drafted(elif, { follows: await referenceOf(first) });
      await answerInvitation(house.ports)({ by: deniz, id: first, answer: 'declined' });

      const outcome = await sendInvitation(house.ports).now({ by: elif, id: second, reason: '', statedNotCsp: true });

      assert.deepEqual([outcome.is, await house.stateOf(first)], ['sent', 'declined']);
    });

    const colleague: Speaker = { tenant: FABRIKAM, person: asPersonId(guid(0x77)), name: 'Cem Aydın' };

    it('is refused to a colleague who may not withdraw the request, before and when it is sent; an administrator may', async () => {
      house.is(colleague, { roles: ['salesAgent'] });
      const first = await house.sent();
      const again = async () => inviteCustomer(house.ports).now({ by: colleague, customer: contosoCom, reason: 'Better words', follows: await referenceOf(first) });

      const refused = await again();
      assert.deepEqual(refused.is === 'refused' && refused.refusals.map(({ code }) => code), ['DUPLICATE_PENDING']);

      house.is(colleague, { roles: ['salesAgent', 'userAdmin'] });
      const drafted = await again();
      assert(drafted.is === 'drafted');
      const send = () => sendInvitation(house.ports).now({ by: colleague, id: drafted.preview.invitation.id, reason: '', statedNotCsp: true });
      house.is(colleague, { roles: ['salesAgent'] });
      assert.deepEqual([(await send()).is, await house.stateOf(first)], ['refused', 'sent']);

      house.is(colleague, { roles: ['userAdmin'] });
      assert.deepEqual([(await send()).is, await house.stateOf(first)], ['sent', 'superseded']);
    });

    it('leaves a colleague’s request to manage where it is when it asks for the other half', async () => {
      house.authority.observe.withArgs(FABRIKAM, CONTOSO).resolves('yes');
      const managing = await house.sent(ada, { manage: toManage });
      house.authority.observe.withArgs(FABRIKAM, CONTOSO).resolves('no');
      const second = await house.drafted(elif, { follows: await referenceOf(managing) });

      const outcome = await sendInvitation(house.ports).now({ by: elif, id: second, reason: '', statedNotCsp: true });

      assert.deepEqual([outcome.is, await house.stateOf(managing)], ['sent', 'sent']);
    });

    it('replaces one request, of the same two and no other', async () => {
      const theirs = await house.sent(nil);
      const second = await house.drafted(elif, { follows: await referenceOf(theirs) });

      await sendInvitation(house.ports).now({ by: elif, id: second, reason: '', statedNotCsp: true });

      assert.deepEqual([await house.stateOf(theirs), await house.stateOf(second)], ['sent', 'sent']);
    });

    it('is written down with what it replaces while Microsoft gives no answer', async () => {
      await house.meets(elif);
      const first = await house.sent();
      const follows = await referenceOf(first);
      house.directory.tenantByDomain.onCall(house.directory.tenantByDomain.callCount).rejects(outage);
      await inviteCustomer(house.ports).orLater({ by: elif, customer: contosoCom, reason: 'Better words', follows });

      house.passes(60);
      await house.runsErrands();

      const preview = house.sentTo(elif).at(-1);
      assert(preview?.view === 'preview' && preview.invitation.follows === follows);
    });
  });

  describe('through a provider', () => {
    beforeEach(() => { house.authority.partner.withArgs(FABRIKAM).resolves(aPartner({ type: 'indirectReseller' })); });
    const provider = (number: number, country = 'TR') => ({ tenant: asTenantId(guid(number)), name: `Provider ${number}`, country, is: 'provider' as const });
    const through = (tenant?: ReturnType<typeof provider>) => inviteCustomer(house.ports).now({ by: elif, customer: contosoCom, reason: '', ...(tenant && { provider: tenant.tenant }) });

    it('an indirect reseller asks for both of them: the only one there is, or the chosen one (MP-47)', async () => {
      house.authority.listPartnerships.resolves([provider(201)]);
      const alone = await through();
      house.authority.listPartnerships.resolves([provider(201), provider(202)]);
      const chosen = await through(provider(202));

      assert(alone.is === 'drafted' && chosen.is === 'drafted');
      assert.deepEqual([alone.preview.invitation.asks.provider?.name, chosen.preview.invitation.asks.provider?.name], ['Provider 201', 'Provider 202']);
    });

    it('a reseller that sells through another one asks for both halves all the same (MP-47)', async () => {
      house.is(ada, { roles: ['adminAgent'] });
      house.authority.listPartnerships.resolves([provider(201), provider(202)]);
      house.authority.observe.withArgs(FABRIKAM, CONTOSO).resolves('yes');
      house.authority.observe.withArgs(FABRIKAM, CONTOSO, provider(202).tenant).resolves('no');

      const halvesThrough = async (number: number) => {
        const outcome = await inviteCustomer(house.ports).now({ by: ada, customer: contosoCom, reason: '', manage: toManage, provider: provider(number).tenant });
        assert(outcome.is === 'drafted');
        return halvesOf(outcome.preview.invitation.asks);
      };
      assert.deepEqual([await halvesThrough(202), await halvesThrough(201)], [['sell', 'manage'], ['manage']]);
    });

    it('without one, or without saying which, is refused (MP-46)', async () => {
      for (const partnerships of [[], [provider(201), provider(202)]]) {
        house.authority.listPartnerships.resolves(partnerships);
        const outcome = await through();
        assert(outcome.is === 'refused');
        assert.deepEqual(outcome.refusals.map(({ rule }) => rule), ['MP-46']);
      }
    });
  });

  describe('while Microsoft gives no answer', () => {
    const wish = { by: elif, customer: contosoCom, reason: 'Azure backup' };

    for (const [what, fails] of [
      ['who the agent is', () => house.directory.person.onFirstCall().rejects(outage)],
      ['which tenant it is', () => house.directory.tenantByDomain.onFirstCall().rejects(outage)],
      ['whether they work together already', () => house.authority.observe.onFirstCall().rejects(outage)],
    ] as const) {
      it(`about ${what}: the wish is written down, nothing is decided, and the preview comes by itself`, async () => {
        await house.meets(elif);
        fails();

        assert.equal((await inviteCustomer(house.ports).orLater(wish)).is, 'writtenDown');
        assert.deepEqual(await house.ledger.draftsOf(ELIF, FABRIKAM, CONTOSO), []);
        assert.deepEqual([await house.eventsOf(`between/${FABRIKAM}/${CONTOSO}`), await house.eventsOf(`between/${FABRIKAM}/nobody`)], [[], []]);
        assert.deepEqual(await house.runsErrands(), [], 'not before it is time');

        house.passes(60);
        await house.runsErrands();
        const [view] = house.sentTo(elif);
        assert(view?.view === 'preview' && view.invitation.reason === 'Azure backup');
      });
    }

    it('within a turn: the wish is written down and carried on, and the preview comes by itself, of one draft', async () => {
      await house.meets(elif);
      const timers = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        let answers: () => void = () => undefined;
        house.authority.observe.onFirstCall().callsFake(() => new Promise((resolve) => {
          answers = () => resolve('no');
          setImmediate(() => timers.tick(8_000));
        }));
        assert.equal((await inviteCustomer(house.ports).orLater({ ...wish, said: 'one message' })).is, 'writtenDown');
        answers();
      } finally {
        timers.restore();
      }

      house.passes(60);
      await house.runsErrands();
      const drafts = await house.ledger.draftsOf(ELIF, FABRIKAM, CONTOSO);
      assert.deepEqual(house.sentTo(elif).map((view) => view.view === 'preview' && view.invitation.id), drafts.map(({ id }) => id));
      assert.equal(drafts.length, 1);
    });

    it('the refusal comes later too, and so does an unknown domain', async () => {
      await house.meets(elif);
      house.directory.tenantByDomain.rejects(outage);
      for (const domain of ['contoso.com', 'contosoo.com']) await inviteCustomer(house.ports).orLater({ ...wish, customer: { domain: asDomainName(domain) } });

      house.directory.tenantByDomain.resolves(undefined).withArgs(asDomainName('contoso.com')).resolves(aCustomer());
      house.authority.observe.resolves('yes');
      house.passes(60);
      await house.runsErrands();

      assert.deepEqual(house.sentTo(elif).map(({ view }) => view), ['refusal', 'noSuchTenant']);
    });

    it('for days: the bot says that it gave up, and what about', async () => {
      await house.meets(elif);
      house.authority.observe.rejects(outage);
      await inviteCustomer(house.ports).orLater(wish);

      for (let round = 0; round < maxAttemptsInOutage + 2; round += 1) {
        house.passes(3600);
        await house.runsErrands();
      }

      assert.deepEqual(house.sentTo(elif), [{ view: 'gaveUp', wish: 'invite', about: 'contoso.com' }]);
      assert.equal((await house.errands.depth(house.time.machine)).dead, 1);
    });
  });

  it('lets a mistake of our own through instead of writing it down', async () => {
    house.authority.observe.rejects(new TypeError('a bug'));

    await assert.rejects(inviteCustomer(house.ports).orLater({ by: elif, customer: contosoCom, reason: '' }), TypeError);

    assert.equal((await house.errands.depth(house.time.machine)).waiting, 0);
  });
});
