import type { PersonId, TenantId } from '../../../src/domain/ids.js';
import type { MicrosoftOptions } from '../../../src/microsoft/microsoft.js';
import type { Operation } from '../../../src/microsoft/allowed-calls.js';
import * as at from '../../local/partner-center/a-sandbox.js';
import { asSubscriptionId } from '../../../src/domain/ids.js';

/** What one call hears instead of the usual answer: text goes out as it is, `hang` is silence, `cut` ends the line. */
export type Line = { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string>; readonly hang?: true; readonly cut?: true };

/** What a test needs to name things by, however the backend came by them. */
export type Names = { readonly support: string; readonly operations: string; readonly group: string; readonly otherGroup: string; readonly adminAgents: string };

/** One that plays Microsoft. Both play the same world: `theWorld`. */
export type Backend = {
  readonly name: 'the sandbox' | 'scripted answers';
  /** Base address of Graph: its next links are whole. */
  readonly graphUrl: string;
  readonly names: Names;
  open(): Promise<void>;
  close(): Promise<void>;
  /** The first day of the world again. */
  reset(): Promise<void>;
  /** For the product's own client, with every partner's account. */
  options(more?: Partial<MicrosoftOptions>): MicrosoftOptions;
  /** Somebody signs in on Microsoft's page; gives the code. */
  signsIn(address: string, person: PersonId): Promise<string>;
  /** The next calls of that operation hear these lines, one each; with `after` what was asked for is done all the same. */
  breaks(operation: Operation, lines: readonly Line[], after?: 'after'): Promise<void>;
  /** A provider prepared delegated administration for its reseller. */
  providerPrepares(): Promise<string>;
  /** A partner took itself away from a customer, in its own portal. */
  partnerLeaves(partner: TenantId, customer: TenantId): Promise<void>;
  /** From now on Microsoft takes a moment to lock. */
  locksSlowly(): Promise<void>;
  /** From now on a page holds one item. */
  onePerPage(): Promise<void>;
  /** From now on that many calls about customers a minute. */
  limits?(callsAMinute: number): Promise<void>;
};

export const RESERVED = asSubscriptionId('00000000-0000-4000-8000-000000000004');
export const NEWS = { url: 'http://127.0.0.1:9/api/news', events: ['test-created', 'granular-admin-relationship-approved'] } as const;
export const USER_ADMINISTRATOR = 'fe930be7-5e62-47db-91af-98c3a49a38b1';
export const SERVICE_SUPPORT = 'f023fd81-a637-4b56-95fd-791ac0226033';
export const DRAFT_NAME = "O'Neil · PR-ACD-EFG";
export const PREPARED_NAME = 'Prepared';

/** Roles held in every way there is, and a relationship of every kind. */
export const theWorld = () => {
  const world = at.aWorld();
  const held: Readonly<Record<string, object>> = { [at.BILL]: { eligible: ['globalAdmin'] } };
  return {
    ...world,
    tenants: world.tenants.map((tenant) => ({
      ...tenant, ...(tenant.id === at.RESELLER && tenant.csp && { csp: { ...tenant.csp, active: true } }),
      people: (tenant.people ?? []).map((person) => ({ ...person, ...held[person.id] })),
    })),
    grants: [
      { kind: 'reseller', partner: at.NORTHWIND, customer: at.CONTOSO, since: '2023-04-01T00:00:00Z' },
      { kind: 'reseller', partner: at.NORTHWIND, customer: at.GERMAN, since: '2024-05-01T00:00:00Z' },
      { kind: 'reseller', partner: at.NORTHWIND, customer: at.LITWARE, since: '2024-05-01T00:00:00Z' },
      { kind: 'reseller', partner: at.PROVIDER, customer: at.CONTOSO, since: '2024-01-01T00:00:00Z' },
      { kind: 'reseller', partner: at.RESELLER, customer: at.CONTOSO, since: '2024-01-01T00:00:00Z' },
      { kind: 'gdap', partner: at.NORTHWIND, customer: at.CONTOSO, since: '2026-03-03T00:00:00Z', until: '2027-03-03T00:00:00Z', roles: [USER_ADMINISTRATOR, SERVICE_SUPPORT], name: 'Support' },
      { kind: 'gdap', partner: at.NORTHWIND, customer: at.GERMAN, since: '2026-04-04T00:00:00Z', until: '2027-04-04T00:00:00Z', roles: [USER_ADMINISTRATOR], name: 'Operations', autoExtend: true },
    ],
    subscriptions: [...world.subscriptions, { id: RESERVED, customer: at.CONTOSO, soldBy: at.NORTHWIND, partnerOfRecord: at.NORTHWIND, offer: 'Reserved VM', family: 'reservation', commerce: 'legacy', quantity: 1, termEnds: '2028-01-01T00:00:00Z' }],
  };
};
