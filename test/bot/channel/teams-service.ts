import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServiceUrlCheck } from '../../../src/bot/channel/service-urls.js';
import { type Address, type ChannelOptions, createChannel } from '../../../src/bot/channel/channel.js';
import { createLog } from '../../../src/log.js';
import { APP_ID, NOON } from './key-service.js';

export type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown } | 'cut' | 'silent';
export type Request = { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders; readonly text: string };

/** Teams and the login service on loopback. Say what they answer; read what they were asked. */
export const startTeams = async () => {
  const teams = {
    url: '',
    answer: ((): Answer => ({ status: 201, body: { id: 'activity-1' } })) as (request: Request) => Answer,
    login: ((): Answer => ({ status: 200, body: { token_type: 'Bearer', expires_in: 3600, access_token: `secret-token-${teams.logins.length}` } })) as () => Answer,
    requests: [] as Request[],
    logins: [] as Request[],
    close: () => new Promise<void>((resolve) => { server.closeAllConnections(); server.close(() => resolve()); }),
  };
  const server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => {
      const request = { method: req.method ?? '', path: req.url ?? '', headers: req.headers, text };
      const isLogin = request.path.endsWith('/oauth2/v2.0/token');
      (isLogin ? teams.logins : teams.requests).push(request);
      const answer = isLogin ? teams.login() : teams.answer(request);
      if (answer === 'cut') req.socket.destroy();
      else if (answer !== 'silent') {
        res.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        res.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  teams.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return teams;
};

export type Teams = Awaited<ReturnType<typeof startTeams>>;

export const aChannel = (teams: Teams, changes: Partial<ChannelOptions> = {}) => {
  const lines: string[] = [];
  const clock = { now: NOON };
  const channel = createChannel({
    appId: APP_ID,
    appPassword: 'the+password&',
    tokenTenant: 'a0000000-0000-0000-0000-000000000001',
    loginUrl: teams.url,
    oauthScope: 'https://api.botframework.com',
    isAllowedServiceUrl: createServiceUrlCheck([teams.url]),
    log: createLog({ level: 'debug', form: 'json', to: { write: (line) => void lines.push(line) } }),
    machineNow: () => clock.now,
    timeoutMs: 300,
    ...changes,
  });
  const elif: Address = { serviceUrl: `${teams.url}/emea/`, conversation: 'a:elif', tenant: 'c0000000-0000-0000-0000-000000000001', teamsUser: '29:elif' };
  return { channel, lines, clock, elif };
};
