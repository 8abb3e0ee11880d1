import type { Request, Response, Server } from 'restify';
import type { z } from 'zod';
import { paramOf, readJson } from '../read-body.js';
import type { Teams } from '../teams/teams.js';
import { mayEnter } from './door.js';
import { tellOfChanges } from './events.js';
import { pageFile, vendorFile, type PageFile } from './files.js';
import { peopleIn, type Person } from './people.js';
import { wishes } from './wishes.js';

export type ConsoleOptions = {
  readonly teams: Pick<Teams, 'chat' | 'install' | 'uninstall' | 'say' | 'press' | 'onChange' | 'isNew'>;
  readonly sandboxUrl: string;
  /** Called after the sandbox has gone back to its first day; forgets the ledger and the chats. */
  readonly onReset: () => Promise<void>;
};

/** Cards set their own sizes and colours through the DOM, which a style rule of the policy does not hold up. The server adds the rest. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
} as const;

type Answer = { readonly status: number; readonly body: unknown };
const ok = (body: unknown): Answer => ({ status: 200, body });
const unknownPerson: Answer = { status: 404, body: { error: 'There is nobody of that id in this world.' } };

/** One page on which two people of the sandbox's world talk to the bot side by side. For this machine only. */
export const mountConsole = (server: Server, { teams, sandboxUrl, onReset }: ConsoleOptions): void => {
  const sandbox = async (path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${sandboxUrl}/sandbox/${path}`, body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  };
  const world = async () => peopleIn((await sandbox('world')).body);
  const personOf = async (id: string): Promise<Person | undefined> => (await world()).people.find((person) => person.id === id);
  const asPretend = ({ tenant, id, name, locale }: Person) => ({ tenant: tenant.id, id, name, locale, country: tenant.country });

  const state = async (): Promise<Answer> => {
    const { now, people, defaults } = await world();
    // The first look at a new world finds the two already at their desks; the welcome arrives while they are being drawn.
    if (teams.isNew()) for (const person of people) if (person.id === defaults.left || person.id === defaults.right) void teams.install(asPretend(person)).catch(() => undefined);
    return ok({ now, sandboxUrl, defaults, people: people.map((person) => ({ ...person, installed: teams.chat(person.id).isInstalled })) });
  };

  const get = (path: string, answer: (req: Request, res: Response) => Promise<void> | void): void => {
    server.get(path, async (req: Request, res: Response) => (mayEnter(req) ? answer(req, res) : say(res, shut)));
  };
  const post = <Wish extends z.ZodType>(path: string, shape: Wish, act: (wish: z.output<Wish>) => Promise<Answer>): void => {
    server.post(path, async (req: Request, res: Response) => {
      if (!mayEnter(req)) return say(res, shut);
      const wish = shape.safeParse(await readJson(req));
      say(res, wish.success ? await act(wish.data) : { status: 400, body: { error: 'The console does not ask for this.' } });
    });
  };
  const postAs = <Wish extends z.ZodType<{ person: string }>>(path: string, shape: Wish, act: (person: Person, wish: z.output<Wish>) => Promise<unknown>): void =>
    post(path, shape, async (wish) => {
      const person = await personOf(wish.person);
      return person ? ok(await act(person, wish)) : unknownPerson;
    });

  get('/', async (_req, res) => sayFile(res, await pageFile('index.html')));
  get('/console/page/:file', async (req, res) => sayFile(res, await pageFile(paramOf(req, 'file'))));
  get('/console/vendor/:file', async (req, res) => sayFile(res, await vendorFile(paramOf(req, 'file'))));
  get('/console/events', (req, res) => tellOfChanges(server, (listener) => teams.onChange(listener), req, res, headers));
  get('/console/state', async (_req, res) => say(res, await state()));
  get('/console/clock', async (_req, res) => say(res, await sandbox('clock')));
  get('/console/chat/:person', (req, res) => say(res, ok(teams.chat(paramOf(req, 'person')))));

  postAs('/console/say', wishes.say, (person, { text }) => teams.say(asPretend(person), text));
  postAs('/console/press', wishes.press, (person, { message, action: { verb, ...action } }) => teams.press(asPretend(person), message, { ...action, ...(verb !== undefined && { verb }) }));
  postAs('/console/install', wishes.person, (person) => teams.install(asPretend(person)));
  postAs('/console/uninstall', wishes.person, (person) => teams.uninstall(asPretend(person)));
  postAs('/console/accept', wishes.accept, ({ id, tenant }, { partner }) => sandbox('accept', { partner, customer: tenant.id, person: id }));
  post('/console/clock', wishes.clock, (wish) => sandbox('clock', wish));
  post('/console/reset', wishes.nothing, async () => {
    const answer = await sandbox('reset', {});
    await onReset();
    return answer;
  });
};

const shut: Answer = { status: 403, body: { error: 'The console answers its own page on this machine.' } };

const say = (res: Response, { status, body }: Answer): void => {
  res.writeHead(status, { ...headers, 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
};

const sayFile = (res: Response, file: PageFile | undefined): void => {
  if (!file) return say(res, { status: 404, body: { error: 'There is no such file.' } });
  res.writeHead(200, { ...headers, 'content-type': file.type });
  res.end(file.bytes);
};
