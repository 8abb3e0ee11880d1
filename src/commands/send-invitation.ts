import { decideInvitation } from '../domain/decide-invitation.js';
import type { Refusals } from '../domain/decision.js';
import type { InvitationId } from '../domain/ids.js';
import type { InState, Invitation } from '../domain/invitation.js';
import { managingNeedsAnAdminAgent, type InvitationFacts } from '../domain/rules.js';
import * as step from '../domain/steps.js';
import { againWhenStale, withinATurn } from './again.js';
import { byWhom, happened, rulesOf } from './audit.js';
import { deliveriesTo, laneOfWishes, redrawOtherCopies, redrawSuperseded, tellHandOver } from './errands-about.js';
import { actorOf, gatherDoorFacts, gatherInvitationFacts, isReplacedBy, type Speaker } from './gather.js';
import { firstRetryMs, previewOf } from './invite-customer.js';
import { AuthorityUnavailableError, SignInNeededError, type Ports } from './ports.js';
import { keepPartnerBaseline } from './prove-nothing-changed.js';
import { mayNotSee, mayStillSee, sentenceOf, statusView } from './show-invitation.js';
import type { PreviewView, StatusView } from './views.js';

export type Send = {
  readonly by: Speaker; readonly id: InvitationId; readonly reason: string; readonly statedNotCsp: boolean;
  /** Leaves the other half out: a sales agent sends what is theirs to send. */
  readonly only?: 'sell';
};

export type SendOutcome =
  /** `isOnItsWay`: somebody of the customer uses the app, and is brought the card. */
  | { readonly is: 'sent'; readonly status: StatusView; readonly isOnItsWay: boolean }
  /** `preview` comes along where the draft is good and only its sender is not: it offers both ways out. */
  | { readonly is: 'refused'; readonly refusals: Refusals; readonly preview?: PreviewView }
  /** No draft of this person has that id: never made, made by somebody else, or replaced by a newer one. */
  | { readonly is: 'notFound' }
  | { readonly is: 'reasonMissing' }
  /** Microsoft does not say whether the customer is a CSP tenant, and nobody has stated that it is none (MP-06). */
  | { readonly is: 'statementMissing' }
  /** Microsoft did not answer; it is tried again. `needsSignIn`: not before somebody has signed in for the partner. */
  | { readonly is: 'writtenDown'; readonly needsSignIn: boolean };

/** Asks every rule once more with fresh facts, fetches Microsoft's link, and writes sending and deliveries down together. */
export const sendInvitation = (ports: Ports) => {
  const { authority, directory, ledger, clock, deployment } = ports;

  const send = async ({ by, id, reason, statedNotCsp, only }: Send): Promise<SendOutcome> => {
    const kept = await ledger.invitation(id);
    if (!kept || kept.partner.tenant !== by.tenant || !isTheirs(kept, by) || kept.state === 'superseded') return { is: 'notFound' };
    if (kept.state !== 'draft' && !(await mayStillSee(ports, by))) return { is: 'refused', refusals: mayNotSee(ports, by).refusals };
    if (kept.state !== 'draft') return { is: 'sent', status: await statusView(ports, kept), isOnItsWay: kept.state !== 'sent' || (await deliveriesTo(ports, kept)).length > 0 };
    const draft: InState<'draft'> = only === 'sell' ? { ...kept, asks: { sell: true, ...(kept.asks.provider && { provider: kept.asks.provider }) } } : kept;
    const why = sentenceOf(reason || draft.reason);
    if (!why) return { is: 'reasonMissing' };

    const door = await gatherDoorFacts(ports, by);
    const tenant = await directory.tenantById(draft.customer.tenant, by.tenant);
    if (!tenant) return { is: 'notFound' };
    const facts = await gatherInvitationFacts(ports, door, tenant, { ...draft, statedNotCsp });
    const mustBeStated = facts.customer.isCspPartner === 'unknown' && !statedNotCsp;
    const decision = decideInvitation(draft, { ...facts, statedNotCsp: statedNotCsp || mustBeStated });
    if (decision.outcome === 'refused') return refuse(draft, by, decision.refusals, facts);
    if (mustBeStated) return { is: 'statementMissing' };

    const prepared = await authority.prepareInvitation(decision.allowed);
    if ('refused' in prepared) return refusedByMicrosoft(draft, by, prepared.refused);

    const replaced = (await ledger.openBetween(by.tenant, draft.customer.tenant)).filter((one) => isReplacedBy(draft, door.inviter, one));
    const now = clock.now();
    const sent = step.sent(draft, { ...prepared, reason: why, statedNotCsp, validForDays: deployment.validForDays }, now);
    await keepPartnerBaseline(ports, sent);
    const deliveries = await deliveriesTo(ports, sent);
    await ledger.record({
      event: happened('InvitationSent', sent, now, { ...byWhom(actorOf(by)), names: { by: by.name, reason: why } }),
      before: draft, after: sent, supersedes: replaced,
      errands: [...deliveries, ...(await redrawSuperseded(ports, replaced)), ...tellHandOver(sent, by), ...(sent.handedTo ? await redrawOtherCopies(ports, sent, by) : [])],
    });
    return { is: 'sent', status: await statusView(ports, sent), isOnItsWay: deliveries.length > 0 };
  };

  const refuse = async (draft: InState<'draft'>, by: Speaker, refusals: Refusals, facts: InvitationFacts): Promise<SendOutcome> => {
    await ledger.record({ event: happened('InvitationRefused', draft, clock.now(), { facts: { by: by.person, rules: rulesOf(refusals) }, names: { by: by.name } }) });
    const isAboutSending = refusals.length === 1 && refusals[0].rule === managingNeedsAnAdminAgent.id;
    return { is: 'refused', refusals, ...(isAboutSending && { preview: await previewOf(ports, by.tenant, draft, facts) }) };
  };

  /** Microsoft's own no ends the draft; its code and correlation id are kept for support. */
  const refusedByMicrosoft = async (
    draft: InState<'draft'>, by: Speaker, { code, serviceCode, correlationId }: { code: string; serviceCode: string; correlationId: string },
  ): Promise<SendOutcome> => {
    const now = clock.now();
    await ledger.record({
      event: happened('InvitationFailed', draft, now, { facts: { by: by.person, code, serviceCode, correlationId } }),
      before: draft, after: step.failed(draft, code, correlationId, now.toISOString()),
    });
    return { is: 'refused', refusals: [{ rule: ruleBehind(code), code, about: { partner: draft.partner.name, customer: draft.customer.name, serviceCode, correlationId } }] };
  };

  const now = (wish: Send): Promise<SendOutcome> => againWhenStale(() => send(wish));

  const orLater = async (wish: Send): Promise<SendOutcome> => {
    try {
      return await withinATurn(now(wish));
    } catch (error) {
      if (!(error instanceof AuthorityUnavailableError)) throw error;
      const { by, id, reason, statedNotCsp, only } = wish;
      // Asked for while its sender is here: when Microsoft answers again, nobody may be.
      if (!statedNotCsp) return { is: 'statementMissing' };
      await ports.errands.add([{
        topic: 'send', key: `send/${id}/${by.person}/${only ?? 'all'}`, lane: laneOfWishes(by), invitation: id,
        body: { tenant: by.tenant, person: by.person, name: by.name, reason, ...(only && { only }) },
        dueAt: new Date(clock.machineNow().getTime() + firstRetryMs),
      }]);
      return { is: 'writtenDown', needsSignIn: error instanceof SignInNeededError };
    }
  };

  return { now, orLater };
};

const isTheirs = ({ inviter, handedTo }: Invitation, { person }: Speaker): boolean => inviter.id === person || handedTo?.id === person;

const ruleBehind = (code: string) =>
  code === 'ROLE_NOT_ALLOWED' ? 'MP-11' : code === 'MARKET_MISMATCH' ? 'MP-39' : code === 'PARTNER_NOT_ACTIVE' || code === 'MPA_NOT_SIGNED' ? 'MP-48' : 'MP-25';

