import { missingHalves, type Invitation } from '../../domain/invitation.js';
import type { Words } from '../words/index.js';

/** Two steps may be left at Microsoft after an approval: a state alone does not know how many. */
export const stateName = (invitation: Invitation, { states, managing }: Pick<Words, 'states' | 'managing'>): string =>
  (invitation.state === 'awaitingAuthority' && missingHalves(invitation).length > 1 ? managing.approvedTwoLeft : states[invitation.state]);
