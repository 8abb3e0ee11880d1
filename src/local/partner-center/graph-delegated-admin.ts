import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { asTenantId } from '../../domain/ids.js';
import { accessDetails, areSameRoles, askAgainSeconds, checkEtag, collection, delegatedAdminWire, etagOf, globalAdministrator, guid } from './delegated-admin-wire.js';
import { assignmentRoutes } from './graph-assignments.js';
import { badRequest, bodyAs, conflict, equalitiesIn, notFound, refusal, type GraphWire } from './graph-wire.js';
import { daysIn, isConsentPending, requestStatus, runningOperation, type Operation, type Relationship, type RelationshipRequest, type Standing } from './relationship.js';
import type { Answered, Asked, Route } from './route.js';
import type { State } from './state.js';
import type { Tenant } from './world.js';

type Action = RelationshipRequest['action'];

const draftSchema = z.strictObject({
  '@odata.type': z.string().optional(),
  displayName: z.string().max(50).refine((text) => text.trim() !== ''),
  duration: z.string().refine((text) => daysIn(text) !== undefined),
  autoExtendDuration: z.enum(['PT0S', 'P0D', 'P180D']).default('PT0S'),
  customer: z.strictObject({ '@odata.type': z.string().optional(), tenantId: guid.optional(), displayName: z.string().nullish() }).nullish(),
  accessDetails,
});
const requestSchema = z.strictObject({ '@odata.type': z.string().optional(), action: z.enum(['lockForApproval', 'terminate', 'approve', 'reject']) });
const changeSchema = z.strictObject({ ...draftSchema.shape, displayName: draftSchema.shape.displayName.optional(), duration: draftSchema.shape.duration.optional(), autoExtendDuration: draftSchema.shape.autoExtendDuration.unwrap().optional(), accessDetails: accessDetails.optional() });

/** Delegated administration (GDAP) as its partner sees and moves it; of everybody else's there is nothing. */
export const delegatedAdminRoutes = (state: State, wire: GraphWire): readonly Route[] => {
  const { bodyOf, found, typeOf, pathOf, whole, again } = delegatedAdminWire(state, wire);
  const { partnerOf, one, made, many, begun } = wire;
  const ownedBy = (partner: Tenant): readonly Standing[] => state.relationshipsOf(partner.id);

  const list = (asked: Asked): Answered => {
    const partner = partnerOf(asked);
    const wanted = equalitiesIn(asked.url.searchParams.get('$filter'), ['customer/tenantId', 'status', 'displayName']);
    if (!wanted) return badRequest('Invalid filter clause.');
    const isWanted = ({ relationship, status }: Standing): boolean => wanted.every(([field, value]) =>
      field === 'status' ? (relationship.shownAs ?? status) === value : field === 'displayName' ? relationship.name === value : relationship.customer === value.toLowerCase());
    return many(collection, ownedBy(partner).filter(isWanted).map(bodyOf), asked);
  };

  const create = (asked: Asked): Answered => {
    const partner = partnerOf(asked);
    if (!partner.csp) return refusal(403, 'Forbidden', 'The tenant is not a partner.');
    const draft = bodyAs(draftSchema, asked);
    const customer = draft.customer?.tenantId;
    const bad = badDraft(partner.id, { name: draft.displayName, autoExtend: draft.autoExtendDuration, roles: draft.accessDetails, customer: customer === undefined ? null : asTenantId(customer) });
    if (bad) return bad;
    const relationship: Relationship = {
      id: `${randomUUID()}-${randomUUID()}`, partner: partner.id, customer: customer === undefined ? null : asTenantId(customer), name: draft.displayName,
      duration: draft.duration, autoExtend: draft.autoExtendDuration, roles: draft.accessDetails, created: state.now().toISOString(), requests: [], assignments: [],
    };
    state.putRelationship(relationship);
    const standing = { relationship, status: 'created', activated: null, ends: null, modified: relationship.created } as const;
    return made(`${collection}/$entity`, bodyOf(standing), pathOf(standing));
  };

  const get = (asked: Asked): Answered => whole(found(asked), asked);

  const isNameTaken = (name: string, partner: string, but?: string): boolean =>
    state.relationshipsOf(asTenantId(partner)).some(({ relationship }) => relationship.name === name && relationship.id !== but);
  const badDraft = (partner: string, { id, name, autoExtend, roles, customer }: Pick<Relationship, 'name' | 'autoExtend' | 'roles' | 'customer'> & { readonly id?: string }): Answered | undefined => {
    if (autoExtend === 'P180D' && roles.some((role) => role.toLowerCase() === globalAdministrator)) return badRequest('A relationship with Global Administrator cannot be extended automatically.');
    if (customer !== null && !state.tenant(customer)) return badRequest('The customer tenant does not exist.');
    return isNameTaken(name, partner, id) ? refusal(409, 'Request_MultipleObjectsWithSameKeyValue', 'Another relationship has this displayName already.') : undefined;
  };

  /** A draft may still become anything; what is in force may start or stop extending itself, and lose Global Administrator. */
  const change = (asked: Asked): Answered => {
    const standing = found(asked);
    const { relationship, status } = standing;
    checkEtag(asked, bodyOf(standing)['@odata.etag']);
    const wanted = bodyAs(changeSchema, asked);
    const isDraft = status === 'created' && relationship.requests.length === 0;
    if (!isDraft && status !== 'active') return conflict(`The relationship is ${status}.`);
    if (!isDraft && (wanted.displayName !== undefined || wanted.duration !== undefined || wanted.customer !== undefined)) return conflict(`The relationship is ${status}.`);
    if (!isDraft && wanted.accessDetails) return removeGlobalAdministrator(standing, wanted.accessDetails);
    const changed: Relationship = {
      ...relationship, name: wanted.displayName ?? relationship.name, duration: wanted.duration ?? relationship.duration, autoExtend: wanted.autoExtendDuration ?? relationship.autoExtend,
      roles: wanted.accessDetails ?? relationship.roles,
      ...(wanted.customer !== undefined && { customer: wanted.customer?.tenantId === undefined ? null : asTenantId(wanted.customer.tenantId) }),
      // What was extended so far stays so.
      ...(relationship.approval && standing.ends !== null && { approval: { ...relationship.approval, until: standing.ends } }),
    };
    const bad = badDraft(relationship.partner, changed);
    if (bad) return bad;
    state.putRelationship(changed);
    return whole(again(changed), asked);
  };

  const removeGlobalAdministrator = (standing: Standing, roles: readonly string[]): Answered => {
    const { relationship } = standing;
    const rest = relationship.roles.filter((role) => role.toLowerCase() !== globalAdministrator);
    if (rest.length === relationship.roles.length || !areSameRoles(rest, roles)) return conflict('Only the Global Administrator role can be removed from an active relationship.');
    if (runningOperation(standing, undefined, state.moment())) return conflict('The role is being removed already.');
    const operation: Operation = { ...state.stepOf(state.delays().assignMs), id: randomUUID(), roles: rest, created: state.now().toISOString() };
    state.putRelationship({ ...relationship, operations: [...(relationship.operations ?? []), operation] });
    return begun(pathOf(standing, 'operations', operation.id), askAgainSeconds);
  };

  const drop = (asked: Asked): Answered => {
    const standing = found(asked);
    const { relationship, status } = standing;
    checkEtag(asked, bodyOf(standing)['@odata.etag']);
    if (status !== 'created' || relationship.requests.length > 0) return conflict(`The relationship is ${status}.`);
    state.dropRelationship(relationship);
    return { status: 204 };
  };

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

  const all = `/graph/v1.0/${collection}`;
  return [
    { method: 'get', path: all, answer: list },
    { method: 'post', path: all, answer: create },
    { method: 'get', path: `${all}/:relationship`, answer: get },
    { method: 'patch', path: `${all}/:relationship`, answer: change },
    { method: 'del', path: `${all}/:relationship`, answer: drop },
    { method: 'get', path: `${all}/:relationship/requests`, answer: requests },
    { method: 'post', path: `${all}/:relationship/requests`, answer: ask },
    { method: 'get', path: `${all}/:relationship/requests/:request`, answer: request },
    ...assignmentRoutes(state, wire),
  ];
};

/** A value that came late to its enumeration is shown to those only who say that they know it. */
const actionFor = ({ prefer }: Asked['headers'], { action }: RelationshipRequest): string =>
  action === 'reject' && !String(prefer ?? '').includes('include-unknown-enum-members') ? 'unknownFutureValue' : action;
