import type { TenantId } from '../../domain/ids.js';
import { stableId } from './stable-id.js';
import type { Tenant } from './world.js';

/** Open to everybody who reads this: they open a sandbox and nothing else. */
export const directoryApp = { clientId: '5a9db0c5-d1ec-4000-8000-000000000001', clientSecret: 'sandbox-only-directory-secret' } as const;
export const partnerApp = { clientId: '5a9db0c5-9a27-4000-8000-000000000002', clientSecret: 'sandbox-only-partner-secret' } as const;

/** `directory` is consented in each tenant and only reads; `partner` works in the tenants of partners. */
export type Registration = { readonly is: 'directory' | 'partner'; readonly name: string; readonly clientId: string; readonly clientSecret: string };

const apps: readonly Registration[] = [
  { is: 'directory', name: 'Partner Invitations', ...directoryApp },
  { is: 'partner', name: 'Partner Invitations for partners', ...partnerApp },
];
export const appOf = (clientId: string): Registration | undefined => apps.find((app) => app.clientId === clientId.toLowerCase());
export const appThat = (is: Registration['is']): Registration => apps.find((app) => app.is === is) as Registration;

/** Never ages and never changes, so that a deployment against the sandbox needs no sign-in. */
export const refreshTokenOf = (tenant: TenantId): string => `sandbox-only-refresh-token-${tenant}`;

type AgentRole = 'adminAgent' | 'salesAgent' | 'helpdeskAgent';

export const groupOf = (tenant: TenantId, role: AgentRole): string => stableId('group', tenant, role);

export type SandboxPartner = {
  readonly tenant: TenantId;
  readonly type: NonNullable<Tenant['csp']>['type'];
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly groups: { readonly adminAgents: string; readonly salesAgents: string; readonly helpdeskAgents: string };
};

/** What the operator of a real deployment would write into the partners file. */
export const partnersIn = (tenants: readonly Tenant[]): readonly SandboxPartner[] =>
  tenants.flatMap(({ id, csp }) => (csp ? [{
    tenant: id,
    type: csp.type,
    ...partnerApp,
    refreshToken: refreshTokenOf(id),
    groups: {
      adminAgents: groupOf(id, 'adminAgent'),
      salesAgents: groupOf(id, 'salesAgent'),
      helpdeskAgents: groupOf(id, 'helpdeskAgent'),
    },
  }] : []));
