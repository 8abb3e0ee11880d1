import { groupOf } from './credentials.js';
import { agentGroups } from './graph-groups.js';
import { badRequest, equalitiesIn, notFound, userBody, type GraphWire } from './graph-wire.js';
import { rolesHeld } from './roles-held.js';
import type { Answered, Asked, Route } from './route.js';
import { stableId } from './stable-id.js';
import type { State } from './state.js';
import type { Person, Tenant } from './world.js';

/** The directory roles of this world, by the template ids that are the same everywhere. */
export const roleTemplates = {
  globalAdmin: { id: '62e90394-69f5-4237-9190-012177145e10', name: 'Global Administrator' },
  userAdmin: { id: 'fe930be7-5e62-47db-91af-98c3a49a38b1', name: 'User Administrator' },
  billingAdmin: { id: 'b0f54661-2d74-4c50-afa3-1ec803f12efe', name: 'Billing Administrator' },
} as const;

type Role = Person['roles'][number];
type DirectoryRole = keyof typeof roleTemplates;
const isDirectoryRole = (role: Role): role is DirectoryRole => role in roleTemplates;
const isAgent = (role: Role): role is keyof typeof agentGroups => role in agentGroups;

// An activation is for eight hours, and this one was an hour ago.
const [sinceMs, untilMs] = [-3_600_000, 7 * 3_600_000];

type Instance = { readonly person: Person; readonly role: DirectoryRole; readonly is: 'Assigned' | 'Activated' | 'Eligible'; readonly through: 'Direct' | 'Group' };

/** Directory roles as Privileged Identity Management counts them. @see Graph docs, "unifiedRoleAssignmentScheduleInstance" */
const activeOf = (person: Person): readonly Instance[] => [
  ...person.roles.filter(isDirectoryRole).map((role) => ({ person, role, is: 'Assigned', through: 'Direct' }) as const),
  ...person.viaGroup.filter(isDirectoryRole).map((role) => ({ person, role, is: 'Assigned', through: 'Group' }) as const),
  ...person.activated.filter(isDirectoryRole).map((role) => ({ person, role, is: 'Activated', through: 'Direct' }) as const),
];
/** One that is switched on stays eligible. */
const eligibleOf = (person: Person): readonly Instance[] =>
  [...new Set([...person.eligible, ...person.activated])].filter(isDirectoryRole).map((role) => ({ person, role, is: 'Eligible', through: 'Direct' }) as const);

/** Who holds what, and for how long: roles now, roles through Privileged Identity Management, and the holders of a role. */
export const graphRoleRoutes = (state: State, { directoryOf, personIn, many }: GraphWire): readonly Route[] => {
  const memberOf = (asked: Asked): Answered => {
    const { tenant, person } = personIn(asked);
    return many('directoryObjects', membershipsOf(tenant, person), asked);
  };

  const roleMembers = (asked: Asked): Answered => {
    const tenant = directoryOf(asked);
    const template = /^directoryRoles\(roleTemplateId='([^']+)'\)$/.exec(asked.params['role'] ?? '')?.[1]?.toLowerCase();
    const role = (Object.keys(roleTemplates) as DirectoryRole[]).find((name) => roleTemplates[name].id === template);
    if (!role) return notFound;
    const direct = tenant.people.filter(({ roles, activated }) => roles.includes(role) || activated.includes(role));
    const groups = tenant.people.some(({ viaGroup }) => viaGroup.includes(role)) ? [roleGroup(tenant, role)] : [];
    // A role that nobody holds was never activated in this tenant, and then it does not exist there.
    return direct.length + groups.length === 0 ? notFound : many('directoryObjects', [...direct.map((person) => ({ '@odata.type': '#microsoft.graph.user', ...userBody(person) })), ...groups], asked);
  };

  const instances = (of: (person: Person) => readonly Instance[], type: string) => (asked: Asked): Answered => {
    const tenant = directoryOf(asked);
    const wanted = equalitiesIn(asked.url.searchParams.get('$filter'), ['principalId', 'roleDefinitionId']);
    if (!wanted) return badRequest('Invalid filter clause.');
    const isWanted = (item: ReturnType<typeof instanceBody>): boolean => wanted.every(([field, value]) => item[field as 'principalId' | 'roleDefinitionId'] === value.toLowerCase());
    return many(`roleManagement/directory/${type}`, tenant.people.flatMap(of).map((one) => instanceBody(tenant, one, state.now())).filter(isWanted), asked);
  };

  const pim = '/graph/v1.0/roleManagement/directory';
  return [
    { method: 'get', path: '/graph/v1.0/users/:user/transitiveMemberOf', answer: memberOf },
    { method: 'get', path: '/graph/v1.0/:role/members', answer: roleMembers },
    { method: 'get', path: `${pim}/roleAssignmentScheduleInstances`, answer: instances(activeOf, 'roleAssignmentScheduleInstances') },
    { method: 'get', path: `${pim}/roleEligibilityScheduleInstances`, answer: instances(eligibleOf, 'roleEligibilityScheduleInstances') },
  ];
};

const instanceBody = ({ id: tenant }: Tenant, { person, role, is, through }: Instance, now: Date) => {
  const at = (ms: number): string | null => (is === 'Activated' ? new Date(now.getTime() + ms).toISOString() : null);
  return {
    id: stableId('schedule', tenant, person.id, role, is, through), principalId: person.id as string, roleDefinitionId: roleTemplates[role].id as string, directoryScopeId: '/', appScopeId: null,
    startDateTime: at(sinceMs), endDateTime: at(untilMs), memberType: through, ...(is !== 'Eligible' && { assignmentType: is }),
  };
};

/** A group that was made to hold a role, or to lie inside another group. */
const roleGroup = ({ id }: Tenant, role: Role) =>
  ({ '@odata.type': '#microsoft.graph.group', id: stableId('role group', id, role), displayName: `Holders of ${role}`, securityEnabled: true, isAssignableToRole: isDirectoryRole(role) });

const membershipsOf = (tenant: Tenant, person: Person): readonly object[] => [
  ...rolesHeld(person).flatMap((role): object[] => {
    if (isDirectoryRole(role)) return [{ '@odata.type': '#microsoft.graph.directoryRole', id: stableId('role', tenant.id, role), displayName: roleTemplates[role].name, roleTemplateId: roleTemplates[role].id }];
    return isAgent(role) ? [{ '@odata.type': '#microsoft.graph.group', id: groupOf(tenant.id, role), displayName: agentGroups[role], securityEnabled: true }] : [];
  }),
  ...person.viaGroup.filter((role) => role !== 'user').map((role) => roleGroup(tenant, role)),
];
