import { asDomainName, asPersonId, asSubscriptionId, asTenantId } from '../../../src/domain/ids.js';
import { startSandbox, type Sandbox } from '../../../src/local/partner-center/sandbox.js';
import type { WorldInput } from '../../../src/local/partner-center/world.js';

const guid = (group: string, number = 0): string => `${group.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const FABRIKAM = asTenantId(guid('f'));
export const NORTHWIND = asTenantId(guid('1'));
export const PROVIDER = asTenantId(guid('2'));
export const RESELLER = asTenantId(guid('3'));
export const FEDERAL = asTenantId(guid('4'));
export const CONTOSO = asTenantId(guid('c'));
export const LITWARE = asTenantId(guid('8'));
export const GERMAN = asTenantId(guid('d'));
export const AGENCY = asTenantId(guid('e'));
export const NOBODY = asTenantId(guid('9'));

export const ELIF = asPersonId(guid('f', 1));
export const MURAT = asPersonId(guid('f', 2));
export const SELIN = asPersonId(guid('f', 3));
export const EMRE = asPersonId(guid('f', 4));
export const GRACE = asPersonId(guid('f', 5));
export const OYA = asPersonId(guid('f', 6));
export const DENIZ = asPersonId(guid('1', 1));
export const AYSE = asPersonId(guid('c', 1));
export const CAN = asPersonId(guid('c', 2));
export const BILL = asPersonId(guid('c', 3));
export const GUEST = asPersonId(guid('c', 4));
export const LALE = asPersonId(guid('8', 1));
export const DIETER = asPersonId(guid('d', 1));
export const HARRIET = asPersonId(guid('e', 1));

export const E3 = asSubscriptionId(guid('0', 1));
export const COPILOT = asSubscriptionId(guid('0', 2));
export const AZURE = asSubscriptionId(guid('0', 3));
export const CONTOSO_COM = asDomainName('contoso.com');

export const NOON = '2026-11-22T12:00:00.000Z';

/** Two partners, a provider and its reseller, a government pair, and customers of every kind that matters. */
export const aWorld = (): WorldInput & { tenants: NonNullable<WorldInput['tenants']>; grants: NonNullable<WorldInput['grants']>; subscriptions: NonNullable<WorldInput['subscriptions']> } => ({
  now: NOON,
  tenants: [
    {
      id: FABRIKAM, name: 'Fabrikam', domains: ['fabrikam.com'], country: 'TR', csp: { type: 'directBill' },
      people: [
        { id: ELIF, name: 'Elif Kaya', mail: 'elif@fabrikam.com', locale: 'tr-TR', roles: ['salesAgent'] },
        { id: MURAT, name: 'Murat Demir', roles: ['adminAgent'] },
        { id: SELIN, name: 'Selin Arslan', roles: ['helpdeskAgent'] },
        { id: EMRE, name: 'Emre Şahin', roles: ['userAdmin'] },
        { id: GRACE, name: 'Grace Miller', roles: ['globalAdmin'] },
        { id: OYA, name: 'Oya Kurt' },
      ],
    },
    { id: NORTHWIND, name: 'Northwind', domains: ['northwind.com'], country: 'TR', csp: { type: 'directBill' }, people: [{ id: DENIZ, name: 'Deniz Yıldız', roles: ['globalAdmin'] }] },
    { id: PROVIDER, name: 'Provider', domains: ['provider.com'], country: 'TR', csp: { type: 'indirectProvider', mpaSigned: false } },
    { id: RESELLER, name: 'Reseller', domains: ['reseller.com'], country: 'TR', csp: { type: 'indirectReseller', active: false, providers: [PROVIDER] } },
    { id: FEDERAL, name: 'Federal Cloud', domains: ['federal.us'], country: 'US', cloud: 'usGov', csp: { type: 'directBill' } },
    {
      id: CONTOSO, name: 'Contoso & <Sons>', domains: ['contoso.com', 'contoso.onmicrosoft.com'], country: 'TR',
      people: [
        { id: AYSE, name: 'Ayşe Yılmaz', mail: 'ayse@contoso.com', locale: 'tr-TR', roles: ['globalAdmin'] },
        { id: CAN, name: 'Can Demir' },
        { id: BILL, name: 'Bill Burns', roles: ['billingAdmin'] },
        { id: GUEST, name: 'Gina Guest', roles: ['globalAdmin'], guest: true },
      ],
    },
    { id: LITWARE, name: 'Litware', domains: ['litware.com'], country: 'TR', consented: false, people: [{ id: LALE, name: 'Lale Uçar', roles: ['globalAdmin'] }] },
    { id: GERMAN, name: 'Proseware', domains: ['proseware.de'], country: 'DE', people: [{ id: DIETER, name: 'Dieter Decker', roles: ['globalAdmin'] }] },
    { id: AGENCY, name: 'Agency', domains: ['agency.us'], country: 'US', cloud: 'usGov', people: [{ id: HARRIET, name: 'Harriet Hall', roles: ['globalAdmin'] }] },
  ],
  grants: [
    { kind: 'reseller', partner: NORTHWIND, customer: CONTOSO, since: '2023-04-01T00:00:00Z' },
    { kind: 'reseller', partner: PROVIDER, customer: CONTOSO, since: '2024-01-01T00:00:00Z' },
    { kind: 'gdap', partner: NORTHWIND, customer: CONTOSO, since: '2026-03-03T00:00:00Z', until: '2027-03-03T00:00:00Z', roles: ['fe930be7-5e62-47db-91af-98c3a49a38b1'], name: 'Support' },
  ],
  subscriptions: [
    { id: E3, customer: CONTOSO, soldBy: NORTHWIND, partnerOfRecord: NORTHWIND, offer: 'Office 365 E3', quantity: 120, termEnds: '2027-03-31T00:00:00Z' },
    { id: COPILOT, customer: CONTOSO, soldBy: 'microsoft', offer: 'Microsoft 365 Copilot', quantity: 8, termEnds: '2027-01-31T00:00:00Z' },
    { id: AZURE, customer: CONTOSO, soldBy: PROVIDER, partnerOfRecord: RESELLER, offer: 'Azure plan', family: 'azure', quantity: 1, autoRenew: false },
  ],
});

/** Machine time that only moves when a test says so. */
export class MachineClock {
  private at = Date.parse('2026-11-23T08:00:00Z');
  readonly now = (): Date => new Date(this.at);
  passes(seconds: number): void {
    this.at += seconds * 1000;
  }
}

export type OpenSandbox = Sandbox & {
  readonly machine: MachineClock;
  /** The control interface, as JSON. */
  control(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<{ readonly status: number; readonly body: never }>;
};

export const openSandbox = async ({ world = aWorld(), file = ':memory:', machine = new MachineClock() }: { world?: unknown; file?: string; machine?: MachineClock } = {}): Promise<OpenSandbox> => {
  const sandbox = await startSandbox({ world, file, host: '127.0.0.1', port: 0, machineNow: machine.now });
  return {
    ...sandbox,
    machine,
    control: async (method, path, body, headers = {}) => {
      const answer = await fetch(`${sandbox.url}/sandbox/${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
      const text = await answer.text();
      return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as never };
    },
  };
};
