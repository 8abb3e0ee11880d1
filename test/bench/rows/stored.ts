import type { Bench } from '../bench.js';
import type { Sent, Turn } from '../channel.js';
import { fill, wordOf } from '../fill.js';
import { closedLoop, median } from '../load.js';
import type { Figure } from '../report.js';
import { makeLedger, sqliteIn, type Side } from '../sides.js';
import { agents, partnersCount } from '../world.js';
import { messageRound, measured, type Measured } from './message.js';

/** Two products on ledgers of different size, warm and at rest. */
const onFilled = async (bench: Bench, name: string, many: number): Promise<{ readonly side: Side; readonly databaseUrl: string }> => {
  const databaseUrl = sqliteIn(bench.ground, name);
  await makeLedger(databaseUrl);
  const startedAt = performance.now();
  fill(databaseUrl, many, (at) => at % partnersCount);
  bench.say(`  ${many} invitations stored in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  const side = await bench.product({ databaseUrl, name });
  await bench.warm(side);
  return { side, databaseUrl };
};

export const million = async (bench: Bench): Promise<readonly Figure[]> => {
  const { isQuick, rounds } = bench.options;
  const [few, lots] = [await onFilled(bench, 'few', isQuick ? 100 : 1000), await onFilled(bench, 'lots', isQuick ? 1000 : 1_000_000)];
  const found: { few: Measured; lots: Measured }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const turns = (one: typeof few) => messageRound(bench, one, one.side, bench.size(300));
    if (round % 2 === 0) found.push({ few: await turns(few), lots: await turns(lots) });
    else {
      const second = await turns(lots);
      found.push({ few: await turns(few), lots: second });
    }
  }
  await Promise.all([bench.stop(few.side), bench.stop(lots.side)]);
  return [
    { name: `CPU per message turn, ${isQuick ? '1,000' : '1,000,000'} invitations stored against ${isQuick ? '100' : '1,000'}`, unit: 'x', rounds: found.map((one) => one.lots.cpuMs / one.few.cpuMs), pass: 1.15, aim: 1.05 },
    { name: '  with many', unit: 'ms/turn', rounds: found.map((one) => one.lots.cpuMs) },
    { name: '  with few', unit: 'ms/turn', rounds: found.map((one) => one.few.cpuMs) },
  ];
};

const isList = ({ activity }: Sent): boolean => JSON.stringify(activity['attachments'] ?? '').includes(' stored');

/** "My customers" and a search with one hit, asked in turn by people of two partners: one with few customers, one with many. Both on one ledger. */
export const customers = async (bench: Bench): Promise<readonly Figure[]> => {
  const { isQuick, rounds } = bench.options;
  const [few, lots] = isQuick ? [20, 200] : [100, 100_000];
  const databaseUrl = sqliteIn(bench.ground, 'customers');
  await makeLedger(databaseUrl);
  fill(databaseUrl, few, () => 0);
  fill(databaseUrl, lots, () => 1, few);
  const product = await bench.product({ databaseUrl, name: 'customers' });

  const asking = (partner: number, sentence: (at: number) => string, many: number) => measured(bench, product, () => closedLoop(many, 4, (at): Promise<Turn> =>
    product.line.say(agents[partner + partnersCount * (at % 10)] ?? agents[0]!, sentence(at), isList)));
  const page = () => 'my customers';
  const search = (partner: number) => (at: number): string => `find ${wordOf(partner === 0 ? at % few : few + ((at * 977) % lots))}`;
  const turn = async (partner: number, many: number): Promise<{ page: Measured; search: Measured }> => {
    const both = { page: await asking(partner, page, many), search: await asking(partner, search(partner), many) };
    for (const { good, turns } of Object.values(both)) if (good < turns.length) bench.spoil(`${turns.length - good} of ${turns.length} lists were not good`, turns.find(({ isGood }) => !isGood));
    return both;
  };
  for (const partner of [0, 1]) await turn(partner, bench.size(200));
  await bench.quiet(product);

  const found: { few: { page: Measured; search: Measured }; lots: { page: Measured; search: Measured } }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = await turn(round % 2, bench.size(200));
    const second = await turn(1 - (round % 2), bench.size(200));
    found.push(round % 2 === 0 ? { few: first, lots: second } : { few: second, lots: first });
  }
  await bench.stop(product);
  const marks = { pass: 1.5, aim: 1.1 };
  const against = `${lots.toLocaleString('en')} customers of one partner against ${few}`;
  return (['page', 'search'] as const).flatMap((what): Figure[] => [
    { name: `${what === 'page' ? '"my customers", page 1' : 'search'}: CPU at ${against}`, unit: 'x', rounds: found.map((one) => one.lots[what].cpuMs / one.few[what].cpuMs), ...marks },
    { name: '  reply time, median', unit: 'x', rounds: found.map((one) => median(one.lots[what].turns.map(({ ms }) => ms)) / median(one.few[what].turns.map(({ ms }) => ms))) },
    { name: '  with many', unit: 'ms/turn', rounds: found.map((one) => one.lots[what].cpuMs) },
    { name: '  with few', unit: 'ms/turn', rounds: found.map((one) => one.few[what].cpuMs) },
  ]);
};
