import type { Customer, Partner, Person, Tenant } from '../domain/facts.js';
import type { DelegatedAdmin } from '../domain/delegated-admin.js';
import { halvesOf, isAnswerable, type Actor, type Grant, type Invitation, type OpenInvitation } from '../domain/invitation.js';
import { asPersonId, asTenantId, type DomainName, type PersonId, type TenantId } from '../domain/ids.js';
import type { Side } from '../domain/proof.js';
import type { DoorFacts, InvitationFacts } from '../domain/rules.js';
import { notConsented, type Ports } from './ports.js';

/** Who speaks, as the platform verified them. The name is what Teams shows; rights are read from the directory. */
export type Speaker = { readonly tenant: TenantId; readonly person: PersonId; readonly name: string };

/** Who asked for what an errand carries out. */
export const askedBy = (body: Readonly<Record<string, string>>): Speaker => ({ tenant: asTenantId(body['tenant'] ?? ''), person: asPersonId(body['person'] ?? ''), name: body['name'] ?? '' });

export const isPartner = ({ partners }: Ports, tenant: TenantId): boolean => partners.includes(tenant);
export const sideOf = (ports: Ports, tenant: TenantId): Side => (isPartner(ports, tenant) ? 'partner' : 'customer');

export const actorOf = ({ person, name }: Speaker): Actor => ({ id: person, name });

/** The person as their directory describes them now; a person nobody knows has no role, one that may not be read is `unknown`. */
export const personNow = async ({ directory }: Ports, { tenant, person, name }: Speaker): Promise<Person | 'unknown'> => {
  const found = await directory.person(tenant, person);
  if (found === notConsented) return 'unknown';
  return found ?? { id: person, tenant, name, roles: [], isGuest: false };
};

/** For what was asked for earlier and is carried out now: somebody who may not be read any more has shown no right to it. */
export const personOrRoleless = async (ports: Ports, { tenant, person, name }: Speaker): Promise<Person> => {
  const found = await personNow(ports, { tenant, person, name });
  return found === 'unknown' ? { id: person, tenant, name, roles: [], isGuest: false } : found;
};

/** A tenant that is no partner of this deployment still meets a rule, not a wall: it has no role to invite with. */
const strangerAsPartner = (speaker: Speaker, cloud: Partner['cloud']): Partner => ({
  id: speaker.tenant, name: '', domain: '' as DomainName, cloud, type: 'directBill', country: 'unknown', hasSignedMpa: 'unknown',
});

export const gatherDoorFacts = async (ports: Ports, speaker: Speaker): Promise<DoorFacts> => {
  const { authority, deployment } = ports;
  const isOurs = isPartner(ports, speaker.tenant);
  const [partner, person] = isOurs ? await Promise.all([authority.partner(speaker.tenant), personOrRoleless(ports, speaker)]) : [undefined, undefined];
  return {
    inviter: person ?? { id: speaker.person, tenant: speaker.tenant, name: speaker.name, roles: [], isGuest: false },
    partner: partner ?? strangerAsPartner(speaker, deployment.cloud),
    cloud: deployment.cloud,
    capabilities: deployment.capabilities,
  };
};

/** Nothing where the cloud does not offer it: Microsoft would have no answer. */
export const delegatedAdminOf = async ({ authority, deployment }: Ports, partner: TenantId, customer?: TenantId): Promise<readonly DelegatedAdmin[]> =>
  deployment.capabilities.gdap ? authority.listDelegatedAdmin(partner, customer) : [];

/** What may be known about a customer before any relationship exists; most of it often is not. */
export const gatherInvitationFacts = async (
  ports: Ports, door: DoorFacts, tenant: Tenant, { asks, statedNotCsp, follows, inviter }: Pick<Invitation, 'asks' | 'statedNotCsp' | 'follows' | 'inviter'>,
): Promise<InvitationFacts> => {
  const { authority, directory, ledger, clock } = ports;
  const { partner } = door;
  const isTwoTier = partner.type === 'indirectProvider' || asks.provider !== undefined;
  const [country, isRelated, open, hasStoppedRequests, unanswered, delegated, partnerships] = await Promise.all([
    directory.countryOf(tenant.id),
    authority.observe(partner.id, tenant.id, asks.provider?.tenant),
    ledger.openBetween(partner.id, tenant.id),
    ledger.hasStopped(tenant.id, partner.id),
    ledger.unansweredSince(partner.id, tenant.id, new Date(clock.now().getTime() - unansweredDays * 86_400_000)),
    asks.manage ? delegatedAdminOf(ports, partner.id) : [],
    isTwoTier ? authority.listPartnerships(partner.id) : [],
  ]);
  const replaced = open.find((one) => isReplacedBy({ asks, follows, inviter }, door.inviter, one));
  const { id, name, domain, cloud } = tenant;
  const customer: Customer = { id, name, domain, cloud, country, isCspPartner: isPartner(ports, tenant.id) ? 'yes' : 'unknown' };
  const provider = asks.provider && partnerships.find((one) => one.is === 'provider' && one.tenant === asks.provider?.tenant);
  return {
    inviter: door.inviter, partner, cloud: door.cloud, capabilities: door.capabilities, customer, asks, isRelated, statedNotCsp, hasStoppedRequests,
    // What the customer wants smaller is no answer left open.
    unanswered: unanswered - (replaced?.suggestion ? 1 : 0),
    isOwnReseller: partnerships.some((one) => one.is === 'reseller' && one.tenant === tenant.id) ? 'yes' : 'no',
    isNameTaken: asks.manage && isTaken(asks.manage.name, tenant.id, delegated) ? 'yes' : 'no',
    open: open.filter((one) => one !== replaced).map((one) => ({ reference: one.reference, sentAt: one.sentAt, halves: halvesOf(one.asks) })),
    ...(asks.provider && { provider: { name: asks.provider.name, country: provider?.country ?? 'unknown', isOurs: provider ? 'yes' : 'no' } }),
  };
};

/**
 * Whether the new request takes the place of this one. What the customer has approved stays, and whoever may not withdraw it does
 * not replace it either. Only the customer's wish for less access may be fulfilled by anybody who may send such a request: whoever
 * asked may be away.
 */
export const isReplacedBy = ({ asks, follows, inviter }: Pick<Invitation, 'asks' | 'follows' | 'inviter'>, { id, roles }: Person, one: OpenInvitation): boolean => {
  if (one.reference !== follows || !isAnswerable(one)) return false;
  const isOwn = [one.inviter.id, one.handedTo?.id].some((owner) => owner === id || owner === inviter.id);
  return isOwn || mayWithdrawAny(roles) || (one.suggestion !== undefined && asks.manage !== undefined);
};

/** Sales agents withdraw their own, Global and User admins any of their company's. */
export const mayWithdrawAny = (roles: Person['roles']): boolean => roles.some((role) => role === 'globalAdmin' || role === 'userAdmin');

const unansweredDays = 90;

/** One that is still being made for this customer is our own, met again after a crash. */
const isTaken = (name: string, customer: TenantId, delegated: readonly DelegatedAdmin[]): boolean =>
  delegated.some((one) => one.name === name && !(one.customer === customer && (one.status === 'created' || one.status === 'approvalPending')));

/** One relationship as the ledger has it in this moment. */
export const grantNow = async ({ ledger }: Ports, { partner, customer, kind, relationship = '' }: Pick<Grant, 'partner' | 'customer' | 'kind' | 'relationship'>): Promise<Grant | undefined> =>
  (await ledger.grants({ partner, customer })).find((grant) => grant.kind === kind && (grant.relationship ?? '') === relationship);

export const partyOf = ({ id, name, domain }: Tenant): Invitation['partner'] => ({ tenant: id, name, domain });
