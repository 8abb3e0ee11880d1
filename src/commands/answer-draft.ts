import { refusalsIn, ask, isRefused, type Refusals } from '../domain/decision.js';
import type { DelegatedAdmin } from '../domain/delegated-admin.js';
import type { TenantId } from '../domain/ids.js';
import type { Grant } from '../domain/invitation.js';
import { draftAnswerRules } from '../domain/rules.js';
import { aboutPair, byWhom, rulesOf } from './audit.js';
import { news } from './errands-about.js';
import { actorOf, isPartner, personNow, type Speaker } from './gather.js';
import type { NewErrand, Ports } from './ports.js';

/** What a provider prepared for its reseller, as a relationship that does not stand yet. */
export const draftAsGrant = (partner: TenantId, { id, customer, name, roles, preparedBy }: DelegatedAdmin, seenAt: string): Grant =>
  ({ kind: 'gdap', partner, customer, relationship: id, name, roles, seenAt, origin: 'outside', ...(preparedBy && { preparedBy }) });

/** The reseller's people are asked once; who of them may answer is read when they do. */
export const askAboutDraft = async ({ ledger, clock }: Ports, partner: TenantId, draft: DelegatedAdmin): Promise<readonly NewErrand[]> =>
  (await ledger.acquaintancesOf(partner)).filter(({ isReachable }) => isReachable)
    .map(({ person }) => news(draftAsGrant(partner, draft, clock.now().toISOString()), 'providerDraft', 'partner', person, 'once'));

export type DraftOutcome =
  | { readonly is: 'asked' }
  | { readonly is: 'refused'; readonly refusals: Refusals }
  /** Nobody prepared such a thing for this company, or it was answered. */
  | { readonly is: 'notFound' };

const wasAnswered = async ({ ledger }: Ports, { partner, customer }: Pick<Grant, 'partner' | 'customer'>, relationship: string): Promise<boolean> =>
  (await ledger.history(`between/${partner}/${customer}`)).some(({ event, body }) => event === 'DraftAnswered' && body.includes(relationship));

/** An indirect reseller agrees to what its provider prepared, or does not (MP-68). The customer still decides at Microsoft. */
export const answerDraft = (ports: Ports) => async ({ by, relationship, answer }: { readonly by: Speaker; readonly relationship: string; readonly answer: 'approve' | 'reject' }): Promise<DraftOutcome> => {
  const { authority, ledger, clock } = ports;
  if (!isPartner(ports, by.tenant)) return { is: 'notFound' };
  const [person, drafts] = await Promise.all([personNow(ports, by), authority.listDelegatedAdmin(by.tenant)]);
  const draft = drafts.find(({ id, needsOurConsent, preparedBy, status }) => id === relationship && (needsOurConsent || (preparedBy && status === 'approvalPending')));
  if (!draft || person === 'unknown') return { is: 'notFound' };
  const pair = { partner: by.tenant, customer: draft.customer };
  // One that waits for us no more, and nobody here has answered: a first try that was not heard may have counted.
  if (!draft.needsOurConsent && (await wasAnswered(ports, pair, relationship))) return { is: 'notFound' };
  const { facts, names } = byWhom(actorOf(by));
  const refusals = refusalsIn(ask(draftAnswerRules, { person }));
  if (isRefused(refusals)) {
    await ledger.record({ event: aboutPair('ActRefused', pair, clock.now(), { ...facts, act: 'answerDraft', rules: rulesOf(refusals) }, names) });
    return { is: 'refused', refusals };
  }
  const outcome = await authority.answerProviderDraft(by.tenant, relationship, answer);
  if (outcome !== 'asked') return { is: 'refused', refusals: [{ rule: 'MP-68', code: outcome.refused.code, about: { serviceCode: outcome.refused.serviceCode, correlationId: outcome.refused.correlationId, status: '' } }] };
  await ledger.record({ event: aboutPair('DraftAnswered', pair, clock.now(), { ...facts, relationship, answer }, names) });
  return { is: 'asked' };
};
