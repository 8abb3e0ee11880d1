import { strict as assert } from 'node:assert';
import { inviteCustomer } from '../../src/commands/invite-customer.js';
import { asDomainName } from '../../src/domain/ids.js';
import { aCustomer, aPartner, CONTOSO, ELIF, FABRIKAM, NORTHWIND } from '../helpers/builders.js';
import { contosoCom, deniz, elif, openHouse, outage, type House } from './house.js';

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

  it('is refused to people of a customer without asking their directory', async () => {
    const invited = await invite(contosoCom, deniz);

    assert(invited.is === 'refused');
    assert.deepEqual(invited.refusals.map(({ rule }) => rule), ['MP-10']);
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

    it('for hours: the bot says that it gave up, and what about', async () => {
      await house.meets(elif);
      house.authority.observe.rejects(outage);
      await inviteCustomer(house.ports).orLater(wish);

      for (let round = 0; round < 14; round += 1) {
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
