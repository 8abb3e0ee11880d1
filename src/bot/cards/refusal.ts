import type { Refusal, Refusals } from '../../domain/decision.js';
import { answerRules, ruleBook } from '../../domain/rules.js';
import { draw, type Drawn, type Pen } from './card.js';
import { page } from './page.js';
import type { RulesChangedView } from '../../commands/views.js';
import type { RuleId } from '../../domain/rule.js';
import { few, shown } from './text.js';

const wanted: ReadonlyMap<string, string> = new Map([['see', 'SEEING_NEEDS_ROLE'], ['haveCustomers', 'NO_CUSTOMERS_OF_A_CUSTOMER'], ['inviteAsCustomer', 'CUSTOMERS_INVITE_NOBODY'],
  ['partWithPartner', 'PARTING_NEEDS_GLOBAL_ADMIN'], ['changeAccess', 'ACCESS_NEEDS_ADMIN_AGENT'], ['end', 'ENDING_NEEDS_ROLE'], ['giveAccess', 'GIVING_ACCESS_NEEDS_ROLE'], ['withdraw', 'WITHDRAWING_NEEDS_ROLE'], ['askMicrosoft', 'AUTHORITY_REFUSED'],
]);

/** The words of a refusal: of its code, or of what was wanted where that says more. */
const wordsOf = ({ code, about }: Refusal): string => {
  if (about['eligible']) return 'APPROVER_ELIGIBLE';
  // Only of a role it is not said which act needs it; a customer who invites hears of that first.
  return (code === 'ROLE_NOT_ALLOWED' || about['to'] === 'inviteAsCustomer' ? wanted.get(about['to'] ?? '') : undefined) ?? code;
};

const because = (one: Refusal, { words: { refusal } }: Pen): string => {
  const { code, about } = one;
  const safe = Object.fromEntries(Object.entries(about).map(([key, value]) => [key, listed.has(key) ? few(value.split('\n').filter(Boolean).map((line) => shown(line))).join(', ') : shown(value)]));
  return (refusal.because[wordsOf(one)] ?? refusal.because[code] ?? refusal.because['AUTHORITY_REFUSED'])?.(safe) ?? code;
};

/** Several names, one a line. */
const listed: ReadonlySet<string> = new Set(['list', 'names']);

const isAboutAnswer = ({ code }: Refusal): boolean => answerRules.some((rule) => rule.code === code && code !== 'GUEST_NOT_ALLOWED');

/** The id by which Microsoft's support finds the call, where its no came from a call and the sentence does not hold it already. */
const forSupport = ({ code, about }: Refusal, { words: { refusal } }: Pen): readonly string[] =>
  (about['correlationId'] && code !== 'AUTHORITY_REFUSED' ? [refusal.forSupport(shown(about['correlationId']))] : []);

/** Why not, what would make it pass, and the rule's number, in one paragraph. */
export const reasonOf = (one: Refusal, pen: Pen): string => {
  const { why } = pen.words;
  return `${because(one, pen)} ${why.passes(passesIf(one, pen))} (${one.rule})`;
};

const passesIf = (one: Refusal, { words: { refusal: { next } } }: Pen): string => next[wordsOf(one)] ?? next['AUTHORITY_REFUSED'] ?? '';

/** What happened, why, what is untouched, what to do next; the rule's number is the way to its source. */
export const refusal = (refusals: Refusals, pen: Pen): Drawn => {
  const { refusal: say, why, buttons } = pen.words;
  const title = isAboutAnswer(refusals[0]) ? say.titles.answer : refusals[0].about['to'] ? say.titles.other : say.titles.invite;
  return draw('refusal', pen, title, {
    title,
    refusals: refusals.map((one) => ({ because: because(one, pen), passes: why.passes(passesIf(one, pen)), rule: [say.rule(one.rule, one.code), ...forSupport(one, pen)].join(' · ') })),
    untouched: say.untouched, why: buttons.why, help: buttons.help,
  });
};

/** An update changed the book: each rule's sentence as it stands now, and where Microsoft announces its own changes. */
export const rulesChanged = ({ rules }: RulesChangedView, pen: Pen): Drawn => {
  const { words } = pen;
  return page({
    title: words.explain.changedTitle, summary: words.explain.changedTitle,
    lines: few(rules.map((id) => `**${id}** ${words.rules[id as RuleId] ?? words.explain.ruleGone}`)), buttons: [{ title: words.buttons.help, verb: 'help' }], notes: [words.explain.bookDate],
  }, pen);
};

/** After a refusal: the rule, its sentence, where it comes from, and what would make it pass. */
export const explainRefusals = (refusals: readonly Refusal[], pen: Pen): Drawn => {
  const { why, rules, refusal: say, buttons } = pen.words;
  return page({
    title: why.title,
    summary: why.summary,
    lines: refusals.length === 0 ? [why.nothing] : refusals.flatMap((one) => [
      `**${say.rule(one.rule, one.code)}**`, `“${rules[one.rule]}”`,
      why.source(ruleBook.find(({ id }) => id === one.rule)?.origin ?? 'derived'), why.passes(say.next[wordsOf(one)] ?? ''),
    ]),
    buttons: [{ title: buttons.help, verb: 'help' }],
  }, pen);
};
