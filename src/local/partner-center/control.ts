import { z } from 'zod';
import { asTenantId, isGuid } from '../../domain/ids.js';
import { accept } from './acceptance.js';
import { words } from './acceptance-words.js';
import { approve, withdraw } from './approval.js';
import { peopleControls } from './control-people.js';
import { jsonIn, nothing } from './control-wire.js';
import { delaysToSet, type Delays } from './delays.js';
import { prepareDraft, providerDraft } from './provider-drafts.js';
import { mistakesInSubscription, parseAs, WorldError } from './read-world.js';
import { removeReseller } from './removal.js';
import { AnsweredEarly, type Answered, type Asked, type Route } from './route.js';
import type { State } from './state.js';
import { subscription, type Subscription } from './world.js';

const clockSchema = z.union([
  z.strictObject({ now: z.iso.datetime({ offset: true }).transform((text) => new Date(text)) }),
  z.strictObject({ advanceSeconds: z.number() }),
], { error: 'needs either now (an ISO instant) or advanceSeconds (a number)' });
const guid = z.string().refine(isGuid, 'is not a GUID');
const acceptSchema = z.strictObject({
  partner: guid.transform(asTenantId), provider: guid.transform(asTenantId).optional(), customer: guid.transform(asTenantId), person: guid, relationship: z.string().optional(),
});

const statusSchema = z.strictObject({ status: z.string().min(1).nullable() });

export type ControlOptions = { readonly state: State; readonly reset: () => void };

/** What moves the sandbox from outside. Microsoft has nothing like it, so it answers this machine only. */
export const controlRoutes = ({ state, reset }: ControlOptions): readonly Route[] => {
  const clock = (): Answered => ({ status: 200, body: { now: state.now().toISOString() } });
  const moveClock = (asked: Asked): Answered => {
    const wish = parseAs(clockSchema, jsonIn(asked));
    state.moveClock('now' in wish ? wish.now : new Date(state.now().getTime() + wish.advanceSeconds * 1000));
    return clock();
  };

  const keepSubscription = (status: number, wanted: unknown): Answered => {
    const one = parseAs(subscription, wanted);
    const known = new Map(state.tenants().map((tenant) => [tenant.id as string, tenant]));
    for (const [path, sentence] of mistakesInSubscription(one, '', known)) throw new WorldError(path, sentence);
    state.putSubscription(one);
    return { status, body: one };
  };
  const subscriptionIn = ({ params }: Asked): Subscription => {
    const found = state.subscription(params['id'] ?? '');
    if (!found) throw new AnsweredEarly(nothing);
    return found;
  };
  const addSubscription = (asked: Asked): Answered => {
    const wanted = jsonIn(asked);
    const id = typeof wanted === 'object' && wanted !== null && 'id' in wanted ? String(wanted.id) : '';
    return state.subscription(id) ? { status: 409, body: { error: 'That subscription exists already.' } } : keepSubscription(201, wanted);
  };
  const changeSubscription = (asked: Asked): Answered => {
    const found = subscriptionIn(asked);
    const changes = parseAs(z.record(z.string(), z.unknown()), jsonIn(asked));
    return keepSubscription(200, { ...found, ...changes, id: found.id });
  };

  const acceptAs = (asked: Asked): Answered => {
    const { partner, provider, customer, person, relationship } = parseAs(acceptSchema, jsonIn(asked));
    const signedIn = state.person(person);
    if (!signedIn || signedIn.tenant.id !== customer) return nothing;
    if (relationship !== undefined) return approveAs(relationship, partner, signedIn);
    const acceptance = accept(state, partner, signedIn, provider);
    return acceptance.is === 'refused' ? refused(acceptance.why, words.en.why[acceptance.why]) : { status: 200, body: { outcome: acceptance.is, since: acceptance.since } };
  };
  const approveAs = (relationship: string, partner: string, signedIn: NonNullable<ReturnType<State['person']>>): Answered => {
    const standing = state.relationship(relationship);
    if (standing?.relationship.partner !== partner || standing.status === 'created') return nothing;
    const approval = approve(state, standing, signedIn);
    return approval.is === 'refused' ? refused(approval.why, words.en.approval.why[approval.why]) : { status: 200, body: { outcome: approval.is, since: approval.since } };
  };

  const prepareForReseller = (asked: Asked): Answered => {
    const prepared = prepareDraft(state, parseAs(providerDraft, jsonIn(asked)));
    if (prepared === 'noSuchTwoTiers') return nothing;
    return prepared === 'nameTaken' ? { status: 409, body: { error: 'The reseller has a relationship of that name already.' } } : { status: 201, body: { relationship: prepared.id } };
  };

  const withdrawn = (asked: Asked): Answered => {
    const standing = state.relationship(asked.params['id'] ?? '');
    if (!standing) return nothing;
    return withdraw(state, standing) ? { status: 204 } : { status: 409, body: { error: `The relationship is ${standing.status}.` } };
  };

  /** What the wire says instead of the true status; `null` takes it back. */
  const showAs = (asked: Asked): Answered => {
    const standing = state.relationship(asked.params['id'] ?? '');
    if (!standing) return nothing;
    const { shownAs: _shownAs, ...rest } = standing.relationship;
    const { status } = parseAs(statusSchema, jsonIn(asked));
    state.putRelationship({ ...rest, ...(status !== null && { shownAs: status }) });
    return { status: 200, body: { status: status ?? standing.status } };
  };

  const removeGrant = ({ url }: Asked): Answered => {
    const [partner, customer] = [url.searchParams.get('partner'), url.searchParams.get('customer')];
    const removal = isGuid(partner) && isGuid(customer) ? removeReseller(state, asTenantId(partner), asTenantId(customer)) : 'notRelated';
    if (removal === 'notRelated') return nothing;
    return removal === 'removed' ? { status: 204 } : { status: 409, body: { error: 'The customer still has active subscriptions of this partner.' } };
  };

  const setDelays = (asked: Asked): Answered => {
    const wanted = Object.entries(parseAs(delaysToSet, jsonIn(asked))).filter(([, ms]) => ms !== undefined);
    const delays: Delays = { ...state.delays(), ...Object.fromEntries(wanted) };
    state.setDelays(delays);
    return { status: 200, body: delays };
  };

  return [
    { method: 'get', path: '/sandbox/world', answer: () => ({ status: 200, body: state.world() }) },
    { method: 'get', path: '/sandbox/clock', answer: clock },
    { method: 'post', path: '/sandbox/clock', answer: moveClock },
    { method: 'post', path: '/sandbox/reset', answer: () => { reset(); return clock(); } },
    { method: 'post', path: '/sandbox/subscriptions', answer: addSubscription },
    { method: 'patch', path: '/sandbox/subscriptions/:id', answer: changeSubscription },
    { method: 'del', path: '/sandbox/subscriptions/:id', answer: (asked) => { state.dropSubscription(subscriptionIn(asked).id); return { status: 204 }; } },
    ...peopleControls(state),
    { method: 'post', path: '/sandbox/accept', answer: acceptAs },
    { method: 'post', path: '/sandbox/provider-drafts', answer: prepareForReseller },
    { method: 'post', path: '/sandbox/delegated/:id/terminate', answer: withdrawn },
    { method: 'post', path: '/sandbox/delegated/:id/status', answer: showAs },
    { method: 'del', path: '/sandbox/grants', answer: removeGrant },
    { method: 'get', path: '/sandbox/delays', answer: () => ({ status: 200, body: state.delays() }) },
    { method: 'post', path: '/sandbox/delays', answer: setDelays },
  ];
};

const refused = (why: string, message: string): Answered => ({ status: 409, body: { outcome: 'refused', why, message } });

const isLoopbackName = (name: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(name);
const isLoopbackPeer = (peer: string): boolean => /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/.test(peer);

/** From this machine, under a name of this machine, and not sent by a page of somebody else. */
export const mayControl = ({ peer, headers }: Pick<Asked, 'peer' | 'headers'>): boolean => {
  const nameIn = (address: string): string => (URL.canParse(address) ? new URL(address).hostname : '');
  return isLoopbackPeer(peer) && isLoopbackName(nameIn(`http://${headers.host ?? ''}`)) && (headers.origin === undefined || isLoopbackName(nameIn(headers.origin)));
};
