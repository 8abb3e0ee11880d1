import type { Entry } from '../commands/ports.js';
import type { AuditEvent } from '../domain/events.js';
import { lineOf, type CustomerLine } from '../domain/customer-standing.js';
import type { TenantId } from '../domain/ids.js';
import type { Grant, Invitation } from '../domain/invitation.js';
import { superseded } from '../domain/steps.js';
import { linked, sealed } from './audit.js';
import type { Dialect, Driver, Step } from './driver.js';
import type { LedgerTime } from './time.js';
import {
  appendAudit, clearTerms, headOfChain, insertDecision, insertErrand, insertGrant, insertInvitation, insertTerms, pairOf, putAlias, putCustomer, putGrant, putStop, stopOf, untoldPairs, updateGrant, updateInvitation,
} from './statements.js';

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
    ([head]) => [appendAudit(linked(event, names, head && { seq: Number(head['seq']), hash: String(head['hash']) }), names)],
  ];
};

type Superseded = NonNullable<Entry['supersedes']>[number];

const replaced = (invitation: Superseded, by: Invitation, at: string): readonly Step[] => {
  const { id, reference, partner, customer } = invitation;
  return [
    updateInvitation(invitation, superseded(invitation, at, by.reference)),
    ...append({ chain: id, event: 'InvitationSuperseded', at, facts: { partner: partner.tenant, customer: customer.tenant, reference, by: by.reference }, names: {} }),
  ];
};

/** Written before there was a second half: it asks to sell. */
export const invitationIn = (body: string): Invitation => {
  const invitation = JSON.parse(body) as Invitation;
  return 'asks' in invitation ? invitation : { ...(invitation as Invitation), asks: { sell: true } };
};

type Pair = readonly [partner: TenantId, customer: TenantId];

/** Reads what is known of the pair and writes its line for "my customers" anew, and what it is found by where that is new. */
const retold = ([partner, customer]: Pair): readonly Step[] => [
  pairOf(partner, customer),
  (rows) => {
    const of = (what: string): readonly string[] => rows.filter((row) => row['what'] === what).map((row) => String(row['body']));
    const [[invitation], [told], [alias]] = [of('invitation'), of('line'), of('alias')];
    const line = lineOf(customer, invitation === undefined ? undefined : invitationIn(invitation), of('grant').map((body) => JSON.parse(body) as Grant), alias);
    const before = told === undefined ? undefined : JSON.parse(told) as CustomerLine;
    const isFoundTheSame = before && before.name === line.name && before.domain === line.domain && before.alias === line.alias;
    return [...(isFoundTheSame ? [] : [clearTerms(partner, customer), insertTerms(partner, line)]), putCustomer(partner, line)];
  },
];

/** Two who write a line at once would each write what they had read of it. */
const lineLock = (pair: Pair): string => `line/${pair.join('/')}`;

/** In one order everywhere, so that no two batches wait for each other. */
const locked = (names: readonly string[], { lock }: Dialect): readonly Step[] => [...new Set(names)].sort().flatMap(lock);

/** A ledger from before there was "my customers" gets its lines when it is opened. */
export const tellUntold = async ({ read, write, dialect }: Driver): Promise<void> => {
  for (const { partner, customer } of await read(untoldPairs())) {
    const pair: Pair = [partner as TenantId, customer as TenantId];
    await write([...locked([lineLock(pair)], dialect), ...retold(pair)]);
  }
};

/** What was there before anybody looked: no event, nobody is told. */
export const grantsBatch = (grants: readonly Grant[], dialect: Dialect): readonly Step[] => {
  const pairs = differing(grants.map(({ partner, customer }) => [partner, customer]));
  return [...locked(pairs.map(lineLock), dialect), ...grants.map((grant) => insertGrant(grant)), ...pairs.flatMap(retold)];
};

const differing = (pairs: readonly Pair[]): readonly Pair[] => [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()];

/** Whose line for "my customers" this entry may change. A draft changes none. */
const pairsIn = ({ after, grants = [], alias }: Entry): readonly Pair[] => {
  return differing([
    ...(after && 'sentAt' in after ? [[after.partner.tenant, after.customer.tenant] as const] : []),
    ...grants.map(({ partner, customer }) => [partner, customer] as const),
    ...(alias ? [[alias.partner, alias.customer] as const] : []),
  ]);
};

/** The whole entry as one batch. Its guards, not its reader, decide whether it still holds. */
export const batchOf = (entry: Entry, dialect: Dialect, time: LedgerTime): readonly Step[] => {
  assertFollows(entry);
  const { event, before, after, grants = [], isTurn, grantRead, supersedes = [], stop, alias, errands = [] } = entry;
  if (supersedes.length > 0 && !after) throw new Error('Something must take the place of what is superseded.');
  const answer = answerIn(before) ? undefined : answerIn(after);
  const asked = after && before?.state === 'draft' && 'sentAt' in after ? { customer: after.customer.tenant, partner: after.partner.tenant } : undefined;
  const willing = stop ?? asked;
  const pairs = pairsIn(entry);
  const names = [event.chain, ...supersedes.map(({ id }) => id), ...(willing ? [`stop/${willing.customer}/${willing.partner}`] : []), ...pairs.map(lineLock)];
  return [
    ...locked(names, dialect),
    // The customer may have said "no more" since the rules were asked.
    ...(asked ? [{ ...stopOf(asked.customer, asked.partner), expects: 0 }] : []),
    // First, so that what takes their place finds it free.
    ...(after ? supersedes.flatMap((earlier) => replaced(earlier, after, event.at)) : []),
    ...(after ? [before ? updateInvitation(before, after) : insertInvitation(after)] : []),
    ...(after && answer ? [insertDecision(after.id, answer)] : []),
    ...grants.map((grant) => (grantRead ? updateGrant(grantRead, grant) : putGrant(grant, isTurn))),
    ...(stop ? [putStop(stop)] : []),
    ...(alias ? [putAlias(alias)] : []),
    ...append(event),
    ...pairs.flatMap(retold),
    ...errands.map((errand) => insertErrand(errand, time)),
  ];
};
