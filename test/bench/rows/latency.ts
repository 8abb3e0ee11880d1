import type { Bench } from '../bench.js';
import { openLoop, quantile } from '../load.js';
import type { Figure } from '../report.js';
import type { Side } from '../sides.js';
import { cancelTurns, counted, inviteTurn, measured, type Measured } from './message.js';

const aSecond = 150;

/** Replies at a rate that does not wait for the bot. A turn that got no reply waited for ever. */
export const latency = async (bench: Bench): Promise<readonly Figure[]> => {
  const pair = await bench.pair();
  const seconds = bench.options.isQuick ? 0.1 : 10;
  const round = async (side: Side): Promise<Measured> => {
    const load = await counted(bench, pair, side, 'invitation', () => measured(bench, side, () => openLoop(aSecond, seconds, inviteTurn(bench, side))), true);
    await cancelTurns(side, load.turns.length);
    return load;
  };
  const rounds = await bench.interleaved(pair, round);
  const p99 = ({ turns }: Measured): number => quantile(turns.map(({ isGood, ms }) => (isGood ? ms : Infinity)), 0.99);
  const p50 = ({ turns }: Measured): number => quantile(turns.map(({ isGood, ms }) => (isGood ? ms : Infinity)), 0.5);
  const answered = ({ good, turns }: Measured): number => (good / turns.length) * 100;
  const of = (value: (one: { echo: Measured; product: Measured }) => number): readonly number[] => rounds.map(value);
  return [
    { name: `reply p99, open loop ${aSecond}/s`, unit: 'x echo', rounds: of(({ echo, product }) => p99(product) / p99(echo)), pass: 0.8, aim: 0.5 },
    { name: '  p99 of the product', unit: 'ms', rounds: of(({ product }) => p99(product)) },
    { name: '  p99 of the echo', unit: 'ms', rounds: of(({ echo }) => p99(echo)) },
    { name: '  p50 of the product', unit: 'ms', rounds: of(({ product }) => p50(product)) },
    { name: '  p50 of the echo', unit: 'ms', rounds: of(({ echo }) => p50(echo)) },
    { name: '  answered by the product (it turns away more than 50 at once)', unit: '%', rounds: of(({ product }) => answered(product)) },
    { name: '  answered by the echo', unit: '%', rounds: of(({ echo }) => answered(echo)) },
  ];
};
