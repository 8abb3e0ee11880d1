import type { InvitationId } from '../domain/ids.js';
import { isOpen, type OpenInvitation } from '../domain/invitation.js';
import * as step from '../domain/steps.js';
import { againWhenStale } from './again.js';
import { happened } from './audit.js';
import { redrawEveryCopy, tellCustomer, tellInviter } from './errands-about.js';
import type { Ports } from './ports.js';
import type { Unseen } from './watch-relationships.js';

const aPage = 100;

/** The clock ends what nobody answered, or what Microsoft never confirmed. `unseen`: of whose side this round could not see everything, and until when it was seen. */
export const expireInvitations = (ports: Ports) => async (unseen: Unseen = new Map()): Promise<void> => {
  const { ledger, clock } = ports;
  const now = clock.now();
  const expire = (id: InvitationId): Promise<void> => againWhenStale(async () => {
    const invitation = await ledger.invitation(id);
    if (!invitation || !isOpen(invitation)) return;
    const after = step.expired(invitation);
    await ledger.record({
      event: happened('InvitationExpired', after, clock.now()),
      before: invitation,
      after,
      errands: [...(await redrawEveryCopy(ports, after)), ...tellInviter(after, 'expired'), ...(await tellCustomer(ports, after, 'expired'))],
    });
  });
  // Microsoft may have said yes on the last day; without its answer nothing is ended.
  const isUnseen = ({ partner, asks, expiresAt }: OpenInvitation): boolean => {
    const until = unseen.get(partner.tenant);
    const seen = asks.manage ?? asks.provider ? until?.all : until?.sold;
    return until !== undefined && !(seen && seen >= new Date(expiresAt));
  };
  for (let page = await ledger.overdue(now, aPage); page.length > 0; page = await ledger.overdue(now, aPage, page.at(-1))) {
    for (const one of page) if (!isUnseen(one)) await expire(one.id);
  }
};
