import { strict as assert } from 'node:assert';
import { news, welcome } from '../../src/commands/errands-about.js';
import { MessengerUnavailableError, SignInNeededError, type SignIn } from '../../src/commands/ports.js';
import { goodUntil, signInDaysLeft, warnAboutSignIns } from '../../src/commands/warn-about-sign-ins.js';
import { FABRIKAM, NORTHWIND } from '../helpers/builders.js';
import { ada, elif, nil, openHouse, type House } from './house.js';

const dayMs = 86_400_000;

describe('a partner’s sign-in at Microsoft', () => {
  let house: House;
  let signIns: SignIn[];
  beforeEach(async () => {
    house = await openHouse();
    await house.meets(ada, elif, nil);
    house.is(ada, { roles: ['adminAgent'] });
    house.is(elif, { roles: ['salesAgent'] });
    house.is(nil, { roles: ['globalAdmin'] });
    signIns = [];
  });
  afterEach(() => house?.leave());

  const renewed = (daysAgo: number, more: Partial<SignIn> = {}): SignIn => {
    const at = new Date(house.time.machine.getTime() - daysAgo * dayMs).toISOString();
    return { partner: FABRIKAM, signedInAt: at, renewedAt: at, ...more };
  };
  const look = async () => {
    const store = { all: async () => signIns, redeem: () => assert.fail(), keep: () => assert.fail(), refuse: () => assert.fail() };
    const troubles = await warnAboutSignIns(house.ports, store, [FABRIKAM])();
    await house.runsErrands();
    return troubles.map(({ is, daysLeft }) => [is, daysLeft]);
  };
  const toldTo = (who: typeof ada) => house.sentTo(who).flatMap((view) => (view.view === 'signIn' ? [view.is] : []));

  it('is good for 90 days after Microsoft last renewed it, and while it is, nobody is bothered', async () => {
    signIns = [renewed(59)];
    const [one] = signIns;

    assert.equal(signInDaysLeft(one, house.time.machine), 31);
    assert.equal(one && goodUntil(one).getTime(), house.time.machine.getTime() + 31 * dayMs);
    assert.deepEqual(await look(), []);
    assert.deepEqual(toldTo(ada), []);
  });

  it('is told 30, 7 and 1 days before its end, once each, to Admin agents of that partner only', async () => {
    signIns = [renewed(60)];
    for (const daysLeft of [30, 29, 8, 7, 6, 2, 1, 0]) {
      house.time.machine = new Date(Date.parse(signIns[0]?.renewedAt ?? '') + (90 - daysLeft) * dayMs);
      assert.deepEqual(await look(), [['ending', daysLeft]]);
    }

    assert.deepEqual(toldTo(ada), ['ending', 'ending', 'ending']);
    assert.deepEqual([toldTo(elif), toldTo(nil)], [[], []]);
  });

  it('that is used anew begins anew', async () => {
    signIns = [renewed(61)];
    await look();
    signIns = [renewed(0)];
    assert.deepEqual(await look(), []);
    house.time.machine = new Date(house.time.machine.getTime() + 60 * dayMs);
    await look();

    assert.deepEqual(toldTo(ada), ['ending', 'ending']);
  });

  it('that Microsoft refuses is told at once, and once', async () => {
    signIns = [renewed(3, { refused: 'invalid_grant 50173' })];

    assert.deepEqual([await look(), await look()], [[['refused', 0]], [['refused', 0]]]);
    assert.deepEqual(toldTo(ada), ['refused']);
  });

  it('is told whatever else waits for the same person', async () => {
    await house.errands.add([welcome(ada.tenant, ada.person), news({ partner: FABRIKAM, customer: FABRIKAM, kind: 'gdap', seenAt: '', origin: 'outside' }, 'providerDraft', 'partner', ada.person, '')]);
    house.authority.listDelegatedAdmin.rejects(new SignInNeededError('token'));
    house.messenger.send.onFirstCall().rejects(new MessengerUnavailableError());
    await house.runsErrands();
    signIns = [renewed(3, { refused: 'invalid_grant 50173' })];

    await look();

    assert.deepEqual(toldTo(ada), ['refused']);
  });

  it('holds up no other message, where a provider’s draft cannot be read without it', async () => {
    await house.errands.add([news({ partner: FABRIKAM, customer: FABRIKAM, kind: 'gdap', seenAt: '', origin: 'outside' }, 'providerDraft', 'partner', ada.person, ''), welcome(ada.tenant, ada.person)]);
    house.authority.listDelegatedAdmin.rejects(new SignInNeededError('token'));

    await house.runsErrands();

    assert.deepEqual(house.sentTo(ada).map(({ view }) => view), ['welcome']);
  });

  it('that never was is the operator’s to know, not the agents’', async () => {
    signIns = [{ ...renewed(0), partner: NORTHWIND }];

    assert.deepEqual(await look(), [['never', 0]]);
    assert.deepEqual(toldTo(ada), []);
  });
});
