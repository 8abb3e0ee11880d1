import type { PartnerType } from '../domain/facts.js';
import type { TenantId } from '../domain/ids.js';

/** A partner of this deployment: its registration in its own tenant, and which of its groups are which agents. */
export type PartnerAccount = {
  readonly tenant: TenantId;
  readonly type: PartnerType;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Of the dedicated user who signed in with a second factor. Without it only what an app alone may read can be read. */
  readonly refreshToken?: string;
  /** Ids, never display names: a name can be imitated. */
  readonly groups: { readonly adminAgents: string; readonly salesAgents?: string; readonly helpdeskAgents?: string };
};

/** What one request was, without ids, names or bodies. `status` is missing when no answer came. */
export type CallRecord = {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  readonly ms: number;
};

export type MicrosoftOptions = {
  /** Base addresses without a slash at the end. */
  readonly partnerCenterUrl: string;
  readonly graphUrl: string;
  readonly loginUrl: string;
  readonly accounts: readonly PartnerAccount[];
  /** The app to which customers consent; it reads in their tenants. */
  readonly directoryApp: { readonly clientId: string; readonly clientSecret: string };
  /** Origins on which Microsoft's own invitation page may live. */
  readonly allowedLinkOrigins: readonly string[];
  /** The page on which a customer's admin approves delegated administration; Microsoft's own for the commercial cloud when left out. */
  readonly delegatedAdminLink?: (relationship: string) => string;
  readonly machineNow: () => Date;
  readonly guid: () => string;
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
