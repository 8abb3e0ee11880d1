/** What holds after every command, whatever came before it. Everything is read past the commands: from the tables, from Microsoft's side, from what people were shown. */
import { strict as assert } from 'node:assert';
import type { AuditLink } from '../../src/ledger/audit.js';
import { verifyChain } from '../../src/ledger/audit.js';
import type { View } from '../../src/commands/views.js';
import type { Grant, Invitation } from '../../src/domain/invitation.js';
import { FABRIKAM, NORTHWIND } from '../helpers/builders.js';
import { invitationsIn } from './commands.js';
import type { Coverage } from './coverage.js';
import { hasVanished } from './microsoft-model.js';
import { isAdminAgentOf, isGlobalAdminOf, partners } from './people.js';
import { halvesIn, isOpenState, isOver } from './reference.js';
import type { House, Recorded } from './world.js';

/** Every way from one state to the next; nothing else is a way. */
export const ways: readonly string[] = [
  'nothing→draft', 'draft→draft', 'draft→sent', 'draft→failed', 'draft→superseded',
  ...['sent', 'delivered'].flatMap((from) => [from, 'awaitingAuthority', 'established', 'declined', 'expired', 'cancelled', 'superseded'].map((to) => `${from}→${to}`)),
  'sent→delivered',
  ...['awaitingAuthority', 'established', 'expired', 'cancelled', 'superseded'].map((to) => `awaitingAuthority→${to}`),
  ...['declined', 'expired', 'cancelled', 'superseded'].map((state) => `${state}→${state}`),
];

/** The events that move an invitation by one version. */
const moving = new Set([
  'InvitationDrafted', 'InvitationSent', 'InvitationFailed', 'InvitationDelivered', 'InvitationApproved', 'InvitationDeclined', 'RelationshipEstablished', 'RelationshipFoundLate', 'InvitationExpired',
  'InvitationSuperseded', 'InvitationDropped', 'InvitationHandedOver', 'InvitationHandedBack', 'InvitationWithdrawn', 'InvitationOpened', 'CustomerReminded', 'QuestionAsked', 'QuestionAnswered', 'LessAccessSuggested', 'HalfEstablished',
]);
const moves = ({ event, body }: AuditLink): boolean => moving.has(event) && !body.includes('"reminder":"escalated"');

const strangers: ReadonlyMap<string, readonly string[]> = new Map([[FABRIKAM, ['Northwind', 'northwind.com', NORTHWIND]], [NORTHWIND, ['Fabrikam', 'fabrikam.com', FABRIKAM]]]);
const asText = (value: unknown): string => JSON.stringify(value) ?? '';

/** How often a notice may be told to one person: once for each time that it happened. */
const eventBehind: Readonly<Record<string, string>> = {
  approved: 'InvitationApproved', declined: 'InvitationDeclined', established: 'RelationshipEstablished', halfDone: 'HalfEstablished', expired: 'InvitationExpired', foundLate: 'RelationshipFoundLate',
  notDelivered: 'InvitationNotDelivered', finished: 'InvitationSent', handedOver: 'InvitationHandedOver', notBrought: 'InvitationHandedOver', handedBack: 'InvitationHandedBack', asked: 'QuestionAsked', answered: 'QuestionAnswered', suggested: 'LessAccessSuggested',
  reminded: 'CustomerReminded', withdrawn: 'InvitationWithdrawn',
};

export const invariants = (house: House, met: Coverage['met']) => {
  const { microsoft, tables } = house;
  const subscriptions = asText([...microsoft.state.subscriptions]);
  const last = new Map<string, Invitation>();
  const lastGrants = new Map<string, Grant>();
  const chains = new Map<string, { length: number; head: string; events: readonly AuditLink[] }>();
  let [shownSoFar, recordedSoFar] = [0, 0];

  /** One step of one invitation, as the table has it now. */
  const stepHolds = (before: Invitation | undefined, now: Invitation): void => {
    const said = `${now.reference} ${before?.state ?? 'nothing'}→${now.state}`;
    met('state', now.state);
    if (!before) return;
    assert(now.version > before.version, `${said}: the version only grows`);
    if (isOver(before.state)) {
      const bare = ({ version: _version, ...one }: Invitation) => ({ ...one, foundLateAt: undefined });
      assert.deepEqual(bare(now), bare(before), `${said}: what is over stays as it ended`);
    }
    if (before.state !== 'draft') assert.deepEqual(now.asks, before.asks, `${said}: what was asked stays`);
  };

  const invitationHolds = (one: Invitation): void => {
    const { state, partner, customer, reference } = one;
    if ('answer' in one && one.answer) {
      assert(isGlobalAdminOf(one.answer.by.id, customer.tenant), `${reference} was answered by ${one.answer.by.name}, who may not`);
    }
    if (state === 'established') {
      for (const half of halvesIn(one)) {
        assert(microsoft.hasStood(half, partner.tenant, customer.tenant, one.delegated?.relationship), `${reference} is established, but Microsoft never had the half "${half}"`);
      }
    }
    if (state === 'expired') assert(Date.parse(one.expiresAt) <= house.time.business, `${reference} has expired before its time`);
    if ('reminders' in one) assert((one.reminders?.length ?? 0) <= 3, `${reference}: three reminders and no more`);
    if (state === 'draft') assert(!('delegated' in one), `${reference} is a draft with something at Microsoft`);
  };

  /** What the tables say of all of them together. */
  const tablesHold = (invitations: readonly Invitation[]): void => {
    const open = invitations.filter(({ state }) => isOpenState(state)).flatMap((one) => halvesIn(one).map((half) => `${one.partner.tenant} ${one.customer.tenant} ${half}`));
    assert.equal(new Set(open).size, open.length, 'one open invitation for each half');
    const decisions = tables.decisions();
    assert.equal(new Set(decisions.map(({ invitation }) => invitation)).size, decisions.length, 'one decision for each invitation');
    const byId = new Map<string, Invitation>(invitations.map((one) => [one.id, one]));
    for (const { invitation, person } of decisions) {
      const about = byId.get(invitation);
      assert(about && isGlobalAdminOf(person, about.customer.tenant), 'a decision is a Global admin’s of the customer');
      assert(!partners.some((partner) => partner === about.customer.tenant));
    }
    for (const one of invitations) {
      const isDecided = decisions.some(({ invitation }) => invitation === one.id);
      if ('answer' in one && one.answer) assert(isDecided, `${one.reference} has an answer and no decision`);
    }
  };

  const grantsHold = (newlyRecorded: readonly Recorded[]): void => {
    for (const { body } of tables.grants()) {
      const grant = JSON.parse(body) as Grant;
      const key = `${grant.kind} ${grant.partner} ${grant.customer} ${grant.relationship ?? ''}`;
      const before = lastGrants.get(key);
      assert(microsoft.hasStood(grant.kind === 'reseller' ? 'sell' : 'manage', grant.partner, grant.customer, grant.relationship), `Microsoft never had the relationship ${key}`);
      if (before?.ended && !grant.ended) {
        const isShown = grant.kind === 'reseller' ? microsoft.sells(grant.partner, grant.customer) : microsoft.standing(grant.partner).some(({ id }) => id === grant.relationship);
        assert(isShown, `${key} had ended and stands again, but Microsoft does not show it`);
      }
      if (before?.ended && grant.ended && before.ended.at !== grant.ended.at) {
        const came = newlyRecorded.some(({ entry }) => entry.grants?.some((one) => one.kind === grant.kind && one.relationship === grant.relationship && one.partner === grant.partner && !one.ended));
        assert(came, `${key} has ended twice`);
      }
      lastGrants.set(key, grant);
    }
  };

  const microsoftHolds = (invitations: readonly Invitation[], isUncertain: boolean): void => {
    assert.equal(asText([...microsoft.state.subscriptions]), subscriptions, 'no subscription changes, whatever is done');
    const sent = new Map(invitations.flatMap((one) => ('delegated' in one && one.delegated ? [[one.delegated.relationship, one] as const] : [])));
    for (const made of microsoft.state.delegated) {
      if (made.madeBy === 'outside') continue;
      const invitation = sent.get(made.id);
      // Where an answer was lost, a write failed or two sent at once, a request may wait there that only a draft knows of: it ends by itself.
      if (!invitation) {
        assert((isUncertain || orphans.has(made.id)) && drafted.has(`${made.partner} ${made.name}`), `Microsoft has "${made.name}", which nobody sent`);
        orphans.add(made.id);
      }
      else assert.deepEqual([invitation.partner.tenant, invitation.customer.tenant, invitation.asks.manage?.name], [made.partner, made.customer, made.name], 'each request at Microsoft is one invitation’s');
    }
    const named = microsoft.state.delegated.filter((one) => !hasVanished(one)).map(({ partner, name }) => `${partner} ${name}`);
    assert.equal(new Set(named).size, named.length, 'no request is made twice');
  };
  const orphans = new Set<string>();
  const drafted = new Set<string>();

  const recordHolds = ({ entry: { event, after }, stopped }: Recorded): void => {
    met('event', event.event);
    if (after?.asks.manage) drafted.add(`${after.partner.tenant} ${after.asks.manage.name}`);
    if (event.event !== 'InvitationSent' || !after) return;
    const { partner, customer } = after;
    assert(!stopped.has(`${partner.tenant} ${customer.tenant}`), `${after.reference} was sent although the customer takes no more requests`);
    if (after.asks.manage) assert(isAdminAgentOf(event.facts['by'] ?? '', partner.tenant), `${after.reference} asks to manage, and no Admin agent sent it`);
  };

  const chainHolds = async (chain: string): Promise<void> => {
    const links = await house.history(chain);
    assert.deepEqual(verifyChain(links), { is: 'whole' }, `the chain ${chain} is broken`);
    const before = chains.get(chain);
    assert(links.length >= (before?.length ?? 0) && (!before || links[before.length - 1]?.hash === before.head), `the chain ${chain} was written anew`);
    chains.set(chain, { length: links.length, head: links.at(-1)?.hash ?? '', events: links });
    for (const { event, body } of links.slice(before?.length ?? 0)) if (body.includes('"rules":') || body.includes('"code":')) met('outcome', `written ${event}`);
  };

  const storyHolds = (one: Invitation): void => {
    const events = chains.get(one.id)?.events ?? [];
    assert.equal(events.filter(moves).length, one.version, `${one.reference}: an event for every step, ${events.map(({ event }) => event).join(' ')}`);
    const over = events.findIndex(({ event }) => ['InvitationDeclined', 'InvitationExpired', 'InvitationWithdrawn', 'InvitationSuperseded', 'InvitationDropped', 'RelationshipEstablished', 'InvitationFailed'].includes(event));
    if (over >= 0) {
      const later = events.slice(over + 1).filter((link) => moves(link) && link.event !== 'RelationshipFoundLate').map(({ event }) => event);
      assert.deepEqual(later, [], `${one.reference}: nothing moves it after ${events[over]?.event}`);
    }
    assert(events.filter(({ event }) => event === 'InvitationApproved' || event === 'InvitationDeclined').length <= 1, `${one.reference} was decided twice`);
    assert(events.filter((link) => link.event === 'CustomerReminded' && moves(link)).length <= 3, `${one.reference}: three reminders and no more`);
  };

  const viewsHold = (): void => {
    for (const { tenant, person, view } of house.shown.slice(shownSoFar)) {
      const words = strangers.get(tenant);
      if (!words) continue;
      const text = asText(view);
      const leak = words.find((word) => text.includes(word));
      assert(leak === undefined, `${person} of one partner was shown "${leak}": ${text.slice(0, 300)}`);
    }
    shownSoFar = house.shown.length;
  };

  /** Nobody hears the same thing twice. */
  const noticesHold = (): void => {
    const told = new Map<string, { many: number; id: string; subject: string }>();
    for (const { person, view } of house.pushed as readonly { readonly person: string; readonly view: View }[]) {
      if (view.view !== 'notice') continue;
      const key = `${person} ${view.subject} ${view.invitation.id}`;
      const one = told.get(key) ?? { many: 0, id: view.invitation.id, subject: view.subject };
      told.set(key, { ...one, many: one.many + 1 });
    }
    for (const [key, { many, id, subject }] of told) {
      const happened = (chains.get(id)?.events ?? []).filter(({ event, body }) => event === eventBehind[subject] && !body.includes('"reminder":"escalated"')).length;
      assert(many <= (subject === 'notDelivered' ? 1 : happened), `${key} was told ${many} times for ${happened} that happened`);
    }
    const cards = house.pushed.flatMap(({ person, view }) => ((view as View).view === 'request' ? [`${person} ${(view as { readonly invitation: Invitation }).invitation.id}`] : []));
    assert.equal(new Set(cards).size, cards.length, 'nobody is brought the same card twice');
  };

  /** @param isUncertain something went wrong in this command, so that Microsoft may know more than the ledger. */
  const hold = async (isUncertain: boolean): Promise<void> => {
    const newly = house.recorded.slice(recordedSoFar);
    recordedSoFar = house.recorded.length;
    newly.forEach(recordHolds);
    const invitations = invitationsIn(house);
    for (const [id, row] of new Map(tables.invitations().map((one) => [one.id, one]))) {
      const now = invitations.find((one) => one.id === id) as Invitation;
      assert.deepEqual([row.state, row.version], [now.state, now.version], 'the columns say what the body says');
      const before = last.get(id);
      if (before?.version !== now.version) stepHolds(before, now);
      else assert.deepEqual(now, before, 'nothing changes without a new version');
      invitationHolds(now);
      last.set(id, now);
    }
    assert(last.size === invitations.length, 'no invitation is ever lost');
    tablesHold(invitations);
    grantsHold(newly);
    microsoftHolds(invitations, isUncertain);
    for (const { chain, many } of tables.chains()) if (chains.get(chain)?.length !== many) await chainHolds(chain);
    for (const one of invitations) storyHolds(one);
    viewsHold();
    noticesHold();
    waysHold(newly);
    changesHold(newly);
  };

  /** What begins or ends at Microsoft is written once, however many look at the same time; each time is told to both sides. */
  const grantNow = new Map<string, Grant>();
  const changesHold = (newly: readonly Recorded[]): void => {
    for (const { entry: { event, grants = [] } } of newly) {
      for (const grant of grants) {
        const key = `${grant.kind} ${grant.partner} ${grant.customer} ${grant.relationship ?? ''}`;
        const before = grantNow.get(key);
        if (event.event === 'RelationshipEnded') assert(!before?.ended, `the end of ${key} was written twice`);
        if (event.event === 'RelationshipFoundOutside') assert(!before || before.ended, `${key} was found twice`);
        grantNow.set(key, grant);
      }
    }
  };

  /** Each write moved one invitation along a known way; seen at each write, so that two in one command do not hide one another. */
  const states = new Map<string, string>();
  const waysHold = (newly: readonly Recorded[]): void => {
    for (const { entry: { before, after, supersedes = [] } } of newly) {
      for (const one of supersedes) goes(one.id, 'superseded');
      if (after) goes(after.id, after.state);
      if (before && after) assert.equal(after.version, before.version + 1);
    }
  };
  const goes = (id: string, to: string): void => {
    const way = `${states.get(id) ?? 'nothing'}→${to}`;
    assert(ways.includes(way), `${way} is no way`);
    met('transition', way);
    states.set(id, to);
  };

  return { hold, eventsOf: (chain: string): readonly AuditLink[] => chains.get(chain)?.events ?? [] };
};

export type Invariants = ReturnType<typeof invariants>;
