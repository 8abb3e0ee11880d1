import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';

type Row<Things> = { readonly kind: keyof Things & string; readonly id: string; readonly body: string };

/** Kinds of things by their ids, in one SQLite file. Reads come from memory; a change is on the disk before the call returns. */
export const openThings = <Things extends object>(file: string, kinds: readonly (keyof Things & string)[]) => {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const db = new Database(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
  db.exec('CREATE TABLE IF NOT EXISTS thing (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, id))');
  const write = db.prepare('INSERT INTO thing (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body');
  const erase = db.prepare('DELETE FROM thing WHERE kind = ? AND id = ?');
  const maps = new Map<string, Map<string, unknown>>(kinds.map((kind) => [kind, new Map()]));
  const mapOf = <K extends keyof Things & string>(kind: K): Map<string, Things[K]> => maps.get(kind) as Map<string, Things[K]>;

  return {
    all: <K extends keyof Things & string>(kind: K): ReadonlyMap<string, Things[K]> => mapOf(kind),
    get: <K extends keyof Things & string>(kind: K, id: string): Things[K] | undefined => mapOf(kind).get(id),
    put: <K extends keyof Things & string>(kind: K, id: string, thing: Things[K]): void => {
      write.run(kind, id, JSON.stringify(thing));
      mapOf(kind).set(id, thing);
    },
    drop: (kind: keyof Things & string, id: string): void => {
      erase.run(kind, id);
      mapOf(kind).delete(id);
    },
    /** What the file held at the start, oldest first; only what is kept is seen later. */
    rows: (): readonly Row<Things>[] => db.prepare('SELECT kind, id, body FROM thing ORDER BY rowid').all() as Row<Things>[],
    /** Takes a row into the memory. */
    keep: <K extends keyof Things & string>(kind: K, id: string, thing: Things[K]): void => void mapOf(kind).set(id, thing),
    clear: (): void => {
      db.exec('DELETE FROM thing');
      for (const map of maps.values()) map.clear();
    },
    inOne: (work: () => void): void => void db.transaction(work)(),
    close: (): void => void db.close(),
  };
};
