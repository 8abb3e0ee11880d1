/**
 * Loaded before the product in a test: at the point named by CRASH_AT, once an answer is being recorded, the process kills
 * itself. It listens to the databases' drivers and to undici, so the product knows nothing of it.
 */
import { subscribe } from 'node:diagnostics_channel';
import Database from 'libsql';
import pg from 'pg';

const wanted = process.env['CRASH_AT'];
/** Connections on which an answer was written: only the end of their transaction is the one that is meant. */
const recording = new WeakSet<object>();
let isRecorded = false;

const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  for (;;); // Until the signal comes.
};

/** PostgreSQL's driver takes a text, or one with its values. */
const textOf = (asked: unknown): string => String(typeof asked === 'object' && asked && 'text' in asked ? asked.text : asked);

const before = (connection: object, asked: unknown): void => {
  const sql = textOf(asked);
  if (sql.startsWith('INSERT INTO decision')) recording.add(connection);
  if (wanted === 'before-commit' && sql === 'COMMIT' && recording.has(connection)) die();
  if (wanted === 'before-mark' && sql.startsWith(`UPDATE errand SET state = 'done'`) && isRecorded) die();
};
const after = (connection: object, asked: unknown): void => {
  // On a file another's errand may be marked in the same transaction: only its end has recorded the answer.
  if (textOf(asked) !== 'COMMIT' || !recording.has(connection)) return;
  isRecorded = true;
  if (wanted === 'after-commit') die();
};

const sqlite = Database.prototype as { exec(sql: string): unknown; prepare(sql: string): { run(...params: unknown[]): unknown; all(...params: unknown[]): unknown } };
const { exec, prepare } = sqlite;
sqlite.exec = function (sql) {
  before(this, sql);
  const done = exec.call(this, sql);
  after(this, sql);
  return done;
};
sqlite.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  for (const way of ['run', 'all'] as const) {
    const act = statement[way].bind(statement);
    statement[way] = (...params) => {
      before(this, sql);
      const done = act(...params);
      after(this, sql);
      return done;
    };
  }
  return statement;
};

const server = pg.Client.prototype as unknown as { query(...asked: unknown[]): unknown };
const { query } = server;
server.query = function (...asked) {
  before(this, asked[0]);
  const done = query.apply(this, asked);
  if (done instanceof Promise) return done.then((result: unknown) => { after(this, asked[0]); return result; });
  return done;
};

const isMessage = (message: unknown): boolean => {
  const { method, path } = (message as { request: { method?: string; path?: string } }).request;
  return method === 'POST' && /\/activities$/.test(path ?? '');
};
subscribe('undici:request:create', (message) => { if (wanted === 'before-send' && isRecorded && isMessage(message)) die(); });
subscribe('undici:request:trailers', (message) => { if (wanted === 'after-send' && isRecorded && isMessage(message)) die(); });
