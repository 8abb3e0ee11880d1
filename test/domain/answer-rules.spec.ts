import assert from 'node:assert/strict';
import type { InvitationState } from '../../src/domain/invitation.js';
import * as rules from '../../src/domain/rules.js';
import { DENIZ, ELIF, FABRIKAM, NORTHWIND, anAdmin, anAnswer, anInvitation, anyInvitation, everyRole, everyState, inDays, refuses, whenAnswering } from '../helpers/builders.js';

describe('the rules about an answer', () => {
  describe('MP-13: who may answer', () => {
    for (const role of everyRole) {
      it(`${role === 'globalAdmin' ? 'lets' : 'does not let'} somebody answer who is ${role}`, () => {
        assert.deepEqual(rules.answererIsGlobalAdmin.asks(whenAnswering({ person: anAdmin({ roles: [role] }) })), role === 'globalAdmin' ? 'holds' : refuses({ customer: 'Contoso' }));
      });
    }
  });

  it('MP-15: the answer comes from the invited tenant, not from whoever holds the card', () => {
    assert.equal(rules.answererBelongsToTheCustomer.asks(whenAnswering()), 'holds');
    assert.deepEqual(rules.answererBelongsToTheCustomer.asks(whenAnswering({ person: anAdmin({ tenant: NORTHWIND }) })), refuses());
  });

  describe('MP-21: nobody answers their own request', () => {
    const { asks } = rules.nobodyAnswersTheirOwnRequest;

    it('not the inviter, even with another account of the same id', () => {
      assert.deepEqual(asks(whenAnswering({ person: anAdmin({ id: ELIF }) })), refuses());
    });

    it('nor anybody else of the tenant of the partner', () => {
      assert.deepEqual(asks(whenAnswering({ person: anAdmin({ tenant: FABRIKAM }) })), refuses());
    });

    it('but an admin of the customer does', () => {
      assert.equal(asks(whenAnswering()), 'holds');
    });
  });

  describe('MP-37: the last day', () => {
    const { asks } = rules.notExpired;
    const lastMoment = inDays(90);

    it('lets an answer in one millisecond before the end', () => {
      assert.equal(asks(whenAnswering({ now: new Date(lastMoment.getTime() - 1) })), 'holds');
    });

    it('refuses from the end on, although nobody has written down yet that it expired', () => {
      assert.deepEqual(asks(whenAnswering({ now: lastMoment })), refuses({ date: lastMoment.toISOString() }));
      assert.deepEqual(asks(whenAnswering({ invitation: anInvitation('sent'), now: inDays(91) })), refuses({ date: lastMoment.toISOString() }));
    });

    it('refuses what has expired, whatever the clock says', () => {
      assert.deepEqual(asks(whenAnswering({ invitation: anInvitation('expired'), now: inDays(0) })), refuses({ date: lastMoment.toISOString() }));
    });

    it('is no reason for what was answered in time', () => {
      assert.equal(asks(whenAnswering({ invitation: anInvitation('declined'), now: inDays(91) })), 'holds');
    });
  });

  describe('MP-38: what has an answer keeps it', () => {
    const open: readonly InvitationState[] = ['sent', 'delivered'];

    for (const state of everyState.filter((each) => each !== 'expired')) {
      it(`${open.includes(state) ? 'lets' : 'does not let'} one answer what is ${state}`, () => {
        const verdict = rules.notYetAnswered.asks(whenAnswering({ invitation: anyInvitation(state) }));

        assert.deepEqual(verdict, open.includes(state) ? 'holds' : refuses({ state }));
      });
    }

    it('leaves the expired ones to MP-37, which names the day', () => {
      assert.equal(rules.notYetAnswered.asks(whenAnswering({ invitation: anInvitation('expired', { answer: anAnswer({ by: { id: DENIZ, name: '' } }) }) })), 'holds');
    });
  });
});
