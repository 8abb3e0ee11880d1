import fc from 'fast-check';
import { asDomainName, asInvitationId, asPersonId, asReferenceCode, asTenantId } from '../../../src/domain/ids.js';
import { declineReasons, type Invitation } from '../../../src/domain/invitation.js';

const guid = fc.uuid();
const text = fc.string({ unit: 'binary', maxLength: 60 });
const instant = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2099-12-31') }).map((date) => date.toISOString());
const letters = fc.string({ unit: fc.constantFrom(...'ACDEFGHJKMNPQRTVWXY34679'), minLength: 3, maxLength: 3 });
const party = fc.record({ tenant: guid.map(asTenantId), name: text, domain: fc.domain().map(asDomainName) });
const actor = fc.record({ id: guid.map(asPersonId), name: text });
const answer = fc.record(
  {
    answer: fc.constantFrom('approved' as const, 'declined' as const), by: actor, at: instant,
    reason: fc.constantFrom(...declineReasons), comment: text, isReasonShared: fc.boolean(),
  },
  { requiredKeys: ['answer', 'by', 'at'] },
);

const note = fc.record({ by: actor, at: instant, text, side: fc.constantFrom('customer' as const, 'partner' as const) });
const asks = fc.record(
  {
    sell: fc.boolean(),
    manage: fc.record({ name: text, roles: fc.array(guid, { minLength: 1, maxLength: 3 }), days: fc.integer({ min: 1, max: 730 }), autoExtends: fc.boolean(), roleReason: text }, { requiredKeys: ['name', 'roles', 'days', 'autoExtends'] }),
    provider: fc.record({ tenant: guid.map(asTenantId), name: text }),
  },
  { requiredKeys: ['sell'] },
);

const sent = { sentAt: instant, expiresAt: instant, link: fc.webUrl() };
/** What may happen to a request before its end. */
const onTheWay = {
  delegated: fc.record({ relationship: text, link: fc.webUrl() }), seen: fc.record({ sell: instant, manage: instant }, { requiredKeys: [] }), openedAt: instant,
  remarks: fc.array(note, { maxLength: 3 }), suggestion: fc.record({ by: actor, at: instant, roles: fc.array(guid, { maxLength: 2 }), days: fc.integer({ min: 1, max: 730 }) }),
  reminders: fc.array(instant, { maxLength: 3 }),
};
const late = { foundLateAt: instant };

const standing = fc.oneof(
  fc.record({ state: fc.constant('draft' as const) }),
  fc.record({ state: fc.constant('sent' as const), ...sent, ...onTheWay }, { requiredKeys: ['state', 'sentAt', 'expiresAt', 'link'] }),
  fc.record({ state: fc.constant('delivered' as const), deliveredAt: instant, ...sent }),
  fc.record({ state: fc.constant('awaitingAuthority' as const), answer, ...sent }),
  fc.record({ state: fc.constant('established' as const), establishedAt: instant, answer, ...sent }, { requiredKeys: ['state', 'establishedAt', 'sentAt', 'expiresAt', 'link'] }),
  fc.record({ state: fc.constant('declined' as const), answer, ...sent, ...late }, { requiredKeys: ['state', 'answer', 'sentAt', 'expiresAt', 'link'] }),
  fc.record({ state: fc.constant('expired' as const), expiredAt: instant, answer, ...sent, ...late }, { requiredKeys: ['state', 'expiredAt', 'sentAt', 'expiresAt', 'link'] }),
  fc.record({ state: fc.constant('cancelled' as const), cancelledAt: instant, ...sent, ...late }, { requiredKeys: ['state', 'cancelledAt', 'sentAt', 'expiresAt', 'link'] }),
  fc.record({ state: fc.constant('superseded' as const), supersededAt: instant }),
  fc.record({ state: fc.constant('failed' as const), failedAt: instant, authorityCode: text, correlationId: text }, { requiredKeys: ['state', 'failedAt', 'authorityCode'] }),
);

/** An invitation in any state, with any text in every place where people or companies write. */
export const anyInvitation: fc.Arbitrary<Invitation> = fc.tuple(
  fc.record({
    id: guid.map(asInvitationId),
    reference: fc.tuple(letters, letters).map(([one, other]) => asReferenceCode(`PR-${one}-${other}`)),
    asks,
    cloud: fc.constantFrom('commercial' as const, 'usGov' as const),
    partner: party,
    customer: party,
    inviter: fc.record({ id: guid.map(asPersonId), name: text, mail: text }, { requiredKeys: ['id', 'name'] }),
    reason: text,
    statedNotCsp: fc.boolean(),
    createdAt: instant,
    version: fc.integer({ min: 1, max: 1_000_000 }),
  }, { noNullPrototype: true }),
  standing,
).map(([terms, state]) => structuredClone({ ...terms, ...state }));
