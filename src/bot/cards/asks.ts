import { entraRoleOf, isPowerful, type DelegatedAsk } from '../../domain/delegated-admin.js';
import type { Remark } from '../../domain/invitation.js';
import type { Side } from '../../domain/proof.js';
import type { Pen } from './card.js';
import { roleName } from './role-names.js';
import { shown } from './text.js';

/** Each role in plain words, the powerful ones marked. */
export const rolesInWords = (roles: readonly string[], { words }: Pen): readonly string[] => roles.map((id) => {
  const role = entraRoleOf(id);
  if (!role) return `• ${roleName(id, words)}`;
  const { name, may } = words.entraRoles[role];
  return `• ${isPowerful(role) ? words.managing.powerful(name, may) : words.managing.role(name, may)}`;
});

/** Those that can give themselves more, or reach everybody: they stand apart, in colour. */
export const powerfulAmong = (roles: readonly string[]): readonly string[] => roles.filter((id) => {
  const role = entraRoleOf(id);
  return role !== undefined && isPowerful(role);
});

/** @param reader "you" are either the ones who ask, or the ones who accept */
export const manageNotes = ({ days, autoExtends, roleReason, name }: DelegatedAsk, reader: Side, { words: { managing } }: Pen): readonly string[] => [
  managing.ends[reader](days), ...(autoExtends ? [managing.extends[reader]] : []), ...(roleReason ? [managing.roleReasonGiven(shown(roleReason, 300))] : []), managing.asTitle(shown(name)),
];

export const remarksOf = (remarks: readonly Remark[], { words: { talk }, dates }: Pen): readonly string[] =>
  remarks.map(({ by, at, text }) => talk.line(shown(by.name), dates.moment(at), shown(text, 300)));
