import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import restify from 'restify';
import { mountConsole } from '../../../src/local/console/console.js';
import { createTeams, type Teams } from '../../../src/local/teams/teams.js';
import { appId, StandInBot, StandInSandbox } from './stand-ins.js';

export type Desk = {
  readonly url: string; readonly port: number; readonly teams: Teams; readonly bot: StandInBot; readonly sandbox: StandInSandbox;
  readonly server: restify.Server; readonly resets: () => number; readonly stop: () => Promise<void>;
};

/** Console, pretend Teams, a stand-in bot and a stand-in sandbox, wired over real HTTP as `main` wires the real ones. */
export const startDesk = async (): Promise<Desk> => {
  let url = '';
  let resets = 0;
  const [bot, sandbox] = await Promise.all([StandInBot.start(() => url), StandInSandbox.start()]);
  const teams = await createTeams({ baseUrl: () => url, appId, botUrl: () => bot.url, guid: randomUUID, machineNow: () => new Date(), file: ':memory:' });
  const server = restify.createServer({ name: '', log: pino({ enabled: false }) as never });
  teams.mount(server);
  mountConsole(server, {
    teams, sandboxUrl: sandbox.url,
    onReset: async () => {
      resets += 1;
      teams.reset();
    },
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address();
  url = `http://127.0.0.1:${port}`;
  return {
    url, port, teams, bot, sandbox, server, resets: () => resets,
    stop: async () => {
      server.server.closeAllConnections();
      await new Promise<void>((resolve) => void server.server.close(() => resolve()));
      await Promise.all([bot.stop(), sandbox.stop()]);
      teams.close();
    },
  };
};

export const until = async <Found>(what: string, look: () => Found | undefined | false | Promise<Found | undefined | false>, ms = 5000): Promise<Found> => {
  for (const end = Date.now() + ms; ; ) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
};
