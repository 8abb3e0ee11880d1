/** What the commands need from the world. Every room outside implements a part of this page, and knows no more of it. */
import type { Grant, Invitation, OpenInvitation } from '../domain/invitation.js';
import type { Country, Instant, Known, Partner, Person, Subscription, Tenant } from '../domain/facts.js';
import type { InvitationId, PersonId, ReferenceCode, DomainName, TenantId } from '../domain/ids.js';
import type { InvitationAllowed } from '../domain/decision.js';
import type { Baseline, Comparison, Proof, Side } from '../domain/proof.js';
import type { AuditEvent } from '../domain/events.js';
import type { View } from './views.js';

// ---- Microsoft's side -------------------------------------------------------------------------------------------

/** No answer came, or none that can be understood. The act may have happened: look before telling anybody anything. */
export class AuthorityUnavailableError extends Error {
  override readonly name = 'AuthorityUnavailableError';
  constructor(
    readonly operation: string,
    readonly about: { readonly retryAfterSeconds?: number; readonly correlationId?: string; readonly cause?: unknown } = {},
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
   * The page on which the customer's admin accepts the partner. Reads only: the link names the partner, no customer,
   * and nothing exists at Microsoft before the customer accepts (MP-26).
   */
  prepareInvitation(allowed: InvitationAllowed): Promise<{ readonly link: string } | AuthorityRefusal>;
  /** Whether the reseller relationship stands in this moment. */
  observe(partner: TenantId, customer: TenantId): Promise<'yes' | 'no'>;
  /** Every customer with a reseller relationship to this partner, all pages. */
  listOwnCustomers(partner: TenantId): Promise<readonly Tenant[]>;
  /** Only what this partner sold to this customer; Microsoft shows it nothing else (MP-70). Empty when not related. */
  listOwnSubscriptions(partner: TenantId, customer: TenantId): Promise<readonly Subscription[]>;
  /** This partner's delegated administration, for one customer or for all. Active ones only. */
  listDelegatedAdmin(partner: TenantId, customer?: TenantId): Promise<readonly DelegatedAdmin[]>;
}

export type DelegatedAdmin = {
  readonly customer: TenantId;
  readonly name: string;
  /** Entra role template ids. */
  readonly roles: readonly string[];
  readonly since: Instant;
  readonly until: Instant;
  readonly autoExtends: boolean;
};

export interface Directory {
  /** Fresh from the person's own tenant. Unknown or disabled people are `undefined`. */
  person(tenant: TenantId, person: PersonId): Promise<Person | NotConsented | undefined>;
  /** `undefined`: no Microsoft tenant uses that domain. Asked with the asking partner's own right to look up. */
  tenantByDomain(domain: DomainName, askedBy: TenantId): Promise<Tenant | undefined>;
  tenantById(tenant: TenantId, askedBy: TenantId): Promise<Tenant | undefined>;
  /** The tenant's registered country, where its customer consented. */
  countryOf(tenant: TenantId): Promise<Known<Country>>;
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
  readonly grant?: Grant;
  /** Drafts by the same person to the same customer that this one replaces. */
  readonly supersedes?: readonly Invitation[];
  readonly errands?: readonly NewErrand[];
};

export interface Ledger {
  invitation(id: InvitationId): Promise<Invitation | undefined>;
  invitationByReference(reference: ReferenceCode): Promise<Invitation | undefined>;
  /** The open one, if any: there is never more than one (MP-31, held by a unique index). */
  openBetween(partner: TenantId, customer: TenantId): Promise<OpenInvitation | undefined>;
  /** Newest first, drafts left out. */
  invitationsOf(side: { readonly partner: TenantId } | { readonly customer: TenantId }, only: 'open' | 'all', limit: number): Promise<readonly Invitation[]>;
  draftsOf(inviter: PersonId, partner: TenantId, customer: TenantId): Promise<readonly Invitation[]>;
  /**
   * Those whose relationship may still appear at Microsoft: open ones, and ended ones not yet found late. Only the newest of
   * a pair: a relationship that comes belongs to the last request, not to one that was declined before it.
   */
  awaited(partner: TenantId): Promise<readonly Invitation[]>;
  /** Open invitations whose last day has come. */
  overdue(now: Date, limit: number): Promise<readonly OpenInvitation[]>;
  grants(side: { readonly partner: TenantId } | { readonly customer: TenantId }): Promise<readonly Grant[]>;

  /** @throws StaleLedgerError, LedgerUnavailableError */
  record(entry: Entry): Promise<void>;
  /** One chain, oldest first. */
  history(chain: string): Promise<readonly AuditRecord[]>;

  acquaintance(tenant: TenantId, person: PersonId): Promise<Acquaintance | undefined>;
  acquaintancesOf(tenant: TenantId): Promise<readonly Acquaintance[]>;
  /** Inserts or updates; writes nothing when nothing changed. */
  meet(acquaintance: Acquaintance): Promise<void>;

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
  /** The business key: a second errand with the same key is the same errand. */
  readonly key: string;
  /** Errands of one lane run one after another; a lane that must wait holds up nobody else. */
  readonly lane: string;
  readonly invitation?: InvitationId;
  readonly body: Readonly<Record<string, string>>;
  /** Machine time; now when left out. */
  readonly dueAt?: Date;
};

export type ErrandTopic = 'welcome' | 'invite' | 'send' | 'deliver' | 'redraw' | 'tell' | 'compare';

export type ClaimedErrand = Required<Pick<NewErrand, 'topic' | 'key' | 'lane' | 'body'>> & {
  readonly id: number;
  readonly invitation?: InvitationId;
  /** Counts from 1; it fences a worker that was taken over. */
  readonly attempt: number;
};

export interface Errands {
  add(errands: readonly NewErrand[]): Promise<void>;
  /** Takes due errands, the oldest of each lane only, for a lease. Machine time. */
  claim(now: Date, limit: number, leaseSeconds: number): Promise<readonly ClaimedErrand[]>;
  done(errand: ClaimedErrand): Promise<void>;
  /** `again`: when to try once more; left out, the errand is a dead letter and stays visible. */
  fail(errand: ClaimedErrand, reason: string, again?: Date): Promise<void>;
  /** Given up for good, for this invitation. */
  deadLetters(invitation: InvitationId): Promise<readonly { readonly topic: ErrandTopic; readonly body: Readonly<Record<string, string>>; readonly reason: string }[]>;
  /** For the operator: how many wait, how old the oldest due one is, how many are dead. */
  depth(now: Date): Promise<{ readonly waiting: number; readonly oldestDueSeconds: number; readonly dead: number }>;
}

// ---- Time and chance --------------------------------------------------------------------------------------------

export type Clock = {
  /** Business time: expiry, dates on cards. The sandbox can move it. */
  now(): Date;
  /** Machine time: leases, backoff, tokens, rate limits. */
  machineNow(): Date;
};

export type Chance = { guid(): string; byte(): number; key(): string };

export type Ports = {
  readonly authority: RelationshipAuthority;
  readonly directory: Directory;
  readonly ledger: Ledger;
  readonly errands: Errands;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly chance: Chance;
  /** The partners of this deployment; everybody else is a customer. */
  readonly partners: readonly TenantId[];
  readonly deployment: Deployment;
};

export type Deployment = {
  readonly cloud: 'commercial' | 'usGov';
  /** Every card says so when Microsoft's side is the sandbox. */
  readonly isTrial: boolean;
  readonly validForDays: number;
  /** Whether partners may request a reseller relationship in this cloud (MP-42). */
  readonly isResellerRequestOffered: boolean;
  /** Where a customer's admin gets this app; empty when it is not published. */
  readonly installUrl: string;
};
