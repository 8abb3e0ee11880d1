import type { Bench } from '../bench.js';
import type { Answer, Sent, Turn } from '../channel.js';
import { manyOf } from '../load.js';
import { ask, type Side } from '../sides.js';
import type { Person } from '../world.js';
import { agentAt, isPreview } from './message.js';

const verbIn = (node: unknown, verb: string): Record<string, unknown> | undefined => {
  if (typeof node !== 'object' || node === null) return undefined;
  if ('verb' in node && node.verb === verb && 'data' in node && 'type' in node && node.type === 'Action.Execute') return node.data as Record<string, unknown>;
  for (const value of Object.values(node)) {
    const found = verbIn(value, verb);
    if (found) return found;
  }
  return undefined;
};
const isCard = ({ body }: Answer): boolean => body.includes('application/vnd.microsoft.card.adaptive');

export type Request = { readonly admin: Person; readonly inviter: Person; readonly card: Sent; readonly data: unknown };

/** The whole way to an open request in front of a Global admin: they install the app, an agent invites and sends, the card arrives. */
const openRequest = async (bench: Bench, { line }: Side, at: number): Promise<Request> => {
  const { domain, admin } = bench.nextCustomer();
  const inviter = agentAt(at);
  const card = new Promise<Sent>((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error(`No request reached ${admin.name}.`)), 20_000);
    line.listen(admin, (sent) => {
      if (!verbIn(sent.activity['attachments'], 'approve-invitation')) return;
      clearTimeout(patience);
      resolve(sent);
    });
  });
  await line.tell(admin, { type: 'installationUpdate', action: 'add' });
  const { sent } = await line.say(inviter, `invite ${domain} because Azure backup`, isPreview);
  const draft = verbIn(sent?.activity['attachments'], 'send-invitation');
  if (!sent || !draft) throw new Error('No preview to send.');
  const pressed = await line.press(inviter, sent.id, 'send-invitation', { ...draft, reason: 'Azure backup', notCsp: 'true' }, isCard);
  if (!pressed.isGood) throw new Error(`Not sent: ${JSON.stringify(pressed.answer)}`);
  const arrived = await card;
  return { admin, inviter, card: arrived, data: verbIn(arrived.activity['attachments'], 'approve-invitation') };
};

export const openRequests = (bench: Bench, side: Side, many: number): Promise<readonly Request[]> => manyOf(many, 8, (at) => openRequest(bench, side, at));

/** The admin presses Approve. */
export const approveTurn = ({ line }: Side, requests: readonly Request[]) => (at: number): Promise<Turn> => {
  const { admin, card, data } = requests[at] as Request;
  return line.press(admin, card.id, 'approve-invitation', data, isCard);
};

/** Listens for the inviters' notices, each of another inviter. */
export const noticesOf = ({ line }: Side, requests: readonly Request[]) => {
  const heard = new Map<string, number>();
  for (const { inviter } of requests) line.listen(inviter, ({ method }) => { if (method === 'POST') heard.set(inviter.id, Date.now()); });
  return {
    hasHeard: ({ inviter }: Request): boolean => heard.has(inviter.id),
    /** Milliseconds from the moment the decision bears, which is before its commit, to the arrival of the notice at the connector. */
    delays: async (databaseUrl: string): Promise<readonly number[]> => {
      const decided = new Map((await ask(databaseUrl, 'SELECT person, at FROM decision')).map(({ person, at }) => [String(person), Date.parse(String(at))]));
      return requests.flatMap(({ admin, inviter }) => {
        const [from, to] = [decided.get(admin.id), heard.get(inviter.id)];
        return from === undefined || to === undefined ? [] : [to - from];
      });
    },
  };
};
