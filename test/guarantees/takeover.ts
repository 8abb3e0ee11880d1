import { strict as assert } from 'node:assert';
import { openLedger } from '../../src/ledger/ledger.js';
import { needs } from '../helpers/parts.js';
import { postgresPlace, type Place } from '../ledger/engines.js';
import { startLive, type LiveDeployment } from '../stories/live.js';
import { dataOf, until, type Service } from '../stories/product.js';
import { startChannel, type Account, type Channel, type Sent } from './a-channel.js';
import { figure } from './figure.js';

const withinMs = 90_000;

export const takeover = (): void => {
  describe('G13: two replicas', function () {
    this.timeout(240_000);
    let place: Place | undefined;
    let channel: Channel | undefined;
    let live: LiveDeployment | undefined;
    let second: Service | undefined;
    before(needs.postgres());
    after(async () => {
      await second?.kill();
      await live?.stop();
      await channel?.stop();
      await place?.leave();
    });

    it('one that is killed with a notice in its hands is followed by the other, and the notice comes once', async () => {
      const heard: Sent[] = [];
      const held: Sent[] = [];
      let mute: string | undefined;
      place = await postgresPlace();
      channel = await startChannel({
        appId: '5f0c6a52-0b1d-4c57-9a59-2f6f3f5d1e01', onSent: (sent) => void heard.push(sent),
        trouble: (sent) => {
          if (sent.person !== mute || sent.method !== 'POST') return undefined;
          held.push(sent);
          return { silent: 'before', cut: false };
        },
      });
      live = await startLive({ ...channel.settings, DATABASE_URL: place?.url ?? '' });
      const { signIns, close } = await openLedger({ url: place?.url ?? '', machineNow: () => new Date(), sealKeys: [Buffer.from(live.sealKey, 'base64')] });
      for (const { tenant, refreshToken } of live.sandbox.partners) await signIns.keep(tenant, refreshToken);
      await close();

      const { elif, ayse } = live.story;
      const [agent, admin]: readonly [Account, Account] = [{ ...elif, locale: 'en-US' }, { ...ayse, locale: 'en-US' }];
      const [first, by] = [live.product, channel];
      const say = async (activity: unknown): Promise<void> => assert.equal((await by.deliver(first.url, activity)).status, 200);
      const button = (person: Account, verb: string) => until(verb, () => {
        const found = heard.filter((sent) => sent.person === person.id).map(({ id, body }) => ({ id, data: dataOf((body['attachments'] as { content?: unknown }[] | undefined)?.[0]?.content, verb) }));
        return found.findLast(({ data }) => data !== undefined);
      }, 20_000);
      for (const one of [agent, admin]) await say(by.arrival(one));
      await say(by.message(agent, 'invite contoso.com because Azure backup'));
      const preview = await button(agent, 'send-invitation');
      await say(by.press(agent, 'send-invitation', { ...preview.data, reason: 'Azure backup', notCsp: 'true' }, preview.id));
      const request = await button(admin, 'decline-invitation');

      mute = agent.id;
      await say(by.press(admin, 'decline-invitation', { ...request.data, declineReason: 'notNow' }, request.id));
      await until('the notice to be on its way', () => held.length > 0, 20_000);
      second = await first.another();
      await second.run();
      await first.kill('SIGKILL');
      const killedAt = performance.now();
      mute = undefined;

      const notices = () => heard.filter(({ person, body }) => person === agent.id && /declined PR-/.test(JSON.stringify(body)));
      await until('the notice', () => notices().length > 0, withinMs + 30_000);
      const tookMs = performance.now() - killedAt;
      assert.equal(held.length, 1);
      assert(tookMs < withinMs, `after ${tookMs} ms`);
      assert.equal(notices().length, 1);
      figure('G13', `two replicas: the notice that one was sending when it was killed came from the other after ${Math.round(tookMs / 1000)} s; the lease is 60 s`);
    });
  });
};
