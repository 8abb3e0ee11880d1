/** What an invitation took the place of, and what became of what it brought. */
import type { AuditEvent } from '../domain/events.js';
import { halvesOf, isStanding, type Grant, type Half, type InState, type Invitation } from '../domain/invitation.js';
import type { Ports } from './ports.js';
import type { Side } from '../domain/proof.js';
import type { Replaces, RequestView, WhoEnded } from './views.js';

/** Only what was really sent in the place of another one: the earlier one says so itself. */
export const replacesOf = async ({ ledger }: Ports, { follows, reference, asks: { manage } }: Invitation): Promise<Replaces | undefined> => {
  const earlier = follows && (await ledger.invitationByReference(follows));
  if (earlier?.state !== 'superseded' || earlier.supersededBy !== reference) return undefined;
  const { suggestion } = earlier;
  const isSmaller = suggestion !== undefined && manage !== undefined && suggestion.days === manage.days && [...suggestion.roles].sort().join() === [...manage.roles].sort().join();
  return { reference: earlier.reference, isSmaller };
};

/** What of it has ended, until when the rest stands, and what somebody of the side that reads has asked to end. */
export const overOf = async ({ ledger }: Ports, invitation: Invitation, side: Side): Promise<Pick<RequestView, 'manages' | 'over' | 'endedBy' | 'endAsked'>> => {
  if (invitation.state !== 'established') return {};
  const { partner, customer } = invitation;
  const grants = await ledger.grants({ partner: partner.tenant, customer: customer.tenant });
  const grantOf = (half: Half) => grants.find(({ kind, relationship }) => (half === 'sell' ? kind === 'reseller' : kind === 'gdap' && relationship === invitation.delegated?.relationship));
  const ends = halvesOf(invitation.asks).flatMap((half) => { const ended = grantOf(half)?.ended; return ended ? [{ half, ended }] : []; });
  const managed = grantOf('manage');
  const wishes = halvesOf(invitation.asks).flatMap((half) => { const grant = grantOf(half); const wish = grant && isStanding(grant) ? grant.wished?.[side] : undefined; return wish ? [[half, wish] as const] : []; });
  const standing = {
    ...(managed && isStanding(managed) && { manages: { ...(managed.until && { until: managed.until }), autoExtends: managed.autoExtends === true } }),
    ...(wishes.length > 0 && { endAsked: Object.fromEntries(wishes) }),
  };
  if (ends.length === 0) return standing;
  const asked = (await ledger.history(`between/${partner.tenant}/${customer.tenant}`)).flatMap(({ body, names }) => [{ ...(JSON.parse(body) as AuditEvent), name: names['by'] ?? '' }]);
  return {
    ...standing,
    over: Object.fromEntries(ends.map(({ half, ended }) => [half, ended.at])),
    endedBy: Object.fromEntries(ends.map(({ half, ended }) => [half, whoEnded(half, ended, invitation, asked)])),
  };
};

const wishOf = { sell: 'RelationshipEndAsked', manage: 'AccessRemovalAsked' } as const;

/** Whoever asked for it here last. Microsoft does not say who did it there. */
const whoEnded = (half: Half, { how }: NonNullable<Grant['ended']>, { seen, establishedAt }: InState<'established'>, asked: readonly (AuditEvent & { readonly name: string })[]): WhoEnded => {
  if (how === 'expired') return 'time';
  const wish = asked.findLast(({ event, at, name }) => event === wishOf[half] && at >= (seen?.[half] ?? establishedAt) && name !== '');
  if (!wish) return 'unknown';
  const { side } = wish.facts;
  return { name: wish.name, ...((side === 'partner' || side === 'customer') && { side }) };
};
