import type { InvitationId, PersonId, TenantId } from '../domain/ids.js';
import { isAnswerable, isOpen } from '../domain/invitation.js';
import * as step from '../domain/steps.js';
import { againWhenStale } from './again.js';
import { happened } from './audit.js';
import { redrawPartnerCopies } from './errands-about.js';
import { personNow } from './gather.js';
import { MessengerRefusedError, type Ports } from './ports.js';
import { keepCustomerBaseline } from './prove-nothing-changed.js';
import { mayAnswer, requestView } from './show-invitation.js';

/**
 * Brings the card to one person of the customer: to a Global admin, or to somebody whose role may not be read, as facts
 * without buttons; `isForEverybody` shows the facts to anybody of the customer, who can bring them to whoever decides. Before that, what the customer holds is read once, for the proof afterwards.
 * @throws MessengerRefusedError when the person cannot be reached any more.
 */
export const deliverInvitation = (ports: Ports) => async (
  { id, tenant, person, isForEverybody = false }: { id: InvitationId; tenant: TenantId; person: PersonId; isForEverybody?: boolean },
): Promise<void> => {
  const { ledger, messenger } = ports;
  const invitation = await ledger.invitation(id);
  if (!invitation || !isOpen(invitation)) return;
  const isHeld = async (): Promise<boolean> => (await ledger.copies(id)).some((copy) => copy.tenant === tenant && copy.person === person);
  // A process that died right after sending may have left it at that.
  if (await isHeld()) return noteDelivery(ports, id, person);

  const to = await ledger.acquaintance(tenant, person);
  if (!to?.isReachable) throw new MessengerRefusedError('unreachable', 403);
  const found = await personNow(ports, { tenant, person, name: to.name });
  const may = mayAnswer(found, invitation);
  if (may === 'no' && (!isForEverybody || (found !== 'unknown' && found.isGuest))) return;

  await keepCustomerBaseline(ports, invitation);
  const view = await requestView(ports, invitation, may);
  // Microsoft may have taken long to say all this, and somebody else brought the card meanwhile.
  if (await isHeld()) return noteDelivery(ports, id, person);
  const copy = await messenger.send(to, view);
  await ledger.keepCopy({ invitation: id, tenant, person, ...copy });
  await noteDelivery(ports, id, person);
};

const noteDelivery = (ports: Ports, id: InvitationId, person: PersonId): Promise<void> => {
  const { ledger, clock, errands } = ports;
  return againWhenStale(async () => {
    const current = await ledger.invitation(id);
    if (!current || !isAnswerable(current)) return;
    const because = `delivered/${person}`;
    if (current.state === 'delivered') return errands.add(await redrawPartnerCopies(ports, current, because));
    const now = clock.now();
    const after = step.delivered(current, now);
    await ledger.record({ event: happened('InvitationDelivered', after, now), before: current, after, errands: await redrawPartnerCopies(ports, after, because) });
  });
};
