import { ask, refusalsIn, type Decision } from './decision.js';
import type { Answered, InState } from './invitation.js';
import { answerRules, type AnswerFacts } from './rules.js';

/** The answer stands and is written once, or it already stood (the same answer by the same person again, MP-38). */
export type AnswerAllowed =
  | { readonly is: 'new'; readonly invitation: InState<'sent' | 'delivered'> }
  | { readonly is: 'repeated' };

/** One list of rules for approving and declining (MP-23). The first no is the only one told. */
export const decideAnswer = (answer: Answered['answer'], facts: AnswerFacts): Decision<AnswerAllowed> => {
  const [first] = refusalsIn(ask(answerRules, facts));
  if (first === undefined) return { outcome: 'allowed', allowed: { is: 'new', invitation: facts.invitation as InState<'sent' | 'delivered'> } };

  const { invitation, person } = facts;
  const isOwnAnswerAgain =
    first.rule === 'MP-38' && 'answer' in invitation && invitation.answer?.by.id === person.id && invitation.answer.answer === answer;
  return isOwnAnswerAgain ? { outcome: 'allowed', allowed: { is: 'repeated' } } : { outcome: 'refused', refusals: [first] };
};
