import { accessTemplateNames, entraRoleNames, entraRoles, offeredDays } from '../../domain/delegated-admin.js';
import { draw, type Drawn, type Pen } from './card.js';
import { clean } from './text.js';

export type FormFields = {
  readonly domain: string;
  readonly reason: string;
  readonly template?: string;
  readonly days?: number;
  readonly extend?: boolean;
  readonly roles?: readonly string[];
  readonly roleReason?: string;
  /** The reference of the request that the new one takes the place of. */
  readonly follows?: string;
};

/** What a form may offer: managing where the cloud has it, providers where the company sells through them. */
export type FormOffers = { readonly managing: boolean; readonly providers: readonly { readonly tenant: string; readonly name: string }[] };

/** One card with all fields, not an interrogation. */
export const inviteForm = (fields: FormFields, { managing: offersManaging, providers }: FormOffers, pen: Pen): Drawn => {
  const { invite, buttons, managing, waiting } = pen.words;
  const days = [...new Set([...offeredDays, ...(fields.days ? [fields.days] : [])])].sort((one, other) => one - other);
  return draw('invite-form', pen, invite.formTitle, {
    title: invite.formTitle, text: fields.follows ? waiting.changeText(fields.follows) : invite.formText,
    domain: clean(fields.domain, 253), reason: clean(fields.reason, 300), follows: fields.follows ?? '',
    domainLabel: invite.domain, domainHint: invite.domainHint, domainMissing: invite.domainMissing,
    reasonLabel: invite.reason, reasonHint: invite.reasonHint, reasonMissing: invite.reasonMissing,
    offersManaging, whatLabel: managing.what, template: fields.template ?? 'sell',
    templates: [
      { title: managing.sellOnly, value: 'sell' }, ...accessTemplateNames.map((name) => ({ title: managing.templates[name], value: name })), { title: managing.custom, value: 'custom' },
    ],
    hasProviders: providers.length > 1, providerLabel: managing.provider, provider: providers[0]?.tenant ?? '',
    providers: providers.map(({ tenant, name }) => ({ title: clean(name), value: tenant })),
    more: managing.more, moreTitle: managing.moreTitle, daysLabel: managing.days, days: String(fields.days ?? 365),
    dayChoices: days.map((count) => ({ title: managing.daysOption(count), value: String(count) })),
    extendLabel: managing.extend, extend: String(fields.extend ?? false),
    rolesLabel: managing.roles, roles: (fields.roles ?? []).join(','),
    roleChoices: entraRoleNames.map((role) => ({ title: `${pen.words.entraRoles[role].name}: ${pen.words.entraRoles[role].may}`, value: entraRoles[role] })),
    roleReasonLabel: managing.roleReason, roleReason: clean(fields.roleReason ?? '', 300), nameLabel: managing.name, name: '',
    check: buttons.check, cancel: buttons.cancel,
  });
};
