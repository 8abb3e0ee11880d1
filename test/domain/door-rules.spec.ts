import assert from 'node:assert/strict';
import type { Role } from '../../src/domain/facts.js';
import * as rules from '../../src/domain/rules.js';
import { aPartner, aPerson, anAdmin, atTheDoor, everyRole, refuses, whenAnswering } from '../helpers/builders.js';

const mayInvite: readonly Role[] = ['globalAdmin', 'userAdmin', 'salesAgent', 'adminAgent'];

describe('the rules at the door', () => {
  describe('MP-10: who may invite', () => {
    const { asks } = rules.roleMayInvite;

    for (const role of everyRole) {
      const may = mayInvite.includes(role);
      it(`${may ? 'lets' : 'does not let'} somebody invite who is only ${role}`, () => {
        assert.deepEqual(asks(atTheDoor({ inviter: aPerson({ roles: [role] }) })), may ? 'holds' : refuses());
      });
    }

    it('does not let somebody without any role invite', () => {
      assert.deepEqual(asks(atTheDoor({ inviter: aPerson({ roles: [] }) })), refuses());
    });

    it('asks for one of the roles, not for all of them', () => {
      assert.equal(asks(atTheDoor({ inviter: aPerson({ roles: ['helpdeskAgent', 'salesAgent'] }) })), 'holds');
    });
  });

  describe('MP-16: guests', () => {
    it('may not invite, whatever their role', () => {
      assert.deepEqual(rules.guestsMayNotInvite.asks(atTheDoor({ inviter: aPerson({ isGuest: true, roles: ['globalAdmin'] }) })), refuses());
      assert.equal(rules.guestsMayNotInvite.asks(atTheDoor()), 'holds');
    });

    it('may not answer, whatever their role', () => {
      assert.deepEqual(rules.guestsMayNotAnswer.asks(whenAnswering({ person: anAdmin({ isGuest: true }) })), refuses());
      assert.equal(rules.guestsMayNotAnswer.asks(whenAnswering()), 'holds');
    });
  });

  describe('MP-42: the clouds that are covered', () => {
    const { asks } = rules.cloudIsCovered;

    for (const cloud of ['commercial', 'usGov'] as const) {
      it(`serves a partner in the ${cloud} cloud, where this deployment is`, () => {
        assert.equal(asks(atTheDoor({ cloud, partner: aPartner({ cloud }) })), 'holds');
      });
    }

    it('serves no partner of another cloud', () => {
      assert.deepEqual(asks(atTheDoor({ cloud: 'commercial', partner: aPartner({ cloud: 'usGov' }) })), refuses({ cloud: 'usGov' }));
    });

    it('serves nobody where partners cannot request a relationship', () => {
      assert.deepEqual(asks(atTheDoor({ capabilities: { ...rules.capabilitiesOf.commercial, resellerRequest: false } })), refuses({ cloud: 'commercial' }));
    });

    it('cannot tell while the cloud of the partner is not known', () => {
      assert.equal(asks(atTheDoor({ partner: aPartner({ cloud: 'unknown' }) })), 'unknown');
    });

    it('serves nobody of the cloud that 21Vianet operates (MP-45)', () => {
      assert.deepEqual(asks(atTheDoor({ partner: aPartner({ cloud: 'china21Vianet' }) })), refuses({ cloud: 'china21Vianet' }));
      assert.deepEqual(Object.keys(rules.capabilitiesOf), ['commercial', 'usGov']);
    });

    it('offers selling in both, and managing in the commercial one only (MP-43, MP-44)', () => {
      assert.deepEqual(rules.capabilitiesOf, {
        commercial: { resellerRequest: true, gdap: true, withoutAdminPermissions: true },
        usGov: { resellerRequest: true, gdap: false, withoutAdminPermissions: false },
      });
    });
  });

  describe('MP-48: the partner agreement', () => {
    const { asks } = rules.partnerHasSigned;

    it('has to be signed', () => {
      assert.equal(asks(atTheDoor()), 'holds');
      assert.deepEqual(asks(atTheDoor({ partner: aPartner({ hasSignedMpa: 'no' }) })), refuses());
    });

    it('may be signed without our knowing', () => {
      assert.equal(asks(atTheDoor({ partner: aPartner({ hasSignedMpa: 'unknown' }) })), 'unknown');
    });
  });
});
