import type { DraftClosedView, NoSuchTenantView, SignInView, WelcomeView, WhoAmI } from '../../commands/views.js';
import { rolesThatInvite } from '../../domain/rules.js';
import { draw, type Drawn, type Pen } from './card.js';
import { clean, plainly, shown } from './text.js';

const longestSummary = 200;

type Button = { readonly title: string; readonly verb: string; readonly about?: string };
type Page = { readonly title: string; readonly summary: string; readonly lines?: readonly string[]; readonly tasks?: readonly { title: string; example: string }[]; readonly buttons?: readonly Button[]; readonly notes?: readonly string[] };

/** A heading, some sentences, perhaps tasks with an example each, and at most three buttons. */
export const page = ({ title, summary, lines = [], tasks = [], buttons = [], notes = [] }: Page, pen: Pen): Drawn =>
  draw('page', pen, clean(plainly(summary), longestSummary), { title, lines, tasks, buttons: buttons.map((button) => ({ about: '', ...button })), hasButtons: buttons.length > 0, notes });

const rolesOf = ({ roles, isGuest }: WhoAmI, { words }: Pen): readonly string[] =>
  roles === 'unknown' || isGuest ? [] : roles.filter((role) => role !== 'user').map((role) => words.roles[role]);

/** Somebody whose role cannot be read is offered what they may turn out to have. */
const mayInvite = ({ roles, isGuest }: WhoAmI): boolean => !isGuest && (roles === 'unknown' || roles.some((role) => (rolesThatInvite as readonly string[]).includes(role)));

export const welcome = ({ who, name, waiting }: WelcomeView, pen: Pen): Drawn => {
  const { welcome: say, buttons } = pen.words;
  const isPartner = who.side === 'partner';
  const roles = rolesOf(who, pen);
  const role = who.roles === 'unknown' ? say.roleUnknown : roles.length > 0 ? say.role(pen.words.list(roles)) : say.noRole;
  return page({
    title: pen.words.appName,
    summary: say.summary,
    lines: [isPartner ? say.partner(shown(name), shown(who.organisation)) : say.customer(shown(name)), role, ...(isPartner ? [] : [say.waiting(waiting)])],
    buttons: isPartner
      ? mayInvite(who)
        ? [{ title: buttons.invite, verb: 'invite-customer' }, { title: pen.words.customers.title, verb: 'my-customers' }, { title: buttons.explain, verb: 'explain' }]
        : [{ title: buttons.explain, verb: 'explain' }, { title: buttons.help, verb: 'help' }]
      : [{ title: buttons.partners, verb: 'show-my-partners' }, { title: buttons.pending, verb: 'pending' }, { title: buttons.explain, verb: 'explain' }],
    notes: [say.who, say.stored],
  }, pen);
};

/** @param lead a sentence before the tasks, when help comes unasked */
export const help = (who: WhoAmI, pen: Pen, lead?: string): Drawn => {
  const { help: say, buttons } = pen.words;
  const { tasks } = say;
  const isPartner = who.side === 'partner';
  return page({
    title: say.title,
    summary: say.summary,
    lines: lead ? [lead] : [],
    tasks: isPartner
      ? mayInvite(who) ? [tasks.invite, tasks.customers, tasks.pending, tasks.status, tasks.chase, tasks.explainTheirs, tasks.me, tasks.language] : [tasks.explainTheirs, tasks.me, tasks.language]
      : [tasks.pending, tasks.decide, tasks.ask, tasks.partners, tasks.remove, tasks.explain, tasks.who, tasks.language],
    buttons: isPartner
      ? mayInvite(who)
        ? [{ title: buttons.invite, verb: 'invite-customer' }, { title: pen.words.customers.title, verb: 'my-customers' }, { title: buttons.pending, verb: 'pending' }]
        : [{ title: buttons.explain, verb: 'explain' }]
      : [{ title: buttons.pending, verb: 'pending' }, { title: buttons.partners, verb: 'show-my-partners' }, { title: buttons.whoDecides, verb: 'who-decides' }],
    notes: [say.always],
  }, pen);
};

export const whoYouAre = (who: WhoAmI, mayInvite: boolean, pen: Pen): Drawn => {
  const { whoAmI: say } = pen.words;
  const roles = rolesOf(who, pen);
  const isPartner = who.side === 'partner';
  const mayDecide = who.roles !== 'unknown' && !who.isGuest && who.roles.includes('globalAdmin');
  const rights = isPartner ? (mayInvite ? say.mayInvite : say.mayNotInvite) : mayDecide ? say.mayDecide : say.mayNotDecide;
  return page({
    title: say.title,
    summary: say.summary,
    lines: [
      say.at(shown(who.organisation)), isPartner ? say.partner : say.customer,
      who.isGuest ? say.guest : who.roles === 'unknown' ? say.unknown : roles.length > 0 ? say.roles(pen.words.list(roles)) : say.none,
      ...(who.roles === 'unknown' || who.isGuest ? [] : [rights]),
    ],
    buttons: [{ title: pen.words.buttons.help, verb: 'help' }],
  }, pen);
};

/** What is left of a preview that nobody will send. */
export const droppedPage = (pen: Pen): Drawn => {
  const { invite, buttons } = pen.words;
  return page({ title: invite.dropped, summary: invite.dropped, buttons: [{ title: buttons.invite, verb: 'invite-customer' }] }, pen);
};

export const draftClosed = ({ invitation: { customer, inviter }, isOwn }: DraftClosedView, pen: Pen): Drawn => {
  if (isOwn) return droppedPage(pen);
  const told = pen.words.managing.noLongerYours(shown(inviter.name));
  return page({ title: pen.words.invite.title(shown(customer.name)), summary: told, lines: [told] }, pen);
};

export const signInNeeded = ({ is, until }: SignInView, pen: Pen): Drawn => {
  const { signIn: say, buttons } = pen.words;
  return page({
    title: say.title, summary: say.title, lines: [is === 'refused' ? say.refused : say.ending(pen.dates.day(until)), say.how],
    buttons: [{ title: buttons.help, verb: 'help' }], notes: [say.meanwhile],
  }, pen);
};

export const noSuchTenant = ({ asked }: NoSuchTenantView, pen: Pen): string => pen.words.invite.noSuchTenant(shown(clean(asked, 253), 253));
