import type { Promised } from '../rule.js';

/** What a new relationship never touches. */

export const noSubscriptionChanges: Promised = {
  id: 'MP-01', code: 'INVARIANT_SUBSCRIPTION_CHANGED', origin: 'seed',
  source: 'Setting up a new partner relationship changes no existing subscription.',
  keptBy: 'src/microsoft/allowed-calls.ts',
};
export const nothingMoves: Promised = {
  id: 'MP-02', code: 'INVARIANT_OWNERSHIP_MOVED', origin: 'seed',
  source: 'It moves no subscription and no account ownership from one partner to another.',
  keptBy: 'src/microsoft/allowed-calls.ts',
};
export const noTermsChange: Promised = {
  id: 'MP-03', code: 'INVARIANT_TERMS_CHANGED', origin: 'seed',
  source: "It changes neither the terms nor the customer's obligations on existing subscriptions.",
  keptBy: 'src/microsoft/allowed-calls.ts',
};
export const partnerOfRecordStays: Promised = {
  id: 'MP-04', code: 'INVARIANT_PARTNER_OF_RECORD_CHANGED', origin: 'seed',
  source: 'It does not change the partner of record of any subscription.',
  keptBy: 'src/microsoft/allowed-calls.ts',
};
export const severalPartnersMayServe: Promised = {
  id: 'MP-05', origin: 'seed',
  source: 'A customer that has a CSP Azure subscription may buy further Azure subscriptions through other CSP partners.',
  keptBy: 'src/domain/rules.ts: no rule looks at other partners',
};
