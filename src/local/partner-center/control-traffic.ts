import { jsonIn } from './control-wire.js';
import { faultSchema, type Faults } from './faults.js';
import { limitsToSet, type Limiter } from './limits.js';
import { parseAs } from './read-world.js';
import type { Answered, Asked, Route } from './route.js';
import type { Traffic } from './traffic.js';

/** What was asked, how much may be asked, and what goes wrong with it. */
export const trafficControls = (traffic: Traffic, limits: Limiter, faults: Faults): readonly Route[] => {
  const setLimits = (asked: Asked): Answered => {
    const wanted = Object.entries(parseAs(limitsToSet, jsonIn(asked))).filter(([, value]) => value !== undefined);
    limits.set(Object.fromEntries(wanted));
    return { status: 200, body: limits.get() };
  };
  return [
    { method: 'get', path: '/sandbox/calls', answer: () => ({ status: 200, body: { calls: traffic.calls() } }) },
    { method: 'get', path: '/sandbox/load', answer: () => ({ status: 200, body: { load: traffic.loads() } }) },
    { method: 'get', path: '/sandbox/limits', answer: () => ({ status: 200, body: limits.get() }) },
    { method: 'post', path: '/sandbox/limits', answer: setLimits },
    { method: 'post', path: '/sandbox/faults', answer: (asked) => { faults.add(parseAs(faultSchema, jsonIn(asked))); return { status: 204 }; } },
    { method: 'del', path: '/sandbox/faults', answer: () => { faults.clear(); return { status: 204 }; } },
  ];
};
