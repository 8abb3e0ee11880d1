/** Delegated administration (GDAP): what a partner may ask for, for how long, and where a relationship stands at Microsoft. */
import type { Instant } from './facts.js';
import type { TenantId } from './ids.js';

/** Microsoft Entra built-in roles that may be asked for, by template id. Custom roles cannot be delegated (MP-53). */
export const entraRoles = {
  globalAdministrator: '62e90394-69f5-4237-9190-012177145e10',
  directoryReaders: '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
  globalReader: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
  serviceSupportAdministrator: 'f023fd81-a637-4b56-95fd-791ac0226033',
  helpdeskAdministrator: '729827e3-9c14-49f7-bb1b-9608f156bbb8',
  userAdministrator: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
  licenseAdministrator: '4d6ac14f-3453-41d0-bef9-a3e0c569773a',
  exchangeAdministrator: '29232cdf-9323-42fd-ade2-1d097af3e4de',
  sharePointAdministrator: 'f28a1f50-f6e7-4571-818b-6a12f2af6b6c',
  teamsAdministrator: '69091246-20e8-4a56-aa4d-066075b2a7a8',
  securityReader: '5d6b6bb7-de71-4623-b4af-96380a352509',
  billingAdministrator: 'b0f54661-2d74-4c50-afa3-1ec803f12efe',
} as const;

export type EntraRole = keyof typeof entraRoles;

export const entraRoleNames = Object.keys(entraRoles) as readonly EntraRole[];

const byTemplate = new Map<string, EntraRole>(entraRoleNames.map((name) => [entraRoles[name], name]));
export const entraRoleOf = (template: string): EntraRole | undefined => byTemplate.get(template.toLowerCase());

/** Least privilege as data: what each kind of work needs and no more. Azure needs directory reading only; the rest comes with the subscription (MP-30). */
export const accessTemplates = {
  licencesAndSupport: ['directoryReaders', 'licenseAdministrator', 'serviceSupportAdministrator'],
  office365Operations: ['globalReader', 'userAdministrator', 'exchangeAdministrator', 'sharePointAdministrator', 'teamsAdministrator', 'serviceSupportAdministrator'],
  azureSubscription: ['directoryReaders'],
} as const satisfies Record<string, readonly EntraRole[]>;

export type AccessTemplate = keyof typeof accessTemplates;
export const accessTemplateNames = Object.keys(accessTemplates) as readonly AccessTemplate[];

/** Roles that can give themselves more, or reach everybody: marked on every card. */
export const isPowerful = (role: EntraRole): boolean => role === 'globalAdministrator' || role === 'userAdministrator';
export const asksForEverything = (roles: readonly string[]): boolean => roles.some((role) => entraRoleOf(role) === 'globalAdministrator');

export const longestDays = 730;
export const longestName = 50;
export const offeredDays = [90, 180, 365, 730] as const;

/** What the customer is asked to delegate. All of it is approved, or nothing (MP-59). */
export type DelegatedAsk = {
  /** Unique among all of the partner's relationships, at most 50 characters; the customer reads it at Microsoft too. */
  readonly name: string;
  /** Entra role template ids. */
  readonly roles: readonly string[];
  readonly days: number;
  readonly autoExtends: boolean;
  /** Why so much, where Global Administrator is among the roles. */
  readonly roleReason?: string;
};

export const delegatedStatuses = [
  'created', 'approvalPending', 'approved', 'activating', 'active', 'expiring', 'expired', 'terminationRequested', 'terminating', 'terminated',
] as const;
/** `unknown`: a value Microsoft added since; it is taken neither for active nor for ended. */
export type DelegatedStatus = (typeof delegatedStatuses)[number] | 'unknown';

/** One relationship as Microsoft shows it to the partner. */
export type DelegatedAdmin = {
  /** Two GUIDs joined by a dash. */
  readonly id: string;
  readonly customer: TenantId;
  readonly name: string;
  /** Entra role template ids. */
  readonly roles: readonly string[];
  readonly status: DelegatedStatus;
  /** Empty before activation. */
  readonly since: Instant;
  readonly until: Instant;
  readonly autoExtends: boolean;
  /** Its provider prepared it, and the reseller has not answered yet: no customer can approve it before (MP-68). */
  readonly needsOurConsent?: true;
  /** The indirect provider that prepared it for this partner. */
  readonly preparedBy?: TenantId;
};

/** A group of the partner's own directory, to which approved roles are given. */
export type SecurityGroup = { readonly id: string; readonly name: string };

export type AccessAssignment = {
  readonly id: string;
  readonly group: string;
  readonly roles: readonly string[];
  readonly status: 'pending' | 'active' | 'deleting' | 'deleted' | 'error' | 'unknown';
};

/** Something of the partner's own that stands in the way of ending a reseller relationship (MP-76 to MP-78). */
export type Blocker = {
  readonly code: 'ACTIVE_SUBSCRIPTIONS' | 'ACTIVE_RESERVATIONS' | 'ACTIVE_SOFTWARE' | 'NCE_NOT_CANCELLED';
  readonly name: string;
  /** The earliest date on which it ends by itself; empty when Microsoft names none. */
  readonly until: Instant;
};
