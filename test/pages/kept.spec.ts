import assert from 'node:assert/strict';
import Keyv from 'keyv';
import { z } from 'zod';
import { openLedger } from '../../src/ledger/ledger.js';
import { createKept, createMinute, isRandomText, randomText } from '../../src/pages/kept.js';
import type { Shelf } from '../../src/pages/ports.js';
import { sqlitePlace } from '../ledger/engines.js';
import { MachineClock } from '../local/partner-center/a-sandbox.js';

describe('what a page keeps for a while', () => {
  const machine = new MachineClock();
  const shape = z.object({ who: z.string() });
  const keptOn = (shelf: Shelf, kind = 'test') => createKept({ shelf, kind, minutes: 10, shape, machineNow: machine.now });

  it('is taken by exactly one of many, in memory and in the ledger’s own database', async () => {
    const { url, leave } = await sqlitePlace();
    const { store, close } = await openLedger({ url, machineNow: machine.now, sealKeys: [] });
    for (const keyv of [new Keyv({ throwOnErrors: true }), new Keyv(store, { throwOnErrors: true })]) {
      const kept = keptOn(keyv);
      const text = await kept.put({ who: 'one' });
      assert.deepEqual(await kept.see(text), { who: 'one' });

      const all = await Promise.all(Array.from({ length: 20 }, () => kept.take(text)));

      assert.deepEqual(all.filter((one) => one !== undefined), [{ who: 'one' }]);
      assert.equal(await kept.see(text), undefined);
    }
    await close();
    await leave();
  });

  it('is not under the text itself, ends after its minutes, and is of one kind and shape', async () => {
    const map = new Map<string, unknown>();
    const shelf: Shelf = { get: async (key) => map.get(key), set: async (key, value) => map.set(key, value), delete: async (key) => map.delete(key) };
    const text = await keptOn(shelf).put({ who: 'one' });

    assert(isRandomText(text));
    assert.doesNotMatch(JSON.stringify([...map]), new RegExp(text));
    assert.equal(await keptOn(shelf, 'other').see(text), undefined);
    assert.equal(await createKept({ shelf, kind: 'test', minutes: 10, shape: z.object({ other: z.string() }), machineNow: machine.now }).see(text), undefined);
    for (const nothing of ['', null, undefined, randomText()]) assert.equal(await keptOn(shelf).take(nothing), undefined);
    machine.passes(10 * 60);
    assert.equal(await keptOn(shelf).take(text), undefined);
  });

  it('counts a minute that moves on', () => {
    const minute = createMinute(2, machine.now);
    minute.count();
    machine.passes(30);
    minute.count();
    assert.equal(minute.isFull(), true);
    machine.passes(30);
    assert.equal(minute.isFull(), false);
    minute.count();
    assert.equal(minute.isFull(), true);
  });
});
