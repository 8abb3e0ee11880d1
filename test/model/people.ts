/** Everybody in the model's small world: two partners, two customers that matter, one abroad, and their people. */
import type { Speaker } from '../../src/commands/gather.js';
import type { Person, Role, Tenant } from '../../src/domain/facts.js';
import { asDomainName, asPersonId, type TenantId } from '../../src/domain/ids.js';
import { aCustomer, aPartner, CAN, CONTOSO, DENIZ, ELIF, FABRIKAM, guid, NORTHWIND } from '../helpers/builders.js';
import { asTenantId } from '../../src/domain/ids.js';

export const ADATUM = asTenantId(guid(4));
export const TAILSPIN = asTenantId(guid(5));

export const partners = [FABRIKAM, NORTHWIND] as const;
export const customers = [CONTOSO, ADATUM] as const;

const tenant = (id: TenantId, name: string): Tenant => ({ id, name, domain: asDomainName(`${name.toLowerCase()}.com`), cloud: 'commercial' });

export const partnerNamed = new Map([
  [FABRIKAM, aPartner()], [NORTHWIND, aPartner({ id: NORTHWIND, name: 'Northwind', domain: asDomainName('northwind.com') })],
]);
const { country: _country, isCspPartner: _isCsp, ...contoso } = aCustomer();
export const tenantNamed = new Map<TenantId, Tenant>([
  [FABRIKAM, tenant(FABRIKAM, 'Fabrikam')], [NORTHWIND, tenant(NORTHWIND, 'Northwind')],
  [CONTOSO, contoso], [ADATUM, tenant(ADATUM, 'Adatum')], [TAILSPIN, tenant(TAILSPIN, 'Tailspin')],
]);

const person = (id: number | string, of: TenantId, name: string, roles: readonly Role[], isGuest = false): Person =>
  ({ id: asPersonId(typeof id === 'number' ? guid(id) : id), tenant: of, name, mail: `${name.split(' ')[0]?.toLowerCase()}@${tenantNamed.get(of)?.domain}`, roles, isGuest });

export const everybody: readonly Person[] = [
  person(ELIF, FABRIKAM, 'Elif Kaya', ['salesAgent']),
  person(12, FABRIKAM, 'Ada Lovelace', ['adminAgent']),
  person(13, FABRIKAM, 'Grace Hopper', ['globalAdmin']),
  person(14, FABRIKAM, 'Paul Plain', ['helpdeskAgent']),
  person(15, FABRIKAM, 'Gus Guest', ['salesAgent', 'adminAgent'], true),
  person(61, NORTHWIND, 'Nil Aksoy', ['salesAgent']),
  person(62, NORTHWIND, 'Noor Haddad', ['adminAgent', 'salesAgent']),
  person(DENIZ, CONTOSO, 'Deniz Ucar', ['globalAdmin']),
  person(CAN, CONTOSO, 'Can Oz', ['globalAdmin', 'billingAdmin']),
  person(23, CONTOSO, 'Ursula User', ['user']),
  person(24, CONTOSO, 'Gina Guest', ['globalAdmin'], true),
  person(31, ADATUM, 'Mei Lin', ['globalAdmin']),
  person(32, ADATUM, 'Bo Billing', ['billingAdmin']),
];

export const personNamed = new Map<string, Person>(everybody.map((one) => [one.id, one]));
export const speakerOf = ({ id, tenant: of, name }: Person): Speaker => ({ tenant: of, person: id, name });
export const peopleOf = (of: TenantId): readonly Person[] => everybody.filter((one) => one.tenant === of);
export const isGlobalAdminOf = (id: string, customer: TenantId): boolean => {
  const found = personNamed.get(id);
  return found !== undefined && found.tenant === customer && !found.isGuest && found.roles.includes('globalAdmin');
};
export const isAdminAgentOf = (id: string, partner: TenantId): boolean => {
  const found = personNamed.get(id);
  return found !== undefined && found.tenant === partner && !found.isGuest && found.roles.includes('adminAgent');
};
const roleThatInvites: readonly Role[] = ['globalAdmin', 'userAdmin', 'salesAgent', 'adminAgent'];
export const hasRoleToInvite = ({ roles }: Person): boolean => roles.some((role) => roleThatInvites.includes(role));
