import { entraRoleOf } from '../../domain/delegated-admin.js';
import type { Words } from '../words/index.js';

/** A role without a name here is shown by the end of its id rather than hidden. */
export const roleName = (role: string, { entraRoles }: Pick<Words, 'entraRoles'>): string => {
  const known = entraRoleOf(role);
  return known ? entraRoles[known].name : `…${role.slice(-12)}`;
};
