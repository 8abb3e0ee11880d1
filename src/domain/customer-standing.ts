/** One line of "my customers": where a partner stands with one customer, from its own invitations and relationships only. */
import type { Instant } from './facts.js';
import type { TenantId } from './ids.js';
import { isOpen, isStanding, type Grant, type Invitation, type InvitationState } from './invitation.js';

export const standings = ['waiting', 'active', 'declined', 'ended'] as const;
export type StandingOfCustomer = (typeof standings)[number];

export type CustomerLine = {
  readonly customer: TenantId;
  readonly name: string;
  readonly domain: string;
  /** What the partner's people call this customer among themselves. */
  readonly alias?: string;
  readonly standing: StandingOfCustomer;
  readonly isSelling: boolean;
  /** The first of the delegated administrations to end; empty when none does. */
  readonly endsAt: Instant;
  readonly reference?: string;
  readonly state?: InvitationState;
  readonly sentAt?: Instant;
  readonly openedAt?: Instant;
  readonly expiresAt?: Instant;
};

/** @param invitation the open one, or else the newest */
export const lineOf = (customer: TenantId, invitation: Invitation | undefined, grants: readonly Grant[], alias?: string): CustomerLine => {
  const standing = grants.filter(isStanding);
  const named = grants.find(({ customerName }) => customerName);
  const ends = standing.flatMap(({ until, autoExtends }) => (until && !autoExtends ? [until] : [])).sort();
  const sent = invitation && 'sentAt' in invitation ? invitation : undefined;
  return {
    customer,
    name: invitation?.customer.name ?? named?.customerName ?? customer,
    domain: invitation?.customer.domain ?? named?.customerDomain ?? '',
    ...(alias && { alias }),
    standing: invitation && isOpen(invitation) ? 'waiting' : standing.length > 0 ? 'active' : invitation?.state === 'declined' ? 'declined' : 'ended',
    isSelling: standing.some(({ kind }) => kind === 'reseller'),
    endsAt: ends[0] ?? '',
    ...(invitation && { reference: invitation.reference, state: invitation.state }),
    ...(sent?.sentAt && { sentAt: sent.sentAt }),
    ...(sent?.openedAt && { openedAt: sent.openedAt }),
    ...(sent?.expiresAt && { expiresAt: sent.expiresAt }),
  };
};
