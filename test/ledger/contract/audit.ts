import assert from 'node:assert/strict';
import { happened, refusedBetween } from '../../../src/commands/audit.js';
import { verifyChain } from '../../../src/ledger/audit.js';
import type { OpenLedger } from '../../../src/ledger/ledger.js';
import { aDraft, approved, approving, CUSTOMER, drafting, NOON, PARTNER, person, sending, sent } from '../builders.js';

export const auditContract = (opened: () => OpenLedger): void => {
  describe('the audit', () => {
    it('links everything that happened to an invitation', async () => {
      const { ledger } = opened();
      const draft = aDraft();
      const request = sent(draft);
      await ledger.record(drafting(draft));
      await ledger.record(sending(draft, request));
      await ledger.record(approving(request, approved(request)));

      const history = await ledger.history(draft.id);

      assert.deepEqual(history.map(({ seq, event }) => [seq, event]), [[1, 'InvitationDrafted'], [2, 'InvitationSent'], [3, 'InvitationApproved']]);
      assert.deepEqual(verifyChain(history), { is: 'whole' });
    });

    it('keeps names beside the hashed body, never in it', async () => {
      const { ledger } = opened();
      await ledger.record(drafting(aDraft()));

      const [record] = await ledger.history(aDraft().id);

      assert.deepEqual(record?.names, { by: 'Ayşe Işık' });
      assert(!record.body.includes('Ay'));
    });

    it('takes twenty notes on one chain at once and loses none', async () => {
      const { ledger } = opened();
      const refused = { event: refusedBetween(PARTNER, CUSTOMER, { id: person(1), name: 'Ayşe' }, [{ rule: 'MP-06', code: 'CUSTOMER_IS_CSP_TENANT', about: {} }], NOON) };

      await Promise.all(Array.from({ length: 20 }, () => ledger.record(refused)));

      const history = await ledger.history(refused.event.chain);
      assert.equal(history.length, 20);
      assert.deepEqual(verifyChain(history), { is: 'whole' });
    });

    it('keeps chains apart', async () => {
      const { ledger } = opened();
      await ledger.record(drafting(aDraft(1)));
      await ledger.record(drafting(aDraft(2)));
      await ledger.record({ event: happened('AnswerRefused', aDraft(1), NOON) });

      assert.equal((await ledger.history(aDraft(1).id)).length, 2);
      assert.equal((await ledger.history(aDraft(2).id))[0]?.previous, '');
    });
  });
};
