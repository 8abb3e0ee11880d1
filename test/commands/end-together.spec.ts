import { strict as assert } from 'node:assert';
import { endTogether } from '../../src/commands/end-together.js';
import { AuthorityUnavailableError, SignInNeededError } from '../../src/commands/ports.js';
import type { Blocker } from '../../src/domain/delegated-admin.js';
import { aCustomer, aDelegatedAdmin, anAdmin, aPartner, aRelationshipId, CONTOSO, FABRIKAM, guid, inDays, NORTHWIND } from '../helpers/builders.js';
import { asDomainName, asSubscriptionId } from '../../src/domain/ids.js';
import { ada, deniz, elif, newsIn, nil, openHouse, outage, type House } from './house.js';

const between = `between/${FABRIKAM}/${CONTOSO}`;
const sold: Blocker = { code: 'ACTIVE_SUBSCRIPTIONS', name: 'Office 365 E3', until: inDays(40).toISOString() };
const term: Blocker = { code: 'NCE_NOT_CANCELLED', name: 'Teams Premium', until: '' };

describe('ending what stands', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
    house.is(ada, { roles: ['adminAgent'] });
    house.directory.tenantById.withArgs(FABRIKAM).resolves(aCustomer({ id: FABRIKAM, name: 'Fabrikam', domain: asDomainName('fabrikam.com') }));
    await house.meets(elif, ada, deniz, nil);
    house.shows({ sells: [aCustomer()], manages: [aDelegatedAdmin()] });
    await house.watches();
  });
  afterEach(() => house?.leave());

  type Act = 'removeAccess' | 'endRelationship';
  const show = (act: Act, by = ada, other = by === deniz ? 'Fabrikam' : 'Contoso') => endTogether(house.ports).show({ by, act, other });
  const confirm = (act: Act, by = ada, typed = by === deniz ? 'Fabrikam' : 'Contoso', other = by === deniz ? FABRIKAM : CONTOSO) => endTogether(house.ports).confirm({ by, act, other, typed });
  const shown = async (outcome: ReturnType<typeof show>) => {
    const ended = await outcome;
    assert(ended.is === 'shown', ended.is);
    return ended.view;
  };
  const refusedTo = (person: typeof ada) => house.sentTo(person).flatMap((view) => (view.view === 'refusal' ? view.refusals.map(({ rule }) => rule) : []));
  const asked = () => house.authority.terminateDelegatedAdmin.callCount + house.authority.removeRelationship.callCount;

  describe('access, by an Admin agent of the partner or a Global admin of the customer', () => {
    for (const [who, by] of [['the partner', ada], ['the customer', deniz]] as const) {
      it(`from the side of ${who}: first what would happen, then the other side’s name, then Microsoft is asked`, async () => {
        const view = await shown(show('removeAccess', by));
        assert.deepEqual([view.stands, view.partner.name, view.customer.name, view.grants.map(({ kind }) => kind), view.blockers], ['ready', 'Fabrikam', 'Contoso', ['gdap'], []]);
        assert.equal(asked(), 0);

        assert.equal((await shown(confirm('removeAccess', by))).stands, 'asked');
        await house.runsErrands();

        assert.deepEqual(house.authority.terminateDelegatedAdmin.args, [[FABRIKAM, aDelegatedAdmin().id]]);
        assert.equal(house.authority.removeRelationship.callCount, 0, 'selling stays: two acts, never one');
        const last = (await house.ledger.history(between)).at(-1);
        assert.deepEqual([last?.event, last?.names['by']], ['AccessRemovalAsked', by.name]);
      });
    }

    it('that ended is seen and told to both sides by the watch, not by the press', async () => {
      await confirm('removeAccess');
      await house.runsErrands();
      assert.deepEqual([newsIn(house.sentTo(ada)), newsIn(house.sentTo(deniz))], [[], []]);

      house.shows({ sells: [aCustomer()] });
      await house.watches();

      for (const person of [ada, deniz]) assert.deepEqual(newsIn(house.sentTo(person)), ['ended'], person.name);
      assert.deepEqual(house.sentTo(nil), []);
      assert.equal((await shown(show('removeAccess'))).stands, 'nothing');
    });

    it('of several kinds ends each of them', async () => {
      house.shows({ manages: [aDelegatedAdmin(), aDelegatedAdmin({ id: aRelationshipId(91) })] });
      await house.watches();

      await confirm('removeAccess');
      await house.runsErrands();

      assert.deepEqual(house.authority.terminateDelegatedAdmin.args.map(([, relationship]) => relationship).sort(), [aRelationshipId(71), aRelationshipId(91)].sort());
    });

    it('needs nobody of the partner where the customer takes it away (MP-18)', async () => {
      await confirm('removeAccess', deniz);
      await house.runsErrands();

      assert.deepEqual([asked(), newsIn(house.sentTo(ada))], [1, []]);
    });

    for (const [who, by, now] of [
      ['a sales agent', elif, { roles: ['salesAgent'] }], ['a User admin of the partner', elif, { roles: ['userAdmin'] }], ['a colleague at the customer without the role', deniz, { roles: ['user'] }],
    ] as const) {
      it(`is refused to ${who}, shown or confirmed, and the refusal recorded (MP-19)`, async () => {
        house.is(by, now);

        for (const outcome of [await show('removeAccess', by), await confirm('removeAccess', by)]) {
          assert(outcome.is === 'refused');
          assert.deepEqual(outcome.refusals.map(({ rule, code }) => [rule, code]), [['MP-19', 'ROLE_NOT_ALLOWED']]);
        }
        assert.deepEqual([await house.eventsOf(between), (await house.runsErrands()).length], [['ActRefused', 'ActRefused'], 0]);
      });
    }

    for (const [who, by, roles, to, names] of [['the customer', deniz, ['user'], 'partWithPartner', 'Deniz Çelik'], ['the partner', elif, ['salesAgent'], 'changeAccess', 'Ada Lovelace']] as const) {
      it(`names who of ${who} can, where that may be read`, async () => {
        house.is(by, { roles: [...roles] });
        house.directory.deciders.resolves([anAdmin({ name: 'Deniz Çelik' })]);
        const aboutOf = async () => {
          const outcome = await show('removeAccess', by);
          assert(outcome.is === 'refused');
          return outcome.refusals[0].about;
        };

        assert.deepEqual([(await aboutOf())['to'], (await aboutOf())['names']], [to, names]);
        house.directory.deciders.rejects(outage);
        house.directory.adminAgents.rejects(outage);
        assert.equal((await aboutOf())['names'], undefined);
      });
    }

    it('refused by Microsoft itself is written down with its code', async () => {
      house.authority.terminateDelegatedAdmin.resolves({ refused: { code: 'GDAP_WRONG_STATE', serviceCode: '409', correlationId: 'abc' } });

      await confirm('removeAccess');
      await house.runsErrands();

      const last = (await house.ledger.history(between)).at(-1);
      assert.equal(last?.event, 'ActRefused');
      assert.match(last.body, /"code":"GDAP_WRONG_STATE","correlationId":"abc"/);
    });

    it('during an outage is tried again until Microsoft answers', async () => {
      house.authority.terminateDelegatedAdmin.onFirstCall().rejects(outage);
      await confirm('removeAccess');
      await house.runsErrands();
      house.passes(60);
      await house.runsErrands();

      assert.equal(house.authority.terminateDelegatedAdmin.callCount, 2);
      assert.equal((await house.errands.depth(house.time.machine)).waiting, 0);
    });
  });

  describe('the relationship, by the partner', () => {
    it('names both halves that would end, and asks Microsoft once the name was typed', async () => {
      const view = await shown(show('endRelationship', elif));
      assert.deepEqual([view.stands, view.grants.map(({ kind }) => kind)], ['ready', ['gdap', 'reseller']]);

      assert.equal((await shown(confirm('endRelationship', elif))).stands, 'asked');
      await house.runsErrands();

      assert.deepEqual([house.authority.removeRelationship.args, house.authority.terminateDelegatedAdmin.callCount], [[[FABRIKAM, CONTOSO]], 0]);
      assert.equal((await house.eventsOf(between)).at(-1), 'RelationshipEndAsked');
    });

    it('takes the name as people type it, and no other', async () => {
      for (const typed of ['', 'Contos', 'Contoso Ltd', 'Fabrikam', 'yes']) {
        const view = await shown(confirm('endRelationship', elif, typed));
        assert(view.typedWrong && view.stands === 'ready', typed);
      }
      assert.deepEqual([await house.eventsOf(between), (await house.runsErrands()).length], [[], 0]);

      assert.equal((await shown(confirm('endRelationship', elif, ' CONTOSO '))).stands, 'asked');
    });

    it('during an outage of the directory goes by the name on our own papers', async () => {
      house.shows({});
      const id = await house.delivered();
      house.directory.tenantById.withArgs(FABRIKAM).rejects(outage);

      for (const typed of ['', '!?', FABRIKAM]) assert((await shown(confirm('removeAccess', deniz, typed))).typedWrong, typed);

      assert.equal((await house.ledger.invitation(id))?.partner.name, 'Fabrikam');
      assert.equal((await shown(confirm('removeAccess', deniz, 'fabrikam'))).stands, 'asked');
    });

    for (const [why, name] of [['is not to be had', undefined], ['is made of signs only', '…!?']] as const) {
      it(`where a name ${why}, and no paper has one, takes the tenant’s id and nothing less`, async () => {
        house.directory.tenantById.withArgs(FABRIKAM).resolves(name === undefined ? undefined : aCustomer({ id: FABRIKAM, name }));
        assert.equal((await shown(show('removeAccess', deniz, FABRIKAM))).partner.name, FABRIKAM);

        for (const typed of ['', ' ', '…', 'Fabrikam']) assert((await shown(confirm('removeAccess', deniz, typed))).typedWrong, typed);
        await house.runsErrands();
        assert.equal(asked(), 0);

        assert.equal((await shown(confirm('removeAccess', deniz, FABRIKAM))).stands, 'asked');
      });
    }

    it('tells what stands in the way, by name and date, and asks nothing (MP-76, MP-78)', async () => {
      house.authority.removalBlockers.resolves([sold, term]);

      const view = await shown(show('endRelationship', elif));
      assert.deepEqual([view.stands, view.blockers], ['blocked', [sold, term]]);

      const outcome = await confirm('endRelationship', elif);
      assert(outcome.is === 'refused');
      assert.deepEqual(outcome.refusals.map(({ rule, code, about }) => [rule, code, about['list'], about['until']]), [
        ['MP-76', 'ACTIVE_SUBSCRIPTIONS', 'Office 365 E3', sold.until], ['MP-78', 'NCE_NOT_CANCELLED', 'Teams Premium', ''],
      ]);
      await house.runsErrands();
      assert.equal(asked(), 0);
    });

    it('says to the partner how many could go to another partner first, where Microsoft tells', async () => {
      house.authority.removalBlockers.resolves([sold, term]);
      house.authority.transferable.resolves([asSubscriptionId(guid(70))]);
      assert.equal((await shown(show('endRelationship', elif))).transferable, 1);

      house.authority.transferable.rejects(outage);
      assert.equal((await shown(show('endRelationship', elif))).transferable, undefined);
    });

    for (const [code, rule] of [['ACTIVE_RESERVATIONS', 'MP-77'], ['ACTIVE_SOFTWARE', 'MP-77']] as const) {
      it(`is blocked by ${code} as well`, async () => {
        house.authority.removalBlockers.resolves([{ ...sold, code }]);
        const outcome = await confirm('endRelationship', elif);
        assert(outcome.is === 'refused');
        assert.deepEqual(outcome.refusals.map((refusal) => [refusal.rule, refusal.code]), [[rule, code]]);
      });
    }

    it('looks once more before it asks: what came in the way meanwhile stops it, and nothing is cancelled for it (MP-80)', async () => {
      await confirm('endRelationship', elif);
      house.authority.removalBlockers.resolves([term]);

      await house.runsErrands();

      assert.equal(asked(), 0);
      const last = (await house.ledger.history(between)).at(-1);
      assert.equal(last?.event, 'ActRefused');
      assert.match(last.body, /"rules":"MP-78 NCE_NOT_CANCELLED"/);
      assert.deepEqual(refusedTo(elif), ['MP-78']);
    });

    it('is not an indirect reseller’s to end (MP-17)', async () => {
      house.authority.partner.withArgs(FABRIKAM).resolves(aPartner({ type: 'indirectReseller' }));

      for (const outcome of [await show('endRelationship', elif), await confirm('endRelationship', elif)]) {
        assert(outcome.is === 'refused');
        assert.deepEqual(outcome.refusals.map(({ rule, code }) => [rule, code]), [['MP-17', 'INDIRECT_RESELLER_CANNOT_REMOVE']]);
      }
    });

    it('is nothing where nothing is sold', async () => {
      house.shows({ manages: [aDelegatedAdmin()] });
      await house.watches();

      assert.deepEqual([(await shown(show('endRelationship', elif))).stands, (await shown(confirm('endRelationship', elif))).stands], ['nothing', 'nothing']);
      await house.runsErrands();
      assert.equal(asked(), 0);
    });

    it('that ended is told to both sides, and no other partner is touched (MP-79)', async () => {
      house.shows({ partner: NORTHWIND, sells: [aCustomer()] });
      await house.watches();
      await confirm('endRelationship', elif);
      await house.runsErrands();
      house.shows({ manages: [aDelegatedAdmin()] });
      await house.watches();

      for (const person of [elif, deniz]) assert.deepEqual(newsIn(house.sentTo(person)).filter((subject) => subject === 'ended'), ['ended'], person.name);
      assert.deepEqual((await house.ledger.grants({ partner: NORTHWIND })).map(({ ended }) => ended), [undefined]);
      assert.equal(newsIn(house.sentTo(nil)).includes('ended'), false);
    });
  });

  describe('the relationship, by the customer', () => {
    it('is handed to the partner, which alone can end it, and whose people are told', async () => {
      house.authority.removalBlockers.resolves([sold]);
      assert.deepEqual((await shown(show('endRelationship', deniz))).blockers, [sold]);

      assert.equal((await shown(confirm('endRelationship', deniz))).stands, 'handed');
      await house.runsErrands();

      assert.deepEqual([asked(), (await house.eventsOf(between)).at(-1)], [0, 'RelationshipEndAsked']);
      assert.deepEqual([elif, ada, deniz, nil].map((person) => newsIn(house.sentTo(person))), [['endAsked'], ['endAsked'], [], []]);
    });

    it('needs the partner’s name', async () => {
      assert((await shown(confirm('endRelationship', deniz, 'Contoso'))).typedWrong);
      assert.deepEqual((await house.runsErrands()).length, 0);
    });

    it('is not asked for by a colleague without the role', async () => {
      house.is(deniz, { roles: ['user'] });
      const outcome = await confirm('endRelationship', deniz);
      assert(outcome.is === 'refused' && outcome.refusals[0].rule === 'MP-19');
    });
  });

  describe('asked for once more', () => {
    const wishes = async () => (await house.eventsOf(between)).filter((event) => event.endsWith('Asked'));
    for (const [what, act, by, effects] of [
      ['access, by the customer', 'removeAccess', deniz, () => house.authority.terminateDelegatedAdmin.callCount], ['the relationship, by the partner', 'endRelationship', elif, () => house.authority.removeRelationship.callCount],
      ['the relationship, by the customer', 'endRelationship', deniz, () => newsIn(house.sentTo(elif)).length],
    ] as const) {
      it(`(${what}) at the same time or a little later it is the same wish, and a day later another one`, async () => {
        const stands = async (outcome: ReturnType<typeof show>) => (await shown(outcome)).stands;
        const first = await Promise.all([stands(confirm(act, by)), stands(confirm(act, by))]);
        await house.runsErrands();
        house.time.now = new Date(house.time.now.getTime() + 30_000);
        house.passes(30);
        assert.deepEqual([await stands(confirm(act, by)), await stands(show(act, by))], first);
        await house.runsErrands();
        assert.deepEqual([(await wishes()).length, effects()], [1, 1]);

        house.time.now = inDays(2);
        house.passes(2 * 86_400);
        await confirm(act, by);
        await house.runsErrands();
        assert.deepEqual([(await wishes()).length, effects()], [2, 2]);
      });
    }

    it('the partner may end what the customer has just asked it to end', async () => {
      await confirm('endRelationship', deniz);
      assert.equal((await shown(confirm('endRelationship', elif))).stands, 'asked');
    });

    it('after Microsoft said no it is another wish at once', async () => {
      house.authority.terminateDelegatedAdmin.onFirstCall().resolves({ refused: { code: 'GDAP_WRONG_STATE', serviceCode: '409', correlationId: 'abc' } });
      for (let time = 0; time < 2; time += 1) {
        await confirm('removeAccess');
        await house.runsErrands();
        house.time.now = new Date(house.time.now.getTime() + 60_000);
      }
      assert.equal(house.authority.terminateDelegatedAdmin.callCount, 2);
    });

    it('after it was given up, which is in the record, it is another wish at once', async () => {
      house.authority.terminateDelegatedAdmin.rejects(new Error('a bug'));
      await confirm('removeAccess');
      for (let round = 0; round < 20; round += 1, house.passes(3600)) await house.runsErrands();
      assert.deepEqual([(await house.eventsOf(between)).at(-1), house.sentTo(ada).at(-1)?.view, (await shown(show('removeAccess'))).stands], ['ActGivenUp', 'gaveUp', 'ready']);
    });
  });

  for (const [what, act, by, rule, microsoft] of [
    ['access taken by the customer', 'removeAccess', deniz, 'MP-19', 'terminateDelegatedAdmin'], ['access given up by the partner', 'removeAccess', ada, 'MP-19', 'terminateDelegatedAdmin'],
    ['the relationship', 'endRelationship', elif, 'MP-17', 'removeRelationship'],
  ] as const) {
    it(`of ${what}: a wish that waits for a sign-in is not carried out for somebody who lost the role meanwhile (MP-22)`, async () => {
      house.authority[microsoft].onFirstCall().rejects(new SignInNeededError('a token'));
      await confirm(act, by);
      await house.runsErrands();

      house.is(by, { roles: [] });
      house.passes(86_400);
      await house.runsErrands();

      assert.equal(house.authority[microsoft].callCount, 1, 'the one that found nobody signed in');
      assert.deepEqual([(await house.eventsOf(between)).at(-1), refusedTo(by)], ['ActRefused', [rule]]);
      assert.equal((await house.ledger.history(between)).at(-1)?.names['by'], by.name);
    });
  }

  it('finds the other side by its name, its domain or its id, among one’s own only', async () => {
    for (const other of ['contoso', 'CONTOSO', 'conto', 'contoso.com', CONTOSO]) assert.equal((await show('removeAccess', ada, other)).is, 'shown', other);
    for (const other of ['', 'Northwind', 'zzz', NORTHWIND, FABRIKAM]) assert.deepEqual(await show('removeAccess', ada, other), { is: 'notFound' }, other);
    assert.deepEqual(await show('removeAccess', deniz, 'Contoso'), { is: 'notFound' });
  });

  it('asks which one, where several fit', async () => {
    house.shows({ sells: [aCustomer(), aCustomer({ id: NORTHWIND, name: 'Contoso Trading', domain: asDomainName('contoso-trading.com') })] });
    await house.watches();

    const outcome = await show('endRelationship', elif, 'contoso');

    assert(outcome.is === 'several');
    assert.deepEqual([...outcome.names].sort(), ['Contoso', 'Contoso Trading']);
  });

  it('finds nothing for a stranger, a guest, somebody without a role or with one that may not be read', async () => {
    const nothing = { is: 'notFound' };
    for (const act of ['removeAccess', 'endRelationship'] as const) {
      house.is(nil, { roles: ['adminAgent'] });
      assert.deepEqual([await show(act, nil), await confirm(act, nil)], [nothing, nothing]);
      for (const now of [{ roles: [] }, 'unreadable'] as const) {
        house.is(elif, now);
        assert.deepEqual(await show(act, elif), nothing);
      }
      house.is(deniz, { roles: ['globalAdmin'], isGuest: true });
      assert.deepEqual(await show(act, deniz), nothing);
    }
    assert.equal(asked(), 0);
  });

  it('is not told as “nothing in the way” while Microsoft gives no answer', async () => {
    house.authority.removalBlockers.rejects(outage);
    await assert.rejects(show('endRelationship', elif), AuthorityUnavailableError);
  });
});
