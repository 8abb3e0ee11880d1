/** The buttons of an invitation's life after it was drafted: waiting, talking, ending, and looking back. */
import { accessTemplates, entraRoleOf, entraRoles, type AccessTemplate } from '../domain/delegated-admin.js';
import { asInvitationId, asPersonId, asTenantId, isGuid, isReferenceCode, type InvitationId } from '../domain/ids.js';
import { isAnswerable, isStanding } from '../domain/invitation.js';
import type { EndOutcome } from '../commands/end-together.js';
import type { WishToManage } from '../commands/invite-customer.js';
import type { ConsequencesView, View } from '../commands/views.js';
import type { Pressed, Pressing } from './pressed.js';
import { inviteForm, type FormFields } from './cards/invite-form.js';
import { page } from './cards/page.js';
import { refusal } from './cards/refusal.js';
import { stateName } from './cards/state-name.js';
import { shown } from './cards/text.js';
import { drawView } from './draw-view.js';
import { historyFile, receiptFile, type OfferedFile } from './files.js';
import { keepAsCopy, say, showInvitationCard, showRefusals, showView, type Turn } from './house.js';
import { sendDraft, sentenceAbout } from './inviting.js';

type Drawing = (view: View) => Pressing;

const rolesIn = (text: string | undefined): readonly string[] => (text ?? '').split(',').map((role) => role.trim()).filter((role) => entraRoleOf(role) !== undefined);

/** What the form says about managing; nothing when it asks to sell only. */
export const wishToManage = ({ template = 'sell', days, extend, roles, roleReason, name }: Pressed): WishToManage | undefined => {
  if (template === 'sell') return undefined;
  const chosen = Object.hasOwn(accessTemplates, template) ? accessTemplates[template as AccessTemplate].map((role) => entraRoles[role]) : rolesIn(roles);
  return {
    roles: chosen, days: Number(days ?? 365), autoExtends: extend === 'true',
    ...(roleReason?.trim() && { roleReason: roleReason.trim() }), ...(name?.trim() && { name: name.trim() }),
  };
};

const isTemplate = (template: string): boolean => template === 'custom' || Object.hasOwn(accessTemplates, template);

/** The form as it was filled. */
export const fieldsIn = ({ domain = '', reason = '', template, days, extend, roles, roleReason, name, provider, follows }: Pressed): FormFields => ({
  domain: domain.trim(), reason, ...(template && isTemplate(template) && { template }), ...(Number.isInteger(Number(days)) && Number(days) > 0 && { days: Number(days) }), extend: extend === 'true', roles: rolesIn(roles),
  ...(roleReason && { roleReason }), ...(name && { name }), ...(provider && { provider }), ...(follows && isReferenceCode(follows) && { follows }),
});

const showForm = async (turn: Turn, fields: FormFields): Promise<Pressing> => {
  const form = inviteForm(fields, await turn.commands.offers(turn.speaker), turn.pen);
  await say(turn, form);
  return { sentence: form.summary };
};

/** A card that was drawn for a question carries the reference alone. */
const idNamedBy = async ({ commands, speaker }: Turn, { verb, about }: Pressed): Promise<InvitationId | undefined> => {
  const found = verb === 'withdraw' && isReferenceCode(about ?? '') ? await commands.find({ by: speaker, text: about ?? '' }) : undefined;
  return found?.is === 'one' ? found.view.invitation.id : undefined;
};

/** `undefined`: not a button of this page. */
export const pressInLife = async (turn: Turn, button: Pressed, drawn: Drawing, messageId: string): Promise<Pressing | undefined> => {
  const { pen, commands, speaker } = turn;
  const { words } = pen;
  const nothing: Pressing = { sentence: words.answers.notFound('') };
  const id = button.invitation ? asInvitationId(button.invitation) : await idNamedBy(turn, button);

  switch (button.verb) {
    case 'my-customers': {
      const only = (['waiting', 'active', 'endingSoon', 'declined', 'ended'] as const).find((one) => one === button.only) ?? 'all';
      return drawn(await commands.customers({ by: speaker, search: button.search ?? '', only, page: Number(button.page ?? 0) }));
    }
    case 'open-customer': {
      const found = await commands.find({ by: speaker, text: button.about ?? '' });
      if (found.is !== 'one') return nothing;
      await showInvitationCard(turn, found.view);
      return { sentence: stateName(found.view.invitation, words) };
    }
    case 'renew': return renew(turn, button, nothing);
    case 'show-consequences':
      return ended(turn, await commands.end.show({ by: speaker, act: button.only === 'endRelationship' ? 'endRelationship' : 'removeAccess', other: button.about ?? '' }), drawn);
    case 'remove-access':
    case 'end-relationship': {
      if (!isGuid(button.about)) return nothing;
      const act = button.verb === 'remove-access' ? 'removeAccess' : 'endRelationship';
      const outcome = await commands.end.confirm({ by: speaker, act, other: asTenantId(button.about), typed: button.typed ?? '' });
      if (outcome.is === 'shown' && (outcome.view.stands === 'asked' || outcome.view.stands === 'handed')) await followInvitation(turn, outcome.view, messageId);
      return ended(turn, outcome, drawn);
    }
    case 'agree-draft':
    case 'reject-draft': {
      const answer = button.verb === 'agree-draft' ? 'approve' : 'reject';
      const outcome = await commands.answerDraft({ by: speaker, relationship: button.about ?? '', answer });
      const told = (sentence: string): Pressing => ({ card: page({ title: words.news.titles.providerDraft, summary: sentence, lines: [sentence] }, pen) });
      if (outcome.is === 'asked') return told(words.news.answered[answer]);
      if (outcome.is === 'answered') return told(words.news.answeredBefore[outcome.answer](shown(outcome.by)));
      if (outcome.is === 'unheard') return { sentence: words.news.unheard };
      if (outcome.is === 'notFound') return { sentence: words.news.noDraft };
      turn.talk.refusals = outcome.refusals;
      return drawn({ view: 'refusal', refusals: outcome.refusals });
    }
    case 'keep-together': return { card: page({ title: words.invite.dropped, summary: words.invite.dropped, buttons: [{ title: words.buttons.help, verb: 'help' }] }, pen) };
    case 'remind':
      if (!id && button.about) {
        const found = await commands.find({ by: speaker, text: button.about });
        return found.is === 'one' ? remind(turn, found.view.invitation.id) : nothing;
      }
      return id ? remind(turn, id) : nothing;
    default:
  }
  if (!id) return undefined;

  switch (button.verb) {
    case 'refresh-request': {
      await commands.opened({ by: speaker, id });
      const view = await commands.byId(id, speaker);
      return view ? drawn(view) : nothing;
    }
    case 'send-sell-only': {
      const { show } = await sendDraft(turn, id, button.reason ?? '', button.notCsp === 'true', 'sell');
      if (typeof show === 'string') return { sentence: show };
      if (show.view === 'status') await keepAsCopy(turn, id, messageId);
      return drawn(show);
    }
    case 'hand-over': {
      if (!isGuid(button.to)) return { sentence: words.managing.noSuchColleague };
      const outcome = await commands.handOver.to({ by: speaker, id, to: asPersonId(button.to), note: button.note ?? '', reason: button.reason ?? '' });
      if (outcome.is === 'notFound') return { sentence: words.invite.replaced };
      if (outcome.is === 'refused') {
        // Beside the preview: what was typed into it stays.
        await showRefusals(turn, { view: 'refusal', refusals: outcome.refusals });
        return { sentence: words.refusal.titles.invite };
      }
      if (outcome.is !== 'handedOver') return { sentence: words.managing.noSuchColleague };
      if (turn.talk.draft?.id === id) delete turn.talk.draft;
      await keepAsCopy(turn, id, messageId);
      const told = (outcome.usesTheApp ? words.managing.handedOver : words.managing.handedOverNoApp)(shown(outcome.to.name), shown(outcome.customer));
      return { card: page({ title: words.managing.handOverTitle, summary: told, lines: [told], buttons: [{ title: words.buttons.pending, verb: 'pending' }] }, pen) };
    }
    case 'hand-back': {
      const outcome = await commands.handOver.back({ by: speaker, id, note: button.note ?? '' });
      if (outcome.is === 'refused') {
        turn.talk.refusals = outcome.refusals;
        return drawn({ view: 'refusal', refusals: outcome.refusals });
      }
      if (outcome.is !== 'handedBack') return { sentence: words.invite.replaced };
      const told = words.managing.handedBack(shown(outcome.to.name));
      return { card: page({ title: told, summary: told }, pen) };
    }
    case 'ask-partner':
    case 'answer-customer': {
      const outcome = await commands.talk({ by: speaker, id, text: button.text ?? '' });
      if (outcome.is === 'said') return drawn(outcome.view);
      return { sentence: outcome.is === 'empty' ? words.talk.empty : outcome.is === 'full' ? words.talk.full : outcome.is === 'notYours' ? words.talk.notYours : words.answers.notFound('') };
    }
    case 'suggest-less': {
      const outcome = await commands.suggest.suggest({ by: speaker, id, roles: rolesIn(button.roles), days: Number(button.days ?? 0) });
      if (outcome.is === 'suggested') return drawn(outcome.request);
      return { sentence: outcome.is === 'notLess' ? words.talk.notLess : outcome.is === 'notYours' ? words.talk.notYours : words.answers.notFound('') };
    }
    case 'accept-suggestion': {
      const outcome = await commands.suggest.accept({ by: speaker, id });
      switch (outcome.is) {
        case 'sent':
          await showInvitationCard(turn, outcome.status);
          return { sentence: sentenceAbout(outcome, words) };
        case 'refused': {
          turn.talk.refusals = outcome.refusals;
          if (outcome.preview) turn.talk.draft = { id: outcome.preview.invitation.id, customer: outcome.preview.invitation.customer.name };
          await showView(turn, outcome.preview ?? { view: 'refusal', refusals: outcome.refusals });
          return { sentence: refusal(outcome.refusals, pen).summary };
        }
        default: return { sentence: outcome.is === 'writtenDown' ? words.invite.writtenDown(outcome.needsSignIn) : outcome.is === 'reasonMissing' ? words.invite.reasonMissing : outcome.is === 'statementMissing' ? words.invite.tickFirst : words.answers.notFound('') };
      }
    }
    case 'forward-request': {
      if (!isGuid(button.to)) return { sentence: words.talk.toWhom };
      const outcome = await commands.forward({ by: speaker, id, to: asPersonId(button.to) });
      if (outcome.is === 'notFound') return nothing;
      return { sentence: words.talk[outcome.is](shown(outcome.to.name)) };
    }
    case 'allow-requests': {
      const view = await commands.byId(id, speaker);
      if (view?.view !== 'request') return nothing;
      const done = await commands.stop({ by: speaker, partner: view.invitation.partner.tenant, isStopped: false });
      if (done === 'notYours') return { sentence: words.talk.notYours };
      const after = await commands.byId(id, speaker);
      return after ? drawn(after) : nothing;
    }
    case 'escalate': {
      const more = await commands.remind.escalate({ by: speaker, id });
      return more === undefined ? nothing : { sentence: words.waiting.escalated(more) };
    }
    case 'withdraw': {
      if (!button.invitation) await keepAsCopy(turn, id, messageId);
      const outcome = await commands.withdraw({ by: speaker, id });
      if (outcome.is === 'notFound') return nothing;
      if (outcome.is === 'refused') {
        turn.talk.refusals = outcome.refusals;
        return drawn({ view: 'refusal', refusals: outcome.refusals });
      }
      return drawn(outcome.status);
    }
    case 'change-invitation': {
      const view = await commands.byId(id, speaker);
      if (view?.view !== 'status' || !isAnswerable(view.invitation)) return nothing;
      const { asks: { manage }, customer, reason, reference } = view.invitation;
      return showForm(turn, {
        domain: customer.domain, reason, follows: reference,
        ...(manage && { template: 'custom', roles: manage.roles, days: manage.days, extend: manage.autoExtends, ...(manage.roleReason && { roleReason: manage.roleReason }) }),
      });
    }
    case 'assign-access': {
      const outcome = await commands.assign({ by: speaker, id, group: button.group ?? '' });
      if (outcome.is === 'asked') return { sentence: words.managing.assignAsked(shown(outcome.group)) };
      if (outcome.is === 'notFound') return nothing;
      turn.talk.refusals = outcome.refusals;
      return drawn({ view: 'refusal', refusals: outcome.refusals });
    }
    case 'withdraw-access':
    case 'stop-extending': {
      const outcome = button.verb === 'withdraw-access' ? await commands.lessen.withdraw({ by: speaker, id, group: button.from ?? '' }) : await commands.lessen.stopExtending({ by: speaker, id });
      if (outcome.is === 'asked') return { sentence: button.verb === 'withdraw-access' ? words.managing.withdrawAsked(shown(outcome.group)) : words.managing.stopExtendingAsked };
      if (outcome.is === 'notFound') return nothing;
      turn.talk.refusals = outcome.refusals;
      return drawn({ view: 'refusal', refusals: outcome.refusals });
    }
    case 'history': {
      const view = await commands.history({ by: speaker, id });
      if (!view) return nothing;
      await showView(turn, view);
      return { sentence: words.history.summary };
    }
    case 'receipt': {
      const receipt = await commands.receipt({ by: speaker, id });
      return receipt ? handOut(turn, receiptFile(receipt)) : nothing;
    }
    case 'export': {
      const view = await commands.history({ by: speaker, id });
      return view && (await commands.receipt({ by: speaker, id })) ? handOut(turn, historyFile(view, words)) : nothing;
    }
    default: return undefined;
  }
};

const remind = async ({ pen, commands, speaker }: Turn, id: ReturnType<typeof asInvitationId>): Promise<Pressing> => {
  const { words: { waiting, answers }, dates } = pen;
  const outcome = await commands.remind.remind({ by: speaker, id });
  switch (outcome.is) {
    case 'reminded': return { sentence: waiting.reminded(outcome.left) };
    case 'tooSoon': return { sentence: waiting.tooSoon(dates.moment(outcome.from), outcome.left) };
    case 'enough': return { sentence: waiting.enough };
    case 'broughtAgain': return { sentence: waiting.broughtAgain };
    case 'notDelivered': return { sentence: waiting.notDelivered };
    case 'notFound': return { sentence: answers.notFound('') };
  }
};

/** Asks anew for what ends or has ended: the same roles for the same customer, in a form that can still be changed. */
const renew = async (turn: Turn, { about, invitation }: Pressed, nothing: Pressing): Promise<Pressing> => {
  const { commands, speaker } = turn;
  const view = invitation ? await commands.byId(asInvitationId(invitation), speaker) : undefined;
  const customer = view?.view === 'status' ? view.invitation.customer.tenant : isGuid(about) ? asTenantId(about) : undefined;
  if (!customer) return nothing;
  const grants = (await commands.standing({ by: speaker, customer })).filter(({ kind }) => kind === 'gdap');
  const latest = [...grants].sort((one, other) => Number(isStanding(other)) - Number(isStanding(one)) || (other.until ?? '').localeCompare(one.until ?? ''))[0];
  if (!latest) return nothing;
  const days = latest.since && latest.until ? Math.round((Date.parse(latest.until) - Date.parse(latest.since)) / 86_400_000) : 365;
  return showForm(turn, {
    domain: latest.customerDomain || customer, reason: view?.view === 'status' ? view.invitation.reason : '', template: 'custom',
    roles: latest.roles ?? [], days: Math.min(730, Math.max(1, days)), extend: latest.autoExtends ?? false,
  });
};

/** The card that says "asked" becomes the card of the invitation that brought it, as soon as it has ended: that one tells the outcome. */
const followInvitation = async (turn: Turn, { grants }: ConsequencesView, messageId: string): Promise<void> => {
  const brought = grants.find(({ invitation }) => invitation)?.invitation;
  if (brought) await keepAsCopy(turn, brought, messageId, 'next');
};

const ended = ({ pen, talk, commands, speaker }: Turn, outcome: EndOutcome, drawn: Drawing): Pressing => {
  const { ending } = pen.words;
  switch (outcome.is) {
    case 'shown': return drawn(outcome.view);
    case 'several': return { sentence: `${ending.several} ${pen.words.list(outcome.names.map((name) => shown(name)))}` };
    case 'notFound': return { sentence: ending.notFound('', commands.sideOf(speaker)) };
    case 'refused':
      talk.refusals = outcome.refusals;
      return drawn({ view: 'refusal', refusals: outcome.refusals });
  }
};

const handOut = async (turn: Turn, file: OfferedFile): Promise<Pressing> => {
  const { history } = turn.pen.words;
  const offered = await turn.offerFile(file);
  if (!offered) return { sentence: history.noLinks };
  await say(turn, `${history.fileReady(file.name, offered.minutes)} [${history.open}](${offered.url})`);
  return { sentence: history.open };
};

export const typedEnding = async (turn: Turn, wish: { readonly act: 'removeAccess' | 'endRelationship'; readonly about: string }): Promise<string> => {
  const { ending } = turn.pen.words;
  if (wish.about === '') {
    await say(turn, ending.whom);
    return ending.whom;
  }
  const outcome = await turn.commands.end.show({ by: turn.speaker, act: wish.act, other: wish.about });
  const pressing = outcome.is === 'notFound' ? { sentence: ending.notFound(shown(wish.about), turn.commands.sideOf(turn.speaker)) } : ended(turn, outcome, (view) => {
    const picture = drawView(view, turn.pen, turn.studio);
    return typeof picture === 'string' ? { sentence: picture } : { card: picture };
  });
  await say(turn, 'card' in pressing ? pressing.card : pressing.sentence);
  return ending.summary;
};
