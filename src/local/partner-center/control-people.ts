import { z } from 'zod';
import { jsonIn, nothing } from './control-wire.js';
import { parseAs, rolesMisfit, WorldError } from './read-world.js';
import type { Answered, Asked, Route } from './route.js';
import type { State } from './state.js';
import { personChange, waysToHold, type Person } from './world.js';

const tenantChange = z.strictObject({ consented: z.boolean() });

/** Who may do what, and whose directory may be read. */
export const peopleControls = (state: State): readonly Route[] => {
  const changePerson = (asked: Asked): Answered => {
    const found = state.person(asked.params['id'] ?? '');
    if (!found) return nothing;
    const change = Object.fromEntries(Object.entries(parseAs(personChange, jsonIn(asked))).filter(([, value]) => value !== undefined)) as Partial<Person>;
    for (const way of waysToHold) {
      const misfit = rolesMisfit(change[way] ?? [], found.tenant.csp !== null);
      if (misfit) throw new WorldError(way, `${misfit} of ${found.tenant.name}`);
    }
    state.changePerson(found.person.id, change);
    return { status: 200, body: { ...found.person, ...change } };
  };

  const changeTenant = (asked: Asked): Answered => {
    const tenant = state.tenant(asked.params['id'] ?? '');
    if (!tenant) return nothing;
    const { consented } = parseAs(tenantChange, jsonIn(asked));
    state.setConsent(tenant.id, consented);
    return { status: 200, body: { id: tenant.id, consented } };
  };

  return [
    { method: 'patch', path: '/sandbox/people/:id', answer: changePerson },
    { method: 'patch', path: '/sandbox/tenants/:id', answer: changeTenant },
  ];
};
