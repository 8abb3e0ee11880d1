import type { News } from './relationship-news.js';

/** What a partner may ask to be told; only those in `relationshipEvents` and the first two happen here by themselves. @see Partner Center docs, "Webhook events" */
export const eventNames = [
  'reseller-relationship-accepted-by-customer', 'indirect-reseller-relationship-accepted-by-customer',
  'dap-admin-relationship-approved', 'dap-admin-relationship-terminated', 'dap-admin-relationship-terminated-by-microsoft',
  'granular-admin-relationship-approved', 'granular-admin-relationship-activated', 'granular-admin-relationship-terminated', 'granular-admin-relationship-expired',
  'granular-admin-access-assignment-created', 'granular-admin-access-assignment-activated', 'granular-admin-access-assignment-updated', 'granular-admin-access-assignment-deleted',
  'subscription-updated', 'test-created', 'invoice-ready', 'referral-created', 'referral-updated', 'usagerecords-thresholdExceeded', 'azure-fraud-event-detected',
  'new-commerce-migration-completed', 'new-commerce-migration-failed',
] as const;

/** Its audit operation; the event only where Microsoft announces it. */
export const relationshipEvents: Readonly<Record<News['is'], { readonly operation: string; readonly event?: (typeof eventNames)[number] }>> = {
  approved: { operation: 'granular_admin_relationship_approved', event: 'granular-admin-relationship-approved' },
  activated: { operation: 'granular_admin_relationship_activated', event: 'granular-admin-relationship-activated' },
  terminationRequested: { operation: 'granular_admin_relationship_termination_requested' },
  terminated: { operation: 'granular_admin_relationship_terminated', event: 'granular-admin-relationship-terminated' },
  expired: { operation: 'granular_admin_relationship_expired', event: 'granular-admin-relationship-expired' },
  cleanedUp: { operation: 'granular_admin_relationship_cleaned_up' },
  assignmentCreated: { operation: 'granular_admin_access_assignment_created', event: 'granular-admin-access-assignment-created' },
  assignmentActivated: { operation: 'granular_admin_access_assignment_activated', event: 'granular-admin-access-assignment-activated' },
  assignmentUpdated: { operation: 'granular_admin_access_assignment_updated', event: 'granular-admin-access-assignment-updated' },
  assignmentDeleted: { operation: 'granular_admin_access_assignment_deleted', event: 'granular-admin-access-assignment-deleted' },
};

/** The five fields, and nothing else; any of the middle three may be missing or null. */
export type EventBody = {
  readonly EventName: string;
  readonly ResourceUri?: string | null | undefined;
  readonly ResourceName?: string | undefined;
  readonly AuditUri?: string | null | undefined;
  readonly ResourceChangeUtcDate: string;
};

/** ISO 8601 with an offset and seven digits, as the service writes it. */
export const changeDate = (at: string): string => new Date(at).toISOString().replace('Z', '0000+00:00');
