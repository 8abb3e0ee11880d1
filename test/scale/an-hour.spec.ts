import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Messenger, Ports } from '../../src/commands/ports.js';
import { runErrands } from '../helpers/run-errands.js';
import { watchRelationships } from '../../src/commands/watch-relationships.js';
import { asPersonId, asTenantId, type PersonId, type TenantId } from '../../src/domain/ids.js';
import { capabilitiesOf } from '../../src/domain/rules.js';
import { openLedger, type OpenLedger } from '../../src/ledger/ledger.js';
import { startSandbox, type Sandbox } from '../../src/local/partner-center/sandbox.js';
import { createMicrosoft } from '../../src/microsoft/microsoft.js';

const partnersCount = 200;
const customersEach = 100;
const [minuteMs, pollMinutes, limitAMinute] = [60_000, 5, 500];
const began = Date.parse('2026-11-23T08:00:00Z');

const idOf = (group: string, number: number): string => `${group.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;
const partnerOf = (at: number): TenantId => asTenantId(idOf('a', at));
const customerOf = (partner: number, at: number): TenantId => asTenantId(idOf('c', partner * customersEach + at));
const adminOf = (partner: number, at: number): PersonId => asPersonId(idOf('d', partner * customersEach + at));
const agentOf = (partner: number): PersonId => asPersonId(idOf('e', partner));

/** 200 partners with 100 customers each; the last customer of each has not accepted yet. */
const aCrowd = () => ({
  now: new Date(began).toISOString(),
  tenants: Array.from({ length: partnersCount }, (_, partner) => [
    { id: partnerOf(partner), name: `Partner ${partner}`, domains: [`partner${partner}.com`], country: 'TR', csp: { type: 'directBill' }, people: [{ id: agentOf(partner), name: 'Agent', roles: ['adminAgent'] }] },
    ...Array.from({ length: customersEach }, (__, at) => ({
      id: customerOf(partner, at), name: `Customer ${partner}-${at}`, domains: [`customer${partner}-${at}.com`], country: 'TR', people: [{ id: adminOf(partner, at), name: 'Admin', roles: ['globalAdmin'] }],
    })),
  ]).flat(),
  grants: Array.from({ length: partnersCount }, (_, partner) => Array.from({ length: customersEach - 1 }, (__, at) => (
    { kind: 'reseller', partner: partnerOf(partner), customer: customerOf(partner, at), since: '2026-01-01T00:00:00Z' }
  ))).flat(),
  subscriptions: [],
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('an hour of 200 partners with 20,000 customers', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'crowd-'));
  let machine = began;
  const machineNow = (): Date => new Date(machine);
  let sandbox: Sandbox;
  let opened: OpenLedger;

  before(async () => {
    sandbox = await startSandbox({ world: aCrowd(), file: ':memory:', host: '127.0.0.1', port: 0, machineNow });
    opened = await openLedger({ url: `sqlite:${join(folder, 'ledger.sqlite')}`, machineNow });
  });
  after(async () => {
    await Promise.all([sandbox.close(), opened.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('stays under Microsoft’s limits, tells news within one look, and takes no more memory at its end than at its beginning', async () => {
    const told = new Map<string, number>();
    let made = 0;
    const { authority, directory, newsFeed } = createMicrosoft({
      ...sandbox, accounts: sandbox.partners, allowedLinkOrigins: [sandbox.url], machineNow, guid: randomUUID,
      onCall: () => { made += 1; },
    });
    const messenger: Messenger = {
      send: async (to) => {
        told.set(to.tenant, machine);
        return { conversation: to.conversation, activity: randomUUID() };
      },
      update: async () => undefined,
    };
    const ports: Ports = {
      authority, directory, newsFeed, messenger, ledger: opened.ledger, errands: opened.errands, clock: { now: () => sandbox.now(), machineNow },
      chance: { guid: randomUUID, byte: () => 7, key: randomUUID }, trace: (_name, act) => act(), partners: sandbox.partners.map(({ tenant }) => tenant),
      deployment: { cloud: 'commercial', isTrial: true, validForDays: 90, capabilities: capabilitiesOf.commercial, installUrl: '' },
    };
    for (const partner of Array.from({ length: partnersCount }, (_, at) => at)) {
      await opened.ledger.meet({
        tenant: partnerOf(partner), person: agentOf(partner), name: 'Agent', language: 'en', isLanguageChosen: false, teamsUser: `29:${partner}`, conversation: `a:${partner}`, serviceUrl: 'https://smba.trafficmanager.net/', isReachable: true,
      });
    }
    const { watchAll } = watchRelationships(ports);
    const run = runErrands(ports);
    const loads = async () => ((await (await fetch(`${sandbox.url}/sandbox/load`)).json()) as { load: { service: string; calls: number; throttled: number }[] }).load;

    const happened = new Map<string, number>();
    const heap: number[] = [];
    for (let minute = 0; minute <= 60; minute += 1) {
      machine = began + minute * minuteMs;
      if (minute % pollMinutes === 0) {
        assert.deepEqual(await watchAll(), new Map());
        for (let ran = await run(); ran.length > 0; ran = await run()) assert(ran.every(({ outcome }) => outcome === 'done'));
        collectGarbage();
        heap.push(process.memoryUsage().heapUsed);
      }
      // Three customers a minute say yes at Microsoft, and nobody announces it.
      for (const partner of [0, 1, 2].map((more) => minute * 3 + more)) {
        if (minute === 60 || partner >= partnersCount) continue;
        const body = JSON.stringify({ partner: partnerOf(partner), customer: customerOf(partner, customersEach - 1), person: adminOf(partner, customersEach - 1) });
        assert.equal((await fetch(`${sandbox.url}/sandbox/accept`, { method: 'POST', body })).status, 200);
        happened.set(partnerOf(partner), machine);
      }
    }
    const load = await loads();

    const delays = [...happened].map(([partner, at]) => ((told.get(partner) ?? Infinity) - at) / minuteMs);
    const busiest = Math.max(...load.filter(({ service }) => service === 'partnerCenter').map(({ calls }) => calls));
    const growth = (heap.at(-1) ?? 0) / (heap[1] ?? 1);
    process.stdout.write(`      ${made} calls in the hour, at most ${busiest} a minute for one partner; ${delays.length} news, the latest after ${Math.max(...delays)} min; heap ${heap.map((bytes) => Math.round(bytes / 1e6)).join(', ')} MB\n`);
    assert.equal(delays.length, 180);
    assert(Math.max(...delays) <= pollMinutes, 'news within one look');
    assert(load.every(({ throttled }) => throttled === 0), 'nobody was throttled');
    assert(busiest > 0 && busiest < limitAMinute / 10, 'far below the limit');
    assert(growth < 1.3, `the heap grew ${growth} times after the first look`);
  });
});
