import assert from 'node:assert/strict';
import { createTokenCheck } from '../../../src/bot/channel/token-check.js';
import { createLog } from '../../../src/log.js';
import { APP_ID, ISSUER, type KeyService, mint, NOON, noonSeconds, keyPair, SERVICE_URL, startKeyService } from './key-service.js';

const minutes = (count: number): number => count * 60_000;

describe('the keys behind the token check', () => {
  let service: KeyService;
  let lines: string[];
  const clock = { now: NOON };
  const later = (ms: number): void => { clock.now = new Date(clock.now.getTime() + ms); };
  const fresh = (kid: string) => keyPair(kid).then(({ privateKey }) =>
    mint({ key: privateKey, header: { kid }, claims: { exp: clock.now.getTime() / 1000 + 600 } }));
  const aCheck = () => createTokenCheck({
    appId: APP_ID, openIdMetadataUrl: service.metadataUrl, issuer: ISSUER, machineNow: () => clock.now,
    log: createLog({ level: 'info', form: 'json', to: { write: (line) => void lines.push(line) } }),
  });

  beforeEach(async () => { service = await startKeyService(); lines = []; clock.now = NOON; });
  afterEach(() => service.close());

  it('tell which service the caller speaks for', async () => {
    assert.deepEqual(await aCheck().check(await mint()), { serviceUrl: SERVICE_URL });
  });

  it('are read before the first token when somebody thinks of it', async () => {
    const tokens = aCheck();
    assert.equal(tokens.isReady(), false);

    await tokens.warm();
    assert.equal(tokens.isReady(), true);
    await tokens.check(await mint());

    assert.equal(service.reads, 1);
  });

  it('may be out of reach at the start without stopping it', async () => {
    service.mood = 'broken';
    const tokens = aCheck();

    await tokens.warm();

    assert.equal(tokens.isReady(), false);
    assert.match(lines.join(''), /signing keys of the channel could not be read/);
  });

  it('are asked for a new one at once, but only once a minute', async () => {
    const tokens = aCheck();
    await tokens.warm();
    service.published = { ...service.published, rolled: ['msteams'] };

    await assert.rejects(tokens.check(await fresh('rolled')), { name: 'TokenRefusedError' });
    assert.equal(service.reads, 1);

    later(minutes(1));
    await Promise.all(Array.from({ length: 10 }, async () => tokens.check(await fresh('rolled'))));
    assert.equal(service.reads, 2);

    for (let guess = 0; guess < 20; guess += 1) {
      await assert.rejects(tokens.check(await mint({ header: { kid: `guess-${guess}` } })), { name: 'TokenRefusedError' });
    }
    assert.equal(service.reads, 2);
  });

  it('are forgotten when the channel withdraws them', async () => {
    const tokens = aCheck();
    await tokens.warm();
    service.published = { rolled: ['msteams'] };
    later(minutes(1));
    await tokens.check(await fresh('rolled'));

    await assert.rejects(tokens.check(await fresh('good')), { name: 'TokenRefusedError' });
  });

  it('may go while a token that held is still believed, for five minutes', async () => {
    const tokens = aCheck();
    const [token, other] = [await fresh('good'), await mint({ header: { kid: 'good' }, claims: { jti: 'other' } })];
    await tokens.check(token);
    service.published = { rolled: ['msteams'] };
    later(minutes(1));
    await tokens.check(await fresh('rolled'));

    assert.deepEqual(await tokens.check(token), { serviceUrl: SERVICE_URL });
    await assert.rejects(tokens.check(other), { name: 'TokenRefusedError' });
    later(minutes(4));
    await assert.rejects(tokens.check(token), { name: 'TokenRefusedError' });
  });

  it('prove a token that is not believed beyond its end, nor by a clock set back', async () => {
    const tokens = aCheck();
    // Accepted until six minutes past noon, with the five of skew.
    const token = await mint({ claims: { nbf: noonSeconds, exp: noonSeconds + 60 } });
    later(minutes(4));
    await tokens.check(token);

    later(minutes(1.5));
    await tokens.check(token);
    later(minutes(1));
    await assert.rejects(tokens.check(token), { name: 'TokenRefusedError' });

    // An hour before it was issued: what is believed must be asked again.
    later(-minutes(66.5));
    await assert.rejects(tokens.check(token), { name: 'TokenRefusedError' });
  });

  it('prove no token by another one that begins alike', async () => {
    const tokens = aCheck();
    const token = await mint();
    await tokens.check(token);

    const [header, , signature] = token.split('.');
    const claims = Buffer.from(JSON.stringify({ aud: APP_ID, iss: ISSUER, serviceurl: 'https://evil.example/', exp: noonSeconds + 3600 })).toString('base64url');
    await assert.rejects(tokens.check(`Bearer ${header?.replace('Bearer ', '')}.${claims}.${signature}`), { name: 'TokenRefusedError' });
  });

  it('are renewed after a day, while the old ones still serve', async () => {
    const tokens = aCheck();
    await tokens.warm();
    later(minutes(24 * 60));

    await tokens.check(await fresh('good'));
    for (let patience = 500; service.reads < 2 && patience > 0; patience -= 1) await new Promise((resolve) => setTimeout(resolve, 10));

    assert.equal(service.reads, 2);
  });

  for (const mood of ['broken', 'cut', 'redirecting'] as const) {
    it(`still serve when their service is ${mood}, and it is not pressed`, async () => {
      const tokens = aCheck();
      await tokens.warm();
      service.mood = mood;
      later(minutes(48 * 60));

      for (let times = 0; times < 5; times += 1) await tokens.check(await fresh('good'));
      await assert.rejects(tokens.check(await fresh('unheard-of')), { name: 'TokenRefusedError' });

      assert.equal(service.reads, 2);
    });
  }

  it('are unavailable when there never were any, and come back alone', async () => {
    service.mood = 'cut';
    const tokens = aCheck();

    await assert.rejects(tokens.check(await mint()), { name: 'KeysUnavailableError' });
    await assert.rejects(tokens.check(await mint()), { name: 'KeysUnavailableError' });
    assert.equal(service.reads, 1);

    service.mood = 'well';
    later(1_000);
    assert.deepEqual(await tokens.check(await mint()), { serviceUrl: SERVICE_URL });
  });

  it('are waited for five seconds and no longer', async () => {
    service.mood = 'silent';
    const startedAt = Date.now();

    await assert.rejects(aCheck().check(await mint()), { name: 'KeysUnavailableError' });

    const took = Date.now() - startedAt;
    assert.ok(took > 4_000 && took < 8_000, String(took));
  });

  it('are of no use when none is published', async () => {
    const tokens = aCheck();
    await tokens.warm();
    service.published = {};
    later(minutes(24 * 60));
    await tokens.warm();

    await tokens.check(await fresh('good'));
    assert.match(lines.join(''), /could not be read/);
  });

  it('keep nothing of a refused token in the error\'s message', async () => {
    const token = await mint({ claims: { exp: noonSeconds - 3600 } });

    await assert.rejects(aCheck().check(token), (error: Error) => error.name === 'TokenRefusedError' && error.message === 'The token was refused.');
  });
});
