import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { closedLoop } from '../load.js';
import type { Figure } from '../report.js';
import { makeLedger, sqliteIn } from '../sides.js';
import { counted, inviteTurn } from './message.js';

type Node = { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }; readonly children?: readonly number[] };
type Profile = { readonly nodes: readonly Node[]; readonly startTime: number; readonly samples: readonly number[]; readonly timeDeltas: readonly number[] };

/** V8 stamps samples with the same monotonic clock. */
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

/** In a bundle each file begins with a line that names it. */
type Beginning = { readonly line: number; readonly of: string };
const bundles = new Map<string, readonly Beginning[]>();
const beginningsIn = (url: string): readonly Beginning[] => {
  const known = bundles.get(url);
  if (known) return known;
  const found = readFileSync(new URL(url), 'utf8').split('\n').flatMap((text, line) => {
    const of = /^\/\/ ((?:src|node_modules)\/\S+)$/.exec(text)?.[1];
    return of === undefined ? [] : [{ line, of }];
  });
  bundles.set(url, found);
  return found;
};

/** The file as it lies in the house. */
const fileOf = ({ callFrame: { url, lineNumber } }: Node): string =>
  (url.startsWith('file:') && !url.includes('/node_modules/') && beginningsIn(url).findLast(({ line }) => line <= lineNumber)?.of) || url.replace(/^.*(?=\/node_modules\/)/, '');

/** Which room of the house, which package, or Node itself: by the path of the file. */
const placeOf = (node: Node): string => {
  const { functionName } = node.callFrame;
  const file = fileOf(node);
  const own = /^src\/(.+)\.ts$/.exec(file)?.[1];
  if (own !== undefined) return /^(bot\/(?:channel|cards|dialogs|words)|[^/]+)/.exec(own)?.[1] ?? own;
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(file)?.[1];
  if (name !== undefined) return `package ${name}`;
  return functionName.startsWith('(') ? functionName : 'Node';
};
const isOwn = (place: string): boolean => !/^(package |Node|\()/.test(place);

const add = (sums: Map<string, number>, name: string, us: number): void => void sums.set(name, (sums.get(name) ?? 0) + us);
const most = (sums: Map<string, number>, many: number): readonly (readonly [string, number])[] => [...sums].sort(([, one], [, other]) => other - one).slice(0, many);

/** Where the time between two moments went (waiting for the disk inside a call is time, too): by file, by the room on whose behalf (packages and Node count for their caller), by function. */
export const sharesIn = ({ nodes, startTime, samples, timeDeltas }: Profile, from: number, to: number) => {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parentOf = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const callerOf = (id: number | undefined): string => {
    for (let at = id; at !== undefined; at = parentOf.get(at)) {
      const place = placeOf(byId.get(at) as Node);
      if (isOwn(place)) return place;
    }
    return placeOf(byId.get(id ?? 0) as Node);
  };
  const [places, callers, functions] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  let at = startTime;
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const us = timeDeltas[index] ?? 0;
    at += us;
    const node = byId.get(id) as Node;
    if (at < from || at > to || node.callFrame.functionName === '(idle)') continue;
    busy += us;
    add(places, placeOf(node), us);
    add(callers, callerOf(id), us);
    add(functions, `${node.callFrame.functionName || '(anonymous)'} ${fileOf(node)}:${node.callFrame.lineNumber + 1}`, us);
  }
  return { busy, places, callers, functions };
};

/**
 * Hidden classes that V8 made up to now. Once warm a turn should need no new one: what has one of its own is slow to look into, and
 * the class outlives the quick collections.
 */
const classesIn = (log: string): number => readFileSync(log, 'utf8').split('\n').filter((line) => line.startsWith('map,')).length;

/** In a process and a load of its own, so that the profiler is in no other figure. */
export const profile = async (bench: Bench): Promise<readonly Figure[]> => {
  const folder = join(bench.ground.folder, 'profile');
  mkdirSync(folder);
  const databaseUrl = sqliteIn(bench.ground, 'profiled');
  await makeLedger(databaseUrl);
  const log = join(bench.ground.folder, 'classes.log');
  const product = await bench.product({
    databaseUrl, name: 'profiled', flags: ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--log-maps', `--logfile=${log}`, '--no-logfile-per-isolate'],
  });
  await bench.warm(product);
  const many = bench.size(1000);
  const [from, classes] = [nowUs(), classesIn(log)];
  await counted(bench, { databaseUrl }, product, 'invitation', () => closedLoop(many, 16, inviteTurn(bench, product)));
  const [to, classesMade] = [nowUs(), classesIn(log) - classes];
  await bench.stop(product);

  const [file = ''] = readdirSync(folder);
  const { busy, places, callers, functions } = sharesIn(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile, from, to);
  const percent = (us: number): number => (us / busy) * 100;
  bench.say(`  most time by function (${(busy / 1000 / many).toFixed(2)} ms a turn):`);
  for (const [name, us] of most(functions, bench.options.isQuick ? 3 : 40)) bench.say(`  ${percent(us).toFixed(1).padStart(5)} %  ${name}`);
  return [
    { name: "hidden classes made for a turn's objects", unit: 'a turn', rounds: [classesMade / many], pass: 5 },
    ...most(callers, 12).map(([name, us]) => ({ name: `where a turn's CPU goes, on behalf of ${name}`, unit: '%', rounds: [percent(us)] })),
    ...most(places, 14).map(([name, us]) => ({ name: `where a turn's CPU goes, in ${name}`, unit: '%', rounds: [percent(us)] })),
  ];
};
