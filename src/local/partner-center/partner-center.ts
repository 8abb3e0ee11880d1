import { customerFilter } from './customer-filter.js';
import type { Login } from './login.js';
import { auditRoutes } from './partner-center-audit.js';
import { endingRoutes } from './partner-center-ending.js';
import { seekPage } from './partner-center-pages.js';
import { attributes, partnerCenterWire, refusal, self } from './partner-center-wire.js';
import type { Answered, Asked, Route } from './route.js';
import { stableId } from './stable-id.js';
import type { State } from './state.js';
import { transferRoutes } from './transfer-eligibility.js';
import { partnerIdOf, twoTierRoutes } from './two-tier.js';
import type { Subscription, Tenant } from './world.js';

const mostAtOnce = 500;

/** Partner Center REST, what this product asks of it. A caller sees its own customers and what it sold them, nothing else. */
export const partnerCenterRoutes = (state: State, login: Login, url: () => string, pageSize: () => number): readonly Route[] => {
  const wire = partnerCenterWire(state, login);
  const { caller, callerWithUser, ownCustomer } = wire;

  /** An indirect reseller and its provider, where the caller is one of the two. @see Partner Center REST reference, "Get relationship request link" */
  const bothIn = (query: URLSearchParams, caller: Tenant): { readonly reseller: Tenant; readonly provider: Tenant } | 'wrong' | undefined => {
    const [providerId, resellerId] = ['indirectCloudSolutionProviderId', 'indirectResellerId'].map((name) => query.get(name));
    if (providerId === null && resellerId === null) return undefined;
    const [provider, reseller] = [state.tenant(providerId ?? ''), state.tenant(resellerId ?? '')];
    const areTwoTiers = provider?.csp?.type === 'indirectProvider' && reseller?.csp?.type === 'indirectReseller';
    return areTwoTiers && [provider.id, reseller.id].includes(caller.id) ? { reseller, provider } : 'wrong';
  };

  const relationshipRequest = (asked: Asked): Answered => {
    const partner = callerWithUser(asked);
    if (!partner.csp?.active) return refusal(403, 800039, 'The partner is not active in the Cloud Solution Provider program.');
    const both = bothIn(asked.url.searchParams, partner);
    if (both === 'wrong') return refusal(400, 2000, 'The indirect provider or the indirect reseller is not valid.');
    const asks: Readonly<Record<string, string>> = both
      ? { invType: 'IndirectResellerRelationship', partnerId: both.reseller.id, msppId: partnerIdOf(both.reseller), indirectCSPId: both.provider.id }
      : { invType: 'ResellerRelationship', partnerId: partner.id, msppId: '0' };
    const query = new URLSearchParams({ ...asks, DAP: String(partner.cloud === 'usGov') });
    return { status: 200, body: { url: `${url()}/Adminportal/Home?${query.toString()}#/BillingAccounts/partner-invitation`, ...attributes('RelationshipRequest') } };
  };

  const customersOf = (partner: Tenant): readonly Tenant[] =>
    state.grantsOf(partner.id).flatMap(({ customer }) => state.tenant(customer) ?? []);

  const listCustomers = (asked: Asked): Answered => {
    const { partner } = caller(asked);
    const size = Number(asked.url.searchParams.get('size') ?? 0);
    if (!Number.isInteger(size) || size < 0 || size > mostAtOnce) return refusal(400, 2000, 'The size is not valid.');
    const filter = asked.url.searchParams.get('filter');
    const isWanted = customerFilter(filter, state, partner);
    const uri = `/customers?size=${size}${filter === null ? '' : `&filter=${encodeURIComponent(filter)}`}`;
    return seekPage({
      asked, owner: partner.id, items: customersOf(partner).filter(isWanted), keyOf: ({ id }) => id, bodyOf: (customer) => customerBody(customer, false), uri, size: Math.min(size || mostAtOnce, pageSize()),
    });
  };

  const getCustomer = (asked: Asked): Answered => ({ status: 200, body: customerBody(ownCustomer(asked, caller(asked).partner), true) });

  const listSubscriptions = (asked: Asked): Answered => {
    const { partner } = caller(asked);
    const customer = ownCustomer(asked, partner);
    const sold = state.subscriptionsOf(customer.id).filter((one) => one.soldBy === partner.id);
    const since = state.resellerGrant(partner.id, customer.id)?.since;
    return seekPage({
      asked, owner: partner.id, items: [...sold].sort((one, other) => (one.id < other.id ? -1 : 1)), keyOf: ({ id }) => id, bodyOf: (one) => subscriptionBody(one, partner, since),
      uri: `/customers/${customer.id}/subscriptions`, size: pageSize(),
    });
  };

  const legalBusinessProfile = (asked: Asked): Answered => {
    const { partner } = caller(asked);
    return {
      status: 200,
      body: {
        profileType: 'legal_business_profile', companyName: partner.name, address: { country: partner.country }, vettingStatus: 'authorized',
        ...self('/profiles/legalbusiness'), ...attributes('PartnerLegalBusinessProfile'),
      },
    };
  };

  const agreementStatus = (asked: Asked): Answered => {
    const partner = callerWithUser(asked);
    const { searchParams } = asked.url;
    if (searchParams.has('mpnId') || !searchParams.has('tenantId')) return refusal(400, 3000, 'Exactly one of mpnId and tenantId is needed; the sandbox knows tenants.');
    const about = state.tenant(searchParams.get('tenantId') ?? '');
    const isKnown = about?.csp && (about.id === partner.id || about.csp.providers.includes(partner.id));
    return isKnown ? { status: 200, body: { isAgreementSigned: about.csp?.mpaSigned } } : refusal(404, '60003', 'The tenant was not found.');
  };

  return [
    { method: 'get', path: '/partner-center/v1/customers/relationshiprequests', answer: relationshipRequest },
    { method: 'get', path: '/partner-center/v1/customers', answer: listCustomers },
    { method: 'get', path: '/partner-center/v1/customers/:customer', answer: getCustomer },
    { method: 'get', path: '/partner-center/v1/customers/:customer/subscriptions', answer: listSubscriptions },
    { method: 'get', path: '/partner-center/v1/profiles/legalbusiness', answer: legalBusinessProfile },
    { method: 'get', path: '/partner-center/v1/compliance/csp/agreementstatus', answer: agreementStatus },
    ...endingRoutes(state, wire),
    ...twoTierRoutes(state, wire),
    ...auditRoutes(state, wire, pageSize),
    ...transferRoutes(state, wire),
  ];
};

/** Mail, address and own domains of a customer come only with delegated administration, which no reseller has by itself. */
const customerBody = ({ id, name, domains, country }: Tenant, isAlone: boolean) => ({
  id,
  commerceId: stableId('commerce', id),
  companyProfile: { tenantId: id, domain: domains[0], companyName: name, ...self(`/customers/${id}/profiles/company`), ...attributes('CustomerCompanyProfile') },
  ...(isAlone && {
    billingProfile: {
      id: stableId('billing', id), email: null, culture: 'en-US', language: 'en', companyName: name, defaultAddress: { country },
      ...self(`/customers/${id}/profiles/billing`), attributes: { etag: stableId('etag', id), objectType: 'CustomerBillingProfile' },
    },
    allowDelegatedAccess: false,
    customDomains: null,
  }),
  relationshipToPartner: 'reseller',
  associatedPartnerId: null,
  userCredentials: null,
  ...self(`/customers/${id}`),
  ...attributes('Customer'),
});

const subscriptionBody = (one: Subscription, partner: Tenant, since: string | undefined) => ({
  id: one.id,
  offerId: stableId('offer', one.offer),
  offerName: one.offer,
  friendlyName: one.offer,
  ...(one.family === 'azure' && { entitlementId: stableId('azure', one.id) }),
  quantity: one.quantity,
  unitType: one.family === 'azure' ? 'Usage-based' : 'Licenses',
  parentSubscriptionId: null,
  creationDate: since,
  commitmentEndDate: one.termEnds,
  status: one.status,
  isTrial: false,
  billingType: one.family === 'azure' ? 'usage' : 'license',
  billingCycle: 'monthly',
  termDuration: one.termEnds === null ? null : 'P1Y',
  autoRenewEnabled: one.autoRenew,
  // Named in the two-tier model, and wherever it is somebody else than the seller.
  ...(one.partnerOfRecord && (partner.csp?.type !== 'directBill' || one.partnerOfRecord !== partner.id) && { partnerId: one.partnerOfRecord }),
  orderId: stableId('order', one.id),
  isMicrosoftProduct: one.family !== 'software',
  publisherName: 'Microsoft Corporation',
  productType: one.commerce === 'newCommerce' ? { id: 'OnlineServicesNCE', displayName: 'Online Services NCE' } : { id: 'OnlineServices', displayName: 'Online Services' },
  suspensionReasons: null,
  ...self(`/customers/${one.customer}/subscriptions/${one.id}`),
  attributes: { etag: stableId('etag', JSON.stringify(one)), objectType: 'Subscription' },
});
