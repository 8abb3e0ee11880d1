import type { Entry } from '../commands/ports.js';
import type { AuditEvent } from '../domain/events.js';
import type { Invitation } from '../domain/invitation.js';
import { superseded } from '../domain/steps.js';
import { linked, sealed } from './audit.js';
import type { Dialect, Step } from './driver.js';
import { appendAudit, headOfChain, insertDecision, insertErrand, insertGrant, insertInvitation, updateInvitation } from './statements.js';

const answerIn = (invitation: Invitation | undefined) => (invitation && 'answer' in invitation ? invitation.answer : undefined);

const assertFollows = ({ before, after }: Entry): void => {
  if (before && (before.id !== after?.id || before.version + 1 !== after.version)) {
    throw new Error('An entry moves one invitation from the version before to the next one.');
  }
};

/** Reads the head and links the next record to it, inside the transaction. */
const append = (event: AuditEvent): readonly Step[] => {
  const names = sealed(event.names);
  return [
    headOfChain(event.chain),
    ([head]) => appendAudit(linked(event, names, head && { seq: Number(head['seq']), hash: String(head['hash']) }), names),
  ];
};

const replaced = (draft: Invitation, at: string): readonly Step[] => {
  if (draft.state !== 'draft') throw new Error('Only a draft can be superseded.');
  const { id, reference, partner, customer } = draft;
  return [
    updateInvitation(draft, superseded(draft, at)),
    ...append({ chain: id, event: 'InvitationSuperseded', at, facts: { partner: partner.tenant, customer: customer.tenant, reference }, names: {} }),
  ];
};

/** The whole entry as one batch. Its guards, not its reader, decide whether it still holds. */
export const batchOf = (entry: Entry, dialect: Dialect, machineNow: Date): readonly Step[] => {
  assertFollows(entry);
  const { event, before, after, grant, supersedes = [], errands = [] } = entry;
  const answer = answerIn(before) ? undefined : answerIn(after);
  // In one order everywhere, so that no two entries wait for each other.
  const chains = [event.chain, ...supersedes.map(({ id }) => id)].sort();
  return [
    ...chains.flatMap(dialect.lock),
    ...(after ? [before ? updateInvitation(before, after) : insertInvitation(after)] : []),
    ...(after && answer ? [insertDecision(after.id, answer)] : []),
    ...(grant ? [insertGrant(grant)] : []),
    ...supersedes.flatMap((draft) => replaced(draft, event.at)),
    ...append(event),
    ...errands.map((errand) => insertErrand(errand, machineNow)),
  ];
};
