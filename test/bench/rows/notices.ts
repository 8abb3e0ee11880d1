import { setTimeout as pause } from 'node:timers/promises';
import { asInvitationId, asPersonId, asTenantId } from '../../../src/domain/ids.js';
import { openLedger } from '../../../src/ledger/ledger.js';
import { aDraft, anAcquaintance, anErrand, drafting, sent, toCustomer } from '../../ledger/builders.js';
import type { Bench, Deployment } from '../bench.js';
import { closedLoop, manyOf, quantile } from '../load.js';
import type { Figure } from '../report.js';
import { ask } from '../sides.js';
import { agents } from '../world.js';
import { counted } from './message.js';
import { approveTurn, noticesOf, openRequests } from './requests.js';

type Engine = Deployment & { readonly name: string };
type Outbox = { readonly aSecond: number; readonly cpuMs: number };

const patienceMs = 60_000;

/** People and their invitations, as many as there will be notices at once: each notice goes to somebody else. */
const introduce = async ({ ground }: Bench, databaseUrl: string, many: number): Promise<void> => {
  const { ledger, close } = await openLedger({ url: databaseUrl, machineNow: () => new Date() });
  await manyOf(many, 16, async (at) => {
    const [partner, inviter] = [asTenantId(agents[at]!.tenant), asPersonId(agents[at]!.id)];
    await ledger.meet(anAcquaintance({ tenant: partner, person: inviter, language: 'en', conversation: `a:told-${at}`, teamsUser: `29:${inviter}`, serviceUrl: ground.channel.serviceUrl }));
    const draft = aDraft(at + 1, toCustomer(at + 1));
    await ledger.record(drafting(sent({ ...draft, partner: { ...draft.partner, tenant: partner }, inviter: { id: inviter, name: `Agent ${at}` } })));
  });
  await close();
};

/** So many notices written down in one transaction, up to the arrival of the last one. */
const outbox = async (bench: Bench, { databaseUrl, side }: Engine, many: number, round: number): Promise<Outbox> => {
  const arrived: number[] = [];
  // Nobody writes meanwhile. By where it comes to a notice is not known: whoever said something since is told there.
  bench.ground.channel.listenToAll(({ activity, at }) => {
    if (activity['type'] === 'message') arrived.push(at);
  });
  const { errands, close } = await openLedger({ url: databaseUrl, machineNow: () => new Date() });
  const cpu = side.cpu();
  await errands.add(Array.from({ length: many }, (_, at) => {
    const { tenant, id: person } = agents[at]!;
    return anErrand(`bench/${round}/${at}`, { lane: `person/${tenant}/${person}`, invitation: asInvitationId(aDraft(at + 1).id), body: { tenant, person, subject: 'approved', side: 'partner' } });
  }));
  await close();
  // A notice is marked as done after it arrived; a product that only stood still for a moment is quiet, too.
  const unmarked = async (): Promise<number> => Number((await ask(databaseUrl, `SELECT COUNT(*) AS many FROM errand WHERE errand_key LIKE 'bench/%' AND state <> 'done'`))[0]?.['many']);
  for (const end = performance.now() + patienceMs; (arrived.length < many || (await unmarked()) > 0) && performance.now() < end;) await pause(20);
  await bench.quiet(side);
  const used = side.cpu() - cpu;
  bench.ground.channel.listenToAll(undefined);
  const left = await unmarked();
  if (arrived.length !== many || left > 0) bench.spoil(`of ${many} notices ${arrived.length} arrived, and ${left} are not marked as done`);
  return { aSecond: ((arrived.length - 1) * 1000) / ((arrived.at(-1) ?? NaN) - (arrived[0] ?? NaN)), cpuMs: (used * 1000) / many };
};

/** One press at a time, each on a product at rest: how long its inviter waits to hear of it. */
const commitToNotice = async (bench: Bench, engine: Engine, many: number): Promise<readonly number[]> => {
  const { side, databaseUrl } = engine;
  const requests = await openRequests(bench, side, many);
  await bench.quiet(side);
  const notices = noticesOf(side, requests);
  await counted(bench, engine, side, 'decision', () => closedLoop(many, 1, async (at) => {
    const press = await approveTurn(side, requests)(at);
    for (const end = performance.now() + patienceMs; !notices.hasHeard(requests[at]!) && performance.now() < end;) await pause(1);
    return press;
  }));
  const delays = await notices.delays(databaseUrl);
  if (delays.length < many) bench.spoil(`${many} presses made ${delays.length} notices`);
  return delays;
};

/** What the outbox of each engine carries, and how long the one who invited waits to hear of an answer. */
export const notices = async (bench: Bench): Promise<readonly Figure[]> => {
  const [atOnce, presses] = [bench.size(agents.length), bench.size(60)];
  const pair = await bench.pair();
  const engines: Engine[] = [{ name: 'SQLite', databaseUrl: pair.databaseUrl, side: pair.product }];
  const onPostgres = await bench.oneOnPostgres();
  if (onPostgres) {
    await bench.warm(onPostgres.side);
    engines.push({ name: 'PostgreSQL', ...onPostgres });
  }
  for (const engine of engines) {
    await introduce(bench, engine.databaseUrl, atOnce);
    await outbox(bench, engine, atOnce, 0);
  }

  const found = await bench.inTurns(engines, async (engine, round) => ({ sent: await outbox(bench, engine, atOnce, round + 1), delays: await commitToNotice(bench, engine, presses) }));
  return engines.flatMap(({ name }, at): Figure[] => {
    const of = (value: (one: { readonly sent: Outbox; readonly delays: readonly number[] }) => number): readonly number[] => found.map((round) => value(round[at]!));
    return [
      { name: `outbox throughput, ${name}, ${atOnce} at once`, unit: 'notice/s', rounds: of(({ sent }) => sent.aSecond) },
      { name: '  CPU of the product', unit: 'ms/notice', rounds: of(({ sent }) => sent.cpuMs) },
      { name: `commit to notice, ${name}, one press at a time: median`, unit: 'ms', rounds: of(({ delays }) => quantile(delays, 0.5)) },
      { name: '  p95', unit: 'ms', rounds: of(({ delays }) => quantile(delays, 0.95)) },
    ];
  });
};
