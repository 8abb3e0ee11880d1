import type { PreviewView } from '../../commands/views.js';
import { draw, type Drawn, type Pen } from './card.js';
import { clean, shown } from './text.js';

export const invitationPreview = ({ invitation, customer, asked }: PreviewView, pen: Pen): Drawn => {
  const { words } = pen;
  const { invite } = words;
  const verdictOf = (verdict: PreviewView['asked'][number]['verdict']) => (typeof verdict === 'object' ? 'refuses' : verdict);
  const unknown = asked.filter(({ verdict }) => verdict === 'unknown').length;
  return draw('invitation-preview', pen, invite.summary(clean(invitation.customer.name)), {
    invitation: invitation.id,
    title: invite.title(shown(invitation.customer.name)),
    tenant: `${invite.tenantLine(invitation.customer.domain, invitation.customer.tenant.slice(-4))} · ${invitation.reference}`,
    asksTitle: invite.asks, asks: invitation.cloud === 'usGov' ? invite.kindWithAdmin : invite.kind,
    cloudTitle: invite.cloud, cloud: customer.cloud === 'unknown' ? words.unknown : words.clouds[customer.cloud],
    countryTitle: invite.country, country: customer.country === 'unknown' ? invite.countryUnknown : words.country(customer.country),
    customerReads: `${invite.customerReads}: ${words.request.sameTitle}`,
    same: words.request.same,
    hiddenPart: invite.hiddenPart,
    reasonLabel: invite.reason, reasonHint: invite.reasonHint, reasonMissing: invite.reasonMissing, reason: clean(invitation.reason, 300),
    notCsp: invite.notCsp, asksNotCsp: customer.isCspPartner === 'unknown',
    send: words.buttons.send, cancel: words.buttons.cancel, showRules: words.buttons.rules,
    rulesTitle: invite.rulesTitle(asked.length - unknown, unknown),
    rules: asked.map(({ rule, verdict }) => ({ id: rule, verdict: invite.verdict[verdictOf(verdict)], sentence: words.rules[rule] })),
    hasUnknown: unknown > 0, unknownNote: invite.unknownNote,
    sendHint: invite.sendHint,
  });
};

export const inviteForm = ({ domain, reason }: { readonly domain: string; readonly reason: string }, pen: Pen): Drawn => {
  const { invite, buttons } = pen.words;
  return draw('invite-form', pen, invite.formTitle, {
    title: invite.formTitle, text: invite.formText, domain: clean(domain, 253), reason: clean(reason, 300),
    domainLabel: invite.domain, domainHint: invite.domainHint, domainMissing: invite.domainMissing,
    reasonLabel: invite.reason, reasonHint: invite.reasonHint, reasonMissing: invite.reasonMissing,
    check: buttons.check, cancel: buttons.cancel,
  });
};
