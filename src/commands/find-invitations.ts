import { asReferenceCode, isReferenceCode } from '../domain/ids.js';
import type { Invitation } from '../domain/invitation.js';
import { isPartner, personNow, type Speaker } from './gather.js';
import { openDraft } from './hand-over.js';
import type { Ports } from './ports.js';
import { mayUsePartnerCommands, showInvitation } from './show-invitation.js';
import type { HandedOverView, PreviewView, RequestView, StatusView } from './views.js';

export type Found =
  | { readonly is: 'one'; readonly view: StatusView | RequestView }
  /** One's own draft, or one that was handed over. */
  | { readonly is: 'draft'; readonly view: PreviewView | HandedOverView }
  | { readonly is: 'several'; readonly invitations: readonly Invitation[] }
  | { readonly is: 'none' };

/**
 * By reference code, or by the other side's name or domain among the speaker's own invitations.
 * @param folded compares names and domains the way people type them; the same for the text and for what it is compared with.
 */
export const findInvitations = (ports: Ports) => async ({ by, text, folded }: { by: Speaker; text: string; folded: (text: string) => string }): Promise<Found> => {
  const show = async (reference: string): Promise<Found> => {
    const view = await showInvitation(ports)({ by, reference });
    return view ? { is: 'one', view } : { is: 'none' };
  };
  const isOurs = isPartner(ports, by.tenant);
  if (isReferenceCode(text)) {
    const draft = isOurs ? await openDraft(ports)({ by, reference: asReferenceCode(text) }) : undefined;
    return draft ? { is: 'draft', view: draft } : show(text);
  }

  const person = await personNow(ports, by);
  if (isOurs ? !mayUsePartnerCommands(person) : person !== 'unknown' && person.isGuest) return { is: 'none' };
  const mine = await ports.ledger.invitationsOf(isOurs ? { partner: by.tenant } : { customer: by.tenant }, 'all', 200);
  const wanted = folded(text);
  const matches = wanted === '' ? [] : mine.filter(({ customer, partner }) => {
    const other = isOurs ? customer : partner;
    return folded(other.name).startsWith(wanted) || folded(other.domain).startsWith(wanted);
  });
  const [first, second] = matches;
  if (!first) return { is: 'none' };
  return second ? { is: 'several', invitations: matches.slice(0, 10) } : show(first.reference);
};
