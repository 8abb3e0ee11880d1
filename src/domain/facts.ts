import type { DomainName, PersonId, SubscriptionId, TenantId } from './ids.js';

/** A fact may be unknown, and unknown never becomes yes or no on the way. */
export type Answer = 'yes' | 'no' | 'unknown';
export type Known<T> = T | 'unknown';

/** UTC, ISO 8601. */
export type Instant = string;

export type Cloud = 'commercial' | 'usGov' | 'china21Vianet';
/** ISO 3166-1 alpha-2, upper case. */
export type Country = string;

export type PartnerRole = 'globalAdmin' | 'userAdmin' | 'salesAgent' | 'adminAgent' | 'helpdeskAgent';
export type CustomerRole = 'globalAdmin' | 'billingAdmin' | 'user';
export type Role = PartnerRole | CustomerRole;

export type Tenant = {
  readonly id: TenantId;
  readonly name: string;
  /** The tenant's default domain. */
  readonly domain: DomainName;
  readonly cloud: Known<Cloud>;
};

/** A person as the directory of their tenant describes them in this moment. */
export type Person = {
  readonly id: PersonId;
  readonly tenant: TenantId;
  readonly name: string;
  readonly mail?: string;
  readonly roles: readonly Role[];
  /** Roles that are theirs to switch on (Privileged Identity Management), and are off in this moment: no right yet. */
  readonly eligible?: readonly Role[];
  readonly isGuest: boolean;
};

export type PartnerType = 'directBill' | 'indirectProvider' | 'indirectReseller';

export type Partner = Tenant & {
  readonly type: PartnerType;
  readonly country: Known<Country>;
  readonly hasSignedMpa: Answer;
};

export type Customer = Tenant & {
  readonly country: Known<Country>;
  readonly isCspPartner: Answer;
};

/** `microsoft` when the customer bought it from Microsoft itself. */
export type Seller = TenantId | 'microsoft' | 'unknown';

/** One subscription as one side sees it. What that side cannot see is `unknown`. */
export type Subscription = {
  readonly id: SubscriptionId;
  readonly offer: string;
  readonly soldBy: Seller;
  /** Seen on the partner's side only, and only for its own subscriptions. */
  readonly partnerOfRecord: Known<TenantId>;
  readonly quantity: number;
  readonly status: string;
  /** End of the term or the next lifecycle date; empty when Microsoft names none. */
  readonly termEnds: string;
  /** Whether it renews by itself, where this side can see it. */
  readonly autoRenew: Answer;
  readonly since?: Instant;
};
