import type { Cloud, Instant } from './facts.js';
import type { DomainName, InvitationId, PersonId, ReferenceCode, TenantId } from './ids.js';

/** An invitation is ours: what the bot controls. The relationship it asks for is Microsoft's. */
export type Invitation = Terms & Standing;

/** What was asked. Never changes once sent. */
export type Terms = {
  readonly id: InvitationId;
  readonly reference: ReferenceCode;
  readonly kind: 'reseller';
  readonly cloud: Cloud;
  readonly partner: Party;
  readonly customer: Party;
  readonly inviter: Actor & { readonly mail?: string };
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

/** Microsoft's own page for the last step, and until when our card may be answered. */
export type Sent = { readonly sentAt: Instant; readonly expiresAt: Instant; readonly link: string };

export type Standing =
  | { readonly state: 'draft' }
  | ({ readonly state: 'sent' } & Sent)
  | ({ readonly state: 'delivered'; readonly deliveredAt: Instant } & Sent)
  | ({ readonly state: 'awaitingAuthority'; readonly answer: Answered } & Sent)
  | ({ readonly state: 'established'; readonly establishedAt: Instant; readonly answer?: Answered } & Sent)
  | ({ readonly state: 'declined'; readonly answer: Answered; readonly foundLateAt?: Instant } & Sent)
  | ({ readonly state: 'expired'; readonly expiredAt: Instant; readonly answer?: Answered; readonly foundLateAt?: Instant } & Sent)
  | ({ readonly state: 'cancelled'; readonly cancelledAt: Instant; readonly foundLateAt?: Instant } & Sent)
  | { readonly state: 'superseded'; readonly supersededAt: Instant }
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
  /** Whether the partner may read the reason and the comment. */
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

/** A relationship at Microsoft as this product came to know it. */
export type Grant = {
  readonly kind: 'reseller' | 'gdap';
  readonly partner: TenantId;
  readonly customer: TenantId;
  readonly seenAt: Instant;
  /** `late`: seen after the invitation had already ended. */
  readonly origin: 'invitation' | 'outside' | 'late';
  readonly invitation?: InvitationId;
};

export const unreachable = (value: never): never => {
  throw new Error(`This cannot be: ${JSON.stringify(value)}`);
};
