import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { assignAccess } from '../../src/commands/assign-access.js';
import { askAndAnswer } from '../../src/commands/ask-and-answer.js';
import { forwardRequest } from '../../src/commands/forward-request.js';
import { handOver } from '../../src/commands/hand-over.js';
import { markOpened } from '../../src/commands/mark-opened.js';
import { receiptOf } from '../../src/commands/receipt.js';
import { remindCustomer } from '../../src/commands/remind-customer.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { showHistory } from '../../src/commands/show-history.js';
import type { AuditRecord } from '../../src/commands/ports.js';
import type { InvitationId } from '../../src/domain/ids.js';
import { verifyChain } from '../../src/ledger/audit.js';
import { inDays } from '../helpers/builders.js';
import { ada, can, deniz, elif, nil, openHouse, toManage, type House } from './house.js';

const verify = (records: readonly AuditRecord[]) => {
  const verdict = verifyChain(records);
  return verdict.is === 'broken' ? { is: 'broken' as const, seq: verdict.seq } : { is: 'whole' as const };
};

describe('the record of a request', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const show = (id: InvitationId, by = elif) => showHistory(house.ports, verify)({ by, id });
  const eventsFor = async (id: InvitationId, by = elif) => (await show(id, by))?.lines.map(({ event }) => event);

  /** Handed over, sent, opened, asked about, forwarded, reminded, refused once and declined. */
  const aLife = async (isReasonShared = true): Promise<InvitationId> => {
    house.is(ada, { roles: ['adminAgent'] });
    house.directory.person.withArgs(can.tenant, can.person).resolves({ id: can.person, tenant: can.tenant, name: can.name, roles: ['user'], isGuest: false });
    await house.meets(elif, ada, deniz);
    const id = await house.drafted(elif, { manage: toManage });
    await handOver(house.ports).to({ by: elif, id, to: ada.person, note: 'Our note' });
    await sendInvitation(house.ports).now({ by: ada, id, reason: '', statedNotCsp: true });
    await house.runsErrands();
    await markOpened(house.ports)({ by: deniz, id });
    await askAndAnswer(house.ports)({ by: deniz, id, text: 'For how long?' });
    await forwardRequest(house.ports)({ by: can, id, to: deniz.person });
    house.directory.deciders.resolves([{ id: can.person, tenant: can.tenant, name: can.name, roles: ['globalAdmin'], isGuest: false }]);
    await forwardRequest(house.ports)({ by: deniz, id, to: can.person });
    house.time.now = inDays(3);
    await remindCustomer(house.ports).remind({ by: elif, id });
    await answerInvitation(house.ports)({ by: can, id, answer: 'approved' });
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined', reason: 'tooMuchAccess', comment: 'Too much', isReasonShared });
    return id;
  };

  it('shows each side its own part, and both what is between them', async () => {
    const id = await aLife();

    assert.deepEqual(await eventsFor(id, elif), ['InvitationDrafted', 'InvitationHandedOver', 'InvitationSent', 'InvitationDelivered', 'QuestionAsked', 'CustomerReminded', 'InvitationDeclined']);
    assert.deepEqual(await eventsFor(id, deniz), ['InvitationSent', 'InvitationDelivered', 'InvitationOpened', 'QuestionAsked', 'InvitationForwarded', 'AnswerRefused', 'InvitationDeclined']);
  });

  it('says who, when and with which words', async () => {
    const id = await aLife();

    const ours = await show(id) ?? assert.fail();
    const theirs = await show(id, deniz) ?? assert.fail();

    assert.deepEqual([ours.side, theirs.side, ours.chainHead === theirs.chainHead, ours.chainHead.length], ['partner', 'customer', true, 12]);
    const lineOf = (view: typeof ours, event: string) => view.lines.filter((line) => line.event === event).map(({ by, note }) => [by, note]);
    assert.deepEqual(lineOf(ours, 'InvitationHandedOver'), [[elif.name, 'Our note']]);
    assert.deepEqual([lineOf(ours, 'QuestionAsked'), lineOf(theirs, 'QuestionAsked')], [[[deniz.name, 'For how long?']], [[deniz.name, 'For how long?']]]);
    assert.deepEqual(lineOf(theirs, 'InvitationForwarded'), [[deniz.name, can.name]]);
    assert.deepEqual(lineOf(ours, 'InvitationDeclined'), [[deniz.name, 'Too much']]);
  });

  it('says nothing to one side of what the other keeps to itself', async () => {
    const id = await aLife(false);

    const [ours, theirs] = [JSON.stringify((await show(id))?.lines), JSON.stringify((await show(id, deniz))?.lines)];

    for (const secret of [can.name, 'Too much', 'tooMuchAccess']) assert(!ours.includes(secret), secret);
    for (const secret of ['Our note', 'HandedOver', 'Reminded']) assert(!theirs.includes(secret), secret);
    assert(theirs.includes('Too much'));
  });

  it('keeps to the partner what its own people were refused', async () => {
    const id = await house.deliveredToManage();
    house.shows({ manages: [await house.managed(id)] });
    const [group] = await house.authority.listSecurityGroups(ada.tenant);
    assert.equal((await assignAccess(house.ports)({ by: elif, id, group: group?.id ?? '' })).is, 'refused');

    const inReceipt = async (by: typeof elif) => (await receiptOf(house.ports)({ by, id }))?.chain.some((link) => 'body' in link && link.body.includes('ActRefused'));
    assert.deepEqual([(await eventsFor(id, ada))?.includes('ActRefused'), (await eventsFor(id, deniz))?.includes('ActRefused')], [true, false]);
    assert.deepEqual([await inReceipt(ada), await inReceipt(deniz)], [true, false]);
  });

  it('keeps to each side which of its people took a receipt', async () => {
    const id = await house.delivered();
    await receiptOf(house.ports)({ by: deniz, id });
    assert.deepEqual([(await eventsFor(id))?.includes('HistoryExported'), JSON.stringify((await show(id))?.lines).includes(deniz.name)], [false, false]);
    await receiptOf(house.ports)({ by: elif, id });

    const exported = async (by: typeof elif) => (await show(id, by))?.lines.filter(({ event }) => event === 'HistoryExported').map((line) => line.by);
    assert.deepEqual([await exported(elif), await exported(deniz)], [[elif.name], [deniz.name]]);
  });

  it('is whole, and says so after checking every link, also those that this side may not read', async () => {
    const id = await aLife();
    assert.deepEqual((await show(id))?.verdict, { is: 'whole' });
    const history = house.ledger.history;
    const forgedIn = (event: string) => async (chain: string) =>
      (await history(chain)).map((record) => (record.event === event ? { ...record, body: record.body.replace('"at":"2026', '"at":"2027') } : record));

    for (const [event, by] of [['InvitationSent', elif], ['AnswerRefused', elif], ['InvitationHandedOver', deniz]] as const) {
      const seq = (await history(id)).find((record) => record.event === event)?.seq;
      const ports = { ...house.ports, ledger: { ...house.ledger, history: forgedIn(event) } };

      assert.deepEqual((await showHistory(ports, verify)({ by, id }))?.verdict, { is: 'broken', seq }, event);
    }
  });

  it('is a sales agent’s own, and everybody’s of the company for its admins', async () => {
    const id = await house.sent(elif);
    house.is(ada, { roles: ['salesAgent'] });
    assert.equal(await show(id, ada), undefined);
    for (const roles of [['globalAdmin'], ['userAdmin'], ['adminAgent']] as const) {
      house.is(ada, { roles });
      assert.notEqual(await show(id, ada), undefined, roles[0]);
    }
  });

  it('is nobody else’s', async () => {
    const [id, draft] = [await house.sent(), await house.drafted(nil)];

    assert.equal(await show(id, nil), undefined);
    assert.equal(await show(draft, deniz), undefined, 'a draft has not left the house');
    for (const now of [{ roles: ['user'] }, { roles: ['globalAdmin'], isGuest: true }, 'unreadable'] as const) {
      house.is(deniz, now);
      assert.equal(await show(id, deniz), undefined);
    }
    house.is(elif, { roles: [] });
    assert.equal(await show(id), undefined);
  });

  it('of a draft is its inviter’s', async () => {
    assert.deepEqual(await eventsFor(await house.drafted()), ['InvitationDrafted']);
  });
});
