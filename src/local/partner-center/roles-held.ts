import type { Person } from './world.js';

type Role = Person['roles'][number];

/** The roles that count at this moment, however they were given; a role that is only there to be switched on is not among them. */
export const rolesHeld = ({ roles, activated, viaGroup }: Pick<Person, 'roles' | 'activated' | 'viaGroup'>): readonly Role[] => [...new Set([...roles, ...activated, ...viaGroup])];

/** A blocked account does nothing with its roles. */
export const holds = (person: Person, role: Role): boolean => person.enabled && rolesHeld(person).includes(role);
