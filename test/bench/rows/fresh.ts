import type { Bench } from '../bench.js';
import { closedLoop, openLoop } from '../load.js';
import type { Figure } from '../report.js';
import { makeLedger, sqliteIn, type Side } from '../sides.js';
import { agents } from '../world.js';
import { agentAt, cancelTurns, inviteTurn } from './message.js';

/** So many that the product carries them; the same for both, side by side, as memory does not mind the neighbour. */
const aSecond = 40;

/** Resident memory of two fresh processes: the same turns at the same time for both, and both looked at in the same moment. */
export const memory = async (bench: Bench): Promise<readonly Figure[]> => {
  const seconds = bench.options.isQuick ? 0.1 : 60;
  const found: { echo: number; product: number; echoAtFirst: number; productAtFirst: number }[] = [];
  for (let round = 0; round < bench.options.rounds; round += 1) {
    const databaseUrl = sqliteIn(bench.ground, `memory-${round}`);
    await makeLedger(databaseUrl);
    const [echo, product] = [await bench.echo(), await bench.product({ databaseUrl })];
    const [echoAtFirst, productAtFirst] = [echo.memory(), product.memory()];
    for (const side of [echo, product]) await closedLoop(1, 1, inviteTurn(bench, side)).then(() => cancelTurns(side, 1));
    // Everybody invites, then everybody drops the draft, and so on.
    const isInvitation = (at: number): boolean => Math.floor(at / agents.length) % 2 === 0;
    const turn = (side: Side) => (at: number) => (isInvitation(at) ? inviteTurn(bench, side)(at) : side.line.say(agentAt(at), 'cancel', () => true));
    const before = await bench.rows({ databaseUrl }, 'invitation');
    const loads = await Promise.all([echo, product].map((side) => openLoop(aSecond, seconds, turn(side))));
    found.push({ echo: echo.memory(), product: product.memory(), echoAtFirst, productAtFirst });
    for (const { good, turns } of loads) if (good < turns.length) bench.spoil(`${turns.length - good} of ${turns.length} answers were not good`, turns.find(({ isGood }) => !isGood));
    const [invited, rows] = [loads[1]!.turns.filter(({ isGood }, at) => isGood && isInvitation(at)).length, (await bench.rows({ databaseUrl }, 'invitation')) - before];
    if (rows !== invited) bench.spoil(`${invited} good answers left ${rows} rows`);
    await Promise.all([bench.stop(echo), bench.stop(product)]);
  }
  return [
    { name: `memory after ${seconds} s of load (${aSecond} turns/s)`, unit: 'x echo', rounds: found.map(({ echo, product }) => product / echo), pass: 1.3, aim: 1 },
    { name: '  product', unit: 'MB', rounds: found.map(({ product }) => product) },
    { name: '  echo', unit: 'MB', rounds: found.map(({ echo }) => echo) },
    { name: '  product, when it began to listen', unit: 'MB', rounds: found.map(({ productAtFirst }) => productAtFirst) },
    { name: '  echo, when it began to listen', unit: 'MB', rounds: found.map(({ echoAtFirst }) => echoAtFirst) },
  ];
};

/** From the start of the process to the reply to the first turn; the product on a ledger that is in use already. */
export const start = async (bench: Bench): Promise<readonly Figure[]> => {
  const databaseUrl = sqliteIn(bench.ground, 'start');
  await makeLedger(databaseUrl);
  const seconds = async (open: () => Promise<Side>): Promise<number> => {
    const before = await bench.rows({ databaseUrl }, 'invitation');
    const side = await open();
    const { turns: [turn], good } = await closedLoop(1, 1, inviteTurn(bench, side));
    const ms = performance.now() - (side.processes[0]?.startedAt ?? 0);
    const rows = (await bench.rows({ databaseUrl }, 'invitation')) - before;
    if (good !== 1 || rows !== (side.name === 'echo' ? 0 : 1)) bench.spoil(`the first answer of ${side.name} was ${good === 1 ? 'good' : 'not good'}, with ${rows} rows`, turn);
    await cancelTurns(side, 1);
    await bench.stop(side);
    return ms / 1000;
  };
  await bench.product({ databaseUrl }).then(async (product) => {
    await bench.warm(product);
    await bench.stop(product);
  });
  const found: { echo: number; product: number }[] = [];
  for (let round = 0; round < bench.options.rounds; round += 1) found.push({ echo: await seconds(() => bench.echo()), product: await seconds(() => bench.product({ databaseUrl })) });
  return [
    { name: 'process start to the first answered business turn', unit: 'x echo', rounds: found.map(({ echo, product }) => product / echo), pass: 2.2, aim: 1.6 },
    { name: '  product', unit: 's', rounds: found.map(({ product }) => product) },
    { name: '  echo', unit: 's', rounds: found.map(({ echo }) => echo) },
  ];
};
