import type { Over } from '../../commands/views.js';
import { halvesOf, type Invitation } from '../../domain/invitation.js';
import type { Dates } from '../words/dates.js';
import type { Words } from '../words/index.js';

/** Nothing of what the invitation brought stands any more. */
export const isAllOver = ({ invitation, over }: { readonly invitation: Invitation; readonly over?: Over | undefined }): boolean =>
  over !== undefined && halvesOf(invitation.asks).every((half) => over[half]);

export const overLines = (over: Over | undefined, words: Words, dates: Dates): readonly string[] =>
  (['sell', 'manage'] as const).flatMap((half) => { const at = over?.[half]; return at ? [words.over.half[half](dates.moment(at))] : []; });
