import { z } from 'zod';
import { notConsented, type Directory, type NotConsented } from '../commands/ports.js';
import type { Person, Subscription } from '../domain/facts.js';
import { asPersonId, asTenantId, type PersonId, type TenantId } from '../domain/ids.js';
import { NoConsentError, readAs } from './answers.js';
import type { Answer, Asking, Caller, TokenSource } from './caller.js';
import { quoted } from './delegated-admin-wire.js';
import type { MicrosoftOptions } from './options.js';
import { graphItems } from './pages.js';
import { customerRolesIn, membership, partnerRolesIn, roleTemplates, scheduledRole, tenantWideRolesOf, type Membership } from './roles.js';
import { asHeld, heldSubscription } from './subscriptions.js';
import type { TenantLookUp } from './tenants.js';

const user = z.looseObject({
  '@odata.type': z.string().nullish(),
  id: z.guid(),
  displayName: z.string().nullish(),
  mail: z.string().nullish(),
  userType: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
});
type User = z.output<typeof user>;

const organization = z.looseObject({ countryLetterCode: z.string().nullish() });
const crossTenantPartner = z.looseObject({ tenantId: z.guid(), isServiceProvider: z.boolean().nullish() });

const userFields = 'id,displayName,mail,userType,accountEnabled';

/**
 * Microsoft Graph in the tenant of the person, partner's or customer's, by the one app that only reads directories. Without that
 * tenant's consent it says so.
 */
export const createDirectory = (
  { accounts, machineNow, signedInRoles }: MicrosoftOptions, call: Caller, consented: (tenant: TenantId) => TokenSource, tenants: TenantLookUp,
): Directory => {
  const userOf = async (asking: Asking): Promise<User | undefined> => {
    const answer = await call('user', { query: { $select: userFields }, ...asking });
    return answer.status === 404 ? undefined : readAs(user, 'user', answer);
  };

  /** Tenants without Privileged Identity Management, or without consent to read it, have none. */
  const scheduled = async (operation: 'activeRoles' | 'eligibleRoles', tenant: TenantId, person: string): Promise<readonly Membership[]> => {
    const query = { $filter: `principalId eq ${quoted(person)}` };
    const means = ({ status }: Answer): boolean => status === 400 || status === 403 || status === 404;
    return tenantWideRolesOf(person, await graphItems(call, operation, { token: consented(tenant), lane: tenant, query }, scheduledRole, means));
  };

  return {
    person: (tenant, person) => orSignedIn(signedInRoles, tenant, person, async () => {
      const asking = { token: consented(tenant), lane: tenant, params: { user: person } };
      const found = await userOf(asking);
      if (!found || found.accountEnabled === false) return undefined;
      const account = accounts.find((one) => one.tenant === tenant);
      const rolesIn = (memberships: readonly Membership[]): Person['roles'] => (account ? partnerRolesIn(memberships, account) : customerRolesIn(memberships));
      const memberships = await graphItems(call, 'memberOf', asking, membership);
      const roles = rolesIn(memberships);
      if (roles.includes('globalAdmin') || account || isGuest(found)) return personFrom(tenant, found, roles);
      // Just switched on, the role may not be among the memberships yet; only there to be switched on, it is no right.
      const [active, eligible] = await Promise.all([scheduled('activeRoles', tenant, person), scheduled('eligibleRoles', tenant, person)]);
      const [now, later] = [rolesIn([...memberships, ...active]), rolesIn(eligible)];
      return { ...personFrom(tenant, found, now), ...(later.includes('globalAdmin') && !now.includes('globalAdmin') && { eligible: later }) };
    }),

    tenantByDomain: tenants.byDomain,
    tenantById: tenants.byId,

    countryOf: async (tenant) => {
      const found = await orNotConsented(() => graphItems(call, 'organization', { token: consented(tenant), lane: tenant, query: { $select: 'id,displayName,countryLetterCode' } }, organization));
      return (found !== notConsented && found[0]?.countryLetterCode?.toUpperCase()) || 'unknown';
    },

    adminAgents: async (partner) => {
      const account = accounts.find(({ tenant }) => tenant === partner);
      if (!account) return [];
      const asking = { token: consented(partner), lane: partner, params: { group: account.groups.adminAgents }, query: { $select: userFields } };
      const members = await graphItems(call, 'groupMembers', asking, user);
      return members.filter(isOwnAndEnabled).map((member) => personFrom(partner, member, ['adminAgent']));
    },

    deciders: (customer) => orNotConsented(async () => {
      const asking = { token: consented(customer), lane: customer, params: { role: roleTemplates.globalAdmin }, query: { $select: userFields } };
      // A role that nobody in the tenant ever held does not exist there yet.
      const members = await graphItems(call, 'roleMembers', asking, user, ({ status }) => status === 404);
      return members.filter(isOwnAndEnabled).map((member) => personFrom(customer, member, ['globalAdmin']));
    }),

    holdings: (customer) => orNotConsented(async () => {
      const token = consented(customer);
      const [held, known] = await Promise.all([
        graphItems(call, 'directorySubscriptions', { token, lane: customer }, heldSubscription),
        graphItems(call, 'crossTenantPartners', { token, lane: customer }, crossTenantPartner),
      ]);
      const subscriptions = held.map(asHeld(customer));
      const providers = new Set(known.filter(({ isServiceProvider }) => isServiceProvider === true).map(({ tenantId }) => asTenantId(tenantId)));
      const sellers = subscriptions.map(({ soldBy }) => soldBy).filter(isPartnerTenant);
      const partners = await Promise.all([...new Set([...providers, ...sellers])].map(async (tenant) => ({
        tenant,
        name: (await tenants.byId(tenant, customer))?.name ?? tenant,
        isServiceProvider: providers.has(tenant),
      })));
      return { subscriptions, partners, readAt: machineNow().toISOString() };
    }),
  };
};

/** Without consent a person's own sign-in, a few minutes old, may show the role. */
const orSignedIn = async (signedInRoles: MicrosoftOptions['signedInRoles'], tenant: TenantId, person: PersonId, read: () => Promise<Person | undefined>): Promise<Person | NotConsented | undefined> => {
  const found = await orNotConsented(read);
  const shown = found === notConsented ? await signedInRoles?.(tenant, person) : undefined;
  if (!shown) return found;
  return { id: person, tenant, name: shown.name, roles: customerRolesIn(shown.roles.map((role) => ({ id: role, roleTemplateId: role }))), isGuest: shown.isGuest };
};

const orNotConsented = async <T>(read: () => Promise<T>): Promise<T | NotConsented> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NoConsentError) return notConsented;
    throw error;
  }
};

const isPartnerTenant = (seller: Subscription['soldBy']): seller is TenantId => seller !== 'microsoft' && seller !== 'unknown';

const isGuest = ({ userType }: User): boolean => userType?.toLowerCase() === 'guest';

/** Members of a role or group may be groups and apps as well. */
const isOwnAndEnabled = (member: User): boolean =>
  (member['@odata.type'] ?? '#microsoft.graph.user') === '#microsoft.graph.user' && member.accountEnabled !== false && !isGuest(member);

const personFrom = (tenant: TenantId, found: User, roles: Person['roles']): Person => ({
  id: asPersonId(found.id),
  tenant,
  name: found.displayName ?? '',
  ...(found.mail && { mail: found.mail }),
  roles,
  isGuest: isGuest(found),
});
