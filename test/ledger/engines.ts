import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { secretsIn } from '../helpers/secrets.js';

/** A fresh, empty place for one ledger, and how to leave it: with no secret of these tests to be read in what was kept there. */
export type Place = { readonly url: string; readonly leave: () => Promise<void> };

export const sqlitePlace = async (): Promise<Place & { readonly file: string; readonly folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  const file = join(folder, 'data', 'ledger.sqlite');
  const url = `sqlite:${file}`;
  return { url, file, folder, leave: leaving(url, () => rm(folder, { recursive: true, force: true })) };
};

const leaving = (url: string, remove: () => Promise<unknown>) => async (): Promise<void> => {
  const readable = secretsIn(await keptIn(url));
  await remove();
  if (readable.length > 0) throw new Error(`Readable in the database: ${readable.join(', ')}.`);
};

export const postgresServer = process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';

const onServer = async <Row extends pg.QueryResultRow>(sql: string, url = postgresServer): Promise<readonly Row[]> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
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

const bytesAt = (file: string): string => {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
};
/** The log first: whoever closes the file last moves what is in it into the file. */
const bytesIn = (file: string): string => [bytesAt(`${file}-wal`), bytesAt(file)].join('\n');

const rowsIn = async (url: string): Promise<string> => {
  const tables = await onServer<{ name: string }>('SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = current_schema()', url);
  const rows = await Promise.all(tables.map(({ name }) => onServer<{ row: string }>(`SELECT kept::text AS row FROM ${name} AS kept`, url)));
  return rows.flat().map(({ row }) => row).join('\n');
};

/** All that a ledger keeps, as text: every byte of its file and write-ahead log, or every row of every table. */
export const keptIn = async (url: string): Promise<string> => (url.startsWith('sqlite:') ? bytesIn(url.slice('sqlite:'.length)) : rowsIn(url));

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
  const url = inSchema(postgresServer, schema);
  return { url, schema, leave: leaving(url, () => onServer(`DROP SCHEMA ${schema} CASCADE`)) };
};
