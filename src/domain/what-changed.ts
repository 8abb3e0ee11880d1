import type { Subscription } from './facts.js';
import type { RuleId } from './rule.js';

/** What of a subscription the four promises are about, and which promise covers it. */
export const promisedFields = {
  offer: 'MP-01', quantity: 'MP-01', status: 'MP-01', autoRenew: 'MP-01', soldBy: 'MP-02', termEnds: 'MP-03', partnerOfRecord: 'MP-04',
} as const satisfies Partial<Record<keyof Subscription, RuleId>>;

export type PromisedField = keyof typeof promisedFields;

export const fieldsOf = (subscription: Subscription): Readonly<Record<PromisedField, string>> => ({
  offer: subscription.offer,
  quantity: String(subscription.quantity),
  status: subscription.status,
  autoRenew: subscription.autoRenew,
  soldBy: subscription.soldBy,
  termEnds: subscription.termEnds,
  partnerOfRecord: subscription.partnerOfRecord,
});

/** A subscription by its id and its fields; the values may be digests, they are only compared. */
export type Held = { readonly id: string; readonly fields: Readonly<Record<string, string>> };

export type Changes = {
  readonly same: number;
  readonly changed: readonly { readonly id: string; readonly fields: readonly string[] }[];
  readonly gone: number;
  readonly added: number;
};

/** Compares one by one. What is new is no change of what existed. */
export const whatChanged = (before: readonly Held[], after: readonly Held[]): Changes => {
  const then = new Map(before.map((held) => [held.id, held.fields]));
  const now = new Set(after.map(({ id }) => id));
  const kept = after.flatMap(({ id, fields }) => {
    const earlier = then.get(id);
    return earlier ? [{ id, fields: Object.keys(earlier).filter((field) => earlier[field] !== fields[field]) }] : [];
  });
  const changed = kept.filter(({ fields }) => fields.length > 0);
  return { same: kept.length - changed.length, changed, gone: before.filter(({ id }) => !now.has(id)).length, added: after.length - kept.length };
};
