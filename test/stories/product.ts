import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareEnvironment, inJavaScript } from '../helpers/in-javascript.js';
import { secretsIn } from '../helpers/secrets.js';
import { keptIn } from '../ledger/engines.js';
import { startTeams, type CardAction, type Message, type PretendPerson, type Teams } from '../../src/local/teams/teams.js';

const appId = '5f0c6a52-0b1d-4c57-9a59-2f6f3f5d1e01';

export const until = async <Found>(what: string, look: () => Found | undefined | false | Promise<Found | undefined | false>, ms = 10_000): Promise<Found> => {
  for (const end = Date.now() + ms; ; ) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
};

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

export type Person = PretendPerson;

/** One process of the product. */
export class Service {
  url = '';
  output = '';
  protected process: ChildProcess | undefined;
  protected environment: Record<string, string> = {};

  constructor(readonly folder: string) {}

  get pid(): number | undefined { return this.process?.pid; }
  get databaseUrl(): string { return this.environment['DATABASE_URL'] ?? ''; }

  /** Starts the process again on what an earlier one left behind. */
  async run(more: Readonly<Record<string, string>> = {}, preload: readonly string[] = []): Promise<void> {
    const child = spawn(process.execPath, [...preload.flatMap((one) => ['--import', inJavaScript(one)]), inJavaScript('src/main.ts')], {
      cwd: this.folder, env: { ...bareEnvironment(), ...this.environment, ...more }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    const hear = (chunk: Buffer): void => { this.output += chunk.toString(); };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    await until(`the product to be ready\n${this.output}`, async () => {
      if (child.exitCode !== null) throw new Error(`The product stopped at its start:\n${this.output}`);
      return (await fetch(`${this.url}/readyz`).catch(() => undefined))?.ok;
    }, 20_000);
  }

  /** How it ended, once it has. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    const child = this.process;
    if (!child) return null;
    if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
    return child.signalCode ?? child.exitCode;
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return gone;
  }

  /** One more process on the same database, at an address of its own; not yet running. */
  async another(): Promise<Service> {
    const one = new Service(this.folder);
    const [port, sandboxPort] = await Promise.all([freePort(), freePort()]);
    one.url = `http://127.0.0.1:${port}`;
    one.environment = { ...this.environment, PORT: String(port), ...(this.environment['SANDBOX_PORT'] && { SANDBOX_PORT: String(sandboxPort) }) };
    return one;
  }
}

/** The product as a service of its own process, over real HTTP, with a pretend Teams here and the sandbox there. */
export class Product extends Service {
  teams!: Teams & { stop(): Promise<void> };
  sandboxUrl = '';
  /** More of what must not be readable afterwards, by name. */
  secrets: Readonly<Record<string, string>> = {};

  /** @param environment in which `{url}` stands for the product's own address */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<Product> {
    const product = new Product(mkdtempSync(join(tmpdir(), 'partner-invitations-')));
    const [port, sandboxPort] = await Promise.all([freePort(), freePort()]);
    product.url = `http://127.0.0.1:${port}`;
    product.sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
    product.teams = await startTeams({ appId, botUrl: () => `${product.url}/api/messages`, guid: randomUUID, machineNow: () => new Date(), file: ':memory:' });
    product.environment = {
      PORT: String(port), HOST: '127.0.0.1', SANDBOX_PORT: String(sandboxPort), PARTNER_CENTER: 'sandbox',
      MicrosoftAppId: appId, MicrosoftAppPassword: 'story-secret', MicrosoftAppTenantId: '5f0c6a52-0b1d-4c57-9a59-2f6f3f5d1e02',
      CHANNEL_OPENID_METADATA_URL: product.teams.openIdMetadataUrl, LOGIN_URL: product.teams.loginUrl, ALLOWED_SERVICE_URLS: new URL(product.teams.serviceUrl).origin,
      DATABASE_URL: `sqlite:${join(product.folder, 'ledger.sqlite')}`, LIMIT_PER_USER: '0', LIMIT_PER_TENANT: '0',
      ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.replaceAll('{url}', product.url)])),
    };
    try {
      await product.run();
      return product;
    } catch (error) {
      await product.stop();
      throw error;
    }
  }

  /** Runs another program of the house with the product's own environment, to its end. */
  async alongside(program: string): Promise<{ readonly code: number | null; readonly said: string }> {
    const child = spawn(process.execPath, [inJavaScript(program)], {
      cwd: this.folder, env: { ...bareEnvironment(), ...this.environment }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const hear = (chunk: Buffer): void => { said += chunk.toString(); };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const code = await new Promise<number | null>((resolve) => void child.once('close', resolve));
    this.output += said;
    return { code, said };
  }

  /** What a story must not leave behind is looked for at the end of each: a secret in the log or in the database. */
  async stop(): Promise<void> {
    await this.kill();
    await this.teams.stop();
    const leaked = secretsIn(`${this.output}\n${await keptIn(this.databaseUrl)}`, this.secrets);
    rmSync(this.folder, { recursive: true, force: true });
    if (leaked.length > 0) throw new Error(`Readable in the log or the database: ${leaked.join(', ')}.`);
  }

  // ---- people ----

  messages(person: Person): readonly Message[] {
    return this.teams.chat(person.id).messages;
  }

  /** The newest message whose text or card says this. */
  hears(person: Person, words: string | RegExp, ms?: number): Promise<Message> {
    const says = (message: Message): boolean => {
      const all = JSON.stringify(message);
      return message.from === 'bot' && (typeof words === 'string' ? all.includes(words) : words.test(all));
    };
    return until(`${person.name} to hear ${String(words)}; heard ${JSON.stringify(this.messages(person).map(({ text, summary }) => text ?? summary))}`, () => this.messages(person).findLast(says), ms);
  }

  say(person: Person, text: string) {
    return this.teams.say(person, text);
  }

  /** Presses the newest button with this verb, with what was typed into the card's fields. */
  async press(person: Person, verb: string, inputs: Readonly<Record<string, string>> = {}, type: CardAction['type'] = 'Action.Execute') {
    const { message, data } = await until(`${person.name} to find the button ${verb}`, () => this.button(person, verb));
    return this.teams.press(person, message.id, { type, verb, data: { ...data, ...inputs } });
  }

  button(person: Person, verb: string): { readonly message: Message; readonly data: Record<string, unknown> } | undefined {
    for (const message of [...this.messages(person)].reverse()) {
      const data = dataOf(message.attachments?.[0]?.content, verb);
      if (data) return { message, data };
    }
    return undefined;
  }

  // ---- Microsoft's side ----

  async sandbox(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<unknown> {
    const response = await fetch(`${this.sandboxUrl}/sandbox/${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });
    if (!response.ok) throw new Error(`The sandbox answered ${response.status} to ${path}: ${await response.text()}`);
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  }

  /** What the customer's admin does on Microsoft's own page. */
  acceptAtMicrosoft(partner: string, customer: string, person: Person): Promise<unknown> {
    return this.sandbox('accept', { partner, customer, person: person.id });
  }
}

export const dataOf = (node: unknown, verb: string): Record<string, unknown> | undefined => {
  if (Array.isArray(node)) return node.map((one) => dataOf(one, verb)).find(Boolean);
  if (typeof node !== 'object' || node === null) return undefined;
  if ('type' in node && node.type === 'Action.Execute' && 'verb' in node && node.verb === verb && 'data' in node) return node.data as Record<string, unknown>;
  return dataOf(Object.values(node), verb);
};
