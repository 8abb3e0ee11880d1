import { type Activity, CloudAdapter, type InvokeResponse, type TurnContext } from 'botbuilder';
import { BotFrameworkAuthentication, ClaimsIdentity, UserTokenClient } from 'botframework-connector';
import type { Connectors } from './connector.js';

export type TurnLogic = (context: TurnContext) => Promise<void>;

/** The SDK's idea of the cloud, reduced to what is left of it: where clients come from. */
class GateAuthentication extends BotFrameworkAuthentication {
  constructor(private readonly connectors: Connectors) {
    super();
  }

  override async authenticateRequest(): Promise<never> {
    throw new Error('The gate has verified the token; the SDK must not be asked.');
  }

  override authenticateStreamingRequest(): Promise<never> {
    return this.authenticateRequest();
  }

  override createConnectorFactory(): Connectors {
    return this.connectors;
  }

  /** Nobody signs in here: a call on this client is a mistake and fails as one. */
  override async createUserTokenClient(): Promise<UserTokenClient> {
    return Object.create(UserTokenClient.prototype) as UserTokenClient;
  }
}

/** Runs turns that the gate has let in, and never authenticates anybody itself. */
export class GateAdapter extends CloudAdapter {
  constructor(private readonly connectors: Connectors, private readonly appId: string) {
    super(new GateAuthentication(connectors));
  }

  /** @returns what the logic answered to an invoke; whatever the logic throws comes through. */
  run(activity: Activity, logic: TurnLogic): Promise<InvokeResponse | undefined> {
    const claimsIdentity = new ClaimsIdentity([{ type: 'aud', value: this.appId }], true);
    return this.processActivity({ audience: this.appId, claimsIdentity, connectorFactory: this.connectors }, activity, logic);
  }
}
