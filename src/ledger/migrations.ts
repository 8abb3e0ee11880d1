import { StaleLedgerError } from '../commands/ports.js';
import type { Dialect, Driver, Statement } from './driver.js';

export type Migration = {
  /** The oldest tables whose program works with these, too. */
  readonly worksFrom: number;
  readonly sql: (dialect: Dialect) => readonly string[];
};

/**
 * Forward only: what has been released is never edited, a change is a new entry at the end. Times ending in `_ms` are the
 * database's own (`time.ts`).
 *
 * While replicas are replaced one by one, the program before works on the tables after. So an entry only adds: tables, indexes
 * that are not unique, columns that may be empty or have a default. What the program no longer uses goes one release later, with
 * a `worksFrom` of the entry with which it ceased to be used. An entry that breaks this says its own number, and the service
 * must stand still for it.
 */
export const migrations: readonly Migration[] = [
  { worksFrom: 1, sql: ({ identity }) => [
    `CREATE TABLE invitation (
       id TEXT PRIMARY KEY, reference TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, cloud TEXT NOT NULL,
       partner TEXT NOT NULL, customer TEXT NOT NULL, inviter TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL,
       created_at TEXT NOT NULL, sent_at TEXT, expires_at TEXT, is_awaited INTEGER NOT NULL, body TEXT NOT NULL)`,
    // MP-31: at most one open invitation.
    `CREATE UNIQUE INDEX one_open_invitation ON invitation (partner, customer, kind, cloud)
       WHERE state IN ('sent', 'delivered', 'awaitingAuthority')`,
    `CREATE INDEX invitation_of_pair ON invitation (partner, customer)`,
    `CREATE INDEX invitation_of_customer ON invitation (customer)`,
    `CREATE INDEX invitation_awaited ON invitation (partner) WHERE is_awaited = 1`,
    `CREATE INDEX invitation_expiring ON invitation (expires_at) WHERE state IN ('sent', 'delivered', 'awaitingAuthority')`,
    // One answer, for ever.
    `CREATE TABLE decision (
       invitation TEXT PRIMARY KEY REFERENCES invitation (id), answer TEXT NOT NULL, person TEXT NOT NULL, at TEXT NOT NULL)`,
    `CREATE TABLE grant_seen (
       partner TEXT NOT NULL, customer TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (partner, customer, kind))`,
    `CREATE INDEX grant_of_customer ON grant_seen (customer)`,
    `CREATE TABLE audit (
       chain TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, event TEXT NOT NULL, body TEXT NOT NULL, names TEXT NOT NULL,
       previous TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (chain, seq))`,
    `CREATE TABLE person (tenant TEXT NOT NULL, person TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (tenant, person))`,
    `CREATE TABLE card_copy (
       invitation TEXT NOT NULL, conversation TEXT NOT NULL, activity TEXT NOT NULL, tenant TEXT NOT NULL, person TEXT NOT NULL,
       PRIMARY KEY (invitation, conversation, activity))`,
    `CREATE TABLE proof (invitation TEXT NOT NULL, side TEXT NOT NULL, baseline TEXT, comparison TEXT, PRIMARY KEY (invitation, side))`,
    `CREATE TABLE errand (
       id ${identity}, errand_key TEXT NOT NULL UNIQUE, topic TEXT NOT NULL, lane TEXT NOT NULL, invitation TEXT, body TEXT NOT NULL,
       state TEXT NOT NULL, due_ms BIGINT NOT NULL, leased_until_ms BIGINT, attempt INTEGER NOT NULL, reason TEXT)`,
    `CREATE INDEX errand_waiting ON errand (lane, id) WHERE state = 'waiting'`,
    `CREATE INDEX errand_dead ON errand (invitation) WHERE state = 'dead'`,
    `CREATE TABLE kv (id TEXT PRIMARY KEY, space TEXT NOT NULL, value TEXT NOT NULL, expires_ms BIGINT)`,
    `CREATE INDEX kv_space ON kv (space)`,
    `CREATE INDEX kv_expiring ON kv (expires_ms) WHERE expires_ms IS NOT NULL`,
  ] },
  { worksFrom: 2, sql: ({ byteOrder }) => [
    // An invitation asks for one half or for both, and each half is asked for once (MP-29, MP-31).
    `ALTER TABLE invitation ADD COLUMN sells INTEGER NOT NULL DEFAULT 1`,
    `ALTER TABLE invitation ADD COLUMN manages INTEGER NOT NULL DEFAULT 0`,
    `DROP INDEX one_open_invitation`,
    `CREATE UNIQUE INDEX one_open_to_sell ON invitation (partner, customer, cloud)
       WHERE sells = 1 AND state IN ('sent', 'delivered', 'awaitingAuthority')`,
    `CREATE UNIQUE INDEX one_open_to_manage ON invitation (partner, customer, cloud)
       WHERE manages = 1 AND state IN ('sent', 'delivered', 'awaitingAuthority')`,
    // Several delegated administrations between two tenants are normal (MP-34).
    `CREATE TABLE relation (
       partner TEXT NOT NULL, customer TEXT NOT NULL, kind TEXT NOT NULL, relationship TEXT NOT NULL, is_standing INTEGER NOT NULL,
       until_at TEXT, body TEXT NOT NULL, PRIMARY KEY (partner, customer, kind, relationship))`,
    `INSERT INTO relation (partner, customer, kind, relationship, is_standing, body) SELECT partner, customer, kind, '', 1, body FROM grant_seen`,
    `DROP TABLE grant_seen`,
    `CREATE INDEX relation_of_customer ON relation (customer)`,
    `CREATE INDEX relation_ending ON relation (until_at) WHERE is_standing = 1 AND until_at IS NOT NULL`,
    `CREATE TABLE stop (customer TEXT NOT NULL, partner TEXT NOT NULL, PRIMARY KEY (customer, partner))`,
    `CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL)`,
    `CREATE TABLE watched (partner TEXT PRIMARY KEY, since TEXT NOT NULL)`,
    // What "my customers" reads: made from invitations and relations whenever one of them changes.
    `CREATE TABLE customer_of (
       partner TEXT NOT NULL, customer TEXT NOT NULL, standing TEXT NOT NULL, sort_key TEXT ${byteOrder} NOT NULL, alias TEXT, body TEXT NOT NULL,
       PRIMARY KEY (partner, customer))`,
    `CREATE INDEX customer_by_urgency ON customer_of (partner, standing, sort_key, customer)`,
    `CREATE TABLE customer_term (partner TEXT NOT NULL, term TEXT ${byteOrder} NOT NULL, customer TEXT NOT NULL, PRIMARY KEY (partner, term, customer))`,
    `CREATE INDEX term_of_customer ON customer_term (partner, customer)`,
  ] },
  { worksFrom: 3, sql: () => [
    // Refresh tokens of partners' users, sealed; leased while one is redeemed.
    `CREATE TABLE sign_in (
       partner TEXT PRIMARY KEY, version INTEGER NOT NULL, sealed TEXT NOT NULL, signed_in_at TEXT NOT NULL, renewed_at TEXT NOT NULL,
       refused TEXT, refused_ms BIGINT, holder TEXT, leased_until_ms BIGINT)`,
  ] },
  // The trace context of what caused an errand; nothing when nobody traces.
  { worksFrom: 4, sql: () => [`ALTER TABLE errand ADD COLUMN cause TEXT`] },
  { worksFrom: 5, sql: () => [
    // Read by programs that are older than the ledger, from this one on.
    `ALTER TABLE migration ADD COLUMN works_from INTEGER`,
  ] },
  // What one replica does for all of them.
  { worksFrom: 5, sql: () => [`CREATE TABLE duty (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until_ms BIGINT NOT NULL)`] },
  { worksFrom: 5, sql: () => [
    // Whoever is to finish a draft that somebody else began.
    `ALTER TABLE invitation ADD COLUMN handed_to TEXT`,
    `CREATE INDEX draft_handed_over ON invitation (partner) WHERE state = 'draft' AND handed_to IS NOT NULL`,
  ] },
];

/** Emptied by a reset, in an order that no foreign key minds. */
export const tables = ['decision', 'invitation', 'relation', 'stop', 'watched', 'mark', 'customer_of', 'customer_term', 'audit', 'person', 'card_copy', 'proof', 'errand', 'kv', 'sign_in'] as const;

/** The ledger cannot be used as it is; the message says what the operator can do. */
export class LedgerRefusedError extends Error {
  override readonly name = 'LedgerRefusedError';
}

const worksFromKnown = 5;
const statement = (sql: string, ...params: Statement['params']): Statement => ({ sql, params, isSlow: true });

/**
 * Brings the tables up to date. Several programs may start at once: each step is taken by one of them. A ledger that is ahead
 * of this program is left as it is, and used when its tables say that they still fit.
 * @throws LedgerRefusedError when they do not.
 */
export const migrate = async ({ dialect, read, write }: Driver, now: Date, known: readonly Migration[] = migrations): Promise<void> => {
  const alone = dialect.lock('migration').map(({ sql, params }) => statement(sql, ...params));
  for (;;) {
    const [latest] = await write([
      ...alone,
      statement('CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL)'),
      statement('SELECT COALESCE(MAX(version), 0) AS version FROM migration'),
    ]);
    const version = Number(latest?.['version']);
    if (version > known.length) {
      const [newest] = await read(statement('SELECT COALESCE(works_from, version) AS oldest FROM migration ORDER BY version DESC LIMIT 1'));
      return assertWorks(version, Number(newest?.['oldest']), known.length);
    }
    const next = known[version];
    if (!next) return;
    try {
      await write([
        ...alone,
        statement('INSERT INTO migration (version, applied_at) VALUES (?, ?)', version + 1, now.toISOString()),
        ...next.sql(dialect).map((sql) => statement(sql)),
        ...(version + 1 >= worksFromKnown ? [statement('UPDATE migration SET works_from = ? WHERE version = ?', next.worksFrom, version + 1)] : []),
      ]);
    } catch (error) {
      // Another program has just taken this step.
      if (!(error instanceof StaleLedgerError)) throw error;
    }
  }
};

const assertWorks = (version: number, oldest: number, own: number): void => {
  if (oldest <= own) return;
  throw new LedgerRefusedError(
    `The ledger was written by a newer version of this program (tables ${version}, which need a program that knows ${oldest}; this one knows ${own}). Start that version, or restore a backup made before it.`,
  );
};
