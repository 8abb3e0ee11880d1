import assert from 'node:assert/strict';
import { answerDraft } from '../../src/commands/answer-draft.js';
import { AuthorityUnavailableError } from '../../src/commands/ports.js';
import { watchRelationships } from '../../src/commands/watch-relationships.js';
import { aDelegatedAdmin, aRelationshipId, FABRIKAM, NORTHWIND } from '../helpers/builders.js';
import { ada, elif, nil, openHouse, type House } from './house.js';

const relationship = aRelationshipId(71);

describe('what a provider prepared for its reseller', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
    await house.meets(elif, ada, nil);
    house.authority.listDelegatedAdmin.withArgs(FABRIKAM).resolves([aDelegatedAdmin({ id: relationship, status: 'approvalPending', since: '', until: '', needsOurConsent: true, preparedBy: NORTHWIND })]);
    house.is(ada, { roles: ['adminAgent'] });
  });
  afterEach(() => house.leave());

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
    assert.deepEqual(await answerDraft(house.ports)({ by: ada, relationship, answer: 'approve' }), { is: 'asked' });

    assert.deepEqual(house.authority.answerProviderDraft.args, [[FABRIKAM, relationship, 'approve']]);
    assert.deepEqual(await house.eventsOf(`between/${FABRIKAM}/${aDelegatedAdmin().customer}`), ['DraftAnswered']);
  });

  it('is not answered by a sales agent', async () => {
    const outcome = await answerDraft(house.ports)({ by: elif, relationship, answer: 'reject' });

    assert(outcome.is === 'refused');
    assert.equal(outcome.refusals[0].code, 'GDAP_NEEDS_ADMIN_AGENT');
    assert.equal(house.authority.answerProviderDraft.callCount, 0);
  });

  it('is not there for another partner, nor once it was answered', async () => {
    assert.deepEqual(await answerDraft(house.ports)({ by: nil, relationship, answer: 'approve' }), { is: 'notFound' });
    house.authority.listDelegatedAdmin.withArgs(FABRIKAM).resolves([aDelegatedAdmin({ id: relationship })]);
    assert.deepEqual(await answerDraft(house.ports)({ by: ada, relationship, answer: 'approve' }), { is: 'notFound' });
  });

  it('counts as answered when Microsoft had heard a first try that nobody had an answer to, and is written down once', async () => {
    house.authority.answerProviderDraft.onFirstCall().rejects(new AuthorityUnavailableError('answerProviderDraft'));
    await assert.rejects(answerDraft(house.ports)({ by: ada, relationship, answer: 'approve' }), AuthorityUnavailableError);
    house.authority.listDelegatedAdmin.withArgs(FABRIKAM).resolves([aDelegatedAdmin({ id: relationship, status: 'approvalPending', since: '', until: '', preparedBy: NORTHWIND })]);

    assert.deepEqual(await answerDraft(house.ports)({ by: ada, relationship, answer: 'approve' }), { is: 'asked' });
    assert.deepEqual(await answerDraft(house.ports)({ by: ada, relationship, answer: 'approve' }), { is: 'notFound' });

    assert.deepEqual(await house.eventsOf(`between/${FABRIKAM}/${aDelegatedAdmin().customer}`), ['DraftAnswered']);
  });

  it('keeps Microsoft’s own no, with its code', async () => {
    house.authority.answerProviderDraft.resolves({ refused: { code: 'GDAP_WRONG_STATE', serviceCode: 'Conflict', correlationId: 'c' } });

    const outcome = await answerDraft(house.ports)({ by: ada, relationship, answer: 'approve' });

    assert(outcome.is === 'refused');
    assert.equal(outcome.refusals[0].code, 'GDAP_WRONG_STATE');
  });
});
