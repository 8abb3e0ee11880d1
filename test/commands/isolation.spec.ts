import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { askAndAnswer } from '../../src/commands/ask-and-answer.js';
import { assignAccess, lessenAccess } from '../../src/commands/assign-access.js';
import { endTogether } from '../../src/commands/end-together.js';
import { findInvitations } from '../../src/commands/find-invitations.js';
import { forwardRequest } from '../../src/commands/forward-request.js';
import type { Speaker } from '../../src/commands/gather.js';
import { dropDraft } from '../../src/commands/drop-draft.js';
import { handOver, showDraft } from '../../src/commands/hand-over.js';
import { inviteCustomer } from '../../src/commands/invite-customer.js';
import { markOpened } from '../../src/commands/mark-opened.js';
import { keepCard, welcomePerson } from '../../src/commands/meet-person.js';
import type { Ports } from '../../src/commands/ports.js';
import { receiptOf } from '../../src/commands/receipt.js';
import { remindCustomer } from '../../src/commands/remind-customer.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { showHistory } from '../../src/commands/show-history.js';
import { nameCustomer, showMyCustomers } from '../../src/commands/show-my-customers.js';
import { showMyPartners } from '../../src/commands/show-my-partners.js';
import { showPending } from '../../src/commands/show-pending.js';
import { stopRequests } from '../../src/commands/stop-requests.js';
import { suggestLess } from '../../src/commands/suggest-less.js';
import { whoAmI, whoCanDecide } from '../../src/commands/who-am-i.js';
import { withdrawInvitation } from '../../src/commands/withdraw-invitation.js';
import { asInvitationId, asPersonId, asSubscriptionId, asTenantId, type InvitationId, type TenantId } from '../../src/domain/ids.js';
import { aCustomer, aSubscription, CONTOSO, FABRIKAM, guid, inDays, NOON, NORTHWIND } from '../helpers/builders.js';
import { ada, contosoCom, deniz, elif, nil, openHouse, outage, toManage, type House } from './house.js';

const sold = aSubscription({ id: asSubscriptionId(guid(81)), offer: 'Dynamics 365 Sales', quantity: 42_424_242, soldBy: FABRIKAM, partnerOfRecord: FABRIKAM });

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
    return ['Fabrikam', 'fabrikam.com', FABRIKAM, elif.name, elif.person, 'elif@fabrikam.com', id, reference, sold.offer, sold.id, '42424242', ...(end === 'declined' ? ['Not with'] : [])];
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
    const found = await Promise.all(['contoso', 'fabrikam', ...references].map((text) => findInvitations(ports)({ by, text })));
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
    const found = await findInvitations(house.ports)({ by: deniz, text: reference });
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
    const seen = async () => JSON.stringify([await findInvitations(house.ports)({ by: nil, text: reference }), await showPending(house.ports)(nil), house.sentTo(nil)]);
    assert(!(await seen()).includes(deniz.name) && !(await seen()).includes(deniz.person));

    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    await house.runsErrands();

    assert((await seen()).includes(deniz.name));
  });
});

/** A Global admin of another customer, and an Admin agent of another partner. */
const TAILSPIN = asTenantId(guid(4));
const eve: Speaker = { tenant: TAILSPIN, person: asPersonId(guid(71)), name: 'Eve Adams' };
const nobody = asInvitationId(guid(9999));
const notThere = asTenantId(guid(9998));

describe('what belongs to somebody else is as if it were not there', () => {
  let house: House;
  let calls: string[];
  let ports: Ports;
  beforeEach(async () => {
    house = await openHouse();
    house.is(nil, { roles: ['globalAdmin', 'adminAgent'] });
    house.is(eve, { roles: ['globalAdmin'] });
    await house.meets(elif, deniz, nil, eve);
    calls = [];
    ports = { ...house.ports, ledger: counted(house.ports.ledger, false), errands: counted(house.ports.errands, false), authority: counted(house.ports.authority, true), directory: counted(house.ports.directory, true) };
  });
  afterEach(() => house?.leave());

  /** Writes down what is asked of the ledger, and of Microsoft with every word of it. */
  const counted = <Port extends object>(port: Port, withWords: boolean): Port =>
    new Proxy(port, {
      get: (target, name, receiver): unknown => {
        const asked: unknown = Reflect.get(target, name, receiver);
        return typeof asked !== 'function' ? asked : (...args: unknown[]): unknown => {
          calls.push(`${String(name)} ${withWords ? JSON.stringify(args) : ''}`);
          return (asked as (...all: unknown[]) => unknown)(...args);
        };
      },
    });
  const whole = () => ({ is: 'whole' as const });

  type Act = (by: Speaker, id: InvitationId) => Promise<unknown>;
  const acts: Readonly<Record<string, Act>> = {
    'send': (by, id) => sendInvitation(ports).now({ by, id, reason: 'x', statedNotCsp: true }),
    'hand over': (by, id) => handOver(ports).to({ by, id, to: ada.person }),
    'hand back': (by, id) => handOver(ports).back({ by, id, note: 'x' }),
    'drop the draft': (by, id) => dropDraft(ports)({ by, id }),
    'show the draft': (by, id) => showDraft(ports)({ by, id }),
    'ask or answer': (by, id) => askAndAnswer(ports)({ by, id, text: 'Why?' }),
    'suggest less': (by, id) => suggestLess(ports).suggest({ by, id, roles: toManage.roles, days: 1 }),
    'accept less': (by, id) => suggestLess(ports).accept({ by, id }),
    'forward': (by, id) => forwardRequest(ports)({ by, id, to: deniz.person }),
    'remind': (by, id) => remindCustomer(ports).remind({ by, id }),
    'ask wider': (by, id) => remindCustomer(ports).escalate({ by, id }),
    'withdraw': (by, id) => withdrawInvitation(ports)({ by, id }),
    'open': (by, id) => markOpened(ports)({ by, id }),
    'assign access': (by, id) => assignAccess(ports)({ by, id, group: guid(81) }),
    'take access from a group': (by, id) => lessenAccess(ports).withdraw({ by, id, group: guid(81) }),
    'stop extending': (by, id) => lessenAccess(ports).stopExtending({ by, id }),
    'read the record': (by, id) => showHistory(ports, whole)({ by, id }),
    'take a receipt': (by, id) => receiptOf(ports)({ by, id }),
  };

  /** A draft that was handed over, a request with a proposal in it, and one that stands. */
  const things: Readonly<Record<string, () => Promise<InvitationId>>> = {
    'a draft': async () => {
      const id = await house.drafted(elif, { manage: toManage });
      await handOver(house.ports).to({ by: elif, id, to: ada.person });
      return id;
    },
    'an open request': async () => {
      const id = await house.deliveredToManage();
      await suggestLess(house.ports).suggest({ by: deniz, id, roles: toManage.roles, days: 30 });
      house.time.now = inDays(3);
      await remindCustomer(house.ports).remind({ by: ada, id });
      return id;
    },
    'one that stands': async () => {
      const id = await house.deliveredToManage();
      house.shows({ sells: [aCustomer()], manages: [await house.managed(id)] });
      await house.watches();
      return id;
    },
  };

  const traced = async (act: () => Promise<unknown>) => {
    calls = [];
    return { outcome: await act(), calls };
  };

  for (const [what, made] of Object.entries(things)) {
    for (const [name, act] of Object.entries(acts)) {
      it(`${what}: to ${name} is the same to a stranger as with one that was never made, down to what is asked of whom`, async () => {
        const id = await made();
        await house.runsErrands();
        const before = [await house.ledger.invitation(id), await house.ledger.history(id), await house.errands.depth(house.time.machine)];

        for (const by of [nil, eve]) {
          const [theirs, none] = [await traced(() => act(by, id)), await traced(() => act(by, nobody))];

          assert.deepEqual(theirs, none, by.name);
          assert(theirs.outcome === undefined || JSON.stringify(theirs.outcome) === '{"is":"notFound"}', by.name);
        }
        assert.deepEqual([await house.ledger.invitation(id), await house.ledger.history(id), await house.errands.depth(house.time.machine)], before);
      });
    }
  }

  it('and every one of them does something for the people it is for', async () => {
    const done = async (by: Speaker, name: string, id: InvitationId, isHere: (outcome: unknown) => boolean) => {
      const outcome = await acts[name]?.(by, id);
      assert(isHere(outcome), `${name}: ${JSON.stringify(outcome)}`);
      delete left[name];
    };
    const left: Record<string, Act> = { ...acts };
    const is = (...wanted: readonly string[]) => (outcome: unknown) => wanted.includes((outcome as { is: string }).is);
    const isThere = (outcome: unknown) => outcome !== undefined;

    const draft = await things['a draft']?.() ?? assert.fail();
    house.is(ada, { roles: ['adminAgent'] });
    await done(ada, 'show the draft', draft, isThere);
    await done(ada, 'hand back', draft, is('handedBack'));
    await done(elif, 'hand over', draft, is('handedOver'));
    await done(ada, 'drop the draft', draft, is('handedBack'));
    await handOver(house.ports).to({ by: elif, id: draft, to: ada.person });
    const open = await things['an open request']?.() ?? assert.fail();
    await done(ada, 'send', draft, is('refused'));
    await done(deniz, 'ask or answer', open, is('said'));
    await done(deniz, 'forward', open, is('hasIt'));
    await done(deniz, 'open', open, () => true);
    assert(calls.some((call) => call.startsWith('record')), 'open');
    await done(ada, 'ask wider', open, isThere);
    await done(ada, 'read the record', open, isThere);
    await done(deniz, 'take a receipt', open, isThere);
    await done(deniz, 'suggest less', open, is('suggested'));
    await done(ada, 'remind', open, is('tooSoon'));
    await done(ada, 'accept less', open, is('sent'));
    const again = (await house.ledger.openBetween(FABRIKAM, CONTOSO))[0]?.id ?? assert.fail();
    house.shows({ manages: [await house.managed(again)] });
    await house.watches();
    await done(ada, 'assign access', again, is('asked'));
    house.authority.listAssignments.resolves([{ id: guid(82), group: guid(81), roles: [], status: 'active' }]);
    await done(ada, 'take access from a group', again, is('asked'));
    await done(ada, 'stop extending', again, is('asked'));
    await done(ada, 'withdraw', again, is('withdrawn'));
    assert.deepEqual(Object.keys(left), []);
  });

  describe('by name', () => {
    beforeEach(async () => {
      await things['one that stands']?.();
      await nameCustomer(house.ports)({ by: elif, customer: 'contoso', alias: 'Acme' });
      house.directory.tenantById.withArgs(FABRIKAM).resolves(aCustomer({ id: FABRIKAM, name: 'Fabrikam' }));
    });

    const byName: Readonly<Record<string, (by: Speaker, other: string, tenant: TenantId) => Promise<unknown>>> = {
      'removing access': (by, other) => endTogether(ports).show({ by, act: 'removeAccess', other }),
      'removing access, confirmed': (by, other, tenant) => endTogether(ports).confirm({ by, act: 'removeAccess', other: tenant, typed: other }),
      'ending the relationship': (by, other) => endTogether(ports).show({ by, act: 'endRelationship', other }),
      'ending the relationship, confirmed': (by, other, tenant) => endTogether(ports).confirm({ by, act: 'endRelationship', other: tenant, typed: other }),
      'naming a customer': (by, other) => nameCustomer(ports)({ by, customer: other, alias: 'Mine' }),
      'searching my customers': async (by, search) => {
        const outcome = { ...await showMyCustomers(ports)({ by, search }), search: '' };
        // Microsoft is asked with the partner's own words, and answers with its own customers.
        calls = calls.map((call) => call.replace(JSON.stringify(search), 'the words'));
        return outcome;
      },
    };

    for (const [name, act] of Object.entries(byName)) {
      it(`${name} finds another partner’s customer, or another customer’s partner, as little as one that does not exist`, async () => {
        for (const [by, names] of [[nil, ['Contoso', 'contoso.com', 'Acme', CONTOSO]], [eve, ['Fabrikam', FABRIKAM]]] as const) {
          const none = await traced(() => act(by, 'Nobody', notThere));
          for (const other of names) assert.deepEqual(await traced(() => act(by, other, by === nil ? CONTOSO : FABRIKAM)), none, `${by.name}: ${other}`);
        }
        assert.deepEqual(await house.eventsOf(`between/${NORTHWIND}/${CONTOSO}`), []);
      });
    }

    it('and finds it for those whose it is', async () => {
      house.is(elif, { roles: ['adminAgent'] });
      for (const act of ['removeAccess', 'endRelationship'] as const) {
        assert.deepEqual([(await endTogether(ports).show({ by: elif, act, other: 'Contoso' })).is, (await endTogether(ports).show({ by: deniz, act, other: 'Fabrikam' })).is], ['shown', 'shown']);
      }
      const mine = await showMyCustomers(ports)({ by: elif, search: 'acme' });
      assert(mine.view === 'customers' && mine.customers.length === 1);
      assert.equal(await nameCustomer(ports)({ by: elif, customer: 'contoso', alias: '' }), 'done');
    });

    it('lists of a partner are the same, page by page and filter by filter, whatever others have', async () => {
      const empty = async () => Promise.all((['all', 'waiting', 'active', 'endingSoon', 'declined', 'ended'] as const).map((only) => showMyCustomers(ports)({ by: nil, only, page: 0 })));
      const withOthers = await empty();
      await house.leave();
      house = await openHouse();
      house.is(nil, { roles: ['globalAdmin', 'adminAgent'] });
      ports = house.ports;
      house.time.now = NOON;

      assert.deepEqual(withOthers.map((view) => view.view === 'customers' && view.customers), (await empty()).map((view) => view.view === 'customers' && view.customers));
    });

    it('stopping requests speaks for one’s own company only', async () => {
      await stopRequests(ports)({ by: eve, partner: FABRIKAM, isStopped: true });

      assert.deepEqual([await house.ledger.hasStopped(CONTOSO, FABRIKAM), await house.ledger.hasStopped(TAILSPIN, FABRIKAM)], [false, true]);
    });
  });
});
