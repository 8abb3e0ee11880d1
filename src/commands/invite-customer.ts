import { createHash } from 'node:crypto';
import { cut } from '../domain/cut.js';
import { longestName, type DelegatedAsk } from '../domain/delegated-admin.js';
import { askEveryRule, refusalsAtTheDoor, refusalsOfDraft } from '../domain/decide-invitation.js';
import { wanting, type Refusals } from '../domain/decision.js';
import { asInvitationId, newReferenceCode, type DomainName, type InvitationId, type ReferenceCode, type TenantId } from '../domain/ids.js';
import type { Actor, Asks, InState, Invitation } from '../domain/invitation.js';
import { managingNeedsAnAdminAgent, type DoorFacts, type InvitationFacts } from '../domain/rules.js';
import * as step from '../domain/steps.js';
import { againWhenStale, withinATurn } from './again.js';
import { byWhom, happened, refusedBetween } from './audit.js';
import { laneOfWishes, redrawPartnerCopies } from './errands-about.js';
import { actorOf, gatherDoorFacts, gatherInvitationFacts, isPartner, partyOf, type Speaker } from './gather.js';
import { AuthorityUnavailableError, SignInNeededError, type Ports } from './ports.js';
import { sentenceOf } from './show-invitation.js';
import type { PreviewView } from './views.js';

export type Invite = {
  readonly by: Speaker;
  readonly customer: { readonly domain: DomainName } | { readonly tenant: TenantId };
  readonly reason: string;
  /** Left out: only to sell. Without a name it gets one of its own. */
  readonly manage?: WishToManage;
  readonly provider?: TenantId;
  /** The open request that the new one is to take the place of. */
  readonly follows?: ReferenceCode;
  /** Names the message that said so. Teams delivers one again when it heard no answer: it is the same draft then. */
  readonly said?: string;
};

export type WishToManage = Omit<DelegatedAsk, 'name'> & { readonly name?: string };

export type Invited =
  | { readonly is: 'drafted'; readonly preview: PreviewView }
  | { readonly is: 'refused'; readonly refusals: Refusals }
  | { readonly is: 'noSuchTenant'; readonly asked: string }
  /** The message was heard before, and its draft is no draft any more. */
  | { readonly is: 'saidBefore' }
  /** Microsoft did not answer; it is tried again. `needsSignIn`: not before somebody has signed in for the partner. */
  | { readonly is: 'writtenDown'; readonly needsSignIn: boolean };

/** Reads the facts, asks every rule, and keeps a draft. Nothing leaves the house: the inviter sees it and sends it. */
export const inviteCustomer = (ports: Ports) => {
  const draft = async (invite: Invite): Promise<Invited> => {
    const { by, customer, reason, manage, provider, follows } = invite;
    const { authority, directory, ledger, clock, chance, deployment } = ports;
    const id = draftIdOf(invite);
    const before = id && await ledger.invitation(id);
    if (before && before.state !== 'draft') return { is: 'saidBefore' };

    const door = await gatherDoorFacts(ports, by);
    const refusedAtTheDoor = refusalsAtTheDoor(door);
    if (refusedAtTheDoor) return refuse(by, door, undefined, isPartner(ports, by.tenant) ? refusedAtTheDoor : wanting('inviteAsCustomer', refusedAtTheDoor));

    const tenant = 'domain' in customer ? await directory.tenantByDomain(customer.domain, by.tenant) : await directory.tenantById(customer.tenant, by.tenant);
    if (!tenant) return { is: 'noSuchTenant', asked: 'domain' in customer ? customer.domain : customer.tenant };

    const now = clock.now();
    const reference = newReferenceCode(() => chance.byte());
    const through = await providerFor(ports, door, provider);
    // Whoever may sell already, through this provider where there is one, is asked for the missing half only.
    const maySell = manage !== undefined && (await authority.observe(by.tenant, tenant.id, through?.tenant)) === 'yes';
    const asks: Asks = {
      sell: !maySell,
      ...(manage && { manage: { ...manage, name: sentenceOf(manage.name ?? '') || `${cut(tenant.name, longestName - 13)} · ${reference}` } }),
      ...(through && { provider: through }),
    };
    const speaker: Invitation['inviter'] = { id: by.person, name: door.inviter.name, ...(door.inviter.mail && { mail: door.inviter.mail }) };
    const begun = await begunBefore(ports, invite, tenant.id, speaker);
    const invitation: InState<'draft'> = {
      id: id ?? asInvitationId(chance.guid()),
      reference,
      asks,
      cloud: deployment.cloud,
      partner: partyOf(door.partner),
      customer: partyOf(tenant),
      ...(begun ?? { inviter: speaker }),
      ...(follows && { follows }),
      reason,
      statedNotCsp: true,
      createdAt: now.toISOString(),
      version: 1,
      state: 'draft',
    };
    const facts = await gatherInvitationFacts(ports, door, tenant, invitation);
    const refusals = refusalsOfDraft(facts);
    if (refusals) return refuse(by, door, tenant.id, refusals);

    if (before) return { is: 'drafted', preview: await previewOf(ports, by.tenant, before, facts) };
    const supersedes = await earlierDrafts(ports, by, invitation);
    await ledger.record({
      event: happened('InvitationDrafted', invitation, now, byWhom(speaker)), after: invitation, supersedes,
      errands: (await Promise.all(supersedes.filter(({ handedTo }) => handedTo).map((one) => redrawPartnerCopies(ports, step.superseded(one, now.toISOString(), reference), 'superseded')))).flat(),
    });
    return { is: 'drafted', preview: await previewOf(ports, by.tenant, invitation, facts) };
  };

  const refuse = async (by: Speaker, { partner }: DoorFacts, customer: TenantId | undefined, refusals: Refusals): Promise<Invited> => {
    await ports.ledger.record({ event: refusedBetween(partner.id, customer, actorOf(by), refusals, ports.clock.now()) });
    return { is: 'refused', refusals };
  };

  /** The same question without remembering it: throws when Microsoft's side is down. */
  const now = (invite: Invite): Promise<Invited> => againWhenStale(() => draft(invite));

  const orLater = async (invite: Invite): Promise<Invited> => {
    try {
      return await withinATurn(now(invite));
    } catch (error) {
      if (!(error instanceof AuthorityUnavailableError)) throw error;
      const { by, customer, reason, manage, provider, follows, said } = invite;
      const asked = 'domain' in customer ? customer.domain : customer.tenant;
      await ports.errands.add([{
        topic: 'invite', key: `invite/${by.tenant}/${by.person}/${asked}/${draftIdOf(invite) ?? ports.chance.guid()}`, lane: laneOfWishes(by),
        body: {
          tenant: by.tenant, person: by.person, name: by.name, reason, asked,
          ...(manage && { manage: JSON.stringify(manage) }), ...(provider && { provider }), ...(follows && { follows }), ...(said !== undefined && { said }),
        },
        dueAt: new Date(ports.clock.machineNow().getTime() + firstRetryMs),
      }]);
      return { is: 'writtenDown', needsSignIn: error instanceof SignInNeededError };
    }
  };

  return { now, orLater };
};

/** What takes the place of a request that one began and another finished is the request of both: both hear what becomes of it. */
const begunBefore = async ({ ledger }: Ports, { by, follows }: Invite, customer: TenantId, { id, name }: Actor): Promise<Pick<Invitation, 'inviter' | 'handedTo'> | undefined> => {
  const before = follows && (await ledger.openBetween(by.tenant, customer)).find(({ reference }) => reference === follows);
  return before && before.handedTo?.id === by.person && before.inviter.id !== by.person ? { inviter: before.inviter, handedTo: { id, name } } : undefined;
};

const earlierDrafts = async ({ ledger }: Ports, by: Speaker, { inviter, customer, follows }: Invitation): Promise<readonly InState<'draft'>[]> => {
  const own = await ledger.draftsOf(by.person, by.tenant, customer.tenant);
  if (inviter.id === by.person) return own;
  const ofBoth = await ledger.draftsOf(inviter.id, by.tenant, customer.tenant);
  return [...own, ...ofBoth.filter((one) => one.handedTo?.id === by.person && one.follows === follows)];
};

const draftIdOf = ({ by, said }: Invite): InvitationId | undefined => {
  if (said === undefined) return undefined;
  const digest = createHash('sha256').update(JSON.stringify([by.tenant, by.person, said])).digest('hex');
  return asInvitationId(digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
};

/** The chosen provider, or the only one there is. */
const providerFor = async ({ authority }: Ports, { partner }: DoorFacts, chosen: TenantId | undefined): Promise<Asks['provider']> => {
  if (partner.type !== 'indirectReseller') return undefined;
  const providers = (await authority.listPartnerships(partner.id)).filter(({ is }) => is === 'provider');
  const one = chosen ? providers.find(({ tenant }) => tenant === chosen) : providers.length === 1 ? providers[0] : undefined;
  return one && { tenant: one.tenant, name: one.name };
};

/** What the inviter reads before sending, and whom it may be handed to where sending is not theirs. */
export const previewOf = async ({ directory }: Ports, partner: TenantId, invitation: InState<'draft'>, facts: InvitationFacts): Promise<PreviewView> => {
  const asked = askEveryRule(facts);
  const refusing = asked.filter(({ verdict }) => typeof verdict === 'object');
  // Where another rule says no as well, nobody could finish it.
  const needsAdminAgent = refusing.length === 1 && refusing[0]?.rule === managingNeedsAnAdminAgent.id;
  return {
    view: 'preview', invitation, customer: facts.customer, asked,
    ...(needsAdminAgent && { handOver: (await directory.adminAgents(partner)).map(({ id, name }) => ({ id, name })) }),
  };
};

/** How soon a wish that met an outage is tried again, in milliseconds. */
export const firstRetryMs = 20_000;
