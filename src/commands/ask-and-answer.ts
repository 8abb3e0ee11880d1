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
    const now = clock.now();
    const viewed = async (one: OpenInvitation): Promise<TalkOutcome> => ({ is: 'said', view: side === 'customer' ? await requestView(ports, one, 'yes') : await statusView(ports, one) });
    const last = invitation.remarks?.at(-1);
    if (last?.by.id === by.person && last.text === said && now.getTime() - Date.parse(last.at) < repeatedMs) return viewed(invitation);
    if ((invitation.remarks ?? []).length >= mostRemarks) return { is: 'full' };

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
    return viewed(after);
  });

/** A press that comes again so soon was pressed twice, or delivered again because no answer was heard. */
const repeatedMs = 60_000;

const sideOf = (invitation: OpenInvitation | undefined, { tenant }: Speaker): 'partner' | 'customer' | undefined =>
  invitation?.partner.tenant === tenant ? 'partner' : invitation?.customer.tenant === tenant ? 'customer' : undefined;
