/** What was found when somebody named an invitation, or named none. */
import type { Found } from '../commands/find-invitations.js';
import type { HandedOverView, PreviewView } from '../commands/views.js';
import { choice } from './cards/pending.js';
import { stateName } from './cards/state-name.js';
import { shown } from './cards/text.js';
import { waitForGoAhead } from './dialogs/invite-customer.js';
import { say, showInvitationCard, showRefusals, showView, type Turn } from './house.js';

/** @param before a sentence before the card @param which what the choice asks where several were found */
export const tellFound = async (turn: Turn, found: Found, about: string, { before, which }: { readonly before?: string | undefined; readonly which?: string } = {}): Promise<string> => {
  const { commands, speaker, pen } = turn;
  const { words } = pen;
  if (found.is === 'none') {
    const nothing = words.answers.notFound(shown(about));
    await say(turn, nothing);
    return nothing;
  }
  if (found.is === 'several') {
    const drawn = choice(found.invitations, commands.sideOf(speaker), pen, which);
    await say(turn, drawn);
    return drawn.summary;
  }
  if (found.is === 'draft') return showDraft(turn, found.view);
  if (before) await say(turn, before);
  await showInvitationCard(turn, found.view);
  return stateName(found.view.invitation, words);
};

/** "send" is for one's own draft; what was handed over has its button. */
const showDraft = async (turn: Turn, view: PreviewView | HandedOverView): Promise<string> => {
  const { invitation } = view.view === 'preview' ? view : view.preview;
  const activity = await showView(turn, view);
  if (!invitation.handedTo) {
    turn.talk.draft = { id: invitation.id, customer: invitation.customer.name, activity };
    waitForGoAhead(turn);
  }
  return turn.pen.words.states.draft;
};

export const showPending = async (turn: Turn): Promise<string> => {
  const view = await turn.commands.pending(turn.speaker);
  await (view.view === 'refusal' ? showRefusals(turn, view) : showView(turn, view));
  return turn.pen.words.pending.summary;
};
