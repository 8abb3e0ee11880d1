import { randomUUID } from 'node:crypto';
import type { Activity, TurnContext } from 'botbuilder';
import { DialogContext } from 'botbuilder-dialogs/lib/dialogContext.js';
import { DialogContextError } from 'botbuilder-dialogs/lib/dialogContextError.js';
import { DialogSet } from 'botbuilder-dialogs/lib/dialogSet.js';
import type Keyv from 'keyv';
import {
  AuthorityUnavailableError, LedgerUnavailableError, MessengerOutcomeUnknownError, MessengerRefusedError, MessengerUnavailableError, SignInNeededError, type Language, type Ports,
} from '../commands/ports.js';
import { answerNonsense, answerTo } from './answers.js';
import { plainly } from './cards/text.js';
import { press } from './buttons.js';
import { answerInvoke, type Channel } from './channel/channel.js';
import { closeDraft, InviteCustomerDialog, waitForGoAhead } from './dialogs/invite-customer.js';
import { cardAttachment, messageOf, penFor, type Studio } from './draw-view.js';
import type { OfferFile } from './files.js';
import { commandsOf, say, type Turn, type VerifyHistory } from './house.js';
import { answerInGroup } from './in-groups.js';
import { withdraw } from './in-words.js';
import { pressedIn, type Pressing } from './pressed.js';
import { recognise, type Wish } from './recogniser.js';
import { heardFrom } from './speaker.js';
import { chatsIn } from './talk.js';
import { wordsIn } from './words/index.js';

type Log = Readonly<Record<'error' | 'warn', (fields: Readonly<Record<string, unknown>>, message: string) => void>>;
export type TurnOptions = { readonly ports: Ports; readonly channel: Channel; readonly keyv: Keyv; readonly studio: Studio; readonly log: Log; readonly verifyHistory: VerifyHistory; readonly offerFile: OfferFile };
type Answered = { readonly status: number; readonly body?: unknown; readonly outcome: 'answered' | 'failed' | 'unavailable' | 'undelivered' };

const longestSentence = 2000;
const memoryKey = 'DialogStateManagerConfiguration';

/** Activity in, answer out: who speaks, what they want, and the one room that answers it. */
export const createTurn = ({ ports, channel, keyv, studio, log, verifyHistory, offerFile }: TurnOptions): ((activity: object) => Promise<Answered>) => {
  const commands = commandsOf(ports, verifyHistory);
  const openChat = chatsIn(keyv);
  const turns = new WeakMap<TurnContext, Turn>();
  const dialogs = new DialogSet();
  dialogs.add(new InviteCustomerDialog(({ context }) => {
    const turn = turns.get(context);
    if (!turn) throw new Error('A dialog ran outside a turn.');
    return turn;
  }));

  let memory: unknown;
  /** The SDK looks for its memory scopes in each turn anew and finds the same ones. */
  const dialogIn = ({ context, chat }: Turn): DialogContext => {
    if (memory !== undefined) context.turnState.set(memoryKey, memory);
    const dialog = new DialogContext(dialogs, context, chat.steps);
    memory ??= context.turnState.get(memoryKey);
    return dialog;
  };

  const begin = async (context: TurnContext): Promise<Turn | undefined> => {
    const heard = heardFrom(context);
    if (!heard) return undefined;
    const [person, chat] = await Promise.all([commands.meet(heard.met), openChat(context)]);
    const turn: Turn = { context, speaker: { ...heard.speaker, name: person.name }, person, pen: penFor(person, studio), studio, talk: chat.talk, chat, commands, offerFile };
    turns.set(context, turn);
    return turn;
  };

  const onMessage = async (context: TurnContext): Promise<void> => {
    const { activity } = context;
    if (isInGroup(activity)) {
      const heard = heardFrom(context);
      await context.sendActivity(messageOf(await answerInGroup(typeof activity.text === 'string' ? activity.text : '', heard?.speaker, commands, wordsIn(languageOf(activity)))));
      return;
    }
    const turn = await begin(context);
    if (!turn) return;
    const button = activity.value === undefined || activity.value === null ? undefined : pressedIn(undefined, activity.value);
    if (button) return showPressing(turn, await press(turn, button, activity.replyToId ?? ''), activity.replyToId);

    const text = typeof activity.text === 'string' ? activity.text : '';
    const { answers } = turn.pen.words;
    if (text.trim() === '') await say(turn, answers.notText);
    else if (text.length > longestSentence) await say(turn, answers.tooLong);
    else await onSentence(turn, recognise(text));
  };

  const onSentence = async (turn: Turn, wish: Wish): Promise<void> => {
    const { talk, pen } = turn;
    const { words } = pen;
    const dialog = dialogIn(turn);
    const isAsking = dialog.activeDialog !== undefined;
    // Yes and no answer what was asked just before, and nothing older.
    const { withdrawal } = talk;
    delete talk.withdrawal;
    if (wish.intent !== 'unknown') talk.misses = 0;

    switch (wish.intent) {
      case 'cancel': {
        await dialog.cancelAllDialogs();
        delete talk.next;
        const closed = await closeDraft(turn);
        await say(turn, closed ?? (isAsking ? words.invite.dropped : words.invite.nothingToCancel));
        return;
      }
      case 'invite':
        if (talk.draft && isAsking && (await commands.isUnsent(talk.draft.id))) {
          talk.next = { ...wish };
          await say(turn, words.invite.dropFirst(talk.draft.customer));
          return;
        }
        if (isAsking && !talk.draft && (wish.domain ?? wish.tenant)) await dialog.continueDialog();
        else {
          await dialog.cancelAllDialogs();
          await dialog.beginDialog(InviteCustomerDialog.id, wish);
        }
        return;
      case 'yes':
        if (withdrawal) await withdraw(turn, withdrawal);
        else if (talk.next) {
          const { next } = talk;
          delete talk.next;
          await closeDraft(turn);
          await dialog.cancelAllDialogs();
          await dialog.beginDialog(InviteCustomerDialog.id, next);
        } else if (isAsking) await dialog.continueDialog();
        else await answerNonsense(turn);
        return;
      case 'no':
        delete talk.next;
        await say(turn, withdrawal ? words.waiting.notWithdrawn : talk.draft ? words.invite.sendHint : words.invite.nothingToCancel);
        return;
      case 'send':
        delete talk.next;
        if (talk.draft && !isAsking) waitForGoAhead(turn);
        if (talk.draft) await dialog.continueDialog();
        else await say(turn, words.invite.nothingToSend);
        return;
      case 'language': return speak(turn, wish.language);
      case 'unknown':
        if (isAsking) await dialog.continueDialog();
        else await answerNonsense(turn, wish.closest);
        return;
      default:
        // Questions are answered at any step; what was being asked goes on waiting.
        await answerTo(turn, wish);
    }
  };

  const speak = async (turn: Turn, language: Language): Promise<void> => {
    const person = await commands.chooseLanguage(turn.person, language);
    const pen = penFor(person, studio);
    await say({ ...turn, person, pen }, pen.words.answers.languageChosen);
  };

  const showPressing = async ({ context, ...turn }: Turn, pressing: Pressing, messageId: string | undefined): Promise<void> => {
    if ('sentence' in pressing) await say({ ...turn, context }, pressing.sentence);
    else if (messageId) await context.updateActivity({ ...messageOf(pressing.card), id: messageId });
    else await say({ ...turn, context }, pressing.card);
  };

  const onInvoke = async (context: TurnContext): Promise<void> => {
    const { activity } = context;
    // No card of ours is in a group, and nothing that a person asks for is answered where others read.
    if (isInGroup(activity)) return answerInvoke(context, pressingBody({ sentence: wordsIn(languageOf(activity)).answers.groupHint }));
    const value: unknown = activity.value;
    const action = typeof value === 'object' && value !== null && 'action' in value && typeof value.action === 'object' ? value.action : undefined;
    const turn = activity.name === 'adaptiveCard/action' && action ? await begin(context) : undefined;
    const button = action && pressedIn('verb' in action ? action.verb : undefined, 'data' in action ? action.data : undefined);
    if (!turn || !button) return answerInvoke(context, cardError('BadRequest', 'This button is not known.'));
    const pressing = await press(turn, button, activity.replyToId ?? '');
    // A draft that was sent or dropped by its button leaves nothing for the dialog to wait for.
    if (!turn.talk.draft) turn.chat.steps.dialogStack.length = 0;
    answerInvoke(context, pressingBody(pressing));
  };

  const onArrival = async (context: TurnContext): Promise<void> => {
    const { activity } = context;
    if (isInGroup(activity)) {
      if (activity.type === 'conversationUpdate') await context.sendActivity(messageOf(wordsIn(languageOf(activity)).answers.groupHint));
      return;
    }
    const heard = heardFrom(context);
    if (heard) await commands.welcome(await commands.meet(heard.met));
  };

  const route = async (context: TurnContext): Promise<void> => {
    const { activity } = context;
    switch (activity.type) {
      case 'message': return onMessage(context);
      case 'invoke': return onInvoke(context);
      case 'conversationUpdate':
        if (Array.isArray(activity.membersAdded) && activity.membersAdded.some((member) => member?.id === activity.recipient.id)) await onArrival(context);
        return;
      case 'installationUpdate': {
        if (activity.action === 'add' || activity.action === 'add-upgrade') return onArrival(context);
        const heard = heardFrom(context);
        if (heard && heard.isPersonal && (activity.action === 'remove' || activity.action === 'remove-upgrade')) await commands.lose(heard.speaker.tenant, heard.speaker.person);
        return;
      }
      default: // Edits, reactions, typing and whatever Teams invents: seen, and nothing is run.
    }
  };

  /** Outages and bugs as people meet them: one friendly sentence, nothing claimed, a reference for the rest. */
  const tellTrouble = async (context: TurnContext, error: unknown): Promise<void> => {
    const { answers } = wordsIn(turns.get(context)?.person.language ?? languageOf(context.activity));
    let sentence = answers.notNow;
    if (error instanceof AuthorityUnavailableError) sentence = error instanceof SignInNeededError ? answers.signInNeeded : answers.authorityDown;
    else if (!(error instanceof LedgerUnavailableError)) {
      const reference = randomUUID().slice(0, 8);
      log.error({ reference, type: context.activity.type, error }, 'A turn failed.');
      sentence = answers.failed(reference);
    }
    if (context.activity.type === 'invoke') answerInvoke(context, pressingBody({ sentence }));
    else if (context.activity.type === 'message') await context.sendActivity(messageOf(sentence));
  };

  return async (activity) => {
    let outcome: Answered['outcome'] = 'answered';
    const answer = await channel.turn(activity, async (context) => {
      try {
        await route(context);
        await turns.get(context)?.chat.save();
      } catch (thrown) {
        // A dialog wraps whatever goes wrong in it.
        const error: unknown = thrown instanceof DialogContextError ? thrown.error : thrown;
        // Teams would not take the answer: what was done is done, and coming again would not help.
        if (isMessengerTrouble(error)) {
          outcome = 'undelivered';
          return log.warn({ type: context.activity.type, error }, 'An answer could not be delivered.');
        }
        outcome = error instanceof LedgerUnavailableError || error instanceof AuthorityUnavailableError ? 'unavailable' : 'failed';
        await tellTrouble(context, error).catch((untold: unknown) => log.warn({ error: untold }, 'Trouble could not be told.'));
        if (error instanceof LedgerUnavailableError && context.activity.type !== 'invoke') throw error;
      }
    });
    return { outcome, ...answer };
  };
};

const pressingBody = (pressing: Pressing) =>
  'card' in pressing
    ? { statusCode: 200, type: cardAttachment(pressing.card).contentType, value: pressing.card.card }
    : { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: plainly(pressing.sentence) };

const cardError = (code: string, message: string) => ({ statusCode: 400, type: 'application/vnd.microsoft.error', value: { code, message } });

const isMessengerTrouble = (error: unknown): boolean =>
  error instanceof MessengerRefusedError || error instanceof MessengerUnavailableError || error instanceof MessengerOutcomeUnknownError;

const isInGroup = ({ conversation }: Activity): boolean => conversation.conversationType !== undefined && conversation.conversationType !== 'personal';
const languageOf = ({ locale }: Activity): Language => (typeof locale === 'string' && locale.toLowerCase().startsWith('tr') ? 'tr' : 'en');
