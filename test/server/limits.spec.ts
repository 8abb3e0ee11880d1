import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLimit, createRoom } from '../../src/server/limits.js';
import { NOON } from '../bot/channel/key-service.js';
import { anActivity, closeHouses, openHouse } from './house.js';

const fill = (room: ReturnType<typeof createRoom>, who: string): (() => void)[] => {
  const places: (() => void)[] = [];
  for (let leave = room.enter(who); leave; leave = room.enter(who)) places.push(leave);
  return places;
};

describe('the room for turns in flight', () => {
  it('gives half of it to one who is alone', () => {
    assert.equal(fill(createRoom(100), 'noisy').length, 50);
  });

  it('has a place for the next one after six that took all they could', () => {
    const room = createRoom(100);

    assert.deepEqual(Array.from({ length: 7 }, (_, at) => fill(room, `tenant ${at}`).length), [50, 25, 13, 6, 3, 2, 1]);
  });

  it('is shared evenly by those who come at the same time', () => {
    const room = createRoom(100);
    const held = [0, 0, 0];
    for (let round = 0; round < 100; round += 1) for (const [at] of held.entries()) if (room.enter(`tenant ${at}`)) held[at] = (held[at] ?? 0) + 1;

    assert.deepEqual(held, [25, 25, 25]);
  });

  it('grows for whoever stays when others leave', () => {
    const room = createRoom(100);
    fill(room, 'first');
    const places = fill(room, 'second');
    assert.equal(room.enter('first'), undefined);

    for (const leave of places) leave();

    assert.equal(room.enter('first'), undefined, 'its half');
    assert.equal(fill(room, 'third').length, 25);
  });

  it('is never over full, never refuses the first of a tenant while there is a place, and ends empty', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(8), fc.boolean()), { maxLength: 400 }), (steps) => {
      const room = createRoom(20);
      const held = new Map<number, (() => void)[]>();
      const taken = (): number => [...held.values()].reduce((sum, places) => sum + places.length, 0);
      for (const [who, comes] of steps) {
        const own = held.get(who) ?? [];
        if (!comes) {
          own.pop()?.();
          continue;
        }
        const leave = room.enter(`${who}`);
        assert.equal(leave !== undefined, own.length < 20 - taken());
        if (leave) held.set(who, [...own, leave]);
        assert(taken() <= 20);
      }
      for (const places of held.values()) for (const leave of places) leave();
      assert.equal(fill(room, 'afterwards').length, 10);
    }), { seed: 20261128, numRuns: 200 });
  });
});

describe('a limit', () => {
  it('forgets those not seen for longest, so that it holds ten thousand and no more', () => {
    const limit = createLimit(1, () => NOON);
    assert.equal(limit('first'), undefined);
    assert.deepEqual(limit('first'), { retryAfterSeconds: 60 });

    for (let other = 0; other < 10_000; other += 1) limit(`other ${other}`);

    assert.equal(limit('first'), undefined);
    assert.deepEqual(limit('other 9999'), { retryAfterSeconds: 60 });
  });

  it('gives nothing for a clock that was set back', () => {
    let now = NOON;
    const limit = createLimit(1, () => now);
    limit('first');
    now = new Date(NOON.getTime() - 3_600_000);

    assert(limit('first'));
  });
});

describe('a noisy tenant', () => {
  afterEach(closeHouses);

  const ofTenant = (tenant: string, person = 'e0000000-0000-0000-0000-000000000002') =>
    anActivity({ conversation: { id: `a:${tenant}`, tenantId: tenant }, channelData: { tenant: { id: tenant } }, from: { id: `29:${person}`, aadObjectId: person } });
  const [noisy, quiet] = ['c0000000-0000-0000-0000-00000000000a', 'c0000000-0000-0000-0000-00000000000b'];

  it('takes half of the places and leaves the others theirs', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => { release = resolve; });
    const house = await openHouse({ turn: async ({ conversation }) => { if (conversation.id.endsWith(noisy)) await held; return { status: 200 }; } });

    const asked = Array.from({ length: 120 }, () => house.post(ofTenant(noisy)));
    const refused = await Promise.any([Promise.all(asked), (async () => {
      for (;;) {
        const metrics = await (await fetch(`${house.server.url}/metrics`)).text();
        const found = Number(/bot_gate_refusals_total\{status="503"\} (\d+)/.exec(metrics)?.[1] ?? 0);
        if (found >= 70) return found;
      }
    })()]);
    const others = await Promise.all(Array.from({ length: 30 }, () => house.post(ofTenant(quiet))));
    release();

    assert.equal(refused, 70);
    assert(others.every(({ status }) => status === 200));
    const answers = await Promise.all(asked);
    assert.equal(answers.filter(({ status }) => status === 200).length, 50);
    assert(answers.every(({ status, headers }) => status === 200 || (status === 503 && headers.get('retry-after') === '1')));
  });

  it('is told when to come back before any work is done, and nobody else is', async () => {
    const house = await openHouse({ limits: { perUser: 0, perTenant: 20 } });

    const answers = await Promise.all(Array.from({ length: 60 }, () => house.post(ofTenant(noisy))));
    const other = await house.post(ofTenant(quiet));

    assert.equal(answers.filter(({ status, headers, text }) => status === 429 && headers.get('retry-after') === '3' && text === '{"error":"too many requests"}').length, 40);
    assert.deepEqual([other.status, house.turns.length], [200, 21]);
  });
});
