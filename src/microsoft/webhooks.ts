import { request } from 'undici';
import { z } from 'zod';
import { AuthorityUnavailableError, EventNotTakenError, type NewsFeed } from '../commands/ports.js';
import type { Accounts } from './accounts.js';
import { isDone, readAs } from './answers.js';
import type { Caller } from './caller.js';
import { refusedByPartnerCenter } from './refusals.js';

// Field names of this part of Partner Center come in both letter cases; the first letter is made small on the way in.
const registration = z.looseObject({ webhookUrl: z.string().nullish(), webhookEvents: z.array(z.string()).nullish() });
const testEvent = z.looseObject({ correlationId: z.string() });
const testResult = z.looseObject({ status: z.string().nullish(), results: z.array(z.looseObject({ responseCode: z.union([z.string(), z.number()]).nullish() })).nullish() });

const post = async (...[url, { headers, body }]: Parameters<NewsFeed['passOn']>): Promise<number> => {
  const answer = await request(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, signal: AbortSignal.timeout(10_000) });
  await answer.body.dump();
  return answer.statusCode;
};

/** Too slow, too early, too many. */
const notNow: readonly number[] = [408, 425, 429];

/** Where Partner Center sends a partner's news: one address for each partner. @see Partner Center docs, "Partner Center webhooks" */
export const createWebhooks = (call: Caller, { partnerCenterApp }: Accounts): NewsFeed => ({
  eventNames: async (partner) => readAs(z.array(z.string()), 'webhookEvents', await call('webhookEvents', partnerCenterApp(partner))),

  registration: async (partner) => {
    const answer = await call('webhookRegistration', partnerCenterApp(partner));
    if (answer.status === 404) return undefined;
    const { webhookUrl, webhookEvents } = readAs(registration, 'webhookRegistration', answer);
    return webhookUrl ? { url: webhookUrl, events: webhookEvents ?? [] } : undefined;
  },

  register: async (partner, { url, events }, before) => {
    const body = { WebhookUrl: url, WebhookEvents: [...events] };
    const answer = await call(before ? 'changeWebhook' : 'registerWebhook', { ...partnerCenterApp(partner), body });
    return isDone(answer) ? 'registered' : refusedByPartnerCenter(answer);
  },

  askTest: async (partner) => {
    const answer = await call('askTestEvent', { ...partnerCenterApp(partner), body: {} });
    return isDone(answer) ? { test: readAs(testEvent, 'askTestEvent', answer).correlationId } : refusedByPartnerCenter(answer);
  },

  testResult: async (partner, test) => {
    const { status, results } = readAs(testResult, 'testEvent', await call('testEvent', { ...partnerCenterApp(partner), params: { event: test } }));
    return { status: status ?? '', answers: (results ?? []).map(({ responseCode }) => String(responseCode ?? '')) };
  },

  passOn: async (url, event) => {
    const status = await post(url, event).catch((cause: unknown) => { throw new AuthorityUnavailableError('passOn', { cause }); });
    if (status >= 500 || notNow.includes(status)) throw new AuthorityUnavailableError('passOn', { cause: new Error(`Status ${status}.`) });
    if (status >= 300) throw new EventNotTakenError(status);
  },
});
