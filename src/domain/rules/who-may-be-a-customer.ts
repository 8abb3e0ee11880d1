import { refusesWhen, type Promised, type Rule } from '../rule.js';
import type { InvitationFacts } from './facts.js';

export const noResaleToPartner: Rule<InvitationFacts> = {
  id: 'MP-06', code: 'CUSTOMER_IS_CSP_TENANT', origin: 'seed',
  source: 'A CSP partner cannot resell online services to another CSP partner.',
  asks: ({ customer, statedNotCsp }) =>
    refusesWhen(customer.isCspPartner === 'unknown' && !statedNotCsp ? 'yes' : customer.isCspPartner, { customer: customer.name }),
};
export const aSeparateTenantMayBuy: Promised = {
  id: 'MP-07', origin: 'docs',
  source: 'The rule is about the tenant, not the company: a partner company may buy as a customer into a separate non-CSP tenant.',
  keptBy: 'src/domain/rules.ts: only the tenant is asked about',
};
export const noSaleToOneself: Rule<InvitationFacts> = {
  id: 'MP-08', code: 'SELF_RESALE', origin: 'docs',
  source: 'A partner may not be its own customer.',
  asks: ({ customer, partner }) => refusesWhen(customer.id === partner.id),
};
export const ownResellersAreNoCustomers: Rule<InvitationFacts> = {
  id: 'MP-09', code: 'EXISTING_PARTNER_RELATIONSHIP', origin: 'docs',
  source: 'A provider cannot open a new customer relationship with a tenant that is already its indirect reseller.',
  asks: ({ isOwnReseller, customer }) => refusesWhen(isOwnReseller, { customer: customer.name }),
};
