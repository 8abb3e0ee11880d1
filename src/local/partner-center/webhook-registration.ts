import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { answerName, type Deliveries, type Delivery, type Try } from './deliveries.js';
import { throttled } from './limits.js';
import { refusal, type PartnerCenterWire } from './partner-center-wire.js';
import { AnsweredEarly, parsed, type Answered, type Asked, type Route } from './route.js';
import type { State } from './state.js';
import { changeDate, eventNames } from './webhook-events.js';
import type { Happenings } from './happenings.js';
import type { TenantId } from '../../domain/ids.js';

/** Where a partner wants its events: one address for each partner. */
export type Registration = { readonly subscriber: string; readonly url: string; readonly events: readonly string[]; readonly inMsSignature: boolean };

const mostTestsAMinute = 2;
const testsKeptMs = 7 * 86_400_000;

const isLoopback = (name: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(name);
/** Nothing leaves this machine unencrypted. */
const mayBeCalled = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
};
const body = z.object({
  webhookurl: z.string().refine(mayBeCalled),
  webhookevents: z.array(z.enum(eventNames)).min(1),
  signaturetokentomssignatureheader: z.boolean().nullish(),
});
/** The service takes its field names in any letter case. */
const fieldsIn = (text: string): unknown => {
  const value = parsed(text);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field as unknown])) : value;
};

type Test = { readonly partner: TenantId; readonly askedAt: number; readonly until: number; readonly delivery: Delivery };
export type WebhookOptions = { readonly state: State; readonly wire: PartnerCenterWire; readonly happenings: Happenings; readonly deliveries: Deliveries; readonly partnerCenterUrl: () => string };

/** Where a partner's events go, and the test of it; the app alone is enough. @see Partner Center docs, "Partner Center webhooks" */
export const createWebhooks = ({ state, wire, happenings, deliveries, partnerCenterUrl }: WebhookOptions) => {
  const tests = new Map<string, Test>();
  const partnerIn = (asked: Asked): TenantId => wire.caller(asked).partner.id;
  const registered = (partner: TenantId): Registration => state.registration(partner) ?? stop(refusal(404, 1000, 'There is no registration.'));
  const wireOf = ({ subscriber, url, events, inMsSignature }: Registration) =>
    ({ SubscriberId: subscriber, WebhookUrl: url, WebhookEvents: events, SignatureTokenToMsSignatureHeader: inMsSignature });

  const keep = (partner: TenantId, asked: Asked, subscriber: string): Answered => {
    const read = body.safeParse(fieldsIn(asked.body)).data;
    if (!read) return refusal(400, 2000, 'The registration is not valid: an https address and known events are needed.');
    const registration = { subscriber, url: read.webhookurl, events: read.webhookevents, inMsSignature: read.signaturetokentomssignatureheader ?? false };
    state.putRegistration(partner, registration);
    return { status: 200, body: wireOf(registration) };
  };
  const register = (asked: Asked): Answered => {
    const partner = partnerIn(asked);
    return state.registration(partner) ? refusal(409, 3000, 'There is a registration already.') : keep(partner, asked, randomUUID());
  };
  const change = (asked: Asked): Answered => {
    const partner = partnerIn(asked);
    return keep(partner, asked, registered(partner).subscriber);
  };

  const test = (asked: Asked): Answered => {
    const partner = partnerIn(asked);
    const { url, inMsSignature } = registered(partner);
    const { machine, business } = state.moment();
    const recent = [...tests.values()].filter((one) => one.partner === partner && one.askedAt > machine - 60_000);
    if (recent.length >= mostTestsAMinute) {
      const seconds = Math.max(1, Math.ceil((Math.min(...recent.map(({ askedAt }) => askedAt)) + 60_000 - machine) / 1000));
      return throttled(seconds);
    }
    const correlationId = randomUUID();
    const delivery = deliveries.send({ partner, url, inMsSignature }, {
      EventName: 'test-created', ResourceUri: `${partnerCenterUrl()}/webhooks/v1/registration/validationEvents/${correlationId}`, ResourceName: 'test', AuditUri: null,
      ResourceChangeUtcDate: changeDate(business.toISOString()),
    });
    tests.set(correlationId, { partner, askedAt: machine, until: business.getTime() + testsKeptMs, delivery });
    return { status: 200, body: { correlationId } };
  };

  const testResult = (asked: Asked): Answered => {
    const partner = partnerIn(asked);
    const correlationId = asked.params['test'] ?? '';
    const found = tests.get(correlationId);
    if (found?.partner !== partner || found.until <= state.now().getTime()) return refusal(404, 1000, 'The test event was not found.');
    const { url, state: stands, tries } = found.delivery;
    return { status: 200, body: { correlationId, partnerId: partner, status: stands === 'delivered' || stands === 'parked' ? 'completed' : 'inProgress', callbackUrl: url, results: tries.map(resultOf) } };
  };

  const registration = '/partner-center/webhooks/v1/registration';
  const routes: readonly Route[] = [
    { method: 'get', path: `${registration}/events`, answer: (asked) => (partnerIn(asked), { status: 200, body: eventNames }) },
    { method: 'get', path: registration, answer: (asked) => ({ status: 200, body: wireOf(registered(partnerIn(asked))) }) },
    { method: 'post', path: registration, answer: register },
    { method: 'put', path: registration, answer: change },
    { method: 'post', path: `${registration}/validationEvents`, answer: test },
    { method: 'get', path: `${registration}/validationEvents/:test`, answer: testResult },
  ];
  return { routes, announce: happenings.announce, reset: (): void => tests.clear() };
};

const stop = (answered: Answered): never => {
  throw new AnsweredEarly(answered);
};

const resultOf = (tried: Try) => ({
  responseCode: answerName(tried), responseMessage: tried.problem ?? '', systemError: tried.status === undefined, dateTimeUtc: tried.at.replace('Z', '0000'),
});
