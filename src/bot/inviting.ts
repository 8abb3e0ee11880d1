/** What typed words and pressed buttons of an invitation share: one way to draft, one way to send. */
import type { DropOutcome } from '../commands/drop-draft.js';
import type { Invited, WishToManage } from '../commands/invite-customer.js';
import type { SendOutcome } from '../commands/send-invitation.js';
import type { View } from '../commands/views.js';
import { asDomainName, asReferenceCode, asTenantId, isDomainName, isGuid, isReferenceCode, type InvitationId } from '../domain/ids.js';
import type { Drawn } from './cards/card.js';
import { invitationStatus } from './cards/invitation-status.js';
import { droppedPage, page } from './cards/page.js';
import { refusal } from './cards/refusal.js';
import { shown } from './cards/text.js';
import type { Turn } from './house.js';
import type { Words } from './words/index.js';

export type Asked = {
  readonly domain?: string; readonly tenant?: string; readonly reason: string;
  readonly manage?: WishToManage; readonly provider?: string; readonly follows?: string;
};

/** What to show next, and whether a draft now waits to be sent. */
export type Shown = { readonly show: View | string; readonly draft?: InvitationId };

export const namesCustomer = ({ domain, tenant }: Asked): boolean => (tenant !== undefined && isGuid(tenant)) || (domain !== undefined && isDomainName(domain));

export const draftInvitation = async (turn: Turn, asked: Asked): Promise<Shown> => {
  const { commands, speaker, talk, pen, context: { activity } } = turn;
  const customer = asked.tenant && isGuid(asked.tenant) ? { tenant: asTenantId(asked.tenant) } : { domain: asDomainName(asked.domain ?? '') };
  const invited: Invited = await commands.invite({
    by: speaker, customer, reason: asked.reason, ...(asked.manage && { manage: asked.manage }),
    ...(asked.provider && isGuid(asked.provider) && { provider: asTenantId(asked.provider) }), ...(asked.follows && isReferenceCode(asked.follows) && { follows: asReferenceCode(asked.follows) }),
    ...(activity.id && { said: `${activity.conversation.id} ${activity.id}` }),
  });
  switch (invited.is) {
    case 'drafted': {
      const { invitation } = invited.preview;
      talk.draft = { id: invitation.id, customer: invitation.customer.name };
      return { show: invited.preview, draft: invitation.id };
    }
    case 'refused':
      talk.refusals = invited.refusals;
      return { show: { view: 'refusal', refusals: invited.refusals } };
    case 'noSuchTenant': return { show: { view: 'noSuchTenant', asked: invited.asked } };
    case 'saidBefore': return { show: pen.words.invite.saidBefore };
    case 'writtenDown': return { show: pen.words.invite.writtenDown(invited.needsSignIn) };
  }
};

/** `told`: the sentence for whoever wrote rather than pressed. */
export type Sent = Shown & { readonly missing?: 'reason' | 'statement'; readonly told?: string };

export const sendDraft = async (turn: Turn, id: InvitationId, reason: string, statedNotCsp: boolean, only?: 'sell'): Promise<Sent> => {
  const { commands, speaker, talk, pen } = turn;
  const outcome: SendOutcome = await commands.send({ by: speaker, id, reason, statedNotCsp, ...(only && { only }) });
  if (outcome.is === 'reasonMissing') return { show: pen.words.invite.reasonMissing, missing: 'reason' };
  if (outcome.is === 'statementMissing') return { show: pen.words.invite.tickFirst, missing: 'statement' };
  if (outcome.is === 'refused' && outcome.preview) {
    talk.refusals = outcome.refusals;
    return { show: outcome.preview, draft: id };
  }
  delete talk.draft;
  switch (outcome.is) {
    case 'sent': return { show: outcome.status, told: sentenceAbout(outcome, pen.words) };
    case 'refused':
      talk.refusals = outcome.refusals;
      return { show: { view: 'refusal', refusals: outcome.refusals } };
    case 'notFound': return { show: pen.words.invite.replaced };
    case 'writtenDown': return { show: pen.words.invite.writtenDown(outcome.needsSignIn) };
  }
};

export const sentenceAbout = ({ status: { invitation }, isOnItsWay }: Extract<SendOutcome, { is: 'sent' }>, { invite }: Words): string =>
  (isOnItsWay ? invite.sentTo : invite.sentToNobody)(shown(invitation.customer.name), invitation.reference);

/** Drops a draft; gives what its card shows from now on. */
export const dropDraft = async ({ commands, speaker, talk, pen, studio }: Turn, id: InvitationId): Promise<{ readonly outcome: DropOutcome; readonly card: Drawn }> => {
  const outcome = await commands.drop({ by: speaker, id });
  switch (outcome.is) {
    case 'sent': return { outcome, card: invitationStatus(outcome.status, pen, studio.installUrl) };
    case 'handedBack': {
      const told = pen.words.managing.handedBack(shown(outcome.to.name));
      return { outcome, card: page({ title: told, summary: told }, pen) };
    }
    case 'refused':
      talk.refusals = outcome.refusals;
      return { outcome, card: refusal(outcome.refusals, pen) };
    default: return { outcome, card: droppedPage(pen) };
  }
};
