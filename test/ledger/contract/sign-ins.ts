import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { AuthorityUnavailableError, SignInNeededError } from '../../../src/commands/ports.js';
import type { TenantId } from '../../../src/domain/ids.js';
import type { Driver } from '../../../src/ledger/driver.js';
import type { OpenLedger } from '../../../src/ledger/ledger.js';
import { openPostgres } from '../../../src/ledger/postgres.js';
import { createSeal } from '../../../src/ledger/seal.js';
import { signInsOn, type SignInsOptions } from '../../../src/ledger/sign-ins.js';
import { openSqlite } from '../../../src/ledger/sqlite.js';
import { NOON, PARTNER, tenant } from '../builders.js';

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const ANOTHER = tenant(7);
const isNeeded = (error: unknown): boolean => error instanceof SignInNeededError;

/** A promise and the way to keep it. */
const later = <Value = void>() => {
  let keep = (_value: Value): void => undefined;
  const promise = new Promise<Value>((resolve) => { keep = resolve; });
  return { promise, keep };
};

export const signInsContract = (_opened: () => OpenLedger, url: () => string): void => {
  describe('the users who signed in for their partners', () => {
    let driver: Driver;
    let now: Date;
    before(() => { driver = url().startsWith('sqlite:') ? openSqlite(url().slice('sqlite:'.length)) : openPostgres(url()); });
    beforeEach(() => { now = NOON; });
    after(() => driver?.close());

    const store = (keys: readonly Buffer[] = [oldKey], over: Partial<SignInsOptions> = {}) => signInsOn(driver, { machineNow: () => now, seal: createSeal(keys), patienceMs: 200, ...over });
    const passes = (seconds: number): void => { now = new Date(now.getTime() + seconds * 1000); };
    /** What is kept, without changing it. */
    const kept = (signIns = store(), partner: TenantId = PARTNER) => signIns.redeem(partner, async (token) => ({ outcome: token }));
    const dump = async () => JSON.stringify(await driver.read({ sql: 'SELECT * FROM sign_in', params: [] }));
    const sealedOf = async (partner: TenantId) => String((await driver.read({ sql: 'SELECT sealed FROM sign_in WHERE partner = ?', params: [partner] }))[0]?.['sealed']);

    it('are kept where nobody who reads the table can read their tokens', async () => {
      const signIns = store();
      await signIns.keep(PARTNER, 'M.R3_refresh-token-of-Fabrikam');
      await signIns.redeem(PARTNER, async () => ({ outcome: '', refreshToken: 'M.R3_refresh-token, the-next-one' }));

      const all = await dump();
      for (const word of ['M.R3', 'refresh-token', 'the-next-one']) {
        for (const form of ['utf8', 'base64', 'base64url', 'hex'] as const) assert(!all.includes(Buffer.from(word).toString(form).replace(/=+$/, '')), `${word} as ${form}`);
      }
      assert.equal(await kept(), 'M.R3_refresh-token, the-next-one');
    });

    it('are sealed anew each time, so that the same token twice does not look the same', async () => {
      const signIns = store();
      await signIns.keep(PARTNER, 'same');
      const first = await sealedOf(PARTNER);
      await signIns.keep(PARTNER, 'same');

      assert.notEqual(await sealedOf(PARTNER), first);
    });

    it('are opened for the same partner only, although somebody moved the row', async () => {
      const signIns = store();
      await signIns.keep(PARTNER, 'of Fabrikam');
      await signIns.keep(ANOTHER, 'of another');

      await driver.write([{ sql: 'UPDATE sign_in SET sealed = ? WHERE partner = ?', params: [await sealedOf(PARTNER), ANOTHER] }]);

      await assert.rejects(kept(signIns, ANOTHER), isNeeded);
      assert.equal(await kept(signIns), 'of Fabrikam');
    });

    for (const [what, spoil] of [
      ['changed in one letter', (text: string) => `${text.slice(0, -3)}${text.at(-3) === 'A' ? 'B' : 'A'}${text.slice(-2)}`],
      ['cut short', (text: string) => text.slice(0, 24)],
      ['emptied', () => ''],
      ['written by hand', () => 'refresh-token'],
    ] as const) {
      it(`are not taken from a row that was ${what}`, async () => {
        const signIns = store();
        await signIns.keep(PARTNER, 'good');
        await driver.write([{ sql: 'UPDATE sign_in SET sealed = ? WHERE partner = ?', params: [spoil(await sealedOf(PARTNER)), PARTNER] }]);

        await assert.rejects(kept(), isNeeded);
      });
    }

    it('outlive a change of key: the first key seals, all of them open', async () => {
      await store([oldKey]).keep(PARTNER, 'old');
      const both = store([newKey, oldKey]);

      assert.equal(await kept(both), 'old');
      await both.redeem(PARTNER, async () => ({ outcome: '', refreshToken: 'new' }));

      assert.equal(await kept(store([newKey])), 'new');
      await assert.rejects(kept(store([oldKey])), isNeeded);
    });

    it('must sign in when nobody has, or when the key is lost', async () => {
      await assert.rejects(kept(), isNeeded);
      await store().keep(PARTNER, 'sealed with a key that is lost');

      await assert.rejects(kept(store([newKey])), isNeeded);
      await assert.rejects(kept(store([])), isNeeded);
      assert.equal(await kept(), 'sealed with a key that is lost');
    });

    it('cannot be kept without a key', async () => {
      await assert.rejects(store([]).keep(PARTNER, 'nowhere to go'), { name: 'SealBrokenError' });

      assert.equal(await dump(), '[]');
    });

    it('are redeemed one at a time for each partner, with the token that came back before', async () => {
      const signIns = [store([oldKey], { patienceMs: 5_000 }), store([oldKey], { patienceMs: 5_000 })] as const;
      await signIns[0].keep(PARTNER, '0');
      let underWay = 0;
      let most = 0;

      const seen = await Promise.all(Array.from({ length: 12 }, (_, number) => signIns[number % 2 === 0 ? 0 : 1].redeem(PARTNER, async (token) => {
        most = Math.max(most, underWay += 1);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return { outcome: Number(token), refreshToken: String(Number(token) + 1) };
      })));

      assert.equal(most, 1);
      assert.deepEqual([...seen].sort((one, other) => one - other), Array.from({ length: 12 }, (_, number) => number));
      assert.equal(await kept(), '12');
    });

    it('of one partner wait for nobody of another', async () => {
      const signIns = store();
      await Promise.all([signIns.keep(PARTNER, 'ours'), signIns.keep(ANOTHER, 'theirs')]);
      const answer = later();

      const slow = signIns.redeem(PARTNER, async () => { await answer.promise; return { outcome: 'at last' }; });

      assert.equal(await kept(signIns, ANOTHER), 'theirs');
      answer.keep();
      assert.equal(await slow, 'at last');
    });

    it('are told to come again when somebody else redeems for too long', async () => {
      const signIns = store();
      await signIns.keep(PARTNER, 'token');
      const [begun, answer] = [later(), later()];
      const slow = signIns.redeem(PARTNER, async () => { begun.keep(); await answer.promise; return { outcome: '' }; });
      await begun.promise;

      await assert.rejects(kept(), (error) => error instanceof AuthorityUnavailableError && !isNeeded(error) && error.about.retryAfterSeconds === 2);
      answer.keep();
      await slow;

      assert.equal(await kept(), 'token');
    });

    it('are free again when a redemption failed, with the token that was there', async () => {
      const signIns = store();
      await signIns.keep(PARTNER, 'token');

      await assert.rejects(signIns.redeem(PARTNER, () => Promise.reject(new AuthorityUnavailableError('token'))), AuthorityUnavailableError);

      assert.equal(await kept(), 'token');
    });

    it('of a process that died are taken over when its lease ends, with the token that it had', async () => {
      const signIns = store();
      await signIns.keep(PARTNER, 'token');
      const begun = later();
      void signIns.redeem(PARTNER, () => { begun.keep(); return new Promise<never>(() => undefined); });
      await begun.promise;

      passes(14.9);
      await assert.rejects(kept(), AuthorityUnavailableError);
      passes(0.1);
      assert.equal(await kept(), 'token');
    });

    it('keep the newer token when one that was taken for dead comes back', async () => {
      const signIns = store();
      await signIns.keep(PARTNER, '0');
      const [begun, answer] = [later(), later()];
      const slow = signIns.redeem(PARTNER, async () => { begun.keep(); await answer.promise; return { outcome: 'slow', refreshToken: 'older' }; });
      await begun.promise;
      passes(15);
      await signIns.redeem(PARTNER, async () => ({ outcome: '', refreshToken: 'newer' }));

      answer.keep();

      assert.equal(await slow, 'slow');
      assert.equal(await kept(), 'newer');
    });

    it('do not free a lease that is somebody else’s by now', async () => {
      const signIns = store();
      await signIns.keep(PARTNER, '0');
      const [first, second] = [{ begun: later(), answer: later() }, { begun: later(), answer: later() }];
      const begin = ({ begun, answer }: typeof first) => signIns.redeem(PARTNER, async () => { begun.keep(); await answer.promise; return { outcome: '' }; });
      const slow = begin(first);
      await first.begun.promise;
      passes(15);
      const successor = begin(second);
      await second.begun.promise;

      first.answer.keep();
      await slow;

      await assert.rejects(kept(), AuthorityUnavailableError);
      second.answer.keep();
      await successor;
    });

    it('win when they sign in anew while the old token is redeemed', async () => {
      const signIns = store();
      await signIns.keep(PARTNER, 'old');

      const outcome = await signIns.redeem(PARTNER, async () => {
        await signIns.keep(PARTNER, 'of a new sign-in');
        return { outcome: 'an access token', refreshToken: 'from the old one' };
      });

      assert.equal(outcome, 'an access token');
      assert.equal(await kept(), 'of a new sign-in');
    });

    it('are asked for again ten minutes after Microsoft refused one, or when they sign in', async () => {
      const signIns = store();
      await signIns.keep(PARTNER, 'refused one');
      const refused = signIns.redeem(PARTNER, async (_token, refuse) => { await refuse('invalid_grant 50173'); throw new SignInNeededError('token'); });
      await assert.rejects(refused, isNeeded);
      assert.deepEqual((await signIns.all()).map(({ refused: code }) => code), ['invalid_grant 50173']);

      passes(599);
      await assert.rejects(kept(), isNeeded);
      passes(1);
      assert.equal(await kept(), 'refused one');
      await signIns.keep(PARTNER, 'anew');

      assert.equal(await kept(), 'anew');
      assert.deepEqual(await signIns.all(), [{ partner: PARTNER, signedInAt: now.toISOString(), renewedAt: now.toISOString() }]);
    });

    it('are trusted again as soon as a refused token is taken after all', async () => {
      const signIns = store();
      await signIns.keep(PARTNER, 'token');
      await signIns.redeem(PARTNER, async (_token, refuse) => { await refuse('interaction_required 53003'); return { outcome: '' }; });
      passes(600);

      await signIns.redeem(PARTNER, async () => ({ outcome: '', refreshToken: 'next' }));

      assert.deepEqual((await signIns.all()).map(({ refused }) => refused), [undefined]);
      assert.equal(await kept(), 'next');
    });

    it('are not refused for a token that they had before they signed in anew', async () => {
      const signIns = store();
      await signIns.keep(PARTNER, 'taken back');

      const redeemed = signIns.redeem(PARTNER, async (_token, refuse) => {
        await signIns.keep(PARTNER, 'of a new sign-in');
        await refuse('invalid_grant 50173');
        throw new SignInNeededError('token');
      });

      await assert.rejects(redeemed, isNeeded);
      assert.equal(await kept(), 'of a new sign-in');
      assert.deepEqual((await signIns.all()).map(({ refused }) => refused), [undefined]);
    });

    it('are listed with the days that count, and without their tokens', async () => {
      const signIns = store();
      await signIns.keep(ANOTHER, 'secret words');
      passes(60);
      await signIns.keep(PARTNER, 'secret words');
      passes(60);
      await signIns.redeem(PARTNER, async () => ({ outcome: '', refreshToken: 'more secret words' }));

      const at = (seconds: number): string => new Date(NOON.getTime() + seconds * 1000).toISOString();
      assert.deepEqual(await signIns.all(), [
        { partner: PARTNER, signedInAt: at(60), renewedAt: at(120) }, { partner: ANOTHER, signedInAt: at(0), renewedAt: at(0) },
      ]);
    });
  });
};
