import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { asTenantId, isGuid } from '../../domain/ids.js';
import { groupsOf } from './graph-groups.js';
import { badRequest, bodyAs, conflict, equalitiesIn, notFound, refusal, type GraphWire } from './graph-wire.js';
import { assignmentStatus, daysIn, isConsentPending, requestStatus, type AccessAssignment, type Relationship, type RelationshipRequest, type Standing } from './relationship.js';
import { AnsweredEarly, type Answered, type Asked, type Route } from './route.js';
import { stableId } from './stable-id.js';
import type { State } from './state.js';
import type { Tenant } from './world.js';

type Action = RelationshipRequest['action'];
const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';

const guid = z.string().refine(isGuid).transform((id) => id.toLowerCase());
const accessDetails = z.strictObject({ unifiedRoles: z.array(z.strictObject({ roleDefinitionId: guid })).min(1) })
  .transform(({ unifiedRoles }) => [...new Set(unifiedRoles.map(({ roleDefinitionId }) => roleDefinitionId))]);
const draftSchema = z.strictObject({
  '@odata.type': z.string().optional(),
  displayName: z.string().max(50).refine((text) => text.trim() !== ''),
  duration: z.string().refine((text) => daysIn(text) !== undefined),
  autoExtendDuration: z.enum(['PT0S', 'P0D', 'P180D']).default('PT0S'),
  customer: z.strictObject({ '@odata.type': z.string().optional(), tenantId: guid.optional(), displayName: z.string().nullish() }).nullish(),
  accessDetails,
});
const requestSchema = z.strictObject({ '@odata.type': z.string().optional(), action: z.enum(['lockForApproval', 'terminate', 'approve', 'reject']) });
const assignmentSchema = z.strictObject({
  '@odata.type': z.string().optional(),
  accessContainer: z.strictObject({ accessContainerId: guid, accessContainerType: z.literal('securityGroup') }),
  accessDetails,
});

const collection = 'tenantRelationships/delegatedAdminRelationships';

/** Delegated administration (GDAP) as its partner sees and moves it; of everybody else's there is nothing. */
export const delegatedAdminRoutes = (state: State, { partnerOf, one, made, many }: GraphWire): readonly Route[] => {
  const bodyOf = (standing: Standing) =>
    relationshipBody(standing, state.tenant(standing.relationship.customer ?? ''), isConsentPending(standing.relationship, state.moment()));
  const ownedBy = (partner: Tenant): readonly Standing[] => state.relationshipsOf(partner.id);
  const found = (asked: Asked, partner: Tenant = partnerOf(asked)): Standing => {
    const standing = state.relationship(asked.params['relationship'] ?? '');
    if (standing?.relationship.partner !== partner.id) throw new AnsweredEarly(notFound);
    return standing;
  };
  const typeOf = ({ relationship: { id } }: Standing, part: string): string => `${collection}('${id}')/${part}`;
  const pathOf = ({ relationship: { id } }: Standing, ...parts: readonly string[]): string => [collection, id, ...parts].join('/');

  const list = (asked: Asked): Answered => {
    const partner = partnerOf(asked);
    const wanted = equalitiesIn(asked.url.searchParams.get('$filter'), ['customer/tenantId', 'status', 'displayName']);
    if (!wanted) return badRequest('Invalid filter clause.');
    const isWanted = ({ relationship, status }: Standing): boolean => wanted.every(([field, value]) =>
      field === 'status' ? status === value : field === 'displayName' ? relationship.name === value : relationship.customer === value.toLowerCase());
    return many(collection, ownedBy(partner).filter(isWanted).map(bodyOf), asked);
  };

  const create = (asked: Asked): Answered => {
    const partner = partnerOf(asked);
    if (!partner.csp) return refusal(403, 'Forbidden', 'The tenant is not a partner.');
    const draft = bodyAs(draftSchema, asked);
    if (draft.autoExtendDuration === 'P180D' && draft.accessDetails.includes(globalAdministrator)) return badRequest('A relationship with Global Administrator cannot be extended automatically.');
    const customer = draft.customer?.tenantId;
    if (customer !== undefined && !state.tenant(customer)) return badRequest('The customer tenant does not exist.');
    if (ownedBy(partner).some(({ relationship }) => relationship.name === draft.displayName)) {
      return refusal(409, 'Request_MultipleObjectsWithSameKeyValue', 'Another relationship has this displayName already.');
    }
    const relationship: Relationship = {
      id: `${randomUUID()}-${randomUUID()}`, partner: partner.id, customer: customer === undefined ? null : asTenantId(customer), name: draft.displayName,
      duration: draft.duration, autoExtend: draft.autoExtendDuration, roles: draft.accessDetails, created: state.now().toISOString(), requests: [], assignments: [],
    };
    state.putRelationship(relationship);
    const standing = { relationship, status: 'created', activated: null, ends: null, modified: relationship.created } as const;
    return made(`${collection}/$entity`, bodyOf(standing), pathOf(standing));
  };

  const get = (asked: Asked): Answered => one(`${collection}/$entity`, bodyOf(found(asked)), asked);

  const requestBody = ({ headers }: Asked) => (request: RelationshipRequest) => {
    const status = requestStatus(request, state.moment());
    return {
      '@odata.type': '#microsoft.graph.delegatedAdminRelationshipRequest', '@odata.etag': etagOf(request, status), id: request.id, action: actionFor(headers, request), status,
      createdDateTime: request.created, lastModifiedDateTime: status === 'succeeded' ? request.at : request.created,
    };
  };

  const ask = (asked: Asked): Answered => {
    const partner = partnerOf(asked);
    if (state.relationship(asked.params['relationship'] ?? '')?.relationship.provider === partner.id) return refusal(403, 'Forbidden', 'Only the indirect reseller answers.');
    const standing = found(asked, partner);
    const { relationship, status } = standing;
    const { action } = bodyAs(requestSchema, asked);
    if (action === 'approve' || action === 'reject') return answerDraft(asked, standing, action);
    const isLock = action === 'lockForApproval';
    if (status !== (isLock ? 'created' : 'active') || (isLock && relationship.requests.length > 0)) return conflict(`The relationship is ${status}.`);
    const { lockMs, terminateMs } = state.delays();
    return keepRequest(asked, standing, action, isLock ? lockMs : terminateMs);
  };

  const keepRequest = (asked: Asked, standing: Standing, action: Action, ms: number): Answered => {
    const { relationship } = standing;
    const step = state.stepOf(ms);
    const request: RelationshipRequest = { ...step, id: randomUUID(), action, created: state.now().toISOString() };
    state.putRelationship({ ...relationship, requests: [...relationship.requests, request], ...(action === 'terminate' && { termination: step }) });
    return made(
      `${typeOf(standing, 'requests')}/$entity`, { ...requestBody(asked)(request), status: 'created', lastModifiedDateTime: request.created }, pathOf(standing, 'requests', request.id),
    );
  };

  /** Only a reseller agrees, and only to what its provider prepared for it; the customer answers on its own page. */
  const answerDraft = (asked: Asked, standing: Standing, action: 'approve' | 'reject'): Answered => {
    const { relationship, status } = standing;
    if (relationship.provider === undefined) return badRequest(`The action ${action} is not valid for this relationship.`);
    if (status !== 'approvalPending' || !isConsentPending(relationship, state.moment())) return conflict('The relationship does not wait for the consent of the partner.');
    if (relationship.requests.some((other) => other.action === 'approve' || other.action === 'reject')) return conflict('The consent of the partner was asked for already.');
    return keepRequest(asked, standing, action, state.delays().lockMs);
  };

  const requests = (asked: Asked): Answered => {
    const standing = found(asked);
    return many(typeOf(standing, 'requests'), standing.relationship.requests.map(requestBody(asked)), asked);
  };

  const request = (asked: Asked): Answered => {
    const standing = found(asked);
    const wanted = standing.relationship.requests.find(({ id }) => id === (asked.params['request'] ?? '').toLowerCase());
    return wanted ? one(`${typeOf(standing, 'requests')}/$entity`, requestBody(asked)(wanted), asked) : notFound;
  };

  const assignmentBody = (standing: Standing) => (assignment: AccessAssignment) => {
    const status = assignmentStatus(assignment, standing, state.moment());
    return {
      '@odata.type': '#microsoft.graph.delegatedAdminAccessAssignment', '@odata.etag': etagOf(assignment, status), id: assignment.id, status,
      createdDateTime: assignment.created, lastModifiedDateTime: status === 'pending' ? assignment.created : assignment.at,
      accessContainer: { accessContainerId: assignment.group, accessContainerType: 'securityGroup' },
      accessDetails: { unifiedRoles: assignment.roles.map((roleDefinitionId) => ({ roleDefinitionId })) },
    };
  };

  const assign = (asked: Asked): Answered => {
    const partner = partnerOf(asked);
    const standing = found(asked, partner);
    const { relationship, status } = standing;
    const { accessContainer, accessDetails: roles } = bodyAs(assignmentSchema, asked);
    const group = accessContainer.accessContainerId;
    if (status !== 'active') return conflict(`The relationship is ${status}.`);
    if (!groupsOf(partner).some(({ id }) => id === group)) return badRequest('The security group does not exist.');
    if (!roles.every((role) => relationship.roles.some((approved) => approved.toLowerCase() === role))) return badRequest('A role was not approved by the customer.');
    if (relationship.assignments.some((other) => other.group === group)) return conflict('The security group has an access assignment already.');
    const assignment: AccessAssignment = { ...state.stepOf(state.delays().assignMs), id: randomUUID(), group, roles, created: state.now().toISOString() };
    state.putRelationship({ ...relationship, assignments: [...relationship.assignments, assignment] });
    const body = { ...assignmentBody(standing)(assignment), status: 'pending', lastModifiedDateTime: assignment.created };
    return made(`${typeOf(standing, 'accessAssignments')}/$entity`, body, pathOf(standing, 'accessAssignments', assignment.id));
  };

  const assignments = (asked: Asked): Answered => {
    const standing = found(asked);
    return many(typeOf(standing, 'accessAssignments'), standing.relationship.assignments.map(assignmentBody(standing)), asked);
  };

  const all = `/graph/v1.0/${collection}`;
  return [
    { method: 'get', path: all, answer: list },
    { method: 'post', path: all, answer: create },
    { method: 'get', path: `${all}/:relationship`, answer: get },
    { method: 'get', path: `${all}/:relationship/requests`, answer: requests },
    { method: 'post', path: `${all}/:relationship/requests`, answer: ask },
    { method: 'get', path: `${all}/:relationship/requests/:request`, answer: request },
    { method: 'get', path: `${all}/:relationship/accessAssignments`, answer: assignments },
    { method: 'post', path: `${all}/:relationship/accessAssignments`, answer: assign },
  ];
};

const etagOf = (thing: object, status: string): string => `W/"${stableId('etag', JSON.stringify(thing), status)}"`;

/** A value that came late to its enumeration is shown to those only who say that they know it. */
const actionFor = ({ prefer }: Asked['headers'], { action }: RelationshipRequest): string =>
  action === 'reject' && !String(prefer ?? '').includes('include-unknown-enum-members') ? 'unknownFutureValue' : action;

const relationshipBody = ({ relationship, status, activated, ends, modified }: Standing, customer: Tenant | undefined, isPending: boolean) => ({
  '@odata.type': `#microsoft.graph.${relationship.provider ? 'resellerDelegatedAdminRelationship' : 'delegatedAdminRelationship'}`,
  '@odata.etag': etagOf(relationship, `${status} ${ends} ${isPending}`),
  id: relationship.id,
  displayName: relationship.name,
  duration: relationship.duration,
  autoExtendDuration: relationship.autoExtend,
  customer: relationship.customer && { tenantId: relationship.customer, displayName: customer?.name },
  accessDetails: { unifiedRoles: relationship.roles.map((roleDefinitionId) => ({ roleDefinitionId })) },
  status,
  createdDateTime: relationship.created,
  lastModifiedDateTime: modified,
  activatedDateTime: activated ?? '',
  endDateTime: ends,
  ...(relationship.provider && { isPartnerConsentPending: isPending, indirectProviderTenantId: relationship.provider }),
});
