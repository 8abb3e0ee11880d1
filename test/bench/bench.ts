import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { postgresPlace } from '../ledger/engines.js';
import { makeCertificates } from './certificates.js';
import { startChannel, type Turn } from './channel.js';
import { closedLoop } from './load.js';
import { cpuOf } from './processes.js';
import { cancelTurns, inviteTurn } from './rows/message.js';
import { lastWordsOf, makeLedger, rowsIn, sqliteIn, startEcho, startProduct, startSandbox, type Ground, type ProductOptions, type Sandbox, type Side } from './sides.js';
import { aWorld, customerAt, type Customer } from './world.js';

/** The two bots, both warm. */
export type Pair = { readonly echo: Side; readonly product: Side; readonly databaseUrl: string };
/** The product as somebody runs it, and its ledger. */
export type Deployment = { readonly side: Side; readonly databaseUrl: string };
export type BenchOptions = {
  readonly rounds: number; readonly isQuick: boolean; readonly customers: number;
  /** The folder of the bundles. */
  readonly built: string;
  readonly say: (line: string) => void;
};

/** What the rows share: the ground, the pair of bots, new customers, and a word for what spoils a figure. */
export class Bench {
  private spoiled: string | undefined;
  private customer = 0;
  private common: Promise<Pair> | undefined;
  private alone: Promise<Deployment | undefined> | undefined;
  private readonly sides = new Set<Side>();
  private readonly schemas: (() => Promise<void>)[] = [];

  private constructor(readonly options: BenchOptions, readonly ground: Ground, readonly sandbox: Sandbox) {}

  static async open(options: BenchOptions): Promise<Bench> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    const certificates = await makeCertificates();
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, certificates.ca);
    const ground = { folder, channel: await startChannel(certificates), caFile, built: options.built };
    return new Bench(options, ground, await startSandbox(ground, aWorld(options.customers)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.sides].map((side) => side.stop()));
    await Promise.all(this.schemas.map((leave) => leave()));
    await this.sandbox.stop();
    this.ground.channel.close();
    rmSync(this.ground.folder, { recursive: true, force: true });
  }

  say = (line: string): void => this.options.say(line);

  /** Fewer for a smoke run. */
  size = (many: number): number => (this.options.isQuick ? Math.max(4, Math.round(many / 100)) : many);

  nextCustomer(): Customer {
    if (this.customer >= this.options.customers) throw new Error(`All ${this.options.customers} customers of the world have been invited: ask for more with --customers.`);
    return customerAt(this.customer++);
  }

  /** All that the sandbox was ever asked. */
  async callsToMicrosoft(): Promise<number> {
    const { load } = (await (await fetch(`${this.sandbox.url}/sandbox/load`)).json()) as { load: readonly { readonly calls: number }[] };
    return load.reduce((sum, { calls }) => sum + calls, 0);
  }
  sandboxCpu = (): number => cpuOf([this.sandbox.pid]);
  rows = ({ databaseUrl }: Pick<Pair, 'databaseUrl'>, table: 'invitation' | 'decision'): Promise<number> => rowsIn(databaseUrl, table);

  /** What is being measured counts for nothing. */
  spoil(why: string, turn?: Turn): void {
    this.spoiled ??= why;
    this.say(`  void: ${why}${turn ? ` (${JSON.stringify({ answer: turn.answer, sent: turn.sent?.activity }).slice(0, 600)})` : ''}`);
  }
  takeSpoiled(): string | undefined {
    const ended = [...this.sides].find(({ processes }) => processes.some(({ hasEnded }) => hasEnded()));
    const why = ended ? `${ended.name} has ended by itself` : this.spoiled;
    this.spoiled = undefined;
    return why;
  }

  async echo(): Promise<Side> {
    const echo = await startEcho(this.ground);
    this.sides.add(echo);
    return echo;
  }
  async product(options: ProductOptions): Promise<Side> {
    const product = await startProduct(this.ground, this.sandbox, options);
    this.sides.add(product);
    return product;
  }
  /** In a schema of its own, which goes with this run; nothing when no server answers. */
  async onPostgres(replicas: number): Promise<Deployment | undefined> {
    const place = await postgresPlace();
    if (!place) {
      this.say('  PostgreSQL is left out: no server answers. TEST_DATABASE_URL names one.');
      return undefined;
    }
    this.schemas.push(place.leave);
    await makeLedger(place.url);
    return { side: await this.product({ databaseUrl: place.url, name: `postgres-${replicas}`, replicas }), databaseUrl: place.url };
  }

  /** One replica, which several rows share. */
  oneOnPostgres(): Promise<Deployment | undefined> {
    this.alone ??= this.onPostgres(1);
    return this.alone;
  }
  async stop(side: Side): Promise<void> {
    this.sides.delete(side);
    await side.stop();
  }

  /** The pair that most rows share; started and warmed when the first one asks. */
  pair(): Promise<Pair> {
    this.common ??= (async () => {
      const databaseUrl = sqliteIn(this.ground, 'common');
      await makeLedger(databaseUrl);
      const pair = { echo: await this.echo(), product: await this.product({ databaseUrl }), databaseUrl };
      for (const side of [pair.echo, pair.product]) await this.warm(side);
      return pair;
    })();
    return this.common;
  }

  /** Until the compiler has seen the hot paths and every partner's token is there; then until it is quiet. */
  async warm(side: Side, many = this.size(800)): Promise<void> {
    // One alone: each of several at once would ask for the echo's first token by itself.
    await closedLoop(1, 1, inviteTurn(this, side));
    await closedLoop(many - 1, 16, (at) => inviteTurn(this, side)(at + 1)).then(({ good, turns }) => {
      if (good < turns.length) this.spoil(`${turns.length - good} of ${turns.length} answers of ${side.name} were not good while it warmed up`, turns.find(({ isGood }) => !isGood));
    });
    await cancelTurns(side, many);
    await this.quiet(side);
  }

  async quiet(side: Side): Promise<void> {
    for (let looks = 0, before = side.cpu(); looks < 40; looks += 1) {
      await pause(this.options.isQuick ? 50 : 500);
      const now = side.cpu();
      if (now - before <= 0.02) return;
      before = now;
    }
    this.say(`  ${side.name} does not come to rest:\n${lastWordsOf(side)}`);
  }

  /** Round by round, one after the other, and every other round the other way round. */
  async inTurns<One, Outcome>(ones: readonly One[], act: (one: One, round: number) => Promise<Outcome>): Promise<readonly (readonly Outcome[])[]> {
    const rounds: Outcome[][] = [];
    for (let round = 0; round < this.options.rounds; round += 1) {
      const outcomes: Outcome[] = [];
      const order = [...ones.keys()];
      for (const at of round % 2 === 0 ? order : order.reverse()) outcomes[at] = await act(ones[at]!, round);
      rounds.push(outcomes);
    }
    return rounds;
  }

  async interleaved<Outcome>({ echo, product }: Pair, act: (side: Side) => Promise<Outcome>): Promise<readonly { readonly echo: Outcome; readonly product: Outcome }[]> {
    return (await this.inTurns([echo, product], act)).map(([one, other]) => ({ echo: one!, product: other! }));
  }
}
