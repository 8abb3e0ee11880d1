/** In a channel or a group chat: one short public line. What concerns a company goes to the personal chat of whoever asked. */
import type { View } from '../commands/views.js';
import type { Speaker } from '../commands/gather.js';
import type { Commands } from './house.js';
import { recognise, type Wish } from './recogniser.js';
import type { Words } from './words/index.js';

const viewFor = async (wish: Wish, speaker: Speaker, commands: Commands): Promise<View | undefined> => {
  switch (wish.intent) {
    case 'pending': return commands.pending(speaker);
    case 'partners': return commands.partners(speaker);
    case 'customers': return commands.customers({ by: speaker, search: wish.search, only: wish.only });
    case 'status': {
      const found = wish.about === '' ? undefined : await commands.find({ by: speaker, text: wish.about });
      return found?.is === 'one' ? found.view : undefined;
    }
    default: return undefined;
  }
};

/** @returns what everybody there may read. */
export const answerInGroup = async (text: string, speaker: Speaker | undefined, commands: Commands, { answers, explain }: Words): Promise<string> => {
  const wish = recognise(text);
  if (wish.intent === 'explain' && wish.topic === 'nothingChanges') return speaker && commands.sideOf(speaker) === 'partner' ? explain.theirs.lead : explain.lead;
  const view = speaker && (await viewFor(wish, speaker, commands));
  return view && (await commands.privately(speaker, view)) ? answers.personalOnly : answers.groupHint;
};
