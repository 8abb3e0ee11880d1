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
import { AuthorityUnavailableError, SignInNeededError, type NewErrand, type Ports } from './ports.js';

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
/** Why delegated administration could not be read, where the user's sign-in is over: what is sold, the app reads alone. */
type Unread = SignInNeededError | undefined;

/** What of a partner's side a round could not see. */
export type Unseen = ReadonlyMap<TenantId, 'everything' | 'managing'>;

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

  const shownTo = async (partner: TenantId): Promise<Sight> => {
    const [customers, read] = await Promise.all([
      authority.listOwnCustomers(partner), delegatedAdminOf(ports, partner).catch(signInNeeded),
    ]);
    const [delegated, unread] = read instanceof SignInNeededError ? [[], read] : [read, undefined];
    await askAboutDrafts(partner, delegated);
    const named = new Map<TenantId, Names>(customers.map((customer) => [customer.id, namesOf(customer)]));
    const standing = delegated.filter(stands);
    // Whom a partner administers without selling to, Microsoft names in a list of its own.
    if (standing.some(({ customer }) => !named.has(customer))) {
      for (const { tenant, name } of await authority.listAdministered(partner)) if (name && !named.has(tenant)) named.set(tenant, { customerName: name });
    }
    return {
      shown: [
        ...customers.map((customer) => soldTo(partner, customer)),
        ...standing.map((one): Shown => ({
          kind: 'gdap', partner, customer: one.customer, relationship: one.id, name: one.name, roles: one.roles, since: one.since, until: one.until,
          autoExtends: one.autoExtends, ...named.get(one.customer),
        })),
      ],
      unclear: new Set(delegated.filter(({ status }) => status === 'unknown').map(({ customer, id }) => keyOf({ kind: 'gdap', customer, relationship: id }))),
      unread,
    };
  };

  const knownOf = async (partner: TenantId): Promise<ReadonlyMap<string, Grant>> =>
    new Map((await ledger.grants({ partner })).filter(isStanding).map((grant) => [keyOf(grant), grant]));

  const watchPartner = async (partner: TenantId): Promise<Unread> => {
    // Before Microsoft is asked: what somebody else writes down while it answers may be newer than the answer.
    const before = await knownOf(partner);
    const { shown, unclear, unread } = await shownTo(partner);
    const isFirst = !(await ledger.isWatched(partner));
    // All of it, or what is read first later on would be told as news.
    if (isFirst && unread) throw unread;
    if (isFirst) await begin(partner, shown);

    const known = isFirst ? await knownOf(partner) : before;
    const fresh = shown.filter((one) => !known.has(keyOf(one)));
    const awaited = await ledger.awaited(partner);
    // One that ended and came back between two looks is known still; but whoever was asked after that has said yes anew.
    const anew = shown.filter((one) => one.kind === 'reseller' && known.has(keyOf(one)) && isOpenFor(invitationBehind(one, awaited)));
    for (const one of [...fresh, ...anew]) await appeared(one, awaited);
    for (const one of shown) await moved(one, known.get(keyOf(one)));
    const stillThere = new Set([...shown.map(keyOf), ...unclear]);
    for (const [key, grant] of before) if (!stillThere.has(key) && (!unread || grant.kind === 'reseller')) await ended(grant);
    return unread;
  };

  /** What stood before anybody looked is nobody's news, unless somebody waits for it. */
  const begin = async (partner: TenantId, shown: readonly Shown[]): Promise<void> => {
    const [awaited, grants] = await Promise.all([ledger.awaited(partner), ledger.grants({ partner })]);
    const known = new Set(grants.filter(isStanding).map(keyOf));
    const old = shown.filter((one) => !known.has(keyOf(one)) && !invitationBehind(one, awaited));
    await ledger.beginWatching(partner, old.map((one) => ({ ...one, seenAt: clock.now().toISOString(), origin: 'outside' })));
  };

  const appeared = async (one: Shown, awaited: readonly Invitation[]): Promise<void> => {
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

  /** Microsoft moved the end (auto-extension, say): the card's date follows, and warnings begin anew. */
  const moved = async (one: Shown, known: Grant | undefined): Promise<void> => {
    if (!known || endsAsIn(one, known)) return;
    await againWhenStale(async () => {
      const grant = await stillAs(known);
      if (!grant) return;
      const { warnedAtDays: _warned, ...kept } = grant;
      await record('AccessEndMoved', { ...kept, ...one }, [], { until: one.until ?? '' }, grant);
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

  const looking = new Map<TenantId, Promise<Unread>>();
  /** Whoever asks while somebody looks waits for that look and for one more after it: it may have begun too early. */
  const look = async (partner: TenantId): Promise<Unread> => {
    await looking.get(partner)?.catch(() => undefined);
    const looks = looking.get(partner) ?? watchPartner(partner).finally(() => looking.delete(partner));
    looking.set(partner, looks);
    return looks;
  };

  /** @throws SignInNeededError when there is more than could be seen, after everything that could be seen was written down */
  const lookAt = async (partner: TenantId): Promise<void> => {
    const unread = await look(partner);
    if (unread) throw unread;
  };

  const lookInTime = (partner: TenantId): Promise<'looked' | 'signInNeeded' | 'late' | 'noAnswer'> =>
    inTime(patienceMs, look(partner).then((unread) => (unread ? 'signInNeeded' : 'looked'), (error: unknown) => {
      if (error instanceof AuthorityUnavailableError) return 'noAnswer';
      throw error;
    }));

  /**
   * Several partners at a time, begun evenly over `spreadMs`; one that is slow or away holds up nobody. Gives what
   * could not be seen: the next round looks again.
   */
  const watchAll = async ({ spreadMs = 0, signal }: { readonly spreadMs?: number; readonly signal?: AbortSignal } = {}): Promise<Unseen> => {
    const startedAt = performance.now();
    const looked = await fewAtATime(partners, atOnce, async (partner, at) => {
      await pause((spreadMs * at) / partners.length - (performance.now() - startedAt), signal);
      return signal?.aborted ? 'late' : lookInTime(partner);
    });
    return new Map(partners.flatMap((partner, at) => (looked[at] === 'looked' ? [] : [[partner, looked[at] === 'signInNeeded' ? 'managing' : 'everything']])));
  };

  /**
   * What a search at Microsoft found, without reading all the others. Before a partner's first look nobody knows what is new.
   * @returns whether it was written down
   */
  const found = async (partner: TenantId, customers: readonly Tenant[]): Promise<boolean> => {
    if (customers.length === 0 || !(await ledger.isWatched(partner))) return false;
    const awaited = await ledger.awaited(partner);
    for (const customer of customers) await appeared(soldTo(partner, customer), awaited);
    return true;
  };

  /** Somebody says "done" on the card: looks at this partner's side now instead of at the next round, and lets nobody wait for more than a turn allows. */
  const lookNow = async ({ partner, asks }: Invitation): Promise<void> => {
    const unread = await inTime(turnPatienceMs, look(partner.tenant));
    if (unread instanceof SignInNeededError && asks.manage) throw unread;
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

const signInNeeded = (error: unknown): SignInNeededError => {
  if (error instanceof SignInNeededError) return error;
  throw error;
};

const endsAsIn = (one: Shown, other: Shown): boolean => one.until === other.until && one.autoExtends === other.autoExtends;
const isOpenFor = (invitation: Invitation | undefined): boolean => invitation !== undefined && isOpen(invitation);

const namesOf = ({ name, domain }: Tenant): Names => ({ customerName: name, customerDomain: domain });
const soldTo = (partner: TenantId, customer: Tenant): Shown => ({ kind: 'reseller', partner, customer: customer.id, ...namesOf(customer) });
const halfOf = ({ kind }: Shown): Half => (kind === 'reseller' ? 'sell' : 'manage');

/** In force, or on its way out of it: until Microsoft says that it is over, its people still have access. */
export const stands = ({ status }: DelegatedAdmin): boolean => status === 'active' || status === 'expiring' || status === 'terminationRequested' || status === 'terminating';

/** Delegated administration names its request; a reseller relationship belongs to the newest that asked to sell (MP-26). */
const invitationBehind = (one: Shown, awaited: readonly Invitation[]): Invitation | undefined =>
  awaited.find((invitation) => 'sentAt' in invitation && invitation.customer.tenant === one.customer
    && (one.kind === 'reseller' ? invitation.asks.sell && !invitation.seen?.sell : invitation.delegated?.relationship === one.relationship));
