/** Every statement of the ledger, in the SQL both databases speak. */
import type { Acquaintance, AuditRecord, CardCopy, ClaimedErrand, NewErrand } from '../commands/ports.js';
import type { Baseline, Comparison, Side } from '../domain/proof.js';
import { isOpen, type Answered, type Grant, type Invitation } from '../domain/invitation.js';
import type { InvitationId, PersonId, ReferenceCode, TenantId } from '../domain/ids.js';
import type { SealedNames } from './audit.js';
import type { Statement, Value } from './driver.js';

export type OneSide = { readonly partner: TenantId } | { readonly customer: TenantId };

const statement = (sql: string, ...params: readonly Value[]): Statement => ({ sql, params });
const guarded = (sql: string, ...params: readonly Value[]): Statement => ({ sql, params, expects: 1 });
const json = (value: unknown): string => JSON.stringify(value);
const ms = (date: Date): number => date.getTime();

const openStates = `('sent', 'delivered', 'awaitingAuthority')`;

// ---- invitations ------------------------------------------------------------------------------------------------

/** Whether its relationship may still appear at Microsoft. */
const isAwaited = (invitation: Invitation): boolean =>
  isOpen(invitation) || (['declined', 'expired', 'cancelled'].includes(invitation.state) && !('foundLateAt' in invitation && invitation.foundLateAt));

const standing = (invitation: Invitation): readonly Value[] => [
  invitation.state, invitation.version,
  'sentAt' in invitation ? invitation.sentAt : null, 'expiresAt' in invitation ? invitation.expiresAt : null,
  Number(isAwaited(invitation)), json(invitation),
];

export const insertInvitation = (invitation: Invitation): Statement => {
  const { id, reference, kind, cloud, partner, customer, inviter, createdAt } = invitation;
  return guarded(
    `INSERT INTO invitation (id, reference, kind, cloud, partner, customer, inviter, created_at, state, version, sent_at, expires_at, is_awaited, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id, reference, kind, cloud, partner.tenant, customer.tenant, inviter.id, createdAt, ...standing(invitation),
  );
};

/** Only over the version that was read. */
export const updateInvitation = (before: Invitation, after: Invitation): Statement => guarded(
  'UPDATE invitation SET state = ?, version = ?, sent_at = ?, expires_at = ?, is_awaited = ?, body = ? WHERE id = ? AND version = ?',
  ...standing(after), before.id, before.version,
);

export const insertDecision = (invitation: InvitationId, { answer, by, at }: Answered): Statement =>
  guarded('INSERT INTO decision (invitation, answer, person, at) VALUES (?, ?, ?, ?)', invitation, answer, by.id, at);

export const insertGrant = (grant: Grant): Statement => statement(
  'INSERT INTO grant_seen (partner, customer, kind, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  grant.partner, grant.customer, grant.kind, json(grant),
);

export const invitationById = (id: InvitationId): Statement => statement('SELECT body FROM invitation WHERE id = ?', id);
export const invitationByReference = (reference: ReferenceCode): Statement => statement('SELECT body FROM invitation WHERE reference = ?', reference);
export const openBetween = (partner: TenantId, customer: TenantId): Statement =>
  statement(`SELECT body FROM invitation WHERE partner = ? AND customer = ? AND state IN ${openStates}`, partner, customer);

export const invitationsOf = (side: OneSide, only: 'open' | 'all', limit: number): Statement => {
  // A partner also sees what Microsoft refused to send; for the customer it never existed.
  const [whose, seen] = 'partner' in side ? ['partner', `state NOT IN ('draft', 'superseded')`] : ['customer', 'sent_at IS NOT NULL'];
  return statement(
    `SELECT body FROM invitation WHERE ${whose} = ? AND ${only === 'open' ? `state IN ${openStates}` : seen}
     ORDER BY COALESCE(sent_at, created_at) DESC, id LIMIT ?`,
    'partner' in side ? side.partner : side.customer, limit,
  );
};

export const draftsOf = (inviter: PersonId, partner: TenantId, customer: TenantId): Statement => statement(
  `SELECT body FROM invitation WHERE partner = ? AND customer = ? AND inviter = ? AND state = 'draft' ORDER BY created_at, id`, partner, customer, inviter,
);

/** Of several to one customer only the newest: what appears now did not come of an older one. */
export const awaited = (partner: TenantId): Statement => statement(
  `SELECT body FROM invitation AS mine WHERE partner = ? AND is_awaited = 1 AND NOT EXISTS (
     SELECT 1 FROM invitation AS newer
     WHERE newer.partner = mine.partner AND newer.customer = mine.customer AND newer.kind = mine.kind AND newer.sent_at > mine.sent_at)
   ORDER BY sent_at, id`, partner,
);

export const overdue = (now: Date, limit: number): Statement => statement(
  `SELECT body FROM invitation WHERE state IN ${openStates} AND expires_at <= ? ORDER BY expires_at, id LIMIT ?`, now.toISOString(), limit,
);

export const grantsOf = (side: OneSide): Statement =>
  'partner' in side
    ? statement('SELECT body FROM grant_seen WHERE partner = ? ORDER BY customer, kind', side.partner)
    : statement('SELECT body FROM grant_seen WHERE customer = ? ORDER BY partner, kind', side.customer);

// ---- the audit --------------------------------------------------------------------------------------------------

export const headOfChain = (chain: string): Statement => statement('SELECT seq, hash FROM audit WHERE chain = ? ORDER BY seq DESC LIMIT 1', chain);
export const appendAudit = ({ chain, seq, at, event, body, previous, hash }: Omit<AuditRecord, 'names'>, names: SealedNames): Statement => guarded(
  'INSERT INTO audit (chain, seq, at, event, body, names, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  chain, seq, at, event, body, json(names), previous, hash,
);
export const wholeChain = (chain: string): Statement =>
  statement('SELECT chain, seq, at, event, body, names, previous, hash FROM audit WHERE chain = ? ORDER BY seq', chain);

// ---- people, cards, proofs --------------------------------------------------------------------------------------

export const personById = (tenant: TenantId, person: PersonId): Statement => statement('SELECT body FROM person WHERE tenant = ? AND person = ?', tenant, person);
export const peopleOf = (tenant: TenantId): Statement => statement('SELECT body FROM person WHERE tenant = ? ORDER BY person', tenant);
export const putPerson = (acquaintance: Acquaintance): Statement => statement(
  'INSERT INTO person (tenant, person, body) VALUES (?, ?, ?) ON CONFLICT (tenant, person) DO UPDATE SET body = excluded.body',
  acquaintance.tenant, acquaintance.person, json(acquaintance),
);

export const copiesOf = (invitation: InvitationId): Statement => statement(
  'SELECT invitation, tenant, person, conversation, activity FROM card_copy WHERE invitation = ? ORDER BY tenant, person, conversation, activity', invitation,
);
export const insertCopy = ({ invitation, conversation, activity, tenant, person }: CardCopy): Statement => statement(
  'INSERT INTO card_copy (invitation, conversation, activity, tenant, person) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  invitation, conversation, activity, tenant, person,
);
export const deleteCopy = ({ invitation, conversation, activity }: CardCopy): Statement =>
  statement('DELETE FROM card_copy WHERE invitation = ? AND conversation = ? AND activity = ?', invitation, conversation, activity);

export const proofOf = (invitation: InvitationId, side: Side): Statement =>
  statement('SELECT baseline, comparison FROM proof WHERE invitation = ? AND side = ?', invitation, side);
export const insertBaseline = (invitation: InvitationId, side: Side, baseline: Baseline): Statement =>
  statement('INSERT INTO proof (invitation, side, baseline) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', invitation, side, json(baseline));
export const putComparison = (invitation: InvitationId, side: Side, comparison: Comparison): Statement => statement(
  `INSERT INTO proof (invitation, side, comparison) VALUES (?, ?, ?)
   ON CONFLICT (invitation, side) DO UPDATE SET comparison = excluded.comparison, baseline = NULL`, invitation, side, json(comparison),
);

// ---- errands ----------------------------------------------------------------------------------------------------

export const insertErrand = ({ topic, key, lane, invitation, body, dueAt }: NewErrand, now: Date): Statement => statement(
  `INSERT INTO errand (errand_key, topic, lane, invitation, body, due_ms, state, attempt) VALUES (?, ?, ?, ?, ?, ?, 'waiting', 0) ON CONFLICT DO NOTHING`,
  key, topic, lane, invitation ?? null, json(body), ms(dueAt ?? now),
);

/**
 * One of a lane at a time: the oldest that is due or is being tried again. One planned for later lets others pass.
 * @NOTE `head` is read lane by lane and `due` by id alone (hence `NOT IN`, which fits no partial index): a plan that joins
 * row by row takes seconds when a burst meets the statistics of an idle day.
 */
export const claimErrands = (now: Date, limit: number, leaseSeconds: number, skipLocked: string): Statement => statement(
  `WITH head AS MATERIALIZED (
     SELECT MIN(CASE WHEN attempt > 0 OR due_ms <= ? THEN id END) AS id
     FROM errand WHERE state = 'waiting' GROUP BY lane HAVING COALESCE(MAX(leased_until_ms), 0) <= ?),
   due AS (
     SELECT id FROM errand
     WHERE id IN (SELECT id FROM head) AND state NOT IN ('done', 'dead') AND due_ms <= ? AND COALESCE(leased_until_ms, 0) <= ?
     ORDER BY id LIMIT ? ${skipLocked})
   UPDATE errand SET attempt = attempt + 1, leased_until_ms = ? WHERE id IN (SELECT id FROM due)
   RETURNING id, errand_key, topic, lane, invitation, body, attempt`,
  ms(now), ms(now), ms(now), ms(now), limit, ms(now) + leaseSeconds * 1000,
);

const ifStillMine = `WHERE id = ? AND attempt = ? AND state = 'waiting'`;
export const finishErrand = ({ id, attempt }: ClaimedErrand): Statement =>
  statement(`UPDATE errand SET state = 'done', leased_until_ms = NULL ${ifStillMine}`, id, attempt);
export const delayErrand = ({ id, attempt }: ClaimedErrand, reason: string, again: Date): Statement =>
  statement(`UPDATE errand SET due_ms = ?, reason = ?, leased_until_ms = NULL ${ifStillMine}`, ms(again), reason, id, attempt);
export const buryErrand = ({ id, attempt }: ClaimedErrand, reason: string): Statement =>
  statement(`UPDATE errand SET state = 'dead', reason = ?, leased_until_ms = NULL ${ifStillMine}`, reason, id, attempt);

export const deadLettersOf = (invitation: InvitationId): Statement =>
  statement(`SELECT topic, body, reason FROM errand WHERE invitation = ? AND state = 'dead' ORDER BY id`, invitation);
export const freeErrands = (): Statement => statement(`UPDATE errand SET leased_until_ms = NULL WHERE state = 'waiting' AND leased_until_ms IS NOT NULL`);
export const errandDepth = (now: Date): Statement => statement(
  `SELECT (SELECT COUNT(*) FROM errand WHERE state = 'waiting') AS waiting,
          (SELECT COUNT(*) FROM errand WHERE state = 'dead') AS dead,
          (SELECT MIN(due_ms) FROM errand WHERE state = 'waiting' AND due_ms <= ?) AS oldest`, ms(now),
);

// ---- what may be lost -------------------------------------------------------------------------------------------

export const readKv = (id: string, now: Date): Statement =>
  statement('SELECT value FROM kv WHERE id = ? AND (expires_ms IS NULL OR expires_ms > ?)', id, ms(now));
export const putKv = (id: string, space: string, value: string, expiresMs: number | null): Statement => statement(
  `INSERT INTO kv (id, space, value, expires_ms) VALUES (?, ?, ?, ?)
   ON CONFLICT (id) DO UPDATE SET value = excluded.value, expires_ms = excluded.expires_ms`, id, space, value, expiresMs,
);
export const deleteKv = (id: string): Statement => statement('DELETE FROM kv WHERE id = ? RETURNING id', id);
export const sweepKv = (now: Date): Statement => statement('DELETE FROM kv WHERE expires_ms <= ?', ms(now));
export const clearKv = (space: string): Statement => statement('DELETE FROM kv WHERE space = ?', space);
