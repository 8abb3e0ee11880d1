import assert from 'node:assert/strict';
import { accessTemplateNames, accessTemplates, delegatedStatuses, entraRoleNames, entraRoleOf, entraRoles, isPowerful, longestDays, longestName, offeredDays, type AccessAssignment } from '../../src/domain/delegated-admin.js';
import { halvesOf } from '../../src/domain/invitation.js';
import * as rules from '../../src/domain/rules.js';
import { aDelegatedAdmin, aDelegatedAsk, aPerson, anAdmin, everyRole, guid, refuses, whenInviting } from '../helpers/builders.js';

type Asked = Partial<ReturnType<typeof aDelegatedAsk>>;
const toManage = (over: Asked = {}, rest: Partial<rules.InvitationFacts> = {}): rules.InvitationFacts => whenInviting({ asks: { sell: false, manage: aDelegatedAsk(over) }, ...rest });
const onlyToSell = whenInviting({ asks: { sell: true }, inviter: aPerson({ roles: ['adminAgent'] }) });

describe('the rules about delegated administration', () => {
  describe('MP-12: who may ask to manage', () => {
    const { asks } = rules.managingNeedsAnAdminAgent;

    for (const role of everyRole) {
      it(`${role === 'adminAgent' ? 'lets' : 'does not let'} somebody ask who is only ${role}`, () => {
        assert.deepEqual(asks(toManage({}, { inviter: aPerson({ roles: [role] }) })), role === 'adminAgent' ? 'holds' : refuses());
      });
    }

    it('lets a sales agent ask who is an Admin agent as well', () => {
      assert.equal(asks(toManage({}, { inviter: aPerson({ roles: ['salesAgent', 'adminAgent'] }) })), 'holds');
    });

    it('says nothing about selling', () => {
      assert.equal(asks(whenInviting({ inviter: aPerson({ roles: ['salesAgent'] }) })), 'holds');
    });
  });

  describe('MP-34: names', () => {
    const { asks } = rules.namesAreUnique;

    it('are used once by a partner', () => {
      assert.deepEqual(asks(toManage({ name: 'Contoso support' }, { isNameTaken: 'yes' })), refuses({ name: 'Contoso support' }));
      assert.equal(asks(toManage({}, { isNameTaken: 'no' })), 'holds');
    });

    it('may be taken without our knowing', () => {
      assert.equal(asks(toManage({}, { isNameTaken: 'unknown' })), 'unknown');
    });

    it('are not asked about where nothing is managed', () => {
      assert.equal(asks({ ...onlyToSell, isNameTaken: 'yes' }), 'holds');
    });
  });

  describe('MP-44: where it is offered', () => {
    const { asks } = rules.noGranularAdminThere;

    it('is the commercial cloud', () => {
      assert.equal(asks(toManage()), 'holds');
    });

    it('is not US Government, where only selling is asked for', () => {
      const inUsGov = { cloud: 'usGov', capabilities: rules.capabilitiesOf.usGov } as const;

      assert.deepEqual(asks(toManage({}, inUsGov)), refuses({ cloud: 'usGov' }));
      assert.equal(asks(whenInviting(inUsGov)), 'holds');
    });

    it('is wherever it is switched on', () => {
      assert.equal(asks(toManage({}, { cloud: 'usGov', capabilities: { ...rules.capabilitiesOf.usGov, gdap: true } })), 'holds');
    });
  });

  describe('MP-51: how long', () => {
    const { asks } = rules.oneDayToTwoYears;

    for (const [days, isAllowed] of [
      [1, true], [2, true], [90, true], [365, true], [729, true], [730, true],
      [0, false], [-1, false], [731, false], [1.5, false], [Number.NaN, false], [Number.POSITIVE_INFINITY, false],
    ] as const) {
      it(`${isAllowed ? 'holds for' : 'refuses'} ${days} days`, () => {
        assert.deepEqual(asks(toManage({ days })), isAllowed ? 'holds' : refuses());
      });
    }

    it('is what the form offers', () => {
      assert.deepEqual(offeredDays.filter((days) => asks(toManage({ days })) !== 'holds'), []);
      assert.equal(Math.max(...offeredDays), longestDays);
    });

    it('is not asked about where nothing is managed', () => {
      assert.equal(asks(onlyToSell), 'holds');
    });
  });

  describe('MP-52: its name', () => {
    const { asks } = rules.everyRequestHasAName;

    for (const [what, name, isAllowed] of [
      ['one character', 'C', true], ['50 characters', 'ş'.repeat(longestName), true],
      ['51 characters', 'ş'.repeat(longestName + 1), false], ['no name', '', false], ['blanks only', '   ', false],
    ] as const) {
      it(`${isAllowed ? 'may be' : 'may not be'} ${what}`, () => {
        assert.deepEqual(asks(toManage({ name })), isAllowed ? 'holds' : refuses());
      });
    }

    it('is not asked about where nothing is managed', () => {
      assert.equal(asks(onlyToSell), 'holds');
    });
  });

  describe('MP-53: its roles', () => {
    const { asks } = rules.builtInRolesOnly;
    const { globalAdministrator, directoryReaders } = entraRoles;

    it('are one or more that Microsoft Entra has built in', () => {
      assert.equal(asks(toManage({ roles: [directoryReaders] })), 'holds');
      assert.equal(asks(toManage({ roles: entraRoleNames.filter((role) => role !== 'globalAdministrator').map((role) => entraRoles[role]) })), 'holds');
    });

    it('are not none', () => {
      assert.deepEqual(asks(toManage({ roles: [] })), refuses({ needs: 'role' }));
    });

    it('are none that a customer made itself, not even beside a good one', () => {
      assert.deepEqual(asks(toManage({ roles: [guid(99)] })), refuses({ needs: 'role' }));
      assert.deepEqual(asks(toManage({ roles: [directoryReaders, guid(99)] })), refuses({ needs: 'role' }));
      assert.deepEqual(asks(toManage({ roles: ['Directory Readers'] })), refuses({ needs: 'role' }));
    });

    it('are known by their ids, however they are written', () => {
      assert.equal(asks(toManage({ roles: [directoryReaders.toUpperCase()] })), 'holds');
    });

    it('are not Global Administrator without a reason', () => {
      assert.deepEqual(asks(toManage({ roles: [globalAdministrator] })), refuses({ needs: 'reason' }));
      assert.deepEqual(asks(toManage({ roles: [directoryReaders, globalAdministrator], roleReason: '  ' })), refuses({ needs: 'reason' }));
    });

    it('may be Global Administrator with a reason, which the customer reads', () => {
      assert.equal(asks(toManage({ roles: [globalAdministrator], roleReason: 'Moving the whole tenant' })), 'holds');
    });

    it('are still checked where a reason is given', () => {
      assert.deepEqual(asks(toManage({ roles: [globalAdministrator, guid(99)], roleReason: 'Moving the whole tenant' })), refuses({ needs: 'role' }));
    });

    it('are not asked about where nothing is managed', () => {
      assert.equal(asks(onlyToSell), 'holds');
    });
  });

  describe('MP-55: extending by itself', () => {
    const { asks } = rules.globalAdminNeverExtends;
    const withGlobalAdmin = { roles: [entraRoles.directoryReaders, entraRoles.globalAdministrator], roleReason: 'Moving the whole tenant' };

    it('is not possible with Global Administrator, whatever the reason', () => {
      assert.deepEqual(asks(toManage({ ...withGlobalAdmin, autoExtends: true })), refuses());
    });

    it('is possible without it, and Global Administrator without extending', () => {
      assert.equal(asks(toManage({ autoExtends: true })), 'holds');
      assert.equal(asks(toManage({ ...withGlobalAdmin, autoExtends: false })), 'holds');
    });

    it('is not asked about where nothing is managed', () => {
      assert.equal(asks(onlyToSell), 'holds');
    });
  });

  const whenAssigning = (over: Partial<rules.AssignFacts> = {}): rules.AssignFacts => ({
    person: aPerson({ roles: ['adminAgent'] }), relationship: aDelegatedAdmin(), roles: aDelegatedAsk().roles, group: guid(81), assignments: [], ...over,
  });

  describe('MP-20: who may give approved roles to a group', () => {
    for (const role of everyRole) {
      const may = ['globalAdmin', 'userAdmin', 'adminAgent'].includes(role);
      it(`${may ? 'lets' : 'does not let'} somebody do it who is only ${role}`, () => {
        assert.deepEqual(rules.assigningNeedsARole.asks(whenAssigning({ person: aPerson({ roles: [role] }) })), may ? 'holds' : refuses());
      });
    }

    it('does not let somebody without any role do it', () => {
      assert.deepEqual(rules.assigningNeedsARole.asks(whenAssigning({ person: aPerson({ roles: [] }) })), refuses());
    });
  });

  describe('MP-60: which roles a group gets', () => {
    const { asks } = rules.onlyApprovedRolesAreAssigned;
    const [first = ''] = aDelegatedAsk().roles;

    it('are approved ones, all or some of them', () => {
      assert.equal(asks(whenAssigning()), 'holds');
      assert.equal(asks(whenAssigning({ roles: [first] })), 'holds');
    });

    it('are not none', () => {
      assert.deepEqual(asks(whenAssigning({ roles: [] })), refuses());
    });

    it('are none that the customer has not approved, not even beside approved ones', () => {
      assert.deepEqual(asks(whenAssigning({ roles: [entraRoles.exchangeAdministrator] })), refuses());
      assert.deepEqual(asks(whenAssigning({ roles: [first, entraRoles.globalAdministrator] })), refuses());
    });
  });

  describe('MP-61: one assignment for a group', () => {
    const assigned = (status: AccessAssignment['status'], group: string): AccessAssignment => ({ id: guid(91), group, roles: aDelegatedAsk().roles, status });

    for (const [status, isInTheWay] of [['pending', true], ['active', true], ['deleting', false], ['deleted', false], ['error', false], ['unknown', false]] as const) {
      it(`${isInTheWay ? 'refuses another' : 'lets one be made'} while there is one that is ${status}`, () => {
        assert.deepEqual(rules.oneAssignmentPerGroup.asks(whenAssigning({ assignments: [assigned(status, guid(81))] })), isInTheWay ? refuses() : 'holds');
      });
    }

    it('looks at that group only', () => {
      assert.equal(rules.oneAssignmentPerGroup.asks(whenAssigning({ assignments: [assigned('active', guid(82))] })), 'holds');
    });
  });

  describe('MP-63: what has ended', () => {
    for (const status of [...delegatedStatuses, 'unknown'] as const) {
      it(`${status === 'active' ? 'lets' : 'does not let'} roles be given, or access be removed, while it is ${status}`, () => {
        const expected = status === 'active' ? 'holds' : refuses({ status });

        assert.deepEqual(rules.onlyActiveIsAssigned.asks(whenAssigning({ relationship: aDelegatedAdmin({ status }) })), expected);
        assert.deepEqual(rules.onlyActiveIsRemoved.asks({ person: anAdmin(), side: 'customer', status }), expected);
      });
    }
  });
});

describe('least privilege (MP-53, MP-30)', () => {
  it('is in the templates: each role of theirs can be delegated', () => {
    for (const template of accessTemplateNames) {
      for (const role of accessTemplates[template]) assert.equal(entraRoleOf(entraRoles[role]), role, `${template}: ${role}`);
    }
  });

  it('leaves powerful roles out of every template, except User Administrator where Office 365 is run', () => {
    const powerful = accessTemplateNames.flatMap((template) => accessTemplates[template].filter(isPowerful).map((role) => `${template}: ${role}`));

    assert.deepEqual(powerful, ['office365Operations: userAdministrator']);
  });

  it('marks the roles that can give themselves more', () => {
    assert.deepEqual(entraRoleNames.filter(isPowerful), ['globalAdministrator', 'userAdministrator']);
  });

  it('asks for directory reading only where an Azure subscription is prepared', () => {
    assert.deepEqual(accessTemplates.azureSubscription, ['directoryReaders']);
  });

  it('asks for no role at all where only selling is asked for', () => {
    assert.deepEqual(halvesOf(onlyToSell.asks), ['sell']);
    assert.equal(onlyToSell.asks.manage, undefined);
  });

  it('knows every role by one id of its own', () => {
    const ids = Object.values(entraRoles);

    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});
