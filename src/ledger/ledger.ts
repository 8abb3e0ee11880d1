import type { KeyvStoreAdapter } from 'keyv';
import { LedgerUnavailableError, type Errands, type Ledger, type SignIns } from '../commands/ports.js';
import type { Driver } from './driver.js';
import { errandsOn } from './errands.js';
import { ledgerOn } from './ledger-port.js';
import { LedgerRefusedError, migrate, tables } from './migrations.js';
import { openPostgres } from './postgres.js';
import { openSqlite } from './sqlite.js';
import { tellUntold } from './record.js';
import { createSeal } from './seal.js';
import { signInsOn } from './sign-ins.js';
import * as sql from './statements.js';
import { LedgerStore } from './store.js';
import { timeOf } from './time.js';

export type OpenLedger = {
  readonly ledger: Ledger;
  readonly errands: Errands;
  /** For one Keyv. Build it with `throwOnErrors: true`, or an outage reads as an empty memory. */
  readonly store: KeyvStoreAdapter;
  /** Of partners' users; without keys none can be kept. */
  readonly signIns: SignIns;
  /**
   * Frees every errand that a worker before this one held, instead of waiting for its lease to end. Only for whoever knows to
   * be the only worker: on one machine, at the start.
   */
  takeOver(): Promise<void>;
  /** Empties every table. For a local reset. */
  erase(): Promise<void>;
  close(): Promise<void>;
};

const driverFor = (url: string): Driver => {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length));
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url);
  throw new Error('The ledger is either sqlite:<file> or postgres://<server>/<database>.');
};

const opened = async (url: string, now: Date): Promise<Driver> => {
  let driver: Driver | undefined;
  try {
    driver = driverFor(url);
    await migrate(driver, now);
    await tellUntold(driver);
    return driver;
  } catch (error) {
    await driver?.close();
    throw whyNot(error);
  }
};

const whyNot = (error: unknown): unknown => {
  if (!(error instanceof LedgerUnavailableError)) return error;
  const { cause } = error;
  const reason = cause instanceof Error ? cause.message || ('code' in cause && String(cause.code)) : cause;
  return new LedgerRefusedError(`The ledger cannot be opened (${String(reason)}). Check DATABASE_URL, and that its file or server can be reached and written.`, { cause });
};

export type LedgerOptions = {
  /** `sqlite:<file>`, made when it is not there, or `postgres://…`. */
  readonly url: string;
  readonly machineNow: () => Date;
  /** 32 bytes each; the first seals, all open. */
  readonly sealKeys?: readonly Buffer[];
};

/**
 * Opens the ledger and brings its tables up to date.
 * @throws LedgerRefusedError, with a sentence for the operator, when it cannot be opened or a newer program has written it.
 */
export const openLedger = async ({ url, machineNow, sealKeys = [] }: LedgerOptions): Promise<OpenLedger> => {
  const driver = await opened(url, machineNow());
  const time = await timeOf(driver, machineNow);
  return {
    ledger: ledgerOn(driver, time),
    errands: errandsOn(driver, time),
    store: new LedgerStore(driver, time),
    signIns: signInsOn(driver, { machineNow: time.now, seal: createSeal(sealKeys) }),
    takeOver: async () => void (await driver.write([sql.freeErrands()])),
    erase: async () => void (await driver.write(tables.map((table) => ({ sql: `DELETE FROM ${table}`, params: [] })))),
    close: () => driver.close(),
  };
};
