import { callOf } from '../../helpers/operations.js';
import type { Operation } from '../../../src/microsoft/allowed-calls.js';
import * as at from '../../local/partner-center/a-sandbox.js';
import { clientOf, counted } from '../../microsoft/a-client.js';
import { theWorld, SERVICE_SUPPORT, PREPARED_NAME, type Backend, type Names } from './backend.js';

/** Longer than any client of these tests waits. */
const silenceMs = 1_500;

/** Machine time that goes on by itself as well: what Microsoft takes a moment for is done a moment later. */
class RunningClock extends at.MachineClock {
  private readonly begun = performance.now();
  override readonly now = (): Date => new Date(Date.parse('2026-11-23T08:00:00Z') + performance.now() - this.begun + this.skipped);
  private skipped = 0;
  override passes(seconds: number): void {
    this.skipped += seconds * 1000;
  }
}

/** The last words of the path that are not somebody's id. */
const partOf = (operation: Operation): string => {
  const pieces = callOf(operation).path.split(/\{\w+\}/);
  return pieces.at(-1) || pieces.at(-2) || '';
};

export const sandboxBackend = (): Backend => {
  let sandbox: at.OpenSandbox;
  let names: Names;
  const control = async (path: string, body?: unknown, method = 'POST'): Promise<Record<string, unknown>> => {
    const { status, body: said } = await sandbox.control(method, path, body);
    if (status >= 300) throw new Error(`The sandbox answered ${status} to ${path}: ${JSON.stringify(said)}`);
    return said;
  };
  const atOnce = () => control('delays', { lockMs: 0, activateMs: 0, terminateMs: 0, assignMs: 0 });

  return {
    name: 'the sandbox',
    get graphUrl() { return sandbox.graphUrl; },
    get names() { return names; },
    open: async () => {
      sandbox = await at.openSandbox({ world: theWorld(), machine: new RunningClock() });
      await atOnce();
      const { authority } = clientOf(sandbox, sandbox.machine.now);
      const [administered, groups] = await Promise.all([authority.listDelegatedAdmin(at.NORTHWIND), authority.listSecurityGroups(at.NORTHWIND)]);
      const idOf = (wanted: string): string => [...administered, ...groups].find(({ name }) => name === wanted)?.id ?? '';
      names = { support: idOf('Support'), operations: idOf('Operations'), group: idOf('M365 Support'), otherGroup: idOf('Azure Operations'), adminAgents: sandbox.partners.find(({ tenant }) => tenant === at.FABRIKAM)?.groups.adminAgents ?? '' };
    },
    close: () => sandbox.close(),
    reset: async () => {
      // Microsoft counts by the minute, and so does the sandbox.
      sandbox.machine.passes(61);
      await control('reset');
      await atOnce();
    },
    options: (more) => ({
      ...sandbox, accounts: sandbox.partners, allowedLinkOrigins: [sandbox.url], machineNow: sandbox.machine.now, guid: counted(),
      delegatedAdminLink: (relationship) => `${sandbox.url}/AdminPortal/Home?delegatedAdmin=${relationship}`, ...more,
    }),
    signsIn: async (authorizeUrl, person) => {
      const { redirect } = await control('sign-in', { authorizeUrl, person });
      return new URL(String(redirect)).searchParams.get('code') ?? '';
    },
    breaks: async (operation, lines, after) => {
      for (const { hang, cut, ...line } of lines) {
        const wrong = hang ? { status: 503, delayMs: silenceMs } : cut ? { cut } : { status: 200, ...line };
        await control('faults', { method: callOf(operation).method, path: partOf(operation), ...wrong, ...(after && { after: true }) });
      }
    },
    providerPrepares: async () => {
      const { relationship } = await control('provider-drafts', { provider: at.PROVIDER, reseller: at.RESELLER, customer: at.CONTOSO, name: PREPARED_NAME, roles: [SERVICE_SUPPORT], days: 90 });
      return String(relationship);
    },
    partnerLeaves: async (partner, customer) => void await control(`grants?partner=${partner}&customer=${customer}`, undefined, 'DELETE'),
    locksSlowly: async () => void await control('delays', { lockMs: 60 }),
    onePerPage: async () => void await control('limits', { pageSize: 1 }),
    limits: async (partnerCenterAMinute) => void await control('limits', { partnerCenterAMinute }),
  };
};
