import type { InvitationId, PersonId } from '../domain/ids.js';
import { isAnswerable } from '../domain/invitation.js';
import { byWhom, happened } from './audit.js';
import { deliver } from './errands-about.js';
import { actorOf, personNow, type Speaker } from './gather.js';
import { notConsented, type Ports } from './ports.js';
import type { Colleague } from './views.js';

export type ForwardOutcome =
  | { readonly is: 'forwarded'; readonly to: Colleague }
  /** That person has the card already, or does not use the app: then only a mail reaches them. */
  | { readonly is: 'hasIt'; readonly to: Colleague }
  | { readonly is: 'notReachable'; readonly to: Colleague }
  | { readonly is: 'notFound' };

/** Somebody of the customer sends the request to a colleague who can decide. Whoever forwards keeps a card that follows it. */
export const forwardRequest = (ports: Ports) => async ({ by, id, to }: { readonly by: Speaker; readonly id: InvitationId; readonly to: PersonId }): Promise<ForwardOutcome> => {
  const { directory, ledger, clock } = ports;
  const invitation = await ledger.invitation(id);
  if (!invitation || !isAnswerable(invitation) || invitation.customer.tenant !== by.tenant) return { is: 'notFound' };
  const person = await personNow(ports, by);
  const deciders = await directory.deciders(by.tenant);
  if (person === 'unknown' || person.isGuest || deciders === notConsented) return { is: 'notFound' };
  const colleague = deciders.find((one) => one.id === to);
  if (!colleague) return { is: 'notFound' };

  const named: Colleague = { id: colleague.id, name: colleague.name };
  if ((await ledger.copies(id)).some((copy) => copy.tenant === by.tenant && copy.person === to)) return { is: 'hasIt', to: named };
  const known = await ledger.acquaintance(by.tenant, to);
  const { facts, names } = byWhom(actorOf(by));
  await ledger.record({
    event: happened('InvitationForwarded', invitation, clock.now(), { facts: { ...facts, to: colleague.id }, names: { ...names, to: colleague.name } }),
    errands: known?.isReachable ? [deliver(invitation, to, `forward/${by.person}`)] : [],
  });
  return { is: known?.isReachable ? 'forwarded' : 'notReachable', to: named };
};
