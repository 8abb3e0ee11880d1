/**
 * Two replicas on PostgreSQL under steady work, with faults on every side and one of them restarted over and over. At the
 * end everything that went in is accounted for.
 *
 *   npm run soak -- --minutes 60 --rate 20
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openLedger } from '../../src/ledger/ledger.js';
import { postgresPlace } from '../ledger/engines.js';
import { startLive } from '../stories/live.js';
import type { Story, World, WorldTenant } from '../stories/people.js';
import { dataOf, type Service } from '../stories/product.js';
import { startChannel, type Account, type Sent, type Trouble } from './a-channel.js';
import { chanceFrom } from './chance.js';
import { rowsAt } from './rows.js';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, rate: { type: 'string', default: '20' }, restart: { type: 'string', default: '5' } } });
const [minutes, rate, restartEveryMinutes] = [Number(values.minutes), Number(values.rate), Number(values.restart)];
const faultShare = 0.01;
const [partnersCount, pairsEach] = [12, 8];
const chance = chanceFrom(20261128);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const idOf = (group: string, number: number): string => `${group.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;

// ---- who is there ----

type Pair = { readonly agent: Account; readonly admin: Account; readonly domain: string };
const csp = { type: 'directBill', active: true, mpaSigned: true, providers: [] };
const account = (tenant: string, id: string, name: string): Account => ({ tenant, id, name, locale: 'en-US' });
const inWorld = ({ id, name }: Account, role: string) => ({ id, name, mail: `${id}@example.com`, locale: 'en-US', roles: [role], guest: false });
const pairs: Pair[] = Array.from({ length: partnersCount * pairsEach }, (_, at) => ({
  agent: account(idOf('a', Math.floor(at / pairsEach)), idOf('e', at), `Agent ${at}`),
  admin: account(idOf('c', at), idOf('d', at), `Admin ${at}`),
  domain: `customer${at}.com`,
}));
const tenant = (id: string, name: string, domain: string, people: WorldTenant['people'], more: Partial<WorldTenant> = {}): WorldTenant =>
  ({ id, name, domains: [domain], country: 'TR', cloud: 'commercial', csp: null, people, ...more });
const aCrowd = ({ world }: Story): World => ({
  ...world,
  tenants: [
    ...Array.from({ length: partnersCount }, (_, at) => tenant(idOf('a', at), `Partner ${at}`, `partner${at}.com`, pairs.filter(({ agent }) => agent.tenant === idOf('a', at)).map(({ agent }) => inWorld(agent, 'salesAgent')), { csp })),
    ...pairs.map(({ admin, domain }, at) => tenant(admin.tenant, `Customer ${at}`, domain, [inWorld(admin, 'globalAdmin')])),
  ],
  grants: [], subscriptions: [],
});

// ---- what people hear ----

const buttons = new Map<string, { readonly id: string; readonly data: Record<string, unknown> }>();
const notices = new Map<string, number>();
let [messages, troubles, unknownOutcomes] = [0, 0, 0];
const kinds: readonly (() => Trouble)[] = [
  () => ({ status: 429, retryAfter: 1 }), () => ({ status: 412 }), () => ({ status: 502 }), () => ({ status: 500 }),
  () => ({ silent: 'before', cut: true }), () => ({ silent: 'after', cut: true }), () => ({ silent: 'after', cut: false }),
];
const hear = ({ person, id, body }: Sent, trouble: Trouble | undefined): void => {
  messages += 1;
  if (trouble) unknownOutcomes += 1;
  const content = (body['attachments'] as { content?: unknown }[] | undefined)?.[0]?.content;
  for (const verb of ['send-invitation', 'decline-invitation']) {
    const data = dataOf(content, verb);
    if (data) buttons.set(`${person} ${verb}`, { id, data });
  }
  const [, code] = /declined (PR-[A-Z0-9]{3}-[A-Z0-9]{3})\./.exec(JSON.stringify(body)) ?? [];
  if (code) notices.set(code, (notices.get(code) ?? 0) + 1);
};
const heardButton = async (person: string, verb: string, ms: number) => {
  for (const end = Date.now() + ms; Date.now() < end && !isOver; await pause(50)) {
    const found = buttons.get(`${person} ${verb}`);
    if (found && buttons.delete(`${person} ${verb}`)) return found;
  }
  return undefined;
};

// ---- the deployment ----

const place = await postgresPlace();
if (!place) throw new Error('No PostgreSQL answers; set TEST_DATABASE_URL.');
const appId = '5f0c6a52-0b1d-4c57-9a59-2f6f3f5d1e01';
const channel = await startChannel({
  appId, onSent: hear,
  trouble: () => {
    if (chance() >= faultShare) return undefined;
    troubles += 1;
    return kinds[Math.floor(chance() * kinds.length)]?.();
  },
});
const live = await startLive({ ...channel.settings, DATABASE_URL: place.url, LOG_LEVEL: 'warn', NODE_OPTIONS: `--import ${new URL('living.mjs', import.meta.url).href}` }, aCrowd);
// Somebody signed in for each partner.
const { signIns, close: closeLedger } = await openLedger({ url: place.url, machineNow: () => new Date(), sealKeys: [Buffer.from(live.sealKey, 'base64')] });
for (const { tenant: partner, refreshToken } of live.sandbox.partners) await signIns.keep(partner, refreshToken);
await closeLedger();
const steady: Service = live.product;
const restarted = await live.product.another();
await restarted.run();
const replicas = [steady, restarted];

// ---- turns, as a balancer hands them on ----

let isOver = false;
let [turns, repeats, refusedOtherwise, givenUp, saidAgain, turn] = [0, 0, 0, 0, 0, 0];
let took: number[] = [];
let nextSlot = Date.now();
const slot = async (): Promise<void> => {
  nextSlot = Math.max(nextSlot + 1000 / rate, Date.now() - 1000);
  await pause(Math.max(0, nextSlot - Date.now()));
};

/** Comes again with the same id, as Teams does, until it is answered. */
const take = async (activity: Record<string, unknown>): Promise<string> => {
  await slot();
  if (chance() < faultShare) await live.control('faults', { status: 503, times: 1 });
  turns += 1;
  const began = performance.now();
  for (let tries = 1; tries <= 30; tries += 1) {
    turn += 1;
    const to = replicas[turn % replicas.length] as Service;
    const answer = await channel.deliver(to.url, activity).catch(() => undefined);
    if (answer?.status === 200) {
      took.push(performance.now() - began);
      return answer.text;
    }
    if (answer && answer.status !== 503) {
      refusedOtherwise += 1;
      say(`  a turn was answered ${answer.status}: ${answer.text.slice(0, 200)}`);
    }
    repeats += 1;
    await pause(answer ? 1000 : 200);
  }
  givenUp += 1;
  return '';
};

const sentCodes = new Set<string>();
const declinedCodes = new Set<string>();

const liveOn = async ({ agent, admin, domain }: Pair): Promise<void> => {
  for (const one of [agent, admin]) await take(channel.arrival(one));
  while (!isOver) {
    await take(channel.message(agent, `invite ${domain} because Azure backup`));
    const preview = await heardButton(agent.id, 'send-invitation', 20_000);
    if (!preview) {
      saidAgain += 1;
      // It may be further along than the person was told: then the admin has the card already.
      if (!buttons.has(`${admin.id} decline-invitation`)) continue;
    } else {
      const answered = await take(channel.press(agent, 'send-invitation', { ...preview.data, reason: 'Azure backup', notCsp: 'true' }, preview.id));
      const [code] = /PR-[A-Z0-9]{3}-[A-Z0-9]{3}/.exec(answered) ?? [];
      if (code && /look-again/.test(answered)) sentCodes.add(code);
    }
    const request = await heardButton(admin.id, 'decline-invitation', 60_000);
    if (!request) continue;
    for (let tries = 0; tries < 10; tries += 1) {
      const answered = await take(channel.press(admin, 'decline-invitation', { ...request.data, declineReason: 'notNow' }, request.id));
      const [, code] = /Declined by[^]*?(PR-[A-Z0-9]{3}-[A-Z0-9]{3})|/.exec(answered) ?? [];
      const named = code ?? (/Declined by/.test(answered) ? /PR-[A-Z0-9]{3}-[A-Z0-9]{3}/.exec(answered)?.[0] : undefined);
      if (!named) continue;
      declinedCodes.add(named);
      buttons.delete(`${admin.id} decline-invitation`);
      await take(channel.message(agent, `status ${named}`));
      break;
    }
    await take(channel.message(admin, 'show my partners'));
  }
};

// ---- the hour ----

const rssOf = ({ pid }: Service): number => {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
};
/** What lives in a replica after its garbage was collected, in MB; what the machine gave it jumps by a third from minute to minute. */
const livingIn = async (service: Service): Promise<number> => {
  const said = service.output.length;
  if (service.pid) process.kill(service.pid, 'SIGUSR2');
  for (const end = Date.now() + 10_000; Date.now() < end; await pause(50)) {
    const [, bytes] = /^LIVING (\d+)$/m.exec(service.output.slice(said)) ?? [];
    if (bytes) return Number(bytes) / 1024 ** 2;
  }
  throw new Error('A replica did not say what lives in it.');
};
const rows = await rowsAt(place.url);
const count = async (sql: string): Promise<number> => Number((await rows(sql))[0]?.['many']);
const rank = (share: number): number => Math.round(took.sort((one, other) => one - other)[Math.floor(took.length * share)] ?? 0);

const everybody = pairs.map(liveOn);
const living: number[] = [];
const resident: number[] = [];
let restarts = 0;
const began = Date.now();
for (let minute = 1; minute <= minutes; minute += 1) {
  const before = turns;
  while (Date.now() < began + minute * 60_000) await pause(500);
  living.push(await livingIn(steady));
  resident.push(rssOf(steady));
  const [decided, waiting, dead] = [await count('SELECT COUNT(*) AS many FROM decision'), await count(`SELECT COUNT(*) AS many FROM errand WHERE state = 'waiting'`), await count(`SELECT COUNT(*) AS many FROM errand WHERE state = 'dead'`)];
  say(`minute ${minute}: ${turns - before} turns (p50 ${rank(0.5)} ms, p99 ${rank(0.99)} ms), ${repeats} came again, ${decided} decisions, ${notices.size} notices, ${waiting} errands waiting, ${dead} dead, ${troubles} faults, ${rssOf(steady)} and ${rssOf(restarted)} MB, of which ${living.at(-1)?.toFixed(1)} live in the first`);
  took = [];
  if (minute % restartEveryMinutes === 0 && minute < minutes) {
    restarts += 1;
    await restarted.kill(restarts % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
    await restarted.run();
  }
}
isOver = true;
await Promise.all(everybody);
for (const end = Date.now() + 180_000; Date.now() < end && (await count(`SELECT COUNT(*) AS many FROM errand WHERE state = 'waiting' AND topic <> 'look'`)) > 0;) await pause(500);

// ---- the account ----

const faults: string[] = [];
const must = (holds: boolean, sentence: string): void => {
  say(`${holds ? 'holds' : 'BROKEN'}: ${sentence}`);
  if (!holds) faults.push(sentence);
};
const known = new Map((await rows(`SELECT reference, state FROM invitation`)).map(({ reference, state }) => [String(reference), String(state)]));
const decided = (await rows('SELECT reference FROM decision JOIN invitation ON invitation.id = decision.invitation')).map(({ reference }) => String(reference));
const buried = new Set((await rows(`SELECT reference FROM errand JOIN invitation ON invitation.id = errand.invitation WHERE errand.state = 'dead' AND topic = 'tell'`)).map(({ reference }) => String(reference)));
const left = await count(`SELECT COUNT(*) AS many FROM errand WHERE state = 'waiting' AND topic <> 'look'`);
const twice = [...notices.values()].reduce((all, times) => all + times - 1, 0);
must(givenUp === 0 && refusedOtherwise === 0, `${turns} turns went in, ${turns - givenUp} were answered (${repeats} came again), ${refusedOtherwise} with anything but 200 or 503`);
must([...sentCodes].every((code) => known.has(code) && known.get(code) !== 'draft'), `${sentCodes.size} sent were acknowledged, and each is stored`);
must([...declinedCodes].every((code) => known.get(code) === 'declined'), `${declinedCodes.size} answers were acknowledged, and each is stored as it was given`);
must(decided.length === new Set(decided).size && decided.length >= declinedCodes.size, `${decided.length} decisions, one for each of ${new Set(decided).size} invitations`);
must(decided.every((code) => notices.has(code) || buried.has(code)), `${decided.length} decisions have ${decided.filter((code) => notices.has(code)).length} notices and ${decided.filter((code) => !notices.has(code) && buried.has(code)).length} visible dead letters`);
must([...notices.keys()].every((code) => known.get(code) === 'declined'), `${notices.size} notices tell of something that happened`);
must(twice <= unknownOutcomes + restarts, `${twice} notices came twice, after ${unknownOutcomes} messages whose outcome was unknown and ${restarts} restarts`);
must(left === 0, `${left} errands wait at the end`);
const middle = (some: readonly number[]): number => [...some].sort((one, other) => one - other)[Math.floor(some.length / 2)] ?? 0;
const piece = Math.max(1, Math.round(minutes / 10));
/** How much more at the end than when it was warm, in percent. */
const growthOf = (memory: readonly number[], what: string): readonly [number, string] => {
  const [warm, end] = [middle(memory.slice(2 * piece, 3 * piece)), middle(memory.slice(-piece))];
  const growth = (100 * (end - warm)) / warm;
  return [growth, `${what} of the replica that was never restarted: ${warm.toFixed(1)} MB when warm, ${end.toFixed(1)} MB at the end (${growth.toFixed(1)} %)`];
};
if (minutes < 30) say('Too short a run to judge the memory.');
else for (const [growth, said] of [growthOf(living, 'what lives in the memory'), growthOf(resident, 'the resident memory')]) must(growth < 5, said);
say(`${messages} messages were taken, ${saidAgain} sentences were said again`);

await rows.close();
await restarted.kill('SIGTERM');
await live.stop();
await channel.stop();
await place.leave();
say(`the log has ${(live.product.output + restarted.output).split('"level":50').length - 1} errors`);
process.exit(faults.length > 0 ? 1 : 0);
