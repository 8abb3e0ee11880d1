import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { forwardRequest } from '../../src/commands/forward-request.js';
import { markOpened } from '../../src/commands/mark-opened.js';
import { receiptOf, type Receipt } from '../../src/commands/receipt.js';
import { remindCustomer } from '../../src/commands/remind-customer.js';
import type { InvitationId } from '../../src/domain/ids.js';
import { troubleIn } from '../../src/ledger/verify-receipt.js';
import { anAdmin, CAN, inDays } from '../helpers/builders.js';
import { ada, can, deniz, elif, nil, openHouse, type House } from './house.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the receipt of a request', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const aLife = async (isReasonShared = true): Promise<InvitationId> => {
    const id = await house.delivered();
    await markOpened(house.ports)({ by: deniz, id });
    house.directory.deciders.resolves([anAdmin({ id: CAN, name: can.name })]);
    await forwardRequest(house.ports)({ by: deniz, id, to: CAN });
    house.time.now = inDays(3);
    await remindCustomer(house.ports).remind({ by: elif, id });
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined', reason: 'tooMuchAccess', comment: 'Too much', isReasonShared });
    return id;
  };
  const take = async (id: InvitationId, by = elif): Promise<Receipt> => await receiptOf(house.ports)({ by, id }) ?? assert.fail();
  const readable = ({ chain }: Receipt) => chain.flatMap((link) => ('body' in link ? [link] : []));
  const eventsIn = (receipt: Receipt) => readable(receipt).map(({ body }) => (JSON.parse(body) as { event: string }).event);

  it('says what was asked, by whom, and how it ended', async () => {
    const id = await aLife();
    const { reference } = await house.ledger.invitation(id) ?? assert.fail();

    const { chain: _chain, head: _head, ...said } = await take(id);

    assert.deepEqual(said, { receipt: 'partner-invitations/1', reference, side: 'partner', partner: 'Fabrikam', customer: 'Contoso', asks: ['sell'], state: 'declined' });
  });

  for (const by of [elif, deniz]) {
    it(`of ${by.name} can be checked without this product: every link hashes the one before it, and ends in the head`, async () => {
      const { chain, head } = await take(await aLife(), by);

      let previous = '';
      for (const [at, link] of chain.entries()) {
        assert.deepEqual([link.seq, link.previous], [at + 1, previous]);
        if ('body' in link) {
          assert.equal(link.hash, sha256(`${previous}\n${link.body}`));
          const { nameHashes } = JSON.parse(link.body) as { nameHashes: Record<string, string> };
          for (const [field, name] of Object.entries(link.names)) assert.equal(nameHashes[field], sha256((link.salts[field] ?? '') + name), field);
        }
        previous = link.hash;
      }
      assert.equal(previous, head);
    });
  }

  it('is found whole by the checker that comes with the product, and broken when a word of it was changed', async () => {
    const receipt = await take(await aLife());
    assert.equal(troubleIn(receipt), undefined);

    const text = JSON.stringify(receipt);
    for (const [what, forged] of [
      ['a name', text.replace(deniz.name, 'Somebody')], ['a fact', text.replace('InvitationDelivered', 'InvitationApproved')], ['a link', JSON.stringify({ ...receipt, chain: receipt.chain.slice(1) })],
      ['the end', JSON.stringify({ ...receipt, chain: receipt.chain.slice(0, -1) })],
    ] as const) {
      assert.notEqual(forged, text, what);
      assert.notEqual(troubleIn(JSON.parse(forged)), undefined, what);
    }
  });

  it('holds the other side’s links as their hash, and not a word of them', async () => {
    const id = await aLife();
    const [ours, theirs] = [await take(id, elif), await take(id, deniz)];

    assert.deepEqual(eventsIn(ours), ['InvitationDrafted', 'InvitationSent', 'InvitationDelivered', 'CustomerReminded', 'InvitationDeclined', 'HistoryExported']);
    assert.deepEqual(eventsIn(theirs), ['InvitationSent', 'InvitationDelivered', 'InvitationOpened', 'InvitationForwarded', 'InvitationDeclined', 'HistoryExported']);
    for (const { chain } of [ours, theirs]) for (const link of chain) if (!('body' in link)) assert.deepEqual(Object.keys(link).sort(), ['hash', 'previous', 'seq']);
    for (const secret of [can.name, CAN, 'Forwarded', 'Opened']) assert(!JSON.stringify(ours).includes(secret), secret);
    for (const secret of ['Drafted', 'Reminded']) assert(!JSON.stringify(theirs).includes(secret), secret);
  });

  it('keeps the customer’s reason where it wished so, with its salt, and stays whole', async () => {
    const id = await aLife(false);

    const [ours, theirs] = [await take(id, elif), await take(id, deniz)];

    const declined = (receipt: Receipt) => readable(receipt).find(({ body }) => body.includes('"InvitationDeclined"')) ?? assert.fail();
    assert.deepEqual([Object.keys(declined(ours).names), Object.keys(declined(ours).salts)], [['by'], ['by']]);
    assert.deepEqual([declined(theirs).names['comment'], declined(theirs).names['reason']], ['Too much', 'tooMuchAccess']);
    assert.doesNotMatch(JSON.stringify(ours), /Too much|tooMuchAccess/);
    for (const receipt of [ours, theirs]) assert.equal(troubleIn(receipt), undefined);
  });

  it('tells the reason where the customer shared it', async () => {
    assert.match(JSON.stringify(await take(await aLife())), /Too much/);
  });

  it('names no administrator to the partner before one has answered, be it one who took a receipt', async () => {
    const id = await house.delivered();
    await take(id, deniz);

    const seen = JSON.stringify(await take(id, elif));

    for (const secret of [deniz.name, deniz.person]) assert(!seen.includes(secret), secret);
  });

  it('is itself written down', async () => {
    const id = await house.delivered();
    const receipt = await take(id);

    const last = (await house.ledger.history(id)).at(-1);
    assert.deepEqual([last?.event, last?.names['by'], last?.hash], ['HistoryExported', elif.name, receipt.head]);
  });

  it('is for those who may read the record, and leaves no trace of anybody else', async () => {
    const id = await house.delivered();
    const before = await house.eventsOf(id);
    house.is(deniz, { roles: ['user'] });

    for (const by of [nil, ada, deniz]) assert.equal(await receiptOf(house.ports)({ by, id }), undefined, by.name);

    assert.deepEqual(await house.eventsOf(id), before);
  });
});
