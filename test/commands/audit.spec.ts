import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { verifyChain } from '../../src/ledger/audit.js';
import { CONTOSO, NORTHWIND } from '../helpers/builders.js';
import { deniz, elif, openHouse, type House } from './house.js';

describe('what is kept of an invitation for ever', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const declined = async () => {
    const id = await house.delivered();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined', reason: 'notNow', comment: 'Bütçe' });
    return house.ledger.history(id);
  };

  it('is a chain of what happened, by whom, and with which reason', async () => {
    const chain = await declined();

    assert.deepEqual(chain.map(({ event, names }) => [event, names['by']]), [
      ['InvitationDrafted', elif.name], ['InvitationSent', elif.name], ['InvitationDelivered', undefined], ['InvitationDeclined', deniz.name],
    ]);
    assert.equal(verifyChain(chain).is, 'whole');
    assert.deepEqual([chain.at(-1)?.names['reason'], chain.at(-1)?.names['comment']], ['notNow', 'Bütçe']);
  });

  it('holds names and free text beside the hash, not in it', async () => {
    const bodies = JSON.stringify((await declined()).map(({ body }) => body));

    for (const text of ['Bütçe', 'notNow', 'Azure backup', elif.name, deniz.name, 'Contoso', 'Fabrikam', 'elif@']) assert(!bodies.includes(text), text);
  });

  it('names the first link that somebody changed', async () => {
    const chain = await declined();

    const forged = chain.map((record) => (record.seq === 2 ? { ...record, body: record.body.replace(CONTOSO, NORTHWIND) } : record));

    const found = verifyChain(forged);
    assert.deepEqual([found.is, 'seq' in found && found.seq], ['broken', 2]);
  });

  it('names every rule behind a refused answer, with its code', async () => {
    const id = await house.delivered();
    house.is(deniz, { roles: ['user'] });
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });

    const last = (await house.ledger.history(id)).at(-1);
    assert.equal(last?.event, 'AnswerRefused');
    assert.match(last?.body ?? '', /MP-13 APPROVER_NOT_GLOBAL_ADMIN/);
  });
});
