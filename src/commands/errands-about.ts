import type { Actor, Invitation } from '../domain/invitation.js';
import type { CardCopy, NewErrand, Ports } from './ports.js';
import type { NoticeSubject } from './views.js';

/** One lane per conversation: messages to one person keep their order, and a person who cannot be reached holds up nobody else. */
const laneOf = (tenant: string, person: string): string => `person/${tenant}/${person}`;

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

export const redrawPartnerCopies = async ({ ledger }: Ports, invitation: Invitation, because: string): Promise<readonly NewErrand[]> =>
  (await ledger.copies(invitation.id))
    .filter(({ tenant }) => tenant === invitation.partner.tenant)
    .map((copy) => redraw(copy, invitation.version, because));

/** One message per real change and person; nobody is told of their own click. */
const tell = (invitation: Invitation, subject: NoticeSubject, side: 'partner' | 'customer', tenant: string, person: string): NewErrand => ({
  topic: 'tell',
  key: `tell/${invitation.id}/${subject}/${person}`,
  lane: laneOf(tenant, person),
  invitation: invitation.id,
  body: { tenant, person, subject, side },
});

export const tellInviter = (invitation: Invitation, subject: NoticeSubject): NewErrand =>
  tell(invitation, subject, 'partner', invitation.partner.tenant, invitation.inviter.id);

/** Everyone of the customer who holds the card. */
export const tellCustomer = async ({ ledger }: Ports, invitation: Invitation, subject: NoticeSubject, except?: Actor): Promise<readonly NewErrand[]> => {
  const copies = await ledger.copies(invitation.id);
  const people = new Set(copies.filter(({ tenant }) => tenant === invitation.customer.tenant).map(({ person }) => person));
  return [...people].filter((person) => person !== except?.id).map((person) => tell(invitation, subject, 'customer', invitation.customer.tenant, person));
};

export const deliver = (invitation: Invitation, person: string, occasion = 'sent'): NewErrand => ({
  topic: 'deliver',
  key: `deliver/${invitation.id}/${person}/${occasion}`,
  lane: laneOf(invitation.customer.tenant, person),
  invitation: invitation.id,
  body: { tenant: invitation.customer.tenant, person },
});

export const welcome = (tenant: string, person: string): NewErrand => ({
  topic: 'welcome', key: `welcome/${tenant}/${person}`, lane: laneOf(tenant, person), body: { tenant, person },
});
