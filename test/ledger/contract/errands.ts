import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ClaimedErrand, NewErrand } from '../../../src/commands/ports.js';
import type { OpenLedger } from '../../../src/ledger/ledger.js';
import { anErrand, inMinutes, invitationId, NOON } from '../builders.js';

export const errandsContract = (opened: () => OpenLedger): void => {
  const claim = (minutes = 0, limit = 10) => opened().errands.claim(inMinutes(minutes), limit, 60);
  const keys = async (minutes = 0, limit = 10) => (await claim(minutes, limit)).map(({ key }) => key);
  const one = async (minutes = 0) => {
    const [errand] = await claim(minutes, 1);
    assert(errand);
    return errand;
  };

  describe('errands', () => {
    it('come back whole, in the order in which they were given', async () => {
      const { errands } = opened();
      await errands.add([anErrand('a', { invitation: invitationId(1), body: { name: 'Şükrü "x"' } }), anErrand('b'), anErrand('c')]);

      const [first, second] = await claim(0, 2);

      assert.deepEqual({ ...first, id: 0 }, { id: 0, topic: 'tell', key: 'a', lane: 'a', invitation: invitationId(1), body: { name: 'Şükrü "x"' }, attempt: 1 });
      assert.equal(second?.key, 'b');
      assert.deepEqual(await keys(), ['c']);
    });

    it('are the same errand when the key is the same, even long after it was done', async () => {
      const { errands } = opened();
      await errands.add([anErrand('a')]);
      await errands.add([anErrand('a')]);
      await errands.done(await one());

      await errands.add([anErrand('a')]);

      assert.deepEqual(await keys(60), []);
    });

    it('have a key of any length', async () => {
      // By chance, or PostgreSQL would press it into less.
      const long = randomBytes(4096).toString('hex');
      const { errands } = opened();

      await errands.add(['one', 'two', 'one'].map((end, at) => anErrand(`${long}/${end}`, { lane: `lane ${at}` })));

      assert.deepEqual((await claim()).map(({ lane }) => lane), ['lane 0', 'lane 1']);
    });

    it('that may be asked for again leave their key to the next one when they are done or given up, and not before', async () => {
      const { errands } = opened();
      const forward = () => errands.add([anErrand('a', { topic: 'deliver', invitation: invitationId(1) })]);
      const settling = [(errand) => errands.done(errand), (errand) => errands.fail(errand, 'unavailable'), (errand) => errands.done(errand)] satisfies ((errand: ClaimedErrand) => Promise<void>)[];

      for (const settle of settling) {
        await forward();
        const errand = await one();
        await forward();
        assert.deepEqual([errand.key, errand.attempt, await keys()], ['a', 1, []], 'one while it is under way');
        await settle(errand);
      }

      assert.deepEqual(await keys(60), []);
      assert.equal((await errands.deadLetters(invitationId(1))).length, 1);
    });

    it('wait until they are due', async () => {
      const { errands } = opened();
      await errands.add([anErrand('later', { dueAt: inMinutes(5) }), anErrand('now')]);

      const [now, ...others] = await claim();
      assert(now);
      assert.deepEqual([now.key, others], ['now', []]);
      await errands.done(now);

      assert.deepEqual(await keys(4.9), []);
      assert.deepEqual(await keys(5), ['later']);
    });

    it('of one lane run one after another, while other lanes go on', async () => {
      const { errands } = opened();
      await errands.add([anErrand('a1', { lane: 'a' }), anErrand('a2', { lane: 'a' }), anErrand('b1', { lane: 'b' })]);

      const [a1, b1] = await claim();
      assert.deepEqual([a1?.key, b1?.key], ['a1', 'b1']);
      assert.deepEqual(await keys(), []);
      assert(a1);
      await errands.done(a1);

      assert.deepEqual(await keys(), ['a2']);
    });

    it('hold up their lane while one is tried again, and nobody else', async () => {
      const { errands } = opened();
      await errands.add([anErrand('a1', { lane: 'a' }), anErrand('a2', { lane: 'a' }), anErrand('b1', { lane: 'b' })]);

      await errands.fail(await one(), 'unavailable', inMinutes(5));

      assert.deepEqual(await keys(1), ['b1']);
      const again = await one(5);
      assert.deepEqual([again.key, again.attempt], ['a1', 2]);
    });

    it('planned for later let others of their lane pass, and never run beside them', async () => {
      const { errands } = opened();
      await errands.add([anErrand('planned', { lane: 'a', dueAt: inMinutes(1) }), anErrand('now', { lane: 'a' })]);
      const now = await one(0.5);
      assert.equal(now.key, 'now');

      assert.deepEqual(await keys(1), []);
      await errands.done(now);

      assert.deepEqual(await keys(1), ['planned']);
    });

    it('of a worker that died are taken over when its lease ends', async () => {
      await opened().errands.add([anErrand('a')]);
      await one();

      assert.deepEqual(await keys(0.5), []);
      assert.equal((await one(1)).attempt, 2);
    });

    it('stay with a worker that holds on, and with no other', async () => {
      const { errands } = opened();
      await errands.add([anErrand('a')]);
      const first = await one();

      await errands.hold(first, inMinutes(0.5), 60);
      assert.deepEqual(await keys(1), []);
      const second = await one(1.5);
      await errands.hold(first, inMinutes(2), 600);

      assert.equal(second.attempt, 2);
      assert.deepEqual(await keys(2.5), ['a']);
    });

    it('cannot be settled by a worker that was taken over', async () => {
      const { errands } = opened();
      await errands.add([anErrand('a')]);
      const [slow, fresh] = [await one(), await one(1)];

      await errands.done(slow);
      await errands.fail(slow, 'too late');
      assert.equal((await errands.depth(inMinutes(1))).waiting, 1);
      await errands.done(fresh);
      await errands.fail(fresh, 'after the end');

      assert.deepEqual(await errands.depth(inMinutes(1)), { waiting: 0, due: 0, oldestDueSeconds: 0, dead: 0 });
    });

    it('that were given up stay visible and hold up nobody', async () => {
      const { errands } = opened();
      await errands.add([anErrand('a1', { lane: 'a', topic: 'deliver', invitation: invitationId(1), body: { person: 'x' } }), anErrand('a2', { lane: 'a' })]);

      await errands.fail(await one(), 'unreachable');

      assert.deepEqual(await errands.deadLetters(invitationId(1)), [{ topic: 'deliver', body: { person: 'x' }, reason: 'unreachable' }]);
      assert.deepEqual(await errands.deadLetters(invitationId(2)), []);
      assert.deepEqual(await keys(), ['a2']);
    });

    it('are each taken by one of several workers', async () => {
      const { errands } = opened();
      await errands.add(Array.from({ length: 60 }, (_, number) => anErrand(`e${number}`)));

      const shares = await Promise.all(Array.from({ length: 10 }, () => claim(0, 10)));
      const rest = await claim(0, 60);

      const taken = [...shares.flat(), ...rest].map(({ key }) => key);
      assert.equal(taken.length, 60);
      assert.equal(new Set(taken).size, 60);
    });

    it('remember the trace of their cause, also when they are tried again', async () => {
      const { errands } = opened();
      const cause = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await errands.add([anErrand('caused', { cause }), anErrand('uncaused')]);

      const [caused, uncaused] = await claim(0, 2);
      assert.deepEqual([caused?.cause, uncaused?.cause], [cause, undefined]);
      if (caused) await errands.fail(caused, 'unavailable', inMinutes(1));

      assert.equal((await one(1)).cause, cause);
    });

    it('carry with them what they are given for the next try', async () => {
      const { errands } = opened();
      await errands.add([anErrand('a', { body: { name: 'Deniz' } })]);

      await errands.fail({ ...await one(), body: { name: 'Deniz', waits: '1' } }, 'unavailable', inMinutes(1));

      assert.deepEqual((await one(1)).body, { name: 'Deniz', waits: '1' });
    });

    const aLook = (key: string, over: Partial<NewErrand> = {}) => anErrand(key, { topic: 'look', lane: 'look', joinsWaiting: true, ...over });

    it('that another one of their lane can do for them are not given while that one waits, also for its next try', async () => {
      const { errands } = opened();
      await errands.add([aLook('a')]);
      await Promise.all(Array.from({ length: 20 }, (_, number) => errands.add([aLook(`b${number}`)])));
      await errands.add([aLook('of another lane', { lane: 'another' })]);
      assert.equal((await errands.depth(NOON)).waiting, 2);

      await errands.fail(await one(), 'unavailable', inMinutes(5));
      await errands.add([aLook('c')]);

      assert.deepEqual((await keys(5)).sort(), ['a', 'of another lane']);
    });

    it('that come at the same time are one, whoever gives them', async () => {
      const { errands } = opened();
      await Promise.all(Array.from({ length: 20 }, (_, number) => errands.add([aLook(`a${number}`), aLook(`b${number}`, { lane: 'another' })])));

      assert.deepEqual((await claim()).map(({ lane }) => lane).sort(), ['another', 'look']);
      assert.equal((await errands.depth(NOON)).waiting, 2);
    });

    it('are not left to one of their lane that has begun: it may have looked too early', async () => {
      const { errands } = opened();
      await errands.add([aLook('a')]);
      const begun = await one();

      for (const key of ['b', 'c', 'd']) await errands.add([aLook(key)]);
      assert.deepEqual(await keys(), []);
      await errands.done(begun);

      assert.deepEqual(await keys(), ['b']);
      assert.equal((await errands.depth(NOON)).waiting, 1);
    });

    it('are counted for the operator', async () => {
      const { errands } = opened();
      await errands.add([anErrand('dies', { dueAt: inMinutes(-9) }), anErrand('old', { dueAt: inMinutes(-2) }), anErrand('later', { dueAt: inMinutes(2) })]);
      await errands.fail(await one(), 'rejected');

      assert.deepEqual(await errands.depth(NOON), { waiting: 2, due: 1, oldestDueSeconds: 120, dead: 1 });
    });
  });
};
