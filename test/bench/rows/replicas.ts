import type { Bench } from '../bench.js';
import type { Figure } from '../report.js';
import { sessionsIn } from '../sides.js';
import { messageRound, type Measured } from './message.js';

type Round = Measured & { /** CPU of the database's sessions, a turn. */ readonly databaseMs: number | undefined };

/** One replica, and two behind a balancer that takes them in turn, each deployment in a schema of its own on one server. */
export const replicas = async (bench: Bench): Promise<readonly Figure[]> => {
  const alone = await bench.oneOnPostgres();
  const two = alone && (await bench.onPostgres(2));
  if (!alone || !two) return [];
  const deployments = [alone, two];
  // Each replica has a compiler of its own.
  for (const { side } of [two, alone, two]) await bench.warm(side);

  const many = bench.size(400);
  const found = await bench.inTurns(deployments, async (one): Promise<Round> => {
    const sessions = await sessionsIn(one.databaseUrl);
    const load = await messageRound(bench, one, one.side, many);
    const seconds = await sessions?.cpu();
    return { ...load, databaseMs: seconds === undefined ? undefined : (seconds * 1000) / many };
  });
  await bench.stop(two.side);
  const of = (value: (one: Round, two: Round) => number): readonly number[] => found.map(([one, two]) => value(one!, two!));
  const aSecond = ({ good, seconds }: Round): number => good / seconds;
  const figures: Figure[] = [
    { name: 'PostgreSQL: CPU per message turn, 1 replica', unit: 'ms/turn', rounds: of((one) => one.cpuMs) },
    { name: '  2 replicas together', unit: 'ms/turn', rounds: of((_, two) => two.cpuMs) },
    { name: 'PostgreSQL: turns/s, 16 at a time, 1 replica', unit: 'turns/s', rounds: of((one) => aSecond(one)) },
    { name: '  2 replicas', unit: 'turns/s', rounds: of((_, two) => aSecond(two)) },
    { name: '  2 replicas against 1', unit: 'x', rounds: of((one, two) => aSecond(two) / aSecond(one)) },
  ];
  if (found.some((round) => round.some(({ databaseMs }) => databaseMs === undefined))) return figures;
  return [
    ...figures,
    { name: '  the server’s sessions, with 1 replica (not counted)', unit: 'ms/turn', rounds: of((one) => one.databaseMs!) },
    { name: '  the server’s sessions, with 2 replicas (not counted)', unit: 'ms/turn', rounds: of((_, two) => two.databaseMs!) },
  ];
};
