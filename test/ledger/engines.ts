import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A fresh, empty place for one ledger, and how to leave it. */
export type Place = { readonly url: string; readonly leave: () => Promise<void> };

export const sqlitePlace = async (): Promise<Place & { readonly file: string; readonly folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  const file = join(folder, 'data', 'ledger.sqlite');
  return { url: `sqlite:${file}`, file, folder, leave: () => rm(folder, { recursive: true, force: true }) };
};

export const postgresServer = process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';

const onServer = async (sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: postgresServer, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(sql);
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
  return { url: inSchema(postgresServer, schema), schema, leave: () => onServer(`DROP SCHEMA ${schema} CASCADE`) };
};
