import { z } from 'zod';
import type { CustomerRole, PartnerRole } from '../domain/facts.js';
import type { PartnerAccount } from './options.js';

/** Role template ids, the same in every tenant. @see Microsoft Entra built-in roles */
export const roleTemplates = {
  globalAdmin: '62e90394-69f5-4237-9190-012177145e10',
  userAdmin: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
  billingAdmin: 'b0f54661-2d74-4c50-afa3-1ec803f12efe',
} as const;

/** What a person belongs to, through groups as well. */
export const membership = z.looseObject({ '@odata.type': z.string().nullish(), id: z.string(), roleTemplateId: z.string().nullish() });
export type Membership = z.output<typeof membership>;

const holds = (memberships: readonly Membership[]) => {
  const roles = new Set(memberships.map(({ roleTemplateId }) => roleTemplateId?.toLowerCase()));
  const groups = new Set(memberships.filter((one) => one['@odata.type'] === '#microsoft.graph.group').map(({ id }) => id.toLowerCase()));
  return {
    role: (name: keyof typeof roleTemplates): boolean => roles.has(roleTemplates[name]),
    group: (id: string | undefined): boolean => id !== undefined && groups.has(id.toLowerCase()),
  };
};

/** A role as Privileged Identity Management keeps it: switched on, or only there to be switched on. */
export const scheduledRole = z.looseObject({ principalId: z.string(), roleDefinitionId: z.string(), directoryScopeId: z.string().nullish() });

/**
 * Of one person alone, whatever was asked for. One that holds in a part of the directory only is no right over the whole.
 * @see Graph docs, "unifiedRoleAssignmentScheduleInstance"
 */
export const tenantWideRolesOf = (person: string, scheduled: readonly z.output<typeof scheduledRole>[]): readonly Membership[] =>
  scheduled.filter(({ principalId, directoryScopeId }) => principalId.toLowerCase() === person.toLowerCase() && (directoryScopeId ?? '/') === '/').map(({ roleDefinitionId }) => ({ id: roleDefinitionId, roleTemplateId: roleDefinitionId }));

export const partnerRolesIn = (memberships: readonly Membership[], { groups }: PartnerAccount): readonly PartnerRole[] => {
  const { role, group } = holds(memberships);
  const held: Readonly<Record<PartnerRole, boolean>> = {
    globalAdmin: role('globalAdmin'),
    userAdmin: role('userAdmin'),
    salesAgent: group(groups.salesAgents),
    adminAgent: group(groups.adminAgents),
    helpdeskAgent: group(groups.helpdeskAgents),
  };
  return (Object.keys(held) as PartnerRole[]).filter((name) => held[name]);
};

export const customerRolesIn = (memberships: readonly Membership[]): readonly CustomerRole[] => {
  const { role } = holds(memberships);
  const admins = (['globalAdmin', 'billingAdmin'] as const).filter(role);
  return admins.length > 0 ? admins : ['user'];
};
