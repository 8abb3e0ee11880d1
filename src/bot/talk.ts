import { createHash } from 'node:crypto';
import { BotState, type Storage, type StoreItems, type TurnContext } from 'botbuilder';
import type Keyv from 'keyv';
import type { Refusal } from '../domain/decision.js';
import type { InvitationId } from '../domain/ids.js';

/** What a chat remembers between two messages. Worthless after a day: nothing here decides anything. */
export type Talk = {
  /** The draft on the newest preview, so that "send" has something to send. */
  draft?: { readonly id: InvitationId; readonly customer: string; readonly activity?: string };
  /** What "why?" is about. */
  refusals?: readonly Refusal[];
  /** A new invitation asked for while another one is unsent. */
  next?: { readonly domain?: string; readonly tenant?: string; readonly reason: string };
  /** How often in a row nothing was understood. */
  misses?: number;
};

const dayMs = 24 * 60 * 60 * 1000;

/** Bot Framework's storage on keyv. Keys are hashed: Teams' ids are full of colons, and keyv's namespaces bleed. */
export class KeyvStorage implements Storage {
  constructor(private readonly keyv: Keyv) {}

  async read(keys: string[]): Promise<StoreItems> {
    const found = await Promise.all(keys.map(async (key) => [key, await this.keyv.get<object>(hashed(key))] as const));
    return Object.fromEntries(found.filter(([, item]) => item !== undefined));
  }

  async write(changes: StoreItems): Promise<void> {
    await Promise.all(Object.entries(changes).map(([key, item]) => this.keyv.set(hashed(key), item, dayMs)));
  }

  async delete(keys: string[]): Promise<void> {
    await Promise.all(keys.map((key) => this.keyv.delete(hashed(key))));
  }
}

const hashed = (key: string): string => createHash('sha256').update(key).digest('base64url');

/** One talk per chat and person: in a group, nobody continues somebody else's dialog. */
export class TalkState extends BotState {
  constructor(storage: Storage) {
    super(storage, async ({ activity }: TurnContext) => `talk/${activity.channelId}/${activity.conversation.id}/${activity.from.id}`);
  }
}
