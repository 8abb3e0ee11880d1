import assert from 'node:assert/strict';
import type { CardCopy } from '../../../src/commands/ports.js';
import type { Baseline, Comparison } from '../../../src/domain/proof.js';
import type { OpenLedger } from '../../../src/ledger/ledger.js';
import { anAcquaintance, CUSTOMER, drafting, aDraft, invitationId, NOON, PARTNER, person } from '../builders.js';

const baseline: Baseline = { takenAt: NOON.toISOString(), key: 'k', subscriptions: [{ id: 'd1', fields: { quantity: 'd2' } }] };
const comparison: Comparison = { takenAt: NOON.toISOString(), comparedAt: NOON.toISOString(), same: 1, changed: [], gone: 0, added: 2 };

export const keepingContract = (opened: () => OpenLedger): void => {
  describe('people', () => {
    it('are remembered with their newest address and language', async () => {
      const { ledger } = opened();
      const first = anAcquaintance();
      const moved = { ...first, conversation: 'a:2', isReachable: false, timeZone: 'Europe/Istanbul', name: `Deniz "ŞĞİ" O'` };

      await ledger.meet(first);
      await ledger.meet(first);
      await ledger.meet(moved);
      await ledger.meet(anAcquaintance({ person: person(10) }));
      await ledger.meet(anAcquaintance({ tenant: PARTNER }));

      assert.deepEqual(await ledger.acquaintance(CUSTOMER, person(9)), moved);
      assert.equal(await ledger.acquaintance(CUSTOMER, person(8)), undefined);
      assert.deepEqual((await ledger.acquaintancesOf(CUSTOMER)).map((one) => one.person), [person(9), person(10)]);
    });
  });

  describe('card copies', () => {
    it('are kept once each and dropped one by one', async () => {
      const { ledger } = opened();
      const copy: CardCopy = { invitation: invitationId(1), tenant: CUSTOMER, person: person(9), conversation: 'a:1', activity: '1:x' };
      const other = { ...copy, activity: '2:x' };

      await ledger.keepCopy(copy);
      await ledger.keepCopy(copy);
      await ledger.keepCopy(other);
      assert.deepEqual(await ledger.copies(copy.invitation), [copy, other]);
      await ledger.dropCopy(copy);
      await ledger.dropCopy(copy);

      assert.deepEqual(await ledger.copies(copy.invitation), [other]);
    });
  });

  describe('the proof', () => {
    it('keeps the first baseline', async () => {
      const { ledger } = opened();

      await ledger.keepBaseline(invitationId(1), 'customer', baseline);
      await ledger.keepBaseline(invitationId(1), 'customer', { ...baseline, key: 'other' });

      assert.deepEqual(await ledger.proof(invitationId(1), 'customer'), { baseline });
      assert.equal(await ledger.proof(invitationId(1), 'partner'), undefined);
    });

    it('forgets the baseline once it was compared, for good', async () => {
      const { ledger } = opened();
      await ledger.keepBaseline(invitationId(1), 'customer', baseline);

      await ledger.keepComparison(invitationId(1), 'customer', comparison);
      await ledger.keepBaseline(invitationId(1), 'customer', baseline);

      assert.deepEqual(await ledger.proof(invitationId(1), 'customer'), { comparison });
    });
  });

  it('is reachable', async () => {
    assert.equal(await opened().ledger.isReachable(), true);
  });

  it('is empty after a reset', async () => {
    const { ledger, errands, erase } = opened();
    await ledger.record({ ...drafting(aDraft()), errands: [{ topic: 'tell', key: 'k', lane: 'l', body: {} }] });
    await ledger.meet(anAcquaintance());

    await erase();

    assert.equal(await ledger.invitation(invitationId(1)), undefined);
    assert.deepEqual(await ledger.acquaintancesOf(CUSTOMER), []);
    assert.deepEqual(await errands.depth(NOON), { waiting: 0, due: 0, oldestDueSeconds: 0, dead: 0 });
  });
};
