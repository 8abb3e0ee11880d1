import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { checkPartner } from '../../src/check-up/check-up.js';
import { AuthorityUnavailableError } from '../../src/commands/ports.js';
import { asTenantId } from '../../src/domain/ids.js';
import { directoryApp, partnerApp } from '../../src/local/partner-center/credentials.js';
import { signInWords } from '../../src/local/partner-center/sign-in-words.js';
import * as at from '../local/partner-center/a-sandbox.js';
import { CALLBACK } from '../local/partner-center/a-sign-in.js';

const page = readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8');
/** The permissions in the table of one step. */
const permissionsIn = (step: string): readonly string[] =>
  [...(page.split(`\n## ${step}`)[1]?.split('\n## ')[0] ?? '').matchAll(/^\|.*?`([A-Za-z_]+(?:\.[A-Za-z]+)*)` \|/gm)].map(([, permission = '']) => permission);

const [ofDirectory, ofPartner] = [permissionsIn('3. Register the directory app'), permissionsIn('4. Register an app for each partner')];

describe('the permissions of the operating page', () => {
  let sandbox: at.OpenSandbox;
  before(async () => { sandbox = await at.openSandbox(); });
  after(() => sandbox.close());

  const registered = async ({ clientId }: { readonly clientId: string }, person: string): Promise<readonly string[]> => {
    const request = new URLSearchParams({ client_id: clientId, scope: `${sandbox.graphUrl}/.default`, redirect_uri: CALLBACK, state: 'kept' });
    const answer = await fetch(`${sandbox.loginUrl}/organizations/v2.0/adminconsent`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ request: request.toString(), lang: 'en', person }) });
    return (new URL(answer.headers.get('location') ?? '').searchParams.get('scope') ?? '').split(' ').map((word) => word.slice(word.lastIndexOf('/') + 1));
  };

  it('are those that the sandbox asks an administrator for, in words of both languages', async () => {
    assert.deepEqual(await registered(directoryApp, at.LALE), ofDirectory);
    assert.deepEqual(await registered(partnerApp, at.GRACE), ofPartner);

    for (const permission of [...ofDirectory, ...ofPartner]) {
      for (const { permissions } of Object.values(signInWords)) assert(permissions[permission.toLowerCase()], permission);
    }
  });

  it('are those that the check-up names for a partner whose calls are refused', async () => {
    const refuses = (): Promise<never> => Promise.reject(new AuthorityUnavailableError('securityGroups'));
    const findings = await checkPartner({
      authority: { partner: refuses, observe: refuses, listDelegatedAdmin: refuses, listSecurityGroups: refuses },
      directory: { countryOf: refuses, adminAgents: refuses, person: refuses, tenantById: refuses },
      newsFeed: { eventNames: refuses, registration: refuses },
      signIns: [], machineNow: () => new Date(0), eventsAddress: () => '', offersDelegatedAdmin: true,
    }, { tenant: asTenantId(at.FABRIKAM), access: 'app', adminAgents: '', passEventsTo: [] });

    const named = findings.flatMap(({ todo }) => /delegated permission (\S+)/.exec(todo ?? '')?.[1] ?? []);
    assert.deepEqual(named, ofPartner.filter((permission) => permission !== 'user_impersonation'));
  });
});
