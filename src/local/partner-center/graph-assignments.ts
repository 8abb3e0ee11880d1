import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { accessDetails, accessTo, areSameRoles, askAgainSeconds, checkEtag, collection, delegatedAdminWire, etagOf, guid } from './delegated-admin-wire.js';
import { groupsOf } from './graph-groups.js';
import { badRequest, bodyAs, conflict, notFound, type GraphWire } from './graph-wire.js';
import { assignedRoles, assignmentStatus, operationStatus, runningOperation, type AccessAssignment, type Operation, type Standing } from './relationship.js';
import { AnsweredEarly, type Answered, type Asked, type Route } from './route.js';
import type { State } from './state.js';

const assignmentSchema = z.strictObject({
  '@odata.type': z.string().optional(),
  accessContainer: z.strictObject({ '@odata.type': z.string().optional(), accessContainerId: guid, accessContainerType: z.literal('securityGroup') }),
  accessDetails,
});
const changeSchema = z.strictObject({ '@odata.type': z.string().optional(), accessDetails });

/** Which group of the partner holds which of the approved roles; every change takes Microsoft a while. */
export const assignmentRoutes = (state: State, wire: GraphWire): readonly Route[] => {
  const { found, typeOf, pathOf } = delegatedAdminWire(state, wire);
  const { partnerOf, one, made, many, begun } = wire;

  const bodyOf = (standing: Standing) => (assignment: AccessAssignment) => {
    const moment = state.moment();
    const [status, roles] = [assignmentStatus(assignment, standing, moment), assignedRoles(assignment, standing, moment)];
    const { id, group, created, at, deletion } = assignment;
    return {
      '@odata.type': '#microsoft.graph.delegatedAdminAccessAssignment', '@odata.etag': etagOf({ ...assignment, roles }, status), id, status,
      createdDateTime: created, lastModifiedDateTime: status === 'pending' ? created : status === 'deleted' && deletion ? deletion.at : at,
      accessContainer: { accessContainerId: group, accessContainerType: 'securityGroup' },
      accessDetails: accessTo(roles),
    };
  };
  const assignmentIn = (asked: Asked): { readonly standing: Standing; readonly assignment: AccessAssignment; readonly body: ReturnType<ReturnType<typeof bodyOf>> } => {
    const standing = found(asked);
    const assignment = standing.relationship.assignments.find(({ id }) => id === (asked.params['assignment'] ?? '').toLowerCase());
    if (!assignment) throw new AnsweredEarly(notFound);
    return { standing, assignment, body: bodyOf(standing)(assignment) };
  };
  const areApproved = ({ relationship }: Standing, roles: readonly string[]): boolean => roles.every((role) => relationship.roles.some((approved) => approved.toLowerCase() === role));
  const isGone = (standing: Standing) => (assignment: AccessAssignment): boolean => assignmentStatus(assignment, standing, state.moment()) === 'deleted';

  const assign = (asked: Asked): Answered => {
    const partner = partnerOf(asked);
    const standing = found(asked, partner);
    const { relationship, status } = standing;
    const { accessContainer, accessDetails: roles } = bodyAs(assignmentSchema, asked);
    const group = accessContainer.accessContainerId;
    if (status !== 'active') return conflict(`The relationship is ${status}.`);
    if (!groupsOf(partner).some(({ id }) => id === group)) return badRequest('The security group does not exist.');
    if (!areApproved(standing, roles)) return badRequest('A role was not approved by the customer.');
    if (relationship.assignments.some((other) => other.group === group && !isGone(standing)(other))) return conflict('The security group has an access assignment already.');
    const assignment: AccessAssignment = { ...state.stepOf(state.delays().assignMs), id: randomUUID(), group, roles, created: state.now().toISOString() };
    state.putRelationship({ ...relationship, assignments: [...relationship.assignments, assignment] });
    const body = { ...bodyOf(standing)(assignment), status: 'pending', lastModifiedDateTime: assignment.created };
    return made(`${typeOf(standing, 'accessAssignments')}/$entity`, body, pathOf(standing, 'accessAssignments', assignment.id));
  };

  const list = (asked: Asked): Answered => {
    const standing = found(asked);
    return many(typeOf(standing, 'accessAssignments'), standing.relationship.assignments.map(bodyOf(standing)), asked);
  };
  const get = (asked: Asked): Answered => {
    const { standing, body } = assignmentIn(asked);
    return one(`${typeOf(standing, 'accessAssignments')}/$entity`, body, asked);
  };

  const change = (asked: Asked): Answered => {
    const { standing, assignment, body } = assignmentIn(asked);
    const { relationship } = standing;
    checkEtag(asked, body['@odata.etag']);
    const { accessDetails: roles } = bodyAs(changeSchema, asked);
    if (body.status !== 'active') return conflict(`The access assignment is ${body.status}.`);
    if (runningOperation(standing, assignment.id, state.moment())) return conflict('The access assignment is being changed already.');
    if (!areApproved(standing, roles)) return badRequest('A role was not approved by the customer.');
    if (areSameRoles(assignedRoles(assignment, standing, state.moment()), roles)) return get(asked);
    const operation: Operation = { ...state.stepOf(state.delays().assignMs), id: randomUUID(), assignment: assignment.id, roles, created: state.now().toISOString() };
    state.putRelationship({ ...relationship, operations: [...(relationship.operations ?? []), operation] });
    return begun(pathOf(standing, 'operations', operation.id), askAgainSeconds);
  };

  /** Once it is on its way, asking again changes nothing. */
  const drop = (asked: Asked): Answered => {
    const { standing, assignment, body } = assignmentIn(asked);
    const { relationship } = standing;
    checkEtag(asked, body['@odata.etag']);
    if (body.status === 'deleted') return notFound;
    if (body.status === 'deleting') return { status: 204 };
    const deletion = state.stepOf(state.delays().assignMs);
    state.putRelationship({ ...relationship, assignments: relationship.assignments.map((other) => (other.id === assignment.id ? { ...other, deletion } : other)) });
    return { status: 204 };
  };

  const operationBody = (operation: Operation) => {
    const status = operationStatus(operation, state.moment());
    return {
      '@odata.type': '#microsoft.graph.delegatedAdminRelationshipOperation', '@odata.etag': etagOf(operation, status), id: operation.id, status,
      operationType: operation.assignment === undefined ? 'delegatedAdminRelationshipUpdate' : 'delegatedAdminAccessAssignmentUpdate',
      createdDateTime: operation.created, lastModifiedDateTime: status === 'succeeded' ? operation.at : operation.created,
      data: JSON.stringify({ ...(operation.assignment !== undefined && { id: operation.assignment }), accessDetails: accessTo(operation.roles) }),
    };
  };
  const operations = (asked: Asked): Answered => {
    const standing = found(asked);
    return many(typeOf(standing, 'operations'), (standing.relationship.operations ?? []).map(operationBody), asked);
  };
  const operation = (asked: Asked): Answered => {
    const standing = found(asked);
    const wanted = standing.relationship.operations?.find(({ id }) => id === (asked.params['operation'] ?? '').toLowerCase());
    return wanted ? one(`${typeOf(standing, 'operations')}/$entity`, operationBody(wanted), asked) : notFound;
  };

  const all = `/graph/v1.0/${collection}/:relationship`;
  return [
    { method: 'get', path: `${all}/accessAssignments`, answer: list },
    { method: 'post', path: `${all}/accessAssignments`, answer: assign },
    { method: 'get', path: `${all}/accessAssignments/:assignment`, answer: get },
    { method: 'patch', path: `${all}/accessAssignments/:assignment`, answer: change },
    { method: 'del', path: `${all}/accessAssignments/:assignment`, answer: drop },
    { method: 'get', path: `${all}/operations`, answer: operations },
    { method: 'get', path: `${all}/operations/:operation`, answer: operation },
  ];
};
