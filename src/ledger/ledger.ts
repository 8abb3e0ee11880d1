import { dirname } from 'node:path';
import type { KeyvStoreAdapter } from 'keyv';
import { LedgerUnavailableError, type Errands, type Ledger, type SignIns } from '../commands/ports.js';
import type { Driver } from './driver.js';
import { errandsOn } from './errands.js';
import { standGuard, type Guard } from './guard.js';
import { ledgerOn } from './ledger-port.js';
import { LedgerRefusedError, migrate, tables } from './migrations.js';
import { openSqlite } from './sqlite.js';
import { tellUntold } from './record.js';
import { createSeal } from './seal.js';
import { signInsOn } from './sign-ins.js';
import { keepingReserve, spaceAround, type LookAtDisk } from './space.js';
import * as sql from './statements.js';
import { LedgerStore } from './store.js';
import { timeOf, type LedgerTime } from './time.js';

export type OpenLedger = {
  readonly ledger: Ledger;
  readonly errands: Errands;
  /** For one Keyv. Build it with `throwOnErrors: true`, or an outage reads as an empty memory. */
  readonly store: KeyvStoreAdapter;
  /** Of partners' users; without keys none can be kept. */
  readonly signIns: SignIns;
  /** What one replica does for all of them. On a file there is one only. */
  readonly duties: Duties;
  /** The disk is nearly full: nothing new is written down. Known to a service on a file. */
  isTight(): boolean;
  /** Empties every table. For a local reset. */
  erase(): Promise<void>;
  close(): Promise<void>;
};

export type Duties = {
  readonly areShared: boolean;
  /** Takes or keeps it for so long. No when another process has it. */
  take(name: string, holder: string, leaseMs: number): Promise<boolean>;
  leave(name: string, holder: string): Promise<void>;
};

const fileOf = (url: string): string | undefined => (url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined);

const driverFor = async (url: string): Promise<Driver> => {
  const file = fileOf(url);
  if (file !== undefined) return openSqlite(file);
  // Loaded where it is wanted: a ledger in a file starts without it.
  if (/^postgres(ql)?:\/\//.test(url)) return (await import('./postgres.js')).openPostgres(url);
  throw new Error('The ledger is either sqlite:<file> or postgres://<server>/<database>.');
};

const opened = async ({ url, machineNow, service }: LedgerOptions): Promise<Driver> => {
  const file = fileOf(url);
  let [guard, driver]: [Guard?, Driver?] = [];
  const close = async (): Promise<void> => {
    await driver?.close();
    guard?.leave();
  };
  try {
    if (service && file !== undefined) guard = standGuard(file, service.mounts);
    driver = await driverFor(url);
    await migrate(driver, machineNow());
    await tellUntold(driver);
    // Whoever held them is gone: no lease need end first.
    if (guard) await driver.write([sql.freeErrands()]);
    return { ...driver, close };
  } catch (error) {
    await close();
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
  /** Set by the one program that serves from this ledger. What only reads, copies or tries something leaves it out. */
  readonly service?: {
    /** Heard when the disk became tight, and when there was room again. */
    readonly onTight: (isTight: boolean) => void;
    readonly mounts?: () => string;
    readonly look?: LookAtDisk;
  };
};

/**
 * Opens the ledger and brings its tables up to date.
 * @throws LedgerRefusedError, with a sentence for the operator, when it cannot be opened, when another service holds its file, or
 * when a newer program has written it.
 */
export const openLedger = async (options: LedgerOptions): Promise<OpenLedger> => {
  const { url, machineNow, sealKeys = [], service } = options;
  const driver = await opened(options);
  const file = fileOf(url);
  const space = service && file !== undefined ? spaceAround(dirname(file), service.onTight, service.look) : undefined;
  const careful = space ? keepingReserve(driver, space) : driver;
  const time = await timeOf(driver, machineNow);
  return {
    ledger: ledgerOn(careful, time),
    errands: errandsOn(careful, time, driver.write),
    store: new LedgerStore(careful, time),
    signIns: signInsOn(driver, { machineNow: time.now, seal: createSeal(sealKeys) }),
    duties: dutiesOn(driver, time),
    isTight: () => space?.isTight() ?? false,
    erase: async () => void (await driver.write(tables.map((table) => ({ sql: `DELETE FROM ${table}`, params: [] })))),
    close: () => driver.close(),
  };
};

const dutiesOn = ({ dialect, write }: Driver, time: LedgerTime): Duties => ({
  areShared: dialect.clock !== undefined,
  take: async (name, holder, leaseMs) => (await write(time.exactly(time.machineNow(), (now) => sql.takeDuty(name, holder, now, leaseMs)))).length > 0,
  leave: async (name, holder) => void (await write([sql.leaveDuty(name, holder)])),
});
