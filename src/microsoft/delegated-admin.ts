import { setTimeout as wait } from 'node:timers/promises';
import { AuthorityUnavailableError, type AuthorityRefusal, type Prepared, type RelationshipAuthority } from '../commands/ports.js';
import type { DelegatedAsk, DelegatedStatus } from '../domain/delegated-admin.js';
import type { TenantId } from '../domain/ids.js';
import type { Accounts } from './accounts.js';
import { isDone, readAs } from './answers.js';
import type { Answer, Asking, Caller } from './caller.js';
import { asDelegatedAdmin, extendsItself, isProviderPrepared, isWhatWasAsked, quoted, relationshipShape, requestBody, requestShape, statusOf, type WireRelationship } from './delegated-admin-wire.js';
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
const wrongState: AuthorityRefusal = { refused: { code: 'GDAP_WRONG_STATE', serviceCode: '', correlationId: '' } };
const isRefused = (outcome: object): outcome is AuthorityRefusal => 'refused' in outcome;

export type DelegatedAdministration = Pick<RelationshipAuthority, 'listDelegatedAdmin' | 'terminateDelegatedAdmin' | 'stopAutoExtend'> & {
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

  const ifMatch = ({ '@odata.etag': etag }: WireRelationship) => ({ headers: { 'if-match': etag ?? '*' } });

  /** Best effort: a draft that stays is swept away by Microsoft. */
  const dropDraft = async (partner: TenantId, { id }: WireRelationship): Promise<void> => {
    try {
      const latest = readAs(relationshipShape, 'getDelegatedAdmin', await call('getDelegatedAdmin', about(partner, id)));
      if (statusOf(latest) === 'created') await call('deleteDraft', { ...about(partner, id), ...ifMatch(latest) });
    } catch (error) {
      if (!(error instanceof AuthorityUnavailableError)) throw error;
    }
  };

  const hasAsked = async (partner: TenantId, relationship: string, wanted: Action): Promise<boolean> => {
    const requests = await graphItems(call, 'listRequests', about(partner, relationship), requestShape, isGone);
    return requests.some(({ action, status }) => action === wanted && status !== 'failed');
  };

  const ask = (partner: TenantId, relationship: string, action: Action): Promise<Answer> =>
    call('requestDelegatedAdmin', { ...about(partner, relationship), body: { action } });

  /** Gives the id of the request, where Microsoft gave one. */
  const lock = async (partner: TenantId, relationship: string): Promise<{ readonly request: string } | AuthorityRefusal> => {
    if (await hasAsked(partner, relationship, 'lockForApproval')) return { request: '' };
    const answer = await ask(partner, relationship, 'lockForApproval');
    if (isDone(answer)) return { request: readAs(requestShape, 'requestDelegatedAdmin', answer).id ?? '' };
    // A conflict is a lock that somebody was quicker with.
    return answer.status === 409 ? { request: '' } : refusedByGraph({ 404: 'GDAP_WRONG_STATE' }, answer);
  };

  const hasFailed = async (partner: TenantId, relationship: string, request: string): Promise<boolean> => {
    if (request === '') return false;
    const answer = await call('getRequest', { ...graph(partner), params: { relationship, request } });
    return isDone(answer) && readAs(requestShape, 'getRequest', answer).status === 'failed';
  };

  /** @throws AuthorityUnavailableError when it takes Microsoft longer than we wait */
  const locked = async (partner: TenantId, relationship: string, request: string): Promise<'locked' | AuthorityRefusal> => {
    for (const startedAt = performance.now(); ; ) {
      const answer = await call('getDelegatedAdmin', about(partner, relationship));
      const status = statusOf(readAs(relationshipShape, 'getDelegatedAdmin', answer));
      if (status !== 'created') return living.includes(status) ? 'locked' : refusedAs('GDAP_WRONG_STATE', answer);
      if (await hasFailed(partner, relationship, request)) return refusedAs('GDAP_WRONG_STATE', answer);
      if (performance.now() - startedAt >= pollForMs) {
        throw new AuthorityUnavailableError('getDelegatedAdmin', { retryAfterSeconds: 2, correlationId: answer.correlationId });
      }
      await wait(pollMs);
    }
  };

  /** @returns nothing when it is gone */
  const standing = async (partner: TenantId, relationship: string): Promise<{ readonly wire: WireRelationship; readonly answer: Answer } | undefined> => {
    const answer = await call('getDelegatedAdmin', about(partner, relationship));
    return isGone(answer) ? undefined : { wire: readAs(relationshipShape, 'getDelegatedAdmin', answer), answer };
  };

  return {
    stopAutoExtend: async (partner, relationship) => {
      for (let tries = 1; ; tries += 1) {
        const found = await standing(partner, relationship);
        if (!found) return wrongState;
        if (!extendsItself(found.wire)) return 'stopped';
        if (statusOf(found.wire) !== 'active') return refusedAs('GDAP_WRONG_STATE', found.answer);
        const answer = await call('stopAutoExtend', { ...about(partner, relationship), ...ifMatch(found.wire), body: { autoExtendDuration: 'PT0S' } });
        if (isDone(answer)) return 'stopped';
        // Somebody changed it meanwhile: read again, once.
        if (answer.status !== 412 || tries === 2) return refusedByGraph({ 404: 'GDAP_WRONG_STATE', 409: 'GDAP_WRONG_STATE', 412: 'GDAP_WRONG_STATE' }, answer);
      }
    },

    request: async (partner, customer, wish) => {
      // A page that nobody could be sent to is found out before anything exists.
      pageFor('relationship');
      const found = await findOrCreate(partner, customer, wish);
      if (isRefused(found)) return found;
      if (statusOf(found) === 'created') {
        const asked = await lock(partner, found.id);
        const outcome = 'request' in asked ? await locked(partner, found.id, asked.request) : asked;
        if (outcome !== 'locked') {
          await dropDraft(partner, found);
          return outcome;
        }
      }
      return { relationship: found.id, link: pageFor(found.id) };
    },

    listDelegatedAdmin: async (partner, customer) => {
      const asking = { ...graph(partner), ...(customer && { query: { $filter: `customer/tenantId eq ${quoted(customer)}` } }) };
      const found = await graphItems(call, 'listDelegatedAdmin', asking, relationshipShape);
      return found.flatMap(asDelegatedAdmin).filter((one) => !customer || one.customer === customer);
    },

    terminateDelegatedAdmin: async (partner, relationship) => {
      const found = await standing(partner, relationship);
      if (!found) return 'asked';
      const status = statusOf(found.wire);
      if (ending.includes(status)) return 'asked';
      if (status !== 'active') return refusedAs('GDAP_WRONG_STATE', found.answer);
      const answer = await ask(partner, relationship, 'terminate');
      if (isDone(answer) || isGone(answer)) return 'asked';
      // Somebody was quicker, perhaps we ourselves.
      if (answer.status === 409 && (await hasAsked(partner, relationship, 'terminate'))) return 'asked';
      return refusedByGraph({ 409: 'GDAP_WRONG_STATE' }, answer);
    },
  };
};
