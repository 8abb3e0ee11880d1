import assert from 'node:assert/strict';
import fc from 'fast-check';
import { happened } from '../../../src/commands/audit.js';
import { StaleLedgerError, type Entry } from '../../../src/commands/ports.js';
import type { OpenLedger } from '../../../src/ledger/ledger.js';
import type { Grant } from '../../../src/domain/invitation.js';
import * as step from '../../../src/domain/steps.js';
import { aDraft, aManagedGrant, anErrand, approved, approving, CUSTOMER, drafting, inMinutes, NOON, PARTNER, person, sending, sent, toCustomer } from '../builders.js';
import { anyInvitation } from './any-invitation.js';

const isStale = (error: unknown): boolean => error instanceof StaleLedgerError;

const race = async (entries: readonly Entry[], { ledger }: OpenLedger) => {
  const outcomes = await Promise.allSettled(entries.map((entry) => ledger.record(entry)));
  const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert(lost.every(({ reason }) => isStale(reason)), 'a race is lost with StaleLedgerError and nothing else');
  return { won: outcomes.length - lost.length, lost: lost.length };
};

export const recordingContract = (opened: () => OpenLedger): void => {
  describe('recording', () => {
    it('keeps any invitation as it was, whatever people write in it', async () => {
      const { ledger, erase } = opened();
      await fc.assert(fc.asyncProperty(anyInvitation, async (invitation) => {
        await erase();

        await ledger.record(drafting(invitation));

        assert.deepEqual(await ledger.invitation(invitation.id), invitation);
        assert.deepEqual(await ledger.invitationByReference(invitation.reference), invitation);
      }), { numRuns: 60, seed: 20261122 });
    });

    it('keeps names with quotes, NUL and Turkish letters', async () => {
      const { ledger } = opened();
      const draft = aDraft(1, { inviter: { id: person(1), name: `O'Neil "İI ıi" \0 \ud800 ;--Şğ` } });

      await ledger.record(drafting(draft));

      assert.deepEqual(await ledger.invitation(draft.id), draft);
      assert.equal((await ledger.history(draft.id))[0]?.names['by'], draft.inviter.name);
    });

    it('allows one open invitation of twenty that race for the same customer (MP-31)', async () => {
      const { ledger } = opened();
      const drafts = Array.from({ length: 20 }, (_, number) => aDraft(number + 1));
      for (const draft of drafts) await ledger.record(drafting(draft));

      const { won } = await race(drafts.map((draft) => sending(draft, sent(draft))), opened());

      assert.equal(won, 1);
      assert.equal((await ledger.invitationsOf({ customer: CUSTOMER }, 'open', 50)).length, 1);
    });

    it('allows another open invitation when the first one has ended', async () => {
      const { ledger } = opened();
      const [first, second] = [sent(aDraft(1)), aDraft(2)];
      await ledger.record(drafting(first));
      const end = step.expired(first);
      await ledger.record({ event: happened('InvitationExpired', end, NOON), before: first, after: end });

      await ledger.record(drafting(second));
      await ledger.record(sending(second, sent(second)));

      assert.deepEqual((await ledger.openBetween(PARTNER, CUSTOMER)).map(({ id }) => id), [second.id]);
    });

    it('keeps one answer of ten that are given at once', async () => {
      const { ledger } = opened();
      const request = sent(aDraft());
      await ledger.record(drafting(request));

      const { won, lost } = await race(Array.from({ length: 10 }, (_, number) => approving(request, approved(request, person(number)))), opened());

      assert.deepEqual({ won, lost }, { won: 1, lost: 9 });
      assert.equal((await ledger.history(request.id)).filter(({ event }) => event === 'InvitationApproved').length, 1);
    });

    it('never takes a second answer, even from somebody who read the newest version', async () => {
      const { ledger } = opened();
      const request = sent(aDraft());
      const first = approved(request);
      await ledger.record(drafting(request));
      await ledger.record(approving(request, first));
      const forgetful = { ...request, version: first.version };

      await assert.rejects(ledger.record(approving(forgetful, approved(forgetful, person(3)))), isStale);

      assert.deepEqual(await ledger.invitation(request.id), first);
    });

    it('keeps nothing of an entry whose reader was too late', async () => {
      const { ledger, errands } = opened();
      const draft = aDraft();
      await ledger.record(drafting(draft));
      await ledger.record(sending(draft, sent(draft)));
      const grant: Grant = { kind: 'reseller', partner: PARTNER, customer: CUSTOMER, seenAt: NOON.toISOString(), origin: 'invitation' };

      await assert.rejects(ledger.record({ ...sending(draft, sent(draft)), grants: [grant], errands: [anErrand('late')] }), isStale);

      assert.equal((await ledger.history(draft.id)).length, 2);
      assert.deepEqual(await ledger.grants({ partner: PARTNER }), []);
      assert.equal((await errands.depth(NOON)).waiting, 0);
    });

    it('does not mind an errand that was already given', async () => {
      const { ledger, errands } = opened();
      await errands.add([anErrand('same')]);

      await ledger.record({ ...drafting(aDraft()), errands: [anErrand('same'), anErrand('other')] });

      assert.deepEqual((await errands.claim(NOON, 10, 60)).map(({ key }) => key), ['same', 'other']);
    });

    it('refuses an entry that skips a version or changes to another invitation', async () => {
      const { ledger } = opened();
      const draft = aDraft();
      await ledger.record(drafting(draft));

      await assert.rejects(ledger.record(sending(draft, { ...sent(draft), version: 5 })), /next/);
      await assert.rejects(ledger.record(sending(draft, sent(aDraft(2)))), /next/);
      await assert.rejects(ledger.record({ event: drafting(draft).event, before: draft }), /next/);
    });

    it('replaces earlier drafts together with the new one, or not at all', async () => {
      const { ledger } = opened();
      const [first, second, third] = [aDraft(1), aDraft(2), aDraft(3)];
      await ledger.record(drafting(first));
      await ledger.record(drafting(second));
      const sentMeanwhile = sent(second);
      await ledger.record(sending(second, sentMeanwhile));

      await assert.rejects(ledger.record({ ...drafting(third), supersedes: [first, second] }), isStale);
      assert.equal((await ledger.invitation(first.id))?.state, 'draft');
      await ledger.record({ ...drafting(third), supersedes: [first] });

      assert.deepEqual(await ledger.invitation(first.id), step.superseded(first, NOON.toISOString(), third.reference));
      assert.deepEqual((await ledger.history(first.id)).map(({ event }) => event), ['InvitationDrafted', 'InvitationSuperseded']);
      assert.deepEqual(await ledger.draftsOf(person(1), PARTNER, CUSTOMER), [third]);
    });

    it('keeps the newest word about each relationship, in place of the one before', async () => {
      const { ledger } = opened();
      const seen = (minutes: number): Grant => ({ kind: 'reseller', partner: PARTNER, customer: CUSTOMER, seenAt: inMinutes(minutes).toISOString(), origin: 'outside' });
      const event = happened('RelationshipEstablished', aDraft(), NOON);

      await ledger.record({ event, grants: [seen(1)] });
      await ledger.record({ event, grants: [seen(2)] });
      await ledger.record({ event, grants: [{ ...seen(3), customer: toCustomer(7).customer.tenant }] });

      assert.deepEqual(await ledger.grants({ customer: CUSTOMER }), [seen(2)]);
      assert.equal((await ledger.grants({ partner: PARTNER })).length, 2);
    });

    it('keeps a word about a relationship only over the word that was read, and nothing of the entry otherwise', async () => {
      const { ledger, errands } = opened();
      const read = aManagedGrant('a', { until: inMinutes(60).toISOString(), customerName: 'Çağlar \0 "x"' });
      const ended: Grant = { ...read, ended: { at: NOON.toISOString(), how: 'terminated' } };
      const event = happened('AccessEndsSoon', aDraft(), NOON);
      await ledger.record({ event, grants: [read, aManagedGrant('b')] });
      const [over] = await ledger.grants({ partner: PARTNER });
      assert(over);

      await ledger.record({ event, grants: [{ ...over, warnedAtDays: 7 }], grantRead: over });
      await ledger.record({ event, grants: [ended] });
      await assert.rejects(ledger.record({ event, grants: [{ ...over, warnedAtDays: 1 }], grantRead: over, errands: [anErrand('late')] }), isStale);

      assert.deepEqual((await ledger.grants({ partner: PARTNER })).map(({ relationship, ended: end, warnedAtDays }) => [relationship, end?.how, warnedAtDays]), [['a', 'terminated', undefined], ['b', undefined, undefined]]);
      assert.equal((await errands.depth(NOON)).waiting, 0);
    });
  });
};
