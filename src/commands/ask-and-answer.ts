import type { InvitationId } from '../domain/ids.js';
import { isOpen, mostRemarks, type OpenInvitation } from '../domain/invitation.js';
import * as step from '../domain/steps.js';
import { againWhenStale } from './again.js';
import { byWhom, happened } from './audit.js';
import { redrawEveryCopy, tellCustomer, tellInviter } from './errands-about.js';
import { actorOf, personNow, type Speaker } from './gather.js';
import type { Ports } from './ports.js';
import { mayAnswer, mayUsePartnerCommands, requestView, sentenceOf, statusView } from './show-invitation.js';
import type { RequestView, StatusView } from './views.js';

export type TalkOutcome =
  | { readonly is: 'said'; readonly view: RequestView | StatusView }
  | { readonly is: 'empty' }
  | { readonly is: 'full' }
  | { readonly is: 'notYours' }
  | { readonly is: 'notFound' };

/** A question of the customer's admin and the partner's answer, on both cards. The clock of the invitation keeps running. */
export const askAndAnswer = (ports: Ports) => ({ by, id, text }: { readonly by: Speaker; readonly id: InvitationId; readonly text: string }): Promise<TalkOutcome> =>
  againWhenStale(async () => {
    const { ledger, clock } = ports;
    const invitation = await ledger.invitation(id);
    const side = sideOf(invitation && isOpen(invitation) ? invitation : undefined, by);
    if (!invitation || !isOpen(invitation) || !side) return { is: 'notFound' };
    const person = await personNow(ports, by);
    if (side === 'customer' ? mayAnswer(person, invitation) !== 'yes' : !mayUsePartnerCommands(person)) return { is: 'notYours' };
    const said = sentenceOf(text);
    if (!said) return { is: 'empty' };
    if ((invitation.remarks ?? []).length >= mostRemarks) return { is: 'full' };

    const now = clock.now();
    const after = step.remarked(invitation, { side, by: actorOf(by), at: now.toISOString(), text: said });
    const occasion = String(after.remarks?.length);
    const { facts, names } = byWhom(actorOf(by));
    await ledger.record({
      event: happened(side === 'customer' ? 'QuestionAsked' : 'QuestionAnswered', after, now, { facts, names: { ...names, text: said } }),
      before: invitation, after,
      errands: [
        ...(await redrawEveryCopy(ports, after, `remark/${occasion}`)),
        ...(side === 'customer' ? tellInviter(after, 'asked', occasion) : await tellCustomer(ports, after, 'answered', undefined, occasion)),
      ],
    });
    return { is: 'said', view: side === 'customer' ? await requestView(ports, after, 'yes') : await statusView(ports, after) };
  });

const sideOf = (invitation: OpenInvitation | undefined, { tenant }: Speaker): 'partner' | 'customer' | undefined =>
  invitation?.partner.tenant === tenant ? 'partner' : invitation?.customer.tenant === tenant ? 'customer' : undefined;
