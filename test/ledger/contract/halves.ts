import assert from 'node:assert/strict';
import { happened } from '../../../src/commands/audit.js';
import { StaleLedgerError } from '../../../src/commands/ports.js';
import type { OpenLedger } from '../../../src/ledger/ledger.js';
import type { Asks, Grant, Invitation } from '../../../src/domain/invitation.js';
import * as step from '../../../src/domain/steps.js';
import { aDelegatedAsk } from '../../helpers/builders.js';
import { aDraft, approved, aManagedGrant, CUSTOMER, declined, drafting, inMinutes, NOON, PARTNER, sending, sent, tenant, toCustomer } from '../builders.js';

const isStale = (error: unknown): boolean => error instanceof StaleLedgerError;

const toSell: Asks = { sell: true };
const toManage: Asks = { sell: false, manage: aDelegatedAsk() };
const both: Asks = { sell: true, manage: aDelegatedAsk() };

export const halvesContract = (opened: () => OpenLedger): void => {
  const given = async (...invitations: readonly Invitation[]): Promise<void> => {
    for (const invitation of invitations) await opened().ledger.record(drafting(invitation));
  };

  describe('the two halves of a request', () => {
    it('are asked for one by one, in either order', async () => {
      for (const [first, second] of [[toSell, toManage], [toManage, toSell]] as const) {
        await opened().erase();

        await given(sent(aDraft(1, { asks: first })), sent(aDraft(2, { asks: second })));

        assert.equal((await opened().ledger.openBetween(PARTNER, CUSTOMER)).length, 2);
      }
    });

    for (const [name, first, second] of [['sell', toSell, toSell], ['manage', toManage, toManage], ['sell, and then for both,', toSell, both], ['manage, and then for both,', toManage, both], ['both', both, both]] as const) {
      it(`to ${name} are not open twice (MP-31)`, async () => {
        const { ledger } = opened();
        const [open, later] = [sent(aDraft(1, { asks: first })), aDraft(2, { asks: second })];
        await given(open, later);

        await assert.rejects(ledger.record(sending(later, sent(later))), isStale);

        assert.deepEqual(await ledger.openBetween(PARTNER, CUSTOMER), [open]);
      });
    }

    it('stay free for another customer and another partner', async () => {
      await given(sent(aDraft(1, { asks: both })), sent(aDraft(2, { asks: both, ...toCustomer(7) })), sent(aDraft(3, { asks: both, partner: { ...aDraft().partner, tenant: tenant(8) } })));

      assert.equal((await opened().ledger.openBetween(PARTNER, CUSTOMER)).length, 1);
    });

    it('of a draft count as they are sent: one may be left out on the way', async () => {
      const { ledger } = opened();
      const draft = aDraft(2, { asks: both });
      await given(sent(aDraft(1, { asks: toManage })), draft);

      await ledger.record(sending(draft, sent({ ...draft, asks: toSell })));

      assert.deepEqual((await ledger.openBetween(PARTNER, CUSTOMER)).map(({ asks }) => asks.sell).sort(), [false, true]);
    });

    it('are free again once the request that held them has been replaced, in the same entry or not at all', async () => {
      const { ledger } = opened();
      const [first, second] = [sent(aDraft(1, { asks: both })), aDraft(2, { asks: both })];
      await given(first, second);
      const entry = { ...sending(second, sent(second)), supersedes: [first] };

      await assert.rejects(ledger.record({ ...entry, before: { ...second, version: 7 }, after: { ...sent(second), version: 8 } }), isStale);
      assert.deepEqual((await ledger.openBetween(PARTNER, CUSTOMER)).map(({ id }) => id), [first.id]);
      await ledger.record(entry);

      assert.deepEqual((await ledger.openBetween(PARTNER, CUSTOMER)).map(({ id }) => id), [second.id]);
      assert.deepEqual(await ledger.invitation(first.id), step.superseded(first, NOON.toISOString(), second.reference));
      assert.deepEqual((await ledger.history(first.id)).map(({ event }) => event), ['InvitationDrafted', 'InvitationSuperseded']);
    });

    it('are not taken from somebody who answered in the same moment', async () => {
      const { ledger } = opened();
      const [first, second] = [sent(aDraft(1)), aDraft(2)];
      await given(first, second);
      const answered = declined(first);
      await ledger.record({ event: happened('InvitationDeclined', answered, NOON), before: first, after: answered });

      await assert.rejects(ledger.record({ ...sending(second, sent(second)), supersedes: [first] }), isStale);

      assert.deepEqual([await ledger.invitation(first.id), await ledger.invitation(second.id)], [answered, second]);
    });

    it('of a request that was replaced may still appear at Microsoft', async () => {
      const { ledger } = opened();
      const [first, second] = [sent(aDraft(1, { asks: toManage })), aDraft(2, { asks: toManage })];
      await given(first, second);
      await ledger.record({ ...sending(second, sent(second, inMinutes(1))), supersedes: [first] });

      assert.deepEqual((await ledger.awaited(PARTNER, 'manage')).map(({ id }) => id), [second.id, first.id]);
    });
  });

  describe('relationships', () => {
    const putting = async (...grants: readonly Grant[]) => opened().ledger.record({ event: happened('RelationshipFoundOutside', aDraft(), NOON), grants });

    it('of several kinds and names stand beside each other between the same two', async () => {
      await putting({ ...aManagedGrant('b'), kind: 'reseller', relationship: '' }, aManagedGrant('a'), aManagedGrant('c'));

      const grants = await opened().ledger.grants({ partner: PARTNER, customer: CUSTOMER });

      assert.deepEqual(grants.map(({ kind, relationship }) => [kind, relationship]), [['gdap', 'a'], ['gdap', 'c'], ['reseller', '']]);
    });

    it('are found from either side, and by nobody else', async () => {
      const { ledger } = opened();
      await putting(aManagedGrant('a'), aManagedGrant('b', { customer: tenant(7) }), aManagedGrant('c', { partner: tenant(8) }));

      const found = async (side: Parameters<typeof ledger.grants>[0]) => (await ledger.grants(side)).map(({ relationship }) => relationship);

      assert.deepEqual([await found({ partner: PARTNER }), await found({ customer: CUSTOMER }), await found({ partner: tenant(8), customer: CUSTOMER }), await found({ customer: tenant(9) })], [['a', 'b'], ['a', 'c'], ['c'], []]);
    });

    it('that end before a day are told by their last day, those without one and those that are over left out', async () => {
      const { ledger } = opened();
      const until = (minutes: number) => ({ until: inMinutes(minutes).toISOString() });
      await putting(
        aManagedGrant('later', until(30)), aManagedGrant('soon', until(10)), aManagedGrant('too late', until(60)),
        aManagedGrant('over', { ...until(5), ended: { at: NOON.toISOString(), how: 'terminated' } }), { ...aManagedGrant('', { kind: 'reseller' }), until: '' },
      );

      const ending = async (limit: number) => (await ledger.endingBetween(new Date(0), inMinutes(60), limit)).map(({ relationship }) => relationship);

      assert.deepEqual([await ending(10), await ending(1)], [['soon', 'later'], ['soon']]);
    });

    it('that end are told page by page, each once, also where many of one pair and of many end in one moment', async () => {
      const { ledger } = opened();
      const until = inMinutes(10).toISOString();
      const all = Array.from({ length: 9 }, (_, number) => aManagedGrant(`r${number % 3}`, { customer: tenant(100 + Math.floor(number / 3)), until: number === 8 ? inMinutes(11).toISOString() : until }));
      await putting(...all, { ...aManagedGrant('', { kind: 'reseller', customer: tenant(100), until }) });

      const told: string[] = [];
      for (let page = await ledger.endingBetween(NOON, inMinutes(60), 2); page.length > 0; page = await ledger.endingBetween(NOON, inMinutes(60), 2, page.at(-1))) {
        told.push(...page.map(({ customer, kind, relationship }) => `${customer} ${kind} ${relationship}`));
      }

      assert.equal(told.length, 10);
      assert.equal(new Set(told).size, 10);
    });

    it('that are over and come again stand again', async () => {
      const { ledger } = opened();
      await putting(aManagedGrant('a', { until: inMinutes(5).toISOString(), ended: { at: NOON.toISOString(), how: 'expired' } }));
      assert.deepEqual(await ledger.endingBetween(new Date(0), inMinutes(60), 10), []);

      await putting(aManagedGrant('a', { until: inMinutes(5).toISOString() }));

      assert.deepEqual((await ledger.endingBetween(new Date(0), inMinutes(60), 10)).map(({ ended }) => ended), [undefined]);
    });

    it('that stood before anybody looked are kept without a word, a thousand as well as one', async () => {
      const { ledger, errands } = opened();
      const old = Array.from({ length: 250 }, (_, number) => aManagedGrant(`r${number}`, { customer: tenant(100 + number) }));
      assert.equal(await ledger.isWatched(PARTNER), false);

      await ledger.beginWatching(PARTNER, old);
      await ledger.beginWatching(PARTNER, old);

      assert.deepEqual([await ledger.isWatched(PARTNER), await ledger.isWatched(tenant(8))], [true, false]);
      assert.equal((await ledger.grants({ partner: PARTNER })).length, 250);
      assert.deepEqual(await ledger.history(`between/${PARTNER}/${tenant(100)}`), []);
      assert.equal((await errands.depth(NOON)).waiting, 0);
    });

    it('that stood before anybody looked take the place of nothing that somebody has written meanwhile', async () => {
      const { ledger } = opened();
      const ended: Grant = { ...aManagedGrant('a'), ended: { at: NOON.toISOString(), how: 'terminated' } };
      const asked: Grant = { ...aManagedGrant('b'), origin: 'late' };
      await putting(ended, asked);

      await ledger.beginWatching(PARTNER, [aManagedGrant('a'), aManagedGrant('b'), aManagedGrant('c')]);

      assert.deepEqual(await ledger.grants({ partner: PARTNER }), [ended, asked, aManagedGrant('c')]);
    });

    it('of nobody yet begin to be watched as well', async () => {
      await opened().ledger.beginWatching(PARTNER, []);
      assert.equal(await opened().ledger.isWatched(PARTNER), true);
    });
  });

  describe('the wish for no more requests', () => {
    const stopping = (isStopped: boolean, partner = PARTNER) =>
      opened().ledger.record({ event: happened(isStopped ? 'RequestsStopped' : 'RequestsAllowed', aDraft(), NOON), stop: { customer: CUSTOMER, partner, isStopped } });

    it('is kept for one partner and one customer, once, until it is taken back', async () => {
      const { ledger } = opened();
      for (const partner of [PARTNER, PARTNER, tenant(8)]) await stopping(true, partner);

      assert.deepEqual([await ledger.hasStopped(CUSTOMER, PARTNER), await ledger.hasStopped(tenant(7), PARTNER), await ledger.stoppedBy(CUSTOMER)], [true, false, [PARTNER, tenant(8)]]);
      await stopping(false);

      assert.deepEqual([await ledger.hasStopped(CUSTOMER, PARTNER), await ledger.stoppedBy(CUSTOMER), await ledger.stoppedBy(tenant(7))], [false, [tenant(8)], []]);
    });

    it('holds for a request whose rules were asked before it was said', async () => {
      const { ledger } = opened();
      const draft = aDraft();
      await ledger.record(drafting(draft));
      await stopping(true);

      await assert.rejects(ledger.record(sending(draft, sent(draft))), { name: 'StaleLedgerError' });

      assert.equal((await ledger.invitation(draft.id))?.state, 'draft');
      await stopping(false);
      await ledger.record(sending(draft, sent(draft)));
      assert.equal((await ledger.invitation(draft.id))?.state, 'sent');
    });

    it('taken back without having been said changes nothing', async () => {
      await stopping(false);
      assert.equal(await opened().ledger.hasStopped(CUSTOMER, PARTNER), false);
    });
  });

  describe('requests without an answer', () => {
    it('are those on their way, expired, withdrawn or replaced: no answer, no draft, nobody else’s and none from before', async () => {
      const { ledger } = opened();
      const at = (number: number) => sent(aDraft(number), inMinutes(number));
      const withdrawn = step.cancelled(at(2), { id: aDraft().inviter.id, name: 'Ayşe' }, NOON);
      await given(at(1), withdrawn, step.expired(at(3)), declined(at(4)), aDraft(5), step.superseded(at(6), NOON.toISOString()), sent(aDraft(7, toCustomer(7))));

      assert.equal(await ledger.unansweredSince(PARTNER, CUSTOMER, NOON), 4);
      assert.equal(await ledger.unansweredSince(PARTNER, CUSTOMER, inMinutes(3)), 2);
      assert.equal(await ledger.unansweredSince(tenant(8), CUSTOMER, NOON), 0);
    });

    it('no longer are those that were approved and then withdrawn or ran out', async () => {
      const { ledger } = opened();
      const answered = approved(sent(aDraft(1)));
      assert(answered.state === 'awaitingAuthority');
      await given(answered);
      const after = step.expired(answered);
      await ledger.record({ event: happened('InvitationExpired', after, NOON), before: answered, after });

      assert.equal(await ledger.unansweredSince(PARTNER, CUSTOMER, NOON), 0);
    });
  });
};
