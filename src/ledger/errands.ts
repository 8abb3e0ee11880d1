import type { ClaimedErrand, Errands, ErrandTopic } from '../commands/ports.js';
import type { InvitationId } from '../domain/ids.js';
import type { Driver, Row } from './driver.js';
import type { LedgerTime } from './time.js';
import * as sql from './statements.js';

const bodyIn = (row: Row) => JSON.parse(String(row['body'])) as ClaimedErrand['body'];
const topicIn = (row: Row) => row['topic'] as ErrandTopic;

const claimedIn = (row: Row): ClaimedErrand => ({
  id: Number(row['id']),
  topic: topicIn(row),
  key: String(row['errand_key']),
  lane: String(row['lane']),
  body: bodyIn(row),
  attempt: Number(row['attempt']),
  ...(row['invitation'] !== null && { invitation: row['invitation'] as InvitationId }),
  ...(row['cause'] !== null && { cause: String(row['cause']) }),
});

/**
 * Done and buried rows stay, and most keep their key, so that it is never used twice. A worker that lost its lease changes nothing.
 * @param settle writes how an errand came out, also where nothing new may be begun
 */
export const errandsOn = ({ read, write, dialect }: Driver, time: LedgerTime, settle: Driver['write'] = write): Errands => ({
  add: async (errands) => {
    // In one order everywhere, so that each sees what the one before gave, and no two wait for each other.
    const joined = [...new Set(errands.flatMap(({ lane, joinsWaiting }) => (joinsWaiting ? [lane] : [])))].sort();
    if (errands.length > 0) await write([...joined.flatMap(dialect.lock), ...errands.map((errand) => sql.insertErrand(errand, time))]);
  },
  claim: async (now, limit, leaseSeconds) => {
    const rows = await write(time.exactly(now, (exactly) => sql.claimErrands(exactly, limit, leaseSeconds, dialect.skipLocked)));
    return rows.map(claimedIn).sort((one, other) => one.id - other.id);
  },
  hold: async (errand, now, leaseSeconds) => void (await settle(time.exactly(now, (exactly) => sql.holdErrand(errand, exactly, leaseSeconds)))),
  done: async (errand) => void (await settle([sql.finishErrand(errand)])),
  fail: async (errand, reason, again) => void (await settle([again ? sql.delayErrand(errand, reason, time.of(again)) : sql.buryErrand(errand, reason)])),
  deadLetters: async (invitation) =>
    (await read(sql.deadLettersOf(invitation))).map((row) => ({ topic: topicIn(row), body: bodyIn(row), reason: String(row['reason']) })),
  depth: async (now) => {
    const at = time.of(now);
    const [row] = await read(sql.errandDepth(at));
    const oldest = row?.['oldest'] ?? at.getTime();
    return { waiting: Number(row?.['waiting']), due: Number(row?.['due']), dead: Number(row?.['dead']), oldestDueSeconds: Math.floor((at.getTime() - Number(oldest)) / 1000) };
  },
});
