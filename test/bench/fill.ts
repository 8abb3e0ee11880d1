import { createHash } from 'node:crypto';
import Database from 'libsql';
import { happened } from '../../src/commands/audit.js';
import { lineOf } from '../../src/domain/customer-standing.js';
import type { Grant, InState } from '../../src/domain/invitation.js';
import { asDomainName, asInvitationId, asPersonId, asTenantId, newReferenceCode } from '../../src/domain/ids.js';
import { linked, sealed } from '../../src/ledger/audit.js';
import type { Statement } from '../../src/ledger/driver.js';
import { appendAudit, insertDecision, insertInvitation, insertTerms, putCustomer, putGrant } from '../../src/ledger/statements.js';
import { agents, partners } from './world.js';

const alphabet = 'bcdfghjklmnpqrstvwxz';
/** A code of its own for each number, spread as random ones are: 24 letters, six places. */
const referenceOf = (at: number): ReturnType<typeof newReferenceCode> => {
  let left = Number((BigInt(at) * 48_271n) % BigInt(24 ** 6));
  return newReferenceCode(() => {
    const digit = left % 24;
    left = Math.floor(left / 24);
    return digit;
  });
};
/** A word that no other number has the beginning of. */
export const wordOf = (at: number): string => [...createHash('sha256').update(String(at)).digest()].slice(0, 8).map((byte) => alphabet[byte % alphabet.length]).join('');

const day = 86_400_000;

/** One invitation as it stands years later: approved, confirmed by Microsoft, ended; with every row that the product would have written. */
const statementsOf = (at: number, partnerAt: number, now: number): readonly Statement[] => {
  const id = asInvitationId(`f0000000-0000-4000-8000-${String(at).padStart(12, '0')}`);
  const [partner, customer] = [asTenantId(partners[partnerAt] ?? ''), asTenantId(`f1111111-0000-4000-8000-${String(at).padStart(12, '0')}`)];
  const agent = agents[partnerAt] ?? agents[0]!;
  const admin = { id: asPersonId(`f2222222-0000-4000-8000-${String(at).padStart(12, '0')}`), name: `Admin ${at}` };
  const name = `${wordOf(at)} stored`;
  const instant = (days: number): string => new Date(now - days * day).toISOString();
  const established: InState<'established'> = {
    id, reference: referenceOf(at), asks: { sell: true }, cloud: 'commercial',
    partner: { tenant: partner, name: `Partner ${partnerAt}`, domain: asDomainName(`partner-${partnerAt}.com`) }, customer: { tenant: customer, name, domain: asDomainName(`${wordOf(at)}-${at}.com`) },
    inviter: { id: asPersonId(agent.id), name: agent.name, mail: `agent@partner-${partnerAt}.com` }, reason: 'Azure backup', statedNotCsp: true, createdAt: instant(401), version: 5,
    state: 'established', sentAt: instant(400), expiresAt: instant(310), link: 'https://admin.microsoft.com/', openedAt: instant(399), establishedAt: instant(398),
    answer: { answer: 'approved', by: admin, at: instant(399) }, seen: { sell: instant(398) },
  };
  const grant: Grant = { kind: 'reseller', partner, customer, customerName: name, seenAt: instant(398), origin: 'invitation', invitation: id, ended: { at: instant(30), how: 'removed' } };
  const line = lineOf(customer, established, [grant]);
  let head: { seq: number; hash: string } | undefined;
  const audit = (['InvitationDrafted', 'InvitationSent', 'InvitationDelivered', 'InvitationApproved', 'RelationshipEstablished'] as const).map((event, step) => {
    const names = sealed({ by: step === 3 ? admin.name : agent.name });
    const record = linked(happened(event, established, new Date(now - (401 - step) * day), { facts: { by: step === 3 ? admin.id : agent.id } }), names, head);
    head = record;
    return appendAudit(record, names);
  });
  return [insertInvitation(established), insertDecision(id, established.answer!), putGrant(grant), ...audit, insertTerms(partner, line), putCustomer(partner, line)];
};

/**
 * Fills a ledger that nobody has open, through the ledger's own statements in one transaction.
 * @param partnerOf to which partner each number belongs
 */
export const fill = (databaseUrl: string, many: number, partnerOf: (at: number) => number, from = 0): void => {
  const db = new Database(databaseUrl.slice('sqlite:'.length));
  const prepared = new Map<string, ReturnType<typeof db.prepare>>();
  const now = Date.now();
  db.exec('PRAGMA journal_mode=WAL');
  db.exec('PRAGMA cache_size=-400000');
  db.exec('BEGIN IMMEDIATE');
  for (let at = from; at < from + many; at += 1) {
    for (const { sql, params } of statementsOf(at, partnerOf(at), now)) {
      const statement = prepared.get(sql) ?? db.prepare(sql);
      prepared.set(sql, statement);
      statement.run([...params]);
    }
  }
  db.exec('COMMIT');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
};
