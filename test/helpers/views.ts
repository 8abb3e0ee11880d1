/** One view for every card in every state, with whatever names a test wants to see on it. */
import type { Language } from '../../src/commands/ports.js';
import type { Comparison } from '../../src/domain/proof.js';
import type { View, WhoAmI } from '../../src/commands/views.js';
import type { Drawn, Pen } from '../../src/bot/cards/card.js';
import { inviteForm } from '../../src/bot/cards/invitation-preview.js';
import { help, whoYouAre } from '../../src/bot/cards/page.js';
import { choice } from '../../src/bot/cards/pending.js';
import { explainRefusals } from '../../src/bot/cards/refusal.js';
import { drawView, penFor } from '../../src/bot/draw-view.js';
import { askEveryRule } from '../../src/domain/decide-invitation.js';
import { answerRules, doorRules, invitationRules } from '../../src/domain/rules.js';
import type { Invitation, InvitationState, InState } from '../../src/domain/invitation.js';
import { aCustomer, anAnswer, anInvitation, CONTOSO, DENIZ, ELIF, FABRIKAM, guid, inDays, NOON, whenInviting } from './builders.js';
import { asDomainName } from '../../src/domain/ids.js';

/** Everything on a card that a stranger wrote. */
export type Names = { readonly partner: string; readonly customer: string; readonly person: string; readonly other: string; readonly offer: string; readonly reason: string; readonly comment: string };

/** Of no language, so that words of one language on the other's card are a leak. */
export const plainNames: Names = { partner: 'Fabrikam', customer: 'Contoso', person: 'Elif Kaya', other: 'Northwind', offer: 'Office 365 E3', reason: 'Azure', comment: 'Kovács & Göçmen' };

const long = (word: string, length: number): string => word.repeat(Math.ceil(length / word.length)).slice(0, length);
/** What the edges let through at most, of letters that take two bytes and must all be escaped for a card. */
export const longestNames: Names = {
  partner: long('İ*Ğ_', 80), customer: long('Ş[Ö]', 80), person: long('Ü`Ç#', 80), other: long('Ğ|Ş~', 80), offer: long('Ö<Ü>', 80), reason: long('ı*ş_', 300), comment: long('ğ[ö]', 300),
};

const instant = NOON.toISOString();
const chainHead = '3f9ab2c01d2e';
const installUrl = 'https://teams.microsoft.com/l/app/00000000-0000-4000-8000-000000000001';

const people = (names: Names) => ({
  agent: { side: 'partner', organisation: names.partner, roles: ['salesAgent', 'adminAgent'], isGuest: false },
  helper: { side: 'partner', organisation: names.partner, roles: ['helpdeskAgent'], isGuest: false },
  admin: { side: 'customer', organisation: names.customer, roles: ['globalAdmin'], isGuest: false },
  user: { side: 'customer', organisation: names.customer, roles: ['user'], isGuest: false },
  guest: { side: 'customer', organisation: '', roles: [], isGuest: true },
  unread: { side: 'customer', organisation: names.customer, roles: 'unknown', isGuest: false },
}) satisfies Record<string, WhoAmI>;

const same: Comparison = { takenAt: instant, comparedAt: inDays(2).toISOString(), same: 7, changed: [], gone: 0, added: 0 };
const differing: Comparison = { ...same, same: 5, changed: [{ id: guid(51), fields: ['quantity', 'status'] }, { id: guid(52), fields: ['termEnds'] }], gone: 1, added: 2 };

/** Every rule that can refuse, refusing. */
export const everyRefusal = (names: Names) => [...doorRules, ...invitationRules, ...answerRules, { id: 'MP-25', code: 'AUTHORITY_REFUSED' } as const].map(({ id, code }) => ({
  rule: id, code,
  about: { customer: names.customer, partner: names.partner, partnerCountry: 'TR', country: 'DE', cloud: 'usGov', customerCloud: 'commercial', date: instant, reference: 'PR-7K3-F9M', state: 'declined', serviceCode: '2032', correlationId: guid(41) },
}));

export const everyView = (names: Names = plainNames): Readonly<Record<string, View>> => {
  const terms = {
    partner: { tenant: FABRIKAM, name: names.partner, domain: asDomainName('fabrikam.com') },
    customer: { tenant: CONTOSO, name: names.customer, domain: asDomainName('contoso.com') },
    inviter: { id: ELIF, name: names.person, mail: 'elif@fabrikam.com' },
    reason: names.reason,
  };
  const answered = (over: Parameters<typeof anAnswer>[0] = {}) => anAnswer({ by: { id: DENIZ, name: names.person }, ...over });
  const declined = answered({ answer: 'declined', reason: 'tooMuchAccess', comment: names.comment, isReasonShared: true });
  const anInvited = <State extends InvitationState>(state: State, over: object = {}) => anInvitation(state, { ...terms, ...over } as Partial<InState<State>>);
  const { agent, helper, admin, user, guest, unread } = people(names);
  const facts = whenInviting({ customer: aCustomer({ name: names.customer, country: 'unknown', isCspPartner: 'unknown' }), statedNotCsp: true });

  const invitations = {
    sent: anInvited('sent'), delivered: anInvited('delivered'), awaitingAuthority: anInvited('awaitingAuthority', { answer: answered() }),
    established: anInvited('established', { answer: answered() }), establishedElsewhere: anInvited('established', { answer: undefined }),
    declined: anInvited('declined', { answer: declined }), declinedThenAccepted: anInvited('declined', { answer: declined, foundLateAt: inDays(3).toISOString() }),
    expired: anInvited('expired'), expiredApproved: anInvited('expired', { answer: answered() }), cancelled: anInvited('cancelled'),
    superseded: anInvited('superseded'), failed: anInvited('failed'),
  } satisfies Record<string, Invitation>;

  const held = { isConsented: true, partners: [{ name: names.other, offers: [names.offer, 'Visio Plan 2', 'Power BI Pro'] }, { name: names.partner, offers: ['Azure plan'] }], fromMicrosoft: ['Microsoft Teams Rooms Pro'] };
  const requestOf = (invitation: Invitation, over: object = {}): View => ({ view: 'request', invitation, mayAnswer: 'yes', holdings: held, chainHead, ...over });
  const statusOf = (invitation: Invitation, over: object = {}): View => ({ view: 'status', invitation, deliveredTo: 2, undelivered: [], chainHead, ...over });
  const sold = [{ offer: names.offer, quantity: 120, status: 'Enabled' }, { offer: 'Visio Plan 2', quantity: 5, status: 'Suspended' }];
  const mayManage = [{ roles: ['fe930be7-5e62-47db-91af-98c3a49a38b1', guid(61)], until: inDays(90).toISOString(), autoExtends: true }];
  const lines = [
    { name: names.other, sells: sold, mayManage, since: '2023-04-01T00:00:00Z', sources: ['subscriptions', 'serviceProviders', 'delegatedAdmin'] },
    { name: names.partner, sells: [], mayManage: [], agreed: { by: names.person, at: instant }, askedBy: names.person, sources: ['ledger'] },
  ] as const;
  const partners = { view: 'partners', customer: names.customer, detail: 'full', isConsented: true, readAt: instant, partners: lines, fromMicrosoft: sold, deciders: [] } as const;

  return {
    'welcome partner': { view: 'welcome', who: agent, name: names.person, waiting: 0 },
    'welcome partner without a right': { view: 'welcome', who: helper, name: names.person, waiting: 0 },
    'welcome customer': { view: 'welcome', who: admin, name: names.person, waiting: 1 },
    'welcome user': { view: 'welcome', who: user, name: names.person, waiting: 0 },
    'welcome guest': { view: 'welcome', who: guest, name: names.person, waiting: 0 },
    'welcome without consent': { view: 'welcome', who: unread, name: names.person, waiting: 3 },

    'preview not known yet': { view: 'preview', invitation: anInvited('draft'), customer: facts.customer, asked: askEveryRule(facts) },
    'preview all known': { view: 'preview', invitation: anInvited('draft', { reason: '' }), customer: aCustomer(), asked: askEveryRule(whenInviting()) },

    'request delivered': requestOf(invitations.delivered),
    'request to somebody without the right': requestOf(invitations.delivered, { mayAnswer: 'no' }),
    'request without consent': requestOf(invitations.delivered, { mayAnswer: 'roleUnknown', holdings: { isConsented: false, partners: [], fromMicrosoft: [] } }),
    'request while Microsoft is down': requestOf(invitations.delivered, { holdings: undefined }),
    'request to a customer with nothing': requestOf(invitations.sent, { holdings: { isConsented: true, partners: [], fromMicrosoft: [] } }),
    'request approved': requestOf(invitations.awaitingAuthority),
    'request established': requestOf(invitations.established, { comparison: { ...same, names: {} } }),
    'request established, something differs': requestOf(invitations.established, { comparison: { ...differing, names: { [guid(51)]: names.offer } } }),
    'request established elsewhere': requestOf(invitations.establishedElsewhere),
    'request declined': requestOf(invitations.declined),
    'request declined, then accepted': requestOf(invitations.declinedThenAccepted),
    'request expired': requestOf(invitations.expired),
    'request approved, then expired': requestOf(invitations.expiredApproved),
    'request cancelled': requestOf(invitations.cancelled),
    'request superseded': requestOf(invitations.superseded),
    'request failed': requestOf(invitations.failed),

    'status delivered': statusOf(invitations.delivered),
    'status not delivered': statusOf(invitations.sent, { deliveredTo: 0 }),
    'status given up': statusOf(invitations.sent, { deliveredTo: 0, undelivered: ['unreachable', 'gone', 'rejected', 'other'] }),
    'status approved': statusOf(invitations.awaitingAuthority),
    'status established': statusOf(invitations.established, { comparison: same }),
    'status established elsewhere': statusOf(invitations.establishedElsewhere, { comparison: { ...same, same: 0 } }),
    'status declined': statusOf(invitations.declined),
    'status declined in private': statusOf(anInvited('declined', { answer: answered({ answer: 'declined', isReasonShared: false }) })),
    'status declined, then accepted': statusOf(invitations.declinedThenAccepted),
    'status expired': statusOf(invitations.expired),
    'status cancelled': statusOf(invitations.cancelled),
    'status superseded': statusOf(invitations.superseded),
    'status failed': statusOf(invitations.failed),

    'partners': partners,
    'partners by name only': { ...partners, detail: 'namesOnly', deciders: [names.person] },
    'partners without consent': { ...partners, isConsented: false, partners: [lines[1]], fromMicrosoft: [] },
    'no partners': { ...partners, customer: '', partners: [], fromMicrosoft: [] },
    'own customers': { view: 'ownCustomers', partner: names.partner, customers: lines.map((line) => ({ ...line, name: names.customer })), more: 12, readAt: instant },
    'no own customers': { view: 'ownCustomers', partner: names.partner, customers: [], more: 0, readAt: instant },

    'pending of a partner': { view: 'pending', side: 'partner', mayAnswer: false, deciders: [], invitations: [invitations.sent, invitations.awaitingAuthority] },
    'pending of a customer': { view: 'pending', side: 'customer', mayAnswer: true, deciders: [], invitations: [invitations.delivered] },
    'pending for somebody without the right': { view: 'pending', side: 'customer', mayAnswer: false, deciders: [names.person], invitations: [invitations.delivered] },
    'nothing pending at a partner': { view: 'pending', side: 'partner', mayAnswer: false, deciders: [], invitations: [] },
    'nothing pending at a customer': { view: 'pending', side: 'customer', mayAnswer: true, deciders: [], invitations: [] },

    ...Object.fromEntries(everyRefusal(names).map((one) => [`refusal ${one.rule} ${one.code}`, { view: 'refusal', refusals: [one] } as const])),
    'refusal for every reason': { view: 'refusal', refusals: [everyRefusal(names)[4]!, ...everyRefusal(names).slice(5, 11)] },
  };
};

/** What a large customer holds: ten partners, each with a hundred subscriptions. */
export const crowded = (): Readonly<Record<string, View>> => {
  const { partners, 'request delivered': request, 'request established': established } = everyView();
  if (partners?.view !== 'partners' || request?.view !== 'request' || established?.view !== 'request') throw new Error('These views are of another kind.');
  const offers = Array.from({ length: 100 }, (_, at) => `Microsoft 365 Business Premium, add-on ${at}`);
  const sells = offers.map((offer) => ({ offer, quantity: 5, status: 'Enabled' }));
  const ten = Array.from({ length: 10 }, (_, at) => `Partner ${at} and Daughters Limited`);
  return {
    partners: { ...partners, partners: ten.map((name) => ({ ...partners.partners[0], name, sells, mayManage: [], sources: ['subscriptions'] })), fromMicrosoft: sells },
    request: { ...request, holdings: { isConsented: true, partners: ten.map((name) => ({ name, offers })), fromMicrosoft: offers } },
    proof: { ...established, comparison: { ...same, names: {}, changed: offers.map((_, at) => ({ id: guid(100 + at), fields: ['quantity'] })) } },
  };
};

const studio = { isTrial: true, installUrl };
export const penOf = (language: Language): Pen => penFor({ language, timeZone: 'Europe/Istanbul' }, studio);

/** Every card this product draws, by what it shows. */
export const everyCard = (language: Language, names: Names = plainNames): readonly (readonly [string, Drawn])[] => {
  const pen = penOf(language);
  const views = Object.entries(everyView(names)).map(([name, view]) => [name, drawView(view, pen, studio)] as const);
  const { agent, helper, admin, user, guest, unread } = people(names);
  const both = [anInvitation('sent'), anInvitation('delivered')].map((one) => ({ ...one, customer: { ...one.customer, name: names.customer } }));
  return [
    ...views.filter((one): one is readonly [string, Drawn] => typeof one[1] !== 'string'),
    ['invite form', inviteForm({ domain: '', reason: '' }, pen)],
    ['invite form, half filled', inviteForm({ domain: 'contoso.com', reason: names.reason }, pen)],
    ['help partner', help(agent, pen)], ['help customer', help(admin, pen, pen.words.answers.unknownAgain)],
    ...Object.entries({ agent, helper, admin, user, guest, unread }).map(([name, who]) => [`who am I, ${name}`, whoYouAre(who, who === agent, pen)] as const),
    ['choice', choice(both, 'partner', pen)],
    ['why', explainRefusals(everyRefusal(names).slice(0, 3), pen)], ['why, nothing refused', explainRefusals([], pen)],
  ];
};
