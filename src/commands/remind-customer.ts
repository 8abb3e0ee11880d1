import type { Instant } from '../domain/facts.js';
import type { InvitationId } from '../domain/ids.js';
import { isOpen, type Invitation } from '../domain/invitation.js';
import * as step from '../domain/steps.js';
import { againWhenStale } from './again.js';
import { byWhom, happened } from './audit.js';
import { deliver, deliveriesAgain, redrawEveryCopy, redrawPartnerCopies, tellCustomer } from './errands-about.js';
import { actorOf, personNow, type Speaker } from './gather.js';
import type { Ports } from './ports.js';
import { remindersOf } from './reminders.js';
import { mayUsePartnerCommands, statusView } from './show-invitation.js';
import type { StatusView } from './views.js';

export type RemindOutcome =
  | { readonly is: 'reminded'; readonly status: StatusView; readonly left: number }
  | { readonly is: 'tooSoon'; readonly from: Instant; readonly left: number }
  | { readonly is: 'enough' }
  | { readonly is: 'notDelivered' }
  /** It could not be delivered, and is tried once more. */
  | { readonly is: 'broughtAgain' }
  | { readonly is: 'notFound' };

/** At most three, two days apart: a polite tap, never a drum. */
export const remindCustomer = (ports: Ports) => {
  const { ledger, clock } = ports;

  const remind = ({ by, id }: { readonly by: Speaker; readonly id: InvitationId }): Promise<RemindOutcome> => againWhenStale(async () => {
    const invitation = await ledger.invitation(id);
    if (!invitation || !isOpen(invitation) || invitation.partner.tenant !== by.tenant || !mayUsePartnerCommands(await personNow(ports, by))) return { is: 'notFound' };
    if (invitation.state === 'sent') return bringAgain(by, invitation);
    const reminders = remindersOf(invitation);
    if (!reminders) return { is: 'notDelivered' };
    if (reminders.left <= 0) return { is: 'enough' };
    const now = clock.now();
    if (now.getTime() < Date.parse(reminders.from)) return { is: 'tooSoon', ...reminders };

    const after = step.reminded(invitation, now);
    const { facts, names } = byWhom(actorOf(by));
    const occasion = String(after.reminders?.length);
    await ledger.record({
      event: happened('CustomerReminded', after, now, { facts: { ...facts, reminder: occasion }, names }),
      before: invitation, after,
      errands: [...(await redrawPartnerCopies(ports, after, `reminder/${occasion}`)), ...(await tellCustomer(ports, after, 'reminded', undefined, occasion))],
    });
    return { is: 'reminded', status: await statusView(ports, after), left: reminders.left - 1 };
  });

  /** Nobody has the card because bringing it was given up: that was no tap yet. */
  const bringAgain = async (by: Speaker, invitation: Invitation): Promise<RemindOutcome> => {
    const errands = await deliveriesAgain(ports, invitation);
    if (errands.length === 0) return { is: 'notDelivered' };
    const { facts, names } = byWhom(actorOf(by));
    await ledger.record({ event: happened('CustomerReminded', invitation, clock.now(), { facts: { ...facts, reminder: 'broughtAgain' }, names }), errands });
    return { is: 'broughtAgain' };
  };

  /** When reminders did not help: everybody of the customer who uses the app sees the facts, and can bring them to whoever decides. */
  const escalate = async ({ by, id }: { readonly by: Speaker; readonly id: InvitationId }): Promise<number | undefined> => {
    const invitation = await ledger.invitation(id);
    if (!invitation || !isOpen(invitation) || invitation.state === 'awaitingAuthority' || invitation.partner.tenant !== by.tenant) return undefined;
    if ((invitation.reminders ?? []).length === 0 || !mayUsePartnerCommands(await personNow(ports, by))) return undefined;
    const holders = new Set((await ledger.copies(id)).map(({ person }) => person));
    const others = (await ledger.acquaintancesOf(invitation.customer.tenant)).filter(({ person, isReachable }) => isReachable && !holders.has(person));
    const { facts, names } = byWhom(actorOf(by));
    await ledger.record({
      event: happened('CustomerReminded', invitation, clock.now(), { facts: { ...facts, reminder: 'escalated' }, names }),
      errands: [...others.map(({ person }) => deliver(invitation, person, 'escalated')), ...(await redrawEveryCopy(ports, invitation, 'escalated'))],
    });
    return others.length;
  };

  return { remind, escalate };
};
