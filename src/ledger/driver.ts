/** What the ledger needs from a database: read rows, and write a batch in one transaction or not at all. */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

export type Statement = {
  /** Common to both databases, with `?` for each parameter. */
  readonly sql: string;
  readonly params: readonly Value[];
  /** How many rows it must change or return; any other number undoes the whole batch. */
  readonly expects?: number;
  /** A change of tables: its whole batch may take minutes. */
  readonly isSlow?: true;
};

/** A statement, or those made from the rows of the statement before it. Pure: a batch may be run again. */
export type Step = Statement | ((rows: readonly Row[]) => readonly Statement[]);

export const statementsOf = (step: Step, rows: readonly Row[]): readonly Statement[] => (typeof step === 'function' ? step(rows) : [step]);

/** `mayBeLost`: whether a crash of the machine may take it, which spares waiting for the disk. A crash of the program never does. */
export type Writing = { readonly mayBeLost: boolean };

/** The few words in which the databases differ. */
export type Dialect = {
  /** A primary key that counts by itself. */
  readonly identity: string;
  readonly skipLocked: string;
  /** Makes a column of text sort by its bytes, whatever the database's language. */
  readonly byteOrder: string;
  /** Makes transactions that name the same thing wait for each other. */
  readonly lock: (name: string) => readonly Statement[];
  /** Gives the server's time as `now_ms`; on a file there is no other than the machine's. */
  readonly clock?: Statement;
};

/** Every method throws LedgerUnavailableError while the storage is away, and works again by itself when it is back. */
export interface Driver {
  readonly dialect: Dialect;
  read(statement: Statement): Promise<readonly Row[]>;
  /**
   * @returns the rows of the last statement.
   * @throws StaleLedgerError when `expects` or a unique constraint says that somebody else was first; nothing was kept.
   */
  write(batch: readonly Step[], how?: Writing): Promise<readonly Row[]>;
  close(): Promise<void>;
}

const maxTries = 5;

/** Runs it again, after a short random wait, while others are in the way. */
export const withRetries = async <Outcome>(act: () => Outcome | Promise<Outcome>, isInTheWay: (error: unknown) => boolean): Promise<Outcome> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (tries === maxTries || !isInTheWay(error)) throw error;
      await pause(randomInt(1, 10 * 2 ** tries));
    }
  }
};

/** PostgreSQL refuses a NUL in text and libsql cuts the text there: both see the replacement character instead. */
export const withoutNul = (value: Value): Value => (typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value);
