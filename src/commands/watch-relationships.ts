import type { DelegatedAdmin } from '../domain/delegated-admin.js';
import type { AuditEvent } from '../domain/events.js';
import type { Tenant } from '../domain/facts.js';
import type { TenantId } from '../domain/ids.js';
import { isEndedWithout, isOpen, isStanding, type Ended, type Grant, type Half, type Invitation, type OpenInvitation } from '../domain/invitation.js';
import * as step from '../domain/steps.js';
import { againWhenStale } from './again.js';
import { askAboutDraft } from './answer-draft.js';
import { aboutPair, happened } from './audit.js';
import { redrawEveryCopy, tellCustomer, tellInviter } from './errands-about.js';
import { fewAtATime } from './few-at-a-time.js';
import { delegatedAdminOf, grantNow } from './gather.js';
import { tellThoseConcerned } from './news.js';
import { AuthorityUnavailableError, type NewErrand, type Ports } from './ports.js';

const atOnce = 8;
const patienceMs = 15_000;
const turnPatienceMs = 4_000;

/** An end that Microsoft wrote down before that belongs to an older relationship. */
const lookBackMs = 2 * 86_400_000;

/** A relationship as Microsoft shows it in this moment. */
type Names = Pick<Grant, 'customerName' | 'customerDomain'>;
type Shown = Omit<Grant, 'seenAt' | 'origin' | 'invitation' | 'ended' | 'warnedAtDays'>;

/** What Microsoft shows, and the keys of what it says something about that nobody here understands: that neither begins nor ends. */
type Sight = { readonly shown: readonly Shown[]; readonly unclear: ReadonlySet<string>; readonly unread: Unread };
/** Why not everything could be read: the user's sign-in is over, say, or Graph is away. What is sold, the app reads alone; but not through which provider. */
type Unread = AuthorityUnavailableError | undefined;

/** Who waits for which half, and the keys of what is shown of which nobody could say whether it was waited for. */
type Awaited = Readonly<Record<Half, readonly Invitation[]>>;
type Waiting = { readonly awaited: Awaited; readonly unsure: ReadonlySet<string>; readonly unsaid: Unread };

/** Until when a partner's side was seen: all of it, and what the app reads alone. */
export type SeenUntil = { readonly all?: Date; readonly sold?: Date };

/** The partners of whose side a round could not see everything, and until when it was seen. */
export type Unseen = ReadonlyMap<TenantId, SeenUntil>;

const keyOf = ({ kind, customer, relationship = '' }: Pick<Shown, 'kind' | 'customer' | 'relationship'>): string => `${kind} ${customer} ${relationship}`;

/**
 * Looks at Microsoft's side and moves invitations forward, never backward. A relationship may appear without any press here,
 * or after a decline, or without any invitation, and it may end: whatever the authority shows is what is recorded and told.
 */
export const watchRelationships = (ports: Ports) => {
  const { authority, ledger, clock, partners } = ports;

  const askedAbout = new Set<string>();

  /** Once for each start of the service; the errands know what was asked before. */
  const askAboutDrafts = async (partner: TenantId, delegated: readonly DelegatedAdmin[]): Promise<void> => {
    for (const draft of delegated.filter(({ id, needsOurConsent }) => needsOurConsent && !askedAbout.has(id))) {
      await ports.errands.add(await askAboutDraft(ports, partner, draft));
      askedAbout.add(draft.id);
    }
  };

  const administeredBy = async (partner: TenantId, delegated: readonly DelegatedAdmin[], sold: readonly Tenant[]): Promise<readonly Shown[]> => {
    const named = new Map<TenantId, Names>(sold.map((customer) => [customer.id, namesOf(customer)]));
    const standing = delegated.filter(stands);
    // Whom a partner administers without selling to, Microsoft names in a list of its own.
    if (standing.some(({ customer }) => !named.has(customer))) {
      for (const { tenant, name } of await authority.listAdministered(partner)) if (name && !named.has(tenant)) named.set(tenant, { customerName: name });
    }
    return standing.map((one) => ({
      kind: 'gdap', partner, customer: one.customer, relationship: one.id, name: one.name, roles: one.roles, since: one.since, until: one.until,
      autoExtends: one.autoExtends, ...named.get(one.customer),
    }));
  };

  /** Delegated administration is read on a user's behalf and at another service: when that gives no answer, what is sold is seen all the same. */
  const shownTo = async (partner: TenantId): Promise<Sight> => {
    const [customers, read] = await Promise.all([authority.listOwnCustomers(partner), delegatedAdminOf(ports, partner).catch(noAnswer)]);
    const sold = customers.map((customer) => soldTo(partner, customer));
    if (read instanceof AuthorityUnavailableError) return { shown: sold, unclear: new Set(), unread: read };
    await askAboutDrafts(partner, read);
    const administered = await administeredBy(partner, read, customers).catch(noAnswer);
    if (administered instanceof AuthorityUnavailableError) return { shown: sold, unclear: new Set(), unread: administered };
    const unclear = read.filter(({ status }) => status === 'unknown').map(({ customer, id }) => keyOf({ kind: 'gdap', customer, relationship: id }));
    return { shown: [...sold, ...administered], unclear: new Set(unclear), unread: undefined };
  };

  const knownOf = async (partner: TenantId): Promise<ReadonlyMap<string, Grant>> =>
    new Map((await ledger.grants({ partner })).filter(isStanding).map((grant) => [keyOf(grant), grant]));

  /** What was asked for through a provider has come when Microsoft names that provider: the customer may buy through another one (MP-47). */
  const waitingFor = async (partner: TenantId, shown: readonly Shown[], known: ReadonlyMap<string, Grant>): Promise<Waiting> => {
    const [sell, manage] = await Promise.all([ledger.awaited(partner, 'sell'), ledger.awaited(partner, 'manage')]);
    const sold = new Set(shown.flatMap((one) => (one.kind === 'reseller' ? [keyOf(one)] : [])));
    const said = await fewAtATime(sell, atOnce, async (invitation) => {
      const { asks: { provider }, customer } = invitation;
      const key = soldKey(customer.tenant);
      if (!provider || !sold.has(key) || (known.has(key) && !isOpen(invitation))) return 'yes';
      return authority.observe(partner, customer.tenant, provider.tenant).catch(noAnswer);
    });
    return {
      awaited: { sell: sell.filter((_, at) => said[at] === 'yes'), manage },
      unsure: new Set(sell.flatMap(({ customer }, at) => (said[at] instanceof AuthorityUnavailableError ? [soldKey(customer.tenant)] : []))),
      unsaid: said.find((one) => one instanceof AuthorityUnavailableError),
    };
  };

  const watchPartner = async (partner: TenantId): Promise<Unread> => {
    // Before Microsoft is asked: what somebody else writes down while it answers may be newer than the answer.
    const before = await knownOf(partner);
    const { shown, unclear, unread } = await shownTo(partner);
    const { awaited, unsure, unsaid } = await waitingFor(partner, shown, before);
    const missing = unread ?? unsaid;
    const isFirst = !(await ledger.isWatched(partner));
    // All of it, or what is read first later on would be told as news.
    if (isFirst && missing) throw missing;
    if (isFirst) await begin(partner, shown, awaited);

    const known = isFirst ? await knownOf(partner) : before;
    const fresh = shown.filter((one) => !known.has(keyOf(one)) && !unsure.has(keyOf(one)));
    // One that ended and came back between two looks is known still; but whoever was asked after that has said yes anew.
    const anew = shown.filter((one) => one.kind === 'reseller' && known.has(keyOf(one)) && isOpenFor(invitationBehind(one, awaited)));
    for (const one of [...fresh, ...anew]) await appeared(one, awaited);
    for (const one of shown) await moved(one, known.get(keyOf(one)));
    const stillThere = new Set([...shown.map(keyOf), ...unclear]);
    const vanished = [...before].flatMap(([key, grant]) => (!stillThere.has(key) && (!unread || grant.kind === 'reseller') ? [grant] : []));
    const stood = await fewAtATime(vanished, atOnce, standsAfterAll);
    for (const [at, grant] of vanished.entries()) if (stood[at] === 'no') await ended(grant);
    return missing ?? stood.find((one) => one instanceof AuthorityUnavailableError);
  };

  /** What stood before anybody looked is nobody's news, unless somebody waits for it. */
  const begin = async (partner: TenantId, shown: readonly Shown[], awaited: Awaited): Promise<void> => {
    const known = await knownOf(partner);
    const old = shown.filter((one) => !known.has(keyOf(one)) && !invitationBehind(one, awaited));
    await ledger.beginWatching(partner, old.map((one) => ({ ...one, seenAt: clock.now().toISOString(), origin: 'outside' })));
  };

  const appeared = async (one: Shown, awaited: Awaited): Promise<void> => {
    const asked = invitationBehind(one, awaited);
    await againWhenStale(async () => {
      const invitation = asked && (await ledger.invitation(asked.id));
      if (invitation && isOpen(invitation)) return seen(invitation, one);
      if (invitation && isEndedWithout(invitation) && !invitation.foundLateAt) return foundLate(invitation, one);
      return foundOutside(one);
    });
  };

  const grantOf = (one: Shown, origin: Grant['origin'], invitation?: Invitation): Grant =>
    ({ ...one, seenAt: clock.now().toISOString(), origin, ...(invitation && { invitation: invitation.id, customerName: invitation.customer.name, customerDomain: invitation.customer.domain }) });

  const seen = async (invitation: OpenInvitation, one: Shown): Promise<void> => {
    const now = clock.now();
    const half = halfOf(one);
    if (invitation.seen?.[half]) return;
    const after = step.halfSeen(invitation, half, now.toISOString());
    const isWhole = after.state === 'established';
    await ledger.record({
      event: happened(isWhole ? 'RelationshipEstablished' : 'HalfEstablished', invitation, now, { facts: { half } }),
      before: invitation,
      after,
      grants: [grantOf(one, 'invitation', invitation)],
      // The proof first; everybody is told together with what it showed. Half of it is told at once.
      errands: isWhole
        ? [{ topic: 'compare', key: `compare/${invitation.id}`, lane: `proof/${invitation.id}`, invitation: invitation.id, body: {} }]
        : [...(await redrawEveryCopy(ports, after, half)), ...tellInviter(after, 'halfDone', half), ...(await tellCustomer(ports, after, 'halfDone', undefined, half))],
    });
  };

  const foundLate = async (invitation: Ended, one: Shown): Promise<void> => {
    const now = clock.now();
    const after = step.foundLate(invitation, now.toISOString());
    await ledger.record({
      event: happened('RelationshipFoundLate', invitation, now, { facts: { state: invitation.state, half: halfOf(one) } }),
      before: invitation,
      after,
      grants: [grantOf(one, 'late', invitation)],
      errands: [...(await redrawEveryCopy(ports, after, 'foundLate')), ...tellInviter(after, 'foundLate'), ...(await tellCustomer(ports, after, 'foundLate'))],
    });
  };

  /** As it stands in this moment: somebody else may have looked at the same time. */
  const standing = async (one: Shown): Promise<Grant | undefined> => {
    const grant = await grantNow(ports, one);
    return grant && isStanding(grant) ? grant : undefined;
  };

  /** Nothing where somebody else wrote meanwhile that it ended, came back or ends on another day: that is newer than what was shown. */
  const stillAs = async (known: Grant): Promise<Grant | undefined> => {
    const grant = await standing(known);
    return grant?.seenAt === known.seenAt && endsAsIn(known, grant) ? grant : undefined;
  };

  const foundOutside = async (one: Shown): Promise<void> => {
    if (await standing(one)) return;
    const grant = grantOf(one, 'outside');
    await record('RelationshipFoundOutside', grant, await tellThoseConcerned(ports, grant, 'foundOutside', grant.seenAt));
  };

  /** Microsoft moved the end (auto-extension, say): every card's date follows, and warnings begin anew. */
  const moved = async (one: Shown, known: Grant | undefined): Promise<void> => {
    if (!known || endsAsIn(one, known)) return;
    await againWhenStale(async () => {
      const grant = await stillAs(known);
      if (!grant) return;
      const { warnedAtDays: _warned, ...kept } = grant;
      const invitation = grant.invitation && await ledger.invitation(grant.invitation);
      const because = `moved/${one.until ?? ''}/${String(one.autoExtends)}`;
      await record('AccessEndMoved', { ...kept, ...one }, invitation ? await redrawEveryCopy(ports, invitation, because) : [], { until: one.until ?? '' }, grant);
    });
  };

  const ended = (known: Grant): Promise<void> => againWhenStale(async () => {
    const grant = await stillAs(known);
    if (!grant) return;
    const now = clock.now();
    const isOver = grant.until !== undefined && grant.until !== '' && Date.parse(grant.until) <= now.getTime();
    const how = grant.kind === 'reseller' ? 'removed' : isOver ? 'expired' : 'terminated';
    const after: Grant = { ...grant, ended: { at: await whenEnded(grant, now), how } };
    const invitation = grant.invitation && await ledger.invitation(grant.invitation);
    await record('RelationshipEnded', after, [
      ...(invitation ? await redrawEveryCopy(ports, invitation, `ended/${after.kind}/${now.toISOString()}`) : []), ...await tellThoseConcerned(ports, after, 'ended', now.toISOString()),
    ], { how }, grant);
  });

  /** A list that lacks a customer ends nothing by itself: the customer is asked for by name. Of delegated administration the list is all there is. */
  const standsAfterAll = async ({ kind, partner, customer }: Grant): Promise<'yes' | 'no' | AuthorityUnavailableError> =>
    (kind === 'reseller' ? authority.observe(partner, customer).catch(noAnswer) : 'no');

  /** As Microsoft wrote it down, where it did; otherwise the moment in which it was seen. */
  const whenEnded = async ({ partner, customer, kind, seenAt }: Grant, now: Date): Promise<string> => {
    const since = new Date(Math.max(Date.parse(seenAt), now.getTime() - lookBackMs));
    const written = await authority.whenEnded(partner, customer, kind, since).catch((error: unknown) => {
      if (error instanceof AuthorityUnavailableError) return undefined;
      throw error;
    });
    return written !== undefined && written > since.toISOString() && written < now.toISOString() ? written : now.toISOString();
  };

  const record = (event: AuditEvent['event'], grant: Grant, errands: readonly NewErrand[], facts: Readonly<Record<string, string>> = {}, grantRead?: Grant): Promise<void> =>
    ledger.record({ event: aboutPair(event, grant, clock.now(), { ...facts, kind: grant.kind, relationship: grant.relationship ?? '' }), grants: [grant], ...(grantRead ? { grantRead } : { isTurn: true }), errands });

  const seenUntil = new Map<TenantId, SeenUntil>();
  /** Also a look for which nobody waits any more has seen what was there when it began. */
  const lookAndRemember = async (partner: TenantId): Promise<Unread> => {
    const began = clock.now();
    const unread = await watchPartner(partner);
    seenUntil.set(partner, unread ? { ...seenUntil.get(partner), sold: began } : { all: began, sold: began });
    return unread;
  };

  const looking = new Map<TenantId, Promise<Unread>>();
  /** Whoever asks while somebody looks waits for that look and for one more after it: it may have begun too early. */
  const look = async (partner: TenantId): Promise<Unread> => {
    await looking.get(partner)?.catch(() => undefined);
    const looks = looking.get(partner) ?? lookAndRemember(partner).finally(() => looking.delete(partner));
    looking.set(partner, looks);
    return looks;
  };

  /** @throws AuthorityUnavailableError when there is more than could be seen, after everything that could be seen was written down */
  const lookAt = async (partner: TenantId): Promise<void> => {
    const unread = await look(partner);
    if (unread) throw unread;
  };

  const lookInTime = (partner: TenantId): Promise<'looked' | 'notAll' | 'late'> =>
    inTime(patienceMs, look(partner).then((unread) => (unread ? 'notAll' : 'looked'), (error: unknown) => {
      if (error instanceof AuthorityUnavailableError) return 'notAll';
      throw error;
    }));

  /**
   * Several partners at a time, begun evenly over `spreadMs`; one that is slow or away holds up nobody. Gives of
   * whom not everything could be seen: the next round looks again.
   */
  const watchAll = async ({ spreadMs = 0, signal }: { readonly spreadMs?: number; readonly signal?: AbortSignal } = {}): Promise<Unseen> => {
    const startedAt = performance.now();
    const looked = await fewAtATime(partners, atOnce, async (partner, at) => {
      await pause((spreadMs * at) / partners.length - (performance.now() - startedAt), signal);
      return signal?.aborted ? 'late' : lookInTime(partner);
    });
    return new Map(partners.flatMap((partner, at) => (looked[at] === 'looked' ? [] : [[partner, seenUntil.get(partner) ?? {}]])));
  };

  /**
   * What a search at Microsoft found, without reading all the others. Before a partner's first look nobody knows what is new.
   * @returns whether it was written down
   */
  const found = async (partner: TenantId, customers: readonly Tenant[]): Promise<boolean> => {
    if (customers.length === 0 || !(await ledger.isWatched(partner))) return false;
    const shown = customers.map((customer) => soldTo(partner, customer));
    const { awaited, unsure } = await waitingFor(partner, shown, new Map());
    for (const one of shown) if (!unsure.has(keyOf(one))) await appeared(one, awaited);
    return true;
  };

  /** Somebody says "done" on the card: looks at this partner's side now instead of at the next round, and lets nobody wait for more than a turn allows. */
  const lookNow = async ({ partner, asks }: Invitation): Promise<'looked' | 'late'> => {
    const unread = await inTime(turnPatienceMs, look(partner.tenant));
    if (unread instanceof AuthorityUnavailableError && (asks.manage ?? asks.provider)) throw unread;
    return unread === 'late' ? 'late' : 'looked';
  };

  return { watchAll, lookNow, lookAt, found };
};

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  ms <= 0 || signal?.aborted ? Promise.resolve() : new Promise((resolve) => {
    const stop = (): void => { clearTimeout(timer); resolve(); };
    const timer = setTimeout(() => { signal?.removeEventListener('abort', stop); resolve(); }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });

const watching = new WeakMap<Ports, ReturnType<typeof watchRelationships>>();

/** The one watch of these ports: whoever asks it to look while it looks shares that look. */
export const watchOf = (ports: Ports): ReturnType<typeof watchRelationships> => {
  const watch = watching.get(ports) ?? watchRelationships(ports);
  watching.set(ports, watch);
  return watch;
};

/** `late` when it takes longer than others can be asked to wait; it goes on by itself. */
const inTime = <Seen>(ms: number, seen: Promise<Seen>): Promise<Seen | 'late'> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => { timer = setTimeout(resolve, ms, 'late').unref(); });
  seen.catch(() => undefined);
  return Promise.race([seen, late]).finally(() => clearTimeout(timer));
};

const noAnswer = (error: unknown): AuthorityUnavailableError => {
  if (error instanceof AuthorityUnavailableError) return error;
  throw error;
};

const endsAsIn = (one: Shown, other: Shown): boolean => one.until === other.until && one.autoExtends === other.autoExtends;
const isOpenFor = (invitation: Invitation | undefined): boolean => invitation !== undefined && isOpen(invitation);

const namesOf = ({ name, domain }: Tenant): Names => ({ customerName: name, customerDomain: domain });
const soldTo = (partner: TenantId, customer: Tenant): Shown => ({ kind: 'reseller', partner, customer: customer.id, ...namesOf(customer) });
const soldKey = (customer: TenantId): string => keyOf({ kind: 'reseller', customer });
const halfOf = ({ kind }: Shown): Half => (kind === 'reseller' ? 'sell' : 'manage');

/** In force, or on its way out of it: until Microsoft says that it is over, its people still have access. */
export const stands = ({ status }: DelegatedAdmin): boolean => status === 'active' || status === 'expiring' || status === 'terminationRequested' || status === 'terminating';

/** Delegated administration names its request; a reseller relationship does not (MP-26). */
const invitationBehind = (one: Shown, awaited: Awaited): Invitation | undefined =>
  awaited[halfOf(one)].find((invitation) => 'sentAt' in invitation && invitation.customer.tenant === one.customer
    && (one.kind === 'reseller' ? !invitation.seen?.sell : invitation.delegated?.relationship === one.relationship));
