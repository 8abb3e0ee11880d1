import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { handOver } from '../../src/commands/hand-over.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { suggestLess } from '../../src/commands/suggest-less.js';
import { withdrawInvitation } from '../../src/commands/withdraw-invitation.js';
import { entraRoles } from '../../src/domain/delegated-admin.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import type { InvitationId } from '../../src/domain/ids.js';
import { aDelegatedAsk, CONTOSO, FABRIKAM, guid } from '../helpers/builders.js';
import { ada, deniz, elif, nil, noticesIn, openHouse, toManage, type House } from './house.js';

const { roles } = aDelegatedAsk();
const [first = '', second = ''] = roles;

describe('suggesting less access', () => {
  let house: House;
  let id: InvitationId;
  beforeEach(async () => {
    house = await openHouse();
    id = await house.deliveredToManage();
  });
  afterEach(() => house?.leave());

  const suggest = (over: Partial<Parameters<ReturnType<typeof suggestLess>['suggest']>[0]> = {}) => suggestLess(house.ports).suggest({ by: deniz, id, roles: [first], days: 90, ...over });
  const accept = (by = ada) => suggestLess(house.ports).accept({ by, id });
  const suggestionOf = async () => {
    const invitation = await house.ledger.invitation(id);
    return invitation && 'suggestion' in invitation ? invitation.suggestion : undefined;
  };

  for (const [what, less, kept] of [
    ['fewer roles', { roles: [first, second], days: 365 }, [[first, second], 365]], ['fewer days', { roles, days: 30 }, [roles, 30]], ['fewer of both', {}, [[first], 90]],
  ] as const) {
    it(`with ${what} is a proposal that the partner hears of, and the request stays as it is`, async () => {
      const outcome = await suggest(less);
      await house.runsErrands();

      assert(outcome.is === 'suggested' && outcome.request.invitation.state === 'delivered');
      const suggestion = await suggestionOf();
      assert.deepEqual([[suggestion?.roles, suggestion?.days], suggestion?.by.name, (await house.ledger.invitation(id))?.asks.manage?.days], [kept, deniz.name, 365]);
      assert.deepEqual([noticesIn(house.sentTo(ada)), (await house.eventsOf(id)).at(-1)], [['suggested'], 'LessAccessSuggested']);
      assert.equal(house.authority.prepareInvitation.callCount, 1);
      assert.equal((await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' })).is, 'answered');
    });
  }

  for (const [what, notLess] of [
    ['the same', { roles, days: 365 }], ['nothing at all', { roles: [] }], ['more days', { roles: [first], days: 366 }], ['no day', { days: 0 }], ['half a day', { days: 0.5 }],
    ['another role only', { roles: [guid(99)] }],
  ] as const) {
    it(`with ${what} is none`, async () => {
      assert.deepEqual([await suggest(notLess), await suggestionOf()], [{ is: 'notLess' }, undefined]);
    });
  }

  it('takes no role in that nobody asked for', async () => {
    await suggest({ roles: [guid(99), first] });
    assert.deepEqual((await suggestionOf())?.roles, [first]);
  });

  it('a second time counts, and is told again', async () => {
    await suggest();
    await suggest({ days: 60 });
    await house.runsErrands();

    assert.deepEqual([(await suggestionOf())?.days, noticesIn(house.sentTo(ada))], [60, ['suggested', 'suggested']]);
  });

  it('delivered again is the same one, told once', async () => {
    assert.deepEqual([(await suggest()).is, (await suggest()).is], ['suggested', 'suggested']);
    await house.runsErrands();

    assert.deepEqual([noticesIn(house.sentTo(ada)), (await house.eventsOf(id)).filter((event) => event === 'LessAccessSuggested').length], [['suggested'], 1]);
  });

  it('is for whoever may answer, and finds nothing for anybody of another company', async () => {
    for (const by of [nil, elif, ada]) assert.deepEqual(await suggest({ by }), { is: 'notFound' }, by.name);
    house.is(deniz, { roles: ['user'] });
    assert.deepEqual(await suggest(), { is: 'notYours' });
    assert.equal(await suggestionOf(), undefined);
  });

  it('needs something to be less than: a request to sell only, or one that is answered, has nothing', async () => {
    const sellOnly = await house.sent(nil);
    assert.deepEqual(await suggest({ id: sellOnly }), { is: 'notFound' });
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    assert.deepEqual(await suggest(), { is: 'notFound' });
  });

  describe('and accepting it', () => {
    beforeEach(async () => { await suggest(); });

    it('sends a smaller request in the place of the first, in one step', async () => {
      const outcome = await accept();
      await house.runsErrands();

      assert(outcome.is === 'sent');
      const [old, now] = [await house.ledger.invitation(id), await house.ledger.invitation(outcome.status.invitation.id)];
      assert(old?.state === 'superseded' && now?.state === 'delivered');
      assert.deepEqual([old.supersededBy, now.follows], [now.reference, old.reference]);
      assert.deepEqual([now.asks.sell, now.asks.manage?.roles, now.asks.manage?.days, now.reason], [true, [first], 90, 'Azure backup']);
      assert.notEqual(now.asks.manage?.name, old.asks.manage?.name);
      assert.deepEqual((await house.ledger.openBetween(FABRIKAM, CONTOSO)).map((open) => open.id), [now.id]);
      assert.deepEqual((await house.eventsOf(id)).at(-1), 'InvitationSuperseded');
    });

    it('brings the customer the new card, and turns the old one into what it is', async () => {
      await accept();
      await house.runsErrands();

      const cards = house.sentTo(deniz).flatMap((view) => (view.view === 'request' ? [view.invitation.asks.manage?.days] : []));
      assert.deepEqual(cards, [365, 90]);
      const redrawn = house.messenger.update.getCalls().filter(({ args: [to] }) => to.person === deniz.person).at(-1)?.args[2];
      assert(redrawn?.view === 'request' && redrawn.invitation.state === 'superseded' && redrawn.mayAnswer === 'no');
      assert.equal((await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' })).is, 'refused');
    });

    it('twice sends once', async () => {
      const [one, other] = [await accept(), await accept()];

      assert.deepEqual([one.is, other.is], ['sent', 'notFound']);
      assert.equal((await house.ledger.openBetween(FABRIKAM, CONTOSO)).length, 1);
    });

    it('twice at once asks Microsoft for one', async () => {
      const before = house.authority.prepareInvitation.callCount;
      const outcomes = await Promise.all([accept(), accept()]);

      const asked = house.authority.prepareInvitation.args.slice(before).map(([{ invitation }]) => invitation.asks.manage?.name);
      assert.equal(new Set(asked).size, 1);
      assert(outcomes.some(({ is }) => is === 'sent'));
      assert.equal((await house.ledger.openBetween(FABRIKAM, CONTOSO)).length, 1);
    });

    it('is offered to be handed over where a sales agent accepts, and leaves the first request open until then', async () => {
      const outcome = await accept(elif);

      assert(outcome.is === 'refused');
      assert.deepEqual([outcome.refusals.map(({ rule }) => rule), outcome.preview?.handOver?.map(({ name }) => name)], [['MP-12'], [ada.name]]);
      assert.deepEqual([await house.stateOf(id), house.authority.prepareInvitation.callCount], ['delivered', 1]);

      const draft = outcome.preview?.invitation.id ?? assert.fail();
      await handOver(house.ports).to({ by: elif, id: draft, to: ada.person });
      assert.equal((await sendInvitation(house.ports).now({ by: ada, id: draft, reason: '', statedNotCsp: true })).is, 'sent');
      assert.equal(await house.stateOf(id), 'superseded');
    });

    it('finds nothing for another partner, the customer, or where nothing was suggested', async () => {
      for (const by of [nil, deniz]) assert.deepEqual(await accept(by), { is: 'notFound' }, by.name);
      const other = await house.sent(nil);
      assert.deepEqual(await suggestLess(house.ports).accept({ by: nil, id: other }), { is: 'notFound' });
    });

    for (const [what, kept, roleReason] of [['has gone with it', [first], undefined], ['is asked for still', [entraRoles.globalAdministrator], 'Only while we move']] as const) {
      it(`holds the reason for Global Administrator only where that role ${what}`, async () => {
        await withdrawInvitation(house.ports)({ by: ada, id });
        id = await house.deliveredToManage({ manage: { ...toManage, roles: [entraRoles.globalAdministrator, first], roleReason: 'Only while we move' } });
        await suggest({ roles: kept });

        const outcome = await accept();

        assert(outcome.is === 'sent');
        assert.equal(outcome.status.invitation.asks.manage?.roleReason, roleReason);
      });
    }

    it('asks for the half that is left, where the other stands by then', async () => {
      house.authority.observe.withArgs(FABRIKAM, CONTOSO).resolves('yes');

      const outcome = await accept();

      assert(outcome.is === 'sent');
      assert.deepEqual([outcome.status.invitation.asks.sell, outcome.status.invitation.asks.manage?.days], [false, 90]);
    });

    it('is for the partner to see, with who suggested it', async () => {
      const view = await showInvitation(house.ports)({ by: elif, reference: (await house.ledger.invitation(id))?.reference ?? '' });

      assert(view?.view === 'status' && 'suggestion' in view.invitation);
      assert.deepEqual([view.invitation.suggestion?.days, view.invitation.suggestion?.by.name], [90, deniz.name]);
    });
  });

  it('is refused by every rule that a request of its own would meet', async () => {
    await suggest();
    house.authority.partner.withArgs(FABRIKAM).resolves({ ...await house.authority.partner(FABRIKAM) ?? assert.fail(), hasSignedMpa: 'no' });

    const outcome = await accept();

    assert(outcome.is === 'refused' && outcome.refusals[0].rule === 'MP-48');
    assert.equal(await house.stateOf(id), 'delivered');
  });
});
