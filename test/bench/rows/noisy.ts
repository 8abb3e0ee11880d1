import type { Bench } from '../bench.js';
import type { Turn } from '../channel.js';
import { closedLoop, openLoop, quantile, type Load } from '../load.js';
import type { Figure } from '../report.js';
import { makeLedger, rowsIn, sqliteIn } from '../sides.js';
import { agents, customerAt, partners } from '../world.js';
import { isPreview } from './message.js';

/** A person may 60 turns at once and one a second, a tenant 1,200 and 20. Ten people of the noisy one come with 200 a second and have used up what they may in 3 s. */
const [quietASecond, noisyASecond] = [30, 200];

type Round = { readonly alone: Load; /** While the noisy tenant does what it may. */ readonly atFirst: Load; /** Beyond that. */ readonly beside: Load; readonly noise: Load };

/** People of quiet tenants invite now and then: alone, and beside a tenant that floods. All limits are the product's own. */
export const noisy = async (bench: Bench): Promise<readonly Figure[]> => {
  const { isQuick, rounds, customers } = bench.options;
  const [firstSeconds, seconds] = isQuick ? [0.2, 0.5] : [5, 20];
  const databaseUrl = sqliteIn(bench.ground, 'noisy');
  await makeLedger(databaseUrl);
  const product = await bench.product({ databaseUrl, name: 'noisy', environment: { LIMIT_PER_USER: '', LIMIT_PER_TENANT: '' } });
  await bench.warm(product);

  // Another one each round, so that none has used up what it may.
  const noisyTenants = partners.slice(-rounds);
  const quietOnes = agents.filter(({ tenant }) => !noisyTenants.includes(tenant));
  let [from, next] = [0, 0];
  const quietOne = (at: number) => quietOnes[at % quietOnes.length]!;
  const quiet = (during: number): Promise<Load> => openLoop(quietASecond, during, () => product.line.say(quietOne(next++), `invite ${bench.nextCustomer().domain} because Azure backup`, isPreview));
  const cancel = async (): Promise<void> => {
    await closedLoop(next - from, 8, (at) => product.line.say(quietOne(from + at), 'cancel', () => true));
    from = next;
    await bench.quiet(product);
  };
  const flood = (tenant: string): Promise<Load> => {
    const crowd = agents.filter((agent) => agent.tenant === tenant);
    return openLoop(noisyASecond, firstSeconds + seconds, async (at): Promise<Turn> => {
      const answer = await product.line.tell(crowd[at % crowd.length]!, { type: 'message', text: `invite ${customerAt(customers - 1 - (at % crowd.length)).domain} because Azure backup`, textFormat: 'plain' });
      return { isGood: answer.status === 200, ms: 0, answer };
    });
  };
  const storedByQuiet = (): Promise<number> => rowsIn(databaseUrl, 'invitation', `partner NOT IN (${noisyTenants.map((tenant) => `'${tenant}'`).join()})`);

  const found: Round[] = [];
  for (const tenant of noisyTenants) {
    const before = await storedByQuiet();
    const alone = await quiet(seconds);
    await cancel();
    const noise = flood(tenant);
    const round = { alone, atFirst: await quiet(firstSeconds), beside: await quiet(seconds), noise: await noise };
    const turns = [round.alone, round.atFirst, round.beside].flatMap((load) => load.turns);
    const [good, rows] = [turns.filter(({ isGood }) => isGood).length, (await storedByQuiet()) - before];
    if (good < turns.length || rows !== good) bench.spoil(`of ${turns.length} turns of the quiet ones ${good} were answered well, with ${rows} rows`, turns.find(({ isGood }) => !isGood));
    await cancel();
    found.push(round);
  }
  await bench.stop(product);
  const of = (value: (round: Round) => number): readonly number[] => found.map(value);
  const rank = ({ turns }: Load, part: number): number => quantile(turns.map(({ ms }) => ms), part);
  const share = ({ turns }: Load, status: number): number => (turns.filter(({ answer }) => answer.status === status).length / turns.length) * 100;
  return [
    { name: 'p99 of the quiet ones beside a tenant far beyond its limits', unit: 'x alone', rounds: of(({ alone, beside }) => rank(beside, 0.99) / rank(alone, 0.99)), pass: 2, aim: 2 },
    { name: `  in its first ${firstSeconds} s, while it uses up what it may`, unit: 'x alone', rounds: of(({ alone, atFirst }) => rank(atFirst, 0.99) / rank(alone, 0.99)) },
    { name: `  p99 alone, open loop ${quietASecond}/s`, unit: 'ms', rounds: of(({ alone }) => rank(alone, 0.99)) },
    { name: '  p99 beside it', unit: 'ms', rounds: of(({ beside }) => rank(beside, 0.99)) },
    { name: '  p50 alone', unit: 'ms', rounds: of(({ alone }) => rank(alone, 0.5)) },
    { name: '  p50 beside it', unit: 'ms', rounds: of(({ beside }) => rank(beside, 0.5)) },
    { name: `  of the noisy tenant’s ${noisyASecond} turns/s, answered`, unit: '%', rounds: of(({ noise }) => share(noise, 200)) },
    { name: '  turned away as too many', unit: '%', rounds: of(({ noise }) => share(noise, 429)) },
  ];
};
