import assert from 'node:assert/strict';
import { lineOf, type StandingOfCustomer } from '../../src/domain/customer-standing.js';
import { asDomainName } from '../../src/domain/ids.js';
import type { Grant, InvitationState } from '../../src/domain/invitation.js';
import { CONTOSO, FABRIKAM, NOON, aRelationshipId, anInvitation, anyInvitation, everyState, inDays } from '../helpers/builders.js';

const aGrant = (over: Partial<Grant> = {}): Grant => ({ kind: 'reseller', partner: FABRIKAM, customer: CONTOSO, seenAt: NOON.toISOString(), origin: 'invitation', ...over });
const toManage = (days: number, over: Partial<Grant> = {}): Grant => aGrant({ kind: 'gdap', relationship: aRelationshipId(71), until: inDays(days).toISOString(), autoExtends: false, ...over });
const removed = { at: inDays(5).toISOString(), how: 'removed' } as const;

describe('one line of "my customers"', () => {
  const alone: Readonly<Record<InvitationState, StandingOfCustomer>> = {
    draft: 'ended', sent: 'waiting', delivered: 'waiting', awaitingAuthority: 'waiting', established: 'ended', declined: 'declined', expired: 'ended', cancelled: 'ended', superseded: 'ended', failed: 'ended',
  };
  for (const state of everyState) {
    it(`says ${alone[state]} where an invitation is ${state} and nothing stands at Microsoft`, () => {
      assert.equal(lineOf(CONTOSO, anyInvitation(state), []).standing, alone[state]);
    });

    it(`says ${alone[state] === 'waiting' ? 'waiting' : 'active'} where an invitation is ${state} and a relationship stands`, () => {
      assert.equal(lineOf(CONTOSO, anyInvitation(state), [aGrant()]).standing, alone[state] === 'waiting' ? 'waiting' : 'active');
    });
  }

  it('says ended where what stood has ended, and active where something else still stands', () => {
    assert.equal(lineOf(CONTOSO, undefined, [aGrant({ ended: removed })]).standing, 'ended');
    assert.equal(lineOf(CONTOSO, undefined, [aGrant({ ended: removed }), toManage(30)]).standing, 'active');
  });

  it('tells selling from managing', () => {
    assert.equal(lineOf(CONTOSO, undefined, [toManage(30), aGrant()]).isSelling, true);
    assert.equal(lineOf(CONTOSO, undefined, [toManage(30)]).isSelling, false);
    assert.equal(lineOf(CONTOSO, undefined, [aGrant({ ended: removed }), toManage(30)]).isSelling, false);
  });

  it('names the first end of what stands and does not extend itself', () => {
    const grants = [aGrant(), toManage(300), toManage(30), toManage(10, { autoExtends: true }), toManage(5, { ended: removed })];

    assert.equal(lineOf(CONTOSO, undefined, grants).endsAt, inDays(30).toISOString());
  });

  it('names no end where nothing ends', () => {
    assert.equal(lineOf(CONTOSO, undefined, [aGrant(), toManage(10, { autoExtends: true })]).endsAt, '');
    assert.equal(lineOf(CONTOSO, anInvitation('sent'), []).endsAt, '');
  });

  it('carries the invitation: its reference, state and days', () => {
    const line = lineOf(CONTOSO, anInvitation('delivered', { openedAt: inDays(1).toISOString() }), []);

    assert.deepEqual(line, {
      customer: CONTOSO, name: 'Contoso', domain: 'contoso.com', standing: 'waiting', isSelling: false, endsAt: '', reference: 'PR-7K3-F9M', state: 'delivered',
      sentAt: NOON.toISOString(), openedAt: inDays(1).toISOString(), expiresAt: inDays(90).toISOString(),
    });
  });

  it('has no days for a draft', () => {
    assert.deepEqual(lineOf(CONTOSO, anInvitation('draft'), []), {
      customer: CONTOSO, name: 'Contoso', domain: 'contoso.com', standing: 'ended', isSelling: false, endsAt: '', reference: 'PR-7K3-F9M', state: 'draft',
    });
  });

  it('takes the name from Microsoft where there was no invitation, and the id where nobody knows a name', () => {
    const named = aGrant({ customerName: 'Contoso Ltd', customerDomain: asDomainName('contoso.com') });

    assert.deepEqual(lineOf(CONTOSO, undefined, [aGrant(), named]), { customer: CONTOSO, name: 'Contoso Ltd', domain: 'contoso.com', standing: 'active', isSelling: true, endsAt: '' });
    assert.deepEqual(lineOf(CONTOSO, undefined, [aGrant()]), { customer: CONTOSO, name: CONTOSO, domain: '', standing: 'active', isSelling: true, endsAt: '' });
  });

  it('carries the partner’s own name for the customer', () => {
    assert.equal(lineOf(CONTOSO, undefined, [aGrant()], 'the bakery').alias, 'the bakery');
    assert(!('alias' in lineOf(CONTOSO, undefined, [aGrant()], '')));
  });
});
