import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refreshTokenOf } from '../../../src/local/partner-center/credentials.js';
import { inJavaScript } from '../../helpers/in-javascript.js';
import * as at from './a-sandbox.js';

describe('the sandbox alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-alone-'));
  after(() => rmSync(folder, { recursive: true }));

  const start = (...args: string[]) => {
    const child = spawn(process.execPath, [inJavaScript('src/local/partner-center/run.ts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [said, wrong] = ['', ''];
    child.stdout.on('data', (text: Buffer) => { said += text.toString(); });
    child.stderr.on('data', (text: Buffer) => { wrong += text.toString(); });
    const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, said, wrong }));
    const ready = async (): Promise<string> => {
      while (!said.includes('Ctrl+C') && child.exitCode === null) await once(child.stdout, 'data');
      return said;
    };
    return { child, ready, ended };
  };

  it('says where it is and what opens it, works, and stops when it is told to', async () => {
    const { child, ready, ended } = start('--port', '0');
    const said = await ready();
    const loginUrl = /Login +(\S+)/.exec(said)?.[1] ?? '';
    const [, clientId = '', clientSecret = ''] = /App of partners +(\S+) +(\S+)/.exec(said) ?? [];
    const tenant = /Fabrikam \(directBill\)\s+tenant (\S+)/.exec(said)?.[1] ?? '';

    const resource = loginUrl.replace('/login', '/partner-center');
    const form = { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials', resource };
    assert.equal((await fetch(`${loginUrl}/${tenant}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) })).status, 200);
    child.kill('SIGTERM');
    assert.deepEqual((await ended).code, 0);
  });

  it('takes a world and keeps it', async () => {
    const [world, data] = [join(folder, 'world.json'), join(folder, 'data', 'sandbox.sqlite')];
    writeFileSync(world, JSON.stringify(at.aWorld()));
    for (const args of [['--world', world], []]) {
      const { child, ready, ended } = start('--port', '0', '--data', data, ...args);
      assert((await ready()).includes(refreshTokenOf(at.RESELLER)));
      child.kill('SIGTERM');
      assert.equal((await ended).code, 0);
    }
  });

  it('explains itself', async () => {
    const { code, said } = await start('--help').ended;

    assert.deepEqual([code, said.includes('--world FILE')], [0, true]);
  });

  it('says in a sentence why it does not start', async () => {
    const [notJson, noWorld] = [join(folder, 'not.json'), join(folder, 'none.json')];
    const taken = await at.openSandbox();
    writeFileSync(notJson, '{');
    writeFileSync(noWorld, '{"now":"yesterday","tenants":[]}');
    await Promise.all(([
      [['--port', 'x'], /^--port x is no port: use a number from 0 to 65535\.\n$/],
      [['--prot', '1'], /Unknown option '--prot'[^]*npm run sandbox/],
      [['--world', join(folder, 'nowhere.json')], /cannot be read\.\n$/],
      [['--world', notJson], /is not JSON\.\n$/],
      [['--world', noWorld], /^The world has a mistake: now: /],
      [['--port', new URL(taken.url).port], /^That port is taken: /],
    ] as const).map(async ([args, sentence]) => {
      const { code, wrong } = await start(...args).ended;
      assert.equal(code, 1);
      assert.match(wrong, sentence);
    }));
    await taken.close();
  }).timeout(60_000);
});
