import { z } from 'zod';
import { asTenantId, isGuid } from '../../domain/ids.js';
import { jsonIn, nothing } from './control-wire.js';
import type { Deliveries } from './deliveries.js';
import type { Happenings } from './happenings.js';
import { parseAs } from './read-world.js';
import type { Answered, Asked, Route } from './route.js';
import type { State } from './state.js';
import { changeDate } from './webhook-events.js';
import { switchesToSet } from './webhook-switches.js';

const eventSchema = z.strictObject({
  partner: z.string().refine(isGuid, 'is not a GUID').transform(asTenantId),
  EventName: z.string().min(1), ResourceUri: z.string().nullish(), ResourceName: z.string().optional(), AuditUri: z.string().nullish(), ResourceChangeUtcDate: z.string().optional(),
});

/** What happens to events on their way, and events that nothing in the world led to. */
export const webhookControls = (state: State, deliveries: Deliveries, happenings: Happenings): readonly Route[] => {
  const set = (asked: Asked): Answered => {
    const wanted = Object.entries(parseAs(switchesToSet, jsonIn(asked))).filter(([, value]) => value !== undefined);
    deliveries.set(Object.fromEntries(wanted));
    return { status: 200, body: deliveries.switches() };
  };
  /** 409: the partner has registered nothing that would hear it. */
  const send = (asked: Asked): Answered => {
    const { partner, ...event } = parseAs(eventSchema, jsonIn(asked));
    if (!state.tenant(partner)) return nothing;
    const delivery = happenings.announce(partner, { ...event, ResourceChangeUtcDate: event.ResourceChangeUtcDate ?? changeDate(state.now().toISOString()) });
    return delivery ? { status: 202, body: { delivery: delivery.id } } : { status: 409, body: { error: 'The partner has not registered for that event.' } };
  };
  const list = ({ url }: Asked): Answered => {
    const partner = url.searchParams.get('partner')?.toLowerCase();
    return { status: 200, body: { deliveries: deliveries.all().filter((one) => partner === undefined || one.partner === partner) } };
  };

  return [
    { method: 'get', path: '/sandbox/webhooks', answer: () => ({ status: 200, body: deliveries.switches() }) },
    { method: 'post', path: '/sandbox/webhooks', answer: set },
    { method: 'post', path: '/sandbox/events', answer: send },
    { method: 'get', path: '/sandbox/deliveries', answer: list },
  ];
};
