import { marketOf } from '../markets.js';
import { refusesWhen, type Promised, type Rule } from '../rule.js';
import type { DoorFacts, InvitationFacts } from './facts.js';

export const sameMarket: Rule<InvitationFacts> = {
  id: 'MP-39', code: 'MARKET_MISMATCH', origin: 'docs',
  source: 'Partner and customer must be in the same CSP market.',
  asks: ({ partner, customer }) => {
    if (partner.country === 'unknown' || customer.country === 'unknown') return 'unknown';
    const market = marketOf(partner.country);
    return refusesWhen(market === undefined || market !== marketOf(customer.country), {
      partner: partner.name, partnerCountry: partner.country, customer: customer.name, country: customer.country,
    });
  },
};
export const sameCloud: Rule<InvitationFacts> = {
  id: 'MP-41', code: 'CLOUD_MISMATCH', origin: 'docs',
  source: 'Partner and customer must be in the same Microsoft cloud.',
  asks: ({ partner, customer }) =>
    partner.cloud === 'unknown' || customer.cloud === 'unknown'
      ? 'unknown'
      : refusesWhen(customer.cloud !== partner.cloud, { cloud: partner.cloud, customerCloud: customer.cloud }),
};
export const cloudIsCovered: Rule<DoorFacts> = {
  id: 'MP-42', code: 'NOT_AVAILABLE_IN_CLOUD', origin: 'seed',
  source: 'The feature covers the commercial cloud and Partner Center for US Government.',
  asks: ({ partner, cloud, capabilities: { resellerRequest } }) =>
    partner.cloud === 'unknown' && resellerRequest ? 'unknown' : refusesWhen(partner.cloud !== cloud || !resellerRequest, { cloud: partner.cloud }),
};
export const governmentRequestsIncludeAdmin: Promised = {
  id: 'MP-43', code: 'GOV_REQUIRES_DAP', origin: 'docs',
  source: 'In US Government a request without admin permissions is not offered.',
  keptBy: 'src/bot/cards/partner-request.ts: the card says that selling there includes managing',
};
export const noGranularAdminThere: Rule<InvitationFacts> = {
  id: 'MP-44', code: 'GDAP_NOT_IN_CLOUD', origin: 'docs',
  source: 'Granular delegated administration is not offered to partners in US Government.',
  asks: ({ asks, cloud, capabilities }) => refusesWhen(asks.manage !== undefined && !capabilities.gdap, { cloud }),
};
export const chinaIsNotServed: Promised = {
  id: 'MP-45', code: 'NOT_AVAILABLE_IN_CLOUD', origin: 'docs',
  source: 'The cloud operated by 21Vianet has one partner per service and no such requests; it is not served.',
  keptBy: 'src/domain/rules/markets-and-clouds.ts: cloudIsCovered and sameCloud',
};
export const sameRegionAsProvider: Rule<InvitationFacts> = {
  id: 'MP-40', code: 'MARKET_MISMATCH', origin: 'docs',
  source: 'An indirect provider and its reseller work in the same region.',
  asks: ({ partner, provider }) => {
    if (!provider) return 'holds';
    if (partner.country === 'unknown' || provider.country === 'unknown') return 'unknown';
    const market = marketOf(partner.country);
    return refusesWhen(market === undefined || market !== marketOf(provider.country), { partner: provider.name, partnerCountry: provider.country, customer: partner.name, country: partner.country });
  },
};
export const resellersInviteThroughTheirProvider: Rule<InvitationFacts> = {
  id: 'MP-46', code: 'NEEDS_INDIRECT_PROVIDER', origin: 'docs',
  source: 'Direct-bill partners and indirect providers transact; an indirect reseller needs its indirect provider.',
  asks: ({ partner, asks, provider }) => refusesWhen(partner.type === 'indirectReseller' && asks.sell && provider === undefined),
};
export const theProviderIsAskedForToo: Rule<InvitationFacts> = {
  id: 'MP-47', code: 'NEEDS_INDIRECT_PROVIDER', origin: 'docs',
  source: "An indirect reseller's request asks the customer to authorise the reseller and its provider together.",
  asks: ({ provider }) => (provider ? refusesWhen(provider.isOurs === 'unknown' ? 'unknown' : provider.isOurs === 'no') : 'holds'),
};
export const partnerHasSigned: Rule<DoorFacts> = {
  id: 'MP-48', code: 'MPA_NOT_SIGNED', origin: 'docs',
  source: 'The partner must be active in CSP and have signed the Microsoft Partner Agreement.',
  asks: ({ partner }) => refusesWhen(partner.hasSignedMpa === 'unknown' ? 'unknown' : partner.hasSignedMpa === 'no'),
};
export const suspendedPartnersSellNothingNew: Promised = {
  id: 'MP-49', code: 'PARTNER_NOT_ACTIVE', origin: 'docs',
  source: 'A suspended partner keeps managing what exists but cannot sell anything new.',
  keptBy: "src/microsoft/authority.ts: Microsoft's own refusal is passed on",
};
export const customersOutliveAPartnership: Promised = {
  id: 'MP-50', origin: 'docs',
  source: 'The end of a partnership between provider and reseller removes neither shared customers nor delegated administration.',
  keptBy: 'src/commands/watch-relationships.ts: each relationship ends only when Microsoft no longer shows it',
};
