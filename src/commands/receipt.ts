import type { InvitationId } from '../domain/ids.js';
import { halvesOf } from '../domain/invitation.js';
import { byWhom, happened } from './audit.js';
import { actorOf, type Speaker } from './gather.js';
import type { Ports } from './ports.js';
import { isReadable, sideThatReads, type Side } from './show-history.js';

/** One page that stands on its own: what was asked and decided, and a chain that anybody can check without this product. */
export type Receipt = {
  readonly receipt: 'partner-invitations/1';
  readonly reference: string;
  readonly side: Side;
  readonly partner: string;
  readonly customer: string;
  readonly asks: readonly string[];
  readonly state: string;
  readonly head: string;
  /** Links of the other side only are there as their hash, so that the chain stays whole and nothing is told. */
  readonly chain: readonly ReceiptLink[];
};
export type ReceiptLink =
  | { readonly seq: number; readonly previous: string; readonly hash: string; readonly body: string; readonly names: Readonly<Record<string, string>>; readonly salts: Readonly<Record<string, string>> }
  | { readonly seq: number; readonly previous: string; readonly hash: string };

type Salted = { readonly salts?: Readonly<Record<string, string>> };

export const receiptOf = (ports: Ports) => async ({ by, id }: { readonly by: Speaker; readonly id: InvitationId }): Promise<Receipt | undefined> => {
  const { ledger, clock } = ports;
  const invitation = await ledger.invitation(id);
  const side = await sideThatReads(ports, invitation, by);
  if (!invitation || !side) return undefined;
  const { facts, names: who } = byWhom(actorOf(by));
  await ledger.record({ event: happened('HistoryExported', invitation, clock.now(), { facts: { ...facts, side }, names: who }) });
  const records = await ledger.history(id);
  const isReasonKept = side === 'partner' && 'answer' in invitation && invitation.answer?.isReasonShared === false;
  return {
    receipt: 'partner-invitations/1', reference: invitation.reference, side, partner: invitation.partner.name, customer: invitation.customer.name,
    asks: halvesOf(invitation.asks), state: invitation.state, head: records.at(-1)?.hash ?? '',
    chain: records.map(({ seq, previous, hash, body, event, names, ...rest }) => {
      if (!isReadable({ event, body }, side)) return { seq, previous, hash };
      const hidden = isReasonKept && event === 'InvitationDeclined' ? ['reason', 'comment'] : [];
      const shown = Object.fromEntries(Object.entries(names).filter(([field]) => !hidden.includes(field)));
      const salts = Object.fromEntries(Object.entries((rest as Salted).salts ?? {}).filter(([field]) => field in shown));
      return { seq, previous, hash, body, names: shown, salts };
    }),
  };
};
