import assert from 'node:assert/strict';
import { answerDraft } from '../../src/commands/answer-draft.js';
import type { Speaker } from '../../src/commands/gather.js';
import { AuthorityUnavailableError, SignInNeededError } from '../../src/commands/ports.js';
import { watchRelationships } from '../../src/commands/watch-relationships.js';
import type { DelegatedAdmin } from '../../src/domain/delegated-admin.js';
import { aDelegatedAdmin, aRelationshipId, FABRIKAM, NORTHWIND } from '../helpers/builders.js';
import { ada, elif, nil, openHouse, type House } from './house.js';

const relationship = aRelationshipId(71);
const chain = `draft/${FABRIKAM}/${relationship}`;
/** As Microsoft shows it when it waits for the customer only. */
const answered = aDelegatedAdmin({ id: relationship, status: 'approvalPending', since: '', until: '', preparedBy: NORTHWIND });
const waiting = { ...answered, needsOurConsent: true } as const;

describe('what a provider prepared for its reseller', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
    await house.meets(elif, ada, nil);
    shows(waiting);
    house.is(ada, { roles: ['adminAgent'] });
  });
  afterEach(() => house.leave());

  const shows = (...drafts: readonly DelegatedAdmin[]): void => void house.authority.listDelegatedAdmin.withArgs(FABRIKAM).resolves(drafts);
  const answers = (by: Speaker, answer: 'approve' | 'reject') => answerDraft(house.ports)({ by, relationship, answer });

  it('is brought to the reseller’s people once, and to nobody else', async () => {
    await watchRelationships(house.ports).watchAll();
    await watchRelationships(house.ports).watchAll();
    await house.runsErrands();

    const news = [elif, ada].map((one) => house.sentTo(one).filter((view) => view.view === 'news'));
    assert.deepEqual(news.map((views) => views.map((view) => view.view === 'news' && view.subject)), [['providerDraft'], ['providerDraft']]);
    assert.deepEqual(house.sentTo(nil), []);
    assert.deepEqual(await house.ledger.grants({ partner: FABRIKAM }), [], 'nothing stands before the customer accepts');
  });

  it('is answered by an Admin agent, and written down', async () => {
    assert.deepEqual(await answers(ada, 'approve'), { is: 'asked' });

    assert.deepEqual(house.authority.answerProviderDraft.args, [[FABRIKAM, relationship, 'approve']]);
    assert.deepEqual(await house.eventsOf(chain), ['DraftAnswerAsked', 'DraftAnswered']);
  });

  it('is not answered by a sales agent', async () => {
    const outcome = await answers(elif, 'reject');

    assert(outcome.is === 'refused');
    assert.equal(outcome.refusals[0].code, 'GDAP_NEEDS_ADMIN_AGENT');
    assert.equal(house.authority.answerProviderDraft.callCount, 0);
  });

  it('is not there for another partner, nor once it was answered elsewhere', async () => {
    assert.deepEqual(await answers(nil, 'approve'), { is: 'notFound' });
    for (const drafts of [[aDelegatedAdmin({ id: relationship })], [answered], []]) {
      shows(...drafts);
      assert.deepEqual(await answers(ada, 'reject'), { is: 'notFound' });
    }
    assert.equal(house.authority.answerProviderDraft.callCount, 0);
  });

  it('is not asked again once it counts: whoever presses then hears who answered what', async () => {
    await answers(ada, 'approve');
    shows(answered);

    assert.equal((await answers(elif, 'reject')).is, 'refused', 'who may not answer hears nothing of it');
    house.is(elif, { roles: ['adminAgent'] });
    for (const [by, answer] of [[ada, 'approve'], [elif, 'reject']] as const) assert.deepEqual(await answers(by, answer), { is: 'answered', answer: 'approve', by: ada.name });

    assert.equal(house.authority.answerProviderDraft.callCount, 1);
    assert.deepEqual(await house.eventsOf(chain), ['DraftAnswerAsked', 'DraftAnswered']);
  });

  for (const [answer, then] of [['approve', [answered]], ['reject', []]] as const) {
    it(`is looked up when nobody heard whether ${answer} counts, also when the draft is gone, and written down once`, async () => {
      house.authority.answerProviderDraft.onFirstCall().rejects(new AuthorityUnavailableError('answerProviderDraft'));
      assert.deepEqual(await answers(ada, answer), { is: 'unheard' });
      assert.deepEqual(await house.eventsOf(chain), ['DraftAnswerAsked']);
      shows(...then);

      assert.deepEqual(await answers(ada, answer), { is: 'asked' });
      assert.deepEqual(await answers(ada, answer), { is: 'answered', answer, by: ada.name });

      assert.deepEqual(house.authority.answerProviderDraft.args, [[FABRIKAM, relationship, answer], [FABRIKAM, relationship, answer]]);
      assert.deepEqual(await house.eventsOf(chain), ['DraftAnswerAsked', 'DraftAnswered']);
    });
  }

  it('keeps the first answer when it counts and somebody else presses the other button', async () => {
    house.authority.answerProviderDraft.onFirstCall().rejects(new AuthorityUnavailableError('answerProviderDraft'));
    await answers(ada, 'approve');
    shows(answered);
    house.is(elif, { roles: ['adminAgent'] });

    assert.deepEqual(await answers(elif, 'reject'), { is: 'answered', answer: 'approve', by: ada.name });

    assert.deepEqual(house.authority.answerProviderDraft.args.map(([, , word]) => word), ['approve', 'approve']);
    assert.deepEqual((await house.ledger.history(chain)).map(({ names }) => names['by']), [ada.name, ada.name]);
  });

  it('takes the other answer while it still waits, and asks for a sign-in where that is missing', async () => {
    house.authority.answerProviderDraft.onFirstCall().rejects(new SignInNeededError('token'));
    await assert.rejects(answers(ada, 'approve'), SignInNeededError);

    assert.deepEqual(await answers(ada, 'reject'), { is: 'asked' });
    assert.deepEqual(await answers(ada, 'approve'), { is: 'answered', answer: 'reject', by: ada.name });
  });

  it('keeps Microsoft’s own no, with its code', async () => {
    house.authority.answerProviderDraft.resolves({ refused: { code: 'GDAP_WRONG_STATE', serviceCode: 'Conflict', correlationId: 'c' } });

    const outcome = await answers(ada, 'approve');

    assert(outcome.is === 'refused');
    assert.equal(outcome.refusals[0].code, 'GDAP_WRONG_STATE');
  });
});
