import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryApp, refreshTokenOf } from '../../../src/local/partner-center/credentials.js';
import * as at from './a-sandbox.js';
import { appAt, gist } from './a-sign-in.js';

const day = 86_400;

describe('a refresh token', () => {
  let sandbox: at.OpenSandbox;
  let app: ReturnType<typeof appAt>;
  beforeEach(async () => {
    sandbox = await at.openSandbox();
    app = appAt(sandbox);
  });
  afterEach(() => sandbox.close());

  const daysPass = (days: number) => sandbox.control('POST', 'clock', { advanceSeconds: days * day });
  const minted = async (wish: object): Promise<string> => (await sandbox.control('POST', 'refresh-tokens', wish)).body['refreshToken'];

  it('gives a new one each time, and stays good beside it', async () => {
    const first = (await app.signedIn(at.FABRIKAM, at.MURAT)).refresh_token;
    const second = (await app.refresh(at.FABRIKAM, first)).body.refresh_token;
    const third = (await app.refresh(at.FABRIKAM, second, { version: 2 })).body.refresh_token;

    assert.equal(new Set([first, second, third]).size, 3);
    for (const one of [first, second, third]) assert.equal((await app.refresh(at.FABRIKAM, one)).status, 200);
  });

  it('opens what its person may, and says again who that is', async () => {
    const { refresh_token: kept } = await app.signedIn(at.FABRIKAM, at.MURAT);
    const { body } = await app.refresh('organizations', kept, { version: 2 });

    assert.equal(await app.opens(`${sandbox.partnerCenterUrl}/v1/customers/relationshiprequests`, body.access_token), 200);
    assert(body.id_token);
  });

  it('lives 90 days of business time after its own issue', async () => {
    const first = (await app.signedIn(at.FABRIKAM, at.MURAT)).refresh_token;
    await daysPass(89);
    const second = (await app.refresh(at.FABRIKAM, first)).body.refresh_token;
    await daysPass(1);

    const late = await app.refresh(at.FABRIKAM, first);
    assert.deepEqual([...gist(late), late.body.suberror], [400, 'invalid_grant', 700082, 'bad_token']);
    assert.match(late.body.error_description ?? '', /^AADSTS700082: The refresh token has expired due to inactivity\. The token was issued on 2026-11-22T12:00:/);
    assert.equal((await app.refresh(at.FABRIKAM, second)).status, 200);
  });

  it('outlives a restart, and the file holds only its hash', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const file = join(folder, 'sandbox.sqlite');
    try {
      const before = await at.openSandbox({ file });
      const { refresh_token: kept = '' } = await appAt(before).signedIn(at.FABRIKAM, at.MURAT);
      await before.close();

      assert(!readFileSync(file).includes(kept));
      const after = await at.openSandbox({ file });
      assert.equal((await appAt(after).refresh(at.FABRIKAM, kept)).status, 200);
      await after.control('POST', 'reset');
      assert.deepEqual(gist(await appAt(after).refresh(at.FABRIKAM, kept)), [400, 'invalid_grant', 9002313]);
      await after.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of a sign-in without a second factor is refused for Partner Center, in the words of each version', async () => {
    const { refresh_token: kept } = await app.signedIn(at.FABRIKAM, at.MURAT, { mfa: false });

    const [first, second] = [await app.refresh(at.FABRIKAM, kept), await app.refresh(at.FABRIKAM, kept, { version: 2 })];
    assert.deepEqual([...gist(first), first.body.suberror], [400, 'interaction_required', 50076, 'basic_action']);
    assert.deepEqual([...gist(second), second.body.suberror], [400, 'invalid_grant', 50076, 'basic_action']);
    assert.equal((await app.refresh(at.FABRIKAM, kept, { more: { resource: sandbox.graphUrl } })).status, 200);
  });

  it('of somebody whose account was blocked since is refused', async () => {
    const { refresh_token: kept } = await app.signedIn(at.FABRIKAM, at.MURAT);
    await sandbox.control('PATCH', `people/${at.MURAT}`, { enabled: false });

    assert.deepEqual(gist(await app.refresh(at.FABRIKAM, kept)), [400, 'invalid_grant', 50057]);
  });

  it('belongs to one app and one tenant', async () => {
    const { refresh_token: kept } = await app.signedIn(at.FABRIKAM, at.MURAT);

    assert.deepEqual(gist(await app.refresh(at.NORTHWIND, kept)), [400, 'invalid_grant', 9002313]);
    assert.deepEqual(gist(await app.refresh(at.FABRIKAM, kept, { app: directoryApp })), [400, 'invalid_grant', 9002313]);
  });

  it('of an app whose consent was taken back asks for it', async () => {
    const { refresh_token: kept } = await app.signedIn(at.CONTOSO, at.AYSE, { app: directoryApp, scope: `${sandbox.graphUrl}/.default offline_access` });
    await sandbox.control('POST', 'consent', { tenant: at.CONTOSO, consented: false });

    const { status, body } = await app.refresh(at.CONTOSO, kept, { app: directoryApp, version: 2 });
    assert.deepEqual([status, body.error, body.error_codes, body.suberror], [400, 'invalid_grant', [65001], 'consent_required']);
  });

  it('can be minted, of any age, also where nobody can sign in', async () => {
    assert.equal((await app.refresh(at.FABRIKAM, await minted({ tenant: at.FABRIKAM }))).status, 200);
    assert.equal((await app.refresh(at.PROVIDER, await minted({ tenant: at.PROVIDER, ageDays: 89 }))).status, 200);
    assert.deepEqual(gist(await app.refresh(at.FABRIKAM, await minted({ tenant: at.FABRIKAM, ageDays: 90 }))), [400, 'invalid_grant', 700082]);
    assert.deepEqual(gist(await app.refresh(at.FABRIKAM, await minted({ tenant: at.FABRIKAM, mfa: false }))), [400, 'interaction_required', 50076]);
    assert.equal((await sandbox.control('POST', 'refresh-tokens', { tenant: at.NOBODY })).status, 404);
  });

  it('that the sandbox prints never ages and never changes', async () => {
    await daysPass(500);
    const { status, body } = await app.refresh(at.FABRIKAM, refreshTokenOf(at.FABRIKAM));

    assert.deepEqual([status, body.refresh_token, body.id_token], [200, refreshTokenOf(at.FABRIKAM), undefined]);
  });

  describe('when the login service is told to refuse', () => {
    for (const [fail, status, error, suberror] of [
      [50076, 400, 'interaction_required', 'basic_action'],
      [50079, 400, 'interaction_required', 'basic_action'],
      [50158, 400, 'interaction_required', 'basic_action'],
      [65001, 400, 'invalid_grant', 'consent_required'],
      [700082, 400, 'invalid_grant', 'bad_token'],
      [50173, 400, 'invalid_grant', 'bad_token'],
      [7000222, 401, 'invalid_client', undefined],
    ] as const) {
      it(`says ${fail} as often as was said, to that tenant`, async () => {
        await sandbox.control('POST', 'login', { tenant: at.FABRIKAM, fail, times: 1 });

        assert.equal((await app.refresh(at.NORTHWIND, refreshTokenOf(at.NORTHWIND))).status, 200);
        const { body, ...answer } = await app.refresh(at.FABRIKAM, refreshTokenOf(at.FABRIKAM));
        assert.deepEqual([answer.status, body.error, body.error_codes, body.suberror], [status, error, [fail], suberror]);
        assert.equal((await app.refresh(at.FABRIKAM, refreshTokenOf(at.FABRIKAM))).status, 200);
      });
    }

    it('goes on until somebody takes it back', async () => {
      const status = async () => (await app.refresh(at.FABRIKAM, refreshTokenOf(at.FABRIKAM))).status;
      await sandbox.control('POST', 'login', { tenant: at.FABRIKAM, fail: 50173 });
      assert.deepEqual([await status(), await status()], [400, 400]);

      await sandbox.control('POST', 'login', { tenant: at.FABRIKAM, fail: null });
      assert.equal(await status(), 200);
      assert.equal((await sandbox.control('POST', 'login', { tenant: at.FABRIKAM, fail: 1 })).status, 400);
    });
  });
});
