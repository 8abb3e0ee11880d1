import { hash } from 'node:crypto';
import type { TurnContext } from 'botbuilder';
import type { DialogState } from 'botbuilder-dialogs/lib/dialogContext.js';
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
  /** The invitation of which it was asked just now whether it is to be withdrawn, and the card that asked. */
  withdrawal?: { readonly id: InvitationId; readonly activity: string };
  /** How often in a row nothing was understood. */
  misses?: number;
};

/** A talk, and where the dialog in it stands. */
export type Chat = {
  readonly talk: Talk;
  readonly steps: DialogState;
  /** Writes what changed; nothing, when nothing did. */
  save(): Promise<void>;
};

const dayMs = 24 * 60 * 60 * 1000;

/**
 * One talk per chat and person: in a group, nobody continues somebody else's dialog. Keys are hashed: Teams' ids are full of
 * colons, and keyv's namespaces bleed.
 * @NOTE In place of the SDK's BotState, which writes a talk out twice with a replacer of its own to see whether it changed.
 */
export const chatsIn = (keyv: Keyv) => async ({ activity }: TurnContext): Promise<Chat> => {
  const key = hash('sha256', `chat/${activity.channelId}/${activity.conversation.id}/${activity.from.id}`, 'base64url');
  const { talk = {}, steps = { dialogStack: [] } } = (await keyv.get<Partial<Pick<Chat, 'talk' | 'steps'>>>(key)) ?? {};
  const written = (): string => JSON.stringify([talk, steps]);
  const before = written();
  return {
    talk, steps,
    save: async () => {
      if (written() !== before) await keyv.set(key, { talk, steps }, dayMs);
    },
  };
};
