import type { Promised } from '../rule.js';

export const aPartnerSeesItsOwn: Promised = {
  id: 'MP-70', origin: 'docs',
  source: 'A partner sees only its own customers and only the subscriptions it sold.',
  keptBy: 'src/commands/show-my-partners.ts',
};
export const relationshipsAreTwoTierOnly: Promised = {
  id: 'MP-71', origin: 'docs',
  source: "The relationships of a customer that Partner Center lists are the caller's two-tier ones, not all partners.",
  keptBy: 'src/microsoft/allowed-calls.ts: that call is not made',
};
export const onlyTheCustomerSeesAll: Promised = {
  id: 'MP-72', code: 'NOT_VISIBLE', origin: 'docs',
  source: "The full list of a customer's partners is seen only by the customer.",
  keptBy: 'src/commands/show-my-partners.ts',
};
export const noPartnerLearnsOfAnother: Promised = {
  id: 'MP-73', code: 'INVARIANT_CROSS_PARTNER_LEAK', origin: 'derived',
  source: 'No partner learns from us the existence, name or pending invitation of another partner.',
  keptBy: 'src/commands/views.ts: a partner view has no place for it',
};
export const absentDetailsAreNormal: Promised = {
  id: 'MP-74', origin: 'docs',
  source: 'Company address, mail and custom domains of a customer come back only with delegated administration.',
  keptBy: 'src/microsoft: absent fields are unknown, not errors',
};
export const delegatedAccessIsSeenAlone: Promised = {
  id: 'MP-75', origin: 'docs',
  source: 'Whether delegated access is allowed is present only when a customer is fetched by its id.',
  keptBy: 'src/microsoft/authority.ts: the field is not used',
};
