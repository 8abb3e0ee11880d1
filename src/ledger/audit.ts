/** The audit chain: each record's hash covers the one before it, so that nothing can be changed or left out unseen. */
import { hash, randomBytes } from 'node:crypto';
import type { AuditRecord } from '../commands/ports.js';
import type { AuditEvent } from '../domain/events.js';

type Texts = Readonly<Record<string, string>>;

/** Names and free text with their salts. Deleting them here makes them unrecoverable and leaves the chain whole. */
export type SealedNames = Readonly<Record<string, { readonly salt: string; readonly value: string }>>;

/** What `history` gives: the salts let a verifier see that no name was exchanged. */
export type AuditLink = AuditRecord & { readonly salts?: Texts };

const sha256 = (text: string): string => hash('sha256', text, 'hex');
const hashOf = (previous: string, body: string): string => sha256(`${previous}\n${body}`);

const mapped = <From, To>(record: Readonly<Record<string, From>>, to: (value: From) => To): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.keys(record).sort().map((key) => [key, to(record[key] as From)]));

export const sealed = (names: Texts): SealedNames => mapped(names, (value) => ({ salt: randomBytes(16).toString('base64url'), value }));
export const valuesIn = (names: SealedNames): Texts => mapped(names, ({ value }) => value);
export const saltsIn = (names: SealedNames): Texts => mapped(names, ({ salt }) => salt);

/** The next record of a chain. The first one follows the empty hash. */
export const linked = (
  { chain, event, at, facts }: AuditEvent, names: SealedNames, head: { readonly seq: number; readonly hash: string } = { seq: 0, hash: '' },
): Omit<AuditRecord, 'names'> => {
  const seq = head.seq + 1;
  const nameHashes = mapped(names, ({ salt, value }) => sha256(salt + value));
  const body = JSON.stringify({ chain, seq, at, event, facts: mapped(facts, (fact) => fact), nameHashes });
  return { chain, seq, at, event, body, previous: head.hash, hash: hashOf(head.hash, body) };
};

/** Where a chain breaks first: a record is missing or moved, was altered, wears another label, or names somebody else. */
export type Verdict =
  | { readonly is: 'whole' }
  | { readonly is: 'broken'; readonly seq: number; readonly why: 'missing' | 'altered' | 'relabelled' | 'renamed' }
  /** Whole in itself, but not the chain that the receipt was taken from. */
  | { readonly is: 'notTheReceipt' };

const labelsOf = ({ chain, seq, at, event }: AuditRecord): string => JSON.stringify({ chain, seq, at, event });

/**
 * @param records one chain, oldest first.
 * @param receipt the head (or its beginning) as a card showed it. Only this uncovers an end that was cut off or a chain written anew.
 */
export const verifyChain = (records: readonly AuditLink[], receipt = ''): Verdict => {
  let previous = '';
  for (const [index, record] of records.entries()) {
    const seq = index + 1;
    const broken = (why: Extract<Verdict, { is: 'broken' }>['why']): Verdict => ({ is: 'broken', seq, why });
    if (record.seq !== seq || record.previous !== previous) return broken('missing');
    if (record.hash !== hashOf(previous, record.body)) return broken('altered');
    const body = JSON.parse(record.body) as AuditRecord & { readonly nameHashes: Texts };
    if (labelsOf(body) !== labelsOf(record)) return broken('relabelled');
    const isRenamed = Object.entries(record.names).some(([field, value]) => body.nameHashes[field] !== sha256((record.salts?.[field] ?? '') + value));
    if (isRenamed) return broken('renamed');
    previous = record.hash;
  }
  return records.some(({ hash }) => hash.startsWith(receipt)) || receipt === '' ? { is: 'whole' } : { is: 'notTheReceipt' };
};
