/**
 * What people are shown, as values; words and picture are made in `bot`. A partner's view has no place for another partner,
 * nor for anything the customer holds (MP-70, MP-73): what is not here cannot leak.
 */
import type { Asked, Refusals } from '../domain/decision.js';
import type { Customer, Instant, Role } from '../domain/facts.js';
import type { AccessAssignment, Blocker, SecurityGroup } from '../domain/delegated-admin.js';
import type { CustomerLine } from '../domain/customer-standing.js';
import type { PersonId, ReferenceCode, TenantId } from '../domain/ids.js';
import type { Grant, Half, Invitation, Remark } from '../domain/invitation.js';
import type { Comparison } from '../domain/proof.js';

export type View =
  | RulesChangedView | HandedOverView | DraftClosedView | CustomersView | ConsequencesView | NewsView | HistoryView
  | SignInView | WelcomeView | PreviewView | StatusView | RequestView | NoticeView | PartnersView | OwnCustomersView | PendingView | RefusalView | NoSuchTenantView | GaveUpView;

export type WelcomeView = { readonly view: 'welcome'; readonly who: WhoAmI; readonly name: string; readonly waiting: number };

/** The inviter's draft: the customer's card without anything about other partners, and every rule with its verdict. */
export type PreviewView = {
  readonly view: 'preview';
  readonly invitation: Invitation;
  readonly customer: Pick<Customer, 'country' | 'cloud' | 'isCspPartner'>;
  readonly asked: readonly Asked[];
  /** The Admin agents it may be handed to, where sending is not the inviter's; empty when there is none. */
  readonly handOver?: readonly Colleague[];
};

export type Colleague = { readonly id: PersonId; readonly name: string };

/** The partner's one card about an invitation, for its whole life. */
export type StatusView = {
  readonly view: 'status';
  readonly invitation: Invitation;
  /** How many people of the customer hold the card. A number, never a name, before somebody has answered. */
  readonly deliveredTo: number;
  /** Why somebody could not be reached, once the bot has given up. */
  readonly undelivered: readonly string[];
  /** Nobody has the card, and it can be brought once more. */
  readonly canBringAgain: boolean;
  /** How many reminders are left, and from when the next one may go; absent when none makes sense. */
  readonly reminders?: { readonly left: number; readonly from: Instant };
  /** Delegated administration stands at Microsoft, and who of the partner has it; absent until it stands. */
  readonly access?: { readonly groups: readonly SecurityGroup[]; readonly assignments: readonly AccessAssignment[] };
  readonly over?: Over;
  readonly endedBy?: Readonly<Partial<Record<Half, WhoEnded>>>;
  readonly endAsked?: EndAsked;
  readonly replaces?: Replaces;
  readonly comparison?: Comparison;
  /** The last link of the audit chain, short. */
  readonly chainHead: string;
};

/** The customer's one card about an invitation. */
export type RequestView = {
  readonly view: 'request';
  readonly invitation: Invitation;
  /** `roleUnknown`: the directory may not be read, so no answer given here would be a decision. `eligible`: the right role is theirs, but switched off. */
  readonly mayAnswer: 'yes' | 'roleUnknown' | 'eligible' | 'no';
  /** Who of the customer's own people could decide; for eyes of that customer only. */
  readonly deciders: readonly Colleague[];
  /** The customer takes no further requests from this partner. */
  readonly isStopped: boolean;
  /** What the customer holds today; absent when it could not be read. */
  readonly holdings?: HeldToday;
  /** Delegated administration in force, as Microsoft shows it. */
  readonly manages?: Pick<Grant, 'until' | 'autoExtends'>;
  readonly over?: Over;
  readonly endedBy?: Readonly<Partial<Record<Half, WhoEnded>>>;
  readonly endAsked?: EndAsked;
  readonly replaces?: Replaces;
  readonly comparison?: Comparison & { readonly names: Readonly<Record<string, string>> };
  readonly chainHead: string;
};

/** What an invitation brought and is over at Microsoft, since when. Absent while all of it stands. */
export type Over = Readonly<Partial<Record<Half, Instant>>>;

/** Somebody who asked for it here, or its time; what was done at Microsoft alone, nobody knows here. */
export type WhoEnded = 'time' | 'unknown' | { readonly name: string; readonly side?: 'partner' | 'customer' };

/** Who of the reader's own side asked here for the end of what still stands, and when. */
export type EndAsked = Readonly<Partial<Record<Half, { readonly by: string; readonly at: Instant }>>>;

/** The request in whose place this one was sent; `isSmaller`: as the customer had suggested. */
export type Replaces = { readonly reference: ReferenceCode; readonly isSmaller: boolean };

export type HeldToday = {
  readonly isConsented: boolean;
  readonly partners: readonly { readonly name: string; readonly offers: readonly string[] }[];
  readonly fromMicrosoft: readonly string[];
};

export const noticeSubjects = [
  'approved', 'declined', 'established', 'halfDone', 'expired', 'foundLate', 'notDelivered', 'finished', 'handedOver', 'notBrought', 'handedBack', 'asked', 'answered', 'suggested', 'reminded', 'withdrawn',
] as const;
export type NoticeSubject = (typeof noticeSubjects)[number];

export type NoticeView = {
  readonly view: 'notice';
  readonly subject: NoticeSubject;
  readonly side: 'partner' | 'customer';
  readonly invitation: Invitation;
  /** The question or answer that it is about. */
  readonly said?: Remark;
  readonly comparison?: Comparison;
};

/** "Show my partners", asked by somebody of the customer. */
export type PartnersView = {
  readonly view: 'partners';
  readonly tenant: TenantId;
  readonly customer: string;
  /** People without the right see who works for them and what was sold, not what they may do, since when and by whom; guests nothing. */
  readonly detail: 'full' | 'namesOnly' | 'nothing';
  readonly isConsented: boolean;
  readonly readAt: Instant;
  readonly partners: readonly PartnerLine[];
  /** Bought from Microsoft itself. */
  readonly fromMicrosoft: readonly Sold[];
  /** Who could see more, for eyes of the same customer. */
  readonly deciders: readonly string[];
};

export type Sold = { readonly offer: string; readonly quantity: number; readonly status: string };
export type LineSource = 'ledger' | 'subscriptions' | 'serviceProviders' | 'delegatedAdmin';

export type PartnerLine = {
  readonly name: string;
  readonly sells: readonly Sold[];
  readonly mayManage: readonly { readonly roles: readonly string[]; readonly until: Instant; readonly autoExtends: boolean }[];
  /** Empty when no source tells. */
  readonly since?: Instant;
  readonly agreed?: { readonly by: string; readonly at: Instant };
  readonly askedBy?: string;
  /** Its reseller relationship is over since then; what it sold may go on. */
  readonly sellingEnded?: Instant;
  readonly sources: readonly LineSource[];
};

/** "Show my partners", asked by somebody of a partner: its own links only (MP-72). */
export type OwnCustomersView = {
  readonly view: 'ownCustomers';
  readonly partner: string;
  readonly customers: readonly PartnerLine[];
  readonly more: number;
  readonly readAt: Instant;
};

export type PendingView = {
  readonly view: 'pending';
  readonly side: 'partner' | 'customer';
  readonly mayAnswer: boolean;
  readonly invitations: readonly Invitation[];
  /** Drafts that changed hands: those that wait for the reader, and those that the reader gave away. */
  readonly handedOver: readonly { readonly draft: Invitation; readonly waitsForReader: boolean }[];
  /** Who could decide, for eyes of the same customer. */
  readonly deciders: readonly string[];
};

/** "Finish for Elif": a draft that waits for the person it was handed to. */
export type HandedOverView = { readonly view: 'handedOver'; readonly preview: PreviewView; readonly from: string };

/** What is left of a draft's card when the draft is over, or with somebody else. */
export type DraftClosedView = { readonly view: 'draftClosed'; readonly invitation: Invitation; readonly isOwn: boolean };

/** "My customers", one page. */
export type CustomersView = {
  readonly view: 'customers';
  readonly search: string;
  readonly only: 'all' | 'waiting' | 'active' | 'endingSoon' | 'declined' | 'ended';
  readonly page: number;
  readonly customers: readonly CustomerLine[];
  readonly hasMore: boolean;
  readonly soon: Instant;
};

/** What would happen, before it does: removing access or ending the relationship. */
export type ConsequencesView = {
  readonly view: 'consequences';
  readonly act: 'removeAccess' | 'endRelationship';
  readonly side: 'partner' | 'customer';
  readonly partner: { readonly tenant: TenantId; readonly name: string };
  readonly customer: { readonly tenant: TenantId; readonly name: string };
  readonly grants: readonly Grant[];
  readonly blockers: readonly Blocker[];
  /** How many of the subscriptions in the way could go to another partner first, where Microsoft says so. */
  readonly transferable?: number;
  /** `asked`: it is under way; `handed`: only the partner can finish it, and its people were told. */
  readonly stands: 'ready' | 'blocked' | 'asked' | 'handed' | 'nothing';
  readonly typedWrong?: boolean;
};

export const newsSubjects = ['ending', 'ended', 'foundOutside', 'endAsked', 'providerDraft'] as const;
export type NewsSubject = (typeof newsSubjects)[number];

/** Something about a relationship that no invitation tells: it ends soon, it has ended, it came without us. */
export type NewsView = {
  readonly view: 'news';
  readonly subject: NewsSubject;
  readonly side: 'partner' | 'customer';
  readonly grant: Grant;
  readonly partner: string;
  readonly customer: string;
  readonly daysLeft?: number;
  /** The provider's name, of a draft. */
  readonly provider?: string;
};

/** The rule book changed with an update: which rules. */
export type RulesChangedView = { readonly view: 'rulesChanged'; readonly rules: readonly string[] };

/** The user who signed in once for the partner must do it again. */
export type SignInView = { readonly view: 'signIn'; readonly is: 'ending' | 'refused'; readonly until: Instant };

/** Who did what and when, as this side may read it. */
export type HistoryView = {
  readonly view: 'history';
  readonly side: 'partner' | 'customer';
  readonly invitation: Invitation;
  readonly lines: readonly HistoryLine[];
  readonly verdict: { readonly is: 'whole' | 'broken'; readonly seq?: number };
  readonly chainHead: string;
};
export type HistoryLine = { readonly at: Instant; readonly event: string; readonly by: string; readonly note: string };

/** Answers that come later, because Microsoft's side was down when the wish was made. */
export type NoSuchTenantView = { readonly view: 'noSuchTenant'; readonly asked: string };
export type GaveUpView = { readonly view: 'gaveUp'; readonly wish: 'invite' | 'send' | 'assign' | 'withdrawAccess' | 'stopExtending' | 'removeAccess' | 'endRelationship'; readonly about: string; /** Nobody signed in for the partner. */ readonly needsSignIn?: true; /** There is nothing left to send. */ readonly isDraftOver?: true };

export type RefusalView = { readonly view: 'refusal'; readonly refusals: Refusals };

export type WhoAmI = { readonly side: 'partner' | 'customer'; readonly organisation: string; readonly roles: readonly Role[] | 'unknown'; readonly isGuest: boolean };
