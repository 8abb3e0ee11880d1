import type { DelegatedAsk } from './delegated-admin.js';
import type { Cloud, Instant } from './facts.js';
import type { DomainName, InvitationId, PersonId, ReferenceCode, TenantId } from './ids.js';

/** An invitation is ours: what the bot controls. The relationship it asks for is Microsoft's. */
export type Invitation = Terms & Standing;

/** What was asked. Never changes once sent. */
export type Terms = {
  readonly id: InvitationId;
  readonly reference: ReferenceCode;
  readonly asks: Asks;
  readonly cloud: Cloud;
  readonly partner: Party;
  readonly customer: Party;
  readonly inviter: Actor & { readonly mail?: string };
  /** The Admin agent of the partner who finishes what the inviter may not (MP-12), and what was noted on the way. */
  readonly handedTo?: Actor;
  readonly handOverNote?: string;
  /** The earlier request that this one replaces or renews. */
  readonly follows?: ReferenceCode;
  /** The inviter's own sentence; the customer reads it. Empty until given. */
  readonly reason: string;
  /** The inviter stated that this tenant is not used for CSP sales (only asked where Microsoft cannot tell). */
  readonly statedNotCsp: boolean;
  readonly createdAt: Instant;
  /** Counts up with every recorded change; a card drawn from an older version is an old card. */
  readonly version: number;
};

export type Party = { readonly tenant: TenantId; readonly name: string; readonly domain: DomainName };
export type Actor = { readonly id: PersonId; readonly name: string };

/** One journey, one or two halves: to sell, to manage, or both. Each half is a grant of its own at Microsoft (MP-29). */
export type Asks = {
  readonly sell: boolean;
  readonly manage?: DelegatedAsk;
  /** The indirect provider that sells through this reseller (MP-47). */
  readonly provider?: { readonly tenant: TenantId; readonly name: string };
};
export type Half = 'sell' | 'manage';

export const halvesOf = ({ sell, manage }: Asks): readonly Half[] => [...(sell ? (['sell'] as const) : []), ...(manage ? (['manage'] as const) : [])];

/** Until when our card may be answered, Microsoft's own pages for the last step, and which halves Microsoft has shown so far. */
export type Sent = {
  readonly sentAt: Instant;
  readonly expiresAt: Instant;
  /** For selling. Empty when only managing is asked. */
  readonly link: string;
  /** For managing: Microsoft's request of its own, which ends by itself when nobody answers. */
  readonly delegated?: { readonly relationship: string; readonly link: string };
  readonly seen?: Partial<Readonly<Record<Half, Instant>>>;
  /** When it first reached somebody of the customer. */
  readonly deliveredAt?: Instant;
  /** When somebody of the customer first had the card in front of them. */
  readonly openedAt?: Instant;
  readonly remarks?: readonly Remark[];
  /** Less access than was asked, proposed by the customer. */
  readonly suggestion?: Suggestion;
  readonly reminders?: readonly Instant[];
};

/** A question of the customer or an answer of the partner; both read the whole talk on their card. */
export type Remark = { readonly side: 'customer' | 'partner'; readonly by: Actor; readonly at: Instant; readonly text: string };
export type Suggestion = { readonly by: Actor; readonly at: Instant; readonly roles: readonly string[]; readonly days: number };

export const mostRemarks = 20;

/** What of the customer waits for the partner's next move; nothing while the customer's answer is awaited. */
export const waitsForPartner = (invitation: Invitation): 'asked' | 'suggested' | undefined => {
  if (!isAnswerable(invitation)) return undefined;
  const { remarks = [], suggestion } = invitation;
  const last = remarks.at(-1);
  if (suggestion && suggestion.at >= (last?.at ?? '')) return 'suggested';
  return last?.side === 'customer' ? 'asked' : undefined;
};

export const missingHalves = ({ asks, ...rest }: Invitation): readonly Half[] =>
  halvesOf(asks).filter((half) => !('seen' in rest && rest.seen?.[half]));

export type Standing =
  | { readonly state: 'draft' }
  | ({ readonly state: 'sent' } & Sent)
  | ({ readonly state: 'delivered'; readonly deliveredAt: Instant } & Sent)
  | ({ readonly state: 'awaitingAuthority'; readonly answer: Answered } & Sent)
  | ({ readonly state: 'established'; readonly establishedAt: Instant; readonly answer?: Answered } & Sent)
  | ({ readonly state: 'declined'; readonly answer: Answered; readonly foundLateAt?: Instant } & Sent)
  | ({ readonly state: 'expired'; readonly expiredAt: Instant; readonly answer?: Answered; readonly foundLateAt?: Instant } & Sent)
  | ({ readonly state: 'cancelled'; readonly cancelledAt: Instant; readonly cancelledBy?: Actor; readonly foundLateAt?: Instant } & Sent)
  | ({ readonly state: 'superseded'; readonly supersededAt: Instant; readonly supersededBy?: ReferenceCode; readonly foundLateAt?: Instant } & Partial<Sent>)
  | { readonly state: 'failed'; readonly failedAt: Instant; readonly authorityCode: string; readonly correlationId?: string };

export type InvitationState = Standing['state'];
export type InState<State extends InvitationState> = Terms & Extract<Standing, { state: State }>;

export const declineReasons = ['unknownPartner', 'notNow', 'tooMuchAccess', 'wrongDepartment', 'other'] as const;
export type DeclineReason = (typeof declineReasons)[number];

/** The one answer of the customer's admin. */
export type Answered = {
  readonly answer: 'approved' | 'declined';
  readonly by: Actor;
  readonly at: Instant;
  readonly reason?: DeclineReason;
  readonly comment?: string;
  /** Whether the partner may read the reason and the comment; the form says so of both. */
  readonly isReasonShared?: boolean;
};

/** "Open" to the customer: sent and not yet ended. A draft has not left the house. */
export const openStates = ['sent', 'delivered', 'awaitingAuthority'] as const;
export const finalStates = ['established', 'declined', 'cancelled', 'expired', 'superseded', 'failed'] as const;

export type OpenInvitation = InState<(typeof openStates)[number]>;

export const isOpen = (invitation: Invitation): invitation is OpenInvitation =>
  (openStates as readonly string[]).includes(invitation.state);

export const isAnswerable = (invitation: Invitation): invitation is InState<'sent' | 'delivered'> =>
  invitation.state === 'sent' || invitation.state === 'delivered';

/** Ended without a relationship; one may still be found later at Microsoft, whose links stay alive. */
export type Ended = Exclude<InState<'declined' | 'expired' | 'cancelled' | 'superseded'>, never>;

export const isEndedWithout = (invitation: Invitation): invitation is Ended =>
  invitation.state === 'declined' || invitation.state === 'expired' || invitation.state === 'cancelled' || (invitation.state === 'superseded' && invitation.sentAt !== undefined);

/** A relationship at Microsoft as this product came to know it. */
export type Grant = {
  readonly kind: 'reseller' | 'gdap';
  readonly partner: TenantId;
  readonly customer: TenantId;
  /** What the customer is called, where the partner knows. */
  readonly customerName?: string;
  readonly customerDomain?: string;
  readonly seenAt: Instant;
  /** `late`: seen after the invitation had already ended. */
  readonly origin: 'invitation' | 'outside' | 'late';
  readonly invitation?: InvitationId;
  /** Of delegated administration: Microsoft's id, what was approved, and until when. */
  readonly relationship?: string;
  readonly name?: string;
  readonly roles?: readonly string[];
  readonly since?: Instant;
  readonly until?: Instant;
  readonly autoExtends?: boolean;
  /** The indirect provider that prepared it for this partner. */
  readonly preparedBy?: TenantId;
  readonly ended?: { readonly at: Instant; readonly how: 'expired' | 'terminated' | 'removed' };
  /** Whose people asked here for its end, and when: until it has ended, or the wish came to nothing. */
  readonly wished?: Readonly<Partial<Record<'partner' | 'customer', { readonly at: Instant; readonly by: string }>>>;
  /** Days before the end of which people have been told last. */
  readonly warnedAtDays?: number;
};

export const isStanding = ({ ended }: Grant): boolean => ended === undefined;

export const unreachable = (value: never): never => {
  throw new Error(`This cannot be: ${JSON.stringify(value)}`);
};
