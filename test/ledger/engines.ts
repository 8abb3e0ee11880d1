import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { databasesIn, secretsIn } from '../helpers/secrets.js';

/** A fresh, empty place for one ledger, and how to leave it: with no secret of these tests to be read in what was kept there. */
export type Place = { readonly url: string; readonly leave: () => Promise<void> };

export const sqlitePlace = async (): Promise<Place & { readonly file: string; readonly folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  const file = join(folder, 'data', 'ledger.sqlite');
  const leave = async (): Promise<void> => {
    const kept = databasesIn(join(folder, 'data'));
    await rm(folder, { recursive: true, force: true });
    keptNoSecret(kept);
  };
  return { url: `sqlite:${file}`, file, folder, leave };
};

const keptNoSecret = (kept: string): void => {
  const readable = secretsIn(kept);
  if (readable.length > 0) throw new Error(`Readable in the database: ${readable.join(', ')}.`);
};

export const postgresServer = process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';

const onServer = async <Row extends pg.QueryResultRow>(sql: string): Promise<readonly Row[]> => {
  const client = new pg.Client({ connectionString: postgresServer, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
};

export const inSchema = (server: string, schema: string): string => {
  const url = new URL(server);
  url.searchParams.set('options', `-c search_path=${schema}`);
  url.searchParams.set('application_name', schema);
  return url.href;
};

/** Every row of every table of a schema, as text. */
const rowsIn = async (schema: string): Promise<string> => {
  const tables = await onServer<{ name: string }>(`SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = '${schema}'`);
  const rows = await Promise.all(tables.map(({ name }) => onServer<{ row: string }>(`SELECT kept::text AS row FROM ${schema}.${name} AS kept`)));
  return rows.flat().map(({ row }) => row).join('\n');
};

/** Its own schema; nothing when no server answers. */
export const postgresPlace = async (): Promise<(Place & { readonly schema: string }) | undefined> => {
  const schema = `ledger_test_${randomBytes(6).toString('hex')}`;
  try {
    await onServer(`CREATE SCHEMA ${schema}`);
  } catch (error) {
    // A server that was named must answer; the usual one need not be there.
    if (process.env['TEST_DATABASE_URL']) throw error;
    return undefined;
  }
  const leave = async (): Promise<void> => {
    const kept = await rowsIn(schema);
    await onServer(`DROP SCHEMA ${schema} CASCADE`);
    keptNoSecret(kept);
  };
  return { url: inSchema(postgresServer, schema), schema, leave };
};
