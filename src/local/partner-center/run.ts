import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { partnerApp } from './credentials.js';
import { WorldError } from './read-world.js';
import { parsed } from './route.js';
import { startSandbox, type Sandbox } from './sandbox.js';

const usage = `The sandbox alone: Partner Center, Graph and the Microsoft Entra login, on this machine.

  npm run sandbox -- [options]

  --port N       port to listen on, 0 takes any free one   (3979)
  --host NAME    address to listen on                      (127.0.0.1)
  --world FILE   world in JSON that fills a new sandbox    (the built-in world)
  --data FILE    keeps the sandbox over a restart          (nothing is kept)
  --help         these lines

docs/sandbox-alone.md says more.
`;

/** Something the person at the keyboard can put right, in one sentence. */
class StartError extends Error {
  override readonly name = 'StartError';
}

const optionsIn = (args: readonly string[]) => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '3979' }, host: { type: 'string', default: '127.0.0.1' },
        world: { type: 'string' }, data: { type: 'string', default: ':memory:' }, help: { type: 'boolean', default: false },
      },
    });
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port > 65_535) throw new StartError(`--port ${values.port} is no port: use a number from 0 to 65535.`);
    return { ...values, port };
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`${error instanceof Error ? error.message : 'The options cannot be read.'}\n\n${usage}`);
  }
};

const worldIn = async (file: string): Promise<unknown> => {
  const text = await readFile(file, 'utf8').catch(() => { throw new StartError(`The world in ${file} cannot be read.`); });
  const world = parsed(text);
  if (world === undefined) throw new StartError(`The world in ${file} is not JSON.`);
  return world;
};

const reason = (error: unknown): string => {
  if (error instanceof StartError) return error.message;
  if (error instanceof WorldError) return `The world has a mistake: ${error.message}`;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'That port is taken: choose another one with --port, or 0 for any.';
  return `The sandbox did not start: ${error instanceof Error ? error.message : String(error)}`;
};

const greeting = ({ url, loginUrl, partnerCenterUrl, graphUrl, directoryApp, partners, tenants }: Sandbox): string => {
  const names = new Map(tenants().map(({ id, name }) => [id, name]));
  return `The sandbox is running. It plays Microsoft on this machine.

  Login            ${loginUrl}
  Partner Center   ${partnerCenterUrl}
  Graph            ${graphUrl}
  Its world        ${url}/sandbox/world

These credentials are open to everybody: they open a sandbox and nothing else.

  App of partners  ${partnerApp.clientId}  ${partnerApp.clientSecret}
  Directory app    ${directoryApp.clientId}  ${directoryApp.clientSecret}

  Partners, with a refresh token that never ages
${partners.map(({ tenant, type, refreshToken }) => `    ${names.get(tenant)} (${type})\n      tenant ${tenant}\n      ${refreshToken}`).join('\n')}

docs/sandbox-alone.md tells how to use it, docs/sandbox.md how to move it. Ctrl+C stops it.
`;
};

const run = async (): Promise<void> => {
  const { help, port, host, world, data } = optionsIn(process.argv.slice(2));
  if (help) return void process.stdout.write(usage);
  const sandbox = await startSandbox({ file: data, host, port, machineNow: () => new Date(), ...(world !== undefined && { world: await worldIn(world) }) });
  const stop = (): void => void sandbox.close();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  process.stdout.write(greeting(sandbox));
};

await run().catch((error: unknown) => {
  process.stderr.write(`${reason(error).trimEnd()}\n`);
  process.exitCode = 1;
});
