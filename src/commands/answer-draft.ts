import { refusalsIn, ask, isRefused, type Refusals } from '../domain/decision.js';
import type { DelegatedAdmin } from '../domain/delegated-admin.js';
import type { AuditEvent } from '../domain/events.js';
import { asTenantId, type TenantId } from '../domain/ids.js';
import type { Grant } from '../domain/invitation.js';
import { draftAnswerRules } from '../domain/rules.js';
import { aboutPair, byWhom, rulesOf } from './audit.js';
import { news } from './errands-about.js';
import { actorOf, isPartner, personNow, type Speaker } from './gather.js';
import { AuthorityUnavailableError, SignInNeededError, type NewErrand, type Ports } from './ports.js';

/** What a provider prepared for its reseller, as a relationship that does not stand yet. */
export const draftAsGrant = (partner: TenantId, { id, customer, name, roles, preparedBy }: DelegatedAdmin, seenAt: string): Grant =>
  ({ kind: 'gdap', partner, customer, relationship: id, name, roles, seenAt, origin: 'outside', ...(preparedBy && { preparedBy }) });

/** The reseller's people are asked once; who of them may answer is read when they do. */
export const askAboutDraft = async ({ ledger, clock }: Ports, partner: TenantId, draft: DelegatedAdmin): Promise<readonly NewErrand[]> =>
  (await ledger.acquaintancesOf(partner)).filter(({ isReachable }) => isReachable)
    .map(({ person }) => news(draftAsGrant(partner, draft, clock.now().toISOString()), 'providerDraft', 'partner', person, 'once'));

export type DraftOutcome =
  | { readonly is: 'asked' }
  /** It counted before; `by` is the colleague who did it. */
  | { readonly is: 'answered'; readonly answer: Answer; readonly by: string }
  /** Microsoft did not say whether it counts. Whoever presses again has it looked up. */
  | { readonly is: 'unheard' }
  | { readonly is: 'refused'; readonly refusals: Refusals }
  /** Nobody prepared such a thing for this company, or it was answered or taken back elsewhere. */
  | { readonly is: 'notFound' };

type Answer = 'approve' | 'reject';
type Said = { readonly customer: TenantId; readonly answer: Answer; readonly by: Told };
type Told = ReturnType<typeof byWhom>;

const chainOf = (partner: TenantId, relationship: string): string => `draft/${partner}/${relationship}`;

/** What was asked at Microsoft and what counted there, as far as it was heard: a draft that is gone tells nothing itself. */
const saidBefore = async ({ ledger }: Ports, partner: TenantId, relationship: string): Promise<{ readonly asked?: Said | undefined; readonly counted?: Said | undefined }> => {
  const records = await ledger.history(chainOf(partner, relationship));
  const last = (name: AuditEvent['event']): Said | undefined => {
    const record = records.findLast(({ event }) => event === name);
    if (!record) return undefined;
    const { customer = '', answer, by = '' } = (JSON.parse(record.body) as AuditEvent).facts;
    return { customer: asTenantId(customer), answer: answer === 'reject' ? 'reject' : 'approve', by: { facts: { by }, names: { by: record.names['by'] ?? '' } } };
  };
  return { asked: last('DraftAnswerAsked'), counted: last('DraftAnswered') };
};

/**
 * An indirect reseller agrees to what its provider prepared, or does not (MP-68). The customer still decides at Microsoft. That it
 * is asked is written down first: whether an answer that nobody heard has counted can be looked up even when the draft is gone.
 */
export const answerDraft = (ports: Ports) => async ({ by, relationship, answer }: { readonly by: Speaker; readonly relationship: string; readonly answer: Answer }): Promise<DraftOutcome> => {
  const { authority, ledger, clock } = ports;
  if (!isPartner(ports, by.tenant)) return { is: 'notFound' };
  const [person, drafts, { asked, counted }] = await Promise.all([personNow(ports, by), authority.listDelegatedAdmin(by.tenant), saidBefore(ports, by.tenant, relationship)]);
  const waiting = drafts.find(({ id, needsOurConsent }) => id === relationship && needsOurConsent);
  const customer = waiting?.customer ?? asked?.customer;
  if (!customer || person === 'unknown') return { is: 'notFound' };
  const pair = { partner: by.tenant, customer };
  const speaker = byWhom(actorOf(by));
  const refusals = refusalsIn(ask(draftAnswerRules, { person }));
  if (isRefused(refusals)) {
    await ledger.record({ event: aboutPair('ActRefused', pair, clock.now(), { ...speaker.facts, act: 'answerDraft', rules: rulesOf(refusals) }, speaker.names) });
    return { is: 'refused', refusals };
  }
  if (counted) return { is: 'answered', answer: counted.answer, by: counted.by.names['by'] ?? '' };
  // One that waits for us no more was answered by the first try, if at all.
  const said: Said = waiting || !asked ? { customer, answer, by: speaker } : asked;
  const writeDown = (event: AuditEvent['event']): Promise<unknown> => ledger.record({
    event: { ...aboutPair(event, pair, clock.now(), { ...said.by.facts, relationship, answer: said.answer }, said.by.names), chain: chainOf(by.tenant, relationship) },
  });
  if (waiting) await writeDown('DraftAnswerAsked');
  const outcome = await authority.answerProviderDraft(by.tenant, relationship, said.answer).catch((error: unknown) => {
    if (error instanceof AuthorityUnavailableError && !(error instanceof SignInNeededError)) return 'unheard' as const;
    throw error;
  });
  if (outcome === 'unheard') return { is: 'unheard' };
  if (outcome !== 'asked') return { is: 'refused', refusals: [{ rule: 'MP-68', code: outcome.refused.code, about: { serviceCode: outcome.refused.serviceCode, correlationId: outcome.refused.correlationId, status: '' } }] };
  await writeDown('DraftAnswered');
  return said.answer === answer ? { is: 'asked' } : { is: 'answered', answer: said.answer, by: said.by.names['by'] ?? '' };
};
