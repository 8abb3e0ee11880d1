import type { Microsoft } from '../../../src/microsoft/microsoft.js';
import type { Operation } from '../../../src/microsoft/allowed-calls.js';
import { notConsented } from '../../../src/commands/ports.js';
import type { TenantId } from '../../../src/domain/ids.js';
import type { SigningIn } from '../../../src/microsoft/sign-in.js';
import { aDelegatedAsk } from '../../helpers/builders.js';
import * as at from '../../local/partner-center/a-sandbox.js';
import { allowedFor } from '../../microsoft/a-client.js';
import { DRAFT_NAME, NEWS, SERVICE_SUPPORT, USER_ADMINISTRATOR, type Backend, type Line } from './backend.js';

export type At = Microsoft & { readonly signingIn: SigningIn; readonly backend: Backend };

/** What a definite refusal comes out as: `ours` for the words of api.md section 4, the outcome itself for anything else. */
type Refused = { readonly otherwise: unknown; readonly but?: Readonly<Record<string, unknown>> };

/** How an operation is driven through the ports, and what comes of it. */
export type Drive = {
  /** What has to be so before; its name is handed on. */
  readonly given?: (at: At) => Promise<string>;
  readonly ask: (at: At, name: string) => Promise<unknown>;
  readonly good: unknown;
  /** By `status/code`, or by status. */
  readonly refused: Refused;
  /** For what is asked about in passing: what comes out when it gives no answer at all. Usually an outage. */
  readonly silent?: unknown;
  /** For a write that happened unheard: what is found out in the first try. Usually that nobody knows. */
  readonly unheard?: unknown;
  /** And what the second try comes to. Usually the good answer. */
  readonly again?: unknown;
  /** For a write: what stands afterwards, and what stood before. */
  readonly stands?: { readonly read: (at: At, name: string) => Promise<unknown>; readonly before: unknown; readonly after: unknown };
  readonly pages?: 'partnerCenter' | 'graph';
  /** Every refusal needs a world of its own: the rest is done all the same, or what was given is used up. */
  readonly goesOn?: true;
  /** Not counted by partner. */
  readonly lane?: 'none';
  readonly token?: 'none';
};

export const ours = Symbol('in our words');
export const outage = 'unavailable';
export const refusedAs = (code: string): string => `refused: ${code}`;

const words = (but: Refused['but'] = {}): Refused => ({ otherwise: ours, but });
const noAnswer = (but: Refused['but'] = {}): Refused => ({ otherwise: outage, but });
/** A tenant that is not ours and one that does not exist look alike. */
const notOurs = (is: unknown): Refused => noAnswer({ '403/20002': is, 404: is });
const graphWords = (but: Refused['but'] = {}): Refused => ({ otherwise: refusedAs('AUTHORITY_REFUSED'), but: { 403: refusedAs('ROLE_NOT_ALLOWED'), ...but } });
const wrongState = refusedAs('GDAP_WRONG_STATE');

const nothing = async (): Promise<string> => '';
const wish = aDelegatedAsk({ name: DRAFT_NAME, roles: [USER_ADMINISTRATOR, SERVICE_SUPPORT] });
const asksToManage = async ({ authority }: At): Promise<unknown> => {
  const outcome = await authority.prepareInvitation(allowedFor(at.FABRIKAM, { sell: false, manage: wish }));
  return 'delegated' in outcome && outcome.delegated?.link.includes(outcome.delegated.relationship) ? 'waits for the customer' : outcome;
};
const drafts = async ({ authority }: At): Promise<unknown> => (await authority.listDelegatedAdmin(at.FABRIKAM)).map(({ name, status }) => `${name} is ${status}`);
const waits = [`${DRAFT_NAME} is approvalPending`];
const statusOf = (wanted: keyof Backend['names']) => async ({ authority, backend }: At): Promise<unknown> =>
  (await authority.listDelegatedAdmin(at.NORTHWIND)).find(({ id }) => id === backend.names[wanted])?.status.replace(/terminat\w+/, 'ending');
const isAssigned = async ({ authority, backend: { names } }: At): Promise<string> => {
  await authority.assignAccess(at.NORTHWIND, { relationship: names.support, group: names.group, roles: [USER_ADMINISTRATOR] });
  return (await authority.listAssignments(at.NORTHWIND, names.support)).find(({ group }) => group === names.group)?.id ?? '';
};
const assigned = async ({ authority, backend: { names } }: At): Promise<unknown> =>
  (await authority.listAssignments(at.NORTHWIND, names.support)).filter(({ group, status }) => group === names.group && status !== 'deleted').map(({ roles }) => roles);
const changes = ({ authority, backend: { names } }: At, assignment: string) => authority.changeAccess(at.NORTHWIND, { relationship: names.support, assignment, roles: [SERVICE_SUPPORT] });
const registers = async ({ newsFeed }: At): Promise<string> => {
  await newsFeed.register(at.NORTHWIND, NEWS);
  return '';
};
const isRegistered = async ({ newsFeed }: At): Promise<unknown> => (await newsFeed.registration(at.NORTHWIND))?.events.length ?? 0;
const namesOf = (things: readonly { readonly name: string }[]): readonly string[] => things.map(({ name }) => name);
const rolesOf = async (at: At, tenant: TenantId, id: Parameters<Microsoft['directory']['person']>[1]): Promise<unknown> => {
  const person = await at.directory.person(tenant, id);
  return person === notConsented || person === undefined ? person : { roles: person.roles, ...('eligible' in person && { eligible: person.eligible }) };
};
/** The link on which a customer authorises an indirect reseller and its provider together. */
export const forBoth = async ({ authority }: At): Promise<unknown> => {
  const outcome = await authority.prepareInvitation(allowedFor(at.RESELLER, { sell: true, provider: { tenant: at.PROVIDER, name: 'Provider' } }));
  if (!('link' in outcome)) return outcome;
  const { msppId, invType, partnerId, indirectCSPId } = Object.fromEntries(new URL(outcome.link).searchParams);
  return { invType, partnerId, indirectCSPId, hasPartnerId: /^[1-9]\d+$/.test(msppId ?? '') };
};
export const together = { invType: 'IndirectResellerRelationship', partnerId: at.RESELLER, indirectCSPId: at.PROVIDER, hasPartnerId: true };
const holdings = async ({ directory }: At): Promise<unknown> => {
  const held = await directory.holdings(at.CONTOSO);
  return held === notConsented ? held : { subscriptions: held.subscriptions.map(({ offer, soldBy }) => `${offer} by ${soldBy}`), partners: namesOf(held.partners).toSorted() };
};
const holds = {
  subscriptions: [`Office 365 E3 by ${at.NORTHWIND}`, 'Microsoft 365 Copilot by microsoft', `Azure plan by ${at.PROVIDER}`, `Reserved VM by ${at.NORTHWIND}`], partners: ['Northwind', 'Provider', 'Reseller'],
};
const fabrikam = { id: at.FABRIKAM, name: 'Fabrikam', domain: 'fabrikam.com', cloud: 'commercial', type: 'directBill', country: 'TR', hasSignedMpa: 'yes' };
const contoso = { id: at.CONTOSO, name: 'Contoso & <Sons>', domain: 'contoso.com', cloud: 'commercial' };
const bill = { roles: ['billingAdmin'], eligible: ['globalAdmin'] };
const eligibleOnly = { ...bill, roles: ['user'] };
const denied = '403/Authorization_RequestDenied';
const question = { state: 'kept', nonce: 'once', verifier: 'a-verifier-of-at-least-forty-three-characters-0123456789', redirectUri: 'http://localhost:3978/sign-in/callback' };
const shows: Omit<Drive, 'refused'> = {
  given: ({ signingIn, backend }) => backend.signsIn(signingIn.person.address(at.CONTOSO, question), at.AYSE),
  ask: async ({ signingIn }, code) => {
    const outcome = await signingIn.person.finish(at.CONTOSO, { ...question, code });
    return outcome.is === 'shown' ? `${outcome.who.name}, ${outcome.who.roles?.join()}` : outcome.is;
  },
  good: 'Ayşe Yılmaz, 62e90394-69f5-4237-9190-012177145e10', token: 'none', lane: 'none', goesOn: true,
};
const badRequest: Line = { status: 400, body: { error: { code: 'BadRequest' } } };

/** All operations of `allowedCalls`, and no other. */
export const drives: Readonly<Record<Operation, Drive>> = {
  token: {
    ask: ({ authority }) => authority.observe(at.NORTHWIND, at.CONTOSO), good: 'yes', token: 'none', lane: 'none',
    // What a new sign-in would help; an app that is not allowed, or cannot prove itself, is for its operator.
    refused: noAnswer(Object.fromEntries(['invalid_grant 50057', 'invalid_grant 50076', 'invalid_grant 50078', 'invalid_grant 50079', 'invalid_grant 50158', 'invalid_grant 50173', 'invalid_grant 53003', 'invalid_grant 70008', 'invalid_grant 700082',
      'invalid_grant 9002313', 'interaction_required 50076'].map((name) => [`400/${name}`, 'sign-in needed']))),
  },
  // A code is good for one time.
  codeForTokens: { ...shows, refused: { otherwise: 'refused' }, again: 'tooOld' },
  signingKeys: { ...shows, refused: noAnswer() },
  openIdConfiguration: {
    ask: async ({ directory }) => (await directory.tenantByDomain(at.CONTOSO_COM, at.FABRIKAM))?.cloud, good: 'commercial', refused: noAnswer({ 400: 'unknown', 404: 'unknown' }), token: 'none', lane: 'none',
  },

  relationshipRequest: {
    ask: async ({ authority }) => {
      const outcome = await authority.prepareInvitation(allowedFor(at.FABRIKAM));
      return 'link' in outcome ? new URL(outcome.link).searchParams.get('partnerId') : outcome;
    },
    good: at.FABRIKAM, refused: words(),
  },
  listCustomers: { ask: async ({ authority }) => namesOf(await authority.listOwnCustomers(at.NORTHWIND)), good: ['Litware', 'Contoso & <Sons>', 'Proseware'], refused: noAnswer(), pages: 'partnerCenter' },
  getCustomer: { ask: ({ authority }) => authority.observe(at.NORTHWIND, at.CONTOSO), good: 'yes', refused: notOurs('no') },
  listSubscriptions: {
    ask: async ({ authority }) => (await authority.listOwnSubscriptions(at.NORTHWIND, at.CONTOSO)).map(({ offer, status, termEnds, partnerOfRecord }) => [offer, status, termEnds, partnerOfRecord]),
    good: [['Office 365 E3', 'active', '2027-03-31T00:00:00.000Z', at.NORTHWIND], ['Reserved VM', 'active', '2028-01-01T00:00:00.000Z', at.NORTHWIND]], refused: notOurs([]), pages: 'partnerCenter',
  },
  entitlements: {
    ask: async ({ authority }) => (await authority.removalBlockers(at.NORTHWIND, at.CONTOSO)).map(({ code, name }) => `${code}: ${name}`),
    good: ['NCE_NOT_CANCELLED: Office 365 E3', 'ACTIVE_RESERVATIONS: Reserved VM'], refused: notOurs(['NCE_NOT_CANCELLED: Office 365 E3', 'ACTIVE_SUBSCRIPTIONS: Reserved VM']), pages: 'partnerCenter',
  },
  removeRelationship: {
    ask: ({ authority }) => authority.removeRelationship(at.NORTHWIND, at.GERMAN), good: 'removed', refused: words({ '403/20002': 'removed', 404: 'removed' }),
    stands: { read: ({ authority }) => authority.observe(at.NORTHWIND, at.GERMAN), before: 'yes', after: 'no' },
  },
  secondTier: { ask: ({ authority }) => authority.observe(at.RESELLER, at.CONTOSO, at.PROVIDER), good: 'yes', refused: notOurs('no'), pages: 'partnerCenter' },
  transferEligibility: { ask: ({ authority }) => authority.transferable(at.NORTHWIND, at.CONTOSO), good: [at.E3], refused: { otherwise: 'unknown' } },
  auditRecords: {
    given: ({ backend }) => backend.partnerLeaves(at.NORTHWIND, at.GERMAN).then(nothing),
    ask: async ({ authority }) => (await authority.whenEnded(at.NORTHWIND, at.GERMAN, 'reseller', new Date('2026-11-01T00:00:00Z')))?.slice(0, 10), good: '2026-11-22', refused: noAnswer(), pages: 'partnerCenter',
  },
  partnerships: { ask: ({ authority }) => authority.listPartnerships(at.RESELLER), good: [{ tenant: at.PROVIDER, name: 'Provider', country: 'TR', is: 'provider' }], refused: noAnswer(), pages: 'partnerCenter' },
  legalBusinessProfile: { ask: ({ authority }) => authority.partner(at.FABRIKAM), good: fabrikam, refused: { otherwise: { ...fabrikam, country: 'unknown' } } },
  partnerProfile: {
    // Asked for where Microsoft's link knows nothing of the provider.
    given: async ({ authority }) => {
      const outcome = await authority.prepareInvitation(allowedFor(at.RESELLER));
      return 'link' in outcome ? outcome.link : '';
    },
    ask: async (stage, url) => {
      await stage.backend.breaks('relationshipRequest', [{ body: { url } }]);
      return forBoth(stage);
    },
    good: together, refused: words({ 404: refusedAs('PARTNER_NOT_ACTIVE') }),
  },
  agreementStatus: { ask: ({ authority }) => authority.partner(at.FABRIKAM), good: fabrikam, refused: { otherwise: { ...fabrikam, hasSignedMpa: 'unknown' } } },

  webhookEvents: { ask: async ({ newsFeed }) => (await newsFeed.eventNames(at.NORTHWIND)).includes('granular-admin-relationship-approved'), good: true, refused: noAnswer() },
  webhookRegistration: { given: registers, ask: ({ newsFeed }) => newsFeed.registration(at.NORTHWIND), good: NEWS, refused: noAnswer({ 404: undefined }) },
  registerWebhook: {
    ask: async ({ newsFeed }) => newsFeed.register(at.NORTHWIND, NEWS, await newsFeed.registration(at.NORTHWIND)), good: 'registered', refused: words(),
    stands: { read: isRegistered, before: 0, after: 2 },
  },
  changeWebhook: {
    given: registers, ask: ({ newsFeed }) => newsFeed.register(at.NORTHWIND, { ...NEWS, events: ['test-created'] }, NEWS), good: 'registered', refused: words(),
    stands: { read: isRegistered, before: 2, after: 1 },
  },
  askTestEvent: {
    given: registers, ask: async ({ newsFeed }) => {
      const outcome = await newsFeed.askTest(at.NORTHWIND);
      return 'test' in outcome ? outcome.test.length : outcome;
    },
    good: 36, refused: words(),
  },
  testEvent: {
    given: async (stage) => {
      await registers(stage);
      const outcome = await stage.newsFeed.askTest(at.NORTHWIND);
      return 'test' in outcome ? outcome.test : '';
    },
    ask: async ({ newsFeed }, test) => /^(completed|inProgress)$/.test((await newsFeed.testResult(at.NORTHWIND, test)).status), good: true, refused: noAnswer(),
  },

  tenantByDomain: {
    ask: ({ directory }) => directory.tenantByDomain(at.CONTOSO_COM, at.FABRIKAM), good: contoso,
    // The login service knows its id, and by its id it is found.
    refused: noAnswer({ 404: contoso }), lane: 'none',
  },
  tenantById: { ask: ({ directory }) => directory.tenantById(at.CONTOSO, at.FABRIKAM), good: contoso, refused: noAnswer({ 404: undefined, [denied]: undefined }), lane: 'none' },

  listDelegatedAdmin: {
    ask: async ({ authority }) => (await authority.listDelegatedAdmin(at.NORTHWIND)).map(({ name, status, autoExtends, customer, until }) => [name, status, autoExtends, customer, until.slice(0, 4)]),
    good: [['Support', 'active', false, at.CONTOSO, '2027'], ['Operations', 'active', true, at.GERMAN, '2027']], refused: noAnswer(), pages: 'graph',
  },
  createDelegatedAdmin: {
    ask: asksToManage, good: 'waits for the customer', refused: graphWords({ 409: refusedAs('GDAP_NAME_TAKEN') }), stands: { read: drafts, before: [], after: waits },
  },
  getDelegatedAdmin: { ask: ({ authority, backend }) => authority.terminateDelegatedAdmin(at.NORTHWIND, backend.names.support), good: 'asked', refused: noAnswer({ 404: 'asked' }) },
  stopAutoExtend: {
    ask: ({ authority, backend }) => authority.stopAutoExtend(at.NORTHWIND, backend.names.operations), good: 'stopped', refused: graphWords({ 404: wrongState, 409: wrongState, 412: 'stopped' }),
    stands: { read: async ({ authority, backend }) => (await authority.listDelegatedAdmin(at.NORTHWIND)).find(({ id }) => id === backend.names.operations)?.autoExtends, before: true, after: false },
  },
  deleteDraft: {
    ask: async (stage) => {
      await stage.backend.breaks('requestDelegatedAdmin', [badRequest]);
      return asksToManage(stage);
    },
    good: refusedAs('AUTHORITY_REFUSED'), refused: { otherwise: refusedAs('AUTHORITY_REFUSED') }, silent: refusedAs('AUTHORITY_REFUSED'), goesOn: true,
    stands: { read: drafts, before: [`${DRAFT_NAME} is created`], after: [] },
  },
  listRequests: { ask: asksToManage, good: 'waits for the customer', refused: noAnswer({ 404: 'waits for the customer' }), pages: 'graph', goesOn: true },
  requestDelegatedAdmin: {
    ask: ({ authority, backend }) => authority.terminateDelegatedAdmin(at.NORTHWIND, backend.names.support), good: 'asked', refused: graphWords({ 404: 'asked', 409: wrongState }),
    stands: { read: statusOf('support'), before: 'active', after: 'ending' },
  },
  answerProviderDraft: {
    given: ({ backend }) => backend.providerPrepares(), ask: ({ authority }, draft) => authority.answerProviderDraft(at.RESELLER, draft, 'approve'), good: 'asked',
    refused: graphWords({ 404: wrongState, 409: wrongState }), unheard: 'asked',
    stands: { read: async ({ authority }) => (await authority.listDelegatedAdmin(at.RESELLER)).map(({ needsOurConsent }) => needsOurConsent === true), before: [true], after: [false] },
  },
  // A refusal is no failure of the lock, and the lock goes on.
  getRequest: { given: ({ backend }) => backend.locksSlowly().then(nothing), ask: asksToManage, good: 'waits for the customer', refused: { otherwise: 'waits for the customer' }, goesOn: true },
  listAssignments: {
    given: isAssigned, ask: assigned, good: [[USER_ADMINISTRATOR]], refused: noAnswer({ 404: [] }), pages: 'graph',
  },
  assignAccess: {
    ask: ({ authority, backend: { names } }) => authority.assignAccess(at.NORTHWIND, { relationship: names.support, group: names.group, roles: [USER_ADMINISTRATOR] }), good: 'asked',
    refused: graphWords({ 400: refusedAs('ROLE_NOT_IN_GRANT'), 404: wrongState, 409: refusedAs('ASSIGNMENT_EXISTS') }), stands: { read: assigned, before: [], after: [[USER_ADMINISTRATOR]] },
  },
  changeAssignment: {
    given: isAssigned, ask: changes, good: 'asked', refused: graphWords({ 400: refusedAs('ROLE_NOT_IN_GRANT'), 404: wrongState, 409: wrongState, 412: 'asked' }),
    stands: { read: assigned, before: [[USER_ADMINISTRATOR]], after: [[SERVICE_SUPPORT]] },
  },
  deleteAssignment: {
    given: isAssigned, ask: ({ authority, backend: { names } }, assignment) => authority.withdrawAccess(at.NORTHWIND, { relationship: names.support, assignment }), good: 'asked',
    refused: graphWords({ 404: 'asked', 409: wrongState, 412: 'asked' }), stands: { read: assigned, before: [[USER_ADMINISTRATOR]], after: [] },
  },
  assignmentOperation: { given: isAssigned, ask: changes, good: 'asked', refused: { otherwise: 'asked' }, goesOn: true },
  delegatedAdminCustomers: { ask: async ({ authority }) => namesOf(await authority.listAdministered(at.NORTHWIND)), good: ['Contoso & <Sons>', 'Proseware'], refused: noAnswer(), pages: 'graph' },

  user: {
    ask: ({ directory }) => directory.person(at.CONTOSO, at.AYSE), good: { id: at.AYSE, tenant: at.CONTOSO, name: 'Ayşe Yılmaz', mail: 'ayse@contoso.com', roles: ['globalAdmin'], isGuest: false },
    refused: noAnswer({ 404: undefined, [denied]: notConsented }),
  },
  memberOf: { ask: (stage) => rolesOf(stage, at.FABRIKAM, at.ELIF), good: { roles: ['salesAgent'] }, refused: noAnswer({ [denied]: notConsented }), pages: 'graph' },
  activeRoles: {
    // What was just switched on is not among the memberships yet.
    ask: async (stage) => {
      await stage.backend.breaks('memberOf', [{ body: { value: [] } }]);
      return rolesOf(stage, at.CONTOSO, at.BILL);
    },
    good: bill, refused: noAnswer({ 400: eligibleOnly, 403: eligibleOnly, 404: eligibleOnly }), pages: 'graph',
  },
  eligibleRoles: {
    ask: (stage) => rolesOf(stage, at.CONTOSO, at.BILL), good: bill,
    refused: noAnswer({ 400: { roles: ['billingAdmin'] }, 403: { roles: ['billingAdmin'] }, 404: { roles: ['billingAdmin'] } }), pages: 'graph',
  },
  securityGroups: { ask: async ({ authority }) => namesOf(await authority.listSecurityGroups(at.NORTHWIND)).filter((name) => /^[MA]\w+ \w+$/.test(name)), good: ['M365 Support', 'Azure Operations'], refused: noAnswer(), pages: 'graph' },
  groupMembers: { ask: async ({ directory }) => namesOf(await directory.adminAgents(at.FABRIKAM)), good: ['Murat Demir'], refused: noAnswer(), pages: 'graph' },
  roleMembers: {
    ask: async ({ directory }) => {
      const people = await directory.deciders(at.CONTOSO);
      return people === notConsented ? people : namesOf(people);
    },
    good: ['Ayşe Yılmaz'], refused: noAnswer({ 404: [], [denied]: notConsented }), pages: 'graph',
  },
  organization: { ask: ({ directory }) => directory.countryOf(at.GERMAN), good: 'DE', refused: noAnswer({ [denied]: 'unknown' }), pages: 'graph' },
  directorySubscriptions: { ask: holdings, good: holds, refused: noAnswer({ [denied]: notConsented }), pages: 'graph' },
  crossTenantPartners: { ask: holdings, good: holds, refused: noAnswer({ [denied]: notConsented }), pages: 'graph' },
};


/** What stands in the path of a list, so that its next page can be named. */
export const pageIds = ({ support, adminAgents }: Backend['names'], operation: Operation): Readonly<Record<string, string>> => ({
  relationship: support, group: adminAgents, role: '62e90394-69f5-4237-9190-012177145e10', user: operation === 'memberOf' ? at.ELIF : at.AYSE,
});
