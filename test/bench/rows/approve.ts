import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, Pair } from '../bench.js';
import type { Answer, Sent } from '../channel.js';
import { closedLoop, median } from '../load.js';
import { run, until } from '../processes.js';
import type { Figure } from '../report.js';
import { ask, type Side } from '../sides.js';
import type { Person } from '../world.js';
import { agentAt, counted, inviteTurn, isPreview, measured, type Measured } from './message.js';

const verbIn = (node: unknown, verb: string): Record<string, unknown> | undefined => {
  if (typeof node !== 'object' || node === null) return undefined;
  if ('verb' in node && node.verb === verb && 'data' in node && 'type' in node && node.type === 'Action.Execute') return node.data as Record<string, unknown>;
  for (const value of Object.values(node)) {
    const found = verbIn(value, verb);
    if (found) return found;
  }
  return undefined;
};
const isCard = ({ body }: Answer): boolean => body.includes('application/vnd.microsoft.card.adaptive');

type Request = { readonly admin: Person; readonly inviter: Person; readonly card: Sent; readonly data: unknown };

/** The whole way to an open request in front of a Global admin: they install the app, an agent invites and sends, the card arrives. */
const openRequest = async (bench: Bench, { line }: Side, at: number): Promise<Request> => {
  const { domain, admin } = bench.nextCustomer();
  const inviter = agentAt(at);
  const card = new Promise<Sent>((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error(`No request reached ${admin.name}.`)), 60_000);
    line.listen(admin, (sent) => {
      if (!verbIn(sent.activity['attachments'], 'approve-invitation')) return;
      clearTimeout(patience);
      resolve(sent);
    });
  });
  await line.tell(admin, { type: 'installationUpdate', action: 'add' });
  const { sent } = await line.say(inviter, `invite ${domain} because Azure backup`, isPreview);
  const draft = verbIn(sent?.activity['attachments'], 'send-invitation');
  if (!sent || !draft) throw new Error('No preview to send.');
  const pressed = await line.press(inviter, sent.id, 'send-invitation', { ...draft, reason: 'Azure backup', notCsp: 'true' }, isCard);
  if (!pressed.isGood) throw new Error(`Not sent: ${JSON.stringify(pressed.answer)}`);
  const arrived = await card;
  return { admin, inviter, card: arrived, data: verbIn(arrived.activity['attachments'], 'approve-invitation') };
};

/** CPU of one role read by the product's client, in a process that does nothing else. */
const roleRead = async (bench: Bench): Promise<number> => {
  const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const log = join(bench.ground.folder, 'role-read.log');
  const reading = run(['--import', file('../../../node_modules/tsx/dist/loader.mjs'), file('../role-read.ts'), bench.sandbox.url, String(bench.size(2000)), String(bench.size(200))], {}, log);
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
    const requests: Request[] = [];
    await closedLoop(many, 8, async (at) => {
      requests.push(await openRequest(bench, product, at));
      return { isGood: true, ms: 0, answer: { status: 200, body: '' } };
    });
    await bench.quiet(product);
    const heard = new Map<string, number>();
    for (const { inviter } of requests) {
      product.line.listen(inviter, ({ method }) => { if (method === 'POST') heard.set(inviter.id, Date.now()); });
    }
    const before = product.cpu();
    const loop = await counted(bench, pair, product, 'decision', () => measured(bench, product, () => closedLoop(many, 16, (at) => {
      const { admin, card, data } = requests[at] as Request;
      return product.line.press(admin, card.id, 'approve-invitation', data, isCard);
    })));
    await bench.quiet(product);
    return { loop, wholeMs: ((product.cpu() - before) * 1000) / many, noticeMs: await noticeDelays(pair, requests, heard) };
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
    { name: 'commit to notice, median', unit: 'ms', rounds: whole.map(({ product }) => median(product.noticeMs)) },
  ];
};

/** From the moment the decision bears, to the arrival of the inviter's notice at the connector. */
const noticeDelays = async ({ databaseUrl }: Pair, requests: readonly Request[], heard: ReadonlyMap<string, number>): Promise<readonly number[]> => {
  const decided = new Map((await ask(databaseUrl, 'SELECT person, at FROM decision')).map(({ person, at }) => [String(person), Date.parse(String(at))]));
  return requests.flatMap(({ admin, inviter }) => {
    const [from, to] = [decided.get(admin.id), heard.get(inviter.id)];
    return from === undefined || to === undefined ? [] : [to - from];
  });
};
