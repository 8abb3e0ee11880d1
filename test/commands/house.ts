import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import { inviteCustomer, type Invite, type WishToManage } from '../../src/commands/invite-customer.js';
import { AuthorityUnavailableError, notConsented, type Acquaintance, type Messenger, type NewsFeed, type Ports, type Ran, type RelationshipAuthority, type Directory } from '../../src/commands/ports.js';
import { runErrands } from '../helpers/run-errands.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import type { View } from '../../src/commands/views.js';
import { watchRelationships } from '../../src/commands/watch-relationships.js';
import { asDomainName, asPersonId, type InvitationId, type PersonId, type TenantId } from '../../src/domain/ids.js';
import type { DelegatedAdmin } from '../../src/domain/delegated-admin.js';
import type { Person, Tenant } from '../../src/domain/facts.js';
import type { Speaker } from '../../src/commands/gather.js';
import { capabilitiesOf } from '../../src/domain/rules.js';
import { openLedger, type OpenLedger } from '../../src/ledger/ledger.js';
import { aCustomer, aDelegatedAdmin, aDelegatedAsk, anAdmin, aPartner, aPerson, aRelationshipId, aSubscription, CAN, CONTOSO, DENIZ, ELIF, FABRIKAM, guid, NOON, NORTHWIND } from '../helpers/builders.js';

export const elif: Speaker = { tenant: FABRIKAM, person: ELIF, name: 'Elif Kaya' };
/** Elif's colleague, and an agent of another partner of the same customer. */
const ADA = asPersonId(guid(12));
export const ada: Speaker = { tenant: FABRIKAM, person: ADA, name: 'Ada Lovelace' };
export const nil: Speaker = { tenant: NORTHWIND, person: asPersonId(guid(61)), name: 'Nil Aksoy' };
/** Two who decide for Contoso. */
export const deniz: Speaker = { tenant: CONTOSO, person: DENIZ, name: 'Deniz Çelik' };
export const can: Speaker = { tenant: CONTOSO, person: CAN, name: 'Can Öz' };

export const outage = new AuthorityUnavailableError('a read');
export const contosoCom = { domain: asDomainName('contoso.com') };
/** Licences and support for a year, under a name that the product makes. */
export const toManage: WishToManage = { roles: aDelegatedAsk().roles, days: 365, autoExtends: false };
const names = new Map<string, string>([ada, nil, deniz, can, elif].map(({ person, name }) => [person, name]));

/** The commands with a real ledger on a file of its own; Microsoft and Teams are sinon's, and answer well unless told otherwise. */
export const openHouse = async () => {
  // Sinon's own sandbox would keep every stub of every house for ever.
  const { stub } = sinon.createSandbox();
  const folder = mkdtempSync(join(tmpdir(), 'commands-'));
  const time = { now: NOON, machine: new Date('2026-11-23T00:00:00Z') };
  const opened: OpenLedger = await openLedger({ url: `sqlite:${join(folder, 'ledger.sqlite')}`, machineNow: () => time.machine });
  let drawn = 100;
  const contoso = aCustomer();

  const authority = {
    partner: stub<[TenantId], ReturnType<RelationshipAuthority['partner']>>().callsFake(async (id) => (id === FABRIKAM ? aPartner() : aPartner({ id, name: 'Northwind', domain: asDomainName('northwind.com') }))),
    prepareInvitation: stub<Parameters<RelationshipAuthority['prepareInvitation']>, ReturnType<RelationshipAuthority['prepareInvitation']>>().callsFake(async ({ invitation: { asks } }) => ({
      link: 'https://admin.microsoft.com/accept',
      ...(asks.manage && { delegated: { relationship: aRelationshipId(drawn += 2), link: 'https://admin.microsoft.com/granular' } }),
    })),
    observe: stub<[TenantId, TenantId, TenantId?], Promise<'yes' | 'no'>>().resolves('no'),
    listOwnCustomers: stub<[TenantId], ReturnType<RelationshipAuthority['listOwnCustomers']>>().resolves([]),
    listOwnSubscriptions: stub<[TenantId, TenantId], ReturnType<RelationshipAuthority['listOwnSubscriptions']>>().resolves([]),
    terminateDelegatedAdmin: stub<Parameters<RelationshipAuthority['terminateDelegatedAdmin']>, ReturnType<RelationshipAuthority['terminateDelegatedAdmin']>>().resolves('asked'),
    listSecurityGroups: stub<[TenantId], ReturnType<RelationshipAuthority['listSecurityGroups']>>().resolves([{ id: guid(81), name: 'M365 Support' }]),
    listAssignments: stub<[TenantId, string], ReturnType<RelationshipAuthority['listAssignments']>>().resolves([]),
    assignAccess: stub<Parameters<RelationshipAuthority['assignAccess']>, ReturnType<RelationshipAuthority['assignAccess']>>().resolves('asked'),
    findOwnCustomers: stub<[TenantId, string], ReturnType<RelationshipAuthority['findOwnCustomers']>>().resolves([]),
    stopAutoExtend: stub<Parameters<RelationshipAuthority['stopAutoExtend']>, ReturnType<RelationshipAuthority['stopAutoExtend']>>().resolves('stopped'),
    listAdministered: stub<[TenantId], ReturnType<RelationshipAuthority['listAdministered']>>().resolves([]),
    changeAccess: stub<Parameters<RelationshipAuthority['changeAccess']>, ReturnType<RelationshipAuthority['changeAccess']>>().resolves('asked'),
    withdrawAccess: stub<Parameters<RelationshipAuthority['withdrawAccess']>, ReturnType<RelationshipAuthority['withdrawAccess']>>().resolves('asked'),
    transferable: stub<[TenantId, TenantId], ReturnType<RelationshipAuthority['transferable']>>().resolves('unknown'),
    whenEnded: stub<Parameters<RelationshipAuthority['whenEnded']>, ReturnType<RelationshipAuthority['whenEnded']>>().resolves(undefined),
    removalBlockers: stub<[TenantId, TenantId], ReturnType<RelationshipAuthority['removalBlockers']>>().resolves([]),
    removeRelationship: stub<[TenantId, TenantId], ReturnType<RelationshipAuthority['removeRelationship']>>().resolves('removed'),
    answerProviderDraft: stub<Parameters<RelationshipAuthority['answerProviderDraft']>, ReturnType<RelationshipAuthority['answerProviderDraft']>>().resolves('asked'),
    listPartnerships: stub<[TenantId], ReturnType<RelationshipAuthority['listPartnerships']>>().resolves([]),
    listDelegatedAdmin: stub<[TenantId, TenantId?], ReturnType<RelationshipAuthority['listDelegatedAdmin']>>().resolves([]),
  };
  const directory = {
    person: stub<[TenantId, PersonId], ReturnType<Directory['person']>>().callsFake(async (tenant, person) =>
      tenant === CONTOSO ? anAdmin({ id: person, name: names.get(person) ?? 'Somebody' }) : aPerson({ tenant, id: person, name: names.get(person) ?? 'Somebody', mail: `${names.get(person)?.split(' ')[0]?.toLowerCase() ?? 'somebody'}@${tenant === FABRIKAM ? 'fabrikam' : 'northwind'}.com` })),
    tenantByDomain: stub<Parameters<Directory['tenantByDomain']>, ReturnType<Directory['tenantByDomain']>>().resolves(contoso),
    tenantById: stub<Parameters<Directory['tenantById']>, ReturnType<Directory['tenantById']>>().resolves(contoso),
    adminAgents: stub<[TenantId], ReturnType<Directory['adminAgents']>>().resolves([aPerson({ id: ADA, name: 'Ada Lovelace', roles: ['adminAgent'] })]),
    countryOf: stub<[TenantId], ReturnType<Directory['countryOf']>>().resolves('TR'),
    deciders: stub<[TenantId], ReturnType<Directory['deciders']>>().resolves([anAdmin()]),
    holdings: stub<[TenantId], ReturnType<Directory['holdings']>>().resolves({
      subscriptions: [aSubscription()], partners: [{ tenant: NORTHWIND, name: 'Northwind', isServiceProvider: true }], readAt: NOON.toISOString(),
    }),
  };
  const newsFeed = {
    eventNames: stub<[TenantId], ReturnType<NewsFeed['eventNames']>>().resolves([]),
    registration: stub<[TenantId], ReturnType<NewsFeed['registration']>>().resolves(undefined),
    register: stub<Parameters<NewsFeed['register']>, ReturnType<NewsFeed['register']>>().resolves('registered'),
    askTest: stub<[TenantId], ReturnType<NewsFeed['askTest']>>().resolves({ test: guid(90) }),
    testResult: stub<Parameters<NewsFeed['testResult']>, ReturnType<NewsFeed['testResult']>>().resolves({ status: 'completed', answers: ['200'] }),
    passOn: stub<Parameters<NewsFeed['passOn']>, ReturnType<NewsFeed['passOn']>>().resolves(),
  };
  let messages = 0;
  const messenger = {
    send: stub<Parameters<Messenger['send']>, ReturnType<Messenger['send']>>().callsFake(async (to) => ({ conversation: to.conversation, activity: `message-${(messages += 1)}` })),
    update: stub<Parameters<Messenger['update']>, ReturnType<Messenger['update']>>().resolves(),
  };
  const ports: Ports = {
    authority, directory, messenger, ledger: opened.ledger, errands: opened.errands,
    clock: { now: () => time.now, machineNow: () => time.machine },
    chance: { guid: () => guid((drawn += 1)), byte: () => (drawn += 1) % 240, key: () => `key-${(drawn += 1)}` },
    partners: [FABRIKAM, NORTHWIND],
    trace: (_name, act) => act(),
    newsFeed,
    deployment: { cloud: 'commercial', isTrial: true, validForDays: 90, capabilities: capabilitiesOf.commercial, installUrl: '' },
  };
  const known = (speaker: Speaker): Acquaintance => ({
    ...speaker, language: 'en', isLanguageChosen: false, teamsUser: `29:${speaker.person}`, conversation: `a:${speaker.person}`, serviceUrl: 'https://smba.trafficmanager.net/emea/', isReachable: true,
  });
  const runsErrands = async (): Promise<readonly Ran[]> => {
    const all: Ran[] = [];
    for (let ran = await runErrands(ports)(); ran.length > 0; ran = await runErrands(ports)()) all.push(...ran);
    return all;
  };
  const meets = async (...speakers: readonly Speaker[]): Promise<void> => {
    for (const speaker of speakers) await opened.ledger.meet(known(speaker));
  };
  const drafted = async (by: Speaker = elif, over: Partial<Invite> = {}): Promise<InvitationId> => {
    const invited = await inviteCustomer(ports).now({ by, customer: contosoCom, reason: 'Azure backup', ...over });
    if (invited.is !== 'drafted') throw new Error(`This was not drafted but ${invited.is}.`);
    return invited.preview.invitation.id;
  };
  const sent = async (by: Speaker = elif, over: Partial<Invite> = {}): Promise<InvitationId> => {
    const id = await drafted(by, over);
    const outcome = await sendInvitation(ports).now({ by, id, reason: '', statedNotCsp: true });
    if (outcome.is !== 'sent') throw new Error(`This was not sent but ${outcome.is}.`);
    return id;
  };

  const is = ({ tenant, person, name }: Speaker, now: Partial<Person> | 'unreadable'): void => {
    directory.person.withArgs(tenant, person).resolves(now === 'unreadable' ? notConsented : aPerson({ tenant, id: person, name, ...now }));
  };
  const watches = async (): Promise<readonly TenantId[]> => {
    const unseen = await watchRelationships(ports).watchAll();
    await runsErrands();
    return [...unseen.keys()];
  };
  /** From now on Microsoft shows a partner these customers and this delegated administration, and no others. */
  const shows = ({ partner = FABRIKAM, sells = [], manages = [] }: { readonly partner?: TenantId; readonly sells?: readonly Tenant[]; readonly manages?: readonly DelegatedAdmin[] }): void => {
    authority.listOwnCustomers.withArgs(partner).resolves(sells);
    authority.observe.withArgs(partner, CONTOSO).resolves(sells.some(({ id }) => id === CONTOSO) ? 'yes' : 'no');
    authority.listDelegatedAdmin.withArgs(partner).resolves(manages);
  };
  /** The delegated administration that an invitation asked for, as Microsoft shows it. */
  const managed = async (id: InvitationId, over: Partial<DelegatedAdmin> = {}): Promise<DelegatedAdmin> => {
    const invitation = await opened.ledger.invitation(id);
    const relationship = invitation && 'delegated' in invitation ? invitation.delegated?.relationship : undefined;
    return aDelegatedAdmin({ ...(relationship && { id: relationship }), name: invitation?.asks.manage?.name ?? '', ...over });
  };

  return {
    ports, authority, directory, newsFeed, messenger, time, ...opened, meets, runsErrands, drafted, sent,
    /** Elif asked, and Deniz has the card. */
    delivered: async (): Promise<InvitationId> => {
      await meets(elif, deniz);
      const id = await sent();
      await runsErrands();
      return id;
    },
    /** Ada, an Admin agent, asked to sell and to manage, and Deniz has the card. */
    deliveredToManage: async (over: Partial<Invite> = {}): Promise<InvitationId> => {
      is(ada, { roles: ['adminAgent'] });
      await meets(ada, deniz);
      const id = await sent(ada, { manage: toManage, ...over });
      await runsErrands();
      return id;
    },
    shows, managed, watches,
    /** Contoso accepts Fabrikam on Microsoft's own page, and somebody looks. */
    acceptsAtMicrosoft: async (): Promise<void> => {
      authority.listOwnCustomers.withArgs(FABRIKAM).resolves([contoso]);
      authority.observe.withArgs(FABRIKAM, CONTOSO).resolves('yes');
      await watches();
    },
    /** From now on the directory says this about somebody. */
    is,
    stateOf: async (id: InvitationId) => (await opened.ledger.invitation(id))?.state,
    eventsOf: async (chain: string): Promise<readonly string[]> => (await opened.ledger.history(chain)).map(({ event }) => event),
    /** What one person was sent, oldest first. */
    sentTo: ({ person }: Speaker): readonly View[] => messenger.send.getCalls().flatMap(({ args: [to, view] }) => (to.person === person ? [view] : [])),
    passes: (seconds: number): void => {
      time.machine = new Date(time.machine.getTime() + seconds * 1000);
    },
    leave: async () => {
      await opened.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type House = Awaited<ReturnType<typeof openHouse>>;

/** The subjects of the news among some views. */
export const newsIn = (views: readonly View[]): readonly string[] => views.flatMap((view) => (view.view === 'news' ? [view.subject] : []));
/** The subjects of the notices among some views. */
export const noticesIn = (views: readonly View[]): readonly string[] => views.flatMap((view) => (view.view === 'notice' ? [view.subject] : []));
