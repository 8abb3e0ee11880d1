import { refusesWhen, type Rule } from '../rule.js';
import type { InvitationFacts } from './facts.js';

export const mostUnanswered = 3;

/** The product's own promise to customers; Microsoft knows no such thing. */
export const customerTakesRequests: Rule<InvitationFacts> = {
  id: 'OWN-01', code: 'REQUESTS_STOPPED', origin: 'derived',
  source: 'A customer can stop further requests from a partner.',
  asks: ({ hasStoppedRequests, customer }) => refusesWhen(hasStoppedRequests, { customer: customer.name }),
};
export const noFloodOfRequests: Rule<InvitationFacts> = {
  id: 'OWN-02', code: 'TOO_MANY_UNANSWERED', origin: 'derived',
  source: 'At most three unanswered requests of a partner reach a customer in 90 days.',
  asks: ({ unanswered, customer }) => refusesWhen(unanswered >= mostUnanswered, { customer: customer.name, most: String(mostUnanswered) }),
};
