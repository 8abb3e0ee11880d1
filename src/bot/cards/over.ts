import type { Over, StatusView } from '../../commands/views.js';
import { halvesOf, type Invitation } from '../../domain/invitation.js';
import type { Dates } from '../words/dates.js';
import type { Words } from '../words/index.js';
import { shown } from './text.js';

/** Nothing of what the invitation brought stands any more. */
export const isAllOver = ({ invitation, over }: { readonly invitation: Invitation; readonly over?: Over | undefined }): boolean =>
  over !== undefined && halvesOf(invitation.asks).every((half) => over[half]);

type Ending = Pick<StatusView, 'over' | 'endedBy' | 'endAsked'> & { readonly invitation: Pick<Invitation, 'partner' | 'customer'> };

export const overLines = ({ over, endedBy, endAsked, invitation }: Ending, { over: say }: Words, dates: Dates): readonly string[] =>
  (['sell', 'manage'] as const).flatMap((half) => {
    const at = over?.[half];
    const who = endedBy?.[half];
    const by = who === undefined ? '' : typeof who === 'string' ? say.by[who] : say.byWish(shown(who.name), who.side ? shown(invitation[who.side].name) : '');
    const wish = endAsked?.[half];
    if (!at && wish) return [say.asked[half](shown(wish.by), dates.moment(wish.at))];
    return at ? [[say.half[half](dates.moment(at)), by].filter(Boolean).join(' · ')] : [];
  });

/** The reference, and in whose place it stands. */
export const referenceLine = ({ invitation, replaces }: Pick<StatusView, 'invitation' | 'replaces'>, { request, waiting }: Words): string =>
  [request.reference(invitation.reference), ...(replaces ? [(replaces.isSmaller ? waiting.replacesAsSmaller : waiting.replaces)(replaces.reference)] : [])].join(' · ');
