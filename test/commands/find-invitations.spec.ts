import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { findInvitations } from '../../src/commands/find-invitations.js';
import type { Speaker } from '../../src/commands/gather.js';
import { nameCustomer } from '../../src/commands/show-my-customers.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { aPartner, inDays, NORTHWIND } from '../helpers/builders.js';
import { ada, deniz, elif, nil, openHouse, type House } from './house.js';

describe('finding an invitation', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const find = (by: Speaker, text: string) => findInvitations(house.ports)({ by, text });
  const referenceOf = async (by: Speaker) => (await house.ledger.invitation(await house.sent(by)))?.reference ?? '';

  it('by its reference shows each side its own card', async () => {
    const reference = await referenceOf(elif);

    const [ours, colleagues, theirs] = [await find(elif, reference), await find(ada, reference.toLowerCase()), await find(deniz, reference.replaceAll('-', ' '))];

    assert(ours.is === 'one' && colleagues.is === 'one' && theirs.is === 'one');
    assert.deepEqual([ours.view.view, colleagues.view.view, theirs.view.view], ['status', 'status', 'request']);
  });

  it('by the name or domain of the other side, as people type it', async () => {
    house.authority.partner.withArgs(NORTHWIND).resolves(aPartner({ id: NORTHWIND, name: 'Işık Çözüm' }));
    await house.sent(nil);

    for (const text of ['contoso', 'CONTOSO', 'conto', 'contoso.com']) assert.equal((await find(nil, text)).is, 'one', text);
    for (const text of ['isik', 'IŞIK ÇÖZÜM', 'ışık', 'fabrikam.com']) assert.equal((await find(deniz, text)).is, 'one', text);
    for (const text of ['contoso', '', 'soso', 'zzz']) assert.equal((await find(deniz, text)).is, 'none', text);
  });

  it('by the name of a customer whose last invitation is older than the newest two hundred, and by what colleagues call it', async () => {
    const id = await house.sent();
    await nameCustomer(house.ports)({ by: elif, customer: 'contoso', alias: 'Acme' });
    const { ledger } = house.ports;
    const hidden = { ...ledger, invitationsOf: async (...[side, only, limit]: Parameters<typeof ledger.invitationsOf>) => ('partner' in side && side.customer === undefined ? [] : ledger.invitationsOf(side, only, limit)) };

    for (const text of ['contoso', 'contoso.com', 'acme']) {
      const found = await findInvitations({ ...house.ports, ledger: hidden })({ by: elif, text });
      assert(found.is === 'one' && found.view.invitation.id === id, text);
    }
  });

  it('gives several when several fit', async () => {
    const id = await house.sent();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' });
    house.time.now = inDays(1);
    await house.sent();

    const found = await find(elif, 'contoso');

    assert(found.is === 'several');
    assert.deepEqual(found.invitations.map(({ state }) => state), ['sent', 'declined']);
  });

  it('among those that wait for an answer takes the one that does, and without a name all of these', async () => {
    const id = await house.sent();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' });
    const toAnswer = (text: string) => findInvitations(house.ports)({ by: deniz, text, only: 'waiting' });
    const [nobody, old] = [await toAnswer(''), await toAnswer('fabrikam')];
    house.time.now = inDays(1);
    const second = await house.sent();

    const found = [await toAnswer(''), await toAnswer('fabrikam')];
    await house.sent(nil);
    const several = await toAnswer('');

    assert.equal(nobody.is, 'none');
    assert(old.is === 'one' && old.view.invitation.id === id, 'what has ended is still found by its name');
    for (const one of found) assert(one.is === 'one' && one.view.invitation.id === second);
    assert(several.is === 'several' && several.invitations.length === 2);
  });

  it('answers “not yours” exactly as “not there”', async () => {
    const reference = await referenceOf(elif);

    const [notYours, notThere] = [await find(nil, reference), await find(nil, 'PR-777-777')];

    assert.deepEqual(notYours, notThere);
    assert.deepEqual([notYours, await find(nil, 'fabrikam'), await find(nil, 'contoso')], [{ is: 'none' }, { is: 'none' }, { is: 'none' }]);
  });

  it('shows nothing to a guest or to a colleague at the partner without a role', async () => {
    const reference = await referenceOf(elif);
    house.is(deniz, { roles: ['globalAdmin'], isGuest: true });
    house.is(ada, { roles: [] });

    for (const by of [deniz, ada]) for (const text of [reference, 'contoso', 'fabrikam']) assert.deepEqual(await find(by, text), { is: 'none' }, `${by.name}: ${text}`);
  });

  it('shows a draft to whoever began it, by its reference, and to nobody else', async () => {
    const draft = await house.ledger.invitation(await house.drafted());

    const found = await find(elif, draft?.reference ?? '');
    assert(found.is === 'draft' && found.view.view === 'preview' && found.view.invitation.id === draft?.id);
    for (const by of [ada, nil, deniz]) assert.deepEqual(await find(by, draft?.reference ?? ''), { is: 'none' }, by.name);
    house.is(elif, { roles: [] });
    assert.deepEqual(await find(elif, draft?.reference ?? ''), { is: 'none' });
  });

  it('does not show the customer what Microsoft refused: it never left the house', async () => {
    house.authority.prepareInvitation.resolves({ refused: { code: 'PARTNER_NOT_ACTIVE', serviceCode: '1', correlationId: 'c' } });
    const id = await house.drafted();
    await sendInvitation(house.ports).now({ by: elif, id, reason: 'x', statedNotCsp: true });
    const reference = (await house.ledger.invitation(id))?.reference ?? '';

    assert.deepEqual([(await find(elif, reference)).is, (await find(deniz, reference)).is, (await find(deniz, 'fabrikam')).is], ['one', 'none', 'none']);
  });
});
