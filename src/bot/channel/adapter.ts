import { BotAdapter, TurnContext } from 'botbuilder-core';
import type { Activity, ConversationReference, ResourceResponse } from 'botbuilder';
import type { Connector, Place } from './connector.js';

export type TurnLogic = (context: TurnContext) => Promise<void>;

const answerKey = Symbol('answer to an invoke');

/** Sets the body of the answer to an invoke; HTTP stays 200 whatever its `statusCode` says. */
export const answerInvoke = (context: TurnContext, body: unknown): void => void context.turnState.set(answerKey, { body });

/**
 * Runs turns that the gate has let in, and never authenticates anybody itself.
 * @NOTE The SDK's own CloudAdapter makes a connector, a client for users' tokens and two identities in each turn; nothing here asks for them.
 */
export class GateAdapter extends BotAdapter {
  constructor(private readonly connector: Connector) {
    super();
  }

  /** @returns what the logic answered to an invoke, if it did; whatever the logic throws comes through. */
  async run(activity: Activity, logic: TurnLogic): Promise<{ readonly body: unknown } | undefined> {
    const context = new TurnContext(this, activity);
    await logic(context);
    return context.turnState.get<{ readonly body: unknown } | undefined>(answerKey);
  }

  override async sendActivities(_context: TurnContext, activities: Partial<Activity>[]): Promise<ResourceResponse[]> {
    const sent: ResourceResponse[] = [];
    for (const activity of activities) sent.push(resourceIn(await this.connector.send(placeOf(activity), activity)));
    return sent;
  }

  override async updateActivity(_context: TurnContext, activity: Partial<Activity>): Promise<ResourceResponse> {
    return resourceIn(await this.connector.update(placeOf(activity), activity.id ?? '', activity));
  }

  override async deleteActivity(_context: TurnContext, { serviceUrl, conversation, activityId }: Partial<ConversationReference>): Promise<void> {
    await this.connector.remove(placeOf({ serviceUrl, conversation }), activityId ?? '');
  }

  /** What is sent without a turn goes through the channel. */
  override async continueConversation(): Promise<never> {
    throw new Error('There is no turn without an activity.');
  }
}

const placeOf = ({ serviceUrl = '', conversation }: Pick<Partial<Activity>, 'serviceUrl' | 'conversation'>): Place => ({ serviceUrl, conversation: conversation?.id ?? '' });

/** Teams may give no id: delivered, but never to be updated. */
const resourceIn = (said: unknown): ResourceResponse => (typeof said === 'object' && said !== null ? { id: '', ...said } : { id: '' });
