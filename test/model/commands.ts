/** What may happen, as plain values: they shrink well, and a failing sequence reads as a list. */
import fc from 'fast-check';
import { askAndAnswer } from '../../src/commands/ask-and-answer.js';
import { assignAccess } from '../../src/commands/assign-access.js';
import { endTogether } from '../../src/commands/end-together.js';
import { forwardRequest } from '../../src/commands/forward-request.js';
import type { Invited, WishToManage } from '../../src/commands/invite-customer.js';
import { handOver, showDraft } from '../../src/commands/hand-over.js';
import { markOpened } from '../../src/commands/mark-opened.js';
import { keepCard } from '../../src/commands/meet-person.js';
import type { SendOutcome } from '../../src/commands/send-invitation.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import { showMyPartners } from '../../src/commands/show-my-partners.js';
import { showPending } from '../../src/commands/show-pending.js';
import { stopRequests } from '../../src/commands/stop-requests.js';
import { suggestLess } from '../../src/commands/suggest-less.js';
import { warnBeforeEnd } from '../../src/commands/warn-before-end.js';
import { withdrawInvitation } from '../../src/commands/withdraw-invitation.js';
import { accessTemplates, entraRoles } from '../../src/domain/delegated-admin.js';
import type { Person } from '../../src/domain/facts.js';
import { asDomainName, type TenantId } from '../../src/domain/ids.js';
import type { Grant, Invitation } from '../../src/domain/invitation.js';
import { guid, FABRIKAM } from '../helpers/builders.js';
import type { Outage } from './microsoft-model.js';
import { customers, everybody, isAdminAgentOf, isGlobalAdminOf, partners, peopleOf, personNamed, speakerOf, TAILSPIN, tenantNamed } from './people.js';
import { isOpenState, isPartnerTenant, noAtTheDoor, noToAsking, noToSending, replyToAnswer, type Known } from './reference.js';
import type { House } from './world.js';

export const names = [
  'invite', 'send', 'handOver', 'handBack', 'deliver', 'open', 'answer', 'ask', 'reply', 'suggest', 'acceptSuggestion', 'forward', 'remind', 'escalate', 'withdraw', 'change', 'renew',
  'stop', 'watch', 'acceptAtMicrosoft', 'wait', 'endsAtMicrosoft', 'outside', 'removeAccess', 'endRelationship', 'assign', 'consent', 'microsoftRefuses', 'look', 'keepCard',
] as const;
type Name = (typeof names)[number];

/** What goes wrong on the way: the process dies around a write, Microsoft is away, the same press comes again, or something else comes at the same time. */
export type Trouble =
  | { readonly is: 'crash'; readonly when: 'before' | 'after'; readonly skip: number }
  | ({ readonly is: 'outage' } & Outage)
  | { readonly is: 'again' }
  | { readonly is: 'atOnce'; readonly beside?: Command };

export type Command = {
  readonly do: Name;
  /** Which of those it may be about, and by whom. */
  readonly at: number;
  readonly who: number;
  readonly kind: number;
  /** About anything by anybody, rather than by somebody who would. */
  readonly isStray: boolean;
  readonly trouble?: Trouble;
};

const weights: Readonly<Record<Name, number>> = {
  invite: 10, send: 14, handOver: 3, handBack: 1, deliver: 9, open: 2, answer: 12, ask: 3, reply: 2, suggest: 4, acceptSuggestion: 3, forward: 2, remind: 4, escalate: 2, withdraw: 3, change: 3, renew: 2,
  stop: 2, watch: 8, acceptAtMicrosoft: 11, wait: 8, endsAtMicrosoft: 3, outside: 1, removeAccess: 3, endRelationship: 4, assign: 4, consent: 1, microsoftRefuses: 1, look: 2, keepCard: 1,
};

const small = fc.nat(11);
const name = fc.oneof(...names.map((one) => ({ weight: weights[one], arbitrary: fc.constant(one) })));
const plain = fc.record({ do: name, at: small, who: small, kind: small, isStray: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }) });
const trouble = fc.oneof(
  fc.record({ is: fc.constant('crash' as const), when: fc.constantFrom('before' as const, 'after' as const), skip: fc.nat(2) }),
  fc.record({ is: fc.constant('outage' as const), after: fc.nat(7), isLost: fc.boolean() }),
  fc.constant({ is: 'again' as const }),
  fc.record({ is: fc.constant('atOnce' as const), beside: fc.option(plain, { nil: undefined }) }),
);
const command: fc.Arbitrary<Command> = fc.tuple(plain, fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: trouble }))
  .map(([one, wrong]) => (wrong ? { ...one, trouble: wrong as Trouble } : one));

const plainly = (what: Name, over: Partial<Command> = {}): Command => ({ do: what, at: 0, who: 0, kind: 0, isStray: false, ...over });
const toDelivered = (invite: Partial<Command>): readonly Command[] => [plainly('invite', invite), plainly('send'), plainly('deliver')];
const asked = [plainly('invite', { at: 1 }), plainly('send'), plainly('withdraw', { kind: 1 })];
const twoLook = plainly('watch', { trouble: { is: 'atOnce' } });
/** Ways into places that chance alone seldom finds. */
const beginnings: readonly (readonly Command[])[] = [
  // Three requests without an answer; everything on to where access can be given; three reminders; two who look at once.
  [...asked, ...asked, ...asked, plainly('invite', { at: 1 })],
  [...toDelivered({ who: 1, kind: 2 }), plainly('answer'), plainly('acceptAtMicrosoft'), plainly('watch'), plainly('assign', { who: 1 }), plainly('deliver'), plainly('assign', { who: 1 })],
  [...toDelivered({}), plainly('remind'), plainly('remind'), plainly('remind')],
  [plainly('watch'), plainly('outside'), twoLook, plainly('endsAtMicrosoft'), twoLook],
];

/** About twenty in the middle. */
const any = fc.array(command, { minLength: 1, maxLength: 40, size: 'max' });
export const sequences: fc.Arbitrary<readonly Command[]> = fc.oneof(
  { weight: 9, arbitrary: any },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...beginnings), fc.array(command, { maxLength: 20, size: 'max' })).map(([first, rest]) => [...first, ...rest]) },
);

/** What came of it: for the count, for the eyes of whoever did it, and what to hold against the reference. */
export type Done = { readonly by?: Person; readonly outcome: unknown; readonly key: string; readonly codes?: readonly string[]; readonly expected?: readonly string[] };

const nothingToDo = 'nothing to do';
const nothing = (): Done => ({ outcome: undefined, key: nothingToDo });
const pick = <One>(list: readonly One[], at: number): One | undefined => (list.length === 0 ? undefined : list[at % list.length]);

const least: WishToManage = { roles: accessTemplates.licencesAndSupport.map((role) => entraRoles[role]), days: 365, autoExtends: false };
/** What may be asked: mostly sensible, sometimes what a rule forbids. */
const wishes: readonly (WishToManage | undefined)[] = [
  undefined, undefined, least, least, undefined, { ...least, days: 30, name: 'Shared name' }, least,
  { ...least, days: 60, autoExtends: true }, { ...least, roles: [entraRoles.globalAdministrator], roleReason: 'Migration', days: 1 },
  { ...least, days: 0 }, { ...least, roles: [entraRoles.globalAdministrator], autoExtends: true }, { ...least, roles: [], name: 'A name that is far too long for Microsoft to take as it is' },
];

const codesIn = (refusals: readonly { readonly code: string }[]): readonly string[] => [...new Set(refusals.map(({ code }) => code))];
const outcomeOf = (done: Invited | SendOutcome): Pick<Done, 'key' | 'codes'> => (done.is === 'refused' ? { key: 'refused', codes: codesIn(done.refusals) } : { key: done.is });
const refusedOr = (done: { readonly is: string; readonly refusals?: readonly { readonly code: string }[] }): Pick<Done, 'key' | 'codes'> =>
  done.refusals ? { key: 'refused', codes: codesIn(done.refusals) } : { key: done.is };

export const invitationsIn = ({ tables }: House): readonly Invitation[] => tables.invitations().map(({ body }) => JSON.parse(body) as Invitation);
const standingGrants = ({ tables }: House): readonly Grant[] => tables.grants().map(({ body }) => JSON.parse(body) as Grant).filter(({ ended }) => !ended);

const sentence = 'May we look after your licences';

/** How much time passes before it; never during one. */
export const timeBefore = ({ do: what, kind }: Command): number => {
  if (what === 'wait') return (pick([1, 1, 2, 1, 3, 2, 1, 30, 30, 91, 91, 30], kind) ?? 1) * 86_400_000;
  if (what === 'remind' && kind < 8) return 49 * 3_600_000;
  return what === 'deliver' && kind > 8 ? 16 * 60_000 : 60_000;
};

/** Where a command finds nothing that it could be about, the next step of some story is taken instead. */
const nextStep = (house: House, kind: number): Name => {
  const states = invitationsIn(house).map(({ state }) => state);
  const steps: readonly (readonly [string, Name])[] = [['awaitingAuthority', 'acceptAtMicrosoft'], ['delivered', 'answer'], ['sent', 'deliver'], ['draft', kind % 3 === 0 ? 'handOver' : 'send']];
  return steps.find(([state]) => states.some((one) => one === state))?.[1] ?? 'invite';
};

/** @returns what it came to; it throws what the command throws. */
export const perform = async (house: House, command: Command, stopped: ReadonlySet<string>): Promise<Done> => {
  const done = await performOne(house, command, stopped);
  return done.key === nothingToDo ? performOne(house, { ...command, do: nextStep(house, command.kind), isStray: false }, stopped) : done;
};

const performOne = async (house: House, { do: what, at, who, kind, isStray }: Command, stopped: ReadonlySet<string>): Promise<Done> => {
  const { ports, microsoft, acts } = house;
  const invitations = invitationsIn(house);
  const known: Known = { invitations, microsoft, stopped, now: house.time.business };

  const among = (isMeant: (one: Invitation) => boolean): Invitation | undefined => pick(isStray ? invitations : invitations.filter(isMeant), at);
  const someone = (list: readonly Person[]): Person => pick(isStray ? everybody : list, who) ?? everybody[0] as Person;
  const deciderOf = ({ customer }: Invitation): Person => someone(peopleOf(customer.tenant).filter(({ id }) => isGlobalAdminOf(id, customer.tenant)));
  const agentOf = ({ partner }: Invitation): Person => someone(peopleOf(partner.tenant).filter((person) => noAtTheDoor(person).length === 0));
  const ownerOf = ({ inviter, handedTo }: Invitation): Person => someone([inviter, ...(handedTo ? [handedTo] : [])].flatMap(({ id }) => personNamed.get(id) ?? []));
  const isOpen = ({ state }: Invitation): boolean => isOpenState(state);
  const isAnswerable = ({ state }: Invitation): boolean => state === 'sent' || state === 'delivered';

  const invites = async (by: Person, customer: TenantId, manage: WishToManage | undefined, follows?: Invitation): Promise<Done & { readonly invited: Invited }> => {
    const isSelling = microsoft.sells(by.tenant, customer);
    const asked = { partner: by.tenant, customer, sells: !(manage && isSelling), isStated: true, by, inviter: by.id, ...(manage && { manages: manage }), ...(follows && { follows: follows.reference }) };
    const door = noAtTheDoor(by);
    const expected = door.length > 0 ? door : noToAsking(known, asked);
    const target = kind % 2 === 0 ? { tenant: customer } : { domain: tenantNamed.get(customer)?.domain ?? asDomainName('nobody.example') };
    const invited = await acts.invite(ports).orLater({ by: speakerOf(by), customer: target, reason: kind === 7 ? '' : sentence, ...(manage && { manage }), ...(follows && { follows: follows.reference }) });
    return { by, outcome: invited, invited, ...outcomeOf(invited), expected };
  };
  const sends = async (by: Person, draft: Pick<Invitation, 'id'>, only?: 'sell'): Promise<Done> => {
    const found = house.seen(draft.id);
    const asks = found && (only ? { sell: true } as Invitation['asks'] : found.asks);
    const isStated = kind !== 11;
    const wouldSend = found?.state === 'draft' && found.partner.tenant === by.tenant && [found.inviter.id, found.handedTo?.id].includes(by.id);
    const expected = found && asks && wouldSend ? noToSending({ ...known, invitations: invitationsIn(house), now: house.time.business }, by, {
      partner: found.partner.tenant, customer: found.customer.tenant, sells: asks.sell, isStated: true, by, inviter: found.inviter.id, ...(asks.manage && { manages: asks.manage }), ...(found.follows && { follows: found.follows }),
    }) : [];
    const isRefusing = microsoft.state.refusesNext;
    const outcome = await acts.send(ports).orLater({ by: speakerOf(by), id: draft.id, reason: kind === 10 ? '' : sentence, statedNotCsp: isStated, ...(only && { only }) });
    const isMissing = outcome.is === 'reasonMissing' || (outcome.is === 'statementMissing' && !isStated);
    return { by, outcome, ...outcomeOf(outcome), expected: isMissing ? [] : expected.length === 0 && isRefusing && wouldSend ? ['PARTNER_NOT_ACTIVE'] : expected };
  };

  switch (what) {
    case 'invite': {
      const by = isStray ? someone(everybody) : someone(everybody.filter((one) => noAtTheDoor(one).length === 0));
      const customer = isStray ? pick([TAILSPIN, by.tenant, ...customers], at) : pick(customers, at);
      if (customer && isPartnerTenant(customer) && customer !== by.tenant) return nothing();
      return customer ? invites(by, customer, wishes[kind > 8 && at % 3 > 0 ? 2 : kind]) : nothing();
    }
    case 'send': {
      const draft = among(({ state }) => state === 'draft');
      if (!draft) return nothing();
      const by = ownerOf(draft);
      const isNotTheirs = draft.asks.manage !== undefined && draft.asks.sell && !isAdminAgentOf(by.id, draft.partner.tenant);
      return sends(by, draft, isNotTheirs && kind % 2 === 0 ? 'sell' : undefined);
    }
    case 'handOver': {
      const draft = among(({ state, asks }) => state === 'draft' && asks.manage !== undefined);
      if (!draft) return nothing();
      const to = pick(peopleOf(draft.partner.tenant), kind) as Person;
      const by = isStray ? someone(everybody) : personNamed.get(draft.inviter.id) as Person;
      const done = await handOver(ports).to({ by: speakerOf(by), id: draft.id, to: kind < 8 ? peopleOf(draft.partner.tenant).find(({ id }) => isAdminAgentOf(id, draft.partner.tenant))?.id ?? to.id : to.id, note: 'Please finish', reason: kind === 3 ? sentence : '' });
      return { by, outcome: done, key: done.is };
    }
    case 'handBack': {
      const draft = among(({ state, handedTo }) => state === 'draft' && handedTo !== undefined);
      if (!draft) return nothing();
      const by = isStray ? someone(everybody) : personNamed.get(draft.handedTo?.id ?? draft.inviter.id) as Person;
      const done = await handOver(ports).back({ by: speakerOf(by), id: draft.id, note: 'Not now' });
      return { by, outcome: done, key: done.is };
    }
    case 'deliver': {
      await house.runsErrands();
      return { outcome: undefined, key: 'ran' };
    }
    case 'open': {
      const one = among(isOpen);
      if (!one) return nothing();
      await markOpened(ports)({ by: speakerOf(someone(peopleOf(one.customer.tenant))), id: one.id });
      return { outcome: undefined, key: 'opened' };
    }
    case 'answer': {
      const one = kind > 8 ? among(({ state }) => state !== 'draft') : among(isAnswerable);
      if (!one) return nothing();
      const by = kind === 5 ? someone(peopleOf(one.customer.tenant)) : deciderOf(one);
      const answer = kind % 4 === 3 ? 'declined' : 'approved';
      const expected = replyToAnswer(house.seen(one.id), by, answer, { microsoft, now: house.time.business });
      const done = await acts.answer(ports)({ by: speakerOf(by), id: one.id, answer, ...(answer === 'declined' && { reason: 'notNow', comment: 'Perhaps next year', isReasonShared: kind !== 3 }) });
      return { by, outcome: done, ...refusedOr(done), codes: done.is === 'refused' ? codesIn(done.refusals) : [done.is], expected: [expected] };
    }
    case 'ask':
    case 'reply': {
      const one = among(({ state, ...rest }) => isOpenState(state) && (what === 'ask' || ('remarks' in rest && rest.remarks !== undefined)));
      if (!one) return nothing();
      const by = what === 'ask' ? deciderOf(one) : agentOf(one);
      const done = await askAndAnswer(ports)({ by: speakerOf(by), id: one.id, text: kind === 9 ? ' ' : 'Which licences?' });
      return { by, outcome: done, key: done.is };
    }
    case 'suggest': {
      const one = among((invitation) => isAnswerable(invitation) && invitation.asks.manage !== undefined);
      if (!one) return nothing();
      const by = deciderOf(one);
      const roles = one.asks.manage?.roles ?? [];
      const done = await suggestLess(ports).suggest({ by: speakerOf(by), id: one.id, roles: kind === 9 ? [] : roles.slice(0, Math.max(1, roles.length - (kind % 3))), days: Math.max(1, (one.asks.manage?.days ?? 2) - (kind % 2)) });
      return { by, outcome: done, key: done.is };
    }
    case 'acceptSuggestion': {
      const one = among((invitation) => isOpen(invitation) && 'suggestion' in invitation && invitation.suggestion !== undefined);
      if (!one) return nothing();
      const by = someone(peopleOf(one.partner.tenant).filter((person) => noAtTheDoor(person).length === 0));
      const done = await suggestLess(ports).accept({ by: speakerOf(by), id: one.id });
      return { by, outcome: done, ...outcomeOf(done) };
    }
    case 'forward': {
      const one = among(isAnswerable);
      if (!one) return nothing();
      const by = someone(peopleOf(one.customer.tenant));
      const done = await forwardRequest(ports)({ by: speakerOf(by), id: one.id, to: (pick(peopleOf(one.customer.tenant), kind) as Person).id });
      return { by, outcome: done, key: done.is };
    }
    case 'remind':
    case 'escalate': {
      const one = among(({ state }) => state === 'delivered');
      if (!one) return nothing();
      const by = agentOf(one);
      if (what === 'escalate') return { by, outcome: undefined, key: (await acts.remind(ports).escalate({ by: speakerOf(by), id: one.id })) === undefined ? 'no' : 'escalated' };
      const done = await acts.remind(ports).remind({ by: speakerOf(by), id: one.id });
      return { by, outcome: done, key: done.is };
    }
    case 'withdraw': {
      const one = kind > 8 ? among(({ state }) => state !== 'draft') : among(isOpen);
      if (!one) return nothing();
      const by = kind % 3 === 0 ? agentOf(one) : ownerOf(one);
      const done = await withdrawInvitation(ports)({ by: speakerOf(by), id: one.id });
      return { by, outcome: done, ...refusedOr(done) };
    }
    // A change is a new request in the place of the first one; a renewal asks anew to manage what is managed.
    case 'change':
    case 'renew': {
      const one = among(({ state, asks }) => (what === 'change' ? isOpenState(state) : state === 'established' && asks.manage !== undefined));
      if (!one) return nothing();
      const by = what === 'renew' ? someone(peopleOf(one.partner.tenant).filter(({ id }) => isAdminAgentOf(id, one.partner.tenant))) : kind % 3 === 0 ? agentOf(one) : ownerOf(one);
      const done = await invites(by, one.customer.tenant, what === 'renew' || kind % 2 === 0 ? least : undefined, one);
      if (done.invited.is !== 'drafted') return done;
      house.shown.push({ tenant: by.tenant, person: by.id, view: done.outcome });
      return sends(by, done.invited.preview.invitation);
    }
    case 'stop': {
      const customer = pick(customers, at) as TenantId;
      const by = someone(peopleOf(customer).filter(({ id }) => isGlobalAdminOf(id, customer)));
      if (isPartnerTenant(by.tenant)) return nothing();
      const done = await stopRequests(ports)({ by: speakerOf(by), partner: pick(partners, kind) as TenantId, isStopped: kind < 5 });
      return { by, outcome: done, key: done };
    }
    case 'watch': {
      const { watchAll, lookNow } = acts.watch(ports);
      const one = kind > 9 ? among(isOpen) : undefined;
      if (one) {
        await lookNow(one);
        return { outcome: undefined, key: 'looked' };
      }
      const unanswered = await watchAll();
      await acts.expire(ports)(unanswered);
      await warnBeforeEnd(ports)();
      return { outcome: undefined, key: unanswered.size > 0 ? 'unanswered' : 'round' };
    }
    case 'acceptAtMicrosoft': {
      const isWanted = (invitation: Invitation): boolean => 'sentAt' in invitation && invitation.sentAt !== undefined;
      // Mostly what was approved here; but the pages of Microsoft take whatever was ever sent.
      const one = kind < 8 ? among((invitation) => invitation.state === 'awaitingAuthority' || (kind < 2 && isOpen(invitation))) : among(isWanted);
      if (!one || !isWanted(one)) return nothing();
      if (one.asks.sell && kind % 3 !== 1) microsoft.acts.acceptsToSell(one.partner.tenant, one.customer.tenant);
      if ('delegated' in one && one.delegated && kind % 3 !== 2) microsoft.acts.acceptsToManage(one.delegated.relationship);
      return { outcome: undefined, key: 'accepted' };
    }
    case 'wait': return { outcome: undefined, key: 'waited' };
    case 'endsAtMicrosoft': {
      const partner = pick(partners, at) as TenantId;
      const customer = pick(customers, who) as TenantId;
      const one = pick(microsoft.standing(partner), who);
      if (kind % 3 === 0) microsoft.acts.removes(partner, customer);
      else if (kind % 3 === 1 && one) microsoft.acts.terminates(one);
      else microsoft.acts.settles();
      return { outcome: undefined, key: 'ended' };
    }
    case 'outside': {
      const [partner, customer] = [pick(partners, at) as TenantId, pick(customers, who) as TenantId];
      if (kind % 2 === 0) microsoft.acts.acceptsToSell(partner, customer);
      else microsoft.acts.managesOutside(partner, customer, 20 + kind);
      return { outcome: undefined, key: 'came' };
    }
    case 'removeAccess':
    case 'endRelationship': {
      const grant = pick(standingGrants(house).filter((one) => isStray || what === 'endRelationship' || one.kind === 'gdap'), at);
      if (!grant) return nothing();
      const isCustomers = kind % 3 === 0;
      const by = someone(isCustomers ? peopleOf(grant.customer) : peopleOf(grant.partner).filter((person) => noAtTheDoor(person).length === 0));
      const other = isPartnerTenant(by.tenant) ? grant.customer : grant.partner;
      const otherName = tenantNamed.get(other)?.name ?? '';
      const shown = await endTogether(ports).show({ by: speakerOf(by), act: what, other: otherName });
      house.shown.push({ tenant: by.tenant, person: by.id, view: shown });
      const done = await endTogether(ports).confirm({ by: speakerOf(by), act: what, other, typed: kind === 11 ? 'Somebody' : otherName });
      const key = done.is === 'shown' ? (done.view.typedWrong ? 'typedWrong' : done.view.stands) : done.is;
      return { by, outcome: done, ...refusedOr(done), ...(done.is === 'shown' && { key }) };
    }
    case 'assign': {
      const one = among(({ state, asks }) => state === 'established' && asks.manage !== undefined);
      if (!one) return nothing();
      const by = agentOf(one);
      const done = await assignAccess(ports)({ by: speakerOf(by), id: one.id, group: kind === 9 ? guid(99) : guid(by.tenant === FABRIKAM ? 81 : 82) });
      return { by, outcome: done, ...refusedOr(done) };
    }
    case 'consent': {
      microsoft.state.isConsented = kind < 6;
      return { outcome: undefined, key: 'changed' };
    }
    case 'microsoftRefuses': {
      microsoft.state.refusesNext = true;
      return { outcome: undefined, key: 'armed' };
    }
    case 'look': {
      const by = pick(everybody, who) as Person;
      const one = pick(invitations, at);
      const views = [
        one && await showInvitation(ports)({ by: speakerOf(by), reference: one.reference }), one && await showDraft(ports)({ by: speakerOf(by), id: one.id }),
        await showMyPartners(ports)(speakerOf(by)), await showPending(ports)(speakerOf(by)),
      ];
      return { by, outcome: views, key: 'looked' };
    }
    case 'keepCard': {
      const one = among(({ state }) => state !== 'draft');
      if (!one) return nothing();
      const by = personNamed.get(one.inviter.id) as Person;
      await keepCard(ports)({ invitation: one.id, tenant: by.tenant, person: by.id, conversation: `a:${by.id}`, activity: `card-${one.id}` });
      return { outcome: undefined, key: 'kept' };
    }
  }
};
