import type { Sent, Turn } from '../channel.js';
import { closedLoop, type Load } from '../load.js';
import type { Figure } from '../report.js';
import type { Side } from '../sides.js';
import { agents } from '../world.js';
import type { Bench, Pair } from '../bench.js';

export const isPreview = ({ activity }: Sent): boolean => JSON.stringify(activity['attachments'] ?? '').includes('"verb":"send-invitation"');
const isEcho = ({ activity }: Sent): boolean => typeof activity['text'] === 'string' && activity['text'].startsWith('Echo: ');

export const agentAt = (at: number) => agents[at % agents.length] ?? agents[0]!;

/** The same sentence for both: to the product an invitation of a customer nobody has invited, to the echo a text. */
export const inviteTurn = (bench: Bench, side: Side) => (at: number): Promise<Turn> =>
  side.line.say(agentAt(at), `invite ${bench.nextCustomer().domain} because Azure backup`, side.name === 'echo' ? isEcho : isPreview);

/** Ends the talk, so that the same people can invite again. Never measured. */
export const cancelTurns = (side: Side, many: number): Promise<Load> => closedLoop(many, 8, (at) => side.line.say(agentAt(at), 'cancel', () => true));

export type Measured = Load & { readonly cpuMs: number; readonly sandboxMs: number; readonly driverMs: number; readonly calls: number };

/** CPU of one load, per turn. */
export const measured = async (bench: Bench, side: Side, act: () => Promise<Load>): Promise<Measured> => {
  const calls = await bench.callsToMicrosoft();
  const [cpu, sandbox, driver] = [side.cpu(), bench.sandboxCpu(), process.cpuUsage()];
  const load = await act();
  const own = process.cpuUsage(driver);
  const each = (seconds: number): number => (seconds * 1000) / load.turns.length;
  const used = { cpuMs: each(side.cpu() - cpu), sandboxMs: each(bench.sandboxCpu() - sandbox), driverMs: each((own.user + own.system) / 1e6) };
  return { ...load, ...used, calls: (await bench.callsToMicrosoft() - calls) / load.turns.length };
};

/** Counts the ledger's rows around a load: exactly one for each good answer, and (unless it is more than a bot can carry) every answer good. */
export const counted = async <Counted extends Load>(bench: Bench, pair: Pick<Pair, 'databaseUrl'>, side: Side, table: 'invitation' | 'decision', act: () => Promise<Counted>, mayRefuse = false): Promise<Counted> => {
  const before = side.name === 'echo' ? 0 : await bench.rows(pair, table);
  const load = await act();
  const bad = load.turns.length - load.good;
  if (bad > 0 && !mayRefuse) bench.spoil(`${bad} of ${load.turns.length} answers of ${side.name} were not good`, load.turns.find(({ isGood }) => !isGood));
  const rows = side.name === 'echo' ? load.good : (await bench.rows(pair, table)) - before;
  if (rows !== load.good) bench.spoil(`${load.good} good answers left ${rows} rows`);
  return load;
};

/** One load of message turns at one side, 16 at a time. */
export const messageRound = async (bench: Bench, pair: Pick<Pair, 'databaseUrl'>, side: Side, many: number): Promise<Measured> => {
  const load = await counted(bench, pair, side, 'invitation', () => measured(bench, side, () => closedLoop(many, 16, inviteTurn(bench, side))));
  await cancelTurns(side, many);
  return load;
};

export const message = async (bench: Bench): Promise<readonly Figure[]> => {
  const pair = await bench.pair();
  const rounds = await bench.interleaved(pair, (side) => messageRound(bench, pair, side, bench.size(400)));
  const of = (value: (echo: Measured, product: Measured) => number): readonly number[] => rounds.map(({ echo, product }) => value(echo, product));
  return [
    { name: 'CPU per message turn, durable', unit: 'x echo', rounds: of((echo, product) => product.cpuMs / echo.cpuMs), pass: 0.65, aim: 0.5 },
    { name: 'turns/s, 16 at a time', unit: 'x echo', rounds: of((echo, product) => product.good / product.seconds / (echo.good / echo.seconds)), pass: 1.5, aim: 2, isMore: true },
    { name: '  CPU of the product', unit: 'ms/turn', rounds: of((_, product) => product.cpuMs) },
    { name: '  CPU of the echo', unit: 'ms/turn', rounds: of((echo) => echo.cpuMs) },
    { name: '  CPU of the sandbox beside the product (not counted)', unit: 'ms/turn', rounds: of((_, product) => product.sandboxMs) },
    { name: '  CPU of the driver beside the product (not counted)', unit: 'ms/turn', rounds: of((_, product) => product.driverMs) },
    { name: '  calls of the product to Microsoft', unit: 'a turn', rounds: of((_, product) => product.calls) },
    { name: '  product', unit: 'turns/s', rounds: of((_, product) => product.good / product.seconds) },
    { name: '  echo', unit: 'turns/s', rounds: of((echo) => echo.good / echo.seconds) },
  ];
};
