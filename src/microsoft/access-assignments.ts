import type { RelationshipAuthority } from '../commands/ports.js';
import type { AccessAssignment } from '../domain/delegated-admin.js';
import type { TenantId } from '../domain/ids.js';
import type { Accounts } from './accounts.js';
import { isDone } from './answers.js';
import type { Asking, Caller } from './caller.js';
import { accessTo, areSameRoles, asAssignment, assignmentShape, groupShape } from './delegated-admin-wire.js';
import { graphItems } from './pages.js';
import { refusedAs, refusedByGraph } from './refusals.js';

/** Which of the partner's groups hold which of the approved roles. */
export const createAccessAssignments = (
  call: Caller, { graph }: Accounts,
): Pick<RelationshipAuthority, 'listSecurityGroups' | 'listAssignments' | 'assignAccess'> => {
  const about = (partner: TenantId, relationship: string): Asking => ({ ...graph(partner), params: { relationship } });

  const list = async (partner: TenantId, relationship: string): Promise<readonly AccessAssignment[]> =>
    (await graphItems(call, 'listAssignments', about(partner, relationship), assignmentShape, ({ status }) => status === 404)).map(asAssignment);

  return {
    listSecurityGroups: async (partner) => {
      const query = { $filter: 'securityEnabled eq true', $select: 'id,displayName' };
      const groups = await graphItems(call, 'securityGroups', { ...graph(partner), query }, groupShape);
      return groups.map(({ id, displayName }) => ({ id: id.toLowerCase(), name: displayName ?? '' }));
    },

    listAssignments: list,

    assignAccess: async (partner, { relationship, group, roles }) => {
      const body = { accessContainer: { accessContainerId: group, accessContainerType: 'securityGroup' }, accessDetails: accessTo(roles) };
      const answer = await call('assignAccess', { ...about(partner, relationship), body });
      if (isDone(answer)) return 'asked';
      if (answer.status !== 409) return refusedByGraph({ 400: 'ROLE_NOT_IN_GRANT', 404: 'GDAP_WRONG_STATE' }, answer);
      const isThisOne = (one: AccessAssignment): boolean =>
        one.group === group.toLowerCase() && areSameRoles(one.roles, roles) && (one.status === 'pending' || one.status === 'active');
      return (await list(partner, relationship)).some(isThisOne) ? 'asked' : refusedAs('ASSIGNMENT_EXISTS', answer);
    },
  };
};
