import type { InvitationId } from '../domain/ids.js';
import { isOpen } from '../domain/invitation.js';
import { roleMayInvite } from '../domain/rules.js';
import type { Refusals } from '../domain/decision.js';
import * as step from '../domain/steps.js';
import { againWhenStale } from './again.js';
import { byWhom, happened } from './audit.js';
import { redrawEveryCopy, tellCustomer, tellInviter } from './errands-about.js';
import { actorOf, mayWithdrawAny, personNow, type Speaker } from './gather.js';
import type { Ports } from './ports.js';
import { mayUsePartnerCommands, statusView } from './show-invitation.js';
import type { StatusView } from './views.js';

export type WithdrawOutcome =
  | { readonly is: 'withdrawn'; readonly status: StatusView }
  | { readonly is: 'refused'; readonly refusals: Refusals }
  | { readonly is: 'closed'; readonly status: StatusView }
  | { readonly is: 'notFound' };

/** Sales agents withdraw their own, Global and User admins any of their company's. Microsoft's link stays alive; both are told. */
export const withdrawInvitation = (ports: Ports) => ({ by, id }: { readonly by: Speaker; readonly id: InvitationId }): Promise<WithdrawOutcome> => againWhenStale(async () => {
  const { ledger, clock } = ports;
  const invitation = await ledger.invitation(id);
  const person = await personNow(ports, by);
  if (!invitation || !('sentAt' in invitation) || invitation.partner.tenant !== by.tenant || !mayUsePartnerCommands(person)) return { is: 'notFound' };
  if (!isOpen(invitation)) return { is: 'closed', status: await statusView(ports, invitation) };
  const isOwn = invitation.inviter.id === by.person || invitation.handedTo?.id === by.person;
  const isAdmin = person !== 'unknown' && mayWithdrawAny(person.roles);
  if (!isOwn && !isAdmin) return { is: 'refused', refusals: [{ rule: roleMayInvite.id, code: roleMayInvite.code, about: { to: 'withdraw', roles: 'globalAdmin,userAdmin' } }] };

  const now = clock.now();
  const after = step.cancelled(invitation, actorOf(by), now);
  await ledger.record({
    event: happened('InvitationWithdrawn', after, now, byWhom(actorOf(by))),
    before: invitation, after,
    errands: [...(await redrawEveryCopy(ports, after)), ...tellInviter(after, 'withdrawn', '', by.person), ...(await tellCustomer(ports, after, 'withdrawn'))],
  });
  return { is: 'withdrawn', status: await statusView(ports, after) };
});
