import type { PendingView } from '../../commands/views.js';
import { isOpen, type Invitation } from '../../domain/invitation.js';
import { draw, type Drawn, type Pen } from './card.js';
import { stateName } from './state-name.js';
import type { Words } from '../words/index.js';
import { plainly, shown } from './text.js';

const rowsOf = (invitations: readonly Invitation[], side: 'partner' | 'customer', { words, dates }: Pen) =>
  invitations.map((invitation) => {
    const state = standingOf(invitation, side, words);
    return {
      name: shown(side === 'partner' ? invitation.customer.name : invitation.partner.name),
      reference: invitation.reference,
      line: isOpen(invitation) ? words.pending.line(state, dates.day(invitation.expiresAt)) : state,
    };
  });

/** Whether anybody has the card concerns whoever sent it; to whoever reads the list at the customer it waits. */
const standingOf = (invitation: Invitation, side: 'partner' | 'customer', words: Words): string =>
  (invitation.state !== 'sent' ? stateName(invitation, words) : side === 'partner' && !invitation.openedAt ? words.pending.notDelivered : words.states.delivered);

const draftRows = (drafts: PendingView['handedOver'], { words: { managing } }: Pen) =>
  drafts.map(({ draft: { customer, reference, inviter, handedTo }, waitsForReader }) => ({
    name: shown(customer.name), reference, line: waitsForReader ? managing.finishTitle(shown(inviter.name)) : managing.waitsFor(shown(handedTo?.name ?? '')),
  }));

export const pending = ({ side, mayAnswer, invitations, handedOver, deciders }: PendingView, pen: Pen): Drawn => {
  const { pending: say, buttons } = pen.words;
  const count = invitations.length + handedOver.length;
  const nothing = side === 'partner' ? say.emptyPartner : say.emptyCustomer;
  const onlyAdmins = side === 'customer' && !mayAnswer && count > 0;
  return draw('pending', pen, say.summary, {
    title: side === 'partner' ? say.titlePartner(count) : say.titleCustomer(count),
    lines: [...(count === 0 ? [nothing] : []), ...(onlyAdmins ? [say.onlyAdmins] : []), ...(onlyAdmins && deciders.length > 0 ? [say.canDecide(pen.words.list(deciders.map((name) => shown(name))))] : [])],
    invitations: [...draftRows(handedOver, pen), ...rowsOf(invitations, side, pen)],
    open: buttons.open,
  });
};

/** More than one invitation fits what was asked: a short choice, never a guess. */
export const choice = (invitations: readonly Invitation[], side: 'partner' | 'customer', pen: Pen, title: string = pen.words.answers.several): Drawn =>
  draw('pending', pen, plainly(title), { title, lines: [], invitations: rowsOf(invitations, side, pen), open: pen.words.buttons.open });
