import type { TenantId } from '../../domain/ids.js';
import type { State } from './state.js';

export type Removal = 'removed' | 'notRelated' | 'stillSelling';

/** The partner takes itself away as a reseller; what it administers stays. Suspending is enough for what is not new commerce. */
export const removeReseller = (state: State, partner: TenantId, customer: TenantId): Removal => {
  const grant = state.resellerGrant(partner, customer);
  if (!grant) return 'notRelated';
  const sold = state.subscriptionsOf(customer).filter((one) => one.soldBy === partner);
  if (sold.some(({ status, commerce }) => status === 'active' || (status === 'suspended' && commerce === 'newCommerce'))) return 'stillSelling';
  state.dropGrant(grant);
  return 'removed';
};
