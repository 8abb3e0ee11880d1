import type { Actor, Grant, Invitation, OpenInvitation } from '../domain/invitation.js';
import type { TenantId } from '../domain/ids.js';
import type { Speaker } from './gather.js';
import type { CardCopy, NewErrand, Ports } from './ports.js';
import type { NewsSubject, NoticeSubject } from './views.js';

/** One lane per conversation: messages to one person keep their order, and a person who cannot be reached holds up nobody else. */
const laneOf = (tenant: string, person: string): string => `person/${tenant}/${person}`;

/** What a person asked of Microsoft keeps its order, and holds up no message to that person while Microsoft is away. */
export const laneOfWishes = ({ tenant, person }: Pick<Speaker, 'tenant' | 'person'>): string => `wish/${tenant}/${person}`;

/** What cannot be told before Microsoft was asked as the partner's own user: where somebody must sign in first, it holds up no other message. */
const laneOfAsked = (tenant: string, person: string): string => `asked/${tenant}/${person}`;

/** Who can sign in hears of it whatever else waits. */
export const laneOfSignIn = ({ tenant, person }: Pick<Speaker, 'tenant' | 'person'>): string => `signIn/${tenant}/${person}`;

/** Brings a card up to date in place. `because` tells one redraw of the same version from another. */
export const redraw = (copy: CardCopy, version: number, because: string): NewErrand => ({
  topic: 'redraw',
  key: `redraw/${copy.invitation}/${copy.activity}/${version}/${because}`,
  lane: laneOf(copy.tenant, copy.person),
  invitation: copy.invitation,
  body: { tenant: copy.tenant, person: copy.person, conversation: copy.conversation, activity: copy.activity },
});

export const redrawEveryCopy = async ({ ledger }: Ports, after: Invitation, because: string = after.state): Promise<readonly NewErrand[]> =>
  (await ledger.copies(after.id)).map((copy) => redraw(copy, after.version, because));

/** The cards of one company only: what is that company's own is drawn on no other. */
export const redrawCopiesOf = async ({ ledger }: Ports, invitation: Invitation, tenant: TenantId, because: string): Promise<readonly NewErrand[]> =>
  (await ledger.copies(invitation.id)).filter((copy) => copy.tenant === tenant).map((copy) => redraw(copy, invitation.version, because));

export const redrawPartnerCopies = async (ports: Ports, invitation: Invitation, because: string): Promise<readonly NewErrand[]> =>
  redrawCopiesOf(ports, invitation, invitation.partner.tenant, because);

/** One message per real change and person; nobody is told of their own click. */
const tell = (invitation: Invitation, subject: NoticeSubject, side: 'partner' | 'customer', tenant: string, person: string, occasion = ''): NewErrand => ({
  topic: 'tell',
  key: `tell/${invitation.id}/${subject}/${person}${occasion && `/${occasion}`}`,
  lane: laneOf(tenant, person),
  invitation: invitation.id,
  body: { tenant, person, subject, side, ...(occasion && { occasion }) },
});

/** Whoever asked, and the Admin agent who finished it. `occasion` tells one question or reminder from the next. */
export const tellInviter = (invitation: Invitation, subject: NoticeSubject, occasion = '', except?: string): readonly NewErrand[] =>
  [...new Set([invitation.inviter.id, ...(invitation.handedTo ? [invitation.handedTo.id] : [])])]
    .filter((person) => person !== except)
    .map((person) => tell(invitation, subject, 'partner', invitation.partner.tenant, person, occasion));

/** To one named person of the partner. */
export const tellColleague = (invitation: Invitation, subject: NoticeSubject, person: string, occasion = ''): NewErrand =>
  tell(invitation, subject, 'partner', invitation.partner.tenant, person, occasion);

/** The preview for whoever is to finish it, once for each time that it was handed over, and once more to somebody who arrives later. */
export const bringHandedOver = (draft: Invitation, to: string, occasion: '' | 'arrival' = ''): NewErrand =>
  tellColleague(draft, 'handedOver', to, `${draft.version}${occasion && `/${occasion}`}`);

/** The one who is to finish it could not be brought it. */
export const tellNotBrought = (draft: Invitation, occasion = ''): readonly NewErrand[] =>
  draft.state === 'draft' && draft.handedTo ? [tellColleague(draft, 'notBrought', draft.inviter.id, occasion)] : [];

/** The cards of a draft in hands other than those that changed it. */
export const redrawOtherCopies = async ({ ledger }: Ports, after: Invitation, by: Pick<Speaker, 'person'>): Promise<readonly NewErrand[]> =>
  (await ledger.copies(after.id)).filter(({ tenant, person }) => tenant === after.partner.tenant && person !== by.person)
    .map((copy) => ({ ...redraw(copy, after.version, 'draft'), ...(after.state === 'draft' && { lane: laneOfAsked(copy.tenant, copy.person) }) }));

/** A request that an Admin agent finished: the one who began it hears that it is on its way. */
export const tellHandOver = (sent: Invitation, by: Speaker): readonly NewErrand[] =>
  sent.handedTo?.id === by.person && sent.inviter.id !== by.person ? [tellColleague(sent, 'finished', sent.inviter.id)] : [];

export const redrawSuperseded = async (ports: Ports, replaced: readonly OpenInvitation[]): Promise<readonly NewErrand[]> =>
  (await Promise.all(replaced.map((one) => redrawEveryCopy(ports, { ...one, version: one.version + 1 }, 'superseded')))).flat();

/** Everyone of the customer who holds the card. */
export const tellCustomer = async ({ ledger }: Ports, invitation: Invitation, subject: NoticeSubject, except?: Pick<Actor, 'id'>, occasion = ''): Promise<readonly NewErrand[]> => {
  const copies = await ledger.copies(invitation.id);
  const people = new Set(copies.filter(({ tenant }) => tenant === invitation.customer.tenant).map(({ person }) => person));
  return [...people].filter((person) => person !== except?.id).map((person) => tell(invitation, subject, 'customer', invitation.customer.tenant, person, occasion));
};

export const deliver = (invitation: Invitation, person: string, occasion = 'sent'): NewErrand => ({
  topic: 'deliver',
  key: `deliver/${invitation.id}/${person}/${occasion}`,
  lane: laneOf(invitation.customer.tenant, person),
  invitation: invitation.id,
  body: { tenant: invitation.customer.tenant, person, ...(occasion === 'escalated' && { isForEverybody: 'yes' }) },
});

/** One errand for everybody of the customer who has the app; who may see the card is read when it is delivered. */
export const deliveriesTo = async ({ ledger }: Ports, invitation: Invitation): Promise<readonly NewErrand[]> =>
  (await ledger.acquaintancesOf(invitation.customer.tenant)).filter(({ isReachable }) => isReachable).map(({ person }) => deliver(invitation, person));

/** Once more where bringing it was given up and nobody has the card; what comes of it is told anew. */
export const deliveriesAgain = async (ports: Ports, invitation: Invitation): Promise<readonly NewErrand[]> => {
  if (invitation.state !== 'sent' || !(await ports.errands.deadLetters(invitation.id)).some(({ topic }) => topic === 'deliver')) return [];
  const occasion = `again/${ports.clock.machineNow().getTime()}`;
  return (await deliveriesTo(ports, invitation)).map((errand) => ({ ...errand, body: { ...errand.body, occasion } }));
};

export const welcome = (tenant: string, person: string): NewErrand => ({
  topic: 'welcome', key: `welcome/${tenant}/${person}`, lane: laneOf(tenant, person), body: { tenant, person },
});

/** News about a relationship, to one person; whether it still concerns them is read when it is told. */
export const news = (grant: Grant, subject: NewsSubject, side: 'partner' | 'customer', person: string, occasion: string, more: Readonly<Record<string, string>> = {}): NewErrand => {
  const tenant = side === 'partner' ? grant.partner : grant.customer;
  return {
    topic: 'news',
    key: `news/${subject}/${grant.partner}/${grant.customer}/${grant.kind}/${grant.relationship ?? ''}/${occasion}/${person}`,
    lane: (subject === 'providerDraft' ? laneOfAsked : laneOf)(tenant, person),
    body: { tenant, person, side, subject, partner: grant.partner, customer: grant.customer, kind: grant.kind, relationship: grant.relationship ?? '', ...more },
  };
};
