import assert from 'node:assert/strict';
import { happened } from '../../src/commands/audit.js';
import { linked, saltsIn, sealed, valuesIn, verifyChain, type AuditLink } from '../../src/ledger/audit.js';
import { aDraft, NOON } from './builders.js';

/** Three records of one invitation, each naming somebody. */
const aChain = (): [AuditLink, AuditLink, AuditLink] => {
  const chain: AuditLink[] = [];
  for (const event of ['InvitationDrafted', 'InvitationSent', 'InvitationApproved'] as const) {
    const names = sealed({ by: 'Ayşe Işık', comment: 'ask Zeki' });
    const link = linked(happened(event, aDraft(), NOON, { names: { by: '', comment: '' } }), names, chain.at(-1));
    chain.push({ ...link, names: valuesIn(names), salts: saltsIn(names) });
  }
  return chain as [AuditLink, AuditLink, AuditLink];
};

describe('an audit chain', () => {
  it('is whole when nothing was touched', () => {
    assert.deepEqual(verifyChain(aChain()), { is: 'whole' });
    assert.deepEqual(verifyChain([]), { is: 'whole' });
  });

  it('starts from the empty hash and counts from one', () => {
    const [first, second] = aChain();

    assert.deepEqual([first.seq, first.previous], [1, '']);
    assert.equal(second.previous, first.hash);
  });

  it('hashes the same facts the same way, in whatever order they were given', () => {
    const event = (facts: Record<string, string>) => linked({ chain: 'c', event: 'AnswerRefused', at: NOON.toISOString(), facts, names: {} }, {});

    assert.equal(event({ a: '1', b: '2' }).hash, event({ b: '2', a: '1' }).hash);
    assert.notEqual(event({ a: '1', b: '2' }).hash, event({ a: '2', b: '1' }).hash);
  });

  const tampering: readonly (readonly [string, (chain: [AuditLink, AuditLink, AuditLink]) => readonly AuditLink[], ReturnType<typeof verifyChain>])[] = [
    ['a fact was changed', ([a, b, c]) => [a, { ...b, body: b.body.replace('commercial', 'x').replace('InvitationSent', 'InvitationFailed') }, c], { is: 'broken', seq: 2, why: 'altered' }],
    ['a hash was made up', ([a, b, c]) => [a, { ...b, hash: 'f'.repeat(64) }, c], { is: 'broken', seq: 2, why: 'altered' }],
    ['the last record was changed', ([a, b, c]) => [a, b, { ...c, body: c.body.replace('Approved', 'Declined') }], { is: 'broken', seq: 3, why: 'altered' }],
    ['a record was taken out', ([a, , c]) => [a, c], { is: 'broken', seq: 2, why: 'missing' }],
    ['a record was taken out and the rest renumbered', ([a, , c]) => [a, { ...c, seq: 2 }], { is: 'broken', seq: 2, why: 'missing' }],
    ['the beginning was cut off', ([, b, c]) => [b, c], { is: 'broken', seq: 1, why: 'missing' }],
    ['two records changed places', ([a, b, c]) => [a, c, b], { is: 'broken', seq: 2, why: 'missing' }],
    ['a record was doubled', ([a, b, c]) => [a, b, b, c], { is: 'broken', seq: 3, why: 'missing' }],
    ['the event beside the body was changed', ([a, b, c]) => [a, { ...b, event: 'InvitationDeclined' }, c], { is: 'broken', seq: 2, why: 'relabelled' }],
    ['the time beside the body was changed', ([a, b, c]) => [{ ...a, at: '2020-01-01T00:00:00.000Z' }, b, c], { is: 'broken', seq: 1, why: 'relabelled' }],
    ['it was hung on another invitation', (chain) => chain.map((record) => ({ ...record, chain: 'another' })), { is: 'broken', seq: 1, why: 'relabelled' }],
    ['somebody else was named', ([a, b, c]) => [a, { ...b, names: { ...b.names, by: 'Somebody else' } }, c], { is: 'broken', seq: 2, why: 'renamed' }],
    ['a name was added', ([a, b, c]) => [a, { ...b, names: { ...b.names, approver: 'Zeki' } }, c], { is: 'broken', seq: 2, why: 'renamed' }],
  ];
  for (const [what, tamper, verdict] of tampering) {
    it(`tells that ${what}`, () => assert.deepEqual(verifyChain(tamper(aChain())), verdict));
  }

  it('stays whole when names are erased', () => {
    const [a, b, c] = aChain();

    assert.deepEqual(verifyChain([{ ...a, names: {}, salts: {} }, { ...b, names: { by: b.names['by'] ?? '' } }, c]), { is: 'whole' });
  });

  it('does not give an erased name away', () => {
    const [{ body, salts }] = aChain();

    assert(!body.includes('Zeki'));
    assert(!body.includes(salts?.['comment'] ?? ''));
  });

  it('shows against a receipt that its end was cut off, or that it was written anew', () => {
    const [a, b, c] = aChain();
    const receipt = c.hash.slice(0, 12);

    assert.deepEqual(verifyChain([a, b, c], receipt), { is: 'whole' });
    assert.deepEqual(verifyChain([a, b], receipt), { is: 'notTheReceipt' });
    assert.deepEqual(verifyChain(aChain(), receipt), { is: 'notTheReceipt' });
    assert.deepEqual(verifyChain([], receipt), { is: 'notTheReceipt' });
  });
});
