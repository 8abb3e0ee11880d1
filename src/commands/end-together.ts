import { ask, isRefused, refusalsIn, wanting, type Refusal, type Refusals } from '../domain/decision.js';
import type { Blocker } from '../domain/delegated-admin.js';
import { fold } from '../domain/fold.js';
import { asTenantId, type TenantId } from '../domain/ids.js';
import { isStanding, type Grant } from '../domain/invitation.js';
import { endRules, removalRules } from '../domain/rules.js';
import type { Person } from '../domain/facts.js';
import { aboutPair, byWhom, rulesOf } from './audit.js';
import { actorOf, askedBy, isPartner, personNow, type Speaker } from './gather.js';
import { answerLater, refusedLater } from './meet-person.js';
import { nameOf, tellThoseConcerned } from './news.js';
import { AuthorityUnavailableError, notConsented, type ClaimedErrand, type Ports } from './ports.js';
import { mayUsePartnerCommands } from './show-invitation.js';
import type { ConsequencesView } from './views.js';

/** "Remove access" ends delegated administration; "end the relationship" ends selling. Two acts, never one. */
export type Act = ConsequencesView['act'];

export type EndOutcome =
  | { readonly is: 'shown'; readonly view: ConsequencesView }
  | { readonly is: 'several'; readonly names: readonly string[] }
  | { readonly is: 'refused'; readonly refusals: Refusals }
  | { readonly is: 'notFound' };

type Pair = { readonly partner: TenantId; readonly customer: TenantId };

/** Shows what would happen and what stands in the way; acts only when the other side's name was typed. */
export const endTogether = (ports: Ports) => {
  const { authority, directory, ledger, clock } = ports;

  /** The other side among those with whom something stands; never anybody else's. */
  const grantsNamed = async (by: Speaker, other: string): Promise<readonly { readonly name: string; readonly grants: readonly Grant[] }[]> => {
    const isOurs = isPartner(ports, by.tenant);
    const grants = (await ledger.grants(isOurs ? { partner: by.tenant } : { customer: by.tenant })).filter(isStanding);
    const tenants = [...new Set(grants.map((grant) => (isOurs ? grant.customer : grant.partner)))];
    const wanted = fold(other);
    const pairs = await Promise.all(tenants.map(async (tenant) => {
      const theirs = grants.filter((grant) => (isOurs ? grant.customer : grant.partner) === tenant);
      const name = theirs.find(({ customerName }) => isOurs && customerName)?.customerName ?? (await nameOf(ports, tenant, by.tenant));
      const isMeant = wanted !== '' && (tenant === other || fold(name).startsWith(wanted) || theirs.some(({ customerDomain }) => isOurs && fold(customerDomain ?? '').startsWith(wanted)));
      return isMeant ? [{ name, grants: theirs }] : [];
    }));
    return pairs.flat();
  };

  const consequences = async (act: Act, by: Speaker, { name, grants }: { readonly name: string; readonly grants: readonly Grant[] }, stands?: ConsequencesView['stands']): Promise<ConsequencesView> => {
    const [first] = grants;
    const pair: Pair = { partner: first?.partner ?? by.tenant, customer: first?.customer ?? by.tenant };
    const side = isPartner(ports, by.tenant) ? 'partner' : 'customer';
    const concerned = grants.filter(({ kind }) => act === 'endRelationship' || kind === 'gdap');
    const blockers = act === 'endRelationship' ? await authority.removalBlockers(pair.partner, pair.customer) : [];
    const transferable = side === 'partner' && blockers.length > 0 ? await transferableOf(pair) : 0;
    const own = await nameOf(ports, by.tenant, by.tenant);
    return {
      view: 'consequences', act, side, grants: concerned, blockers: side === 'partner' || act === 'endRelationship' ? blockers : [], ...(transferable > 0 && { transferable }),
      partner: { tenant: pair.partner, name: side === 'partner' ? own : name }, customer: { tenant: pair.customer, name: side === 'partner' ? name : own },
      stands: stands ?? (!concerned.some(({ kind }) => kind === (act === 'endRelationship' ? 'reseller' : 'gdap')) ? 'nothing' : blockers.length > 0 ? 'blocked' : 'ready'),
    };
  };

  /** A help beside the list; an outage leaves it out. */
  const transferableOf = async ({ partner, customer }: Pair): Promise<number> => {
    const found = await authority.transferable(partner, customer).catch((error: unknown) => {
      if (error instanceof AuthorityUnavailableError) return 'unknown' as const;
      throw error;
    });
    return found === 'unknown' ? 0 : found.length;
  };

  /** Access of the partner's people: an Admin agent or the customer's Global admin (MP-19). Ending: the partner's own roles. */
  const refusalsFor = async (act: Act, side: 'partner' | 'customer', person: Person, pair: Pair, blockers: readonly Blocker[]): Promise<readonly Refusal[]> => {
    if (act === 'removeAccess' || side === 'customer') return refusalsIn(ask(removalRules, { person, side, status: 'active' }));
    const partner = await authority.partner(pair.partner);
    return refusalsIn(ask(endRules, { person, partner: { type: partner?.type ?? 'directBill' }, blockers }));
  };

  const show = async ({ by, act, other }: { readonly by: Speaker; readonly act: Act; readonly other: string }): Promise<EndOutcome> => {
    const person = await personNow(ports, by);
    const isOurs = isPartner(ports, by.tenant);
    if (person === 'unknown' || (isOurs ? !mayUsePartnerCommands(person) : person.isGuest)) return { is: 'notFound' };
    const named = await grantsNamed(by, other);
    const [one, two] = named;
    if (!one) return { is: 'notFound' };
    if (two) return { is: 'several', names: named.map(({ name }) => name) };
    const view = await consequences(act, by, one);
    const refusals = await refusalsFor(act, view.side, person, { partner: view.partner.tenant, customer: view.customer.tenant }, []);
    return isRefused(refusals) ? refuse(by, act, view, refusals) : { is: 'shown', view };
  };

  const confirm = async ({ by, act, other, typed }: { readonly by: Speaker; readonly act: Act; readonly other: TenantId; readonly typed: string }): Promise<EndOutcome> => {
    const person = await personNow(ports, by);
    if (person === 'unknown') return { is: 'notFound' };
    const [named] = (await grantsNamed(by, other)).filter(({ grants }) => grants.some(({ partner, customer }) => partner === other || customer === other));
    if (!named) return { is: 'notFound' };
    const view = await consequences(act, by, named);
    const pair: Pair = { partner: view.partner.tenant, customer: view.customer.tenant };
    const refusals = await refusalsFor(act, view.side, person, pair, view.blockers);
    if (isRefused(refusals)) return refuse(by, act, view, refusals);
    if (fold(typed) !== fold(named.name)) return { is: 'shown', view: { ...view, typedWrong: true } };
    if (view.stands !== 'ready' && !(view.side === 'customer' && act === 'endRelationship')) return { is: 'shown', view };

    const actor = byWhom(actorOf(by));
    const { names } = actor;
    const facts = { ...actor.facts, side: view.side };
    const at = clock.now();
    if (act === 'endRelationship' && view.side === 'customer') {
      // No button of the customer ends it (MP-18): the partner's people are asked.
      const [about] = view.grants;
      if (!about) return { is: 'shown', view };
      await ledger.record({ event: aboutPair('RelationshipEndAsked', pair, at, facts, names), errands: await tellThoseConcerned(ports, about, 'endAsked', at.toISOString(), {}, ['partner']) });
      return { is: 'shown', view: { ...view, stands: 'handed' } };
    }
    await ledger.record({
      event: aboutPair(act === 'removeAccess' ? 'AccessRemovalAsked' : 'RelationshipEndAsked', pair, at, facts, names),
      errands: act === 'removeAccess'
        ? view.grants.map(({ relationship = '' }) => ({
          topic: 'removeAccess' as const, key: `removeAccess/${relationship}/${at.toISOString()}`, lane: `access/${relationship}`, body: { ...pair, relationship, tenant: by.tenant, person: by.person },
        }))
        : [{ topic: 'endRelationship', key: `endRelationship/${pair.partner}/${pair.customer}/${at.toISOString()}`, lane: `pair/${pair.partner}/${pair.customer}`, body: { ...pair, tenant: by.tenant, person: by.person } }],
    });
    return { is: 'shown', view: { ...view, stands: 'asked' } };
  };

  const refuse = async (by: Speaker, act: Act, { side, partner, customer }: ConsequencesView, refusals: Refusals): Promise<EndOutcome> => {
    const actor = byWhom(actorOf(by));
    await ledger.record({ event: aboutPair('ActRefused', { partner: partner.tenant, customer: customer.tenant }, clock.now(), { ...actor.facts, act, rules: rulesOf(refusals) }, actor.names) });
    const to = side === 'customer' ? 'partWithPartner' : act === 'removeAccess' ? 'changeAccess' : 'end';
    return { is: 'refused', refusals: wanting(to, refusals, to !== 'end' && refusals[0].code === 'ROLE_NOT_ALLOWED' ? await whoCould(by) : []) };
  };

  /** Of one's own company, for a colleague's eyes; a help that an outage or a missing consent leaves out. */
  const whoCould = async ({ tenant }: Speaker): Promise<readonly string[]> => {
    try {
      const people = isPartner(ports, tenant) ? await directory.adminAgents(tenant) : await directory.deciders(tenant);
      return people === notConsented ? [] : people.map(({ name }) => name);
    } catch (error) {
      if (error instanceof AuthorityUnavailableError) return [];
      throw error;
    }
  };

  return { show, confirm };
};

/** Asks Microsoft; that it has ended is seen and told by the watch. A definite no is written down. */
export const endAtMicrosoft = (ports: Ports) => async ({ topic, body }: ClaimedErrand): Promise<void> => {
  const { authority, ledger, clock } = ports;
  const pair: Pair = { partner: asTenantId(body['partner'] ?? ''), customer: asTenantId(body['customer'] ?? '') };
  const [blocker] = topic === 'endRelationship' ? await authority.removalBlockers(pair.partner, pair.customer) : [];
  const outcome = topic === 'removeAccess'
    ? await authority.terminateDelegatedAdmin(pair.partner, body['relationship'] ?? '')
    : blocker ? { refused: { code: blocker.code, correlationId: '' } } : await authority.removeRelationship(pair.partner, pair.customer);
  if (typeof outcome === 'string') return;
  const { refused } = outcome;
  await ledger.record({ event: aboutPair('ActRefused', pair, clock.now(), { act: topic, code: refused.code, correlationId: refused.correlationId }) });
  await answerLater(ports, askedBy(body), refusedLater(refused.code, refused.correlationId));
};
