import assert from 'node:assert/strict';
import { happened } from '../../../src/commands/audit.js';
import type { InvitationId } from '../../../src/domain/ids.js';
import type { Invitation } from '../../../src/domain/invitation.js';
import type { OpenLedger } from '../../../src/ledger/ledger.js';
import * as step from '../../../src/domain/steps.js';
import { aDelegatedAsk } from '../../helpers/builders.js';
import { aDraft, CUSTOMER, declined, drafting, inMinutes, invitationId, NOON, PARTNER, person, sent, tenant, toCustomer } from '../builders.js';

export const findingContract = (opened: () => OpenLedger): void => {
  const given = async (...invitations: readonly Invitation[]): Promise<void> => {
    for (const invitation of invitations) await opened().ledger.record(drafting(invitation));
  };

  describe('finding invitations', () => {
    it('finds nothing in an empty ledger', async () => {
      const { ledger } = opened();

      assert.equal(await ledger.invitation(invitationId(1)), undefined);
      assert.equal(await ledger.invitationByReference(aDraft().reference), undefined);
      assert.deepEqual(await ledger.openBetween(PARTNER, CUSTOMER), []);
      assert.deepEqual(await ledger.invitationsOf({ partner: PARTNER }, 'all', 10), []);
      assert.deepEqual(await ledger.history('nobody'), []);
    });

    it('shows a partner its own, newest first, without drafts', async () => {
      const { ledger } = opened();
      const [older, newer] = [sent(aDraft(1, toCustomer(11)), inMinutes(1)), sent(aDraft(2, toCustomer(12)), inMinutes(2))];
      const ended = declined(sent(aDraft(3, toCustomer(13)), inMinutes(3)));
      const foreign = sent(aDraft(4, { partner: { ...aDraft().partner, tenant: tenant(99) } }));
      await given(older, newer, ended, foreign, aDraft(5), step.superseded(aDraft(6), NOON.toISOString()));

      assert.deepEqual(await ledger.invitationsOf({ partner: PARTNER }, 'all', 10), [ended, newer, older]);
      assert.deepEqual(await ledger.invitationsOf({ partner: PARTNER }, 'open', 10), [newer, older]);
      assert.deepEqual(await ledger.invitationsOf({ partner: PARTNER }, 'all', 2), [ended, newer]);
    });

    it('shows a customer what was sent to it and nothing that never left the house', async () => {
      const { ledger } = opened();
      const request = sent(aDraft(1));
      const refusedByMicrosoft = step.failed(aDraft(2), 'AUTHORITY_REFUSED', 'c-1', NOON.toISOString());
      await given(request, refusedByMicrosoft, sent(aDraft(3, toCustomer(11))));

      assert.deepEqual(await ledger.invitationsOf({ customer: CUSTOMER }, 'all', 10), [request]);
      assert.deepEqual((await ledger.invitationsOf({ partner: PARTNER }, 'all', 10)).filter(({ state }) => state === 'failed'), [refusedByMicrosoft]);
    });

    it('finds only the drafts of this person for this customer', async () => {
      const { ledger } = opened();
      const mine = aDraft(1);
      await given(mine, aDraft(2, { inviter: { id: person(2), name: 'Somebody else' } }), aDraft(3, toCustomer(11)), sent(aDraft(4)));

      assert.deepEqual(await ledger.draftsOf(person(1), PARTNER, CUSTOMER), [mine]);
    });

    it('finds the drafts that changed hands for both, until they are finished or taken back', async () => {
      const { ledger } = opened();
      const to = (number: number) => ({ handedTo: { id: person(number), name: 'An Admin agent' } });
      const [handed, other, back] = [aDraft(1, to(2)), aDraft(2, { ...toCustomer(11), ...to(3) }), aDraft(3, { ...toCustomer(12), ...to(2) })];
      await given(handed, other, back, aDraft(4, toCustomer(13)), sent(aDraft(5, { ...toCustomer(14), ...to(2) })));
      const returned = step.handedBack(back, '');
      await ledger.record({ event: happened('InvitationHandedBack', returned, NOON), before: back, after: returned });

      assert.deepEqual(new Set((await ledger.handedOver(PARTNER, person(1), 10)).map(({ id }) => id)), new Set([handed.id, other.id]));
      assert.deepEqual(await ledger.handedOver(PARTNER, person(2), 10), [handed]);
      assert.equal((await ledger.handedOver(PARTNER, person(1), 1)).length, 1);
      assert.deepEqual(await ledger.handedOver(CUSTOMER, person(2), 10), []);
    });

    it('awaits open ones, and ended ones until their relationship was found late', async () => {
      const { ledger } = opened();
      const open = sent(aDraft(1, toCustomer(11)));
      const ended = declined(sent(aDraft(2, toCustomer(12)), inMinutes(1)));
      const found = step.foundLate(declined(sent(aDraft(3, toCustomer(13)))), NOON.toISOString());
      const settled = step.halfSeen(sent(aDraft(4, toCustomer(14))), 'sell', NOON.toISOString());
      await given(open, ended, found, settled, aDraft(5, toCustomer(15)));

      assert.deepEqual(await ledger.awaited(PARTNER, 'sell'), [ended, open]);
      const late = step.foundLate(ended, NOON.toISOString());
      await ledger.record({ event: happened('RelationshipFoundLate', late, NOON), before: ended, after: late });
      assert.deepEqual(await ledger.awaited(PARTNER, 'sell'), [open]);
    });

    it('credits a relationship to the newest invitation, not to one that was declined before it', async () => {
      const { ledger } = opened();
      const before = declined(sent(aDraft(1), inMinutes(1)));
      const now = sent(aDraft(2), inMinutes(2));
      await given(before, now);

      assert.deepEqual(await ledger.awaited(PARTNER, 'sell'), [now]);
    });

    it('credits what is sold to nobody once the newest has it, and still awaits what an older one asked to manage', async () => {
      const { ledger } = opened();
      const before = declined(sent(aDraft(1, { asks: { sell: true, manage: aDelegatedAsk() } }), inMinutes(1)));
      const settled = step.halfSeen(sent(aDraft(2), inMinutes(2)), 'sell', NOON.toISOString());
      await given(before, settled);

      assert.deepEqual([await ledger.awaited(PARTNER, 'sell'), await ledger.awaited(PARTNER, 'manage')], [[], [before]]);
    });

    it('finds those whose last day has come, the longest overdue first', async () => {
      const { ledger } = opened();
      const [first, second, third] = [1, 2, 3].map((number) => sent(aDraft(number, toCustomer(number + 10)), inMinutes(number)));
      assert(first && second && third);
      await given(third, second, first, declined(sent(aDraft(4, toCustomer(14)))));

      assert.deepEqual(await ledger.overdue(new Date(second.expiresAt), 10), [first, second]);
      assert.deepEqual(await ledger.overdue(new Date(third.expiresAt), 1), [first]);
      assert.deepEqual(await ledger.overdue(NOON, 10), []);
    });

    it('finds them page by page, each once, also those of one moment and while others are ended', async () => {
      const { ledger } = opened();
      const all = Array.from({ length: 7 }, (_, number) => sent(aDraft(number + 1, toCustomer(number + 10)), inMinutes(number < 5 ? 1 : 2)));
      await given(...all);
      const now = new Date(all[6]?.expiresAt ?? '');

      const found: InvitationId[] = [];
      for (let page = await ledger.overdue(now, 2); page.length > 0; page = await ledger.overdue(now, 2, page.at(-1))) {
        found.push(...page.map(({ id }) => id));
        const [first] = page;
        assert(first);
        const after = step.expired(first);
        await ledger.record({ event: happened('InvitationExpired', after, NOON), before: first, after });
      }

      assert.deepEqual(found.sort(), all.map(({ id }) => id).sort());
    });
  });
};
