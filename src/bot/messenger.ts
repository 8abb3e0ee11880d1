import type { Acquaintance, CardCopy, Messenger } from '../commands/ports.js';
import type { View } from '../commands/views.js';
import type { Channel } from './channel/channel.js';
import { drawView, messageOf, penFor, type Studio } from './draw-view.js';

/** Draws a view in the reader's own language and hands it to Teams, outside any turn. */
export const createMessenger = (channel: Pick<Channel, 'send' | 'update'>, studio: Studio): Messenger => {
  const drawn = (to: Acquaintance, view: View) => ({ ...messageOf(drawView(view, penFor(to, studio), studio), view.view === 'request' || view.view === 'notice'), locale: to.language });
  return {
    send: (to, view) => channel.send(to, drawn(to, view)),
    update: (to, copy: CardCopy, view) => channel.update({ ...to, conversation: copy.conversation }, copy.activity, drawn(to, view)),
  };
};
