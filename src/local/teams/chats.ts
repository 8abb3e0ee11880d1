import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';

export type Message = {
  readonly id: string;
  readonly from: 'bot' | 'person';
  readonly at: string;
  readonly text?: string;
  readonly textFormat?: string;
  readonly attachments?: readonly { readonly contentType: string; readonly content: unknown }[];
  readonly summary?: string;
  /** The language in which the bot wrote it. */
  readonly locale?: string;
  readonly updatedAt?: string;
  /** A short sentence the bot answered to a press. */
  readonly note?: string;
  /** Counts up with every change. */
  readonly version: number;
};

export type Chat = { readonly isInstalled: boolean; readonly isTyping: boolean; readonly messages: readonly Message[] };

/** The chats as Teams would keep them: they outlive a restart of the bot. One file, every change written before it is shown. */
export class Chats {
  private readonly db: Database.Database;
  private readonly listeners = new Set<(person: string) => void>();

  constructor(file: string) {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    this.db = new Database(file);
    this.db.exec('PRAGMA journal_mode=WAL');
    this.db.exec('CREATE TABLE IF NOT EXISTS app (person TEXT PRIMARY KEY, is_installed INTEGER NOT NULL)');
    this.db.exec('CREATE TABLE IF NOT EXISTS message (person TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, UNIQUE (person, id))');
  }

  isNew(): boolean {
    return this.db.prepare('SELECT 1 FROM app LIMIT 1').all().length === 0;
  }

  isInstalled(person: string): boolean {
    const [row] = this.db.prepare('SELECT is_installed FROM app WHERE person = ?').all(person) as { is_installed: number }[];
    return row?.is_installed === 1;
  }

  setInstalled(person: string, isInstalled: boolean): void {
    this.db.prepare('INSERT INTO app (person, is_installed) VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET is_installed = excluded.is_installed').run(person, isInstalled ? 1 : 0);
    this.changed(person);
  }

  messages(person: string): readonly Message[] {
    const rows = this.db.prepare('SELECT body FROM message WHERE person = ? ORDER BY seq').all(person) as { body: string }[];
    return rows.map(({ body }) => JSON.parse(body) as Message);
  }

  message(person: string, id: string): Message | undefined {
    const [row] = this.db.prepare('SELECT body FROM message WHERE person = ? AND id = ?').all(person, id) as { body: string }[];
    return row && (JSON.parse(row.body) as Message);
  }

  keep(person: string, message: Omit<Message, 'version'>): void {
    const version = (this.message(person, message.id)?.version ?? 0) + 1;
    this.db
      .prepare('INSERT INTO message (person, id, body) VALUES (?, ?, ?) ON CONFLICT (person, id) DO UPDATE SET body = excluded.body')
      .run(person, message.id, JSON.stringify({ ...message, version }));
    this.changed(person);
  }

  remove(person: string, id: string): void {
    this.db.prepare('DELETE FROM message WHERE person = ? AND id = ?').run(person, id);
    this.changed(person);
  }

  onChange(listener: (person: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed(person: string): void {
    for (const listener of this.listeners) listener(person);
  }

  reset(): void {
    this.db.exec('DELETE FROM message');
    this.db.exec('DELETE FROM app');
    this.changed('');
  }

  close(): void {
    this.db.close();
  }
}
