import type { Instant } from './facts.js';

/** Who looks: the partner at its own subscriptions, or the customer at all it holds. */
export type Side = 'partner' | 'customer';

/** Keyed digests only: what a customer holds is read with its consent and never stored in the clear. */
export type Baseline = {
  readonly takenAt: Instant;
  /** Random, base64url; forgotten with the baseline. */
  readonly key: string;
  readonly subscriptions: readonly SubscriptionDigest[];
};
export type SubscriptionDigest = { readonly id: string; readonly fields: Readonly<Record<string, string>> };

export type Comparison = {
  readonly takenAt: Instant;
  readonly comparedAt: Instant;
  readonly same: number;
  readonly changed: readonly { readonly id: string; readonly fields: readonly string[] }[];
  readonly gone: number;
  readonly added: number;
};

export type Proof = { readonly baseline: Baseline; readonly comparison?: undefined } | { readonly baseline?: undefined; readonly comparison: Comparison };
