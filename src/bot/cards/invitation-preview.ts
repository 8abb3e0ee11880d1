import type { PreviewView } from '../../commands/views.js';
import { draw, type Drawn, type Pen } from './card.js';
import { manageNotes, rolesInWords } from './asks.js';
import { clean, shown } from './text.js';

/** @param finish the draft was handed to the reader by somebody */
export const invitationPreview = ({ invitation, customer, asked, handOver }: PreviewView, pen: Pen, finish?: { readonly from: string }): Drawn => {
  const { words } = pen;
  const { invite, managing } = words;
  const { manage, sell, provider } = invitation.asks;
  const verdictOf = (verdict: PreviewView['asked'][number]['verdict']) => (typeof verdict === 'object' ? 'refuses' : verdict);
  const unknown = asked.filter(({ verdict }) => verdict === 'unknown').length;
  const refusing = asked.filter(({ verdict }) => typeof verdict === 'object').length;
  const from = [
    ...(finish ? [managing.finishTitle(shown(finish.from))] : invitation.handedTo ? [managing.waitsFor(shown(invitation.handedTo.name))] : []),
    ...(invitation.handOverNote ? [managing.note(shown(invitation.handOverNote, 300))] : []),
  ];
  return draw('invitation-preview', pen, invite.summary(clean(invitation.customer.name)), {
    invitation: invitation.id,
    title: invite.title(shown(invitation.customer.name)),
    tenant: `${invite.tenantLine(invitation.customer.domain, invitation.customer.tenant.slice(-4))} · ${invitation.reference}`,
    asksTitle: invite.asks,
    asks: [
      ...(sell ? [invitation.cloud === 'usGov' ? invite.kindWithAdmin : manage ? invite.kindToSell : invite.kind] : [managing.onlyMissing]),
      ...(provider ? [managing.asksThrough(shown(provider.name))] : []),
    ].join(' '),
    hasManage: manage !== undefined, manageTitle: managing.asksToManage,
    manageLines: manage ? [...rolesInWords(manage.roles, pen), ...manageNotes(manage, 'partner', pen)] : [],
    hasFrom: from.length > 0, from: from.join(' · '),
    isHandedToMe: finish !== undefined, sendBack: managing.sendBack, sendBackDo: managing.sendBackDo,
    canSend: handOver === undefined, mustHandOver: handOver !== undefined, handOverTitle: managing.handOverTitle, handOver: managing.handOver,
    hasAgents: (handOver?.length ?? 0) > 0, hasNoAgents: handOver?.length === 0, noAdminAgent: managing.noAdminAgent,
    agents: (handOver ?? []).map(({ id, name }) => ({ title: clean(name), value: id })), firstAgent: handOver?.[0]?.id ?? '',
    handOverToLabel: managing.handOverTo, handOverNoteLabel: managing.handOverNote, handOverDo: managing.handOverDo, sellNow: managing.sellNow, canSellNow: sell,
    cloudTitle: invite.cloud, cloud: customer.cloud === 'unknown' ? words.unknown : words.clouds[customer.cloud],
    countryTitle: invite.country, country: customer.country === 'unknown' ? invite.countryUnknown : words.country(customer.country),
    customerReads: `${invite.customerReads}: ${words.request.sameTitle}`,
    same: words.request.same,
    hiddenPart: invite.hiddenPart,
    reasonLabel: invite.reason, reasonHint: invite.reasonHint, reasonMissing: invite.reasonMissing, reason: clean(invitation.reason, 300),
    notCsp: invite.notCsp, asksNotCsp: customer.isCspPartner === 'unknown',
    send: words.buttons.send, cancel: words.buttons.cancel, showRules: words.buttons.rules,
    rulesTitle: invite.rulesTitle(asked.length - unknown - refusing, unknown, refusing),
    rules: asked.map(({ rule, verdict }) => ({ id: rule, verdict: invite.verdict[verdictOf(verdict)], sentence: words.rules[rule] })),
    hasUnknown: unknown > 0, unknownNote: invite.unknownNote,
    sendHint: handOver || finish ? managing.nothingSent : invite.sendHint,
  });
};
