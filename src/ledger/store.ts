import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { KeyvStoreAdapter, StoredData } from 'keyv';
import type { Driver } from './driver.js';
import * as sql from './statements.js';
import type { LedgerTime } from './time.js';

const sweepEveryMs = 60_000;

/**
 * Keyv's store on the ledger's database, for what may be lost. Keys are hashed together with the namespace, because keyv
 * joins the two with a colon and they bleed.
 */
export class LedgerStore extends EventEmitter implements KeyvStoreAdapter {
  readonly opts = {};
  private space = '';
  private sweepAt = 0;

  constructor(private readonly driver: Driver, private readonly time: Pick<LedgerTime, 'now'>) {
    super();
  }

  get namespace(): string {
    return this.space;
  }

  /** Keyv writes its namespace into its store: with two of them, one would read and clear what belongs to the other. */
  set namespace(namespace: string | undefined) {
    if (this.space !== '' && this.space !== namespace) throw new Error('One store serves one namespace: open another store for another Keyv.');
    this.space = namespace ?? '';
  }

  async get<Value>(key: string): Promise<StoredData<Value> | undefined> {
    const [row] = await this.driver.read(sql.readKv(this.idOf(key), this.time.now()));
    return row?.['value'] as StoredData<Value> | undefined;
  }

  /** @param ttl milliseconds; left out, the value stays. With no time left, it is as if it had already gone. */
  async set(key: string, value: string, ttl?: number): Promise<void> {
    const now = this.time.now();
    const expiresMs = ttl === undefined ? null : Math.round(now.getTime() + ttl);
    const isGone = ttl !== undefined && !(ttl > 0);
    const isDirty = now.getTime() >= this.sweepAt;
    if (isDirty) this.sweepAt = now.getTime() + sweepEveryMs;
    await this.driver.write([
      ...(isDirty ? [sql.sweepKv(now)] : []),
      isGone ? sql.deleteKv(this.idOf(key)) : sql.putKv(this.idOf(key), this.space, value, expiresMs),
    ], { mayBeLost: true });
  }

  async delete(key: string): Promise<boolean> {
    return (await this.driver.write([sql.deleteKv(this.idOf(key))])).length > 0;
  }

  /** This namespace only. */
  async clear(): Promise<void> {
    await this.driver.write([sql.clearKv(this.space)]);
  }

  private idOf(key: string): string {
    return createHash('sha256').update(JSON.stringify([this.space, key])).digest('base64url');
  }
}
