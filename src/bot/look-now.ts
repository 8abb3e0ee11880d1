import type { RequestView, StatusView } from '../commands/views.js';
import type { Turn } from './house.js';

/** Somebody says that the step at Microsoft is done: looks at once instead of at the next round. `nothing`: what to say where nothing has come of it yet. */
export const lookNow = async ({ commands, speaker, pen: { words } }: Turn, before: RequestView | StatusView): Promise<{ readonly view: RequestView | StatusView; readonly nothing?: string }> => {
  const looked = await commands.lookNow(before.invitation);
  const view = (await commands.byId(before.invitation.id, speaker)) ?? before;
  const { state, version } = view.invitation;
  const isSame = state === 'awaitingAuthority' && version === before.invitation.version;
  return { view, ...(isSame && { nothing: looked === 'late' ? words.answers.microsoftIsSlow : words.answers.notYet }) };
};
