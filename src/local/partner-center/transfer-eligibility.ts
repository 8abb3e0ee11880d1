import { refusal, type PartnerCenterWire } from './partner-center-wire.js';
import type { Answered, Asked, Route } from './route.js';
import type { State } from './state.js';
import type { Subscription } from './world.js';

// The documentation shows the first; the others go the other ways.
const transferTypes = ['directtoindirect', 'indirecttodirect', 'directtodirect', 'indirecttoindirect'];

/** Whether what this partner sold could go to another one. It says so and nothing more: no transfer can be asked for here. */
export const transferRoutes = (state: State, { caller, ownCustomer }: PartnerCenterWire): readonly Route[] => {
  const eligibility = (asked: Asked): Answered => {
    const { partner } = caller(asked);
    const customer = ownCustomer(asked, partner);
    const type = asked.url.searchParams.get('transferType')?.toLowerCase() ?? '';
    if (!transferTypes.includes(type)) return refusal(400, 3000, 'The transferType is not valid.');
    if (partner.cloud !== 'commercial') return refusal(403, 900138, 'Transfers are not supported in this cloud.');
    return { status: 200, body: state.subscriptionsOf(customer.id).filter(({ soldBy }) => soldBy === partner.id).map(eligible) };
  };

  return [{ method: 'get', path: '/partner-center/v1/customers/:customer/transferseligibility', answer: eligibility }];
};

const eligible = ({ id, status, commerce }: Subscription) => {
  const reason = commerce !== 'newCommerce' ? 'The subscription is not a new commerce subscription.' : status !== 'active' ? 'The subscription is not active.' : undefined;
  return { id, isEligible: reason === undefined, ...(reason !== undefined && { reason }) };
};
