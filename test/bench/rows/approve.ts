import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../../deploy/bundle.js';
import type { Bench } from '../bench.js';
import { closedLoop, median } from '../load.js';
import { run, until } from '../processes.js';
import type { Figure } from '../report.js';
import { counted, inviteTurn, measured, type Measured } from './message.js';
import { approveTurn, noticesOf, openRequests } from './requests.js';

/** CPU of one role read by the product's client, in a process that does nothing else. */
const roleRead = async (bench: Bench): Promise<number> => {
  const { folder } = bench.ground;
  const log = join(folder, 'role-read.log');
  // Bundled like the product, and run by Node alone.
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  bundle(['test/bench/role-read.ts'], folder, 'test/bench');
  const reading = run([join(folder, 'role-read.js'), bench.sandbox.url, String(bench.size(2000)), String(bench.size(200))], {}, log);
  await until('the role reads', reading, async () => readFileSync(log, 'utf8').includes('cpuMs'));
  return (JSON.parse(readFileSync(log, 'utf8').trim()) as { cpuMs: number }).cpuMs;
};

type Round = { readonly loop: Measured; /** With the errands that follow, to the last. */ readonly wholeMs: number; readonly noticeMs: readonly number[] };

export const approve = async (bench: Bench): Promise<readonly Figure[]> => {
  const pair = await bench.pair();
  const many = bench.size(200);

  const echoRound = async (): Promise<Round> => {
    const loop = await measured(bench, pair.echo, () => closedLoop(many, 16, inviteTurn(bench, pair.echo)));
    return { loop, wholeMs: loop.cpuMs, noticeMs: [] };
  };

  const productRound = async (): Promise<Round> => {
    const { product } = pair;
    const requests = await openRequests(bench, product, many);
    await bench.quiet(product);
    const notices = noticesOf(product, requests);
    const before = product.cpu();
    const loop = await counted(bench, pair, product, 'decision', () => measured(bench, product, () => closedLoop(many, 16, approveTurn(product, requests))));
    await bench.quiet(product);
    return { loop, wholeMs: ((product.cpu() - before) * 1000) / many, noticeMs: await notices.delays(pair.databaseUrl) };
  };

  await productRound(); // the first presses and errands of this process
  const whole = await bench.interleaved(pair, (side) => (side === pair.echo ? echoRound() : productRound()));
  const readMs = await roleRead(bench);
  const of = (value: (echo: Round, product: Round) => number): readonly number[] => whole.map(({ echo, product }) => value(echo, product));
  return [
    { name: 'CPU per Approve press, durable, without the role read', unit: 'x echo', rounds: of((echo, product) => (product.wholeMs - readMs) / echo.wholeMs), pass: 0.5, aim: 0.4 },
    { name: '  with the role read', unit: 'x echo', rounds: of((echo, product) => product.wholeMs / echo.wholeMs) },
    { name: '  until the last press was answered only (part of the errands)', unit: 'x echo', rounds: of((echo, product) => product.loop.cpuMs / echo.loop.cpuMs) },
    { name: '  product: press with its errands (redraws, notice to the inviter)', unit: 'ms', rounds: of((_, product) => product.wholeMs) },
    { name: '  the role read alone, in a process of its own', unit: 'ms', rounds: [readMs] },
    { name: '  echo', unit: 'ms/turn', rounds: of((echo) => echo.wholeMs) },
    { name: '  calls of the product to Microsoft, errands so far included', unit: 'a press', rounds: of((_, product) => product.loop.calls) },
    { name: '  commit to notice with 16 presses at a time, median', unit: 'ms', rounds: whole.map(({ product }) => median(product.noticeMs)) },
  ];
};
