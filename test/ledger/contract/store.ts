import assert from 'node:assert/strict';
import Keyv from 'keyv';
import type { OpenLedger } from '../../../src/ledger/ledger.js';

export const storeContract = (opened: () => OpenLedger): void => {
  const memory = () => new Keyv<unknown>(opened().store, { namespace: 'talk', throwOnErrors: true });

  describe('the store for conversations', () => {
    it('gives back what was put in, and replaces it', async () => {
      const keyv = memory();

      await keyv.set('a', { said: `İ "quoted" \0 'x'` });
      assert.deepEqual(await keyv.get('a'), { said: `İ "quoted" \0 'x'` });
      await keyv.set('a', null);

      assert.equal(await keyv.get('a'), null);
      assert.equal(await keyv.has('a'), true);
      assert.equal(await keyv.get('b'), undefined);
    });

    it('tells whether there was something to delete', async () => {
      const keyv = memory();
      await keyv.set('a', 1);

      assert.equal(await keyv.delete('a'), true);
      assert.equal(await keyv.delete('a'), false);
      assert.equal(await keyv.has('a'), false);
    });

    it('keeps keys with colons apart', async () => {
      const keyv = memory();
      await keyv.set('a:b', 1);
      await keyv.set('a', 2);

      assert.deepEqual(await keyv.get(['a:b', 'a', 'a:']), [1, 2, undefined]);
    });

    it('keeps a value with a ttl of zero, as keyv means it, and none with a negative one', async () => {
      const keyv = memory();
      await keyv.set('stays', 1, 0);
      await keyv.set('gone', 1);
      await keyv.set('gone', 2, -1000);

      assert.equal(await keyv.get('stays'), 1);
      assert.equal(await keyv.get('gone'), undefined);
      assert.equal(await keyv.has('gone'), false);
    });

    it('lets no second namespace in, because one would clear what belongs to the other', () => {
      memory();

      assert.throws(() => new Keyv(opened().store, { namespace: 'cache' }), /another store/);
    });

    it('is empty when it was cleared', async () => {
      const keyv = memory();
      await keyv.set('a', 1);

      await keyv.clear();

      assert.equal(await keyv.get('a'), undefined);
    });
  });
};
