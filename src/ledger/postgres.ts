import pg from 'pg';
import { LedgerUnavailableError, StaleLedgerError } from '../commands/ports.js';
import { statementsOf, withoutNul, withRetries, type Dialect, type Driver, type Row, type Statement, type Step, type Writing } from './driver.js';

const dialect: Dialect = {
  identity: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  skipLocked: 'FOR UPDATE SKIP LOCKED',
  byteOrder: 'COLLATE "C"',
  lock: (name) => [{ sql: 'SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', params: [name] }],
  clock: { sql: 'SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT) AS now_ms', params: [] },
};

const codeOf = (error: unknown): string => (error instanceof pg.DatabaseError ? (error.code ?? '') : '');
const isDuplicate = (error: unknown): boolean => codeOf(error) === '23505';
const isConflict = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error));
// Connection, login, resources, operator (also a statement that took too long), disk, and a server that only reads.
const isStorageTrouble = (error: unknown): boolean => /^(08|28|3D|53|57|58)|^25006$/.test(codeOf(error));
// What comes from the socket or the pool is no DatabaseError.
const isOutage = (error: unknown): boolean => !(error instanceof pg.DatabaseError || error instanceof TypeError || error instanceof StaleLedgerError);

const translated = (error: unknown): unknown => {
  if (error instanceof StaleLedgerError) return error;
  if (isDuplicate(error) || isConflict(error)) return new StaleLedgerError({ cause: error });
  return isStorageTrouble(error) || isOutage(error) ? new LedgerUnavailableError({ cause: error }) : error;
};

const numberedForms = new Map<string, string>();
/** `?` as `$1`, `$2`, … */
const numbered = (sql: string): string => {
  const known = numberedForms.get(sql);
  if (known !== undefined) return known;
  let count = 0;
  const form = sql.replaceAll('?', () => `$${(count += 1)}`);
  numberedForms.set(sql, form);
  return form;
};

const slowMs = 600_000;

const run = async (on: pg.Pool | pg.PoolClient, { sql, params, expects, isSlow }: Statement): Promise<readonly Row[]> => {
  const { rows, rowCount } = await on.query<Row>({ text: numbered(sql), values: params.map(withoutNul), ...(isSlow && { query_timeout: slowMs }) });
  if (expects !== undefined && rowCount !== expects) throw new StaleLedgerError();
  return rows;
};

const transaction = async (pool: pg.Pool, batch: readonly Step[], { mayBeLost }: Writing): Promise<readonly Row[]> => {
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED${mayBeLost ? '; SET LOCAL synchronous_commit = off' : ''}`);
    if (batch.some((step) => 'isSlow' in step)) await client.query('SET LOCAL statement_timeout = 0');
    let rows: readonly Row[] = [];
    for (const step of batch) for (const statement of statementsOf(step, rows)) rows = await run(client, statement);
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    // Where no answer came, none would come to this either.
    isBroken = isOutage(error) || !(await client.query('ROLLBACK').then(() => true, () => false));
    throw error;
  } finally {
    client.release(isBroken);
  }
};

const patiently = async <Outcome>(act: () => Promise<Outcome>): Promise<Outcome> => {
  try {
    return await withRetries(act, isConflict);
  } catch (error) {
    throw translated(error);
  }
};

const bigint = pg.types.builtins.INT8;

/** A ledger on a PostgreSQL server, shared by as many processes as there are. */
export const openPostgres = (url: string): Driver => {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    // A server that is gone says so; one that is only silent is given up sooner than Teams gives up a turn.
    connectionTimeoutMillis: 3000,
    statement_timeout: 4000,
    query_timeout: 4500,
    keepAlive: true,
    idle_in_transaction_session_timeout: 10_000,
    // Counts and milliseconds stay far below 2^53.
    types: { getTypeParser: ((oid, format): unknown => (oid === bigint ? Number : pg.types.getTypeParser(oid, format))) satisfies typeof pg.types.getTypeParser },
  });
  // A connection that dies, idle or in use, is reported to whoever uses it next; unheard it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    dialect,
    read: (statement) => patiently(() => run(pool, statement)),
    write: (batch, how = { mayBeLost: false }) => patiently(() => transaction(pool, batch, how)),
    close: () => pool.end(),
  };
};
