import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { chooseLanguage, keepCard, losePerson, meetPerson, welcomePerson, type Met } from '../../src/commands/meet-person.js';
import type { Speaker } from '../../src/commands/gather.js';
import { can, deniz, elif, openHouse, outage, type House } from './house.js';

describe('meeting a person', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  const meet = (speaker: Speaker, over: Partial<Met> = {}) =>
    meetPerson(house.ports)({ ...speaker, teamsUser: '29:x', conversation: `a:${speaker.person}`, serviceUrl: 'https://smba.trafficmanager.net/emea/', ...over });
  const arrives = async (speaker: Speaker) => welcomePerson(house.ports)(await meet(speaker));

  it('remembers where to reach them, and in which language', async () => {
    await meet(deniz, { locale: 'tr-TR', timeZone: 'Europe/Istanbul' });

    const { language, timeZone, isReachable, isLanguageChosen } = await house.ledger.acquaintance(deniz.tenant, deniz.person) ?? assert.fail();
    assert.deepEqual({ language, timeZone, isReachable, isLanguageChosen }, { language: 'tr', timeZone: 'Europe/Istanbul', isReachable: true, isLanguageChosen: false });
  });

  for (const [locale, language] of [['tr-TR', 'tr'], ['tr', 'tr'], ['TR-tr', 'tr'], ['en-US', 'en'], ['de-DE', 'en'], [undefined, 'en']] as const) {
    it(`speaks ${language} with somebody whose Teams says ${locale ?? 'nothing'}`, async () => {
      assert.equal((await meet(deniz, locale ? { locale } : {})).language, language);
    });
  }

  it('follows the newest locale until a language is chosen, and the choice stays', async () => {
    await meet(deniz, { locale: 'tr-TR' });
    const changed = await meet(deniz, { locale: 'en-GB' });
    assert.equal(changed.language, 'en');

    await chooseLanguage(house.ports)(changed, 'tr');

    const again = await meet(deniz, { locale: 'en-GB' });
    assert.deepEqual([again.language, again.isLanguageChosen], ['tr', true]);
  });

  it('keeps name, language and time zone when an activity does not carry them', async () => {
    await meet(deniz, { locale: 'tr-TR', timeZone: 'Europe/Istanbul' });

    const again = await meet(deniz, { name: '' });

    assert.deepEqual([again.name, again.language, again.timeZone], ['Deniz Çelik', 'tr', 'Europe/Istanbul']);
  });

  it('moves to the newest conversation', async () => {
    await meet(deniz);
    await meet(deniz, { conversation: 'a:new' });
    assert.equal((await house.ledger.acquaintance(deniz.tenant, deniz.person))?.conversation, 'a:new');
  });

  it('welcomes once, whichever and however many events announce it', async () => {
    await Promise.all([arrives(elif), arrives(elif)]);
    house.passes(60);
    await arrives(elif);
    await house.runsErrands();

    assert.deepEqual(house.sentTo(elif), [{ view: 'welcome', who: { side: 'partner', organisation: 'Fabrikam', roles: ['salesAgent'], isGuest: false }, name: 'Elif Kaya', waiting: 0 }]);
  });

  it('welcomes even while Microsoft gives no answer', async () => {
    house.directory.person.rejects(outage);

    await arrives(elif);
    await house.runsErrands();

    const [welcome] = house.sentTo(elif);
    assert(welcome?.view === 'welcome' && welcome.who.roles === 'unknown');
  });

  it('brings the cards that waited for somebody of the customer', async () => {
    const id = await house.sent();
    assert.deepEqual(await house.runsErrands(), [], 'nobody of the customer has the app');

    await arrives(deniz);
    await house.runsErrands();

    const [welcome, card] = house.sentTo(deniz);
    assert(welcome?.view === 'welcome' && welcome.waiting === 1);
    assert(card?.view === 'request' && card.invitation.id === id);
    assert.equal(await house.stateOf(id), 'delivered');
  });

  it('tells a colleague without the role of nothing that waits', async () => {
    await house.sent();
    house.is(can, { roles: ['user'] });

    await arrives(can);
    await house.runsErrands();

    assert.deepEqual(house.sentTo(can).map((view) => view.view === 'welcome' && view.waiting), [0]);
  });

  it('brings no card twice, and none of what has ended', async () => {
    const id = await house.delivered();
    await arrives(deniz);
    await house.runsErrands();
    assert.deepEqual(house.sentTo(deniz).map(({ view }) => view), ['request', 'welcome']);

    await answerInvitation(house.ports)({ by: deniz, id, answer: 'declined' });
    await arrives(can);
    await house.runsErrands();

    assert.deepEqual(house.sentTo(can).map(({ view }) => view), ['welcome']);
  });

  it('who comes back after leaving, gets what waited meanwhile', async () => {
    await meet(deniz);
    await losePerson(house.ports)(deniz.tenant, deniz.person);
    const id = await house.sent();
    await house.runsErrands();
    assert.equal(house.messenger.send.callCount, 0);

    await arrives(deniz);
    await house.runsErrands();

    assert.equal(await house.stateOf(id), 'delivered');
  });

  it('who was never met cannot be lost', async () => {
    await losePerson(house.ports)(deniz.tenant, deniz.person);
    assert.equal(await house.ledger.acquaintance(deniz.tenant, deniz.person), undefined);
  });
});

describe('a card somebody opened', () => {
  let house: House;
  beforeEach(async () => { house = await openHouse(); });
  afterEach(() => house?.leave());

  it('is kept up to date from then on, and drawn once right away, because much may have happened since', async () => {
    const id = await house.delivered();
    const copy = { invitation: id, tenant: elif.tenant, person: elif.person, conversation: 'a', activity: 'b' };

    await keepCard(house.ports)(copy);
    await keepCard(house.ports)(copy);
    await house.runsErrands();
    assert.equal(house.messenger.update.callCount, 1);

    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    await house.runsErrands();
    const shown = house.messenger.update.getCalls().filter(({ args: [to] }) => to.person === elif.person).map(({ args: [, , view] }) => view.view === 'status' && view.invitation.state);
    assert.deepEqual(shown, ['delivered', 'awaitingAuthority']);
  });

  it('can stay as it is until the invitation changes: what it says is still true', async () => {
    const id = await house.delivered();
    await keepCard(house.ports)({ invitation: id, tenant: elif.tenant, person: elif.person, conversation: 'a', activity: 'b' }, 'next');
    await house.runsErrands();
    assert.equal(house.messenger.update.callCount, 0);

    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    await house.runsErrands();
    assert.equal(house.messenger.update.getCalls().filter(({ args: [to] }) => to.person === elif.person).length, 1);
  });

  it('of an invitation that is not there is not kept', async () => {
    const id = await house.delivered();
    await keepCard(house.ports)({ invitation: `${id.slice(0, -4)}ffff` as typeof id, tenant: elif.tenant, person: elif.person, conversation: 'a', activity: 'b' });
    assert.deepEqual(await house.runsErrands(), []);
  });
});
