/** What the commands need from the world. Every room outside implements a part of this page, and knows no more of it. */
import type { CustomerLine, StandingOfCustomer } from '../domain/customer-standing.js';
import type { Grant, Half, InState, Invitation, OpenInvitation } from '../domain/invitation.js';
import type { Country, Instant, Known, Partner, Person, Subscription, Tenant } from '../domain/facts.js';
import type { InvitationId, PersonId, ReferenceCode, DomainName, SubscriptionId, TenantId } from '../domain/ids.js';
import type { InvitationAllowed } from '../domain/decision.js';
import type { Baseline, Comparison, Proof, Side } from '../domain/proof.js';
import type { AccessAssignment, Blocker, DelegatedAdmin, SecurityGroup } from '../domain/delegated-admin.js';
import type { AuditEvent } from '../domain/events.js';
import type { Capabilities } from '../domain/rules.js';
import type { View } from './views.js';

// ---- Microsoft's side -------------------------------------------------------------------------------------------

/** No answer came, or none that can be understood. The act may have happened: look before telling anybody anything. */
export class AuthorityUnavailableError extends Error {
  override readonly name: string = 'AuthorityUnavailableError';
  constructor(
    readonly operation: string,
    /** `isUnasked`: nothing was sent, because the service wants to be left alone. */
    readonly about: { readonly retryAfterSeconds?: number; readonly correlationId?: string; readonly cause?: unknown; readonly isUnasked?: true } = {},
  ) {
    super(`Microsoft gave no usable answer to ${operation}.`, { cause: about.cause });
  }
}

/** Microsoft said no, and its no is definite. `code` is ours (`domain/rules`, or `AUTHORITY_REFUSED`). */
export type AuthorityRefusal = { readonly refused: { readonly code: string; readonly serviceCode: string; readonly correlationId: string } };

/** The customer has not allowed this app to read its directory. A fact, not a failure. */
export const notConsented = 'notConsented';
export type NotConsented = typeof notConsented;

export interface RelationshipAuthority {
  /** What the partner's own account says about it: market, agreement. `undefined`: no partner of this deployment. */
  partner(tenant: TenantId): Promise<Partner | undefined>;
  /**
   * Microsoft's own pages on which the customer's admin accepts: for selling a link that names the partner, no customer, and
   * makes nothing exist (MP-26); for managing a request of its own, created and locked under the asked name. Safe to ask
   * again: a request of that name for that customer is found and finished instead of made twice.
   */
  prepareInvitation(allowed: InvitationAllowed): Promise<Prepared | AuthorityRefusal>;
  /** Whether the reseller relationship stands in this moment; with a provider, whether it stands together with that provider. */
  observe(partner: TenantId, customer: TenantId, provider?: TenantId): Promise<'yes' | 'no'>;
  /** Every customer with a reseller relationship to this partner, all pages. */
  listOwnCustomers(partner: TenantId): Promise<readonly Tenant[]>;
  /** Those of them whose name or domain begins so. */
  findOwnCustomers(partner: TenantId, beginning: string): Promise<readonly Tenant[]>;
  /** Whom this partner administers, with or without selling to them. */
  listAdministered(partner: TenantId): Promise<readonly { readonly tenant: TenantId; readonly name: string }[]>;
  /** Only what this partner sold to this customer; Microsoft shows it nothing else (MP-70). Empty when not related. */
  listOwnSubscriptions(partner: TenantId, customer: TenantId): Promise<readonly Subscription[]>;
  /** This partner's delegated administration in every state, for one customer or for all. Those bound to no customer are left out. */
  listDelegatedAdmin(partner: TenantId, customer?: TenantId): Promise<readonly DelegatedAdmin[]>;
  /** Asks Microsoft to end it; that it has ended is seen by reading. Asking again for one that is ending is no error. */
  terminateDelegatedAdmin(partner: TenantId, relationship: string): Promise<'asked' | AuthorityRefusal>;
  /** It ends on its day instead of going on by itself. Only this way round: more than the customer approved is asked for anew (MP-56). */
  stopAutoExtend(partner: TenantId, relationship: string): Promise<'stopped' | AuthorityRefusal>;
  /** The partner's own groups, to one of which approved roles are given (MP-60). */
  listSecurityGroups(partner: TenantId): Promise<readonly SecurityGroup[]>;
  listAssignments(partner: TenantId, relationship: string): Promise<readonly AccessAssignment[]>;
  /** Gives other roles of the approved ones to a group that has an assignment; seen by reading when it is done. */
  changeAccess(partner: TenantId, wish: { readonly relationship: string; readonly assignment: string; readonly roles: readonly string[] }): Promise<'asked' | AuthorityRefusal>;
  /** Takes a group's roles away again; the relationship stays. */
  withdrawAccess(partner: TenantId, wish: { readonly relationship: string; readonly assignment: string }): Promise<'asked' | AuthorityRefusal>;
  /** Gives the roles to the group; the same assignment once more is no error. Another one for that group is `ASSIGNMENT_EXISTS` (MP-61). */
  assignAccess(partner: TenantId, wish: { readonly relationship: string; readonly group: string; readonly roles: readonly string[] }): Promise<'asked' | AuthorityRefusal>;
  /** The provider or resellers with whom this partner works in the two-tier model. */
  listPartnerships(partner: TenantId): Promise<readonly Partnership[]>;
  /** What of this partner's own stands in the way of ending the reseller relationship; empty: nothing. */
  removalBlockers(partner: TenantId, customer: TenantId): Promise<readonly Blocker[]>;
  /** Which of the subscriptions in the way could go to another partner first, in a procedure of Microsoft's own (MP-80). */
  transferable(partner: TenantId, customer: TenantId): Promise<readonly SubscriptionId[] | 'unknown'>;
  /** When the last relationship of that kind ended, as Microsoft wrote it down; `undefined` when it did not. */
  whenEnded(partner: TenantId, customer: TenantId, kind: Grant['kind'], since: Date): Promise<Instant | undefined>;
  /** Ends this partner's reseller relationship. It changes that one word at Microsoft and nothing else. */
  removeRelationship(partner: TenantId, customer: TenantId): Promise<'removed' | AuthorityRefusal>;
  /** An indirect reseller answers what its provider prepared for it; the only approval this product can give, and never a customer's (MP-68). */
  answerProviderDraft(partner: TenantId, relationship: string, answer: 'approve' | 'reject'): Promise<'asked' | AuthorityRefusal>;
}

/** Where Microsoft sends a partner's news. One address for each partner tenant, whoever registered it. */
export interface NewsFeed {
  eventNames(partner: TenantId): Promise<readonly string[]>;
  registration(partner: TenantId): Promise<Registration | undefined>;
  /** @param before what is registered now; it is replaced */
  register(partner: TenantId, wanted: Registration, before?: Registration): Promise<'registered' | AuthorityRefusal>;
  /** Microsoft sends a test event; its result is read under the name it gives. At most two a minute. */
  askTest(partner: TenantId): Promise<{ readonly test: string } | AuthorityRefusal>;
  testResult(partner: TenantId, test: string): Promise<{ readonly status: string; readonly answers: readonly string[] }>;
  /**
   * Hands an event to somebody else's tool, signature and all.
   * @throws AuthorityUnavailableError when the tool is away, busy or broken
   * @throws EventNotTakenError
   */
  passOn(url: string, event: { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }): Promise<void>;
}

/** Somebody else's tool said no to an event, and its no is definite. */
export class EventNotTakenError extends Error {
  override readonly name = 'EventNotTakenError';
  constructor(readonly status: number) {
    super(`The tool to which an event was passed on refused it (${status}).`);
  }
}

export type Registration = { readonly url: string; readonly events: readonly string[] };

export type Partnership = { readonly tenant: TenantId; readonly name: string; readonly country: Known<Country>; readonly is: 'provider' | 'reseller' };

export type Prepared = { readonly link: string; readonly delegated?: { readonly relationship: string; readonly link: string } };

export interface Directory {
  /** Fresh from the person's own tenant. Unknown or disabled people are `undefined`. */
  person(tenant: TenantId, person: PersonId): Promise<Person | NotConsented | undefined>;
  /** `undefined`: no Microsoft tenant uses that domain. Asked with the asking partner's own right to look up. */
  tenantByDomain(domain: DomainName, askedBy: TenantId): Promise<Tenant | undefined>;
  tenantById(tenant: TenantId, askedBy: TenantId): Promise<Tenant | undefined>;
  /** The tenant's registered country, where its customer consented. */
  countryOf(tenant: TenantId): Promise<Known<Country>>;
  /** The Admin agents of a partner: for the eyes of that partner only. */
  adminAgents(partner: TenantId): Promise<readonly Person[]>;
  /** Who may decide for this customer: for the eyes of that customer only. */
  deciders(customer: TenantId): Promise<readonly Person[] | NotConsented>;
  /** What the customer's own tenant knows: every subscription with its seller, and its service providers. */
  holdings(customer: TenantId): Promise<Holdings | NotConsented>;
}

export type Holdings = {
  readonly subscriptions: readonly Subscription[];
  /** Partners the directory knows or that sold something, with their public names. */
  readonly partners: readonly { readonly tenant: TenantId; readonly name: string; readonly isServiceProvider: boolean }[];
  readonly readAt: Instant;
};

// ---- The partner's own user -------------------------------------------------------------------------------------

/** Nobody has signed in for this partner, or Microsoft takes that sign-in no longer: an admin agent must sign in. */
export class SignInNeededError extends AuthorityUnavailableError {
  override readonly name = 'SignInNeededError';
}

/** How the sign-in of a partner stands. Machine time; the refresh token itself is in nobody's hands but the store's. */
export type SignIn = {
  readonly partner: TenantId;
  readonly signedInAt: Instant;
  /** When Microsoft last gave a new refresh token; it lives 90 days from then. */
  readonly renewedAt: Instant;
  /** Microsoft's code for taking it no longer. */
  readonly refused?: string;
};

/** The users who signed in once for their partner, for all processes of this deployment; sealed at rest. */
export interface SignIns {
  /**
   * Redeems the newest refresh token, one at a time for each partner, and keeps the one that came back before the outcome
   * is given. `refuse` writes down that Microsoft takes this one no longer, until somebody signs in anew. A sign-in that
   * happened meanwhile is neither overwritten nor refused.
   * @throws SignInNeededError without a sign-in; AuthorityUnavailableError when others take too long
   */
  redeem<Outcome>(partner: TenantId, redeem: (refreshToken: string, refuse: (code: string) => Promise<void>) => Promise<{ readonly outcome: Outcome; readonly refreshToken?: string }>): Promise<Outcome>;
  keep(partner: TenantId, refreshToken: string): Promise<void>;
  all(): Promise<readonly SignIn[]>;
}

// ---- Teams ------------------------------------------------------------------------------------------------------

/** Somebody who has met the bot, and where to reach them. A row of the ledger. */
export type Acquaintance = {
  readonly tenant: TenantId;
  readonly person: PersonId;
  readonly name: string;
  readonly language: Language;
  readonly isLanguageChosen: boolean;
  readonly timeZone?: string;
  /** Teams' own id of the person (`29:…`), the personal conversation, and the address of the service that holds it. */
  readonly teamsUser: string;
  readonly conversation: string;
  readonly serviceUrl: string;
  /** No after an uninstall or a block, until the person comes back. */
  readonly isReachable: boolean;
};

export type Language = 'en' | 'tr';

/** A card somebody holds, so that it can be brought up to date in place. */
export type CardCopy = {
  readonly invitation: InvitationId;
  readonly tenant: TenantId;
  readonly person: PersonId;
  readonly conversation: string;
  readonly activity: string;
};

export interface Messenger {
  /** Sends a new message; gives its id, by which it can be updated. */
  send(to: Acquaintance, view: View): Promise<{ readonly conversation: string; readonly activity: string }>;
  /** Redraws a message in place. */
  update(to: Acquaintance, copy: CardCopy, view: View): Promise<void>;
}

/** Teams said no for good: `gone` is the message or chat, `unreachable` the person (uninstalled, blocked), `rejected` our message. */
export class MessengerRefusedError extends Error {
  override readonly name = 'MessengerRefusedError';
  constructor(readonly why: 'gone' | 'unreachable' | 'rejected', readonly status: number) {
    super(`Teams refused the message (${why}, ${status}).`);
  }
}

/** Not now. Nothing was delivered. */
export class MessengerUnavailableError extends Error {
  override readonly name = 'MessengerUnavailableError';
  constructor(readonly retryAfterSeconds?: number, options?: ErrorOptions) {
    super('Teams could not take the message now.', options);
  }
}

/** The message may or may not have arrived. */
export class MessengerOutcomeUnknownError extends Error {
  override readonly name = 'MessengerOutcomeUnknownError';
  constructor(options?: ErrorOptions) {
    super('Whether Teams delivered the message is not known.', options);
  }
}

// ---- The ledger -------------------------------------------------------------------------------------------------

/** Somebody else wrote first. Nothing of this entry was kept; read again and decide again. */
export class StaleLedgerError extends Error {
  override readonly name = 'StaleLedgerError';
  constructor(options?: ErrorOptions) {
    super('The ledger has moved on since it was read.', options);
  }
}

export class LedgerUnavailableError extends Error {
  override readonly name = 'LedgerUnavailableError';
  constructor(options?: ErrorOptions) {
    super('The ledger cannot be reached.', options);
  }
}

/** Everything one decision changes, written in one transaction or not at all. */
export type Entry = {
  readonly event: AuditEvent;
  /** What the event did to the invitation: `before` guards the write (its version), `after` is stored. */
  readonly before?: Invitation;
  readonly after?: Invitation;
  /** What was seen at Microsoft, as it stands now; the newest word about a relationship replaces the one before. */
  readonly grants?: readonly Grant[];
  /** Each of them begins to stand or ceases to with this entry; somebody who wrote that first makes it stale. */
  readonly isTurn?: boolean;
  /** The one of them as it was read; another word about it since then makes the entry stale. */
  readonly grantRead?: Grant;
  /** Drafts or open requests that `after` takes the place of. */
  readonly supersedes?: readonly (InState<'draft'> | OpenInvitation)[];
  /** The customer takes no further requests from the partner, or takes them again. */
  readonly stop?: { readonly customer: TenantId; readonly partner: TenantId; readonly isStopped: boolean };
  readonly alias?: { readonly partner: TenantId; readonly customer: TenantId; readonly alias: string };
  readonly errands?: readonly NewErrand[];
};

export interface Ledger {
  invitation(id: InvitationId): Promise<Invitation | undefined>;
  invitationByReference(reference: ReferenceCode): Promise<Invitation | undefined>;
  /** There is never more than one for each half (MP-31, held by unique indexes). */
  openBetween(partner: TenantId, customer: TenantId): Promise<readonly OpenInvitation[]>;
  /** How many were sent since then and got no answer. */
  unansweredSince(partner: TenantId, customer: TenantId, since: Date): Promise<number>;
  hasStopped(customer: TenantId, partner: TenantId): Promise<boolean>;
  stoppedBy(customer: TenantId): Promise<readonly TenantId[]>;
  /** Newest first, drafts left out. */
  invitationsOf(side: { readonly partner: TenantId; readonly customer?: TenantId } | { readonly customer: TenantId }, only: 'open' | 'all', limit: number): Promise<readonly Invitation[]>;
  draftsOf(inviter: PersonId, partner: TenantId, customer: TenantId): Promise<readonly InState<'draft'>[]>;
  /** Drafts that one began and another is to finish, whichever of the two this person is, newest first. */
  handedOver(partner: TenantId, person: PersonId, limit: number): Promise<readonly InState<'draft'>[]>;
  /**
   * Those whose relationship may still appear at Microsoft, newest first: open ones, and ended ones not yet found late. To
   * manage each has a request of its own at Microsoft; to sell only the newest of its pair that asked for it counts (MP-26).
   */
  awaited(partner: TenantId, half: Half): Promise<readonly Invitation[]>;
  /** Open invitations whose last day has come, a page at a time: `after` is the last one of the page before. */
  overdue(now: Date, limit: number, after?: OpenInvitation): Promise<readonly OpenInvitation[]>;
  grants(side: { readonly partner: TenantId; readonly customer?: TenantId } | { readonly customer: TenantId }): Promise<readonly Grant[]>;
  /** Whether this partner's side was ever read; what stood before that is nobody's news. */
  isWatched(partner: TenantId): Promise<boolean>;
  beginWatching(partner: TenantId, grants: readonly Grant[]): Promise<void>;
  /** Standing ones that end between the two, the first to end first, a page at a time; what extends itself has no end. */
  endingBetween(from: Date, then: Date, limit: number, after?: Grant): Promise<readonly Grant[]>;
  /** A partner's customers, most urgent first; as quick for ten thousand as for ten. */
  customersOf(partner: TenantId, page: CustomersPage): Promise<readonly CustomerLine[]>;

  /** @throws StaleLedgerError, LedgerUnavailableError */
  record(entry: Entry): Promise<void>;
  /** One chain, oldest first. */
  history(chain: string): Promise<readonly AuditRecord[]>;
  /** The hash of its newest record: it stands for all that came before. */
  headOf(chain: string): Promise<string | undefined>;

  acquaintance(tenant: TenantId, person: PersonId): Promise<Acquaintance | undefined>;
  /** Everybody who ever met the bot. */
  acquaintances(): Promise<readonly Acquaintance[]>;
  acquaintancesOf(tenant: TenantId): Promise<readonly Acquaintance[]>;
  /** Inserts or updates; writes nothing when nothing changed. */
  meet(acquaintance: Acquaintance): Promise<void>;

  /** A word the service keeps for itself, by its name. */
  mark(name: string): Promise<string | undefined>;
  keepMark(name: string, value: string): Promise<void>;

  copies(invitation: InvitationId): Promise<readonly CardCopy[]>;
  keepCopy(copy: CardCopy): Promise<void>;
  dropCopy(copy: CardCopy): Promise<void>;

  proof(invitation: InvitationId, side: Side): Promise<Proof | undefined>;
  /** The baseline is written once; later calls with a baseline change nothing. */
  keepBaseline(invitation: InvitationId, side: Side, baseline: Baseline): Promise<void>;
  /** Stores the comparison and forgets the baseline. */
  keepComparison(invitation: InvitationId, side: Side, comparison: Comparison): Promise<void>;

  isReachable(): Promise<boolean>;
}

export type CustomersPage = {
  /** The beginning of a word of the name, domain or alias, folded; empty for all. */
  readonly search: string;
  /** `endingSoon`: active, and ending before `soon`. */
  readonly only: StandingOfCustomer | 'endingSoon' | 'all';
  readonly soon: Date;
  readonly skip: number;
  readonly limit: number;
};

export type AuditRecord = {
  readonly chain: string;
  readonly seq: number;
  readonly at: Instant;
  readonly event: string;
  /** The hashed body, as stored. */
  readonly body: string;
  /** Names and free text, outside the hash; the body holds a salted hash of each, so they can be erased. */
  readonly names: Readonly<Record<string, string>>;
  readonly previous: string;
  readonly hash: string;
};

// ---- Errands ----------------------------------------------------------------------------------------------------

/** Something to be done outside, remembered in the same transaction as the reason for it. */
export type NewErrand = {
  readonly topic: ErrandTopic;
  /** The business key: a second errand with the same key is the same errand, of `askedAgain` only until the first is settled. */
  readonly key: string;
  /** Errands of one lane run one after another; a lane that must wait holds up nobody else. */
  readonly lane: string;
  readonly invitation?: InvitationId;
  readonly body: Readonly<Record<string, string>>;
  /** Not needed while another one of its lane waits and has not begun: that one does for both. */
  readonly joinsWaiting?: true;
  /** Machine time; now when left out. */
  readonly dueAt?: Date;
  /** The W3C trace context of what caused it, so that doing it belongs to the same trace. */
  readonly cause?: string;
};

export type ErrandTopic = 'welcome' | 'invite' | 'send' | 'deliver' | 'redraw' | 'tell' | 'compare' | 'news' | 'assign' | 'withdrawAccess' | 'stopExtending' | 'removeAccess' | 'endRelationship' | 'look' | 'passOn';

/** What a person may ask for again once it is done or given up. Everything else is for once: what was told is not told anew. */
export const askedAgain: readonly ErrandTopic[] = ['send', 'deliver'];

export type ClaimedErrand = Required<Pick<NewErrand, 'topic' | 'key' | 'lane' | 'body'>> & {
  readonly id: number;
  readonly invitation?: InvitationId;
  /** Counts from 1; it fences a worker that was taken over. */
  readonly attempt: number;
  readonly cause?: string;
};

/** What a worker did with one errand. `untold`: why nobody could be told that it was given up. */
export type Ran = { readonly topic: ErrandTopic; readonly outcome: 'done' | 'again' | 'dead'; readonly error?: unknown; readonly untold?: unknown };

export interface Errands {
  add(errands: readonly NewErrand[]): Promise<void>;
  /** Takes due errands, the oldest of each lane only, for a lease. Machine time. */
  claim(now: Date, limit: number, leaseSeconds: number): Promise<readonly ClaimedErrand[]>;
  /** Lengthens the lease of work that goes on; nothing when another has taken it over. Machine time. */
  hold(errand: ClaimedErrand, now: Date, leaseSeconds: number): Promise<void>;
  done(errand: ClaimedErrand): Promise<void>;
  /** `again`: when to try once more, with the body as it is given here; left out, the errand is a dead letter and stays visible. */
  fail(errand: ClaimedErrand, reason: string, again?: Date): Promise<void>;
  /** Given up for good, for this invitation. */
  deadLetters(invitation: InvitationId): Promise<readonly { readonly topic: ErrandTopic; readonly body: Readonly<Record<string, string>>; readonly reason: string }[]>;
  /** For the operator: how many wait, how many of them are due, how old the oldest due one is, how many are dead. */
  depth(now: Date): Promise<{ readonly waiting: number; readonly due: number; readonly oldestDueSeconds: number; readonly dead: number }>;
}

// ---- Time and chance --------------------------------------------------------------------------------------------

export type Clock = {
  /** Business time: expiry, dates on cards. The sandbox can move it. */
  now(): Date;
  /** Machine time, which nobody sets: leases, backoff, what is due. */
  machineNow(): Date;
};

export type Chance = { guid(): string; byte(): number; key(): string };

export type Ports = {
  readonly authority: RelationshipAuthority;
  readonly directory: Directory;
  readonly ledger: Ledger;
  readonly errands: Errands;
  readonly messenger: Messenger;
  readonly newsFeed: NewsFeed;
  readonly clock: Clock;
  readonly chance: Chance;
  /** The partners of this deployment; everybody else is a customer. */
  readonly partners: readonly TenantId[];
  readonly deployment: Deployment;
  /** Everything asked of Microsoft meanwhile belongs to this errand, and so does every line of the log. */
  readonly trace: (errand: ClaimedErrand, run: () => Promise<Ran>) => Promise<Ran>;
};

export type Deployment = {
  readonly cloud: 'commercial' | 'usGov';
  /** Every card says so when Microsoft's side is the sandbox. */
  readonly isTrial: boolean;
  readonly validForDays: number;
  /** What partners may ask for in this cloud (MP-42 to MP-44). */
  readonly capabilities: Capabilities;
  /** Where a customer's admin gets this app; empty when it is not published. */
  readonly installUrl: string;
};
