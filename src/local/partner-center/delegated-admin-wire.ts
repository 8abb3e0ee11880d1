import { z } from 'zod';
import { isGuid } from '../../domain/ids.js';
import { notFound, refusal, type GraphWire } from './graph-wire.js';
import { isConsentPending, type Relationship, type Standing } from './relationship.js';
import { AnsweredEarly, type Answered, type Asked } from './route.js';
import { stableId } from './stable-id.js';
import type { State } from './state.js';
import type { Tenant } from './world.js';

export const collection = 'tenantRelationships/delegatedAdminRelationships';
export const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';
/** Seconds after which to ask for an operation again. */
export const askAgainSeconds = 1;

export const guid = z.string().refine(isGuid).transform((id) => id.toLowerCase());
export const accessDetails = z.strictObject({ '@odata.type': z.string().optional(), unifiedRoles: z.array(z.strictObject({ '@odata.type': z.string().optional(), roleDefinitionId: guid })).min(1) })
  .transform(({ unifiedRoles }) => [...new Set(unifiedRoles.map(({ roleDefinitionId }) => roleDefinitionId))]);

export const etagOf = (thing: object, status: string): string => `W/"${stableId('etag', JSON.stringify(thing), status)}"`;
export const accessTo = (roles: readonly string[]) => ({ unifiedRoles: roles.map((roleDefinitionId) => ({ roleDefinitionId })) });
export const areSameRoles = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((role) => others.some((other) => other.toLowerCase() === role.toLowerCase()));

/** @throws AnsweredEarly 428 without an etag, 412 with an old one */
export const checkEtag = ({ headers }: Asked, etag: string): void => {
  const wanted = headers['if-match'];
  if (wanted === undefined) throw new AnsweredEarly(refusal(428, 'PreconditionRequired', 'The If-Match header is required.'));
  if (wanted !== '*' && wanted !== etag) throw new AnsweredEarly(refusal(412, 'PreconditionFailed', 'The etag is not that of the resource as it stands.'));
};

const relationshipBody = ({ relationship, status, activated, ends, modified }: Standing, customer: Tenant | undefined, isPending: boolean) => ({
  '@odata.type': `#microsoft.graph.${relationship.provider ? 'resellerDelegatedAdminRelationship' : 'delegatedAdminRelationship'}`,
  '@odata.etag': etagOf(relationship, `${status} ${ends} ${isPending}`),
  id: relationship.id,
  displayName: relationship.name,
  duration: relationship.duration,
  autoExtendDuration: relationship.autoExtend,
  customer: relationship.customer && { tenantId: relationship.customer, displayName: customer?.name },
  accessDetails: accessTo(relationship.roles),
  status: relationship.shownAs ?? status,
  createdDateTime: relationship.created,
  lastModifiedDateTime: modified,
  activatedDateTime: activated ?? '',
  endDateTime: ends,
  ...(relationship.provider && { isPartnerConsentPending: isPending, indirectProviderTenantId: relationship.provider }),
});

/** What all answers about a partner's delegated administration have in common; of everybody else's there is nothing. */
export const delegatedAdminWire = (state: State, { partnerOf, one }: GraphWire) => {
  const bodyOf = (standing: Standing) =>
    relationshipBody(standing, state.tenant(standing.relationship.customer ?? ''), isConsentPending(standing.relationship, state.moment()));
  const found = (asked: Asked, partner: Tenant = partnerOf(asked)): Standing => {
    const standing = state.relationship(asked.params['relationship'] ?? '');
    if (standing?.relationship.partner !== partner.id) throw new AnsweredEarly(notFound);
    return standing;
  };
  return {
    bodyOf, found,
    typeOf: ({ relationship: { id } }: Standing, part: string): string => `${collection}('${id}')/${part}`,
    pathOf: ({ relationship: { id } }: Pick<Standing, 'relationship'>, ...parts: readonly string[]): string => [collection, id, ...parts].join('/'),
    whole: (standing: Standing, asked: Asked): Answered => one(`${collection}/$entity`, bodyOf(standing), asked),
    /** As it stands after a change. */
    again: ({ id }: Relationship): Standing => state.relationship(id) ?? stop(notFound),
  };
};

export type DelegatedAdminWire = ReturnType<typeof delegatedAdminWire>;

const stop = (answered: Answered): never => {
  throw new AnsweredEarly(answered);
};
