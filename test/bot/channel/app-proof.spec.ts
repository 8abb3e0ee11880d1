import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importX509, jwtVerify } from 'jose';
import { readCertificate } from '../../../src/identity/certificate.js';
import { createManagedIdentity } from '../../../src/identity/managed-identity.js';
import { aPem } from '../../identity/a-pem.js';
import { APP_ID, NOON } from './key-service.js';
import { aChannel, startTeams, type Teams } from './teams-service.js';

const hello = { text: 'hello' };

describe('a bot without a password', () => {
  let teams: Teams;
  beforeEach(async () => { teams = await startTeams(); });
  afterEach(() => teams.close());

  describe('but with a certificate', () => {
    let pem: Awaited<ReturnType<typeof aPem>>;
    before(async () => { pem = await aPem(); });
    const certified = async () => {
      const { proof } = await readCertificate(pem.key + pem.certificate, () => NOON);
      return aChannel(teams, { appPassword: undefined, assertion: (endpoint) => proof(APP_ID, endpoint) });
    };
    const form = (login = 0): Readonly<Record<string, string>> => Object.fromEntries(new URLSearchParams(teams.logins[login]?.text));

    it('gets its token for a proof that was made for that very endpoint', async () => {
      const { channel, elif } = await certified();

      await channel.send(elif, hello);

      const { client_assertion: proof = '', ...others } = form();
      assert.deepEqual(others, {
        grant_type: 'client_credentials', client_id: APP_ID, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', scope: 'https://api.botframework.com/.default',
      });
      const audience = `${teams.url}${teams.logins[0]?.path}`;
      assert.equal(audience, `${teams.url}/a0000000-0000-0000-0000-000000000001/oauth2/v2.0/token`);
      await jwtVerify(proof, await importX509(pem.certificate, 'PS256'), { algorithms: ['PS256'], audience, issuer: APP_ID, subject: APP_ID, currentDate: NOON });
      assert.equal(teams.requests[0]?.headers.authorization, 'Bearer secret-token-1');
    });

    it('asks once for many messages, and with a new proof the next time', async () => {
      const { channel, elif, clock } = await certified();
      await Promise.all(Array.from({ length: 10 }, () => channel.send(elif, hello)));
      assert.equal(teams.logins.length, 1);

      clock.now = new Date(NOON.getTime() + (3600 - 300) * 1000);
      await channel.send(elif, hello);

      assert.equal(teams.logins.length, 2);
      assert.notEqual(form(1)['client_assertion'], form(0)['client_assertion']);
    });

    it('keeps the message here when the login service does not know the certificate, and logs no proof', async () => {
      const { channel, elif, lines } = await certified();
      teams.login = () => ({ status: 401, body: { error: 'invalid_client', error_description: 'AADSTS700027: the certificate is not registered' } });

      await assert.rejects(channel.send(elif, hello), { name: 'MessengerUnavailableError' });

      assert.equal(teams.requests.length, 0);
      assert.match(lines.join(''), /gave the bot no token.*credential/);
      assert.doesNotMatch(lines.join(''), /AADSTS|eyJ/);
    });
  });

  describe('but with a managed identity', () => {
    let asked: URL[];
    let isAway: boolean;
    let seconds: number;
    const server = createServer((req, res) => {
      asked.push(new URL(req.url ?? '', 'http://x'));
      if (isAway) return void res.destroy();
      res.end(JSON.stringify({ access_token: `machine-token-${asked.length}`, expires_on: String(seconds) }));
    });
    before((done) => void server.listen(0, '127.0.0.1', done));
    after(() => { server.closeAllConnections(); server.close(); });
    beforeEach(() => { [asked, isAway, seconds] = [[], false, NOON.getTime() / 1000 + 86_400]; });

    const identified = () => {
      const clock = { now: NOON };
      const identityToken = createManagedIdentity({ clientId: APP_ID, machineNow: () => clock.now, service: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi`, header: 'h' } });
      const found = aChannel(teams, { appPassword: undefined, identityToken, machineNow: () => clock.now });
      return { ...found, clock };
    };

    it('sends with a token of its machine, and never asks the login service', async () => {
      const { channel, elif } = identified();

      await Promise.all(Array.from({ length: 10 }, () => channel.send(elif, hello)));

      assert.deepEqual(asked.map(({ searchParams }) => Object.fromEntries(searchParams)), [{ resource: 'https://api.botframework.com', client_id: APP_ID, 'api-version': '2019-08-01' }]);
      assert.deepEqual(new Set(teams.requests.map(({ headers }) => headers.authorization)), new Set(['Bearer machine-token-1']));
      assert.equal(teams.logins.length, 0);
    });

    it('keeps it until five minutes before its end', async () => {
      const { channel, elif, clock } = identified();
      await channel.send(elif, hello);
      clock.now = new Date(NOON.getTime() + (86_400 - 301) * 1000);
      await channel.send(elif, hello);
      assert.equal(asked.length, 1);

      clock.now = new Date(NOON.getTime() + (86_400 - 300) * 1000);
      seconds += 86_400;
      await channel.send(elif, hello);

      assert.equal(asked.length, 2);
      assert.equal(teams.requests.at(-1)?.headers.authorization, 'Bearer machine-token-2');
    });

    it('keeps the message here while the machine gives none, says so to the operator, and goes on when it does', async () => {
      const { channel, elif, lines } = identified();
      isAway = true;
      await assert.rejects(channel.send(elif, hello), { name: 'MessengerUnavailableError' });
      assert.match(lines.join(''), /managed identity gave the bot no token/);
      assert.deepEqual([teams.requests.length, teams.logins.length], [0, 0]);

      isAway = false;
      await channel.send(elif, hello);

      assert.equal(teams.requests.length, 1);
    });
  });
});
