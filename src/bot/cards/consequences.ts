import type { ConsequencesView } from '../../commands/views.js';
import { draw, type Drawn, type Pen } from './card.js';
import { rolesInWords } from './asks.js';
import { few, shown } from './text.js';

/** Everything that follows, before it does; and the name to type, so that nobody ends anything by a slip. */
export const consequences = (view: ConsequencesView, pen: Pen): Drawn => {
  const { words: { ending, news }, dates } = pen;
  const isAccess = view.act === 'removeAccess';
  const [partner, customer] = [shown(view.partner.name), shown(view.customer.name)];
  const other = view.side === 'partner' ? view.customer : view.partner;
  const asksPartner = view.side === 'customer' && !isAccess;
  const canConfirm = view.stands === 'ready' || (asksPartner && view.stands === 'blocked');
  // What follows is told of an act that can be done; the other act has a card of its own.
  const isNothing = view.stands === 'nothing';
  const notes = [
    ...(view.stands === 'asked' ? [ending.asked] : []), ...(view.stands === 'handed' ? [ending.handed] : []), ...(isNothing ? [ending.nothing[view.act](shown(other.name))] : []),
    ...(view.typedWrong ? [ending.typedWrong] : []), ...(asksPartner && canConfirm ? [ending.customerAsks] : []),
  ];
  const title = isAccess ? (view.side === 'customer' ? ending.removeTitle(partner) : ending.removeOwnTitle(customer)) : ending.endTitle(partner, customer);
  return draw('consequences', pen, ending.summary, {
    title, hasNotes: notes.length > 0, notes, notesStyle: view.typedWrong ? 'attention' : 'accent',
    hasConsequences: !isNothing, hasGrants: !isNothing && view.grants.length > 0, grantsTitle: ending.grants,
    grants: few(view.grants.flatMap(({ kind, roles = [], until }) => [`**${news.what[kind]}**${until ? ` (${dates.day(until)})` : ''}`, ...rolesInWords(roles, pen)]), 20),
    happensTitle: ending.happens, happens: (isAccess ? ending.removeHappens : ending.endHappens)[view.side],
    staysTitle: ending.stays, stays: (isAccess ? ending.removeStays : ending.endStays)[view.side],
    hasBlockers: !isNothing && view.blockers.length > 0, blockersTitle: ending.blockers, notByBot: [ending.notByBot, ...(view.transferable ? [ending.transferable(view.transferable)] : [])].join(' '),
    blockers: few(view.blockers.map(({ code, name, until }) => `${ending.blocker(shown(name), until ? dates.day(until) : '')} (${ending.blockerWhy[code] ?? code})`)),
    canConfirm, typeName: ending.typeName(`**${shown(other.name)}**`), typeLabel: ending.typeLabel, other: other.tenant,
    confirm: isAccess ? ending.removeDo : asksPartner ? ending.askDo : ending.endDo, confirmVerb: isAccess ? 'remove-access' : 'end-relationship', cancel: pen.words.buttons.cancel,
  });
};
