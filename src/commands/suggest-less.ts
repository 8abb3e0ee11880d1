import { asksForEverything } from '../domain/delegated-admin.js';
import type { InvitationId } from '../domain/ids.js';
import { isAnswerable } from '../domain/invitation.js';
import * as step from '../domain/steps.js';
import { againWhenStale } from './again.js';
import { byWhom, happened } from './audit.js';
import { redrawEveryCopy, tellInviter } from './errands-about.js';
import { actorOf, personNow, type Speaker } from './gather.js';
import { inviteCustomer } from './invite-customer.js';
import type { Ports } from './ports.js';
import { sendInvitation, type SendOutcome } from './send-invitation.js';
import { mayAnswer, requestView } from './show-invitation.js';
import type { RequestView } from './views.js';

export type SuggestOutcome =
  | { readonly is: 'suggested'; readonly request: RequestView }
  /** Nothing is less than what was asked, or everything would be gone. */
  | { readonly is: 'notLess' }
  | { readonly is: 'notYours' }
  | { readonly is: 'notFound' };

/**
 * Microsoft approves all roles or none (MP-59). So less access is a proposal: the partner sends a smaller request in its
 * place, or does not; the first one stays answerable until then.
 */
export const suggestLess = (ports: Ports) => {
  const { ledger, clock } = ports;

  const suggest = ({ by, id, roles, days }: { readonly by: Speaker; readonly id: InvitationId; readonly roles: readonly string[]; readonly days: number }): Promise<SuggestOutcome> => againWhenStale(async () => {
    const invitation = await ledger.invitation(id);
    const asked = invitation?.asks.manage;
    if (!invitation || !asked || !isAnswerable(invitation) || invitation.customer.tenant !== by.tenant) return { is: 'notFound' };
    if (mayAnswer(await personNow(ports, by), invitation) !== 'yes') return { is: 'notYours' };
    const kept = asked.roles.filter((role) => roles.includes(role));
    const isLess = kept.length < asked.roles.length || days < asked.days;
    const before = invitation.suggestion;
    // Teams delivers a press again when it heard no answer.
    if (before?.by.id === by.person && before.days === days && before.roles.join() === kept.join()) return { is: 'suggested', request: await requestView(ports, invitation, 'yes') };
    if (kept.length === 0 || !isLess || !Number.isInteger(days) || days < 1 || days > asked.days) return { is: 'notLess' };

    const now = clock.now();
    const after = step.suggested(invitation, { by: actorOf(by), at: now.toISOString(), roles: kept, days });
    const { facts, names } = byWhom(actorOf(by));
    await ledger.record({
      event: happened('LessAccessSuggested', after, now, { facts: { ...facts, roles: kept.join(' '), days: String(days) }, names }),
      before: invitation, after,
      errands: [...(await redrawEveryCopy(ports, after, `suggestion/${after.version}`)), ...tellInviter(after, 'suggested', String(after.version))],
    });
    return { is: 'suggested', request: await requestView(ports, after, 'yes') };
  });

  /** The smaller request takes the place of the first one; whoever may not send it is offered to hand it over. */
  const accept = async ({ by, id }: { readonly by: Speaker; readonly id: InvitationId }): Promise<SendOutcome> => {
    const invitation = await ledger.invitation(id);
    if (!invitation || !isAnswerable(invitation) || !invitation.suggestion || invitation.partner.tenant !== by.tenant) return { is: 'notFound' };
    const { asks: { manage, provider }, suggestion, reason, reference, customer } = invitation;
    if (!manage) return { is: 'notFound' };
    const { roles, days, at } = suggestion;
    const { name: _name, roleReason, ...rest } = manage;
    const invited = await inviteCustomer(ports).now({
      by, customer: { tenant: customer.tenant }, reason, follows: reference,
      manage: { ...rest, roles, days, ...(roleReason && asksForEverything(roles) && { roleReason }) },
      ...(provider && { provider: provider.tenant }),
      // Accepted twice it is the same smaller request: Microsoft is asked for one.
      said: `suggestion of ${at} for ${id}`,
    });
    if (invited.is === 'refused') return { is: 'refused', refusals: invited.refusals };
    if (invited.is !== 'drafted') return { is: 'notFound' };
    return sendInvitation(ports).orLater({ by, id: invited.preview.invitation.id, reason, statedNotCsp: invitation.statedNotCsp });
  };

  return { suggest, accept };
};
