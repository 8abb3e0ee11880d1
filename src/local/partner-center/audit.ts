import { randomUUID } from 'node:crypto';
import type { TenantId } from '../../domain/ids.js';
import { partnerApp } from './credentials.js';
import type { Tenant } from './world.js';

/** As on the wire. @see Partner Center docs, "Auditing resources" */
export type AuditRecord = {
  readonly id: string;
  readonly partnerId: TenantId;
  readonly customerId: TenantId | null;
  readonly customerName: string | null;
  readonly userPrincipalName: string;
  readonly applicationId: string;
  readonly resourceType: 'partner_customer_relationship' | 'granular_admin_relationship' | 'granular_admin_access_assignment';
  readonly operationType: string;
  /** Business time, ISO 8601. */
  readonly operationDate: string;
  readonly operationStatus: 'succeeded';
  readonly customizedData: readonly { readonly key: string; readonly value: string }[];
};

type What = Pick<AuditRecord, 'resourceType' | 'operationType' | 'operationDate'> & { readonly data?: Readonly<Record<string, string>> };

/** Its id begins with partner, customer and operation, which is all that an event without a resource tells. */
export const auditRecordOf = (partner: Tenant, customer: Tenant | undefined, { resourceType, operationType, operationDate, data = {} }: What): AuditRecord => ({
  id: [partner.id, customer?.id ?? '', operationType, randomUUID()].join('_'),
  partnerId: partner.id, customerId: customer?.id ?? null, customerName: customer?.name ?? null,
  userPrincipalName: `sandbox@${partner.domains[0]}`, applicationId: partnerApp.clientId,
  resourceType, operationType, operationDate, operationStatus: 'succeeded',
  customizedData: Object.entries(data).map(([key, value]) => ({ key, value })),
});
