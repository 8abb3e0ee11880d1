import { strict as assert } from 'node:assert';
import { assignAccess, lessenAccess } from '../../src/commands/assign-access.js';
import { SignInNeededError } from '../../src/commands/ports.js';
import { maxAttemptsInOutage } from '../../src/commands/patience.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import type { AccessAssignment } from '../../src/domain/delegated-admin.js';
import type { InvitationId } from '../../src/domain/ids.js';
import { aCustomer, FABRIKAM, guid } from '../helpers/builders.js';
import { ada, deniz, elif, nil, openHouse, outage, type House } from './house.js';

const SUPPORT = guid(81);
const assignment = (status: AccessAssignment['status'], group = SUPPORT): AccessAssignment => ({ id: guid(91), group, roles: [], status });

describe('giving approved roles to a group of one’s own people', () => {
  let house: House;
  let id: InvitationId;
  beforeEach(async () => {
    house = await openHouse();
    id = await house.deliveredToManage();
    house.shows({ sells: [aCustomer()], manages: [await house.managed(id)] });
    await house.watches();
  });
  afterEach(() => house?.leave());

  const assign = (over: Partial<Parameters<ReturnType<typeof assignAccess>>[0]> = {}) => assignAccess(house.ports)({ by: ada, id, group: SUPPORT, ...over });
  const relationship = async () => (await house.managed(id)).id;
  const refusedWith = async (rule: string, code: string, over: Parameters<typeof assign>[0] = {}): Promise<void> => {
    const outcome = await assign(over);
    assert(outcome.is === 'refused');
    assert.deepEqual(outcome.refusals.map((refusal) => [refusal.rule, refusal.code]), [[rule, code]]);
    assert.equal((await house.eventsOf(id)).at(-1), 'ActRefused');
    await house.runsErrands();
    assert.equal(house.authority.assignAccess.callCount, 0);
  };

  it('is an errand: asked of Microsoft with every approved role, and no other', async () => {
    const outcome = await assign();
    assert.equal(house.authority.assignAccess.callCount, 0);
    await house.runsErrands();

    assert.deepEqual(outcome, { is: 'asked', group: 'M365 Support' });
    assert.deepEqual(house.authority.assignAccess.args, [[FABRIKAM, { relationship: await relationship(), group: SUPPORT, roles: (await house.managed(id)).roles }]]);
    const last = (await house.ledger.history(id)).at(-1);
    assert.deepEqual([last?.event, last?.names['by'], last?.names['group']], ['AccessAssigned', ada.name, 'M365 Support']);
  });

  it('draws the partner’s card again, with who has it now', async () => {
    await house.ledger.keepCopy({ invitation: id, tenant: ada.tenant, person: ada.person, conversation: 'a', activity: 'theirs' });
    await assign();
    house.authority.listAssignments.resolves([assignment('active')]);

    await house.runsErrands();

    const card = house.messenger.update.lastCall.args[2];
    assert(card.view === 'status');
    assert.deepEqual([card.access?.groups.map(({ name }) => name), card.access?.assignments.map(({ status }) => status)], [['M365 Support'], ['active']]);
  });

  for (const roles of [['globalAdmin'], ['userAdmin'], ['adminAgent']] as const) {
    it(`is for a ${roles[0]}`, async () => {
      house.is(ada, { roles });
      assert.equal((await assign()).is, 'asked');
    });
  }

  describe('is refused, and the refusal recorded,', () => {
    it('to a sales agent (MP-20)', () => refusedWith('MP-20', 'ROLE_NOT_ALLOWED', { by: elif }));

    for (const status of ['created', 'approvalPending', 'approved', 'activating', 'expiring', 'expired', 'terminationRequested', 'terminating', 'terminated', 'unknown'] as const) {
      it(`while it is ${status} at Microsoft (MP-63)`, async () => {
        house.shows({ manages: [await house.managed(id, { status })] });
        await refusedWith('MP-63', 'GDAP_WRONG_STATE');
      });
    }

    it('where nothing was approved (MP-60)', async () => {
      house.shows({ manages: [await house.managed(id, { roles: [] })] });
      await refusedWith('MP-60', 'ROLE_NOT_IN_GRANT');
    });

    for (const status of ['pending', 'active'] as const) {
      it(`to a group whose assignment is ${status} (MP-61)`, async () => {
        house.authority.listAssignments.resolves([assignment(status)]);
        await refusedWith('MP-61', 'ASSIGNMENT_EXISTS');
      });
    }

    it('with every reason at once', async () => {
      house.shows({ manages: [await house.managed(id, { status: 'terminated' })] });
      house.authority.listAssignments.resolves([assignment('active')]);

      const outcome = await assign({ by: elif });

      assert(outcome.is === 'refused');
      assert.deepEqual(outcome.refusals.map(({ rule }) => rule), ['MP-20', 'MP-63', 'MP-61']);
    });
  });

  it('minds no assignment of another group, nor one that is over', async () => {
    house.authority.listAssignments.resolves([assignment('active', guid(82)), assignment('deleted'), assignment('error')]);
    assert.equal((await assign()).is, 'asked');
  });

  it('finds nothing for a stranger, the customer, a colleague without a role, a guest or a group that is not one’s own', async () => {
    for (const by of [nil, deniz]) assert.deepEqual(await assign({ by }), { is: 'notFound' }, by.name);
    assert.deepEqual(await assign({ group: guid(99) }), { is: 'notFound' });
    for (const now of [{ roles: [] }, { roles: ['adminAgent'], isGuest: true }, 'unreadable'] as const) {
      house.is(ada, now);
      assert.deepEqual(await assign(), { is: 'notFound' }, JSON.stringify(now));
    }
    house.is(ada, { roles: ['adminAgent'] });
    assert.deepEqual(await assign({ id: await house.drafted(nil) }), { is: 'notFound' });
  });

  it('finds nothing where only selling was asked', async () => {
    const sellOnly = await house.sent(nil);
    assert.deepEqual(await assign({ by: nil, id: sellOnly }), { is: 'notFound' });
  });

  describe('while Microsoft gives no answer', () => {
    it('is tried again, and then it is done once', async () => {
      house.authority.assignAccess.onFirstCall().rejects(outage);
      await assign();
      await house.runsErrands();

      house.passes(60);
      await house.runsErrands();

      assert.equal(house.authority.assignAccess.callCount, 2);
      assert.equal((await house.errands.depth(house.time.machine)).waiting, 0);
    });

    it('is not done for somebody who lost the role while it waited for a sign-in, and they are told (MP-22)', async () => {
      house.authority.assignAccess.onFirstCall().rejects(new SignInNeededError('a token'));
      await assign();
      await house.runsErrands();

      house.is(ada, { roles: [] });
      house.passes(86_400);
      await house.runsErrands();

      assert.equal(house.authority.assignAccess.callCount, 1, 'the one that found nobody signed in');
      const told = house.sentTo(ada).at(-1);
      assert(told?.view === 'refusal');
      assert.deepEqual([told.refusals.map(({ rule }) => rule), (await house.eventsOf(id)).at(-1)], [['MP-20'], 'ActRefused']);
    });

    it('for days is given up, stays visible, and can be asked for again', async () => {
      house.authority.assignAccess.rejects(outage);
      await assign();
      for (let round = 0; round < maxAttemptsInOutage + 2; round += 1) {
        await house.runsErrands();
        house.passes(3600);
      }

      assert.deepEqual((await house.errands.deadLetters(id)).map(({ topic, reason }) => [topic, reason]), [['assign', 'AuthorityUnavailableError']]);
      assert.equal((await house.errands.depth(house.time.machine)).dead, 1);

      house.authority.assignAccess.resetBehavior();
      house.authority.assignAccess.resetHistory();
      house.authority.assignAccess.resolves('asked');
      assert.equal((await assign()).is, 'asked');
      await house.runsErrands();
      assert.equal(house.authority.assignAccess.callCount, 1);
    });
  });

  it('refused by Microsoft itself is written down with its code, and can be asked for again', async () => {
    house.authority.assignAccess.onFirstCall().resolves({ refused: { code: 'ASSIGNMENT_EXISTS', serviceCode: '409', correlationId: 'abc' } });
    await assign();
    await house.runsErrands();

    const last = (await house.ledger.history(id)).at(-1);
    assert.equal(last?.event, 'ActRefused');
    assert.match(last.body, /"code":"ASSIGNMENT_EXISTS".*"correlationId":"abc"/);
    house.passes(60);
    await assign();
    await house.runsErrands();
    assert.equal(house.authority.assignAccess.callCount, 2);
  });

  it('is on nobody’s card before Microsoft shows that it was approved', async () => {
    const { reference } = await house.ledger.invitation(await house.sent(nil)) ?? assert.fail();
    const [theirs, ours] = [
      await showInvitation(house.ports)({ by: nil, reference }), await showInvitation(house.ports)({ by: ada, reference: (await house.ledger.invitation(id))?.reference ?? '' }),
    ];

    assert(theirs?.view === 'status' && ours?.view === 'status');
    assert.deepEqual([theirs.access, ours.access], [undefined, { groups: [{ id: SUPPORT, name: 'M365 Support' }], assignments: [] }]);
  });

  it('leaves the card without it while Microsoft gives no answer', async () => {
    house.authority.listSecurityGroups.rejects(outage);

    const view = await showInvitation(house.ports)({ by: ada, reference: (await house.ledger.invitation(id))?.reference ?? '' });

    assert(view?.view === 'status' && view.access === undefined);
  });
});

describe('making less of what was approved', () => {
  let house: House;
  let id: InvitationId;
  beforeEach(async () => {
    house = await openHouse();
    id = await house.deliveredToManage();
    house.shows({ sells: [aCustomer()], manages: [await house.managed(id)] });
    await house.watches();
    house.authority.listAssignments.resolves([assignment('active')]);
    house.is(ada, { roles: ['adminAgent'] });
  });
  afterEach(() => house?.leave());

  const refusal = { refused: { code: 'GDAP_WRONG_STATE', serviceCode: '', correlationId: 'c-1' } };

  for (const [what, microsoft, wish] of [['the roles of a group', 'withdrawAccess', 'withdraw'], ['the extension', 'stopAutoExtend', 'stopExtending']] as const) {
    it(`takes ${what} for nobody who lost the role while it waited (MP-22)`, async () => {
      house.authority[microsoft].onFirstCall().rejects(new SignInNeededError('a token'));
      await lessenAccess(house.ports)[wish]({ by: ada, id, group: SUPPORT });
      await house.runsErrands();

      house.is(ada, { roles: [] });
      house.passes(86_400);
      await house.runsErrands();

      assert.deepEqual([house.authority[microsoft].callCount, house.sentTo(ada).at(-1)?.view, (await house.eventsOf(id)).at(-1)], [1, 'refusal', 'ActRefused']);
    });
  }

  it('takes the roles from one group, in the record, and leaves the relationship', async () => {
    const outcome = await lessenAccess(house.ports).withdraw({ by: ada, id, group: SUPPORT });
    await house.runsErrands();

    assert.deepEqual(outcome, { is: 'asked', group: 'M365 Support' });
    assert.deepEqual(house.authority.withdrawAccess.args, [[FABRIKAM, { relationship: (await house.managed(id)).id, assignment: guid(91) }]]);
    assert.equal(house.authority.terminateDelegatedAdmin.callCount, 0);
    assert.equal((await house.eventsOf(id)).at(-1), 'AccessWithdrawn');
  });

  it('lets it end on its day instead of extending itself, and never the other way round', async () => {
    assert.equal((await lessenAccess(house.ports).stopExtending({ by: ada, id })).is, 'asked');
    await house.runsErrands();

    assert.deepEqual(house.authority.stopAutoExtend.args, [[FABRIKAM, (await house.managed(id)).id]]);
    assert.equal((await house.eventsOf(id)).at(-1), 'AutoExtendStopped');
  });

  it('is not for a sales agent, nor about a group that has nothing', async () => {
    const outcome = await lessenAccess(house.ports).withdraw({ by: elif, id, group: SUPPORT });
    assert.equal(outcome.is, 'refused');
    assert.equal((await lessenAccess(house.ports).withdraw({ by: ada, id, group: guid(83) })).is, 'notFound');
    await house.runsErrands();

    assert.equal(house.authority.withdrawAccess.callCount, 0);
  });

  it('that Microsoft refuses is told to whoever asked', async () => {
    house.authority.withdrawAccess.resolves(refusal);
    await house.meets(ada);
    await lessenAccess(house.ports).withdraw({ by: ada, id, group: SUPPORT });
    await house.runsErrands();

    assert(house.sentTo(ada).some((view) => view.view === 'refusal' && view.refusals[0]?.code === 'GDAP_WRONG_STATE'));
  });

  it('and a group that somebody gave other roles meanwhile gets the approved ones', async () => {
    house.authority.listAssignments.resolves([]);
    house.authority.assignAccess.resolves({ refused: { code: 'ASSIGNMENT_EXISTS', serviceCode: '', correlationId: '' } });
    await assignAccess(house.ports)({ by: ada, id, group: SUPPORT });
    house.authority.listAssignments.resolves([assignment('active')]);
    await house.runsErrands();

    const { id: relationship, roles } = await house.managed(id);
    assert.deepEqual(house.authority.changeAccess.args, [[FABRIKAM, { relationship, assignment: guid(91), roles }]]);
  });
});
