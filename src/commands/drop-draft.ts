import type { Refusals } from '../domain/decision.js';
import type { InvitationId } from '../domain/ids.js';
import * as step from '../domain/steps.js';
import { againWhenStale } from './again.js';
import { byWhom, happened } from './audit.js';
import { redrawPartnerCopies } from './errands-about.js';
import { actorOf, type Speaker } from './gather.js';
import { handOver, mayGiveUp } from './hand-over.js';
import type { Ports } from './ports.js';
import { mayNotSee, mayStillSee, statusView } from './show-invitation.js';
import type { Colleague, StatusView } from './views.js';

export type DropOutcome =
  | { readonly is: 'dropped' }
  /** It was somebody else's, handed to the speaker: it is theirs again, and they are told. */
  | { readonly is: 'handedBack'; readonly to: Colleague }
  /** Too late: it is on its way. */
  | { readonly is: 'sent'; readonly status: StatusView }
  | { readonly is: 'refused'; readonly refusals: Refusals }
  /** No draft of theirs, or none any more. */
  | { readonly is: 'notFound' };

/** Whoever does not want to send a draft: it is over for good, and an old copy of its card sends nothing. */
export const dropDraft = (ports: Ports) => ({ by, id }: { readonly by: Speaker; readonly id: InvitationId }): Promise<DropOutcome> => againWhenStale(async () => {
  const { ledger, clock } = ports;
  const draft = await ledger.invitation(id);
  if (!draft || draft.partner.tenant !== by.tenant) return { is: 'notFound' };
  if (draft.inviter.id !== by.person) {
    if (draft.handedTo?.id !== by.person) return { is: 'notFound' };
    if (draft.state === 'draft') {
      const given = await handOver(ports).back({ by, id, note: '' });
      return given.is === 'handedBack' ? { is: 'handedBack', to: given.to } : given.is === 'refused' ? given : { is: 'notFound' };
    }
  }
  if ('sentAt' in draft && draft.sentAt) return (await mayStillSee(ports, by)) ? { is: 'sent', status: await statusView(ports, draft) } : { is: 'refused', refusals: mayNotSee(ports, by).refusals };
  if (draft.state !== 'draft') return { is: 'notFound' };
  if (!(await mayGiveUp(ports, by))) return { is: 'refused', refusals: mayNotSee(ports, by).refusals };
  const now = clock.now();
  const after = step.superseded(draft, now.toISOString());
  await ledger.record({ event: happened('InvitationDropped', after, now, byWhom(actorOf(by))), before: draft, after, errands: await redrawPartnerCopies(ports, after, 'dropped') });
  return { is: 'dropped' };
});
