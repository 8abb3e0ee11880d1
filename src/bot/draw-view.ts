import type { Activity } from 'botbuilder';
import type { Acquaintance } from '../commands/ports.js';
import type { View } from '../commands/views.js';
import { unreachable } from '../domain/invitation.js';
import type { Drawn, OwnPages, Pen } from './cards/card.js';
import { consequences } from './cards/consequences.js';
import { customers } from './cards/customers.js';
import { history } from './cards/history.js';
import { rulesChanged } from './cards/refusal.js';
import { news } from './cards/news.js';
import { invitationPreview } from './cards/invitation-preview.js';
import { invitationStatus } from './cards/invitation-status.js';
import { ownCustomers, partnersOfCustomer } from './cards/my-partners.js';
import { notice } from './notice.js';
import { draftClosed, noSuchTenant, signInNeeded, welcome } from './cards/page.js';
import { partnerRequest } from './cards/partner-request.js';
import { pending } from './cards/pending.js';
import { refusal } from './cards/refusal.js';
import { clean, plainly, shown } from './cards/text.js';
import { datesFor } from './words/dates.js';
import { wordsIn } from './words/index.js';

export type Studio = {
  readonly isTrial: boolean;
  readonly installUrl: string;
  /** Business time. */
  readonly now: () => Date;
  readonly ownPages?: ((language: Acquaintance['language']) => OwnPages) | undefined;
};

export const penFor = ({ language, timeZone }: Pick<Acquaintance, 'language' | 'timeZone'>, { isTrial, now, ownPages }: Studio): Pen => ({
  words: wordsIn(language), dates: datesFor(language, timeZone), isTrial, now, ...(ownPages && { ownPages: ownPages(language) }),
});

/** A view as a card, or as a sentence where a card would be too much. */
export const drawView = (view: View, pen: Pen, { installUrl }: Studio): Drawn | string => {
  switch (view.view) {
    case 'welcome': return welcome(view, pen);
    case 'preview': return invitationPreview(view, pen);
    case 'handedOver': return invitationPreview(view.preview, pen, { from: view.from });
    case 'draftClosed': return draftClosed(view, pen);
    case 'customers': return customers(view, pen.now(), pen);
    case 'consequences': return consequences(view, pen);
    case 'news': return news(view, pen);
    case 'rulesChanged': return rulesChanged(view, pen);
    case 'signIn': return signInNeeded(view, pen);
    case 'history': return history(view, pen);
    case 'status': return invitationStatus(view, pen, installUrl);
    case 'request': return partnerRequest(view, pen);
    case 'partners': return partnersOfCustomer(view, pen);
    case 'ownCustomers': return ownCustomers(view, pen);
    case 'pending': return pending(view, pen);
    case 'refusal': return refusal(view.refusals, pen);
    case 'notice': return notice(view, pen);
    case 'noSuchTenant': return noSuchTenant(view, pen);
    case 'gaveUp':
      if (view.needsSignIn) return pen.words.answers.gaveUpWaiting(shown(view.about));
      if (view.isDraftOver) return pen.words.answers.draftIsOver(shown(view.about));
      if (view.wish !== 'invite' && view.wish !== 'send') return pen.words.ending.gaveUp[view.wish];
      return view.wish === 'invite' ? pen.words.answers.gaveUpInvite(shown(view.about)) : pen.words.answers.gaveUpSend(shown(view.about));
    default: return unreachable(view);
  }
};

export const cardAttachment = ({ card }: Drawn) => ({ contentType: 'application/vnd.microsoft.card.adaptive', content: card });

/** One activity per view: Teams splits text and card in one, and such a message can never be updated. */
export const messageOf = (drawn: Drawn | string, needsAttention = false): Partial<Activity> => {
  const notification = needsAttention ? { channelData: { notification: { alert: true } } } : {};
  return typeof drawn === 'string'
    ? { type: 'message', text: drawn, textFormat: 'markdown', summary: clean(plainly(drawn), 150), ...notification }
    : { type: 'message', summary: drawn.summary, attachments: [cardAttachment(drawn)], ...notification };
};
