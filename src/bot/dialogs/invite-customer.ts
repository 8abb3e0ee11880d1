import { ComponentDialog, TextPrompt, WaterfallDialog, type DialogTurnResult, type PromptValidatorContext, type WaterfallStepContext } from 'botbuilder-dialogs';
import { MessengerRefusedError } from '../../commands/ports.js';
import type { StatusView } from '../../commands/views.js';
import { inviteForm } from '../cards/invite-form.js';
import { shown } from '../cards/text.js';
import { drawView, messageOf } from '../draw-view.js';
import { keepAsCopy, say, showInvitationCard, showView, type Turn } from '../house.js';
import { draftInvitation, namesCustomer, sendDraft, type Asked } from '../inviting.js';
import { recognise } from '../recogniser.js';

type Step = WaterfallStepContext<Asked & { readonly name?: string }>;
type Travelling = { asked?: Asked; preview?: string; isSent?: boolean };

const askedIn = (text: string): Asked | undefined => {
  const wish = recognise(text);
  return wish.intent === 'invite' && (wish.domain ?? wish.tenant) ? wish : undefined;
};

const namesOneCustomer = async ({ recognized }: PromptValidatorContext<string>): Promise<boolean> =>
  askedIn(recognized.value ?? '') !== undefined || askedIn(`invite ${recognized.value ?? ''}`) !== undefined;

const saysSend = async ({ recognized }: PromptValidatorContext<string>): Promise<boolean> => recognise(recognized.value ?? '').intent === 'send';

/** Asks which customer, shows what would be sent and every rule, and sends when told to. Buttons lead to the same places. */
export class InviteCustomerDialog extends ComponentDialog {
  static readonly id = 'invite-customer';

  constructor(private readonly turnOf: (step: Step) => Turn) {
    super(InviteCustomerDialog.id);
    this.addDialog(new TextPrompt('customer', namesOneCustomer));
    this.addDialog(new TextPrompt('go-ahead', saysSend));
    this.addDialog(new TextPrompt('reason'));
    this.addDialog(new WaterfallDialog<Asked>('story', [
      this.askWhichCustomer.bind(this), this.showWhatWouldBeSent.bind(this), this.askWhy.bind(this), this.sendAndTell.bind(this),
    ]));
    this.initialDialogId = 'story';
  }

  private async askWhichCustomer(step: Step): Promise<DialogTurnResult> {
    if (namesCustomer(step.options)) return step.next(step.options);
    const turn = this.turnOf(step);
    const { invite } = turn.pen.words;
    if (step.options.name) await say(turn, invite.noCompanyNames(step.options.name));
    const form = inviteForm({ domain: step.options.domain ?? '', reason: step.options.reason }, await turn.commands.offers(turn.speaker), turn.pen);
    return step.prompt('customer', { prompt: messageOf(form), retryPrompt: invite.askAgain });
  }

  private async showWhatWouldBeSent(step: Step): Promise<DialogTurnResult> {
    const turn = this.turnOf(step);
    const asked: Asked = typeof step.result === 'string' ? (askedIn(step.result) ?? askedIn(`invite ${step.result}`) ?? step.options) : step.options;
    const shown = await draftInvitation(turn, { ...asked, reason: asked.reason || step.options.reason });
    const travelling = step.values as Travelling;
    travelling.preview = typeof shown.show === 'string' ? await say(turn, shown.show) : await showView(turn, shown.show);
    if (!shown.draft) return step.endDialog();
    if (turn.talk.draft) turn.talk.draft = { ...turn.talk.draft, activity: travelling.preview };
    return step.prompt('go-ahead', { retryPrompt: turn.pen.words.invite.sendHint });
  }

  private async askWhy(step: Step): Promise<DialogTurnResult> {
    const turn = this.turnOf(step);
    const wish = recognise(String(step.result));
    const sent = await tellSent(turn, wish.intent === 'send' ? wish.reason : '');
    return sent ? step.endDialog() : step.prompt('reason', { prompt: turn.pen.words.invite.reasonMissing });
  }

  private async sendAndTell(step: Step): Promise<DialogTurnResult> {
    await tellSent(this.turnOf(step), String(step.result));
    return step.endDialog();
  }
}

/** Sends the newest draft and turns its preview into the invitation's card. No: a reason is missing still. */
export const tellSent = async (turn: Turn, reason: string): Promise<boolean> => {
  const { talk, pen } = turn;
  const { draft } = talk;
  if (!draft) {
    await say(turn, pen.words.invite.nothingToSend);
    return true;
  }
  const sent = await sendDraft(turn, draft.id, reason, true);
  if (sent.isReasonMissing) return false;
  if (typeof sent.show === 'string') await say(turn, sent.show);
  else if (sent.show.view !== 'status') await showView(turn, sent.show);
  else if (draft.activity && (await redrawn(turn, sent.show, draft.activity))) {
    await keepAsCopy(turn, draft.id, draft.activity);
    await say(turn, pen.words.invite.sentTo(shown(draft.customer), sent.show.invitation.reference));
  } else await showInvitationCard(turn, sent.show);
  return true;
};

/** No: the preview is gone from the chat, and a new message has to do. */
const redrawn = async ({ context, pen, studio }: Turn, view: StatusView, activity: string): Promise<boolean> => {
  try {
    await context.updateActivity({ ...messageOf(drawView(view, pen, studio)), id: activity });
    return true;
  } catch (error) {
    if (error instanceof MessengerRefusedError) return false;
    throw error;
  }
};
