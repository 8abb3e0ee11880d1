import { closeSync, fdatasync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import Database from 'libsql';
import { LedgerUnavailableError, StaleLedgerError } from '../commands/ports.js';
import { statementsOf, withoutNul, withRetries, type Dialect, type Driver, type Row, type Statement, type Step, type Writing } from './driver.js';

// BEGIN IMMEDIATE lets one writer in at a time: nothing else needs a lock.
const dialect: Dialect = { identity: 'INTEGER PRIMARY KEY AUTOINCREMENT', skipLocked: '', byteOrder: '', lock: () => [] };

const codeOf = (error: unknown): string => (error instanceof Database.SqliteError ? String(error.code) : '');
const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
const isDuplicate = (error: unknown): boolean => /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)/.test(codeOf(error));
const isStorageTrouble = (error: unknown): boolean =>
  /^SQLITE_(FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PROTOCOL|PERM)/.test(codeOf(error))
  // What libsql throws when it cannot open the file carries no code.
  || (error instanceof Error && error.message.startsWith('ConnectionFailed'));

type Prepared = { readonly statement: ReturnType<Database.Database['prepare']>; readonly isReader: boolean };
type Rows = readonly Row[];
type Batch = readonly Step[];
type Waiting = { readonly batch: Batch; readonly mayBeLost: boolean; readonly resolve: (rows: Rows) => void; readonly reject: (error: unknown) => void };

const anotherRound = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const toDisk = promisify(fdatasync);

/** One connection to one file. `file` tells that file from another one put at the same path. */
const connect = (path: string, file: string, busyTimeoutMs: number) => {
  const db = new Database(path, { timeout: busyTimeoutMs });
  const prepared = new Map<string, Prepared>();
  try {
    for (const setting of ['journal_mode=WAL', 'synchronous=NORMAL', 'foreign_keys=ON']) db.exec(`PRAGMA ${setting}`);
  } catch (error) {
    db.close();
    throw error;
  }

  const prepare = (sql: string): Prepared => {
    const known = prepared.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    const fresh = { statement, isReader: statement.reader };
    prepared.set(sql, fresh);
    return fresh;
  };

  const run = ({ sql, params, expects }: Statement): Rows => {
    const { statement, isReader } = prepare(sql);
    const values = params.map(withoutNul);
    // `run` would leave a statement that returns rows open, and no transaction could commit after it.
    const rows = isReader ? (statement.all(values) as Row[]) : undefined;
    const count = rows ? rows.length : statement.run(values).changes;
    if (expects !== undefined && count !== expects) throw new StaleLedgerError();
    return rows ?? [];
  };

  const runAll = (batch: Batch): Rows => {
    let rows: Rows = [];
    for (const step of batch) for (const statement of statementsOf(step, rows)) rows = run(statement);
    return rows;
  };

  /** All of them in one transaction, or none. A crash of the program does not take it; one of the machine may, until `flush`. */
  const transaction = (batches: readonly Batch[]): readonly Rows[] => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const outcomes = batches.map(runAll);
      db.exec('COMMIT');
      return outcomes;
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };

  let log: number | undefined;
  /**
   * Ends when all that was committed is on the disk. SQLite's own flush (`synchronous=FULL`) would hold the event loop meanwhile;
   * with NORMAL it flushes what keeps the file whole, and its log, which is written in order, is flushed here. It holds no lock on
   * the log that closing this could let go of.
   */
  const flush = (): Promise<void> => {
    log ??= openSync(`${realpathSync(path)}-wal`, 'r+');
    return toDisk(log);
  };

  const close = (): void => {
    db.close();
    if (log !== undefined) closeSync(log);
    log = undefined;
  };

  return { file, run, transaction, flush, close };
};

/**
 * A ledger in one file of one machine, made when it is not there yet. Later on a missing file is an outage: a new, empty
 * ledger would have forgotten every decision.
 * @param busyTimeoutMs how long one try waits for another process; there are five tries, and between them other turns run.
 */
export const openSqlite = (path: string, { busyTimeoutMs = 1000 } = {}): Driver => {
  let connection: ReturnType<typeof connect> | undefined;
  const close = (): void => {
    connection?.close();
    connection = undefined;
  };

  let isSeen = false;
  /** SQLite goes on with a file that was deleted; what it acknowledges then is lost. So the file is looked at, once in a round of the event loop. */
  const connected = () => {
    if (connection && isSeen) return connection;
    const { dev, ino } = statSync(path);
    isSeen = true;
    setImmediate(() => { isSeen = false; });
    const file = `${dev}/${ino}`;
    if (connection?.file !== file) {
      close();
      connection = connect(path, file, busyTimeoutMs);
    }
    return connection;
  };

  const translated = (error: unknown): unknown => {
    if (isDuplicate(error)) return new StaleLedgerError({ cause: error });
    if (isBusy(error)) return new LedgerUnavailableError({ cause: error });
    const isFileTrouble = error instanceof Error && 'syscall' in error;
    if (!isFileTrouble && !isStorageTrouble(error)) return error;
    if (!isFileTrouble) close();
    return new LedgerUnavailableError({ cause: error });
  };

  const patiently = async <Outcome>(act: () => Outcome): Promise<Outcome> => {
    try {
      return await withRetries(act, isBusy);
    } catch (error) {
      throw translated(error);
    }
  };

  /** Set while something committed is not on the disk yet: nobody is told of it before, and nobody reads it. */
  let flushing: Promise<void> | undefined;
  const flushed = async (): Promise<void> => {
    try {
      await flushing;
    } catch (error) {
      // What the disk holds now only a new connection can tell.
      close();
      throw new LedgerUnavailableError({ cause: error });
    } finally {
      flushing = undefined;
    }
  };

  const waiting: Waiting[] = [];
  let isWriting = false;

  const commit = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const outcomes = await patiently(() => {
        const { transaction, flush } = connected();
        const rows = transaction(group.map(({ batch }) => batch));
        if (!group.every(({ mayBeLost }) => mayBeLost)) flushing = flush();
        return rows;
      });
      await flushed();
      group.forEach(({ resolve }, at) => resolve(outcomes[at] ?? []));
    } catch (error) {
      // Where one of them is refused the others must not pay for it. When the storage is away, it is away for all.
      if (group.length > 1 && !(error instanceof LedgerUnavailableError)) for (const one of group) await commit([one]);
      else group.forEach(({ reject }) => reject(error));
    }
  };

  /** What turns that run at the same time write is committed and flushed together: nobody is told "written" before. */
  const commitWaiting = async (): Promise<void> => {
    while (waiting.length > 0) {
      await commit(waiting.splice(0));
      await anotherRound();
    }
    isWriting = false;
  };

  const write = (batch: Batch, { mayBeLost }: Writing = { mayBeLost: false }): Promise<Rows> =>
    new Promise((resolve, reject) => {
      waiting.push({ batch, mayBeLost, resolve, reject });
      if (isWriting) return;
      isWriting = true;
      setImmediate(() => void commitWaiting());
    });

  try {
    mkdirSync(dirname(path), { recursive: true });
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw translated(error);
  }
  return {
    dialect,
    read: async (statement) => {
      const read = async (): Promise<Rows> => {
        while (flushing) await flushing.catch(() => undefined);
        return connected().run(statement);
      };
      try {
        return await read();
      } catch {
        return patiently(read);
      }
    },
    write,
    close: async () => {
      while (isWriting) await anotherRound();
      close();
    },
  };
};
