import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { TenantId } from '../../domain/ids.js';
import type { Pki } from './pki.js';
import type { EventBody } from './webhook-events.js';
import { usualSwitches, type Switches } from './webhook-switches.js';

/** `status` is missing when no answer came. Machine time, ISO 8601. */
export type Try = { readonly at: string; readonly status?: number; readonly problem?: string };
export type Delivery = {
  readonly id: string;
  readonly partner: TenantId;
  readonly url: string;
  readonly event: EventBody;
  readonly isDuplicate: boolean;
  state: 'held' | 'waiting' | 'delivered' | 'parked';
  readonly tries: Try[];
};
/** Where a partner wants its events, and in which header the signature. */
export type Address = { readonly partner: TenantId; readonly url: string; readonly inMsSignature: boolean };

const mostTries = 10;
const mostKept = 5_000;
const patienceMs = 10_000;

type DeliveriesOptions = { readonly pki: Pki; readonly certificateUrl: () => string; readonly machineNow: () => Date };

/** The way of events to those who listen. Waits are real time whatever the clocks say, and what waits is lost when the sandbox ends. */
export const createDeliveries = ({ pki, certificateUrl, machineNow }: DeliveriesOptions) => {
  let switches: Switches = usualSwitches;
  let all: Delivery[] = [];
  let held: (() => void)[] = [];
  let shuffled: (() => void)[] = [];
  const [timers, ended] = [new Set<NodeJS.Timeout>(), new AbortController()];
  /** First tries of one partner go one after the other. */
  const queues = new Map<TenantId, Promise<void>>();

  const later = (ms: number, work: () => void): void => {
    if (ended.signal.aborted) return;
    const timer = setTimeout(() => { timers.delete(timer); work(); }, ms);
    timers.add(timer.unref());
  };

  const headersFor = async (body: Buffer, { inMsSignature }: Address): Promise<Record<string, string>> => {
    const { sha1, wrongSignature } = switches;
    const signature = `Signature ${await pki.signed(wrongSignature ? Buffer.concat([body, Buffer.from(' ')]) : body, sha1 ? 'sha1' : 'sha256')}`;
    return {
      'content-type': 'application/json; charset=utf-8', [inMsSignature ? 'x-ms-signature' : 'authorization']: signature,
      'x-ms-certificate-url': certificateUrl(), 'x-ms-signature-algorithm': sha1 ? 'rsa-sha1' : 'rsa-sha256',
    };
  };

  const once = async (delivery: Delivery, address: Address): Promise<Try> => {
    const at = machineNow().toISOString();
    const body = Buffer.from(JSON.stringify(delivery.event));
    try {
      const answer = await fetch(address.url, {
        method: 'POST', body, redirect: 'manual', headers: await headersFor(body, address), signal: AbortSignal.any([ended.signal, AbortSignal.timeout(patienceMs)]),
      });
      await answer.body?.cancel();
      return { at, status: answer.status };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return { at, problem: cause instanceof Error ? cause.message || cause.name : 'The line broke.' };
    }
  };

  const deliver = async (delivery: Delivery, address: Address): Promise<void> => {
    if (ended.signal.aborted) return;
    const tried = await once(delivery, address);
    delivery.tries.push(tried);
    const { length } = delivery.tries;
    if (tried.status !== undefined && tried.status >= 200 && tried.status < 300) delivery.state = 'delivered';
    else if (length >= mostTries) delivery.state = 'parked';
    else later(switches.retryMs * 2 ** (length - 1), () => void deliver(delivery, address));
  };

  const start = (delivery: Delivery, address: Address): void => {
    delivery.state = 'waiting';
    queues.set(address.partner, (queues.get(address.partner) ?? Promise.resolve()).then(() => deliver(delivery, address)));
  };

  /** What comes within a moment goes out the other way round. */
  const shuffle = (work: () => void): void => {
    if (shuffled.push(work) > 1) return;
    later(100, () => {
      const turned = shuffled.reverse();
      shuffled = [];
      for (const go of turned) go();
    });
  };

  const send = (address: Address, event: EventBody, isDuplicate = false): Delivery => {
    const delivery: Delivery = { id: randomUUID(), partner: address.partner, url: address.url, event, isDuplicate, state: 'waiting', tries: [] };
    if (all.push(delivery) > mostKept) all = all.slice(-mostKept / 2);
    const go = (): void => start(delivery, address);
    if (switches.hold) {
      delivery.state = 'held';
      held.push(go);
    } else if (switches.reorder) shuffle(go);
    else go();
    if (switches.duplicate && !isDuplicate) send(address, event, true);
    return delivery;
  };

  return {
    send: (address: Address, event: EventBody): Delivery => send(address, event),
    all: (): readonly Delivery[] => all,
    switches: (): Switches => switches,
    set: (change: Partial<Switches>): void => {
      switches = { ...switches, ...change };
      if (switches.hold) return;
      const waiting = held;
      held = [];
      for (const go of waiting) (switches.reorder ? shuffle : (work: () => void) => work())(go);
    },
    reset: (): void => {
      switches = usualSwitches;
      [all, held, shuffled] = [[], [], []];
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
    close: (): void => {
      ended.abort();
      for (const timer of timers) clearTimeout(timer);
    },
  };
};

export type Deliveries = ReturnType<typeof createDeliveries>;

/** How the service names an answer: the words of the status without blanks. */
export const answerName = ({ status }: Try): string => (status === undefined ? '' : (STATUS_CODES[status] ?? String(status)).replaceAll(' ', ''));
