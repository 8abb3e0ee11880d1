import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { AuthorityUnavailableError, notConsented } from '../../src/commands/ports.js';
import { showMyPartners } from '../../src/commands/show-my-partners.js';
import type { Speaker } from '../../src/commands/gather.js';
import { asSubscriptionId } from '../../src/domain/ids.js';
import { capabilitiesOf } from '../../src/domain/rules.js';
import { aCustomer, aDelegatedAdmin, aSubscription, CONTOSO, FABRIKAM, guid, inDays, NOON, NORTHWIND } from '../helpers/builders.js';
import { ada, deniz, elif, nil, openHouse, outage, type House } from './house.js';

describe('showing my partners', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const shownTo = async (by: Speaker) => {
    const view = await showMyPartners(house.ports)(by);
    assert(view.view === 'partners', view.view);
    return view;
  };
  const ownCustomers = async (by: Speaker) => {
    const view = await showMyPartners(house.ports)(by);
    assert(view.view === 'ownCustomers', view.view);
    return view;
  };
  const established = async () => {
    const id = await house.delivered();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    house.time.now = inDays(2);
    await house.acceptsAtMicrosoft();
  };
  const admin = aDelegatedAdmin({ name: 'Backup', roles: [guid(71)], since: '2025-01-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z', autoExtends: true });

  describe('to a Global admin of the customer', () => {
    it('lists every partner, who sold what, since when, who agreed, and where each line comes from', async () => {
      house.authority.listDelegatedAdmin.withArgs(NORTHWIND, CONTOSO).resolves([admin]);
      await established();

      const view = await shownTo(deniz);

      assert.deepEqual([view.customer, view.detail, view.isConsented], ['Contoso', 'full', true]);
      const [fabrikam, northwind] = view.partners;
      assert.deepEqual(fabrikam, {
        name: 'Fabrikam', sells: [], mayManage: [], since: inDays(2).toISOString(), askedBy: 'Elif Kaya', agreed: { by: 'Deniz Çelik', at: NOON.toISOString() }, sources: ['ledger'],
      });
      assert.deepEqual(northwind, {
        name: 'Northwind', sells: [{ offer: 'Office 365 E3', quantity: 120, status: 'active' }], since: admin.since,
        mayManage: [{ roles: admin.roles, until: admin.until, autoExtends: true }], sources: ['subscriptions', 'serviceProviders', 'delegatedAdmin'],
      });
    });

    it('lists a partner whose relationship was made without us, also where the directory may not be read: by its own name, or its id while that cannot be read', async () => {
      house.shows({});
      await house.watches();
      house.shows({ sells: [aCustomer()] });
      await house.watches();
      house.directory.holdings.resolves(notConsented);

      assert.deepEqual((await shownTo(deniz)).partners.map(({ name, sources }) => [name, sources]), [['Fabrikam', ['ledger']]]);
      house.authority.partner.withArgs(FABRIKAM).rejects(outage);
      assert.deepEqual((await shownTo(deniz)).partners.map(({ name }) => name), [FABRIKAM]);
    });

    it('leaves out a partner whose relationship has ended, unless Microsoft shows something of it still, with the day of its end', async () => {
      await established();
      house.time.now = inDays(9);
      house.shows({});
      await house.watches();
      assert.deepEqual((await shownTo(deniz)).partners.map(({ name }) => name), ['Northwind']);

      house.directory.holdings.resolves({ subscriptions: [aSubscription({ soldBy: FABRIKAM })], partners: [{ tenant: FABRIKAM, name: 'Fabrikam', isServiceProvider: false }], readAt: '' });
      const [fabrikam] = (await shownTo(deniz)).partners;
      assert.deepEqual([fabrikam?.sells.length, fabrikam?.sellingEnded], [1, inDays(9).toISOString()]);
      assert.notEqual(fabrikam?.since, inDays(2).toISOString(), 'what has ended is not since then');
    });

    it('lists what was bought from Microsoft itself beside the partners', async () => {
      house.directory.holdings.resolves({ subscriptions: [aSubscription({ soldBy: 'microsoft', offer: 'Visio' })], partners: [], readAt: '' });

      const view = await shownTo(deniz);

      assert.deepEqual([view.partners, view.fromMicrosoft.map(({ offer }) => offer)], [[], ['Visio']]);
    });

    it('leaves out one detail of one partner when that partner cannot be asked', async () => {
      house.authority.listDelegatedAdmin.withArgs(NORTHWIND, CONTOSO).rejects(outage);

      const [northwind] = (await shownTo(deniz)).partners;

      assert.deepEqual([northwind?.sells.length, northwind?.mayManage], [1, []]);
    });

    it('says that it cannot tell, rather than “none”, while the directory gives no answer', async () => {
      house.directory.holdings.rejects(outage);
      await assert.rejects(shownTo(deniz), AuthorityUnavailableError);
    });

    it('without consent lists what the ledger knows, and says that this is not all', async () => {
      await established();
      house.directory.holdings.resolves(notConsented);

      const view = await shownTo(deniz);

      assert.deepEqual([view.isConsented, view.partners.map(({ name }) => name), view.fromMicrosoft], [false, ['Fabrikam'], []]);
    });

    it('lists what may be done only while it may be done', async () => {
      const asked = (['created', 'approvalPending', 'approved', 'activating', 'expired', 'terminated', 'unknown'] as const).map((status) => ({ ...admin, status }));
      house.authority.listDelegatedAdmin.withArgs(NORTHWIND, CONTOSO).resolves([...asked, { ...admin, roles: [guid(72)], status: 'terminating' }]);

      const [northwind] = (await shownTo(deniz)).partners;

      assert.deepEqual(northwind?.mayManage.map(({ roles }) => roles), [[guid(72)]]);
    });

    it('lists nobody who only asked', async () => {
      await house.delivered();
      assert.deepEqual((await shownTo(deniz)).partners.map(({ name }) => name), ['Northwind']);
    });
  });

  it('to a colleague without the role shows who sold what, not who may do what, since when and by whom; and whom to ask', async () => {
    house.authority.listDelegatedAdmin.withArgs(NORTHWIND, CONTOSO).resolves([admin]);
    await established();
    house.is(deniz, { roles: ['user'] });

    const view = await shownTo(deniz);

    assert.equal(view.detail, 'namesOnly');
    assert.deepEqual(view.partners.map(({ name, sells, mayManage, since, agreed, askedBy }) => [name, sells.length, mayManage, since, agreed, askedBy]), [
      ['Fabrikam', 0, [], undefined, undefined, undefined], ['Northwind', 1, [], undefined, undefined, undefined],
    ]);
    assert.deepEqual(view.deciders, ['Deniz Çelik']);
  });

  it('to a guest shows nothing and nobody', async () => {
    await established();
    house.is(deniz, { roles: ['globalAdmin'], isGuest: true });
    house.directory.deciders.resetHistory();

    const view = await shownTo(deniz);

    assert.deepEqual([view.partners, view.fromMicrosoft, view.deciders, view.detail], [[], [], [], 'nothing']);
    assert.equal(house.directory.deciders.callCount, 0);
  });

  it('to somebody whose role may not be read shows names only', async () => {
    await established();
    house.is(deniz, 'unreadable');
    house.directory.holdings.resolves(notConsented);
    house.directory.deciders.resolves(notConsented);

    const view = await shownTo(deniz);

    assert.deepEqual([view.detail, view.partners.map(({ name, agreed }) => [name, agreed]), view.deciders], ['namesOnly', [['Fabrikam', undefined]], []]);
  });

  it('asks no cloud for delegated administration that it does not have', async () => {
    await established();
    house.authority.listDelegatedAdmin.reset();
    house.authority.listDelegatedAdmin.rejects(outage);
    const government = showMyPartners({ ...house.ports, deployment: { ...house.ports.deployment, cloud: 'usGov', capabilities: capabilitiesOf.usGov } });

    const [partners, customers] = [await government(deniz), await government(elif)];

    assert(partners.view === 'partners' && customers.view === 'ownCustomers');
    assert.deepEqual([partners.partners.map(({ name }) => name), customers.customers.map(({ name }) => name)], [['Fabrikam', 'Northwind'], ['Contoso']]);
    assert.equal(house.authority.listDelegatedAdmin.callCount, 0);
  });

  describe('to somebody of a partner', () => {
    it('lists its own customers with what it sold them itself', async () => {
      house.authority.listOwnSubscriptions.withArgs(FABRIKAM, CONTOSO).resolves([aSubscription({ id: asSubscriptionId(guid(55)), offer: 'Azure plan', quantity: 1, soldBy: FABRIKAM })]);
      house.authority.listDelegatedAdmin.withArgs(FABRIKAM).resolves([admin]);
      await established();

      const view = await ownCustomers(ada);

      assert.deepEqual([view.partner, view.more, view.customers], ['Fabrikam', 0, [{
        name: 'Contoso', sells: [{ offer: 'Azure plan', quantity: 1, status: 'active' }], mayManage: [{ roles: admin.roles, until: admin.until, autoExtends: true }],
        since: admin.since, askedBy: 'Elif Kaya', agreed: { by: 'Deniz Çelik', at: NOON.toISOString() }, sources: ['ledger', 'subscriptions', 'delegatedAdmin'],
      }]]);
    });

    it('lists no right that nobody approved yet, nor one that is over', async () => {
      house.authority.listDelegatedAdmin.withArgs(FABRIKAM).resolves([{ ...admin, status: 'approvalPending' }, { ...admin, status: 'terminated' }]);
      await established();

      assert.deepEqual((await ownCustomers(ada)).customers.map(({ mayManage, sources }) => [mayManage, sources]), [[[], ['ledger', 'subscriptions']]]);
    });

    it('reads nothing of the customer’s own directory for it', async () => {
      await established();
      house.directory.holdings.resetHistory();
      house.directory.deciders.resetHistory();

      await ownCustomers(elif);

      assert.equal(house.directory.holdings.callCount + house.directory.deciders.callCount, 0);
    });

    it('shows ten in the order of their names, and how many more there are', async () => {
      house.authority.listOwnCustomers.resolves(Array.from({ length: 13 }, (_, at) => aCustomer({ name: `Customer ${String.fromCharCode(77 - at)}` })));

      const view = await ownCustomers(elif);

      assert.deepEqual([view.customers.length, view.customers[0]?.name, view.customers[9]?.name, view.more], [10, 'Customer A', 'Customer J', 3]);
    });

    for (const [who, now] of [['without a role that invites', { roles: ['helpdeskAgent'] }], ['who is a guest', { roles: ['salesAgent'], isGuest: true }], ['whose role may not be read', 'unreadable']] as const) {
      it(`is refused ${who}, before anything is read`, async () => {
        house.is(nil, now);

        const view = await showMyPartners(house.ports)(nil);

        assert(view.view === 'refusal');
        assert.deepEqual(view.refusals.map(({ rule }) => rule), ['MP-10']);
        assert.equal(house.authority.listOwnCustomers.callCount, 0);
      });
    }
  });
});
