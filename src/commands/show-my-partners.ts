import type { Subscription } from '../domain/facts.js';
import type { TenantId } from '../domain/ids.js';
import { isStanding, type Invitation } from '../domain/invitation.js';
import type { Refusals } from '../domain/decision.js';
import { delegatedAdminOf, isPartner, personNow, type Speaker } from './gather.js';
import type { DelegatedAdmin } from '../domain/delegated-admin.js';
import { AuthorityUnavailableError, notConsented, type Holdings, type Ports } from './ports.js';
import { mayNotSee, mayUsePartnerCommands } from './show-invitation.js';
import { stands } from './watch-relationships.js';
import type { OwnCustomersView, PartnerLine, PartnersView, Sold } from './views.js';

export type Partners = PartnersView | OwnCustomersView | { readonly view: 'refusal'; readonly refusals: Refusals };

/**
 * Who works for us? Answered by viewpoint (MP-72): somebody of the customer sees every partner the customer's own directory,
 * the ledger and the partners' delegated administration know; somebody of a partner sees its own links only.
 */
export const showMyPartners = (ports: Ports) => (by: Speaker): Promise<Partners> =>
  isPartner(ports, by.tenant) ? ownCustomers(ports, by) : partnersOfCustomer(ports, by);

const soldOf = ({ offer, quantity, status }: Subscription): Sold => ({ offer, quantity, status });
const sources = (...found: readonly (PartnerLine['sources'][number] | false)[]) => found.filter((source) => source !== false);
const earliest = (times: readonly (string | undefined)[]): string | undefined => times.filter((time): time is string => time !== undefined).sort()[0];

const nothingRead: Holdings = { subscriptions: [], partners: [], readAt: '' };

const partnersOfCustomer = async (ports: Ports, by: Speaker): Promise<PartnersView> => {
  const { directory, ledger, clock } = ports;
  const [person, found, invitations, grants] = await Promise.all([
    personNow(ports, by), directory.holdings(by.tenant), ledger.invitationsOf({ customer: by.tenant }, 'all', 200), ledger.grants({ customer: by.tenant }),
  ]);
  const holdings = found === notConsented ? nothingRead : found;
  const isAdmin = person !== 'unknown' && !person.isGuest && person.roles.includes('globalAdmin');
  const isGuest = person !== 'unknown' && person.isGuest;
  const names = new Map<TenantId, string>([...holdings.partners.map(({ tenant, name }) => [tenant, name] as const)]);
  for (const { partner } of grants.filter(isStanding)) {
    if (!names.has(partner)) names.set(partner, invitations.find((one) => one.partner.tenant === partner)?.partner.name ?? (await ownNameOf(ports, partner)));
  }

  const lines = await Promise.all([...names].map(async ([tenant, name]): Promise<PartnerLine> => {
    const grant = grants.find(({ partner, kind }) => partner === tenant && kind === 'reseller');
    const invitation = invitations.find(({ id }) => id === grant?.invitation);
    const sold = holdings.subscriptions.filter(({ soldBy }) => soldBy === tenant);
    const delegated = isPartner(ports, tenant) ? await delegatedAdmin(ports, tenant, by.tenant) : [];
    const isKnownProvider = holdings.partners.some((partner) => partner.tenant === tenant && partner.isServiceProvider);
    const since = earliest([grant?.ended ? undefined : grant?.seenAt, ...sold.map((subscription) => subscription.since), ...delegated.map((admin) => admin.since)]);
    return {
      name,
      sells: sold.map(soldOf),
      ...(isAdmin && grant?.ended && { sellingEnded: grant.ended.at }),
      mayManage: isAdmin ? delegated.map(({ roles, until, autoExtends }) => ({ roles, until, autoExtends })) : [],
      ...(isAdmin && { ...(since && { since }), ...agreementIn(invitation) }),
      sources: sources(grant !== undefined && 'ledger', sold.length > 0 && 'subscriptions', isKnownProvider && 'serviceProviders', delegated.length > 0 && 'delegatedAdmin'),
    };
  }));

  return {
    view: 'partners',
    customer: person === 'unknown' ? '' : await nameOf(ports, by),
    detail: isAdmin ? 'full' : isGuest ? 'nothing' : 'namesOnly',
    tenant: by.tenant,
    isConsented: found !== notConsented,
    readAt: clock.now().toISOString(),
    partners: isGuest ? [] : lines.sort((one, other) => one.name.localeCompare(other.name)),
    fromMicrosoft: isGuest ? [] : holdings.subscriptions.filter(({ soldBy }) => soldBy === 'microsoft').map(soldOf),
    deciders: isAdmin || isGuest ? [] : await deciders(ports, by.tenant),
  };
};

const agreementIn = (invitation: Invitation | undefined): Pick<PartnerLine, 'agreed' | 'askedBy'> => ({
  ...(invitation && { askedBy: invitation.inviter.name }),
  ...(invitation && 'answer' in invitation && invitation.answer && { agreed: { by: invitation.answer.by.name, at: invitation.answer.at } }),
});

/** Each partner's own read; one partner's outage leaves only its line without it. */
const delegatedAdmin = async (ports: Ports, partner: TenantId, customer: TenantId): Promise<readonly DelegatedAdmin[]> => {
  try {
    return (await delegatedAdminOf(ports, partner, customer)).filter(stands);
  } catch (error) {
    if (error instanceof AuthorityUnavailableError) return [];
    throw error;
  }
};

/** Of a relationship that was made without us no invitation tells the name; where the partner's own read fails, its id stands for it. */
const ownNameOf = ({ authority }: Ports, partner: TenantId): Promise<string> => authority.partner(partner).then((found) => found?.name ?? partner, (error: unknown) => {
  if (error instanceof AuthorityUnavailableError) return partner;
  throw error;
});

const nameOf = async ({ directory }: Ports, { tenant }: Speaker): Promise<string> => (await directory.tenantById(tenant, tenant))?.name ?? '';

/** Names of the people who can decide, for eyes of their own organisation only. */
export const deciders = async ({ directory }: Ports, customer: TenantId): Promise<readonly string[]> => {
  const people = await directory.deciders(customer);
  return people === notConsented ? [] : people.map(({ name }) => name);
};

const shownAtOnce = 10;

const ownCustomers = async (ports: Ports, by: Speaker): Promise<Partners> => {
  const { authority, ledger, clock } = ports;
  const person = await personNow(ports, by);
  if (!mayUsePartnerCommands(person)) {
    return mayNotSee(ports, by);
  }
  const [customers, invitations, grants, partner, delegated] = await Promise.all([
    authority.listOwnCustomers(by.tenant), ledger.invitationsOf({ partner: by.tenant }, 'all', 1000), ledger.grants({ partner: by.tenant }),
    authority.partner(by.tenant), delegatedAdminOf(ports, by.tenant),
  ]);
  const shown = [...customers].sort((one, other) => one.name.localeCompare(other.name)).slice(0, shownAtOnce);
  const lines = await Promise.all(shown.map(async ({ id, name }): Promise<PartnerLine> => {
    const grant = grants.find(({ customer, kind }) => customer === id && kind === 'reseller');
    const sold = await authority.listOwnSubscriptions(by.tenant, id);
    const admin = delegated.filter((one) => one.customer === id && stands(one));
    const since = earliest([grant?.seenAt, ...admin.map((one) => one.since)]);
    return {
      name,
      sells: sold.map(soldOf),
      mayManage: admin.map(({ roles, until, autoExtends }) => ({ roles, until, autoExtends })),
      ...(since && { since }),
      ...agreementIn(invitations.find(({ id: invitation }) => invitation === grant?.invitation)),
      sources: sources(grant !== undefined && 'ledger', 'subscriptions', admin.length > 0 && 'delegatedAdmin'),
    };
  }));
  return { view: 'ownCustomers', partner: partner?.name ?? '', customers: lines, more: customers.length - shown.length, readAt: clock.now().toISOString() };
};
