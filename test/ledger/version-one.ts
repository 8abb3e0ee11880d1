import { openPostgres } from '../../src/ledger/postgres.js';
import { openSqlite } from '../../src/ledger/sqlite.js';
import type { Driver, Value } from '../../src/ledger/driver.js';
import type { Grant, Invitation } from '../../src/domain/invitation.js';
import { NOON } from './builders.js';

export const driverAt = (url: string): Driver => (url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : openPostgres(url));

/** The tables as the first release made them. Never to be edited: ledgers like this are out there. */
const tables = (identity: string): readonly string[] => [
  'CREATE TABLE migration (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL)',
  `CREATE TABLE invitation (
     id TEXT PRIMARY KEY, reference TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, cloud TEXT NOT NULL,
     partner TEXT NOT NULL, customer TEXT NOT NULL, inviter TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL,
     created_at TEXT NOT NULL, sent_at TEXT, expires_at TEXT, is_awaited INTEGER NOT NULL, body TEXT NOT NULL)`,
  `CREATE UNIQUE INDEX one_open_invitation ON invitation (partner, customer, kind, cloud) WHERE state IN ('sent', 'delivered', 'awaitingAuthority')`,
  'CREATE INDEX invitation_of_pair ON invitation (partner, customer)',
  'CREATE INDEX invitation_of_customer ON invitation (customer)',
  'CREATE INDEX invitation_awaited ON invitation (partner) WHERE is_awaited = 1',
  `CREATE INDEX invitation_expiring ON invitation (expires_at) WHERE state IN ('sent', 'delivered', 'awaitingAuthority')`,
  'CREATE TABLE decision (invitation TEXT PRIMARY KEY REFERENCES invitation (id), answer TEXT NOT NULL, person TEXT NOT NULL, at TEXT NOT NULL)',
  'CREATE TABLE grant_seen (partner TEXT NOT NULL, customer TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (partner, customer, kind))',
  'CREATE INDEX grant_of_customer ON grant_seen (customer)',
  `CREATE TABLE audit (
     chain TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, event TEXT NOT NULL, body TEXT NOT NULL, names TEXT NOT NULL,
     previous TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (chain, seq))`,
  'CREATE TABLE person (tenant TEXT NOT NULL, person TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (tenant, person))',
  `CREATE TABLE card_copy (
     invitation TEXT NOT NULL, conversation TEXT NOT NULL, activity TEXT NOT NULL, tenant TEXT NOT NULL, person TEXT NOT NULL,
     PRIMARY KEY (invitation, conversation, activity))`,
  'CREATE TABLE proof (invitation TEXT NOT NULL, side TEXT NOT NULL, baseline TEXT, comparison TEXT, PRIMARY KEY (invitation, side))',
  `CREATE TABLE errand (
     id ${identity}, errand_key TEXT NOT NULL UNIQUE, topic TEXT NOT NULL, lane TEXT NOT NULL, invitation TEXT, body TEXT NOT NULL,
     state TEXT NOT NULL, due_ms BIGINT NOT NULL, leased_until_ms BIGINT, attempt INTEGER NOT NULL, reason TEXT)`,
  `CREATE INDEX errand_waiting ON errand (lane, id) WHERE state = 'waiting'`,
  `CREATE INDEX errand_dead ON errand (invitation) WHERE state = 'dead'`,
  'CREATE TABLE kv (id TEXT PRIMARY KEY, space TEXT NOT NULL, value TEXT NOT NULL, expires_ms BIGINT)',
  'CREATE INDEX kv_space ON kv (space)',
  'CREATE INDEX kv_expiring ON kv (expires_ms) WHERE expires_ms IS NOT NULL',
];

/** As the first release wrote it: of a kind, and without a word about halves. */
export const asOldBody = ({ asks: _asks, ...invitation }: Invitation): Readonly<Record<string, unknown>> => ({ ...invitation, kind: 'reseller' });

/** A ledger of the first release, with these in it. */
export const versionOne = async (url: string, invitations: readonly Invitation[], grants: readonly Grant[]): Promise<void> => {
  const driver = driverAt(url);
  const statement = (sql: string, ...params: readonly Value[]) => ({ sql, params });
  await driver.write([
    ...tables(driver.dialect.identity).map((sql) => statement(sql)),
    statement('INSERT INTO migration (version, applied_at) VALUES (1, ?)', NOON.toISOString()),
    ...invitations.map((invitation) => statement(
      `INSERT INTO invitation (id, reference, kind, cloud, partner, customer, inviter, state, version, created_at, sent_at, expires_at, is_awaited, body)
       VALUES (?, ?, 'reseller', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      invitation.id, invitation.reference, invitation.cloud, invitation.partner.tenant, invitation.customer.tenant, invitation.inviter.id, invitation.state, invitation.version,
      invitation.createdAt, ('sentAt' in invitation && invitation.sentAt) || null, ('expiresAt' in invitation && invitation.expiresAt) || null,
      Number(invitation.state === 'sent'), JSON.stringify(asOldBody(invitation)),
    )),
    ...grants.map((grant) => statement('INSERT INTO grant_seen (partner, customer, kind, body) VALUES (?, ?, ?, ?)', grant.partner, grant.customer, grant.kind, JSON.stringify(grant))),
  ]);
  await driver.close();
};
