import { Dialog, type DialogTurnResult } from 'botbuilder-dialogs/lib/dialog.js';
import type { DialogContext } from 'botbuilder-dialogs/lib/dialogContext.js';
import { MessengerRefusedError } from '../../commands/ports.js';
import { accessTemplateNames } from '../../domain/delegated-admin.js';
import { inviteForm } from '../cards/invite-form.js';
import { shown } from '../cards/text.js';
import type { Drawn } from '../cards/card.js';
import { drawView, messageOf } from '../draw-view.js';
import { keepAsCopy, say, showInvitationCard, showView, type Turn } from '../house.js';
import { draftInvitation, dropDraft, namesCustomer, sendDraft, type Asked } from '../inviting.js';
import { reasonIn, recognise, type Wish } from '../recogniser.js';

/** What the dialog waits for: which customer, the word to send, or what is missing still. */
type Step = { waitsFor?: 'customer' | 'goAhead' | Missing; asked?: Asked };

/** What must come before it is sent: a reason, or the inviter's own statement. */
type Missing = 'reason' | 'statement';

/** What the sentence held beside the customer; a company's name, where no domain was said. */
type Named = Asked & Pick<Extract<Wish, { intent: 'invite' }>, 'name' | 'others' | 'manages'>;

const customerIn = (text: string): Named | undefined => {
  const wish = recognise(text);
  return wish.intent === 'invite' && (wish.domain ?? wish.tenant) ? wish : undefined;
};

/** Asks which customer, shows what would be sent and every rule, and sends when told to. Buttons lead to the same places. */
export class InviteCustomerDialog extends Dialog {
  static readonly id = 'inviting';

  constructor(private readonly turnOf: (dialog: DialogContext) => Turn) {
    super(InviteCustomerDialog.id);
  }

  override async beginDialog(dialog: DialogContext, asked: object = {}): Promise<DialogTurnResult> {
    const wish = asked as Named;
    const named = namesCustomer(wish) ? wish : await this.ownCustomer(dialog, wish);
    return named ? this.begin(dialog, { ...wish, ...named }) : this.askWhichCustomer(dialog, wish);
  }

  override async continueDialog(dialog: DialogContext): Promise<DialogTurnResult> {
    const turn = this.turnOf(dialog);
    const text = dialog.context.activity.text ?? '';
    const { waitsFor, asked } = stepOf(dialog);
    if (waitsFor === 'customer') {
      const named = customerIn(text) ?? customerIn(`invite ${text}`) ?? (await this.ownCustomer(dialog, { name: text, reason: '' }));
      if (named) return this.begin(dialog, { ...named, reason: named.reason || (asked?.reason ?? '') });
      await say(turn, turn.pen.words.invite.askAgain);
      return Dialog.EndOfTurn;
    }
    const { invite } = turn.pen.words;
    const wish = recognise(text);
    // A word of command is no reason, whatever was asked for.
    if (waitsFor === 'reason') return this.send(dialog, wish.intent === 'unknown' ? text : wish.intent === 'send' ? wish.reason : '');
    if (waitsFor === 'statement' && wish.intent === 'yes') return this.send(dialog, asked?.reason ?? '', true);
    if (wish.intent === 'send') return this.send(dialog, wish.reason || (asked?.reason ?? ''));
    await say(turn, waitsFor === 'statement' ? invite.statementMissing : invite.sendHint);
    return Dialog.EndOfTurn;
  }

  private async send(dialog: DialogContext, reason: string, isStated = false): Promise<DialogTurnResult> {
    const turn = this.turnOf(dialog);
    const missing = await tellSent(turn, reason, isStated);
    if (!missing) return dialog.endDialog();
    const { invite } = turn.pen.words;
    await say(turn, missing === 'reason' ? invite.reasonMissing : invite.statementMissing);
    return this.waitFor(dialog, { waitsFor: missing, asked: { reason } });
  }

  /** A name stands for a customer of the speaker's own company and for nobody else, and it is said for whom. */
  private async ownCustomer(dialog: DialogContext, { name = '', reason }: Named): Promise<Asked | undefined> {
    const turn = this.turnOf(dialog);
    const found = await turn.commands.customerCalled({ by: turn.speaker, words: name });
    if (!found) return undefined;
    const { customer, called, rest } = found;
    await say(turn, turn.pen.words.invite.ownCustomer(shown(called), shown(customer.name), shown(customer.domain, 253)));
    return { tenant: customer.customer, ...(customer.domain && { domain: customer.domain }), reason: reason || reasonIn(rest.split(' ')) };
  }

  /** One customer at a time. What the invitation is to ask for is on the form, and managing is nothing that a preview could add. */
  private async begin(dialog: DialogContext, { others = [], manages, ...asked }: Named): Promise<DialogTurnResult> {
    const turn = this.turnOf(dialog);
    const { invite, managing } = turn.pen.words;
    const domain = asked.domain ?? asked.tenant ?? '';
    const [next] = others;
    if (next) await say(turn, invite.oneAtATime(shown(domain, 253), turn.pen.words.list(others.map((other) => shown(other, 253))), shown(next, 253)));
    const offers = manages && (await turn.commands.offers(turn.speaker));
    if (!offers || !offers.managing) return this.showWhatWouldBeSent(dialog, asked);
    await say(turn, managing.chooseOnForm);
    await say(turn, inviteForm({ domain, reason: asked.reason, template: accessTemplateNames[0] }, offers, turn.pen));
    return this.waitFor(dialog, { waitsFor: 'customer', asked });
  }

  private async askWhichCustomer(dialog: DialogContext, asked: Named): Promise<DialogTurnResult> {
    const turn = this.turnOf(dialog);
    if (asked.name) await say(turn, turn.pen.words.invite.noCompanyNames(shown(asked.name)));
    await say(turn, inviteForm({ domain: asked.domain ?? '', reason: asked.reason }, await turn.commands.offers(turn.speaker), turn.pen));
    return this.waitFor(dialog, { waitsFor: 'customer', asked });
  }

  private async showWhatWouldBeSent(dialog: DialogContext, asked: Asked): Promise<DialogTurnResult> {
    const turn = this.turnOf(dialog);
    const { show, draft } = await draftInvitation(turn, asked);
    const preview = typeof show === 'string' ? await say(turn, show) : await showView(turn, show);
    if (!draft) return dialog.endDialog();
    if (turn.talk.draft) turn.talk.draft = { id: draft, customer: turn.talk.draft.customer, activity: preview };
    return this.waitFor(dialog, { waitsFor: 'goAhead' });
  }

  private waitFor(dialog: DialogContext, step: Step): DialogTurnResult {
    if (dialog.activeDialog) dialog.activeDialog.state = step;
    return Dialog.EndOfTurn;
  }
}

const stepOf = ({ activeDialog }: DialogContext): Step => (activeDialog?.state ?? {}) as Step;

/** A preview that came by another way than this dialog: from now on its draft waits for the word to send. */
export const waitForGoAhead = ({ chat }: Turn): void => {
  const step: Step = { waitsFor: 'goAhead' };
  chat.steps.dialogStack.splice(0, Infinity, { id: InviteCustomerDialog.id, state: step });
};

/** Sends the newest draft and turns its preview into the invitation's card. Gives what is missing still. */
export const tellSent = async (turn: Turn, reason: string, isStated: boolean): Promise<Missing | undefined> => {
  const { talk, pen } = turn;
  const { draft } = talk;
  if (!draft) {
    await say(turn, pen.words.invite.nothingToSend);
    return undefined;
  }
  const sent = await sendDraft(turn, draft.id, reason, isStated);
  if (sent.missing) return sent.missing;
  if (typeof sent.show === 'string') await say(turn, sent.show);
  else if (sent.show.view !== 'status') await showView(turn, sent.show);
  else if (draft.activity && (await redrawn(turn, drawView(sent.show, pen, turn.studio), draft.activity))) {
    await keepAsCopy(turn, draft.id, draft.activity);
    if (sent.told) await say(turn, sent.told);
  } else await showInvitationCard(turn, sent.show);
  return undefined;
};

/** Drops the draft that the talk is about and closes its card in place; gives what there is to say. */
export const closeDraft = async (turn: Turn): Promise<string | undefined> => {
  const { draft } = turn.talk;
  delete turn.talk.draft;
  if (!draft) return undefined;
  const { outcome, card } = await dropDraft(turn, draft.id);
  const isClosed = draft.activity !== undefined && draft.activity !== '' && (await redrawn(turn, card, draft.activity));
  if (isClosed && outcome.is === 'sent') await keepAsCopy(turn, draft.id, draft.activity ?? '');
  return card.summary;
};

/** No: the preview is gone from the chat, and a new message has to do. */
const redrawn = async ({ context }: Turn, drawn: Drawn | string, activity: string): Promise<boolean> => {
  try {
    await context.updateActivity({ ...messageOf(drawn), id: activity });
    return true;
  } catch (error) {
    if (error instanceof MessengerRefusedError) return false;
    throw error;
  }
};
