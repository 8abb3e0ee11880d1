import { randomUUID } from 'node:crypto';
import type { Activity } from 'botbuilder';
import { z } from 'zod';
import { MessengerUnavailableError } from '../../commands/ports.js';
import { answerInvoke, GateAdapter, type TurnLogic } from './adapter.js';
import { type AppTokenOptions, createAppToken } from './app-token.js';
import { type ConnectorOptions, createConnector } from './connector.js';

export { answerInvoke, type TurnLogic };

export type ChannelOptions = AppTokenOptions & Omit<ConnectorOptions, 'appToken'>;

/** Somebody's personal chat with the bot, as the ledger remembers it. */
export type Address = {
  readonly serviceUrl: string;
  readonly conversation: string;
  readonly tenant: string;
  /** Teams' own id, `29:…`. */
  readonly teamsUser: string;
};

/** The body of an invoke's answer. @see Universal action model, "Response format" */
export type CardAnswer = { readonly statusCode: number; readonly type: string; readonly value: unknown };

/**
 * Teams, as the rest of the bot knows it. Every send is exactly one request; it fails with `MessengerRefusedError`,
 * `MessengerUnavailableError` or `MessengerOutcomeUnknownError`, inside a turn and outside.
 */
export type Channel = {
  /**
   * Runs one verified activity. An invoke is always answered with HTTP 200 and a body, even when the logic fails.
   * @throws whatever the logic throws on other activities; on an invoke only LedgerUnavailableError
   */
  turn(activity: object, logic: TurnLogic): Promise<{ readonly status: number; readonly body?: unknown }>;
  /** @returns `activity` is empty when Teams gave no id: delivered, but never to be updated. */
  send(to: Address, activity: Partial<Activity>): Promise<{ readonly conversation: string; readonly activity: string }>;
  update(to: Address, activityId: string, activity: Partial<Activity>): Promise<void>;
  /** The personal chat with somebody who has the app; the same one however often it is asked for. */
  createPersonalChat(person: Omit<Address, 'conversation'>): Promise<{ readonly conversation: string }>;
  /** Fetches the bot's token before the first send. A failure is logged, not thrown. */
  warm(): Promise<void>;
  /** Of the bot's own token; nothing before the first. */
  tokenAgeSeconds(): number | undefined;
};

const failedAnswer: CardAnswer = {
  statusCode: 500,
  type: 'application/vnd.microsoft.error',
  value: { code: 'Failed', message: 'This did not work. Please try again in a moment.' },
};

const resourceSchema = z.looseObject({ id: z.string().default('') });

export const createChannel = (options: ChannelOptions): Channel => {
  const { appId, log } = options;
  const appToken = createAppToken(options);
  const connector = createConnector({ ...options, appToken });
  const adapter = new GateAdapter(connector);
  const bot = { id: `28:${appId}`, name: '' };

  const runInvoke = async (activity: Activity, logic: TurnLogic): Promise<unknown> => {
    try {
      const answer = await adapter.run(activity, logic);
      return answer ? answer.body : failedAnswer;
    } catch (error) {
      if (error instanceof Error && error.name === 'LedgerUnavailableError') throw error;
      log.error({ reference: randomUUID(), type: activity.type, error }, 'A card press failed.');
      return failedAnswer;
    }
  };
  const addressed = (to: Address, activity: Partial<Activity>, id?: string): Activity => ({
    type: 'message',
    ...activity,
    ...(id !== undefined && { id }),
    channelId: 'msteams',
    serviceUrl: to.serviceUrl,
    from: bot,
    recipient: { id: to.teamsUser },
    conversation: { id: to.conversation, tenantId: to.tenant, conversationType: 'personal' },
  } as Activity);

  return {
    turn: async (activity, logic) => {
      // `expectReplies` would keep the answers in memory and hand them to the caller instead of to Teams.
      const { deliveryMode: _, ...verified } = activity as unknown as Activity;
      if (verified.type === 'invoke') return { status: 200, body: await runInvoke(verified, logic) };
      await adapter.run(verified, logic);
      return { status: 200 };
    },
    send: async (to, activity) => {
      const sent = resourceSchema.safeParse(await connector.send(to, addressed(to, activity))).data;
      return { conversation: to.conversation, activity: sent?.id ?? '' };
    },
    update: async (to, activityId, activity) => void (await connector.update(to, activityId, addressed(to, activity, activityId))),
    createPersonalChat: async ({ serviceUrl, tenant, teamsUser }) => {
      const wanted = { isGroup: false, bot, members: [{ id: teamsUser }], tenantId: tenant, channelData: { tenant: { id: tenant } } };
      const made = resourceSchema.safeParse(await connector.createConversation(serviceUrl, wanted)).data;
      if (!made?.id) throw new MessengerUnavailableError();
      return { conversation: made.id };
    },
    warm: async () => {
      await appToken.current().catch(() => undefined); // already logged; the next send asks again
    },
    tokenAgeSeconds: appToken.ageSeconds,
  };
};
