import type { InvitationId } from '../domain/ids.js';
import { isOpen } from '../domain/invitation.js';
import * as step from '../domain/steps.js';
import { againWhenStale } from './again.js';
import { happened } from './audit.js';
import { redrawPartnerCopies } from './errands-about.js';
import type { Speaker } from './gather.js';
import type { Ports } from './ports.js';

/** Somebody of the customer has the card in front of them, for the first time. The partner sees that, not who it was. */
export const markOpened = (ports: Ports) => ({ by, id }: { readonly by: Speaker; readonly id: InvitationId }): Promise<void> => againWhenStale(async () => {
  const { ledger, clock } = ports;
  const invitation = await ledger.invitation(id);
  if (!invitation || !isOpen(invitation) || invitation.openedAt || invitation.customer.tenant !== by.tenant) return;
  const now = clock.now();
  const after = step.opened(invitation, now);
  await ledger.record({ event: happened('InvitationOpened', after, now), before: invitation, after, errands: await redrawPartnerCopies(ports, after, 'opened') });
});
