import { isAnswerable } from '../domain/invitation.js';
import { isPartner, personNow, type Speaker } from './gather.js';
import type { Ports } from './ports.js';
import { mayNotSee, mayUsePartnerCommands } from './show-invitation.js';
import { deciders } from './show-my-partners.js';
import type { PendingView, RefusalView } from './views.js';

const shownAtOnce = 10;
const draftsAtOnce = 5;

/** What waits: for a partner its own open invitations and the drafts that changed hands, for a customer's admin those to decide, oldest first. */
export const showPending = (ports: Ports) => async (by: Speaker): Promise<PendingView | RefusalView> => {
  const { ledger } = ports;
  const person = await personNow(ports, by);
  if (isPartner(ports, by.tenant)) {
    if (!mayUsePartnerCommands(person)) {
      return mayNotSee(ports, by);
    }
    const [open, drafts] = await Promise.all([ledger.invitationsOf({ partner: by.tenant }, 'open', shownAtOnce), ledger.handedOver(by.tenant, by.person, draftsAtOnce)]);
    const handedOver = drafts.map((draft) => ({ draft, waitsForReader: draft.handedTo?.id === by.person }));
    return { view: 'pending', side: 'partner', mayAnswer: false, invitations: open.slice(0, shownAtOnce - drafts.length), handedOver, deciders: [] };
  }
  const mayRead = person === 'unknown' || !person.isGuest;
  const mayAnswer = person !== 'unknown' && !person.isGuest && person.roles.includes('globalAdmin');
  const open = mayRead ? await ledger.invitationsOf({ customer: by.tenant }, 'open', 50) : [];
  const waiting = open.filter((invitation) => isAnswerable(invitation) || invitation.state === 'awaitingAuthority').reverse().slice(0, shownAtOnce);
  return { view: 'pending', side: 'customer', mayAnswer, invitations: waiting, handedOver: [], deciders: mayAnswer || !mayRead ? [] : await deciders(ports, by.tenant) };
};
