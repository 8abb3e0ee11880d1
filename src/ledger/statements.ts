/** Every statement of the ledger, in the SQL both databases speak. */
import { createHash } from 'node:crypto';
import { askedAgain, type Acquaintance, type AuditRecord, type CardCopy, type ClaimedErrand, type CustomersPage, type NewErrand } from '../commands/ports.js';
import type { CustomerLine } from '../domain/customer-standing.js';
import { fold } from '../domain/fold.js';
import type { Baseline, Comparison, Side } from '../domain/proof.js';
import { halvesOf, isEndedWithout, isOpen, isStanding, type Answered, type Grant, type Half, type Invitation, type OpenInvitation } from '../domain/invitation.js';
import type { InvitationId, PersonId, ReferenceCode, TenantId } from '../domain/ids.js';
import type { SealedNames } from './audit.js';
import type { Statement, Value } from './driver.js';
import type { LedgerTime } from './time.js';

/** One partner, one customer, or a partner with one of its customers. */
export type SideOrPair = { readonly partner: TenantId; readonly customer?: TenantId } | { readonly customer: TenantId };

const statement = (sql: string, ...params: readonly Value[]): Statement => ({ sql, params });
const guarded = (sql: string, ...params: readonly Value[]): Statement => ({ sql, params, expects: 1 });
const json = (value: unknown): string => JSON.stringify(value);
const ms = (date: Date): number => date.getTime();

const openStates = `('sent', 'delivered', 'awaitingAuthority')`;

// ---- invitations ------------------------------------------------------------------------------------------------

/** Whether its relationship may still appear at Microsoft. */
const isAwaited = (invitation: Invitation): boolean =>
  isOpen(invitation) || (isEndedWithout(invitation) && !invitation.foundLateAt);

const standing = (invitation: Invitation): readonly Value[] => [
  invitation.state, invitation.version,
  ('sentAt' in invitation && invitation.sentAt) || null, ('expiresAt' in invitation && invitation.expiresAt) || null,
  Number(isAwaited(invitation)), invitation.handedTo?.id ?? null, json(invitation),
];

export const insertInvitation = (invitation: Invitation): Statement => {
  const { id, reference, asks, cloud, partner, customer, inviter, createdAt } = invitation;
  const kind = halvesOf(asks).join('And') || 'nothing';
  return guarded(
    `INSERT INTO invitation (id, reference, kind, cloud, partner, customer, inviter, created_at, sells, manages, state, version, sent_at, expires_at, is_awaited, handed_to, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id, reference, kind, cloud, partner.tenant, customer.tenant, inviter.id, createdAt, Number(asks.sell), Number(asks.manage !== undefined), ...standing(invitation),
  );
};

/** Only over the version that was read. */
export const updateInvitation = (before: Invitation, after: Invitation): Statement => guarded(
  'UPDATE invitation SET sells = ?, manages = ?, state = ?, version = ?, sent_at = ?, expires_at = ?, is_awaited = ?, handed_to = ?, body = ? WHERE id = ? AND version = ?',
  Number(after.asks.sell), Number(after.asks.manage !== undefined), ...standing(after), before.id, before.version,
);

export const insertDecision = (invitation: InvitationId, { answer, by, at }: Answered): Statement =>
  guarded('INSERT INTO decision (invitation, answer, person, at) VALUES (?, ?, ?, ?)', invitation, answer, by.id, at);

const keyOf = ({ partner, customer, kind, relationship = '' }: Grant): readonly Value[] => [partner, customer, kind, relationship];
const standingOf = (grant: Grant): readonly Value[] => [Number(isStanding(grant)), (!grant.autoExtends && grant.until) || null, json(grant)];

/** @param isTurn it must begin to stand, or cease to, with this write */
export const putGrant = (grant: Grant, isTurn = false): Statement => (isTurn ? guarded : statement)(
  `INSERT INTO relation (partner, customer, kind, relationship, is_standing, until_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)
   ON CONFLICT (partner, customer, kind, relationship) DO UPDATE SET is_standing = excluded.is_standing, until_at = excluded.until_at, body = excluded.body
   ${isTurn ? 'WHERE relation.is_standing <> excluded.is_standing' : ''}`,
  ...keyOf(grant), ...standingOf(grant),
);

/** Only where nobody has said a word about it. */
export const insertGrant = (grant: Grant): Statement => statement(
  'INSERT INTO relation (partner, customer, kind, relationship, is_standing, until_at, body) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  ...keyOf(grant), ...standingOf(grant),
);

/** Only over the word that was read. */
export const updateGrant = (before: Grant, after: Grant): Statement => guarded(
  'UPDATE relation SET is_standing = ?, until_at = ?, body = ? WHERE partner = ? AND customer = ? AND kind = ? AND relationship = ? AND body = ?',
  ...standingOf(after), ...keyOf(before), json(before),
);

export const invitationById = (id: InvitationId): Statement => statement('SELECT body FROM invitation WHERE id = ?', id);
export const invitationByReference = (reference: ReferenceCode): Statement => statement('SELECT body FROM invitation WHERE reference = ?', reference);
export const openBetween = (partner: TenantId, customer: TenantId): Statement =>
  statement(`SELECT body FROM invitation WHERE partner = ? AND customer = ? AND state IN ${openStates}`, partner, customer);

export const invitationsOf = (side: SideOrPair, only: 'open' | 'all', limit: number): Statement => {
  // A partner also sees what Microsoft refused to send; for the customer it never existed.
  const seen = 'partner' in side ? `state NOT IN ('draft', 'superseded')` : 'sent_at IS NOT NULL';
  const whose = [...('partner' in side ? [['partner', side.partner] as const] : []), ...(side.customer === undefined ? [] : [['customer', side.customer] as const])];
  return statement(
    `SELECT body FROM invitation WHERE ${whose.map(([column]) => `${column} = ?`).join(' AND ')} AND ${only === 'open' ? `state IN ${openStates}` : seen}
     ORDER BY COALESCE(sent_at, created_at) DESC, id LIMIT ?`,
    ...whose.map(([, tenant]) => tenant), limit,
  );
};

export const draftsOf = (inviter: PersonId, partner: TenantId, customer: TenantId): Statement => statement(
  `SELECT body FROM invitation WHERE partner = ? AND customer = ? AND inviter = ? AND state = 'draft' ORDER BY created_at, id`, partner, customer, inviter,
);

export const handedOver = (partner: TenantId, person: PersonId, limit: number): Statement => statement(
  `SELECT body FROM invitation WHERE partner = ? AND state = 'draft' AND handed_to IS NOT NULL AND (handed_to = ? OR inviter = ?) ORDER BY created_at DESC, id LIMIT ?`, partner, person, person, limit,
);

/** To sell, of several to one customer only the newest that asked for it, whatever came of that one: Microsoft's link names no request. */
export const awaited = (partner: TenantId, half: Half): Statement => statement(
  `SELECT body FROM invitation AS mine WHERE partner = ? AND is_awaited = 1 AND ${half === 'manage' ? 'manages = 1' : `sells = 1 AND NOT EXISTS (
     SELECT 1 FROM invitation AS newer
     WHERE newer.partner = mine.partner AND newer.customer = mine.customer AND newer.sells = 1 AND newer.sent_at > mine.sent_at)`}
   ORDER BY sent_at DESC, id`, partner,
);

export const unansweredSince = (partner: TenantId, customer: TenantId, since: Date): Statement => statement(
  `SELECT COUNT(*) AS many FROM invitation WHERE partner = ? AND customer = ? AND sent_at >= ? AND state IN ('sent', 'delivered', 'expired', 'cancelled', 'superseded')
     AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.invitation = invitation.id)`, partner, customer, since.toISOString(),
);

/** Given once for each partner: what was there before is nobody's news. */
export const markWatched = (partner: TenantId, now: Date): Statement =>
  statement('INSERT INTO watched (partner, since) VALUES (?, ?) ON CONFLICT DO NOTHING', partner, now.toISOString());
export const watchedSince = (partner: TenantId): Statement => statement('SELECT since FROM watched WHERE partner = ?', partner);

export const readMark = (name: string): Statement => statement('SELECT value FROM mark WHERE name = ?', name);
export const putMark = (name: string, value: string): Statement =>
  statement('INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', name, value);

export const stopOf = (customer: TenantId, partner: TenantId): Statement => statement('SELECT partner FROM stop WHERE customer = ? AND partner = ?', customer, partner);
export const stopsOf = (customer: TenantId): Statement => statement('SELECT partner FROM stop WHERE customer = ? ORDER BY partner', customer);
export const putStop = ({ customer, partner, isStopped }: { readonly customer: TenantId; readonly partner: TenantId; readonly isStopped: boolean }): Statement =>
  isStopped
    ? statement('INSERT INTO stop (customer, partner) VALUES (?, ?) ON CONFLICT DO NOTHING', customer, partner)
    : statement('DELETE FROM stop WHERE customer = ? AND partner = ?', customer, partner);

export const overdue = (now: Date, limit: number, after?: OpenInvitation): Statement => statement(
  `SELECT body FROM invitation WHERE state IN ${openStates} AND expires_at <= ? ${after ? 'AND (expires_at, id) > (?, ?)' : ''} ORDER BY expires_at, id LIMIT ?`,
  now.toISOString(), ...(after ? [after.expiresAt, after.id] : []), limit,
);

export const grantsOf = (side: SideOrPair): Statement => {
  if (!('partner' in side)) return statement('SELECT body FROM relation WHERE customer = ? ORDER BY partner, kind, relationship', side.customer);
  return side.customer === undefined
    ? statement('SELECT body FROM relation WHERE partner = ? ORDER BY customer, kind, relationship', side.partner)
    : statement('SELECT body FROM relation WHERE partner = ? AND customer = ? ORDER BY kind, relationship', side.partner, side.customer);
};

export const endingBetween = (from: Date, then: Date, limit: number, after?: Grant): Statement => statement(
  `SELECT body FROM relation WHERE is_standing = 1 AND until_at >= ? AND until_at < ? ${after ? 'AND (until_at, partner, customer, kind, relationship) > (?, ?, ?, ?, ?)' : ''}
   ORDER BY until_at, partner, customer, kind, relationship LIMIT ?`,
  from.toISOString(), then.toISOString(), ...(after ? [after.until ?? '', ...keyOf(after)] : []), limit,
);

// ---- my customers -----------------------------------------------------------------------------------------------

/** Everything that says where a partner stands with one customer: its open or else newest invitation, its relations, its alias; and the line as it was told last. */
export const pairOf = (partner: TenantId, customer: TenantId): Statement => statement(
  `SELECT 'invitation' AS what, body FROM (
     SELECT body FROM invitation WHERE partner = ? AND customer = ? AND sent_at IS NOT NULL AND state <> 'superseded'
     ORDER BY CASE WHEN state IN ${openStates} THEN 0 ELSE 1 END, sent_at DESC, id LIMIT 1) AS newest
   UNION ALL SELECT 'grant', body FROM relation WHERE partner = ? AND customer = ?
   UNION ALL SELECT 'line', body FROM customer_of WHERE partner = ? AND customer = ?
   UNION ALL SELECT 'alias', alias FROM customer_of WHERE partner = ? AND customer = ? AND alias IS NOT NULL`,
  partner, customer, partner, customer, partner, customer, partner, customer,
);

/** Those who should have a line and have none. */
export const untoldPairs = (): Statement => statement(
  `SELECT partner, customer FROM invitation WHERE sent_at IS NOT NULL AND state <> 'superseded' UNION SELECT partner, customer FROM relation
   EXCEPT SELECT partner, customer FROM customer_of`,
);

const endless = '9';

/** Those that end come first, by their end; then by name. */
const sortKeyOf = ({ standing, expiresAt, endsAt, name }: CustomerLine): string =>
  `${(standing === 'waiting' ? expiresAt : endsAt) || endless} ${fold(name)}`;

export const putCustomer = (partner: TenantId, line: CustomerLine): Statement => statement(
  `INSERT INTO customer_of (partner, customer, standing, sort_key, alias, body) VALUES (?, ?, ?, ?, ?, ?)
   ON CONFLICT (partner, customer) DO UPDATE SET standing = excluded.standing, sort_key = excluded.sort_key, alias = excluded.alias, body = excluded.body`,
  partner, line.customer, line.standing, sortKeyOf(line), line.alias ?? null, json(line),
);
/** An empty alias is none. */
export const putAlias = ({ partner, customer, alias }: { readonly partner: TenantId; readonly customer: TenantId; readonly alias: string }): Statement =>
  statement('UPDATE customer_of SET alias = ? WHERE partner = ? AND customer = ?', alias || null, partner, customer);

export const clearTerms = (partner: TenantId, customer: TenantId): Statement => statement('DELETE FROM customer_term WHERE partner = ? AND customer = ?', partner, customer);
export const insertTerms = (partner: TenantId, { customer, name, domain, alias = '' }: CustomerLine): Statement => {
  const terms = termsIn(name, domain, alias);
  return statement(
    `INSERT INTO customer_term (partner, term, customer) VALUES ${terms.map(() => '(?, ?, ?)').join(', ')} ON CONFLICT DO NOTHING`,
    ...terms.flatMap((term) => [partner, term, customer]),
  );
};

/** A name is found by the beginning of any of its words; a name of signs only is found by nothing. */
const termsIn = (...texts: readonly string[]): readonly string[] => {
  const terms = texts.flatMap((text) => {
    const words = fold(text).split(' ').filter(Boolean).slice(0, 8);
    return words.map((_, at) => words.slice(at).join(' ').slice(0, 80));
  });
  return terms.length > 0 ? [...new Set(terms)] : [''];
};

const standingIs = (only: CustomersPage['only'], soon: Date): readonly [sql: string, params: readonly Value[]] => {
  if (only === 'all') return ['', []];
  if (only === 'endingSoon') return [`AND standing = 'active' AND sort_key < ?`, [soon.toISOString()]];
  return ['AND standing = ?', [only]];
};

// Above every letter in both databases' order of bytes.
const lastLetter = '\u{10ffff}';

export const customersBySearch = (partner: TenantId, { search, only, soon, skip, limit }: CustomersPage): Statement => {
  const [which, params] = standingIs(only, soon);
  const found = search === '' ? '' : 'AND customer IN (SELECT customer FROM customer_term WHERE partner = ? AND term >= ? AND term < ?)';
  return statement(
    `SELECT body FROM customer_of WHERE partner = ? ${which} ${found} ORDER BY sort_key, customer LIMIT ? OFFSET ?`,
    partner, ...params, ...(search === '' ? [] : [partner, search, `${search}${lastLetter}`]), limit, skip,
  );
};
export const customersIn = (partner: TenantId, standing: string, from: string, before: string, skip: number, limit: number): Statement => statement(
  'SELECT body FROM customer_of WHERE partner = ? AND standing = ? AND sort_key >= ? AND sort_key < ? ORDER BY sort_key, customer LIMIT ? OFFSET ?',
  partner, standing, from, before, limit, skip,
);
export const howManyIn = (partner: TenantId, standing: string, from: string, before: string): Statement => statement(
  'SELECT COUNT(*) AS many FROM customer_of WHERE partner = ? AND standing = ? AND sort_key >= ? AND sort_key < ?', partner, standing, from, before,
);

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
export const everybody = (): Statement => statement('SELECT body FROM person ORDER BY tenant, person');
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

/** An index row of PostgreSQL holds 2,704 bytes, and a key holds what somebody else wrote: the address of an event, say. */
const longestKeyBytes = 1000;
const indexable = (key: string): string => (Buffer.byteLength(key) > longestKeyBytes ? `long/${createHash('sha256').update(key).digest('hex')}` : key);

export const insertErrand = ({ topic, key, lane, invitation, body, dueAt, cause, joinsWaiting }: NewErrand, time: LedgerTime): Statement => {
  const errand = [indexable(key), topic, lane, invitation ?? null, json(body), ms(dueAt ? time.of(dueAt) : time.now()), cause ?? null] as const;
  // What is leased has begun.
  return joinsWaiting
    ? statement(
      `INSERT INTO errand (errand_key, topic, lane, invitation, body, due_ms, cause, state, attempt) SELECT ?, ?, ?, ?, ?, ?, ?, 'waiting', 0
       WHERE NOT EXISTS (SELECT 1 FROM errand WHERE lane = ? AND state = 'waiting' AND leased_until_ms IS NULL) ON CONFLICT DO NOTHING`, ...errand, lane,
    )
    : statement(`INSERT INTO errand (errand_key, topic, lane, invitation, body, due_ms, cause, state, attempt) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0) ON CONFLICT DO NOTHING`, ...errand);
};

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
   RETURNING id, errand_key, topic, lane, invitation, body, attempt, cause`,
  ms(now), ms(now), ms(now), ms(now), limit, ms(now) + leaseSeconds * 1000,
);

const ifStillMine = `WHERE id = ? AND attempt = ? AND state = 'waiting'`;
export const holdErrand = ({ id, attempt }: ClaimedErrand, now: Date, leaseSeconds: number): Statement =>
  statement(`UPDATE errand SET leased_until_ms = ? ${ifStillMine}`, ms(now) + leaseSeconds * 1000, id, attempt);
/** What may be asked for again leaves its key to the next one. */
const keyLeft = ({ topic, key, id }: ClaimedErrand): readonly [sql: string, params: readonly Value[]] => (askedAgain.includes(topic) ? [', errand_key = ?', [`${key}/${id}`]] : ['', []]);
export const finishErrand = (errand: ClaimedErrand): Statement => {
  const [freed, params] = keyLeft(errand);
  return statement(`UPDATE errand SET state = 'done', leased_until_ms = NULL${freed} ${ifStillMine}`, ...params, errand.id, errand.attempt);
};
export const buryErrand = (errand: ClaimedErrand, reason: string): Statement => {
  const [freed, params] = keyLeft(errand);
  return statement(`UPDATE errand SET state = 'dead', reason = ?, leased_until_ms = NULL${freed} ${ifStillMine}`, reason, ...params, errand.id, errand.attempt);
};
export const delayErrand = ({ id, attempt, body }: ClaimedErrand, reason: string, again: Date): Statement =>
  statement(`UPDATE errand SET due_ms = ?, reason = ?, body = ?, leased_until_ms = NULL ${ifStillMine}`, ms(again), reason, json(body), id, attempt);

export const deadLettersOf = (invitation: InvitationId): Statement =>
  statement(`SELECT topic, body, reason FROM errand WHERE invitation = ? AND state = 'dead' ORDER BY id`, invitation);
export const freeErrands = (): Statement => statement(`UPDATE errand SET leased_until_ms = NULL WHERE state = 'waiting' AND leased_until_ms IS NOT NULL`);
export const errandDepth = (now: Date): Statement => statement(
  `SELECT (SELECT COUNT(*) FROM errand WHERE state = 'waiting') AS waiting,
          (SELECT COUNT(*) FROM errand WHERE state = 'dead') AS dead,
          (SELECT COUNT(*) FROM errand WHERE state = 'waiting' AND due_ms <= ?) AS due,
          (SELECT MIN(due_ms) FROM errand WHERE state = 'waiting' AND due_ms <= ?) AS oldest`, ms(now), ms(now),
);

// ---- what one replica does for all ------------------------------------------------------------------------------

export const takeDuty = (name: string, holder: string, now: Date, leaseMs: number): Statement => statement(
  `INSERT INTO duty (name, holder, until_ms) VALUES (?, ?, ?)
   ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms WHERE duty.holder = excluded.holder OR duty.until_ms <= ?
   RETURNING holder`,
  name, holder, ms(now) + leaseMs, ms(now),
);
export const leaveDuty = (name: string, holder: string): Statement => statement('DELETE FROM duty WHERE name = ? AND holder = ?', name, holder);

// ---- the partners' own users ------------------------------------------------------------------------------------

export const keepSignIn = (partner: TenantId, sealed: string, now: Date): Statement => statement(
  `INSERT INTO sign_in (partner, version, sealed, signed_in_at, renewed_at) VALUES (?, 1, ?, ?, ?)
   ON CONFLICT (partner) DO UPDATE SET version = sign_in.version + 1, sealed = excluded.sealed, signed_in_at = excluded.signed_in_at,
     renewed_at = excluded.renewed_at, refused = NULL, refused_ms = NULL`,
  partner, sealed, now.toISOString(), now.toISOString(),
);
export const leaseSignIn = (partner: TenantId, holder: string, now: Date, leaseMs: number): Statement => statement(
  `UPDATE sign_in SET holder = ?, leased_until_ms = ? WHERE partner = ? AND COALESCE(leased_until_ms, 0) <= ? RETURNING version, sealed, refused, refused_ms`,
  holder, ms(now) + leaseMs, partner, ms(now),
);
/** Changes nothing when somebody kept a newer one meanwhile. */
export const renewSignIn = (partner: TenantId, version: number, sealed: string, now: Date): Statement => statement(
  'UPDATE sign_in SET version = version + 1, sealed = ?, renewed_at = ?, refused = NULL, refused_ms = NULL WHERE partner = ? AND version = ?',
  sealed, now.toISOString(), partner, version,
);
export const freeSignIn = (partner: TenantId, holder: string): Statement =>
  statement('UPDATE sign_in SET holder = NULL, leased_until_ms = NULL WHERE partner = ? AND holder = ?', partner, holder);
/** Changes nothing either: the newer one may be good. */
export const refuseSignIn = (partner: TenantId, version: number, code: string, now: Date): Statement =>
  statement('UPDATE sign_in SET refused = ?, refused_ms = ? WHERE partner = ? AND version = ?', code, ms(now), partner, version);
export const signInOf = (partner: TenantId): Statement => statement('SELECT partner FROM sign_in WHERE partner = ?', partner);
export const everySignIn = (): Statement => statement('SELECT partner, signed_in_at, renewed_at, refused FROM sign_in ORDER BY partner');

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
