import { strict as assert } from 'node:assert';
import { createChannel } from '../../src/bot/channel/channel.js';
import { createMessenger } from '../../src/bot/messenger.js';
import { MessengerOutcomeUnknownError, type Messenger, type Ports } from '../../src/commands/ports.js';
import { aPerson } from '../helpers/builders.js';
import { runErrands } from '../helpers/run-errands.js';
import { TooLateError } from '../../src/wire.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { aDraft, anAcquaintance, anErrand, drafting, NOON, PARTNER, person, sent, toCustomer } from '../ledger/builders.js';
import { startChannel, type Trouble } from './a-channel.js';
import { chanceFrom } from './chance.js';
import { figure } from './figure.js';
import { onBothEngines, type Engine } from './places.js';
import { rowsAt } from './rows.js';

const faultShare = 0.3;
const peopleCount = 250;
const kinds: readonly Trouble[] = [
  { status: 429, retryAfter: 2 }, { status: 412 }, { status: 500 }, { status: 502 }, { silent: 'before', cut: true }, { silent: 'after', cut: true }, { silent: 'before', cut: false }, { silent: 'after', cut: false },
];
const isUnknown = (trouble: Trouble | undefined): boolean => trouble !== undefined && ('silent' in trouble || trouble.status >= 500);

export const deliveredOrDead = ({ notices, engines }: { readonly notices: number; readonly engines?: readonly Engine[] }): void => {
  describe('G5 and G6: every notice is delivered or ends in a visible dead letter, and comes twice only after an unknown outcome', function () {
    this.timeout(1_200_000);

    onBothEngines((at, engine) => {
      it(`${notices} notices under ${faultShare * 100} % faults`, async () => {
        const { url } = at();
        const chance = chanceFrom(20261128);
        const arrived = new Map<string, number>();
        const unknown = new Set<string>();
        const cameLate = new Set<string>();
        let faults = 0;
        const noticeIn = (body: unknown): string => /PR-[A-Z0-9]{3}-[A-Z0-9]{3}/.exec(JSON.stringify(body))?.[0] ?? '';
        const channel = await startChannel({
          appId: 'app',
          trouble: ({ body }) => {
            if (chance() >= faultShare) return undefined;
            faults += 1;
            const trouble = kinds[Math.floor(chance() * kinds.length)];
            if (isUnknown(trouble)) unknown.add(noticeIn(body));
            return trouble;
          },
          onSent: ({ body }) => void arrived.set(noticeIn(body), (arrived.get(noticeIn(body)) ?? 0) + 1),
        });
        // Only the waiting between tries is made shorter: the clock moves on as soon as nothing is due.
        let machine = NOON.getTime();
        const machineNow = (): Date => new Date(machine);
        const { ledger, errands, close } = await openLedger({ url, machineNow });
        const wire = createChannel({
          appId: 'app', appPassword: 'story-secret', tokenTenant: 'tenant', loginUrl: `${channel.url}/login`, oauthScope: 'scope', isAllowedServiceUrl: () => true,
          log: { info: () => undefined, warn: () => undefined, error: () => undefined }, machineNow: () => new Date(), timeoutMs: 1_000,
        });
        const messenger = createMessenger(wire, { now: machineNow, isTrial: false, installUrl: '', ownPages: undefined });
        // A machine that is busy elsewhere makes an answer late that was meant to come.
        const send: Messenger['send'] = (to, view) => messenger.send(to, view).catch((error: unknown) => {
          if (error instanceof MessengerOutcomeUnknownError && error.cause instanceof TooLateError) cameLate.add(noticeIn(view));
          throw error;
        });
        const ports = {
          ledger, errands, messenger: { ...messenger, send }, directory: { person: () => Promise.resolve(aPerson()) },
          clock: { now: machineNow, machineNow }, chance: { guid: () => '', byte: () => Math.floor(chance() * 256), key: () => '' }, trace: (_name: string, act: () => unknown) => act(),
        } as unknown as Ports;

        for (let number = 0; number < peopleCount; number += 1) await ledger.meet(anAcquaintance({ tenant: PARTNER, person: person(number), language: 'en', conversation: `a:${number}`, teamsUser: `29:${number}`, serviceUrl: `${channel.url}/` }));
        for (let number = 1; number <= notices; number += 1) {
          const to = person(number % peopleCount);
          const draft = sent(aDraft(number, toCustomer(number + 100)));
          await ledger.record({ ...drafting(draft), errands: [anErrand(`tell/${draft.id}`, { lane: to, invitation: draft.id, body: { tenant: PARTNER, person: to, subject: 'approved', side: 'partner' } })] });
        }

        const run = runErrands(ports);
        let [oldest, tries] = [0, 0];
        for (let depth = await errands.depth(machineNow()); depth.waiting > 0; depth = await errands.depth(machineNow())) {
          oldest = Math.max(oldest, depth.oldestDueSeconds);
          const ran = await run();
          tries += ran.length;
          if (ran.length === 0) machine += 1_000;
          assert(machine < NOON.getTime() + 24 * 3_600_000, 'within a day');
        }
        await Promise.all([close(), channel.stop()]);

        const rows = await rowsAt(url);
        const outcome = new Map((await rows(`SELECT reference, errand.state AS state, reason FROM errand JOIN invitation ON invitation.id = errand.invitation WHERE topic = 'tell'`)).map((row) => [String(row['reference']), row]));
        await rows.close();
        const all = [...outcome.keys()];
        const isUnknownOf = (notice: string): boolean => unknown.has(notice) || cameLate.has(notice);
        const dead = all.filter((notice) => outcome.get(notice)?.['state'] === 'dead');
        const silent = all.filter((notice) => !arrived.has(notice) && outcome.get(notice)?.['state'] !== 'dead');
        const twice = all.filter((notice) => (arrived.get(notice) ?? 0) > 1);
        figure('G5, G6', `${engine}: ${all.length} notices, ${tries} tries, ${faults} faults, ${arrived.size} arrived, ${dead.length} dead letters, ${silent.length} unaccounted for; ${twice.length} came twice, all after an unknown outcome; the oldest due was ${oldest} s old; ${Math.round((machine - NOON.getTime()) / 60_000)} min of waiting`);
        assert.equal(all.length, notices);
        assert.deepEqual(silent, [], 'delivered or dead');
        assert.deepEqual(dead.filter((notice) => outcome.get(notice)?.['reason'] !== 'MessengerOutcomeUnknownError' || !isUnknownOf(notice)), [], 'a dead letter says why');
        assert.deepEqual(twice.filter((notice) => !isUnknownOf(notice) || (arrived.get(notice) ?? 0) > 2), [], 'twice at most, and only after an unknown outcome');
        assert(faults > notices * 0.25);
      });
    }, engines);
  });
};
