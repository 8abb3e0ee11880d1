import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../src/local/partner-center/sandbox.js';
import { aCertificate } from '../local/partner-center/a-certificate.js';
import { aStoryWorld, type Story, type World } from './people.js';
import { Product } from './product.js';

export type LiveDeployment = { readonly product: Product; readonly story: Story; readonly sandbox: Sandbox; readonly sealKey: string; readonly folder: string; control(path: string, body: unknown, method?: string): Promise<unknown>; stop(): Promise<void> };

export const operatorToken = 'operator-token-of-the-story';

/**
 * The product as an operator runs it against the real Microsoft: partners from a file with references, refresh tokens sealed in the
 * ledger, events by webhook. In Microsoft's place stands the sandbox, as a server of its own.
 */
export const startLive = async (environment: Readonly<Record<string, string>> = {}, change: (story: Story) => World = ({ world }) => world): Promise<LiveDeployment> => {
  const story = aStoryWorld();
  const folder = mkdtempSync(join(tmpdir(), 'live-'));
  const sandbox = await startSandbox({ world: { ...change(story), now: new Date().toISOString() }, file: ':memory:', host: '127.0.0.1', port: 0, machineNow: () => new Date() });
  const control = async (path: string, body: unknown, method = 'POST'): Promise<unknown> => {
    const answer = await fetch(`${sandbox.url}/sandbox/${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to ${path}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };

  const [partnerApp] = sandbox.partners;
  if (!partnerApp) throw new Error('A world without partners.');
  const { pem, privateKey } = aCertificate();
  const keyText = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(join(folder, 'partner-center.pem'), `${keyText}\n${pem}`);
  await control(`apps/${partnerApp.clientId}/certificates`, { certificate: pem });
  writeFileSync(join(folder, 'roots.pem'), await (await fetch(`${sandbox.url}/cert/root.pem`)).text());
  writeFileSync(join(folder, 'partners.json'), JSON.stringify({
    directory: { clientId: sandbox.directoryApp.clientId, secret: 'env:DIRECTORY_SECRET' },
    partners: sandbox.partners.map(({ tenant, type, clientId, groups }) => ({ tenant, type, clientId, certificate: `file:${join(folder, 'partner-center.pem')}`, groups })),
  }));

  const sealKey = randomBytes(32).toString('base64');
  const product = await Product.start({
    PUBLIC_URL: '{url}', SANDBOX_PORT: '', PARTNER_CENTER: 'live', PARTNERS_FILE: join(folder, 'partners.json'), DIRECTORY_SECRET: sandbox.directoryApp.clientSecret,
    OPERATOR_NAME: 'Fabrikam Operations', OPERATOR_CONTACT: 'ops@fabrikam.example', OPERATOR_TOKEN: operatorToken, SECRETS_KEY: sealKey, WATCH_EVERY_SECONDS: '3600', LOG_LEVEL: 'debug',
    PARTNER_CENTER_URL: sandbox.partnerCenterUrl, GRAPH_URL: sandbox.graphUrl, PARTNER_LOGIN_URL: sandbox.loginUrl, PORTAL_URLS: sandbox.url,
    WEBHOOK_CERTIFICATE_HOSTS: new URL(sandbox.url).host, WEBHOOK_TRUSTED_ROOTS: join(folder, 'roots.pem'), ...environment,
  });
  product.sandboxUrl = sandbox.url;
  product.secrets = { 'the partner’s private key': lineIn(keyText), 'the sealing key': sealKey, 'the operator’s token': operatorToken };
  return {
    product, story, sandbox, folder, control,
    sealKey,
    stop: async () => {
      try {
        await product.stop();
      } finally {
        await sandbox.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
};

/** A line of the key's middle, which no other key has. */
const lineIn = (pem: string): string => pem.split('\n')[5] ?? '';
