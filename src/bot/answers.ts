/** The answer to each wish that needs no dialog. A typed sentence and a pressed button come here alike. */
import { notConsented } from '../commands/ports.js';
import type { Side } from '../domain/proof.js';
import { rolesThatInvite } from '../domain/rules.js';
import { unreachable } from '../domain/invitation.js';
import { help, page, whoYouAre } from './cards/page.js';
import { explainRefusals } from './cards/refusal.js';
import { shown } from './cards/text.js';
import type { Drawn } from './cards/card.js';
import { say, showRefusals, showView, type Turn } from './house.js';
import { answerOnCard, askToWithdraw, forwardTo, sayToThem } from './in-words.js';
import { pressInLife, typedEnding } from './life-buttons.js';
import { lookNow } from './look-now.js';
import { asTyped, type Suggested, type Topic, type Wish } from './recogniser.js';
import { showPending, tellFound } from './show-found.js';

export type Question = Exclude<Wish, { intent: 'invite' | 'send' | 'cancel' | 'yes' | 'no' | 'language' | 'unknown' }>;

/** Sends the answer; gives its summary. */
export const answerTo = async (turn: Turn, heard: Question): Promise<string> => {
  const { pen, commands, speaker, talk, context: { activity } } = turn;
  const wish = 'about' in heard ? { ...heard, about: asTyped(activity.text ?? '', heard.about) } : heard;
  const { words } = pen;
  const tell = async (drawn: Drawn | string): Promise<string> => {
    await say(turn, drawn);
    return typeof drawn === 'string' ? drawn : drawn.summary;
  };
  switch (wish.intent) {
    case 'help': return tell(help(await commands.whoAmI(speaker), pen));
    case 'helpInvite': return tell(words.help.inviteHow);
    case 'greeting': return tell(help(await commands.whoAmI(speaker), pen));
    case 'thanks': return tell(words.answers.thanks);
    case 'negated': return tell(words.answers.negated[commands.sideOf(speaker)]);
    case 'consent': return tell(words.answers.consent);
    case 'whoAmI': {
      const who = await commands.whoAmI(speaker);
      const mayInvite = who.side === 'partner' && who.roles !== 'unknown' && !who.isGuest && who.roles.some((role) => (rolesThatInvite as readonly string[]).includes(role));
      return tell(whoYouAre(who, mayInvite, pen));
    }
    case 'whoDecides': return tell(await whoDecides(turn));
    case 'explain': return tell(explain(turn, wish.topic));
    case 'why': return tell(explainRefusals(talk.refusals ?? [], pen));
    case 'pending': return showPending(turn);
    case 'partners': {
      const view = await commands.partners(speaker);
      await (view.view === 'refusal' ? showRefusals(turn, view) : showView(turn, view));
      return words.partners.summary;
    }
    case 'customers': {
      const view = await commands.customers({ by: speaker, search: asTyped(activity.text ?? '', wish.search), only: wish.only });
      await (view.view === 'refusal' ? showRefusals(turn, view) : showView(turn, view));
      return words.customers.summary;
    }
    case 'nameCustomer': {
      const done = await commands.nameCustomer({ by: speaker, customer: wish.about, alias: wish.alias });
      return tell(done === 'done' ? words.customers.named : done === 'several' ? words.customers.severalNamed : words.customers.notNamed);
    }
    case 'removeAccess':
    case 'endRelationship': return typedEnding(turn, { act: wish.intent, about: wish.about });
    case 'removeOrEnd': return tell(wish.about === '' ? words.ending.whom : words.ending.choose(shown(wish.about)));
    case 'stopRequests':
    case 'allowRequests': return tell(await stopOrAllow(turn, wish.about, wish.intent === 'stopRequests'));
    case 'remind':
    case 'history':
    case 'receipt': return pressFor(turn, wish.intent, wish.about);
    case 'renew': return renewFor(turn, wish.about);
    case 'withdraw': return askToWithdraw(turn, wish.about);
    case 'forward': return commands.sideOf(speaker) === 'customer' ? forwardTo(turn, wish.about, wish.to) : status(turn, wish.about);
    case 'ask': return commands.sideOf(speaker) === 'customer' ? sayToThem(turn, wish) : status(turn, wish.about);
    case 'answer': return commands.sideOf(speaker) === 'customer' ? answerOnCard(turn, wish.about) : sayToThem(turn, wish);
    case 'proof': return proof(turn, wish.about);
    case 'look': return look(turn);
    case 'status':
    case 'mail': return status(turn, wish.about);
    case 'approve':
    case 'decline': return commands.sideOf(speaker) === 'customer' ? answerOnCard(turn, wish.about) : status(turn, wish.about);
    default: return unreachable(wish);
  }
};

/** One invitation by its code or by the other side's name. Without either: the one that is open, or what is waiting. */
const status = async (turn: Turn, about: string): Promise<string> => {
  const found = await turn.commands.find({ by: turn.speaker, text: about, ...(about === '' && { only: 'open' }) });
  return about === '' && found.is !== 'one' ? showPending(turn) : tellFound(turn, found, about);
};

/** "I accepted": about the one request whose step at Microsoft is left. */
const look = async (turn: Turn): Promise<string> => {
  const found = await turn.commands.find({ by: turn.speaker, text: '', only: 'open' });
  if (found.is !== 'one' || found.view.invitation.state !== 'awaitingAuthority') return status(turn, '');
  const { view, nothing } = await lookNow(turn, found.view);
  return tellFound(turn, { is: 'one', view }, '', { before: nothing });
};

/** On the card of what Microsoft has confirmed. */
const proof = async (turn: Turn, about: string): Promise<string> => {
  const { proof: words } = turn.pen.words;
  const found = await turn.commands.find({ by: turn.speaker, text: about, only: 'established' });
  if (found.is !== 'none' || about !== '') return tellFound(turn, found, about, { which: words.which });
  await say(turn, words.notYet);
  return words.notYet;
};

/** One invitation, and then its button. */
const pressFor = async (turn: Turn, verb: 'remind' | 'history' | 'receipt', about: string): Promise<string> => {
  const { commands, speaker, pen } = turn;
  const found = about === '' ? undefined : await commands.find({ by: speaker, text: about });
  if (found?.is !== 'one') return about === '' && verb !== 'remind' ? say(turn, pen.words.history.which[verb]) : status(turn, about);
  const pressing = await pressInLife(turn, { verb, invitation: found.view.invitation.id }, () => ({ sentence: '' }), '');
  if (pressing && 'sentence' in pressing && (verb === 'remind' || pressing.sentence === pen.words.answers.notFound(''))) await say(turn, pressing.sentence);
  return pen.words.history.summary;
};

const renewFor = async (turn: Turn, about: string): Promise<string> => {
  const { commands, speaker, pen } = turn;
  const view = await commands.customers({ by: speaker, search: about });
  if (view.view === 'refusal') return (await showRefusals(turn, view), '');
  const [one, two] = view.customers;
  if (about === '' || !one || two) {
    await showView(turn, view);
    return pen.words.customers.summary;
  }
  const pressing = await pressInLife(turn, { verb: 'renew', about: one.customer }, () => ({ sentence: '' }), '');
  if (pressing && 'sentence' in pressing && pressing.sentence === pen.words.answers.notFound('')) await say(turn, pen.words.customers.notNamed);
  return pen.words.customers.summary;
};

/** Only a partner that has ever asked this customer can be named here. */
const stopOrAllow = async ({ commands, speaker, pen }: Turn, about: string, isStopped: boolean): Promise<string> => {
  const { talk, ending } = pen.words;
  const found = about === '' ? undefined : await commands.find({ by: speaker, text: about });
  const invitation = found?.is === 'one' ? found.view.invitation : found?.is === 'several' ? found.invitations[0] : undefined;
  const isOne = found?.is !== 'several' || new Set(found.invitations.map(({ partner }) => partner.tenant)).size === 1;
  if (!invitation || !isOne || invitation.customer.tenant !== speaker.tenant) return ending.notFound(shown(about), commands.sideOf(speaker));
  const done = await commands.stop({ by: speaker, partner: invitation.partner.tenant, isStopped });
  return done === 'notYours' ? talk.notYours : isStopped ? talk.stopped : talk.allowed;
};

const whoDecides = async ({ commands, speaker, pen }: Turn): Promise<Drawn> => {
  const { whoDecides: words, } = pen.words;
  const names = await commands.whoCanDecide(speaker);
  const line = names === notConsented ? words.unknown : names.length === 0 ? words.partner : words.people(pen.words.list(names.map((name) => shown(name))));
  return page({ title: words.title, summary: words.summary, lines: [line], buttons: [{ title: pen.words.buttons.pending, verb: 'pending' }] }, pen);
};

const explain = ({ pen, commands, speaker }: Turn, topic: Topic): Drawn => {
  const { explain: words, buttons, customers } = pen.words;
  const isOurs = commands.sideOf(speaker) === 'partner';
  const { title, lead, how } = isOurs ? words.theirs : words;
  const next = [isOurs ? { title: customers.title, verb: 'my-customers' } : { title: buttons.partners, verb: 'show-my-partners' }, { title: buttons.help, verb: 'help' }];
  switch (topic) {
    case 'nothingChanges': return page({ title, summary: words.summary, lines: [lead, how, words.several], buttons: next, notes: [words.source, words.bookDate] }, pen);
    case 'transfer': return page({ title: words.transferTitle, summary: words.transferTitle, lines: [words.transfer, words.transferMore], buttons: next }, pen);
    case 'resale': return page({ title: words.resaleTitle, summary: words.resaleTitle, lines: [words.resale], buttons: next }, pen);
    case 'manage': return page({ title: words.manageTitle, summary: words.manageTitle, lines: [words.manage, words.manageMore], buttons: next }, pen);
    case 'channels': return page({ title: words.channelsTitle, summary: words.channelsTitle, lines: [words.channels], buttons: next }, pen);
    case 'book': return page({ title: words.summary, summary: words.summary, lines: [words.bookDate], buttons: next }, pen);
    default: return unreachable(topic);
  }
};

const commandWords: Readonly<Record<Suggested, Readonly<Record<'en' | 'tr', string>>>> = {
  pending: { en: 'pending', tr: 'bekleyenler' }, help: { en: 'help', tr: 'yardım' }, partners: { en: 'show my partners', tr: 'iş ortaklarımı göster' }, customers: { en: 'my customers', tr: 'müşterilerim' },
  invite: { en: 'invite customer', tr: 'müşteri davet et' }, whoAmI: { en: 'who am I', tr: 'ben kimim' },
};

/** Nobody is pointed to what is the other side's. */
const notFor: Readonly<Record<Side, readonly Suggested[]>> = { partner: ['partners'], customer: ['customers', 'invite'] };

/** Nonsense gets one useful answer, then the help card, then a short line: never an error, never silence. */
export const answerNonsense = async (turn: Turn, closest: readonly Suggested[] = ['pending', 'help']): Promise<void> => {
  const { talk, pen, commands, speaker } = turn;
  const { words } = pen;
  talk.misses = (talk.misses ?? 0) + 1;
  const others = notFor[commands.sideOf(speaker)];
  const [one = '', two = ''] = closest.filter((command) => !others.includes(command)).map((command) => commandWords[command][words.language]);
  if (talk.misses !== 2) await say(turn, words.answers.unknownOnce(one, two));
  else await say(turn, help(await commands.whoAmI(speaker), pen, words.answers.unknownAgain));
};
