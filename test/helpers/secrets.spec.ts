import assert from 'node:assert/strict';
import Keyv from 'keyv';
import pg from 'pg';
import { openLedger } from '../../src/ledger/ledger.js';
import { NOON, PARTNER } from '../ledger/builders.js';
import { postgresPlace, postgresServer, sqlitePlace } from '../ledger/engines.js';
import { needs } from './parts.js';
import { secretsIn } from './secrets.js';

const secret = 'sandbox-only-partner-secret';
const its = 'the partner app’s client secret';

describe('the search for secrets', () => {
  it('finds one that was planted, in the clear, in an address, in hexadecimal, and in base64 wherever it begins', () => {
    const inBase64 = ['', 'a', 'ab', 'abc'].flatMap((before) => (['base64', 'base64url'] as const).map((form) => Buffer.from(`${before}${secret}~ÿ`).toString(form)));
    for (const text of [`{"secret":"${secret}"}`, `?s=${encodeURIComponent(secret)}`, Buffer.from(secret).toString('hex'), ...inBase64]) {
      assert.deepEqual(secretsIn(`a line before\n${text}\nand one after`), [its], text);
    }
    assert.deepEqual(secretsIn('planted another-secret here', { mine: 'another-secret' }), ['mine']);
    assert.deepEqual(secretsIn('nothing to see'), []);
  });

  for (const [engine, placeOf] of [['a file', sqlitePlace], ['a server', postgresPlace]] as const) {
    describe(`at the end of a database on ${engine}`, () => {
      if (engine === 'a server') before(needs.postgres());

      const aPlace = async () => {
        const place = await placeOf();
        assert(place);
        const { store, signIns, close } = await openLedger({ url: place.url, machineNow: () => NOON, sealKeys: [Buffer.alloc(32, 7)] });
        await signIns.keep(PARTNER, secret);
        return { place, keyv: new Keyv({ store }), close };
      };

      it('lets one be that is sealed', async () => {
        const { place, close } = await aPlace();
        await close();

        await place.leave();
      });

      it('finds one that was written down in between', async () => {
        const { place, keyv, close } = await aPlace();
        await keyv.set('talk', { said: `"${secret}"` });
        await close();

        await assert.rejects(place.leave(), new Error(`Readable in the database: ${its}.`));
      });
    });
  }

  describe('in the copy of a database', () => {
    before(needs.postgres());

    it('finds one that was planted, and none in the original', async () => {
      const [original, copy] = [await postgresPlace(), await postgresPlace()];
      assert(original && copy);
      const { signIns, close } = await openLedger({ url: original.url, machineNow: () => NOON, sealKeys: [Buffer.alloc(32, 7)] });
      await signIns.keep(PARTNER, secret);
      await close();
      const admin = new pg.Client({ connectionString: postgresServer });
      await admin.connect();
      await admin.query(`CREATE TABLE ${copy.schema}.sign_in AS TABLE ${original.schema}.sign_in`);
      await admin.query(`UPDATE ${copy.schema}.sign_in SET sealed = $1`, [Buffer.from(secret).toString('base64')]);
      await admin.end();

      await assert.rejects(copy.leave(), new Error(`Readable in the database: ${its}.`));
      await original.leave();
    });
  });
});
