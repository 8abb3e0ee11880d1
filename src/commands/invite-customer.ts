import { askEveryRule, decideInvitation, refusalsAtTheDoor } from '../domain/decide-invitation.js';
import type { Refusals } from '../domain/decision.js';
import { asInvitationId, newReferenceCode, type DomainName, type TenantId } from '../domain/ids.js';
import type { InState } from '../domain/invitation.js';
import type { DoorFacts } from '../domain/rules.js';
import { againWhenStale } from './again.js';
import { byWhom, happened, refusedBetween } from './audit.js';
import { actorOf, gatherDoorFacts, gatherInvitationFacts, partyOf, type Speaker } from './gather.js';
import { AuthorityUnavailableError, type Ports } from './ports.js';
import type { PreviewView } from './views.js';

export type Invite = { readonly by: Speaker; readonly customer: { readonly domain: DomainName } | { readonly tenant: TenantId }; readonly reason: string };

export type Invited =
  | { readonly is: 'drafted'; readonly preview: PreviewView }
  | { readonly is: 'refused'; readonly refusals: Refusals }
  | { readonly is: 'noSuchTenant'; readonly asked: string }
  /** Microsoft's side is down; the wish is an errand now. */
  | { readonly is: 'writtenDown' };

/** Reads the facts, asks every rule, and keeps a draft. Nothing leaves the house: the inviter sees it and sends it. */
export const inviteCustomer = (ports: Ports) => {
  const draft = async ({ by, customer, reason }: Invite): Promise<Invited> => {
    const { directory, ledger, clock, chance, deployment } = ports;
    const door = await gatherDoorFacts(ports, by);
    const refusedAtTheDoor = refusalsAtTheDoor(door);
    if (refusedAtTheDoor) return refuse(by, door, undefined, refusedAtTheDoor);

    const tenant = 'domain' in customer ? await directory.tenantByDomain(customer.domain, by.tenant) : await directory.tenantById(customer.tenant, by.tenant);
    if (!tenant) return { is: 'noSuchTenant', asked: 'domain' in customer ? customer.domain : customer.tenant };

    const facts = await gatherInvitationFacts(ports, door, tenant, true);
    const now = clock.now();
    const invitation: InState<'draft'> = {
      id: asInvitationId(chance.guid()),
      reference: newReferenceCode(() => chance.byte()),
      kind: 'reseller',
      cloud: deployment.cloud,
      partner: partyOf(door.partner),
      customer: partyOf(tenant),
      inviter: { ...actorOf(by), ...(door.inviter.mail && { mail: door.inviter.mail }), name: door.inviter.name },
      reason,
      statedNotCsp: true,
      createdAt: now.toISOString(),
      version: 1,
      state: 'draft',
    };
    const decision = decideInvitation(invitation, facts);
    if (decision.outcome === 'refused') return refuse(by, door, tenant.id, decision.refusals);

    const supersedes = await ledger.draftsOf(by.person, by.tenant, tenant.id);
    await ledger.record({ event: happened('InvitationDrafted', invitation, now, byWhom(invitation.inviter)), after: invitation, supersedes });
    return { is: 'drafted', preview: { view: 'preview', invitation, customer: facts.customer, asked: askEveryRule(facts) } };
  };

  const refuse = async (by: Speaker, { partner }: DoorFacts, customer: TenantId | undefined, refusals: Refusals): Promise<Invited> => {
    await ports.ledger.record({ event: refusedBetween(partner.id, customer, actorOf(by), refusals, ports.clock.now()) });
    return { is: 'refused', refusals };
  };

  /** The same question without remembering it: throws when Microsoft's side is down. */
  const now = (invite: Invite): Promise<Invited> => againWhenStale(() => draft(invite));

  const orLater = async (invite: Invite): Promise<Invited> => {
    try {
      return await now(invite);
    } catch (error) {
      if (!(error instanceof AuthorityUnavailableError)) throw error;
      const { by, customer, reason } = invite;
      const asked = 'domain' in customer ? customer.domain : customer.tenant;
      await ports.errands.add([{
        topic: 'invite', key: `invite/${by.tenant}/${by.person}/${asked}/${ports.chance.guid()}`, lane: `person/${by.tenant}/${by.person}`,
        body: { tenant: by.tenant, person: by.person, name: by.name, reason, asked },
        dueAt: new Date(ports.clock.machineNow().getTime() + firstRetryMs),
      }]);
      return { is: 'writtenDown' };
    }
  };

  return { now, orLater };
};

/** How soon a wish that met an outage is tried again, in milliseconds. */
export const firstRetryMs = 20_000;
