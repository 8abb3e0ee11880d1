import { accessSync, constants } from 'node:fs';
import { connect } from 'node:net';

/** Servers and programs that a bare machine need not have. One that was named must be there: then its absence is a failure. */
const named = {
  postgres: process.env['TEST_DATABASE_URL'],
  redis: process.env['TEST_REDIS_URL'],
  chromium: process.env['TEST_CHROMIUM'],
};

export const postgresUrl = named.postgres ?? 'postgres://postgres@127.0.0.1:5432/test';
export const redisUrl = named.redis ?? 'redis://127.0.0.1:6379';

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The system's own browser, under the names that distributions give it. */
export const chromiumPath: string | undefined = named.chromium ?? ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`).find(isProgram);

const answers = (url: string, usualPort: number): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port || usualPort), timeout: 2000 });
    const say = (is: boolean) => (): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', say(true)).once('error', say(false)).once('timeout', say(false));
  });

type Hook = (this: Mocha.Context) => Promise<void>;

/** From a hook: leaves its suite out, and says why at the end of the run. */
export const leaveOut = (context: Mocha.Context, why: string): never => {
  Object.assign(context.test?.parent ?? {}, { leftOutBecause: why });
  return context.skip();
};

const unless = (isThere: () => Promise<boolean> | boolean, isNamed: boolean, why: string): Hook =>
  async function () {
    if (await isThere()) return;
    if (isNamed) throw new Error(`${why} It was named, so it must be there.`);
    leaveOut(this, why);
  };

/** `before(needs.postgres());` */
export const needs = {
  postgres: (): Hook => unless(() => answers(postgresUrl, 5432), named.postgres !== undefined, 'no PostgreSQL answers; set TEST_DATABASE_URL.'),
  redis: (): Hook => unless(() => answers(redisUrl, 6379), named.redis !== undefined, 'no Redis answers; set TEST_REDIS_URL.'),
  chromium: (): Hook => unless(() => chromiumPath !== undefined && isProgram(chromiumPath), named.chromium !== undefined, 'there is no Chromium; set TEST_CHROMIUM to its path.'),
};
