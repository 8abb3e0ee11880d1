/** What is typed about a request and done with a look at it: the words find the one that is meant, and decide nothing. */
import { isAnswerable, isOpen } from '../domain/invitation.js';
import type { Colleague } from '../commands/views.js';
import { mostFound } from '../commands/find-invitations.js';
import { fold } from '../domain/fold.js';
import { shown } from './cards/text.js';
import { withdrawal } from './cards/withdrawal.js';
import { keepAsCopy, say, showRefusals, showView, type Turn } from './house.js';
import type { Wish } from './recogniser.js';
import { showPending, tellFound } from './show-found.js';

/** Leads to the card, or to the choice of one, among the requests that wait. */
export const answerOnCard = async (turn: Turn, about: string): Promise<string> => {
  const { answers } = turn.pen.words;
  const found = await turn.commands.find({ by: turn.speaker, text: about, only: 'waiting' });
  if (found.is === 'none' && about === '') {
    await say(turn, answers.nothingToAnswer);
    return answers.nothingToAnswer;
  }
  const mayAnswer = found.is === 'one' && found.view.view === 'request' && isAnswerable(found.view.invitation) && found.view.mayAnswer === 'yes';
  return tellFound(turn, found, about, { which: answers.whichToAnswer, before: mayAnswer ? answers.typedAnswer : undefined });
};

/**
 * A question of the customer or the partner's answer, in words: about the request that the code or the name before it means, the only
 * one, or the only one whose question waits. With nothing to say it leads to the card.
 */
export const sayToThem = async (turn: Turn, { about, text }: Extract<Wish, { intent: 'ask' | 'answer' }>): Promise<string> => {
  const { commands, speaker, pen: { words: { talk, answers } } } = turn;
  const side = commands.sideOf(speaker);
  const isAnswer = side === 'partner';
  const to = isAnswer ? 'customer' : 'partner';
  const found = await commands.find({ by: speaker, text: about, only: isAnswer ? 'open' : 'waiting' });
  const open = (found.is === 'one' ? [found.view.invitation] : found.is === 'several' && found.invitations.length < mostFound ? found.invitations : []).filter(isOpen);
  const called = open.filter((one) => wordsOfName(text, one[to].name) > 0);
  const asked = isAnswer && about === '' ? open.filter(({ remarks }) => remarks?.at(-1)?.side === 'customer') : open;
  const [one, two] = called.length > 0 ? called : asked;
  if (!one || two) return found.is === 'none' && about === '' ? tell(turn, isAnswer ? answers.notFound('') : answers.nothingToAnswer) : tellFound(turn, found, about, { which: isAnswer ? talk.whichToReply : talk.whichToAsk });

  const said = text.split(' ').slice(wordsOfName(text, one[to].name)).join(' ');
  // A few words may be a name that nobody here has, and no question.
  const isSaid = isAnswer || about !== '' ? said !== '' : said.includes('?') || said.split(' ').length > 3;
  if (!isSaid) return tellFound(turn, await commands.find({ by: speaker, text: one.reference }), about, { before: isAnswer ? talk.answerHow : talk.askHow });
  const outcome = await commands.talk({ by: speaker, id: one.id, text: said });
  if (outcome.is === 'said') return tell(turn, talk.said[side](shown(one[to].name), one.reference));
  return tell(turn, outcome.is === 'notFound' ? answers.notFound('') : talk[outcome.is]);
};

/** How many of the first words are the company's name, or how it begins. */
const wordsOfName = (text: string, name: string): number => {
  const words = fold(name).split(' ');
  const other = text.split(' ').findIndex((word, at) => fold(word.replace(/['’‘ʼ]\p{L}{1,5}(?=\P{L}*$)/u, '')) !== words[at]);
  return other === -1 ? text.split(' ').length : other;
};

const tell = async (turn: Turn, sentence: string): Promise<string> => {
  await say(turn, sentence);
  return sentence;
};

/** To the one colleague of that name who can decide; otherwise the card lists them all. */
export const forwardTo = async (turn: Turn, about: string, to?: string): Promise<string> => {
  const { commands, speaker, pen: { words: { answers, talk } } } = turn;
  const found = await commands.find({ by: speaker, text: about, only: 'waiting' });
  if (found.is === 'none' && about === '') {
    await say(turn, answers.nothingToAnswer);
    return answers.nothingToAnswer;
  }
  const view = found.is === 'one' && found.view.view === 'request' && isAnswerable(found.view.invitation) ? found.view : undefined;
  const colleague = view && to ? calledLast(view.deciders, to) : undefined;
  const outcome = view && colleague ? await commands.forward({ by: speaker, id: view.invitation.id, to: colleague.id }) : undefined;
  if (!outcome || outcome.is === 'notFound') return tellFound(turn, found, about, { which: talk.whichToForward, before: view && (to ? talk.nobodyCalled(shown(to)) : talk.forwardOnCard) });
  const told = talk[outcome.is](shown(outcome.to.name));
  await say(turn, told);
  return told;
};

/** The one whose name begins with the last words of it, as many as fit. */
const calledLast = (people: readonly Colleague[], said: string): Colleague | undefined => {
  const words = fold(said).split(' ');
  for (let at = 0; at < words.length; at += 1) {
    const wanted = words.slice(at).join(' ');
    const [one, two] = people.filter(({ name }) => fold(name) === wanted || fold(name).startsWith(`${wanted} `));
    if (one) return two ? undefined : one;
  }
  return undefined;
};

/** Asks once: the card's button or the word "yes" withdraws it. */
export const askToWithdraw = async (turn: Turn, about: string): Promise<string> => {
  const { commands, speaker, pen, talk } = turn;
  const { waiting } = pen.words;
  if (commands.sideOf(speaker) === 'customer') {
    await say(turn, waiting.withdrawTheirs);
    return waiting.withdrawTheirs;
  }
  const found = await commands.find({ by: speaker, text: about, only: 'open' });
  if (found.is === 'none' && about === '') return showPending(turn);
  if (found.is !== 'one' || !isOpen(found.view.invitation)) return tellFound(turn, found, about, { which: waiting.whichToWithdraw });
  const card = withdrawal(found.view.invitation, pen);
  talk.withdrawal = { id: found.view.invitation.id, activity: await say(turn, card) };
  return card.summary;
};

/** After "yes". The card that asked becomes a card of the invitation like every other. */
export const withdraw = async (turn: Turn, { id, activity }: NonNullable<Turn['talk']['withdrawal']>): Promise<void> => {
  const { commands, speaker, pen: { words } } = turn;
  await keepAsCopy(turn, id, activity);
  const outcome = await commands.withdraw({ by: speaker, id });
  switch (outcome.is) {
    case 'withdrawn': return void (await say(turn, words.waiting.withdrawn(outcome.status.deliveredTo > 0)));
    case 'closed': return void (await showView(turn, outcome.status));
    case 'refused': return showRefusals(turn, { view: 'refusal', refusals: outcome.refusals });
    case 'notFound': return void (await say(turn, words.answers.notFound('')));
  }
};
