import type { TenantId } from '../domain/ids.js';
import { aboutPair, byWhom } from './audit.js';
import { actorOf, personNow, type Speaker } from './gather.js';
import type { Ports } from './ports.js';

/** The customer takes no more requests from a partner, for good, or takes them again. What is open stays as it is. */
export const stopRequests = (ports: Ports) => async ({ by, partner, isStopped }: { readonly by: Speaker; readonly partner: TenantId; readonly isStopped: boolean }): Promise<'done' | 'notYours'> => {
  const person = await personNow(ports, by);
  if (person === 'unknown' || person.isGuest || !person.roles.includes('globalAdmin')) return 'notYours';
  if ((await ports.ledger.hasStopped(by.tenant, partner)) === isStopped) return 'done';
  const { facts, names } = byWhom(actorOf(by));
  await ports.ledger.record({
    event: aboutPair(isStopped ? 'RequestsStopped' : 'RequestsAllowed', { partner, customer: by.tenant }, ports.clock.now(), facts, names),
    stop: { customer: by.tenant, partner, isStopped },
  });
  return 'done';
};
