import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { forwardRequest } from '../../src/commands/forward-request.js';
import { AuthorityUnavailableError, MessengerRefusedError, notConsented } from '../../src/commands/ports.js';
import { showInvitation } from '../../src/commands/show-invitation.js';
import type { InvitationId } from '../../src/domain/ids.js';
import { anAdmin, CAN, CONTOSO } from '../helpers/builders.js';
import { ada, can, deniz, elif, nil, openHouse, outage, type House } from './house.js';

describe('forwarding a request to whoever decides', () => {
  let house: House;
  let id: InvitationId;
  beforeEach(async () => {
    house = await openHouse();
    id = await house.delivered();
    house.directory.deciders.resolves([anAdmin(), anAdmin({ id: CAN, name: can.name })]);
  });
  afterEach(() => house?.leave());

  const forward = (over: Partial<Parameters<ReturnType<typeof forwardRequest>>[0]> = {}) => forwardRequest(house.ports)({ by: deniz, id, to: CAN, ...over });

  it('brings the colleague a card of their own, and the first one keeps theirs', async () => {
    await house.meets(can);

    const outcome = await forward();
    await house.runsErrands();

    assert.deepEqual(outcome, { is: 'forwarded', to: { id: CAN, name: can.name } });
    const [card] = house.sentTo(can);
    assert(card?.view === 'request' && card.mayAnswer === 'yes');
    assert.deepEqual((await house.ledger.copies(id)).filter(({ tenant }) => tenant === CONTOSO).map(({ person }) => person).sort(), [deniz.person, can.person].sort());
    assert.equal((await answerInvitation(house.ports)({ by: can, id, answer: 'approved' })).is, 'answered');
    await house.runsErrands();
    const redrawn = house.messenger.update.getCalls().filter(({ args: [to] }) => to.person === deniz.person).at(-1)?.args[2];
    assert(redrawn?.view === 'request' && redrawn.invitation.state === 'awaitingAuthority');
  });

  it('may be done by somebody who decides nothing, which is what it is for', async () => {
    await house.meets(can);
    house.is(deniz, { roles: ['user'] });

    assert.equal((await forward()).is, 'forwarded');
  });

  it('twice brings one card', async () => {
    await house.meets(can);

    await forward();
    await forward();
    await house.runsErrands();

    assert.deepEqual([house.sentTo(can).length, (await forward()).is], [1, 'hasIt']);
  });

  it('again brings the card that could not be brought the first time', async () => {
    await house.meets(can);
    house.messenger.send.onCall(house.messenger.send.callCount).rejects(new MessengerRefusedError('gone', 404));
    await forward();
    await house.runsErrands();
    assert.equal((await house.ledger.copies(id)).some(({ person }) => person === CAN), false);

    assert.equal((await forward()).is, 'forwarded');
    await house.runsErrands();

    assert.equal((await house.ledger.copies(id)).some(({ person }) => person === CAN), true);
  });

  it('to somebody without the app says so, and is remembered all the same', async () => {
    assert.deepEqual(await forward(), { is: 'notReachable', to: { id: CAN, name: can.name } });

    assert.deepEqual(await house.runsErrands(), []);
    const last = (await house.ledger.history(id)).at(-1);
    assert.deepEqual([last?.event, last?.names['to'], last?.names['by'], last?.body.includes(can.name)], ['InvitationForwarded', can.name, deniz.name, false]);
  });

  it('to somebody who decides nothing is not possible', async () => {
    house.directory.deciders.resolves([anAdmin()]);
    assert.deepEqual(await forward(), { is: 'notFound' });
  });

  it('names nobody to a guest, to somebody whose role may not be read, or where the directory may not', async () => {
    house.is(deniz, { roles: ['globalAdmin'], isGuest: true });
    assert.deepEqual(await forward(), { is: 'notFound' });
    house.is(deniz, 'unreadable');
    assert.deepEqual(await forward(), { is: 'notFound' });
    house.is(deniz, { roles: ['globalAdmin'] });
    house.directory.deciders.resolves(notConsented);
    assert.deepEqual(await forward(), { is: 'notFound' });
    assert.equal((await house.eventsOf(id)).includes('InvitationForwarded'), false);
  });

  it('finds nothing for the partner or for another company, whose directory is not asked', async () => {
    house.directory.deciders.resetHistory();

    for (const by of [elif, ada, nil]) assert.deepEqual(await forward({ by }), { is: 'notFound' }, by.name);

    assert.equal(house.directory.deciders.callCount, 0);
  });

  it('is over with the request', async () => {
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' });
    assert.deepEqual(await forward(), { is: 'notFound' });
  });

  it('is not told as “no such colleague” while the directory gives no answer', async () => {
    house.directory.deciders.rejects(outage);
    await assert.rejects(forward(), AuthorityUnavailableError);
  });

  it('stays inside the customer: no card of the partner tells who forwarded it, or to whom', async () => {
    await house.meets(can);
    await forward();
    await house.runsErrands();

    const seen = JSON.stringify([house.sentTo(elif), await showInvitation(house.ports)({ by: elif, reference: (await house.ledger.invitation(id))?.reference ?? '' })]);
    assert(seen.includes('"deliveredTo":2'));
    for (const secret of [can.name, deniz.name, CAN]) assert(!seen.includes(secret), secret);
  });
});
