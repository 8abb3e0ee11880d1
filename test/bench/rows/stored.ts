import type { Bench } from '../bench.js';
import type { Sent, Turn } from '../channel.js';
import { fill, wordOf } from '../fill.js';
import { closedLoop, median } from '../load.js';
import type { Figure } from '../report.js';
import { makeLedger, sqliteIn } from '../sides.js';
import { agents, partnersCount } from '../world.js';
import { messageRound, measured, type Measured } from './message.js';

const filled = async (bench: Bench, name: string, ...fills: readonly { readonly many: number; readonly partnerOf: (at: number) => number }[]): Promise<string> => {
  const databaseUrl = sqliteIn(bench.ground, name);
  await makeLedger(databaseUrl);
  let from = 0;
  for (const { many, partnerOf } of fills) {
    const startedAt = performance.now();
    fill(databaseUrl, many, partnerOf, from);
    from += many;
    bench.say(`  ${many} invitations stored in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  }
  return databaseUrl;
};

/** Two products on ledgers of different size. */
export const million = async (bench: Bench): Promise<readonly Figure[]> => {
  const sizes = bench.options.isQuick ? [100, 1000] : [1000, 1_000_000];
  const ledgers: string[] = [];
  for (const many of sizes) ledgers.push(await filled(bench, `with-${many}`, { many, partnerOf: (at) => at % partnersCount }));
  const both = [];
  for (const databaseUrl of ledgers) both.push({ databaseUrl, side: await bench.product({ databaseUrl, name: `stored-${both.length}` }) });
  // In turns and up to the first round: what rested while the other ledger was filled would be cold again.
  for (let time = 0; time < 3; time += 1) for (const { side } of both) await bench.warm(side);

  const found = await bench.inTurns(both, (one) => messageRound(bench, one, one.side, bench.size(300)));
  for (const { side } of both) await bench.stop(side);
  const of = (value: (few: Measured, lots: Measured) => number): readonly number[] => found.map(([few, lots]) => value(few!, lots!));
  const [few = '', lots = ''] = sizes.map((size) => size.toLocaleString('en'));
  return [
    { name: `CPU per message turn, ${lots} invitations stored against ${few}`, unit: 'x', rounds: of((one, other) => other.cpuMs / one.cpuMs), pass: 1.15, aim: 1.05 },
    { name: '  with many', unit: 'ms/turn', rounds: of((_, other) => other.cpuMs) },
    { name: '  with few', unit: 'ms/turn', rounds: of((one) => one.cpuMs) },
  ];
};

type Lists = { readonly page: Measured; readonly search: Measured };

const isList = ({ activity }: Sent): boolean => JSON.stringify(activity['attachments'] ?? '').includes(' stored');

/** "My customers" and a search with one hit, asked in turn by people of two partners: one with few customers, one with many. Both on one ledger. */
export const customers = async (bench: Bench): Promise<readonly Figure[]> => {
  const [few, lots] = bench.options.isQuick ? [20, 200] : [100, 100_000];
  const databaseUrl = await filled(bench, 'customers', { many: few, partnerOf: () => 0 }, { many: lots, partnerOf: () => 1 });
  const product = await bench.product({ databaseUrl, name: 'customers' });
  // Each asker's role is read with two calls to Graph, which takes 4,000 a minute for one tenant: all lists of a run stay below.
  const many = Math.min(bench.size(150), Math.floor(900 / (bench.options.rounds + 1)));

  const asking = (partner: number, sentence: (at: number) => string): Promise<Measured> => measured(bench, product, () => closedLoop(many, 4, (at): Promise<Turn> =>
    product.line.say(agents[partner + partnersCount * (at % 10)]!, sentence(at), isList)));
  const search = (partner: number) => (at: number): string => `find ${wordOf(partner === 0 ? at % few : few + ((at * 977) % lots))}`;
  const lists = async (partner: number): Promise<Lists> => {
    const both = { page: await asking(partner, () => 'my customers'), search: await asking(partner, search(partner)) };
    for (const { good, turns } of Object.values(both)) if (good < turns.length) bench.spoil(`${turns.length - good} of ${turns.length} lists were not good`, turns.find(({ isGood }) => !isGood));
    return both;
  };
  const before = await bench.rows({ databaseUrl }, 'invitation');
  for (const partner of [0, 1]) await lists(partner);
  await bench.quiet(product);

  const found = await bench.inTurns([0, 1], lists);
  const written = (await bench.rows({ databaseUrl }, 'invitation')) - before;
  if (written !== 0) bench.spoil(`looking left ${written} rows`);
  await bench.stop(product);
  const against = `${lots.toLocaleString('en')} customers of one partner against ${few}`;
  return (['page', 'search'] as const).flatMap((what): Figure[] => {
    const of = (value: (few: Measured, lots: Measured) => number): readonly number[] => found.map(([one, other]) => value(one![what], other![what]));
    const ms = ({ turns }: Measured): number => median(turns.map((turn) => turn.ms));
    return [
      { name: `${what === 'page' ? '"my customers", page 1' : 'search'}: CPU at ${against}`, unit: 'x', rounds: of((one, other) => other.cpuMs / one.cpuMs), pass: 1.5, aim: 1.1 },
      { name: '  reply time, median', unit: 'x', rounds: of((one, other) => ms(other) / ms(one)) },
      { name: '  with many', unit: 'ms/turn', rounds: of((_, other) => other.cpuMs) },
      { name: '  with few', unit: 'ms/turn', rounds: of((one) => one.cpuMs) },
    ];
  });
};
