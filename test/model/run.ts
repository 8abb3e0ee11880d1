/** One sequence from the beginning to the quiet after it. */
import { strict as assert } from 'node:assert';
import { AuthorityUnavailableError, LedgerUnavailableError } from '../../src/commands/ports.js';
import type { View } from '../../src/commands/views.js';
import type { Grant } from '../../src/domain/invitation.js';
import { invitationsIn, perform, timeBefore, type Command, type Done } from './commands.js';
import type { Coverage } from './coverage.js';
import { invariants, type Invariants } from './invariants.js';
import { isGlobalAdminOf, partners, peopleOf } from './people.js';
import { halvesIn, isOpenState } from './reference.js';
import type { House } from './world.js';

const stoppedIn = (house: House): ReadonlySet<string> => house.stops();

/** Does it once; `away` when Microsoft or the ledger could not be reached. */
const once = async (house: House, command: Command): Promise<Done | 'away'> => {
  try {
    return await perform(house, command, stoppedIn(house));
  } catch (error) {
    const isArmed = (error instanceof AuthorityUnavailableError && house.microsoft.isAway()) || (error instanceof LedgerUnavailableError && house.crash.happened);
    if (!isArmed) throw error;
    return 'away';
  }
};

const withTrouble = async (house: House, command: Command, { met }: Coverage): Promise<readonly (Done | 'away')[]> => {
  const { trouble } = command;
  if (!trouble) return [await once(house, command)];
  met('trouble', trouble.is === 'crash' ? `crash ${trouble.when}` : trouble.is === 'outage' && trouble.isLost ? 'answer lost' : trouble.is === 'atOnce' && trouble.beside ? 'two at once' : trouble.is);
  switch (trouble.is) {
    case 'crash': {
      Object.assign(house.crash, { next: trouble.when, skip: trouble.skip, happened: false });
      const first = await once(house, command);
      house.crash.next = undefined;
      // The process is there again; whatever it held is free after its lease.
      house.passes(61_000);
      return first === 'away' || command.do === 'deliver' ? [first, await once(house, command)] : [first];
    }
    case 'outage': {
      house.microsoft.goesAway(trouble);
      const done = await once(house, command);
      house.microsoft.goesAway(undefined);
      return [done];
    }
    case 'again': return [await once(house, command), await once(house, command)];
    case 'atOnce': return Promise.all([once(house, command), once(house, trouble.beside ?? command)]);
  }
};

/** What a command answered, against what the reference says it had to. */
const compare = (command: Command, done: Done): void => {
  if (!done.expected || done.key === 'writtenDown' || done.key === 'noSuchTenant') return;
  assert.deepEqual([...(done.codes ?? [])].sort(), [...done.expected].sort(), `${command.do} answered otherwise than it had to`);
};

/** After a round that nothing disturbed the ledger knows what Microsoft has. */
const watched = (house: House): void => {
  const { microsoft, tables } = house;
  const grants = tables.grants().map(({ body }) => JSON.parse(body) as Grant).filter(({ ended }) => !ended);
  for (const partner of partners) {
    const ours = grants.filter((one) => one.partner === partner).map(({ kind, customer, relationship = '' }) => `${kind} ${customer} ${relationship}`);
    const theirs = [
      ...[...microsoft.state.resellers].filter((pair) => pair.startsWith(partner)).map((pair) => `reseller ${pair.split(' ')[1]} `),
      ...microsoft.standing(partner).map(({ customer, id }) => `gdap ${customer} ${id}`),
    ];
    assert.deepEqual(ours.sort(), theirs.sort(), 'the ledger shows what Microsoft shows');
  }
  for (const one of invitationsIn(house)) {
    if (!isOpenState(one.state) || !('expiresAt' in one) || !one.expiresAt) continue;
    assert(Date.parse(one.expiresAt) > house.time.business - 1000, `${one.reference} is open past its last day`);
    const isWhole = halvesIn(one).every((half) => (half === 'sell' ? one.seen?.sell ?? microsoft.sells(one.partner.tenant, one.customer.tenant) : one.seen?.manage ?? microsoft.standing(one.partner.tenant).some(({ id }) => id === one.delegated?.relationship)));
    assert(!isWhole, `${one.reference} is ${one.state} although Microsoft has all of it`);
  }
};

/** Everything heals, and everything that was written down is carried out. */
const quiet = async (house: House, checks: Invariants): Promise<void> => {
  const { tables } = house;
  for (let round = 0; round < 40 && tables.waiting().length > 0; round += 1) {
    house.passes(16 * 60_000);
    await house.runsErrands();
  }
  assert.deepEqual(tables.waiting(), [], 'nothing waits for ever');
  assert.deepEqual(tables.told().filter(({ state }) => state === 'dead'), [], 'nothing is given up');
  await checks.hold(true);

  const copies = tables.copies();
  const told = (person: string, subject: string, id: string): number =>
    (house.pushed as readonly { readonly person: string; readonly view: View }[]).filter(({ person: whom, view }) => whom === person && view.view === 'notice' && view.subject === subject && view.invitation.id === id).length;
  for (const one of invitationsIn(house)) {
    const holders = copies.filter(({ invitation, tenant }) => invitation === one.id && tenant === one.customer.tenant).map(({ person }) => person);
    if (one.state === 'sent') assert.deepEqual(holders, [], `${one.reference} is held by somebody of the customer and not delivered`);
    if ((one.state === 'sent' || one.state === 'delivered') && house.microsoft.state.isConsented) {
      for (const { id } of peopleOf(one.customer.tenant).filter(({ id }) => isGlobalAdminOf(id, one.customer.tenant))) assert(holders.includes(id), `${one.reference} never came to ${id}`);
    }
    const ends: readonly (readonly [string, string])[] = [['InvitationApproved', 'approved'], ['InvitationDeclined', 'declined'], ['RelationshipEstablished', 'established'], ['InvitationExpired', 'expired'], ['RelationshipFoundLate', 'foundLate']];
    for (const [event, subject] of ends) {
      if (!checks.eventsOf(one.id).some((link) => link.event === event)) continue;
      assert.equal(told(one.inviter.id, subject, one.id), 1, `${one.reference}: the inviter hears "${subject}" once`);
    }
  }
};

/** How many commands were carried out. */
export const run = async (house: House, sequence: readonly Command[], coverage: Coverage): Promise<number> => {
  const checks = invariants(house, coverage.met);
  for (const command of sequence) {
    house.passes(timeBefore(command));
    const outcomes = await withTrouble(house, command, coverage);
    for (const done of outcomes) {
      if (done === 'away') continue;
      coverage.met('outcome', `${command.do} ${done.key}`);
      if (done.key === 'refused') for (const code of done.codes ?? []) coverage.met('refusal', code);
      if (done.by) house.shown.push({ tenant: done.by.tenant, person: done.by.id, view: done.outcome });
    }
    const [done] = outcomes;
    if (!command.trouble && done && done !== 'away') compare(command, done);
    await checks.hold(command.trouble !== undefined);
    if (command.do === 'watch' && !command.trouble && done !== 'away' && done?.key === 'round') watched(house);
  }
  await quiet(house, checks);
  return sequence.length;
};
