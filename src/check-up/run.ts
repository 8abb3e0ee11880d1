/** `npm run check`: tries every precondition against Microsoft, reading only, and says what is right, what is missing, and what to do. */
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { createAppToken } from '../bot/channel/app-token.js';
import { readConfig, type Config } from '../config.js';
import { capabilitiesOf } from '../domain/rules.js';
import { openLedger } from '../ledger/ledger.js';
import { provenBot } from '../bot-proof.js';
import { liveSide } from '../microsoft-side.js';
import { createMicrosoft } from '../microsoft/microsoft.js';
import { createWire } from '../wire.js';
import { checkPartner, type Finding } from './check-up.js';

const machineNow = (): Date => new Date();
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const signs = { right: '✓', look: '!', missing: '✗' } as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tell = (findings: readonly Finding[]): void => {
  for (const { is, what, todo } of findings) say(`  ${signs[is]} ${what}${todo === undefined ? '' : `\n      → ${todo}`}`);
};

const checkBot = async (config: Config): Promise<Finding> => {
  if (!config.bot) return { is: 'look', what: 'No bot is registered: this is local mode', todo: 'Set MicrosoftAppId to run as a service.' };
  const token = createAppToken({ ...(await provenBot(config.bot, config, machineNow)), loginUrl: config.channel.loginUrl, oauthScope: config.channel.oauthScope, machineNow, log: silent });
  return token.current().then(
    (): Finding => ({ is: 'right', what: 'The bot gets its token' }),
    (): Finding => ({ is: 'missing', what: 'The bot gets no token', todo: 'Check MicrosoftAppId, MicrosoftAppTenantId and the credential of the bot.' }),
  );
};

const checkAddress = async (publicUrl: string): Promise<Finding> => {
  const answered = await createWire({ mostBytes: 64 * 1024 })(`${publicUrl}/healthz`, { method: 'GET', timeoutMs: 5_000 }).then(({ status }) => status, () => undefined);
  return answered === 200 ? { is: 'right', what: `${publicUrl} answers` }
    : { is: 'look', what: `${publicUrl}/healthz gives ${answered === undefined ? 'no answer' : `status ${answered}`} from here`, todo: 'Start the service, and check the address, its certificate and the way to it.' };
};

const run = async (): Promise<readonly Finding[]> => {
  const config = readConfig();
  say(`Settings: ${config.mode} mode, cloud ${config.cloud}, Partner Center ${config.partnerCenter}.`);
  if (!config.live) {
    say('The sandbox plays Microsoft, so there is nothing to check there. Set PARTNER_CENTER=live to check a real deployment.');
    return [];
  }
  const side = await liveSide(config.live, config, machineNow);
  const opened = await openLedger({ url: config.databaseUrl, machineNow, sealKeys: config.live.sealKeys });
  try {
    const { authority, directory, newsFeed } = createMicrosoft({ ...side.options, signIns: opened.signIns, machineNow, guid: randomUUID });
    const common: Finding[] = [{ is: 'right', what: `The ledger opens (${config.databaseUrl.startsWith('sqlite:') ? `a file in ${dirname(config.databaseUrl.slice(7))}` : 'PostgreSQL'})` }, await checkBot(config), await checkAddress(config.live.publicUrl)];
    tell(common);
    const all = [...common];
    const signIns = await opened.signIns.all();
    for (const partner of side.live?.partners ?? []) {
      say(`Partner ${partner.tenant}:`);
      const findings = await checkPartner(
        { authority, directory, newsFeed, signIns, machineNow, offersDelegatedAdmin: config.offers.gdap ?? capabilitiesOf[config.cloud].gdap, eventsAddress: (tenant) => `${config.live?.publicUrl}/api/partner-center/events?partner=${tenant}` },
        { tenant: partner.tenant, access: partner.access, adminAgents: partner.groups.adminAgents, passEventsTo: partner.passEventsTo },
      );
      tell(findings);
      all.push(...findings);
    }
    return all;
  } finally {
    await opened.close();
  }
};

try {
  const findings = await run();
  const missing = findings.filter(({ is }) => is === 'missing').length;
  say(missing > 0 ? `${missing} missing.` : 'Nothing is missing.');
  process.exitCode = missing > 0 ? 1 : 0;
} catch (error) {
  const isOperators = error instanceof Error && ['ConfigError', 'PartnersFileError', 'CertificateUnusableError', 'LedgerRefusedError'].includes(error.name);
  process.stderr.write(`${isOperators ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
