import type { AuthorityRefusal, RelationshipAuthority } from '../commands/ports.js';
import type { Accounts } from './accounts.js';
import { isDone, readAs } from './answers.js';
import type { Caller } from './caller.js';
import { isConsentPending, relationshipShape } from './delegated-admin-wire.js';
import { refusedAs, refusedByGraph } from './refusals.js';

/** Without it Graph writes `reject` as an unknown value. */
const headers = { prefer: 'include-unknown-enum-members' };
const notAReseller: AuthorityRefusal = { refused: { code: 'GDAP_WRONG_STATE', serviceCode: '', correlationId: '' } };

/**
 * What an indirect provider prepared for its reseller. The path is the one on which requests are locked and ended, so the
 * relationship is read first: an answer leaves only for a draft that waits for exactly this partner.
 */
export const createProviderDrafts = (call: Caller, { of, graph }: Accounts): Pick<RelationshipAuthority, 'answerProviderDraft'> => ({
  answerProviderDraft: async (partner, relationship, answer) => {
    if (of(partner).type !== 'indirectReseller') return notAReseller;
    const about = { ...graph(partner), params: { relationship } };
    const standing = await call('getDelegatedAdmin', about);
    if (standing.status === 404) return refusedAs('GDAP_WRONG_STATE', standing);
    if (!isConsentPending(readAs(relationshipShape, 'getDelegatedAdmin', standing))) return refusedAs('GDAP_WRONG_STATE', standing);
    const answered = await call('answerProviderDraft', { ...about, headers, body: { action: answer } });
    return isDone(answered) ? 'asked' : refusedByGraph({ 404: 'GDAP_WRONG_STATE', 409: 'GDAP_WRONG_STATE' }, answered);
  },
});
