import { isPartner, personNow, sideOf, type Speaker } from './gather.js';
import { deciders } from './show-my-partners.js';
import { AuthorityUnavailableError, notConsented, type Ports } from './ports.js';
import type { WhoAmI } from './views.js';

/** Side, organisation and roles, as the directory tells them now. An outage is "cannot tell", never "no role". */
export const whoAmI = (ports: Ports) => async (by: Speaker): Promise<WhoAmI> => {
  const { authority, directory } = ports;
  const side = sideOf(ports, by.tenant);
  try {
    const [person, organisation] = await Promise.all([
      personNow(ports, by),
      side === 'partner' ? authority.partner(by.tenant) : directory.tenantById(by.tenant, by.tenant),
    ]);
    return person === 'unknown'
      ? { side, organisation: organisation?.name ?? '', roles: 'unknown', isGuest: false }
      : { side, organisation: organisation?.name ?? '', roles: person.roles, isGuest: person.isGuest };
  } catch (error) {
    if (error instanceof AuthorityUnavailableError) return { side, organisation: '', roles: 'unknown', isGuest: false };
    throw error;
  }
};

/** The people of one's own organisation who can answer requests. Partners and guests are told no names of a customer's people. */
export const whoCanDecide = (ports: Ports) => async (by: Speaker): Promise<readonly string[] | typeof notConsented> => {
  if (isPartner(ports, by.tenant)) return [];
  const person = await personNow(ports, by);
  if (person === 'unknown') return notConsented;
  return person.isGuest ? [] : deciders(ports, by.tenant);
};
