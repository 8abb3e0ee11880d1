import { z } from 'zod';
import { delegatedStatuses, type AccessAssignment, type DelegatedAdmin, type DelegatedAsk, type DelegatedStatus } from '../domain/delegated-admin.js';
import { asTenantId, isGuid, type TenantId } from '../domain/ids.js';

const accessDetails = z.looseObject({ unifiedRoles: z.array(z.looseObject({ roleDefinitionId: z.string() })).nullish() }).nullish();

/** A partner's relationship, and one that its provider prepared. @see Graph docs, "resellerDelegatedAdminRelationship resource type" */
export const relationshipShape = z.looseObject({
  '@odata.type': z.string().nullish(),
  '@odata.etag': z.string().nullish(),
  id: z.string().min(1),
  displayName: z.string().nullish(),
  status: z.string().nullish(),
  customer: z.looseObject({ tenantId: z.string().nullish() }).nullish(),
  accessDetails,
  duration: z.string().nullish(),
  autoExtendDuration: z.string().nullish(),
  activatedDateTime: z.string().nullish(),
  endDateTime: z.string().nullish(),
  isPartnerConsentPending: z.boolean().nullish(),
  indirectProviderTenantId: z.string().nullish(),
});
export type WireRelationship = z.output<typeof relationshipShape>;

export const requestShape = z.looseObject({ id: z.string().nullish(), action: z.string().nullish(), status: z.string().nullish() });
export const groupShape = z.looseObject({ id: z.string().min(1), displayName: z.string().nullish() });
export const assignmentShape = z.looseObject({
  '@odata.etag': z.string().nullish(),
  id: z.string().min(1),
  status: z.string().nullish(),
  accessContainer: z.looseObject({ accessContainerId: z.string() }),
  accessDetails,
});

const noExtension: readonly string[] = ['', 'PT0S', 'P0D', '00:00:00'];
const assignmentStatuses = ['pending', 'active', 'deleting', 'deleted', 'error'] as const;

const oneOf = <Word extends string>(words: readonly Word[], text: string | null | undefined): Word | 'unknown' => words.find((word) => word === text) ?? 'unknown';

export const statusOf = ({ status }: WireRelationship): DelegatedStatus => oneOf(delegatedStatuses, status);

const rolesIn = (details: z.output<typeof accessDetails>): readonly string[] => (details?.unifiedRoles ?? []).map(({ roleDefinitionId }) => roleDefinitionId.toLowerCase());
export const extendsItself = ({ autoExtendDuration }: WireRelationship): boolean => !noExtension.includes(autoExtendDuration ?? '');

export const isProviderPrepared = ({ '@odata.type': type }: WireRelationship): boolean => type === '#microsoft.graph.resellerDelegatedAdminRelationship';

/** A provider prepared it, and its reseller has not answered. */
export const isConsentPending = (wire: WireRelationship): boolean => isProviderPrepared(wire) && wire.isPartnerConsentPending === true;

/** Nothing for one that is bound to no customer. */
export const asDelegatedAdmin = (wire: WireRelationship): DelegatedAdmin[] => {
  const customer = wire.customer?.tenantId;
  const provider = isProviderPrepared(wire) ? wire.indirectProviderTenantId : undefined;
  if (!isGuid(customer)) return [];
  return [{
    id: wire.id,
    customer: asTenantId(customer),
    name: wire.displayName ?? '',
    roles: rolesIn(wire.accessDetails),
    status: statusOf(wire),
    since: wire.activatedDateTime ?? '',
    until: wire.endDateTime ?? '',
    autoExtends: extendsItself(wire),
    ...(isConsentPending(wire) && { needsOurConsent: true }),
    ...(isGuid(provider) && { preparedBy: asTenantId(provider) }),
  }];
};

export const asAssignment = ({ id, status, accessContainer, accessDetails: details }: z.output<typeof assignmentShape>): AccessAssignment =>
  ({ id, group: accessContainer.accessContainerId.toLowerCase(), roles: rolesIn(details), status: oneOf(assignmentStatuses, status) });

export const accessTo = (roles: readonly string[]) => ({ unifiedRoles: roles.map((roleDefinitionId) => ({ roleDefinitionId })) });

/** Bound to the customer from the beginning: otherwise whoever holds the link could approve it. */
export const requestBody = ({ name, roles, days, autoExtends }: DelegatedAsk, customer: TenantId) => ({
  displayName: name,
  duration: `P${days}D`,
  autoExtendDuration: autoExtends ? 'P180D' : 'PT0S',
  customer: { tenantId: customer },
  accessDetails: accessTo(roles),
});

export const areSameRoles = (some: readonly string[], others: readonly string[]): boolean => {
  const [one, other] = [some, others].map((roles) => [...new Set(roles.map((role) => role.toLowerCase()))].sort().join());
  return one === other;
};

const daysIn = (duration: string | null | undefined): number | undefined => {
  const [, count, unit] = /^P(\d+)([DY])$/.exec(duration ?? '') ?? [];
  return count === undefined ? undefined : Number(count) * (unit === 'Y' ? 365 : 1);
};

/** Whether the customer would read the same at Microsoft as on our card. A duration written some other way is not held against it. */
export const isWhatWasAsked = (wire: WireRelationship, { roles, days, autoExtends }: DelegatedAsk): boolean =>
  areSameRoles(rolesIn(wire.accessDetails), roles) && extendsItself(wire) === autoExtends && (daysIn(wire.duration) ?? days) === days;

/** A text inside a filter, where a quote is written twice. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
