import type { InvitationId } from '../domain/ids.js';
import type { Invitation } from '../domain/invitation.js';
import type { AuditEvent } from '../domain/events.js';
import { isPartner, personNow, type Speaker } from './gather.js';
import type { AuditRecord, Ports } from './ports.js';
import { mayAnswer, mayUsePartnerCommands } from './show-invitation.js';
import type { HistoryLine, HistoryView } from './views.js';

type EventName = AuditEvent['event'];

/** What happened inside one side is that side's own; everything else both may read. */
const ofPartner: readonly EventName[] = ['InvitationDrafted', 'InvitationRefused', 'InvitationFailed', 'InvitationDropped', 'InvitationHandedOver', 'InvitationHandedBack', 'CustomerReminded', 'AccessAssigned', 'AccessWithdrawn', 'ActRefused', 'ActGivenUp', 'CustomerNamed'];
const ofCustomer: readonly EventName[] = ['InvitationForwarded', 'RequestsStopped', 'RequestsAllowed', 'AnswerRefused', 'InvitationOpened'];

export type Side = 'partner' | 'customer';

/** Who took a receipt is the business of the side that took it. */
const exportedBy = (body: string): string | undefined => (JSON.parse(body) as AuditEvent).facts['side'];

export const isReadable = ({ event, body }: Pick<AuditRecord, 'event' | 'body'>, side: Side): boolean =>
  event === 'HistoryExported' ? exportedBy(body) === side : !(side === 'partner' ? ofCustomer : ofPartner).includes(event as EventName);

/** Which side an invitation's record is read from, where the speaker may read it at all: a sales agent their own, admins the firm's. */
export const sideThatReads = async (ports: Ports, invitation: Invitation | undefined, by: Speaker): Promise<Side | undefined> => {
  const person = await personNow(ports, by);
  if (!invitation) return undefined;
  if (invitation.partner.tenant === by.tenant && isPartner(ports, by.tenant)) {
    if (!mayUsePartnerCommands(person) || person === 'unknown') return undefined;
    const isOwn = invitation.inviter.id === by.person || invitation.handedTo?.id === by.person;
    return isOwn || person.roles.some((role) => role === 'globalAdmin' || role === 'userAdmin' || role === 'adminAgent') ? 'partner' : undefined;
  }
  return mayAnswer(person, invitation) === 'yes' && 'sentAt' in invitation ? 'customer' : undefined;
};

/**
 * The record of one invitation as this side may read it, with what checking the whole chain found.
 * @param verify the ledger's check: every link, also those that this side may not read
 */
export const showHistory = (ports: Ports, verify: (records: readonly AuditRecord[]) => HistoryView['verdict']) =>
  async ({ by, id }: { readonly by: Speaker; readonly id: InvitationId }): Promise<HistoryView | undefined> => {
    const invitation = await ports.ledger.invitation(id);
    const side = await sideThatReads(ports, invitation, by);
    if (!invitation || !side) return undefined;
    const records = await ports.ledger.history(id);
    return {
      view: 'history', side, invitation, verdict: verify(records), chainHead: records.at(-1)?.hash.slice(0, 12) ?? '',
      lines: records.filter((record) => isReadable(record, side)).map((record) => lineOf(record, invitation, side)),
    };
  };

const lineOf = ({ at, event, names }: AuditRecord, invitation: Invitation, side: Side): HistoryLine => {
  const isKept = side === 'partner' && event === 'InvitationDeclined' && 'answer' in invitation && invitation.answer?.isReasonShared === false;
  const { by = '', text, note, to, group, comment } = names;
  return { at, event, by, note: isKept ? '' : (text ?? note ?? group ?? comment ?? to ?? '') };
};
