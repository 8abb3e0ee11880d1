/** One view for every card in every state, with whatever names a test wants to see on it. */
import type { Language } from '../../src/commands/ports.js';
import type { Comparison } from '../../src/domain/proof.js';
import type { View, WhoAmI } from '../../src/commands/views.js';
import type { Drawn, Pen } from '../../src/bot/cards/card.js';
import { inviteForm } from '../../src/bot/cards/invite-form.js';
import { entraRoles } from '../../src/domain/delegated-admin.js';
import type { CustomerLine } from '../../src/domain/customer-standing.js';
import { help, whoYouAre } from '../../src/bot/cards/page.js';
import { choice } from '../../src/bot/cards/pending.js';
import { explainRefusals } from '../../src/bot/cards/refusal.js';
import { withdrawal } from '../../src/bot/cards/withdrawal.js';
import { drawView, penFor, type Studio } from '../../src/bot/draw-view.js';
import { askEveryRule } from '../../src/domain/decide-invitation.js';
import { answerRules, assignRules, doorRules, endRules, invitationRules, removalRules } from '../../src/domain/rules.js';
import type { Invitation, InvitationState, InState } from '../../src/domain/invitation.js';
import { aCustomer, aDelegatedAsk, aRelationshipId, anAnswer, anInvitation, CONTOSO, DENIZ, ELIF, FABRIKAM, guid, inDays, NOON, whenInviting } from './builders.js';
import { asDomainName, asPersonId } from '../../src/domain/ids.js';
import { eventNames } from '../../src/domain/events.js';

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
export const everyRefusal = (names: Names) => [...doorRules, ...invitationRules, ...answerRules, ...assignRules, ...removalRules, ...endRules, { id: 'MP-25', code: 'AUTHORITY_REFUSED' } as const].map(({ id, code }) => ({
  rule: id, code,
  about: { customer: names.customer, partner: names.partner, partnerCountry: 'TR', country: 'DE', cloud: 'usGov', customerCloud: 'commercial', date: instant, reference: 'PR-7K3-F9M', state: 'declined', serviceCode: '2032', correlationId: guid(41), name: names.offer, needs: 'role', status: 'expired', most: '3', n: '2', list: `${names.offer}\n${names.offer}`, until: '' },
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
  const requestOf = (invitation: Invitation, over: object = {}): View => ({ view: 'request', invitation, mayAnswer: 'yes', holdings: held, deciders: [{ id: DENIZ, name: names.person }, { id: asPersonId(guid(31)), name: names.other }], isStopped: false, chainHead, ...over });
  const statusOf = (invitation: Invitation, over: object = {}): View => ({ view: 'status', invitation, deliveredTo: 2, undelivered: [], canBringAgain: false, chainHead, ...over });
  const sold = [{ offer: names.offer, quantity: 120, status: 'Enabled' }, { offer: 'Visio Plan 2', quantity: 5, status: 'Suspended' }];
  const mayManage = [{ roles: ['fe930be7-5e62-47db-91af-98c3a49a38b1', guid(61)], until: inDays(90).toISOString(), autoExtends: true }];
  const lines = [
    { name: names.other, sells: sold, mayManage, since: '2023-04-01T00:00:00Z', sources: ['subscriptions', 'serviceProviders', 'delegatedAdmin'] },
    { name: names.partner, sells: [], mayManage: [], agreed: { by: names.person, at: instant }, askedBy: names.person, sources: ['ledger'] },
  ] as const;
  const partners = { view: 'partners', tenant: CONTOSO, customer: names.customer, detail: 'full', isConsented: true, readAt: instant, partners: lines, fromMicrosoft: sold, deciders: [] } as const;

  const manage = aDelegatedAsk({ name: names.comment.slice(0, 50), autoExtends: true });
  const both = { asks: { sell: true, manage }, delegated: { relationship: aRelationshipId(71), link: 'https://admin.microsoft.com/AdminPortal/Home#/partners/invitation/1' } };
  const remarks = [
    { side: 'customer', by: { id: DENIZ, name: names.person }, at: instant, text: names.comment }, { side: 'partner', by: { id: ELIF, name: names.person }, at: instant, text: names.reason },
  ] as const;
  const suggestion = { by: { id: DENIZ, name: names.person }, at: instant, roles: [entraRoles.licenseAdministrator], days: 90 };
  const powerful = { asks: { sell: false, manage: aDelegatedAsk({ name: names.comment.slice(0, 50), roles: [entraRoles.globalAdministrator, entraRoles.userAdministrator, guid(99)], roleReason: names.reason, days: 1 }) }, delegated: both.delegated, link: '' };
  const seenHalf = { ...both, seen: { sell: instant } };
  const seenBoth = { ...both, seen: { sell: instant, manage: instant } };
  const draft = { view: 'preview', invitation: anInvited('draft', both), customer: aCustomer(), asked: askEveryRule(whenInviting({ asks: both.asks })) } as const;
  const agents = [{ id: DENIZ, name: names.person }, { id: ELIF, name: names.person }];
  const handed = anInvited('draft', { ...both, handOverNote: names.comment, handedTo: { id: DENIZ, name: names.person } });
  const groups = [{ id: guid(81), name: names.comment }, { id: guid(82), name: 'Azure Operations' }];
  const line: CustomerLine = { customer: CONTOSO, name: names.customer, domain: 'contoso.com', standing: 'active', isSelling: true, endsAt: '' };
  const grant = { kind: 'gdap', partner: FABRIKAM, customer: CONTOSO, relationship: aRelationshipId(71), name: names.comment, roles: manage.roles, seenAt: instant, since: instant, until: inDays(30).toISOString(), origin: 'invitation' } as const;
  const selling = { kind: 'reseller', partner: FABRIKAM, customer: CONTOSO, seenAt: instant, origin: 'outside' } as const;
  const parties = { partner: { tenant: FABRIKAM, name: names.partner }, customer: { tenant: CONTOSO, name: names.customer } };
  const consequencesOf = (over: object): View => ({ view: 'consequences', act: 'removeAccess', side: 'customer', ...parties, grants: [grant], blockers: [], stands: 'ready', ...over });
  const newsOf = (over: object): View => ({ view: 'news', subject: 'ending', side: 'partner', grant, partner: names.partner, customer: names.customer, daysLeft: 7, ...over });

  return {
    'preview to sell and manage': draft,
    'preview that must be handed over': { ...draft, handOver: agents },
    'preview that nobody can finish': { ...draft, handOver: [] },
    'preview with powerful roles': { ...draft, invitation: anInvited('draft', powerful) },
    'handed over': { view: 'handedOver', preview: { ...draft, invitation: anInvited('draft', { ...both, handOverNote: names.comment }) }, from: names.person },
    'draft that was handed over': { ...draft, invitation: handed, handOver: agents },
    'draft that was sent back': { ...draft, invitation: anInvited('draft', { ...both, handOverNote: names.comment }), handOver: agents },
    'draft that was dropped': { view: 'draftClosed', invitation: anInvited('superseded', both), isOwn: true },
    'draft that was taken back': { view: 'draftClosed', invitation: anInvited('superseded', both), isOwn: false },
    'request to sell and manage': requestOf(anInvited('delivered', both)),
    'request with powerful roles': requestOf(anInvited('delivered', powerful)),
    'request with a talk and a suggestion': requestOf(anInvited('delivered', { ...both, remarks, suggestion })),
    'request with a talk and a suggestion, approved': requestOf(anInvited('awaitingAuthority', { ...both, remarks, suggestion, answer: answered() })),
    'request to be forwarded': requestOf(anInvited('delivered', both), { mayAnswer: 'no' }),
    'request to sell and manage, approved': requestOf(anInvited('awaitingAuthority', { ...both, answer: answered() })),
    'request of which one half is done': requestOf(anInvited('awaitingAuthority', { ...seenHalf, answer: answered() })),
    'request with powerful roles, approved': requestOf(anInvited('awaitingAuthority', { ...powerful, answer: answered() })),
    'request with powerful roles, established': requestOf(anInvited('established', { ...powerful, seen: { manage: instant }, answer: answered() })),
    'request established, both halves': requestOf(anInvited('established', { ...seenBoth, answer: answered() }), { manages: { until: instant, autoExtends: true }, comparison: { ...same, names: {} } }),
    'request declined and stopped': requestOf(anInvited('declined', { ...both, answer: declined }), { isStopped: true }),
    'request replaced by a smaller one': requestOf(anInvited('superseded', { ...both, sentAt: instant, expiresAt: inDays(90).toISOString(), link: '', supersededBy: 'PR-7K4-F9M' })),
    'request in the place of another': requestOf(anInvited('delivered', both), { mayAnswer: 'no', replaces: { reference: 'PR-7K2-F9M', isSmaller: true } }),
    'request withdrawn': requestOf(anInvited('cancelled', { cancelledBy: { id: ELIF, name: names.person } })),
    'status in the place of another': statusOf(anInvited('delivered', both), { replaces: { reference: 'PR-7K2-F9M', isSmaller: false } }),
    'status with a talk and a suggestion': statusOf(anInvited('delivered', { ...both, openedAt: instant, remarks, suggestion, reminders: [instant] }), { reminders: { left: 2, from: inDays(2).toISOString() } }),
    'status to sell and manage': statusOf(anInvited('delivered', both)),
    'status to sell and manage, approved': statusOf(anInvited('awaitingAuthority', { ...both, answer: answered() })),
    'status of which one half is done': statusOf(anInvited('awaitingAuthority', { ...seenHalf, answer: answered() }), { reminders: { left: 3, from: instant } }),
    'status where nobody has access': statusOf(anInvited('established', { ...seenBoth, answer: answered() }), { comparison: same, access: { groups, assignments: [] } }),
    'status where a group has access': statusOf(anInvited('established', { ...seenBoth, answer: answered() }), {
      comparison: same, access: { groups, assignments: [{ id: guid(91), group: guid(81), roles: manage.roles, status: 'active' }, { id: guid(92), group: guid(83), roles: manage.roles, status: 'error' }] },
    }),
    'status withdrawn': statusOf(anInvited('cancelled', { cancelledBy: { id: ELIF, name: names.person } })),
    'status replaced': statusOf(anInvited('superseded', { ...both, sentAt: instant, expiresAt: inDays(90).toISOString(), link: '', supersededBy: 'PR-7K4-F9M' })),
    'notice of a question': { view: 'notice', subject: 'asked', side: 'partner', invitation: anInvited('delivered', { ...both, remarks }), said: remarks[0] },
    'notice of an answer': { view: 'notice', subject: 'answered', side: 'customer', invitation: anInvited('delivered', { ...both, remarks }), said: remarks[1] },
    'notice of a suggestion': { view: 'notice', subject: 'suggested', side: 'partner', invitation: anInvited('delivered', { ...both, suggestion }) },
    'my customers': {
      view: 'customers', search: '', only: 'all', page: 0, soon: inDays(60).toISOString(), hasMore: true,
      customers: [
        { ...line, endsAt: inDays(12).toISOString(), alias: names.comment }, { ...line, standing: 'waiting', isSelling: false, reference: 'PR-7K3-F9M', state: 'delivered', sentAt: instant, openedAt: instant, expiresAt: inDays(84).toISOString() },
        { ...line, isSelling: false, endsAt: inDays(300).toISOString() }, line, { ...line, standing: 'declined', isSelling: false, reference: 'PR-7K3-F9M' }, { ...line, standing: 'ended', isSelling: false },
      ],
    },
    'my customers, a later page': { view: 'customers', search: names.customer, only: 'active', page: 3, soon: inDays(60).toISOString(), hasMore: false, customers: [line] },
    'my customers, nobody': { view: 'customers', search: '', only: 'declined', page: 0, soon: inDays(60).toISOString(), hasMore: false, customers: [] },
    'consequences of removing access': consequencesOf({}),
    'consequences, typed wrong': consequencesOf({ typedWrong: true }),
    'consequences of giving up access': consequencesOf({ side: 'partner' }),
    'consequences, asked': consequencesOf({ stands: 'asked' }),
    'consequences, nothing to remove': consequencesOf({ grants: [], stands: 'nothing' }),
    'consequences, nothing to end': consequencesOf({ act: 'endRelationship', side: 'partner', stands: 'nothing' }),
    'consequences of ending, blocked': consequencesOf({
      act: 'endRelationship', side: 'partner', grants: [selling, grant], stands: 'blocked',
      blockers: [{ code: 'NCE_NOT_CANCELLED', name: names.offer, until: inDays(200).toISOString() }, { code: 'ACTIVE_SUBSCRIPTIONS', name: 'Visio', until: '' }, { code: 'ACTIVE_RESERVATIONS', name: 'VM', until: '' }, { code: 'ACTIVE_SOFTWARE', name: 'SQL', until: '' }],
    }),
    'consequences of ending, ready': consequencesOf({ act: 'endRelationship', side: 'partner', grants: [selling] }),
    'consequences of ending, by the customer': consequencesOf({ act: 'endRelationship', grants: [selling] }),
    'consequences of ending, handed': consequencesOf({ act: 'endRelationship', grants: [selling], stands: 'handed' }),
    'news: ending': newsOf({}), 'news: ending today, to the customer': newsOf({ side: 'customer', daysLeft: 0 }),
    'news: expired': newsOf({ subject: 'ended', grant: { ...grant, ended: { at: instant, how: 'expired' } } }),
    'news: terminated, to the customer': newsOf({ subject: 'ended', side: 'customer', grant: { ...grant, ended: { at: instant, how: 'terminated' } } }),
    'news: removed': newsOf({ subject: 'ended', grant: { ...selling, ended: { at: instant, how: 'removed' } } }),
    'news: from outside': newsOf({ subject: 'foundOutside', grant: selling }), 'news: from outside, to the customer': newsOf({ subject: 'foundOutside', side: 'customer' }),
    'news: a provider’s draft': newsOf({ subject: 'providerDraft', provider: names.comment }),
    'sign-in that ends': { view: 'signIn', is: 'ending', until: '2027-02-21T00:00:00Z' },
    'sign-in that is refused': { view: 'signIn', is: 'refused', until: '2027-02-21T00:00:00Z' },
    'rules changed': { view: 'rulesChanged', rules: ['MP-06', 'MP-39', 'MP-99'] },
    'news: end asked': newsOf({ subject: 'endAsked', grant: selling }),
    'history': {
      view: 'history', side: 'partner', invitation: invitations.established, verdict: { is: 'whole' }, chainHead,
      lines: eventNames.map((event) => ({ at: instant, event, by: names.person, note: names.comment })),
    },
    'history, broken': { view: 'history', side: 'customer', invitation: invitations.established, verdict: { is: 'broken', seq: 3 }, chainHead, lines: [] },

    'welcome partner': { view: 'welcome', who: agent, name: names.person, waiting: 0 },
    'welcome partner without a right': { view: 'welcome', who: helper, name: names.person, waiting: 0 },
    'welcome customer': { view: 'welcome', who: admin, name: names.person, waiting: 1 },
    'welcome user': { view: 'welcome', who: user, name: names.person, waiting: 0 },
    'welcome guest': { view: 'welcome', who: guest, name: names.person, waiting: 0 },
    'welcome without consent': { view: 'welcome', who: unread, name: names.person, waiting: 3 },

    'preview not known yet': { view: 'preview', invitation: anInvited('draft'), customer: facts.customer, asked: askEveryRule(facts) },
    'preview all known': { view: 'preview', invitation: anInvited('draft', { reason: '' }), customer: aCustomer(), asked: askEveryRule(whenInviting()) },

    'request delivered': requestOf(invitations.delivered),
    'request delivered to the only admin': requestOf(invitations.delivered, { deciders: [{ id: DENIZ, name: names.person }] }),
    'request to somebody without the right': requestOf(invitations.delivered, { mayAnswer: 'no' }),
    'request to somebody whose role is off': requestOf(invitations.delivered, { mayAnswer: 'eligible' }),
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
    'request whose end was asked for': requestOf(invitations.established, { endAsked: { sell: { by: names.person, at: instant } } }),
    'request established and over': requestOf(invitations.established, { over: { sell: instant }, endedBy: { sell: 'unknown' } }),
    'request of which one half is over': requestOf(anInvited('established', both), { over: { manage: instant }, endedBy: { manage: { name: names.person, side: 'customer' } } }),
    'request failed': requestOf(invitations.failed),

    'status delivered': statusOf(invitations.delivered),
    'status not delivered': statusOf(invitations.sent, { deliveredTo: 0 }),
    'status given up': statusOf(invitations.sent, { deliveredTo: 0, undelivered: ['unreachable', 'gone', 'rejected', 'MessengerUnavailableError', 'AuthorityUnavailableError', 'other'], canBringAgain: true }),
    'status approved': statusOf(invitations.awaitingAuthority),
    'status established': statusOf(invitations.established, { comparison: same }),
    'status whose end was asked for': statusOf(anInvited('established', both), { endAsked: { sell: { by: names.person, at: instant }, manage: { by: names.person, at: instant } } }),
    'status established and over': statusOf(invitations.established, { over: { sell: instant }, endedBy: { sell: { name: names.person, side: 'partner' } } }),
    'status of which one half is over': statusOf(anInvited('established', both), { over: { manage: instant }, endedBy: { manage: 'time' } }),
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
    'partners, one of which may not sell any more': { ...partners, partners: partners.partners.map((line, at) => (at === 0 ? { ...line, sells: [], sellingEnded: instant } : line)) },
    'partners for a guest': { ...partners, customer: '', detail: 'nothing', partners: [], fromMicrosoft: [] },
    'partners without consent': { ...partners, isConsented: false, partners: [lines[1]], fromMicrosoft: [] },
    'no partners': { ...partners, customer: '', partners: [], fromMicrosoft: [] },
    'own customers': { view: 'ownCustomers', partner: names.partner, customers: lines.map((line) => ({ ...line, name: names.customer })), more: 12, readAt: instant },
    'no own customers': { view: 'ownCustomers', partner: names.partner, customers: [], more: 0, readAt: instant },

    'pending of a partner': { view: 'pending', side: 'partner', mayAnswer: false, handedOver: [], deciders: [], invitations: [invitations.sent, invitations.awaitingAuthority] },
    'pending of a customer': { view: 'pending', side: 'customer', mayAnswer: true, handedOver: [], deciders: [], invitations: [invitations.delivered] },
    'pending for somebody without the right': { view: 'pending', side: 'customer', mayAnswer: false, handedOver: [], deciders: [names.person], invitations: [invitations.delivered] },
    'pending of a partner, with what was handed over': { view: 'pending', side: 'partner', mayAnswer: false, handedOver: [{ draft: handed, waitsForReader: true }, { draft: handed, waitsForReader: false }], deciders: [], invitations: [invitations.sent] },
    'nothing pending at a partner': { view: 'pending', side: 'partner', mayAnswer: false, handedOver: [], deciders: [], invitations: [] },
    'nothing pending at a customer': { view: 'pending', side: 'customer', mayAnswer: true, handedOver: [], deciders: [], invitations: [] },

    ...Object.fromEntries(everyRefusal(names).map((one) => [`refusal ${one.rule} ${one.code}`, { view: 'refusal', refusals: [one] } as const])),
    'refusal of a list, by role': { view: 'refusal', refusals: [{ ...everyRefusal(names)[0]!, rule: 'MP-10', code: 'ROLE_NOT_ALLOWED', about: { to: 'see' } }] },
    'refusal of a list, at a customer': { view: 'refusal', refusals: [{ ...everyRefusal(names)[0]!, rule: 'MP-10', code: 'ROLE_NOT_ALLOWED', about: { to: 'haveCustomers' } }] },
    ...Object.fromEntries(['partWithPartner', 'changeAccess', 'end', 'giveAccess', 'withdraw', 'askMicrosoft'].map((to) => [
      `refusal of an act, ${to}`, { view: 'refusal', refusals: [{ ...everyRefusal(names)[0]!, rule: 'MP-19', code: 'ROLE_NOT_ALLOWED', about: { to, names: `${names.person}\n${names.other}`, serviceCode: '403', correlationId: guid(41) } }] } as const,
    ])),
    'refusal of an invitation by a customer': { view: 'refusal', refusals: [{ ...everyRefusal(names)[0]!, rule: 'MP-10', code: 'ROLE_NOT_ALLOWED', about: { to: 'inviteAsCustomer' } }] },
    'refusal for every reason': { view: 'refusal', refusals: [everyRefusal(names)[4]!, ...everyRefusal(names).slice(5, 10)] },
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

const studio: Studio = {
  isTrial: true, installUrl, now: () => NOON,
  ownPages: (language) => ({ consent: (tenant) => `https://bot.example/consent?tenant=${tenant}&lang=${language}`, signIn: (tenant) => `https://bot.example/sign-in?tenant=${tenant}&lang=${language}` }),
};
const offers = { managing: true, providers: [] };
export const penOf = (language: Language): Pen => penFor({ language, timeZone: 'Europe/Istanbul' }, studio);

/** Every card this product draws, by what it shows. */
export const everyCard = (language: Language, names: Names = plainNames): readonly (readonly [string, Drawn])[] => {
  const pen = penOf(language);
  const views = Object.entries(everyView(names)).map(([name, view]) => [name, drawView(view, pen, studio)] as const);
  const { agent, helper, admin, user, guest, unread } = people(names);
  const both = [anInvitation('sent'), anInvitation('delivered')].map((one) => ({ ...one, customer: { ...one.customer, name: names.customer } }));
  return [
    ...views.filter((one): one is readonly [string, Drawn] => typeof one[1] !== 'string'),
    ['invite form', inviteForm({ domain: '', reason: '' }, offers, pen)],
    ['invite form, to sell only', inviteForm({ domain: '', reason: '' }, { managing: false, providers: [] }, pen)],
    ['invite form through a provider', inviteForm({ domain: '', reason: '' }, { managing: true, providers: [{ tenant: guid(3), name: names.other }, { tenant: guid(4), name: names.partner }] }, pen)],
    ['invite form to change a request', inviteForm({ domain: 'contoso.com', reason: names.reason, template: 'custom', roles: [entraRoles.globalAdministrator], days: 30, extend: false, roleReason: names.reason, follows: 'PR-7K3-F9M' }, offers, pen)],
    ['invite form, half filled', inviteForm({ domain: 'contoso.com', reason: names.reason }, offers, pen)],
    ['invite form whose domain is none', inviteForm({ domain: 'contosocom', reason: names.reason, template: 'licencesAndSupport' }, offers, pen, { domain: pen.words.invite.notOneDomain })],
    ['invite form that a rule refuses', inviteForm({ domain: 'contoso.com', reason: names.reason, template: 'custom', days: 730, name: names.comment }, offers, pen, { refusals: [everyRefusal(names)[4]!, ...everyRefusal(names).slice(5, 10)] })],
    ['help partner', help(agent, pen)], ['help customer', help(admin, pen, pen.words.answers.unknownAgain)],
    ...Object.entries({ agent, helper, admin, user, guest, unread }).map(([name, who]) => [`who am I, ${name}`, whoYouAre(who, who === agent, pen)] as const),
    ['choice', choice(both, 'partner', pen)],
    ['withdrawal', withdrawal({ ...anInvitation('delivered'), customer: { ...anInvitation('delivered').customer, name: names.customer } }, pen)],
    ['why', explainRefusals(everyRefusal(names).slice(0, 3), pen)], ['why, nothing refused', explainRefusals([], pen)],
  ];
};
