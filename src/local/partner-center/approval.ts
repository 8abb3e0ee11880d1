import { endAfter, isConsentPending, type Relationship, type Standing } from './relationship.js';
import { holds } from './roles-held.js';
import type { State } from './state.js';
import type { Person, Tenant } from './world.js';

export type ApprovalRefusal = 'notAGlobalAdmin' | 'guest' | 'wrongTenant' | 'ownTenant' | 'cspTenant' | 'otherCloud' | 'linkUsed' | 'partnerConsent';

export type Approval = { readonly is: 'accepted' | 'already'; readonly since: string } | { readonly is: 'refused'; readonly why: ApprovalRefusal };

const refusalOf = ({ partner, customer: bound }: Relationship, state: State, customer: Tenant, person: Person): ApprovalRefusal | undefined => {
  if (person.guest) return 'guest';
  if (!holds(person, 'globalAdmin')) return 'notAGlobalAdmin';
  if (partner === customer.id) return 'ownTenant';
  if (bound && bound !== customer.id) return 'wrongTenant';
  if (customer.csp) return 'cspTenant';
  return state.tenant(partner)?.cloud === customer.cloud ? undefined : 'otherCloud';
};

/** Somebody said yes, and nobody has taken it back since. */
export const isApproved = ({ status }: Pick<Standing, 'status'>): boolean => status === 'approved' || status === 'activating' || status === 'active';

/** What happens at Microsoft when somebody presses Approve: all roles or none, and in force a little later. */
export const approve = (state: State, standing: Standing, { tenant, person }: { readonly tenant: Tenant; readonly person: Person }): Approval => {
  const { relationship, status } = standing;
  const why = refusalOf(relationship, state, tenant, person);
  if (why) return { is: 'refused', why };
  if (isApproved(standing)) return { is: 'already', since: relationship.approval?.at ?? relationship.created };
  if (status !== 'approvalPending') return { is: 'refused', why: 'linkUsed' };
  if (isConsentPending(relationship, state.moment())) return { is: 'refused', why: 'partnerConsent' };
  const step = state.stepOf(state.delays().activateMs);
  state.putRelationship({ ...relationship, customer: tenant.id, approval: { ...step, until: endAfter(step.at, relationship.duration) } });
  return { is: 'accepted', since: state.now().toISOString() };
};

/** "Remove roles" in the customer's own portal; `false` when there is nothing in force. */
export const withdraw = (state: State, { relationship, status }: Standing): boolean => {
  if (status !== 'active') return false;
  state.putRelationship({ ...relationship, termination: state.stepOf(state.delays().terminateMs) });
  return true;
};
