import { groupOf } from './credentials.js';
import { badRequest, notFound, userBody, type GraphWire } from './graph-wire.js';
import { rolesHeld } from './roles-held.js';
import type { Asked, Answered, Route } from './route.js';
import { stableId } from './stable-id.js';
import type { Tenant } from './world.js';

export const agentGroups = { adminAgent: 'AdminAgents', salesAgent: 'SalesAgents', helpdeskAgent: 'HelpdeskAgents' } as const;
const ownGroups = ['M365 Support', 'Azure Operations'] as const;

type Group = { readonly id: string; readonly name: string; readonly role?: keyof typeof agentGroups };

/** The security groups of a partner; an indirect reseller has no SalesAgents, and a customer's groups are nobody's business. */
export const groupsOf = ({ id, csp }: Tenant): readonly Group[] => {
  if (!csp) return [];
  const roles = (Object.keys(agentGroups) as (keyof typeof agentGroups)[]).filter((role) => role !== 'salesAgent' || csp.type !== 'indirectReseller');
  return [
    ...roles.map((role) => ({ id: groupOf(id, role), name: agentGroups[role], role })),
    ...ownGroups.map((name) => ({ id: stableId('group', id, name), name })),
  ];
};

export const graphGroupRoutes = ({ directoryOf, many }: GraphWire): readonly Route[] => {
  const groups = (asked: Asked): Answered => {
    const tenant = directoryOf(asked);
    const filter = asked.url.searchParams.get('$filter');
    if (filter !== null && filter.trim() !== 'securityEnabled eq true') return badRequest('Invalid filter clause.');
    return many('groups', groupsOf(tenant).map(groupBody), asked);
  };

  const members = (asked: Asked): Answered => {
    const tenant = directoryOf(asked);
    const group = groupsOf(tenant).find(({ id }) => id === (asked.params['group'] ?? '').toLowerCase());
    if (!group) return notFound;
    const people = tenant.people.filter((person) => rolesHeld(person).some((role) => role === group.role));
    return many('directoryObjects', people.map((person) => ({ '@odata.type': '#microsoft.graph.user', ...userBody(person) })), asked);
  };

  return [
    { method: 'get', path: '/graph/v1.0/groups', answer: groups },
    { method: 'get', path: '/graph/v1.0/groups/:group/members', answer: members },
  ];
};

const groupBody = ({ id, name }: Group) => ({
  id, displayName: name, description: null, groupTypes: [], mail: null, mailEnabled: false, mailNickname: name.replaceAll(' ', ''), securityEnabled: true,
});
