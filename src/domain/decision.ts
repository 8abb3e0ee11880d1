import type { Invitation } from './invitation.js';
import type { Rule, RuleId, Verdict } from './rule.js';

/** One rule saying no. Carries what the words need, never the words. */
export type Refusal = { readonly rule: RuleId; readonly code: string; readonly about: Readonly<Record<string, string>> };
export type Refusals = readonly [Refusal, ...Refusal[]];

/** Refused is an answer, not an accident. */
export type Decision<Allowed> =
  | { readonly outcome: 'allowed'; readonly allowed: Allowed }
  | { readonly outcome: 'refused'; readonly refusals: Refusals };

declare const everyRuleWasAsked: unique symbol;

/** Only `decideInvitation` can make one: holding it is the proof that every rule was asked. */
export type InvitationAllowed = { readonly invitation: Invitation; readonly [everyRuleWasAsked]: true };

/** What one rule said, for the preview. */
export type Asked = { readonly rule: RuleId; readonly code: string; readonly verdict: Verdict };

export const ask = <Facts>(rules: readonly Rule<Facts>[], facts: Facts): readonly Asked[] =>
  rules.map(({ id, code, asks }) => ({ rule: id, code, verdict: asks(facts) }));

export const refusalsIn = (asked: readonly Asked[]): readonly Refusal[] =>
  asked.flatMap(({ rule, code, verdict }) => (typeof verdict === 'object' ? [{ rule, code, about: verdict.refuses }] : []));

/** Says what was wanted, where a rule's no alone does not tell: one code may stand for several acts. */
export const wanting = (to: string, [first, ...others]: Refusals, names: readonly string[] = []): Refusals =>
  [{ ...first, about: { ...first.about, to, ...(names.length > 0 && { names: names.join('\n') }) } }, ...others];

export const isRefused = (refusals: readonly Refusal[]): refusals is Refusals => refusals.length > 0;
