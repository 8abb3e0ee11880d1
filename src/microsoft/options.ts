import type { SignIns } from '../commands/ports.js';
import type { Cloud, PartnerType } from '../domain/facts.js';
import type { PersonId, TenantId } from '../domain/ids.js';
import type { AllowedCall } from './allowed-calls.js';
import type { Trace } from './trace.js';

/** A registration, and how it shows the login service that it is itself: by a secret, or by a proof made for one token endpoint. */
export type App = {
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Signed with the app's certificate or by its managed identity; preferred to a secret. */
  readonly assertion?: (tokenEndpoint: string) => Promise<string>;
};

/** Base addresses of one cloud, without a slash at the end. */
export type Places = { readonly partnerCenterUrl: string; readonly graphUrl: string; readonly loginUrl: string };

/** A partner of this deployment: its registration in its own tenant, and which of its groups are which agents. */
export type PartnerAccount = App & {
  readonly tenant: TenantId;
  readonly type: PartnerType;
  /** Left out: the deployment's. */
  readonly cloud?: Cloud;
  /**
   * Of the dedicated user who signed in with a second factor: a token that never changes (the sandbox's), or `kept`, which is
   * whatever the sign-in page kept last. Without it only what an app alone may read can be read.
   */
  readonly refreshToken?: string;
  readonly user?: 'kept';
  /** Ids, never display names: a name can be imitated. */
  readonly groups: { readonly adminAgents: string; readonly salesAgents?: string; readonly helpdeskAgents?: string };
  /** How many calls a minute Partner Center takes from us for this partner; 400 when left out. */
  readonly callsAMinute?: number;
};

/** What one request was, without ids, names or bodies. `status` is missing when no answer came. */
export type CallRecord = {
  readonly operation: string;
  readonly method: AllowedCall['method'];
  readonly path: string;
  readonly status?: number;
  readonly ms: number;
  /** What Microsoft's support asks for. */
  readonly correlationId: string;
};

export type MicrosoftOptions = Places & {
  /** Where partners of another cloud are asked. */
  readonly otherClouds?: Readonly<Partial<Record<Cloud, Places>>>;
  readonly accounts: readonly PartnerAccount[];
  /** The app to which customers consent; it reads in their tenants. */
  readonly directoryApp: App;
  /** Where the refresh tokens of signed-in users are; needed as soon as one account says `kept`. */
  readonly signIns?: SignIns;
  /** Directory roles (template ids) that a person's own sign-in showed within the last minutes. */
  readonly signedInRoles?: (tenant: TenantId, person: PersonId) => Promise<{ readonly roles: readonly string[]; readonly isGuest: boolean; readonly name: string } | undefined>;
  /** Origins on which Microsoft's own invitation page may live. */
  readonly allowedLinkOrigins: readonly string[];
  /** The page on which a customer's admin approves delegated administration; Microsoft's own for the commercial cloud when left out. */
  readonly delegatedAdminLink?: (relationship: string) => string;
  readonly machineNow: () => Date;
  readonly guid: () => string;
  /** Which errand a call belongs to; a turn's calls stand each for itself. */
  readonly trace?: Trace;
  readonly onCall?: (record: CallRecord) => void;
  /** For one try; 3 s when left out. */
  readonly tryMs?: number;
  /** For one call with all its tries and its token; 6 s when left out. */
  readonly wholeMs?: number;
  /** How often a locked request is looked at until it waits for approval, 200 ms when left out, and for how long, 4 s. */
  readonly pollMs?: number;
  readonly pollForMs?: number;
  /** 0 to 1, spreads repeated tries. */
  readonly random?: () => number;
};
