import type { TenantId } from '../../domain/ids.js';
import { auditRecordOf, type AuditRecord } from './audit.js';
import type { Deliveries, Delivery } from './deliveries.js';
import type { News } from './relationship-news.js';
import type { Relationship } from './relationship.js';
import type { Change, State } from './state.js';
import { changeDate, relationshipEvents, type EventBody } from './webhook-events.js';

type HappeningsOptions = { readonly state: State; readonly deliveries: Deliveries; readonly partnerCenterUrl: () => string };

/** Whatever happens in the world is written down for the partner, and announced to it where Microsoft announces it. */
export const createHappenings = ({ state, deliveries, partnerCenterUrl }: HappeningsOptions) => {
  /** `undefined` when the partner did not ask to be told. */
  const announce = (partner: TenantId, event: EventBody): Delivery | undefined => {
    const registration = state.registration(partner);
    if (!registration?.events.includes(event.EventName)) return undefined;
    return deliveries.send({ partner, url: registration.url, inMsSignature: registration.inMsSignature }, event);
  };

  const writeDown = (partner: TenantId, customer: TenantId | null, what: Parameters<typeof auditRecordOf>[2]): AuditRecord | undefined => {
    const [owner, other] = [state.tenant(partner), customer === null ? undefined : state.tenant(customer)];
    if (!owner) return undefined;
    const record = auditRecordOf(owner, other, what);
    state.addAudit(record);
    return record;
  };

  const eventOf = (name: string, resource: string, resourceName: string, record: AuditRecord | undefined, at: string): EventBody => ({
    EventName: name, ResourceUri: `${partnerCenterUrl()}${resource}`, ResourceName: resourceName,
    AuditUri: record ? `${partnerCenterUrl()}/v1/auditactivity/${record.id}` : null, ResourceChangeUtcDate: changeDate(at),
  });

  const reseller = ({ grant: { partner, customer }, is }: Extract<Change, { of: 'grant' }>): void => {
    const at = state.now().toISOString();
    const operationType = is === 'removed' ? 'remove_partner_customer_relationship' : 'extend_relationship';
    const record = writeDown(partner, customer, { resourceType: 'partner_customer_relationship', operationType, operationDate: at });
    // Nothing announces a removal: it has to be found by reading.
    if (is === 'removed') return;
    const name = is === 'accepted' ? 'reseller-relationship-accepted-by-customer' : 'indirect-reseller-relationship-accepted-by-customer';
    announce(partner, eventOf(name, `/v1/customers/${customer}`, is === 'accepted' ? 'customer' : 'Customer', record, at));
  };

  state.onChange((change) => {
    if (change.of === 'grant') reseller(change);
    if (change.of !== 'subscription' || change.subscription.soldBy === 'microsoft') return;
    const { id, customer, soldBy } = change.subscription;
    announce(soldBy, eventOf('subscription-updated', `/webhooks/v1/customers/${customer}/subscriptions/${id}`, 'subscription', undefined, state.now().toISOString()));
  });

  return {
    announce,
    /** News of a delegated administration. */
    tell: ({ id, partner, customer, name }: Relationship, { is, at, assignment }: News): void => {
      const { operation, event } = relationshipEvents[is];
      const isAssignment = assignment !== undefined;
      const record = writeDown(partner, customer, {
        resourceType: isAssignment ? 'granular_admin_access_assignment' : 'granular_admin_relationship', operationType: operation, operationDate: at,
        data: { RelationshipId: id, RelationshipName: name, ...(isAssignment && { AccessAssignmentId: assignment }) },
      });
      if (event === undefined) return;
      const path = `/v1/granularAdminRelationships/${id}${isAssignment ? `/accessAssignments/${assignment}` : ''}`;
      announce(partner, eventOf(event, path, isAssignment ? 'GranularAdminAccessAssignment' : 'GranularAdminRelationship', record, at));
    },
  };
};

export type Happenings = ReturnType<typeof createHappenings>;
