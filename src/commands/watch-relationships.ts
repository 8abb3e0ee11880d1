import type { TenantId } from '../domain/ids.js';
import { isOpen, type Invitation, type OpenInvitation } from '../domain/invitation.js';
import * as step from '../domain/steps.js';
import { againWhenStale } from './again.js';
import { happened } from './audit.js';
import { redrawEveryCopy, tellCustomer, tellInviter } from './errands-about.js';
import { AuthorityUnavailableError, type Ports } from './ports.js';

/**
 * Looks at Microsoft's side and moves invitations forward, never backward. A relationship may appear without any press
 * here, or after a decline: whatever the authority shows is what is recorded and told.
 */
export const watchRelationships = (ports: Ports) => {
  const { authority, ledger, clock, partners } = ports;

  const seen = async ({ id }: Invitation): Promise<void> => {
    const invitation = await ledger.invitation(id);
    if (!invitation) return;
    if (isOpen(invitation)) return establish(invitation);
    if (invitation.state === 'declined' || invitation.state === 'expired' || invitation.state === 'cancelled') await findLate(invitation);
  };

  const establish = async (invitation: OpenInvitation): Promise<void> => {
    const now = clock.now();
    await ledger.record({
      event: happened('RelationshipEstablished', invitation, now),
      before: invitation,
      after: step.established(invitation, now.toISOString()),
      grant: { kind: 'reseller', partner: invitation.partner.tenant, customer: invitation.customer.tenant, seenAt: now.toISOString(), origin: 'invitation', invitation: invitation.id },
      // The proof first; everybody is told together with what it showed.
      errands: [{ topic: 'compare', key: `compare/${invitation.id}`, lane: `proof/${invitation.id}`, invitation: invitation.id, body: {} }],
    });
  };

  const findLate = async (invitation: step.EndedWithoutRelationship): Promise<void> => {
    if (invitation.foundLateAt) return;
    const now = clock.now();
    const after = step.foundLate(invitation, now.toISOString());
    await ledger.record({
      event: happened('RelationshipFoundLate', invitation, now, { facts: { state: invitation.state } }),
      before: invitation,
      after,
      grant: { kind: 'reseller', partner: invitation.partner.tenant, customer: invitation.customer.tenant, seenAt: now.toISOString(), origin: 'late', invitation: invitation.id },
      errands: [...(await redrawEveryCopy(ports, after, 'foundLate')), tellInviter(after, 'foundLate'), ...(await tellCustomer(ports, after, 'foundLate'))],
    });
  };

  const watchPartner = async (partner: TenantId): Promise<void> => {
    const awaited = await ledger.awaited(partner);
    if (awaited.length === 0) return;
    const related = new Set((await authority.listOwnCustomers(partner)).map(({ id }) => id));
    for (const invitation of awaited.filter(({ customer }) => related.has(customer.tenant))) await againWhenStale(() => seen(invitation));
  };

  /** One partner's outage does not stop the others; the next round looks again. Gives the partners that could not be asked. */
  const watchAll = async (): Promise<readonly TenantId[]> => {
    const unanswered: TenantId[] = [];
    for (const partner of partners) {
      try {
        await watchPartner(partner);
      } catch (error) {
        if (!(error instanceof AuthorityUnavailableError)) throw error;
        unanswered.push(partner);
      }
    }
    return unanswered;
  };

  /** Somebody says "done" on the card: looks at this one now instead of at the next round. */
  const lookNow = async (invitation: Invitation): Promise<void> => {
    if ((await authority.observe(invitation.partner.tenant, invitation.customer.tenant)) === 'yes') await againWhenStale(() => seen(invitation));
  };

  return { watchAll, lookNow };
};
