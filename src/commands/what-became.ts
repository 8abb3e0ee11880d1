/** What an invitation took the place of, and what became of what it brought. */
import type { AuditEvent } from '../domain/events.js';
import { halvesOf, type Grant, type Half, type InState, type Invitation } from '../domain/invitation.js';
import type { Ports } from './ports.js';
import type { Over, Replaces, WhoEnded } from './views.js';

/** Only what was really sent in the place of another one: the earlier one says so itself. */
export const replacesOf = async ({ ledger }: Ports, { follows, reference, asks: { manage } }: Invitation): Promise<Replaces | undefined> => {
  const earlier = follows && (await ledger.invitationByReference(follows));
  if (earlier?.state !== 'superseded' || earlier.supersededBy !== reference) return undefined;
  const { suggestion } = earlier;
  const isSmaller = suggestion !== undefined && manage !== undefined && suggestion.days === manage.days && [...suggestion.roles].sort().join() === [...manage.roles].sort().join();
  return { reference: earlier.reference, isSmaller };
};

export const overOf = async ({ ledger }: Ports, invitation: Invitation): Promise<{ readonly over?: Over; readonly endedBy?: Readonly<Partial<Record<Half, WhoEnded>>> }> => {
  if (invitation.state !== 'established') return {};
  const { partner, customer } = invitation;
  const grants = await ledger.grants({ partner: partner.tenant, customer: customer.tenant });
  const grantOf = (half: Half) => grants.find(({ kind, relationship }) => (half === 'sell' ? kind === 'reseller' : kind === 'gdap' && relationship === invitation.delegated?.relationship));
  const ends = halvesOf(invitation.asks).flatMap((half) => { const ended = grantOf(half)?.ended; return ended ? [{ half, ended }] : []; });
  if (ends.length === 0) return {};
  const asked = (await ledger.history(`between/${partner.tenant}/${customer.tenant}`)).flatMap(({ body, names }) => [{ ...(JSON.parse(body) as AuditEvent), name: names['by'] ?? '' }]);
  return {
    over: Object.fromEntries(ends.map(({ half, ended }) => [half, ended.at])),
    endedBy: Object.fromEntries(ends.map(({ half, ended }) => [half, whoEnded(half, ended, invitation, asked)])),
  };
};

const wishes = { sell: 'RelationshipEndAsked', manage: 'AccessRemovalAsked' } as const;

/** Whoever asked for it here last. Microsoft does not say who did it there. */
const whoEnded = (half: Half, { how }: NonNullable<Grant['ended']>, { seen, establishedAt }: InState<'established'>, asked: readonly (AuditEvent & { readonly name: string })[]): WhoEnded => {
  if (how === 'expired') return 'time';
  const wish = asked.findLast(({ event, at, name }) => event === wishes[half] && at >= (seen?.[half] ?? establishedAt) && name !== '');
  if (!wish) return 'unknown';
  const { side } = wish.facts;
  return { name: wish.name, ...((side === 'partner' || side === 'customer') && { side }) };
};
