import type { AuthorityRefusal, RelationshipAuthority } from '../commands/ports.js';
import type { AccessAssignment } from '../domain/delegated-admin.js';
import type { TenantId } from '../domain/ids.js';
import type { Accounts } from './accounts.js';
import { isDone, readAs } from './answers.js';
import type { Answer, Asking, Caller } from './caller.js';
import { accessTo, areSameRoles, asAssignment, assignmentShape, groupShape } from './delegated-admin-wire.js';
import { graphItems } from './pages.js';
import { refusedAs, refusedByGraph } from './refusals.js';
import { z } from 'zod';

type WireAssignment = z.output<typeof assignmentShape>;
const operationShape = z.looseObject({ status: z.string().nullish() });
const gone: AuthorityRefusal = { refused: { code: 'GDAP_WRONG_STATE', serviceCode: '', correlationId: '' } };

/** Which of the partner's groups hold which of the approved roles. */
export const createAccessAssignments = (
  call: Caller, { graph }: Accounts,
): Pick<RelationshipAuthority, 'listSecurityGroups' | 'listAssignments' | 'assignAccess' | 'changeAccess' | 'withdrawAccess'> => {
  const about = (partner: TenantId, relationship: string): Asking => ({ ...graph(partner), params: { relationship } });

  const wires = (partner: TenantId, relationship: string): Promise<WireAssignment[]> =>
    graphItems(call, 'listAssignments', about(partner, relationship), assignmentShape, ({ status }) => status === 404);
  const list = async (partner: TenantId, relationship: string): Promise<readonly AccessAssignment[]> => (await wires(partner, relationship)).map(asAssignment);

  /**
   * Changes or deletes the assignment in the state it is in. One that somebody else moved meanwhile is read and tried once
   * more; one that is gone is left to the caller.
   */
  const withEtag = async (partner: TenantId, relationship: string, assignment: string, act: (asking: Asking, wire: WireAssignment) => Promise<Answer>): Promise<Answer | undefined> => {
    for (let tries = 1; ; tries += 1) {
      const wire = (await wires(partner, relationship)).find(({ id }) => id === assignment);
      if (!wire) return undefined;
      const asking = { ...about(partner, relationship), params: { relationship, assignment }, headers: { 'if-match': wire['@odata.etag'] ?? '*' } };
      const answer = await act(asking, wire);
      if (answer.status !== 412 || tries === 2) return answer;
    }
  };

  /** A change takes Microsoft a while; an operation that failed at once is a no. */
  const hasFailed = async (partner: TenantId, relationship: string, { headers }: Answer): Promise<boolean> => {
    const named = /\/operations\/([^/?]+)/.exec(String(headers.location ?? ''))?.[1];
    if (named === undefined) return false;
    const answer = await call('assignmentOperation', { ...graph(partner), params: { relationship, operation: decodeURIComponent(named) } });
    return isDone(answer) && readAs(operationShape, 'assignmentOperation', answer).status === 'failed';
  };

  return {
    listSecurityGroups: async (partner) => {
      const query = { $filter: 'securityEnabled eq true', $select: 'id,displayName' };
      const groups = await graphItems(call, 'securityGroups', { ...graph(partner), query }, groupShape);
      return groups.map(({ id, displayName }) => ({ id: id.toLowerCase(), name: displayName ?? '' }));
    },

    listAssignments: list,

    changeAccess: async (partner, { relationship, assignment, roles }) => {
      const body = { accessDetails: accessTo(roles) };
      const answer = await withEtag(partner, relationship, assignment, (asking) => call('changeAssignment', { ...asking, body }));
      if (!answer) return gone;
      if (!isDone(answer)) return refusedByGraph({ 400: 'ROLE_NOT_IN_GRANT', 404: 'GDAP_WRONG_STATE', 409: 'GDAP_WRONG_STATE', 412: 'GDAP_WRONG_STATE' }, answer);
      return (await hasFailed(partner, relationship, answer)) ? refusedAs('AUTHORITY_REFUSED', answer) : 'asked';
    },

    withdrawAccess: async (partner, { relationship, assignment }) => {
      const answer = await withEtag(partner, relationship, assignment, (asking) => call('deleteAssignment', asking));
      if (!answer || isDone(answer) || answer.status === 404) return 'asked';
      return refusedByGraph({ 409: 'GDAP_WRONG_STATE', 412: 'GDAP_WRONG_STATE' }, answer);
    },

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
