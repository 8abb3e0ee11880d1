import { accessTemplateNames, entraRoleNames, entraRoles, offeredDays } from '../../domain/delegated-admin.js';
import type { Refusals } from '../../domain/decision.js';
import { draw, type Drawn, type Pen } from './card.js';
import { reasonOf } from './refusal.js';
import { clean, few } from './text.js';

export type FormFields = {
  readonly domain: string;
  readonly reason: string;
  readonly template?: string;
  readonly days?: number;
  readonly extend?: boolean;
  readonly roles?: readonly string[];
  readonly roleReason?: string;
  readonly name?: string;
  readonly provider?: string;
  /** The reference of the request that the new one takes the place of. */
  readonly follows?: string;
};

/** What a form may offer: managing where the cloud has it, providers where the company sells through them. */
export type FormOffers = { readonly managing: boolean; readonly providers: readonly { readonly tenant: string; readonly name: string }[] };

/** Why a filled form did not become a draft: its domain names nobody, or rules say no. */
export type FormProblem = { readonly domain: string } | { readonly refusals: Refusals };

/** One card with all fields, not an interrogation. With a problem it comes back as it was filled, and says what is wrong. */
export const inviteForm = (fields: FormFields, { managing: offersManaging, providers }: FormOffers, pen: Pen, problem?: FormProblem): Drawn => {
  const { invite, buttons, managing, waiting } = pen.words;
  const days = [...new Set([...offeredDays, ...(fields.days ? [fields.days] : [])])].sort((one, other) => one - other);
  return draw('invite-form', pen, invite.formTitle, {
    title: invite.formTitle, text: fields.follows ? waiting.changeText(fields.follows) : invite.formText,
    isRefused: problem !== undefined && 'refusals' in problem, refusedTitle: pen.words.refusal.titles.invite,
    refusals: problem && 'refusals' in problem ? few(problem.refusals.map((one) => reasonOf(one, pen))) : [],
    hasDomainProblem: problem !== undefined && 'domain' in problem, domainProblem: problem && 'domain' in problem ? problem.domain : '',
    isMoreOpen: problem !== undefined && 'refusals' in problem && fields.template !== undefined && fields.template !== 'sell',
    domain: clean(fields.domain, 253), reason: clean(fields.reason, 300), follows: fields.follows ?? '',
    domainLabel: invite.domain, domainHint: invite.domainHint, domainMissing: invite.domainMissing,
    reasonLabel: invite.reason, reasonHint: invite.reasonHint, reasonMissing: invite.reasonMissing,
    offersManaging, whatLabel: managing.what, template: fields.template ?? 'sell',
    templates: [
      { title: managing.sellOnly, value: 'sell' }, ...accessTemplateNames.map((name) => ({ title: managing.templates[name], value: name })), { title: managing.custom, value: 'custom' },
    ],
    hasProviders: providers.length > 1, providerLabel: managing.provider, provider: providers.find(({ tenant }) => tenant === fields.provider)?.tenant ?? providers[0]?.tenant ?? '',
    providers: providers.map(({ tenant, name }) => ({ title: clean(name), value: tenant })),
    more: managing.more, moreTitle: managing.moreTitle, daysLabel: managing.days, days: String(fields.days ?? 365),
    dayChoices: days.map((count) => ({ title: managing.daysOption(count), value: String(count) })),
    extendLabel: managing.extend, extend: String(fields.extend ?? false),
    rolesLabel: managing.roles, roles: (fields.roles ?? []).join(','),
    roleChoices: entraRoleNames.map((role) => ({ title: `${pen.words.entraRoles[role].name}: ${pen.words.entraRoles[role].may}`, value: entraRoles[role] })),
    roleReasonLabel: managing.roleReason, roleReason: clean(fields.roleReason ?? '', 300), nameLabel: managing.name, name: clean(fields.name ?? '', 50),
    check: buttons.check, cancel: buttons.cancel,
  });
};
