import { ask, isRefused, refusalsIn, wanting, type Refusal, type Refusals } from '../domain/decision.js';
import type { Blocker } from '../domain/delegated-admin.js';
import type { AuditEvent } from '../domain/events.js';
import { fold } from '../domain/fold.js';
import { asTenantId, type TenantId } from '../domain/ids.js';
import { isStanding, type Grant } from '../domain/invitation.js';
import type { Side } from '../domain/proof.js';
import { endRules, removalRules } from '../domain/rules.js';
import type { Person } from '../domain/facts.js';
import { againWhenStale } from './again.js';
import { aboutPair, byWhom, rulesOf } from './audit.js';
import { redrawCopiesOf } from './errands-about.js';
import { actorOf, askedBy, grantNow, isPartner, personNow, personOrRoleless, type Speaker } from './gather.js';
import { answerLater, refusedLater } from './meet-person.js';
import { nameOf, tellThoseConcerned } from './news.js';
import { AuthorityUnavailableError, notConsented, type ClaimedErrand, type NewErrand, type Ports } from './ports.js';
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

/** Teams delivers a press again, and people press again: within a day it is the same wish. After that it may be asked anew. */
const sameWishMs = 86_400_000;
const kindOf: Readonly<Record<Act, Grant['kind']>> = { removeAccess: 'gdap', endRelationship: 'reseller' };

/** Shows what would happen and what stands in the way; acts only when the other side's name was typed. */
export const endTogether = (ports: Ports) => {
  const { authority, ledger, clock } = ports;

  /** The other side among those with whom something stands; never anybody else's. */
  const grantsNamed = async (by: Speaker, other: string): Promise<readonly { readonly name: string; readonly grants: readonly Grant[] }[]> => {
    const isOurs = isPartner(ports, by.tenant);
    const grants = (await ledger.grants(isOurs ? { partner: by.tenant } : { customer: by.tenant })).filter(isStanding);
    const tenants = [...new Set(grants.map((grant) => (isOurs ? grant.customer : grant.partner)))];
    const wanted = fold(other);
    const pairs = await Promise.all(tenants.map(async (tenant) => {
      const theirs = grants.filter((grant) => (isOurs ? grant.customer : grant.partner) === tenant);
      const name = await nameToType(by, tenant, theirs);
      const isMeant = wanted !== '' && (tenant === other || fold(name).startsWith(wanted) || theirs.some(({ customerDomain }) => isOurs && fold(customerDomain ?? '').startsWith(wanted)));
      return isMeant ? [{ name, grants: theirs }] : [];
    }));
    return pairs.flat();
  };

  /** Typed to confirm, so never empty: as Microsoft says it now, or else as our own papers do, or at last the tenant's id. */
  const nameToType = async (by: Speaker, tenant: TenantId, grants: readonly Grant[]): Promise<string> => {
    const isOurs = isPartner(ports, by.tenant);
    const isTypable = (name: string | undefined): name is string => fold(name ?? '') !== '';
    const kept = isOurs ? grants.map(({ customerName }) => customerName).find(isTypable) : undefined;
    const current = kept ?? (await nameOf(ports, tenant, by.tenant));
    if (isTypable(current)) return current;
    const invitations = await ledger.invitationsOf({ partner: isOurs ? by.tenant : tenant, customer: isOurs ? tenant : by.tenant }, 'all', 1);
    const papers = invitations.map(({ partner, customer }) => (isOurs ? customer : partner)).flatMap(({ name, domain }) => [name, domain]);
    return [...papers, ...(isOurs ? grants.map(({ customerDomain }) => customerDomain) : [])].find(isTypable) ?? tenant;
  };

  const consequences = async (act: Act, by: Speaker, { name, grants }: { readonly name: string; readonly grants: readonly Grant[] }): Promise<ConsequencesView> => {
    const [first] = grants;
    const pair: Pair = { partner: first?.partner ?? by.tenant, customer: first?.customer ?? by.tenant };
    const side = isPartner(ports, by.tenant) ? 'partner' : 'customer';
    const ended = grants.filter(({ kind }) => kind === kindOf[act]);
    const concerned = grants.filter(({ kind }) => act === 'endRelationship' || kind === 'gdap');
    const blockers = act === 'endRelationship' ? await authority.removalBlockers(pair.partner, pair.customer) : [];
    const transferable = side === 'partner' && blockers.length > 0 ? await transferableOf(pair) : 0;
    const own = await nameOf(ports, by.tenant, by.tenant);
    return {
      view: 'consequences', act, side, grants: concerned, blockers: side === 'partner' || act === 'endRelationship' ? blockers : [], ...(transferable > 0 && { transferable }),
      partner: { tenant: pair.partner, name: side === 'partner' ? own : name }, customer: { tenant: pair.customer, name: side === 'partner' ? name : own },
      stands: ended.length === 0 ? 'nothing' : ended.every((grant) => isUnderWay(act, side, grant)) ? (act === 'endRelationship' && side === 'customer' ? 'handed' : 'asked') : blockers.length > 0 ? 'blocked' : 'ready',
    };
  };

  /** Access is taken at Microsoft whoever of both asks. The relationship only the partner ends: what the customer asks of it is another wish. */
  const isUnderWay = (act: Act, side: Side, { wished }: Grant): boolean => {
    const wishes = act === 'removeAccess' ? [wished?.partner, wished?.customer] : [wished?.[side]];
    return wishes.some((wish) => wish !== undefined && clock.now().getTime() - Date.parse(wish.at) < sameWishMs);
  };

  /** A help beside the list; an outage leaves it out. */
  const transferableOf = async ({ partner, customer }: Pair): Promise<number> => {
    const found = await authority.transferable(partner, customer).catch((error: unknown) => {
      if (error instanceof AuthorityUnavailableError) return 'unknown' as const;
      throw error;
    });
    return found === 'unknown' ? 0 : found.length;
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
    const refusals = await refusalsFor(ports, act, view.side, person, { partner: view.partner.tenant, customer: view.customer.tenant }, []);
    return isRefused(refusals) ? refuse(by, act, view, refusals) : { is: 'shown', view };
  };

  const confirm = (wish: { readonly by: Speaker; readonly act: Act; readonly other: TenantId; readonly typed: string }): Promise<EndOutcome> => againWhenStale(() => confirmNow(wish));

  const confirmNow = async ({ by, act, other, typed }: { readonly by: Speaker; readonly act: Act; readonly other: TenantId; readonly typed: string }): Promise<EndOutcome> => {
    const person = await personNow(ports, by);
    if (person === 'unknown') return { is: 'notFound' };
    const [named] = (await grantsNamed(by, other)).filter(({ grants }) => grants.some(({ partner, customer }) => partner === other || customer === other));
    if (!named) return { is: 'notFound' };
    const view = await consequences(act, by, named);
    const pair: Pair = { partner: view.partner.tenant, customer: view.customer.tenant };
    const refusals = await refusalsFor(ports, act, view.side, person, pair, view.blockers);
    if (isRefused(refusals)) return refuse(by, act, view, refusals);
    if (fold(typed) !== fold(named.name)) return { is: 'shown', view: { ...view, typedWrong: true } };
    const isHanded = view.side === 'customer' && act === 'endRelationship';
    if (view.stands !== 'ready' && !(isHanded && view.stands === 'blocked')) return { is: 'shown', view };

    for (const grant of view.grants.filter((one) => one.kind === kindOf[act] && !isUnderWay(act, view.side, one))) await askFor(by, act, view.side, grant);
    return { is: 'shown', view: { ...view, stands: isHanded ? 'handed' : 'asked' } };
  };

  /** The wish is noted on what stands, with a guard: whoever presses at the same time, or once more, finds it there. */
  const askFor = async (by: Speaker, act: Act, side: Side, grant: Grant): Promise<void> => {
    const { partner, customer, relationship = '', kind } = grant;
    const { facts, names } = byWhom(actorOf(by));
    const now = clock.now();
    const at = now.toISOString();
    const body = { partner, customer, tenant: by.tenant, person: by.person, name: by.name };
    const invitation = grant.invitation && (await ledger.invitation(grant.invitation));
    const asks: readonly NewErrand[] = act === 'removeAccess'
      ? [{ topic: act, key: `${act}/${relationship}/${at}`, lane: `access/${relationship}`, body: { ...body, relationship } }]
      // No button of the customer ends it (MP-18): the partner's people are asked.
      : side === 'customer' ? await tellThoseConcerned(ports, grant, 'endAsked', at, {}, ['partner'])
      : [{ topic: act, key: `${act}/${partner}/${customer}/${at}`, lane: `pair/${partner}/${customer}`, body }];
    await ledger.record({
      event: aboutPair(act === 'removeAccess' ? 'AccessRemovalAsked' : 'RelationshipEndAsked', grant, now, { ...facts, side, kind, relationship }, names),
      grants: [{ ...grant, wished: { ...grant.wished, [side]: { at, by: by.name } } }], grantRead: grant,
      errands: [...asks, ...(invitation ? await redrawCopiesOf(ports, invitation, by.tenant, `endAsked/${at}`) : [])],
    });
  };

  const refuse = async (by: Speaker, act: Act, { partner, customer }: ConsequencesView, refusals: Refusals): Promise<EndOutcome> =>
    ({ is: 'refused', refusals: await refused(ports, by, act, { partner: partner.tenant, customer: customer.tenant }, refusals) });

  return { show, confirm };
};

/** Access of the partner's people: an Admin agent or the customer's Global admin (MP-19). Ending: the partner's own roles. */
const refusalsFor = async ({ authority }: Ports, act: Act, side: Side, person: Person, pair: Pair, blockers: readonly Blocker[]): Promise<readonly Refusal[]> => {
  if (act === 'removeAccess' || side === 'customer') return refusalsIn(ask(removalRules, { person, side, status: 'active' }));
  const partner = await authority.partner(pair.partner);
  return refusalsIn(ask(endRules, { person, partner: { type: partner?.type ?? 'directBill' }, blockers }));
};

const refused = async (ports: Ports, by: Speaker, act: Act, pair: Pair, refusals: Refusals): Promise<Refusals> => {
  await ports.ledger.record({ event: refusalBy(ports, by, act, pair, refusals) });
  return told(ports, by, act, pair, refusals);
};

const refusalBy = ({ clock }: Ports, by: Speaker, act: Act, pair: Pair, refusals: Refusals): AuditEvent => {
  const { facts, names } = byWhom(actorOf(by));
  return aboutPair('ActRefused', pair, clock.now(), { ...facts, side: sideIn(pair, by), act, rules: rulesOf(refusals) }, names);
};

const sideIn = ({ customer }: Pair, { tenant }: Speaker): Side => (tenant === customer ? 'customer' : 'partner');

const told = async (ports: Ports, by: Speaker, act: Act, pair: Pair, refusals: Refusals): Promise<Refusals> => {
  const to = by.tenant === pair.customer ? 'partWithPartner' : act === 'removeAccess' ? 'changeAccess' : 'end';
  return wanting(to, refusals, to !== 'end' && refusals[0].code === 'ROLE_NOT_ALLOWED' ? await whoCould(ports, by) : []);
};

/** Of one's own company, for a colleague's eyes; a help that an outage or a missing consent leaves out. */
const whoCould = async (ports: Ports, { tenant }: Speaker): Promise<readonly string[]> => {
  const { directory } = ports;
  try {
    const people = isPartner(ports, tenant) ? await directory.adminAgents(tenant) : await directory.deciders(tenant);
    return people === notConsented ? [] : people.map(({ name }) => name);
  } catch (error) {
    if (error instanceof AuthorityUnavailableError) return [];
    throw error;
  }
};

type EndErrand = ClaimedErrand & { readonly topic: Act };

/**
 * Reads the right and what stands in the way once more, since it may have waited for days (MP-22), and asks Microsoft; that
 * it has ended is seen and told by the watch. A no, ours or Microsoft's, is written down and told to whoever asked.
 */
export const endAtMicrosoft = (ports: Ports) => async ({ topic, body }: EndErrand): Promise<void> => {
  const { authority, clock } = ports;
  const by = askedBy(body);
  const pair = pairIn(body);
  const [person, blockers] = await Promise.all([personOrRoleless(ports, by), topic === 'endRelationship' ? authority.removalBlockers(pair.partner, pair.customer) : []]);
  const refusals = await refusalsFor(ports, topic, sideIn(pair, by), person, pair, blockers);
  if (isRefused(refusals)) {
    await cameToNothing(ports, { topic, body }, refusalBy(ports, by, topic, pair, refusals));
    return void (await answerLater(ports, by, { view: 'refusal', refusals: await told(ports, by, topic, pair, refusals) }));
  }
  const outcome = topic === 'removeAccess'
    ? await authority.terminateDelegatedAdmin(pair.partner, body['relationship'] ?? '')
    : await authority.removeRelationship(pair.partner, pair.customer);
  if (typeof outcome === 'string') return;
  const { code, correlationId } = outcome.refused;
  await cameToNothing(ports, { topic, body }, aboutPair('ActRefused', pair, clock.now(), { side: sideIn(pair, by), act: topic, code, correlationId }));
  await answerLater(ports, by, refusedLater(code, correlationId));
};

/** Nobody could be asked for so long that it is not tried any more. */
export const giveUpEnding = (ports: Ports, { topic, body }: Pick<EndErrand, 'topic' | 'body'>, reason: string): Promise<void> => {
  const by = askedBy(body);
  const pair = pairIn(body);
  return cameToNothing(ports, { topic, body }, aboutPair('ActGivenUp', pair, ports.clock.now(), { by: by.person, side: sideIn(pair, by), act: topic, reason }, { by: by.name }));
};

/** In the record, and off what still stands: it may be asked for again at once. */
const cameToNothing = (ports: Ports, { topic, body }: Pick<EndErrand, 'topic' | 'body'>, event: AuditEvent): Promise<void> => againWhenStale(async () => {
  const by = askedBy(body);
  const pair = pairIn(body);
  const grant = await grantNow(ports, { ...pair, kind: kindOf[topic], relationship: body['relationship'] ?? '' });
  if (!grant || !isStanding(grant)) return ports.ledger.record({ event });
  const { [sideIn(pair, by)]: _wish, ...wished } = grant.wished ?? {};
  const invitation = grant.invitation && (await ports.ledger.invitation(grant.invitation));
  await ports.ledger.record({
    event, grants: [{ ...grant, wished }], grantRead: grant, errands: invitation ? await redrawCopiesOf(ports, invitation, by.tenant, `notEnded/${event.at}`) : [],
  });
});

const pairIn = (body: ClaimedErrand['body']): Pair => ({ partner: asTenantId(body['partner'] ?? ''), customer: asTenantId(body['customer'] ?? '') });
