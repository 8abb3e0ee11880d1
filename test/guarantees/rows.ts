import { openPostgres } from '../../src/ledger/postgres.js';
import { openSqlite } from '../../src/ledger/sqlite.js';
import type { Row } from '../../src/ledger/driver.js';

export type Rows = ((sql: string) => Promise<readonly Row[]>) & { close(): Promise<void> };

/** Looks into a ledger from outside, beside whoever works on it. */
export const rowsAt = async (url: string): Promise<Rows> => {
  const driver = url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : openPostgres(url);
  return Object.assign((sql: string) => driver.read({ sql, params: [] }), { close: () => driver.close() });
};
