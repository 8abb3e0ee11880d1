import { asInvitationId } from '../domain/ids.js';
import { isOpen } from '../domain/invitation.js';
import type { AnswerOutcome } from '../commands/answer-invitation.js';
import type { View } from '../commands/views.js';
import { inviteForm, type FormProblem } from './cards/invite-form.js';
import { droppedPage, noSuchTenant } from './cards/page.js';
import { refusal } from './cards/refusal.js';
import { waitForGoAhead } from './dialogs/invite-customer.js';
import { drawView } from './draw-view.js';
import { keepAsCopy, say, type Turn } from './house.js';
import { draftInvitation, dropDraft, namesCustomer, sendDraft } from './inviting.js';
import { answerTo, type Question } from './answers.js';
import { fieldsIn, pressInLife, wishToManage } from './life-buttons.js';
import { lookNow } from './look-now.js';
import type { Pressed, Pressing } from './pressed.js';

// A map: to an object a stranger's `toString` is there, too.
const asks: ReadonlyMap<string, Question> = new Map([
  ['help', { intent: 'help' }], ['pending', { intent: 'pending' }], ['show-my-partners', { intent: 'partners' }], ['who-decides', { intent: 'whoDecides' }],
  ['explain', { intent: 'explain', topic: 'nothingChanges' }], ['why', { intent: 'why' }],
]);

export const press = async (turn: Turn, button: Pressed, messageId: string): Promise<Pressing> => {
  const { pen, commands, speaker, studio } = turn;
  const { words } = pen;
  const drawn = (view: View): Pressing => {
    const picture = drawView(view, pen, studio);
    return typeof picture === 'string' ? { sentence: picture } : { card: picture };
  };
  delete turn.talk.withdrawal;
  const ask = asks.get(button.verb);
  if (ask) return { sentence: await answerTo(turn, ask) };

  switch (button.verb) {
    case 'invite-customer': {
      const form = inviteForm({ domain: '', reason: '' }, await commands.offers(speaker), pen);
      await say(turn, form);
      return { sentence: form.summary };
    }
    case 'check-customer': {
      const asked = { domain: (button.domain ?? '').trim().replace(/^https?:\/\//i, '').replace(/[/?#].*$/, '').replace(/^[^@\s]+@/, '').replace(/^www\./i, ''), reason: button.reason ?? '' };
      const manage = wishToManage(button);
      const wanted = { ...asked, tenant: asked.domain, ...(manage && { manage }), ...(button.provider && { provider: button.provider }), ...(button.follows && { follows: button.follows }) };
      const again = async (problem: FormProblem): Promise<Pressing> => ({ card: inviteForm(fieldsIn(button), await commands.offers(speaker), pen, problem) });
      if (!namesCustomer(wanted)) return again({ domain: asked.domain === '' ? words.invite.domainMissing : words.invite.notOneDomain });
      const { show, draft } = await draftInvitation(turn, wanted);
      if (draft && turn.talk.draft) {
        turn.talk.draft = { ...turn.talk.draft, activity: messageId };
        waitForGoAhead(turn);
      }
      if (typeof show === 'string') return { sentence: show };
      if (show.view === 'noSuchTenant') return again({ domain: noSuchTenant(show, pen) });
      return show.view === 'refusal' ? again({ refusals: show.refusals }) : drawn(show);
    }
    case 'send-invitation': {
      if (!button.invitation) return { sentence: words.invite.replaced };
      const id = asInvitationId(button.invitation);
      const { show } = await sendDraft(turn, id, button.reason ?? '', button.notCsp === 'true');
      if (typeof show === 'string') return { sentence: show };
      if (show.view === 'status') await keepAsCopy(turn, id, messageId);
      return drawn(show);
    }
    case 'cancel-invitation': {
      const id = button.invitation ? asInvitationId(button.invitation) : undefined;
      if (id === turn.talk.draft?.id) delete turn.talk.draft;
      if (!id) return { card: droppedPage(pen) };
      const { outcome, card } = await dropDraft(turn, id);
      if (outcome.is === 'sent') await keepAsCopy(turn, id, messageId);
      return { card };
    }
    case 'approve-invitation':
    case 'decline-invitation': {
      if (!button.invitation) return { sentence: words.answers.notFound('') };
      const id = asInvitationId(button.invitation);
      const outcome = await commands.answer({
        by: speaker, id, answer: button.verb === 'approve-invitation' ? 'approved' : 'declined',
        ...(button.declineReason && { reason: button.declineReason }), ...(button.comment && { comment: button.comment }), isReasonShared: button.share !== 'false',
      });
      if (outcome.is !== 'answered') await commands.opened({ by: speaker, id });
      if (outcome.is === 'answered' && button.verb === 'decline-invitation' && button.stop === 'true') {
        await commands.stop({ by: speaker, partner: outcome.request.invitation.partner.tenant, isStopped: true });
        return drawn((await commands.byId(id, speaker)) ?? outcome.request);
      }
      return answered(turn, outcome, drawn);
    }
    case 'open-invitation': {
      const sentence = await answerTo(turn, { intent: 'status', about: button.reference ?? button.about ?? '' });
      return { sentence };
    }
    case 'look-again': return lookAgain(turn, button, drawn);
    default: return (await pressInLife(turn, button, drawn, messageId)) ?? { sentence: words.answers.notFound('') };
  }
};

const answered = (turn: Turn, outcome: AnswerOutcome, drawn: (view: View) => Pressing): Pressing => {
  const { pen, talk } = turn;
  switch (outcome.is) {
    case 'answered':
    case 'roleUnknown': return drawn(outcome.request);
    case 'notFound': return { sentence: pen.words.answers.notFound('') };
    case 'refused':
      talk.refusals = outcome.refusals;
      // The card shows what the ledger says; whoever may not see it hears the refusal and keeps the card as it was.
      return outcome.request ? drawn(outcome.request) : { sentence: refusalSentence(outcome, turn) };
  }
};

const refusalSentence = ({ refusals }: Extract<AnswerOutcome, { is: 'refused' }>, { pen }: Turn): string => {
  const [first] = refusals;
  const because = pen.words.refusal.because[first.code]?.(first.about) ?? first.code;
  return `${refusal(refusals, pen).summary}: ${because} ${pen.words.refusal.untouched} (${first.rule})`;
};

const lookAgain = async (turn: Turn, { invitation }: Pressed, drawn: (view: View) => Pressing): Promise<Pressing> => {
  const before = invitation && (await turn.commands.byId(asInvitationId(invitation), turn.speaker));
  if (!before) return { sentence: turn.pen.words.answers.notFound('') };
  if (!isOpen(before.invitation)) return drawn(before);
  const { view, nothing } = await lookNow(turn, before);
  return nothing ? { sentence: nothing } : drawn(view);
};
