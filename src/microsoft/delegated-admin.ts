import { setTimeout as wait } from 'node:timers/promises';
import { AuthorityUnavailableError, type AuthorityRefusal, type Prepared, type RelationshipAuthority } from '../commands/ports.js';
import type { DelegatedAsk, DelegatedStatus } from '../domain/delegated-admin.js';
import type { TenantId } from '../domain/ids.js';
import type { Accounts } from './accounts.js';
import { isDone, readAs } from './answers.js';
import type { Answer, Asking, Caller } from './caller.js';
import { asDelegatedAdmin, isProviderPrepared, isWhatWasAsked, quoted, relationshipShape, requestBody, requestShape, statusOf, type WireRelationship } from './delegated-admin-wire.js';
import { UntrustedLinkError } from './errors.js';
import { commercialDelegatedAdminLink, isTrusted } from './links.js';
import type { MicrosoftOptions } from './options.js';
import { graphItems } from './pages.js';
import { refusedAs, refusedByGraph } from './refusals.js';

type Delegated = NonNullable<Prepared['delegated']>;
type Action = 'lockForApproval' | 'terminate';
type Refused<T> = T | AuthorityRefusal;

const living: readonly DelegatedStatus[] = ['created', 'approvalPending', 'approved', 'activating', 'active'];
const ending: readonly DelegatedStatus[] = ['terminationRequested', 'terminating', 'terminated', 'expiring', 'expired'];

const isGone = ({ status }: Answer): boolean => status === 404;
const isRefused = (outcome: object): outcome is AuthorityRefusal => 'refused' in outcome;

export type DelegatedAdministration = Pick<RelationshipAuthority, 'listDelegatedAdmin' | 'terminateDelegatedAdmin'> & {
  /** A request under the asked name, locked and waiting for the customer. Asked again, it goes on where it stopped. */
  request(partner: TenantId, customer: TenantId, ask: DelegatedAsk): Promise<Refused<Delegated>>;
};

/** Delegated administration (GDAP): what a partner asks a customer for, sees, and ends. */
export const createDelegatedAdministration = (
  { delegatedAdminLink = commercialDelegatedAdminLink, allowedLinkOrigins, pollMs = 200, pollForMs = 4_000 }: MicrosoftOptions, call: Caller, { graph }: Accounts,
): DelegatedAdministration => {
  const about = (partner: TenantId, relationship: string): Asking => ({ ...graph(partner), params: { relationship } });

  const pageFor = (relationship: string): string => {
    const link = delegatedAdminLink(relationship);
    if (!isTrusted(link, allowedLinkOrigins)) throw new AuthorityUnavailableError('createDelegatedAdmin', { cause: new UntrustedLinkError() });
    return link;
  };

  const named = (partner: TenantId, name: string): Promise<WireRelationship[]> =>
    graphItems(call, 'listDelegatedAdmin', { ...graph(partner), query: { $filter: `displayName eq ${quoted(name)}` } }, relationshipShape);

  const isOurs = (customer: TenantId, ask: DelegatedAsk) => (wire: WireRelationship): boolean =>
    !isProviderPrepared(wire) && living.includes(statusOf(wire)) && asDelegatedAdmin(wire).some((one) => one.customer === customer) && isWhatWasAsked(wire, ask);

  const create = async (partner: TenantId, customer: TenantId, ask: DelegatedAsk): Promise<Refused<WireRelationship>> => {
    const answer = await call('createDelegatedAdmin', { ...graph(partner), body: requestBody(ask, customer) });
    // The first try may have made it without saying so, and the list may be late.
    const own = answer.status === 409 && (await named(partner, ask.name)).find(isOurs(customer, ask));
    if (own) return own;
    return isDone(answer) ? readAs(relationshipShape, 'createDelegatedAdmin', answer) : refusedByGraph({ 409: 'GDAP_NAME_TAKEN' }, answer);
  };

  const findOrCreate = async (partner: TenantId, customer: TenantId, ask: DelegatedAsk): Promise<Refused<WireRelationship>> => {
    const taken = (await named(partner, ask.name)).filter(({ displayName }) => displayName === ask.name);
    if (taken.length === 0) return create(partner, customer, ask);
    return taken.find(isOurs(customer, ask)) ?? { refused: { code: 'GDAP_NAME_TAKEN', serviceCode: '', correlationId: '' } };
  };

  const hasAsked = async (partner: TenantId, relationship: string, wanted: Action): Promise<boolean> => {
    const requests = await graphItems(call, 'listRequests', about(partner, relationship), requestShape, isGone);
    return requests.some(({ action, status }) => action === wanted && status !== 'failed');
  };

  const ask = (partner: TenantId, relationship: string, action: Action): Promise<Answer> =>
    call('requestDelegatedAdmin', { ...about(partner, relationship), body: { action } });

  const lock = async (partner: TenantId, relationship: string): Promise<'asked' | AuthorityRefusal> => {
    if (await hasAsked(partner, relationship, 'lockForApproval')) return 'asked';
    const answer = await ask(partner, relationship, 'lockForApproval');
    // A conflict is a lock that somebody was quicker with.
    return isDone(answer) || answer.status === 409 ? 'asked' : refusedByGraph({ 404: 'GDAP_WRONG_STATE' }, answer);
  };

  /** @throws AuthorityUnavailableError when it takes Microsoft longer than we wait */
  const locked = async (partner: TenantId, relationship: string): Promise<'locked' | AuthorityRefusal> => {
    for (const startedAt = performance.now(); ; ) {
      const answer = await call('getDelegatedAdmin', about(partner, relationship));
      const status = statusOf(readAs(relationshipShape, 'getDelegatedAdmin', answer));
      if (status !== 'created') return living.includes(status) ? 'locked' : refusedAs('GDAP_WRONG_STATE', answer);
      if (performance.now() - startedAt >= pollForMs) {
        throw new AuthorityUnavailableError('getDelegatedAdmin', { retryAfterSeconds: 2, correlationId: answer.correlationId });
      }
      await wait(pollMs);
    }
  };

  return {
    request: async (partner, customer, wish) => {
      // A page that nobody could be sent to is found out before anything exists.
      pageFor('relationship');
      const found = await findOrCreate(partner, customer, wish);
      if (isRefused(found)) return found;
      if (statusOf(found) === 'created') {
        const asked = await lock(partner, found.id);
        const outcome = asked === 'asked' ? await locked(partner, found.id) : asked;
        if (outcome !== 'locked') return outcome;
      }
      return { relationship: found.id, link: pageFor(found.id) };
    },

    listDelegatedAdmin: async (partner, customer) => {
      const asking = { ...graph(partner), ...(customer && { query: { $filter: `customer/tenantId eq ${quoted(customer)}` } }) };
      const found = await graphItems(call, 'listDelegatedAdmin', asking, relationshipShape);
      return found.flatMap(asDelegatedAdmin).filter((one) => !customer || one.customer === customer);
    },

    terminateDelegatedAdmin: async (partner, relationship) => {
      const standing = await call('getDelegatedAdmin', about(partner, relationship));
      if (isGone(standing)) return 'asked';
      const status = statusOf(readAs(relationshipShape, 'getDelegatedAdmin', standing));
      if (ending.includes(status)) return 'asked';
      if (status !== 'active') return refusedAs('GDAP_WRONG_STATE', standing);
      const answer = await ask(partner, relationship, 'terminate');
      if (isDone(answer) || isGone(answer)) return 'asked';
      // Somebody was quicker, perhaps we ourselves.
      if (answer.status === 409 && (await hasAsked(partner, relationship, 'terminate'))) return 'asked';
      return refusedByGraph({ 409: 'GDAP_WRONG_STATE' }, answer);
    },
  };
};
