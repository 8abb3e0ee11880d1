import type { Answered } from '../../domain/invitation.js';
import type { Words } from '../words/index.js';
import { shown } from './text.js';

/** The reason that was chosen and the note that was written, whichever there is; empty without either. */
export const whyDeclined = (answer: Answered | undefined, { status, managing, declineReasons }: Words): string => {
  const note = shown(answer?.comment ?? '', 300);
  return answer?.reason ? status.reasonGiven([declineReasons[answer.reason], note].filter(Boolean).join(': ')) : note && managing.note(note);
};
