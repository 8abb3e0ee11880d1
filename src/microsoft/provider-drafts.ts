import type { AuthorityRefusal, RelationshipAuthority } from '../commands/ports.js';
import type { Accounts } from './accounts.js';
import { isDone, readAs } from './answers.js';
import type { Asking, Caller } from './caller.js';
import { isConsentPending, relationshipShape, requestShape } from './delegated-admin-wire.js';
import { graphItems } from './pages.js';
import { refusedAs, refusedByGraph } from './refusals.js';

/** Without it Graph writes `reject` as an unknown value. */
const headers = { prefer: 'include-unknown-enum-members' };
type Word = Parameters<RelationshipAuthority['answerProviderDraft']>[2];
const notAReseller: AuthorityRefusal = { refused: { code: 'GDAP_WRONG_STATE', serviceCode: '', correlationId: '' } };

/**
 * What an indirect provider prepared for its reseller. The path is the one on which requests are locked and ended, so the
 * relationship is read first: an answer leaves only for a draft that waits for exactly this partner.
 */
export const createProviderDrafts = (call: Caller, { of, graph }: Accounts): Pick<RelationshipAuthority, 'answerProviderDraft'> => {
  /** Whether that answer has counted: it is among the requests, or the draft that was not wanted is gone. */
  const stands = async (about: Asking, answer: Word): Promise<boolean> => {
    let isGone = false;
    const requests = await graphItems(call, 'listRequests', { ...about, headers }, requestShape, ({ status }) => (isGone = status === 404));
    return isGone ? answer === 'reject' : requests.some(({ action, status }) => action === answer && status !== 'failed');
  };

  return {
    answerProviderDraft: async (partner, relationship, answer) => {
      if (of(partner).type !== 'indirectReseller') return notAReseller;
      const about = { ...graph(partner), params: { relationship } };
      const standing = await call('getDelegatedAdmin', about);
      const isWaiting = standing.status !== 404 && isConsentPending(readAs(relationshipShape, 'getDelegatedAdmin', standing));
      if (!isWaiting) return (await stands(about, answer)) ? 'asked' : refusedAs('GDAP_WRONG_STATE', standing);
      const answered = await call('answerProviderDraft', { ...about, headers, body: { action: answer } }).catch(async (unheard: unknown) => {
        // It may have counted: that is looked up before anybody is told that it did not. Unread, it stays unknown.
        if (await stands(about, answer).catch(() => false)) return 'asked' as const;
        throw unheard;
      });
      if (answered === 'asked' || isDone(answered)) return 'asked';
      // Somebody was quicker, perhaps we ourselves.
      if (answered.status === 409 && (await stands(about, answer))) return 'asked';
      return refusedByGraph({ 404: 'GDAP_WRONG_STATE', 409: 'GDAP_WRONG_STATE' }, answered);
    },
  };
};
