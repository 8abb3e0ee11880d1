import { strict as assert } from 'node:assert';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { LedgerUnavailableError, type NewErrand, type Ports, type Ran } from '../../src/commands/ports.js';
import type { Duty } from '../../src/commands/duty.js';
import { inviteCustomer } from '../../src/commands/invite-customer.js';
import { startRounds, tellingOfErrands, type Rounds } from '../../src/commands/rounds.js';
import { aCustomer, guid } from '../helpers/builders.js';
import { contosoCom, deniz, elif, noticesIn, openHouse, outage, type House } from './house.js';

const anHour = 3_600_000;
/** Each at the side of another partner. */
const looks = (count: number): readonly NewErrand[] => Array.from({ length: count }, (_, at) => ({ topic: 'look', key: `look/${at}`, lane: `look/${at}`, body: { partner: guid(1000 + at) } }));

describe('the rounds', () => {
  let house: House;
  let rounds: Rounds;
  let ran: Ran[];
  let troubles: string[];
  beforeEach(async () => {
    house = await openHouse();
    [ran, troubles] = [[], []];
  });
  afterEach(async () => {
    await rounds.stop();
    await house.leave();
  });

  const start = (every: { errandsEveryMs: number; watchEveryMs: number; watchAfterMs?: number }, ports = house.ports): void => {
    const trace: Ports['trace'] = async (_errand, run) => {
      const one = await run();
      ran.push(one);
      return one;
    };
    rounds = startRounds({ ...ports, trace }, { ...every, onTrouble: (round) => troubles.push(round) });
  };
  const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('run what is due when somebody nudges, not an hour later', async () => {
    const id = await house.delivered();
    start({ errandsEveryMs: anHour, watchEveryMs: anHour });
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });

    rounds.nudge();

    await until(() => noticesIn(house.sentTo(elif)).includes('approved'));
    await until(() => ran.length === 2);
    assert.deepEqual(ran.map(({ outcome }) => outcome), ['done', 'done']);
  });

  it('run what waits behind an errand as soon as that is done', async () => {
    await house.errands.add(looks(3).map((look) => ({ ...look, lane: 'one' })));

    start({ errandsEveryMs: anHour, watchEveryMs: anHour, watchAfterMs: anHour });

    await until(() => ran.length === 3);
  });

  it('hear of what was written down for them, and of nothing else', async () => {
    const id = await house.delivered();
    start({ errandsEveryMs: anHour, watchEveryMs: anHour });
    let told = 0;
    const ports = tellingOfErrands(house.ports, () => { told += 1; });

    await ports.ledger.meet({ ...await ports.ledger.acquaintance(elif.tenant, elif.person) ?? assert.fail(), language: 'tr' });
    assert.equal((await inviteCustomer(ports).now({ by: elif, customer: contosoCom, reason: 'Azure backup' })).is, 'refused');
    await ports.errands.add([]);
    assert.equal(told, 0);

    await answerInvitation(ports)({ by: deniz, id, answer: 'approved' });
    assert.equal(told, 1);
    await ports.errands.add([{ topic: 'welcome', key: 'welcome/again', lane: 'welcome', body: { tenant: elif.tenant, person: elif.person } }]);
    assert.equal(told, 2);
  });

  it('find what Microsoft shows, and tell it at once', async () => {
    await house.delivered();
    house.authority.listOwnCustomers.resolves([aCustomer()]);

    start({ errandsEveryMs: anHour, watchEveryMs: 5 });

    await until(() => noticesIn(house.sentTo(elif)).includes('established'));
  });

  it('leave the first moments after a start to those who write, and run at once what is due', async () => {
    const id = await house.delivered();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });

    start({ errandsEveryMs: anHour, watchEveryMs: anHour, watchAfterMs: 3000 });
    await until(() => noticesIn(house.sentTo(elif)).includes('approved'));

    assert.equal(house.authority.listOwnCustomers.callCount, 0);
    await until(() => house.authority.listOwnCustomers.callCount > 0);
  });

  it('of several replicas one looks at Microsoft’s side, and the next one does at once when its turn comes; errands are for all', async () => {
    const id = await house.delivered();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    house.authority.listOwnCustomers.resolves([aCustomer()]);
    let [isMine, taken] = [false, (): void => undefined];
    const duty: Duty = { isMine: () => isMine, onTaken: (act) => (taken = act), leave: async () => undefined };

    rounds = startRounds(house.ports, { errandsEveryMs: 5, watchEveryMs: anHour, duty, onTrouble: (round) => troubles.push(round) });
    await until(() => noticesIn(house.sentTo(elif)).includes('approved'));
    assert.equal(house.authority.listOwnCustomers.callCount, 0);

    isMine = true;
    taken();
    await until(() => noticesIn(house.sentTo(elif)).includes('established'));
  });

  it('go on after a round that failed as a whole, and report it', async () => {
    const id = await house.delivered();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    let isAway = true;
    const errands = { ...house.errands, claim: async (...args: Parameters<typeof house.errands.claim>) => {
      if (isAway) throw new LedgerUnavailableError();
      return house.errands.claim(...args);
    } };
    start({ errandsEveryMs: 5, watchEveryMs: anHour }, { ...house.ports, errands });
    await until(() => troubles.length > 1);

    isAway = false;

    await until(() => noticesIn(house.sentTo(elif)).includes('approved'));
    assert.deepEqual([...new Set(troubles)], ['errands']);
  });

  it('report what is wrong with the house itself, and go on', async () => {
    await house.errands.add(looks(1));
    const trace: Ports['trace'] = async ({ key }, run) => (key === looks(1)[0]?.key ? Promise.reject(new TypeError('a fault of ours')) : run());
    rounds = startRounds({ ...house.ports, trace }, { errandsEveryMs: 5, watchEveryMs: anHour, watchAfterMs: anHour, onTrouble: (round) => troubles.push(round) });
    await until(() => troubles.length === 1);

    await house.errands.add(looks(2));

    await until(() => house.authority.listOwnCustomers.callCount === 1);
    assert.deepEqual(troubles, ['errands']);
  });

  it('do not call an outage of Microsoft a failed round', async () => {
    await house.delivered();
    house.authority.listOwnCustomers.rejects(outage);
    start({ errandsEveryMs: anHour, watchEveryMs: 5 });

    await until(() => house.authority.listOwnCustomers.callCount > 2);

    assert.deepEqual(troubles, []);
  });

  it('finish what is under way before they stop', async () => {
    const id = await house.delivered();
    await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
    let arrived = (): void => undefined;
    let isUnderWay = false;
    house.messenger.send.callsFake(async (to) => {
      isUnderWay = true;
      await new Promise<void>((resolve) => { arrived = resolve; });
      return { conversation: to.conversation, activity: 'late' };
    });
    start({ errandsEveryMs: anHour, watchEveryMs: anHour });
    await until(() => isUnderWay);

    const stopped = rounds.stop();
    arrived();
    await stopped;

    assert.deepEqual(ran.map(({ topic, outcome }) => [topic, outcome]), [['redraw', 'done'], ['tell', 'done']]);
    assert.equal((await house.errands.depth(house.time.machine)).waiting, 0);
  });

  it('begin nothing more once they are to stop, however much is due', async () => {
    await house.errands.add(looks(200));
    let stopped: Promise<void> | undefined;
    house.authority.listOwnCustomers.callsFake(async () => {
      stopped ??= rounds.stop();
      return [];
    });
    start({ errandsEveryMs: 5, watchEveryMs: anHour, watchAfterMs: anHour });

    await until(() => stopped !== undefined);
    await stopped;

    // A batch may have been on its way.
    assert(ran.length <= 100, `${ran.length} were begun`);
    assert.equal((await house.errands.depth(house.time.machine)).waiting, 200 - ran.length);
  });

  describe('beside an errand that hangs', () => {
    let letGo: (() => void)[];
    const hanging = () => letGo.length;
    beforeEach(() => {
      letGo = [];
      house.authority.listOwnCustomers.callsFake(() => new Promise((resolve) => { letGo.push(() => resolve([])); }));
    });
    afterEach(() => letGo.forEach((go) => go()));
    const done = () => ran.filter(({ outcome }) => outcome === 'done').length;

    it('run everybody else’s, in the order of their lane, and wait for it when they stop', async () => {
      const id = await house.delivered();
      start({ errandsEveryMs: 5, watchEveryMs: anHour, watchAfterMs: anHour });
      await house.errands.add(looks(2).map((look) => ({ ...look, lane: 'one' })));
      await until(() => hanging() === 1);

      await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
      await until(() => done() === 2);
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual([noticesIn(house.sentTo(elif)), hanging()], [['approved'], 1]);

      let isStopped = false;
      const stopped = rounds.stop().then(() => { isStopped = true; });
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(isStopped, false);
      letGo.forEach((go) => go());
      await stopped;
      assert.deepEqual([done(), (await house.errands.depth(house.time.machine)).waiting], [3, 1]);
    });

    it('beside a hundred of them, too, and then nothing until some are over', async () => {
      const id = await house.delivered();
      start({ errandsEveryMs: 5, watchEveryMs: anHour, watchAfterMs: anHour });
      await house.errands.add(looks(100));
      await until(() => hanging() === 100);
      await house.errands.add(looks(101));
      await until(() => hanging() === 101);

      await answerInvitation(house.ports)({ by: deniz, id, answer: 'approved' });
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual([hanging(), done()], [101, 0]);

      letGo[0]?.();
      await until(() => done() === 3);
      assert.deepEqual(noticesIn(house.sentTo(elif)), ['approved']);
    });
  });
});
