/** Microsoft's side as a value in memory: relationships and who they belong to, subscriptions that nobody may change, and days on which it is away. */
import { AuthorityUnavailableError, notConsented, type Directory, type RelationshipAuthority } from '../../src/commands/ports.js';
import type { AccessAssignment, Blocker, DelegatedAdmin } from '../../src/domain/delegated-admin.js';
import type { Subscription } from '../../src/domain/facts.js';
import { asSubscriptionId, type TenantId } from '../../src/domain/ids.js';
import { aSubscription, CONTOSO, FABRIKAM, guid, NORTHWIND } from '../helpers/builders.js';
import { ADATUM, isAdminAgentOf, partnerNamed, partners, peopleOf, personNamed, TAILSPIN, tenantNamed } from './people.js';

const dayMs = 86_400_000;

export type Delegated = Omit<DelegatedAdmin, 'status' | 'until' | 'since'> & {
  status: DelegatedAdmin['status'];
  since: string;
  until: string;
  readonly partner: TenantId;
  readonly days: number;
  readonly createdAt: number;
  /** `outside`: made on Microsoft's own pages, without this product. */
  readonly madeBy: string;
};

const held = (): ReadonlyMap<TenantId, readonly Subscription[]> => new Map([
  [CONTOSO, [
    aSubscription(), aSubscription({ id: asSubscriptionId(guid(52)), offer: 'Visio Plan 2', soldBy: 'microsoft', partnerOfRecord: 'unknown', quantity: 7 }),
  ]],
  [ADATUM, [aSubscription({ id: asSubscriptionId(guid(53)), offer: 'Power BI Pro', soldBy: 'microsoft', partnerOfRecord: 'unknown', quantity: 31 })]],
]);

/** Asked, never answered, and past its days: nobody is shown it any more. */
export const hasVanished = ({ status, since }: Delegated): boolean => status === 'expired' && since === '';

const refused = (code: string) => ({ refused: { code, serviceCode: '2032', correlationId: guid(41) } });
const pairOf = (partner: TenantId, customer: TenantId): string => `${partner} ${customer}`;

/** A day on which Microsoft is away: the first `after` calls still get through. `isLost`: what was asked happens, and only its answer is lost. */
export type Outage = { readonly after: number; readonly isLost: boolean };

export const microsoftModel = (now: () => number) => {
  const state = {
    resellers: new Set<string>(), delegated: [] as Delegated[], assignments: new Map<string, AccessAssignment[]>(), subscriptions: held(),
    /** Every half that ever stood here: `sell <partner> <customer>` or `manage <relationship>`. */
    everStood: new Set<string>(), refusesNext: false, isConsented: true, drawn: 500, calls: 0, outage: undefined as Outage | undefined,
    /** Who acts in this moment, where that is known. */
    actor: '',
  };
  const since = new Date(now()).toISOString();

  /** What time alone does: requests nobody answered vanish, and what has come to its last day ends or is extended. */
  const settleByTime = (): void => {
    for (const one of state.delegated) {
      if (one.status === 'approvalPending' && now() - one.createdAt >= 90 * dayMs) one.status = 'expired';
      if (one.status === 'active' && Date.parse(one.until) <= now()) {
        if (one.autoExtends) one.until = new Date(Date.parse(one.until) + 180 * dayMs).toISOString();
        else one.status = 'expired';
      }
    }
  };

  const answering = async <Answer>(operation: string, act: () => Answer, changes = false): Promise<Answer> => {
    state.calls += 1;
    const isAway = state.outage !== undefined && state.calls > state.outage.after;
    if (isAway && !(changes && state.outage?.isLost)) throw new AuthorityUnavailableError(operation);
    settleByTime();
    const answer = act();
    if (isAway) throw new AuthorityUnavailableError(operation);
    return answer;
  };

  const create = (partner: TenantId, customer: TenantId, name: string, roles: readonly string[], days: number, autoExtends: boolean, madeBy: string): Delegated => {
    const one: Delegated = {
      id: `${guid((state.drawn += 1))}-${guid((state.drawn += 1))}`, partner, customer, name, roles, days, autoExtends, status: 'approvalPending', since: '', until: '', createdAt: now(), madeBy,
    };
    state.delegated.push(one);
    return one;
  };
  const blockersOf = (partner: TenantId, customer: TenantId): readonly Blocker[] =>
    (state.subscriptions.get(customer) ?? []).filter(({ soldBy, status }) => soldBy === partner && status === 'active')
      .map(({ offer, termEnds }) => ({ code: 'ACTIVE_SUBSCRIPTIONS', name: offer, until: termEnds }));

  const authority: RelationshipAuthority = {
    partner: (tenant) => answering('partner', () => partnerNamed.get(tenant)),
    prepareInvitation: ({ invitation: { partner, customer, asks } }) => answering('prepareInvitation', () => {
      if (state.refusesNext) {
        state.refusesNext = false;
        return refused('PARTNER_NOT_ACTIVE');
      }
      const link = asks.sell ? `https://admin.microsoft.com/accept?partner=${partner.tenant}` : '';
      if (!asks.manage) return { link };
      const { name, roles, days, autoExtends } = asks.manage;
      const known = state.delegated.find((one) => one.partner === partner.tenant && one.name === name && !hasVanished(one));
      if (known && (known.customer !== customer.tenant || known.status !== 'approvalPending')) return refused('GDAP_NAME_TAKEN');
      const { id } = known ?? create(partner.tenant, customer.tenant, name, roles, days, autoExtends, state.actor);
      return { link, delegated: { relationship: id, link: `https://admin.microsoft.com/gdap/${id}` } };
    }, true),
    findOwnCustomers: async () => [],
    stopAutoExtend: async () => refused('GDAP_WRONG_STATE'),
    listAdministered: async () => [],
    changeAccess: async () => refused('GDAP_WRONG_STATE'),
    withdrawAccess: async () => refused('GDAP_WRONG_STATE'),
    transferable: async () => 'unknown',
    whenEnded: async () => undefined,
    observe: (partner, customer) => answering('observe', () => (state.resellers.has(pairOf(partner, customer)) ? 'yes' : 'no')),
    listOwnCustomers: (partner) => answering('listOwnCustomers', () =>
      [...tenantNamed.values()].filter(({ id }) => state.resellers.has(pairOf(partner, id)))),
    listOwnSubscriptions: (partner, customer) => answering('listOwnSubscriptions', () =>
      (state.resellers.has(pairOf(partner, customer)) ? (state.subscriptions.get(customer) ?? []).filter(({ soldBy }) => soldBy === partner) : [])),
    listDelegatedAdmin: (partner, customer) => answering('listDelegatedAdmin', () =>
      state.delegated.filter((one) => one.partner === partner && (customer === undefined || one.customer === customer) && !hasVanished(one))
        .map(({ partner: _partner, days: _days, createdAt: _at, madeBy: _by, ...one }) => one)),
    terminateDelegatedAdmin: (partner, relationship) => answering('terminateDelegatedAdmin', () => {
      const one = state.delegated.find(({ id, partner: whose }) => id === relationship && whose === partner);
      if (one?.status === 'terminationRequested' || one?.status === 'terminating') return 'asked';
      if (one?.status !== 'active') return refused('GDAP_WRONG_STATE');
      one.status = 'terminationRequested';
      return 'asked';
    }, true),
    listSecurityGroups: (partner) => answering('listSecurityGroups', () => [{ id: guid(partner === FABRIKAM ? 81 : 82), name: 'Support' }]),
    listAssignments: (_partner, relationship) => answering('listAssignments', () => state.assignments.get(relationship) ?? []),
    assignAccess: (partner, { relationship, group, roles }) => answering('assignAccess', () => {
      const one = state.delegated.find(({ id, partner: whose }) => id === relationship && whose === partner);
      if (one?.status !== 'active') return refused('GDAP_WRONG_STATE');
      const given = state.assignments.get(relationship) ?? [];
      const same = given.find((assignment) => assignment.group === group);
      if (same) return same.roles.join() === roles.join() ? 'asked' : refused('ASSIGNMENT_EXISTS');
      state.assignments.set(relationship, [...given, { id: guid((state.drawn += 1)), group, roles, status: 'active' }]);
      return 'asked';
    }, true),
    listPartnerships: () => answering('listPartnerships', () => []),
    removalBlockers: (partner, customer) => answering('removalBlockers', () => blockersOf(partner, customer)),
    answerProviderDraft: async () => ({ refused: { code: 'GDAP_WRONG_STATE', serviceCode: '', correlationId: '' } }),
    removeRelationship: (partner, customer) => answering('removeRelationship', () => {
      if (blockersOf(partner, customer).length > 0) return refused('ACTIVE_SUBSCRIPTIONS');
      state.resellers.delete(pairOf(partner, customer));
      return 'removed';
    }, true),
  };

  const mayRead = (tenant: TenantId): boolean => state.isConsented || tenant !== ADATUM;
  const directory: Directory = {
    person: (tenant, id) => answering('person', () => {
      const found = personNamed.get(id);
      return !mayRead(tenant) ? notConsented : found?.tenant === tenant ? found : undefined;
    }),
    tenantByDomain: (domain) => answering('tenantByDomain', () => [...tenantNamed.values()].find((tenant) => tenant.domain === domain)),
    tenantById: (tenant) => answering('tenantById', () => tenantNamed.get(tenant)),
    countryOf: (tenant) => answering('countryOf', () => (tenant === TAILSPIN ? 'US' : tenant === ADATUM && !state.isConsented ? 'unknown' : 'TR')),
    adminAgents: (partner) => answering('adminAgents', () => peopleOf(partner).filter(({ id }) => isAdminAgentOf(id, partner))),
    deciders: (customer) => answering('deciders', () => (mayRead(customer) ? peopleOf(customer).filter(({ roles, isGuest }) => roles.includes('globalAdmin') && !isGuest) : notConsented)),
    holdings: (customer) => answering('holdings', () => (!mayRead(customer) ? notConsented : {
      subscriptions: state.subscriptions.get(customer) ?? [], readAt: new Date(now()).toISOString(),
      partners: partners.map((partner) => ({ tenant: partner, name: partnerNamed.get(partner)?.name ?? '', isServiceProvider: state.resellers.has(pairOf(partner, customer)) })),
    })),
  };

  const stand = (half: string): void => void state.everStood.add(half);
  /** What people do on Microsoft's own pages. */
  const acts = {
    acceptsToSell: (partner: TenantId, customer: TenantId): void => {
      state.resellers.add(pairOf(partner, customer));
      stand(`sell ${pairOf(partner, customer)}`);
    },
    acceptsToManage: (relationship: string): void => {
      settleByTime();
      const one = state.delegated.find(({ id }) => id === relationship);
      if (one?.status !== 'approvalPending') return;
      Object.assign(one, { status: 'active', since: new Date(now()).toISOString(), until: new Date(now() + one.days * dayMs).toISOString() });
      stand(`manage ${relationship}`);
    },
    managesOutside: (partner: TenantId, customer: TenantId, days: number): void => {
      acts.acceptsToManage(create(partner, customer, `Outside ${(state.drawn += 1)}`, ['88d8e3e3-8f55-4a1e-953a-9b9898b8876b'], days, false, 'outside').id);
    },
    removes: (partner: TenantId, customer: TenantId): void => void state.resellers.delete(pairOf(partner, customer)),
    terminates: (one: Delegated): void => {
      one.status = 'terminated';
    },
    /** What was asked to end has ended. */
    settles: (): void => {
      for (const one of state.delegated) if (one.status === 'terminationRequested') one.status = 'terminated';
    },
  };

  acts.acceptsToSell(NORTHWIND, CONTOSO);
  state.delegated.push({
    id: `${guid(71)}-${guid(72)}`, partner: NORTHWIND, customer: CONTOSO, name: 'Old times', roles: ['88d8e3e3-8f55-4a1e-953a-9b9898b8876b'], days: 365, status: 'active', since,
    until: new Date(now() + 120 * dayMs).toISOString(), autoExtends: false, createdAt: now(), madeBy: 'outside',
  });
  stand(`manage ${guid(71)}-${guid(72)}`);

  return {
    authority, directory, acts, state,
    isAway: (): boolean => state.outage !== undefined && state.calls > state.outage.after,
    goesAway: (outage: Outage | undefined): void => {
      state.outage = outage;
      state.calls = 0;
    },
    sells: (partner: TenantId, customer: TenantId): boolean => state.resellers.has(pairOf(partner, customer)),
    /** In force, as Microsoft would show it now. */
    standing: (partner: TenantId): readonly Delegated[] => {
      settleByTime();
      return state.delegated.filter((one) => one.partner === partner && (one.status === 'active' || one.status === 'terminationRequested'));
    },
    hasStood: (half: 'sell' | 'manage', partner: TenantId, customer: TenantId, relationship = ''): boolean =>
      state.everStood.has(half === 'sell' ? `sell ${pairOf(partner, customer)}` : `manage ${relationship}`),
  };
};

export type MicrosoftModel = ReturnType<typeof microsoftModel>;
