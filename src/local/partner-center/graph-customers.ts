import { notFound, type GraphWire } from './graph-wire.js';
import { AnsweredEarly, type Answered, type Asked, type Route } from './route.js';
import { stableId } from './stable-id.js';
import type { State } from './state.js';
import type { Tenant } from './world.js';

const collection = 'tenantRelationships/delegatedAdminCustomers';
const services = [
  ['Exchange', 'https://outlook.office365.com/ecp/?realm='], ['Microsoft365', 'https://admin.microsoft.com/Partner/BeginClientSession.aspx?CTID='], ['MicrosoftEntraId', 'https://entra.microsoft.com/'],
] as const;

/** The customers of a partner's delegated administration; one is here only while a relationship is in force. */
export const graphCustomerRoutes = (state: State, { partnerOf, one, many }: GraphWire): readonly Route[] => {
  const customersOf = (partner: Tenant): readonly Tenant[] => {
    const inForce = state.relationshipsOf(partner.id).flatMap(({ relationship: { customer }, status }) => (status === 'active' && customer !== null ? customer : []));
    return [...new Set(inForce)].flatMap((customer) => state.tenant(customer) ?? []);
  };
  const customerIn = (asked: Asked): Tenant => {
    const found = customersOf(partnerOf(asked)).find(({ id }) => id === (asked.params['customer'] ?? '').toLowerCase());
    if (!found) throw new AnsweredEarly(notFound);
    return found;
  };
  const bodyOf = ({ id, name }: Tenant) => ({ '@odata.type': '#microsoft.graph.delegatedAdminCustomer', id, tenantId: id, displayName: name });

  const list = (asked: Asked): Answered => many(collection, customersOf(partnerOf(asked)).map(bodyOf), asked);
  const get = (asked: Asked): Answered => one(`${collection}/$entity`, bodyOf(customerIn(asked)), asked);
  const details = (asked: Asked): Answered => {
    const { id } = customerIn(asked);
    const found = services.map(([serviceName, address]) => ({ id: stableId('service', id, serviceName), serviceName, serviceManagementUrl: address.endsWith('=') ? `${address}${id}` : address }));
    return many(`${collection}('${id}')/serviceManagementDetails`, found, asked);
  };

  return [
    { method: 'get', path: `/graph/v1.0/${collection}`, answer: list },
    { method: 'get', path: `/graph/v1.0/${collection}/:customer`, answer: get },
    { method: 'get', path: `/graph/v1.0/${collection}/:customer/serviceManagementDetails`, answer: details },
  ];
};
