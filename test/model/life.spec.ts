import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { expireInvitations } from '../../src/commands/expire-invitations.js';
import { inviteCustomer } from '../../src/commands/invite-customer.js';
import { StaleLedgerError, type Entry, type Ledger, type Messenger, type Ports } from '../../src/commands/ports.js';
import { remindCustomer } from '../../src/commands/remind-customer.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { watchRelationships } from '../../src/commands/watch-relationships.js';
import type { View } from '../../src/commands/views.js';
import type { InvitationAllowed } from '../../src/domain/decision.js';
import type { Role } from '../../src/domain/facts.js';
import type { TenantId } from '../../src/domain/ids.js';
import type { Invitation } from '../../src/domain/invitation.js';
import { figure } from '../guarantees/figure.js';
import { sequences } from './commands.js';
import { coverage, type Coverage } from './coverage.js';
import { run } from './run.js';
import { openWorld, type Fault, type World } from './world.js';

/** A run of a minute by itself; MODEL_SEQUENCES=10000 is the long one. */
const many = Number(process.env['MODEL_SEQUENCES'] ?? 1500);
const seed = 20261122;

const states = ['draft', 'sent', 'delivered', 'awaitingAuthority', 'declined', 'cancelled', 'established', 'superseded', 'failed', 'expired'];
const transitions = [
  'nothing→draft', 'draft→sent', 'draft→draft', 'draft→superseded', 'draft→failed', 'sent→delivered', 'sent→sent', 'sent→awaitingAuthority', 'sent→declined', 'sent→cancelled', 'sent→superseded',
  'sent→established', 'sent→expired', 'delivered→delivered', 'delivered→awaitingAuthority', 'delivered→declined', 'delivered→cancelled', 'delivered→superseded', 'delivered→established', 'delivered→expired',
  'awaitingAuthority→awaitingAuthority', 'awaitingAuthority→established', 'awaitingAuthority→cancelled', 'awaitingAuthority→expired',
  'declined→declined', 'cancelled→cancelled', 'expired→expired', 'superseded→superseded',
];
const refusals = [
  'GDAP_NEEDS_ADMIN_AGENT', 'DUPLICATE_PENDING', 'ALREADY_RELATED', 'ROLE_NOT_ALLOWED', 'CUSTOMER_IS_CSP_TENANT', 'GDAP_ROLE_INVALID', 'ACTIVE_SUBSCRIPTIONS', 'INVITATION_CLOSED', 'REQUESTS_STOPPED', 'GDAP_NAME_INVALID',
  'PARTNER_NOT_ACTIVE', 'GDAP_AUTOEXTEND_WITH_GLOBAL_ADMIN', 'INVITATION_EXPIRED', 'WRONG_TENANT', 'GDAP_DURATION_OUT_OF_RANGE', 'APPROVER_NOT_GLOBAL_ADMIN', 'GUEST_NOT_ALLOWED', 'MARKET_MISMATCH', 'SELF_RESALE',
  'GDAP_NAME_TAKEN', 'GDAP_WRONG_STATE', 'TOO_MANY_UNANSWERED', 'ASSIGNMENT_EXISTS',
];

const withRecord = (change: (entry: Entry, sound: Ledger) => Promise<void>) => (sound: Ledger): Ledger => ({ ...sound, record: (entry) => change(entry, sound) });

type Planted = Fault & { readonly isFoundBy: RegExp };
const asIf = (ports: Ports, roles: readonly Role[]): Ports => ({ ...ports, directory: { ...ports.directory, person: async (tenant, id) => {
  const found = await ports.directory.person(tenant, id);
  return typeof found === 'object' ? { ...found, roles: [...found.roles, ...roles], isGuest: false } : found;
} } });

/** One line of the house broken at a time, and the promise that is seen to break. */
const faults: Readonly<Record<string, Planted>> = {
  'a second answer that counts': {
    isFoundBy: /is no way|stays as it ended|decided twice|answered otherwise/,
    ledger: (sound) => ({ ...sound, invitation: async (id) => {
      const found = await sound.invitation(id);
      return found?.state === 'declined' ? ({ ...found, state: 'delivered', deliveredAt: found.sentAt, answer: undefined } as unknown as Invitation) : found;
    } }),
  },
  'a ledger that writes over what somebody else wrote first': {
    isFoundBy: /is no way|nothing moves it after|stays as it ended|the version|one to the next|an event for every step/,
    ledger: withRecord(async (entry, sound) => {
      try {
        await sound.record(entry);
      } catch (error) {
        const now = entry.before && await sound.invitation(entry.before.id);
        if (!(error instanceof StaleLedgerError) || !now || !entry.before || !entry.after) throw error;
        await sound.record({ ...entry, before: { ...entry.before, version: now.version }, after: { ...entry.after, version: now.version + 1 }, supersedes: [] });
      }
    }),
  },
  'an answer without the rule of who may': {
    isFoundBy: /who may not|answered otherwise/,
    acts: { answer: (ports) => answerInvitation(asIf(ports, ['globalAdmin'])) },
  },
  'a request to manage that anybody may send': {
    isFoundBy: /no Admin agent sent it|answered otherwise/,
    acts: { send: (ports) => sendInvitation(asIf(ports, ['adminAgent'])) },
  },
  'an answer written down without its event': {
    isFoundBy: /an event for every step/,
    ledger: withRecord((entry, sound) => sound.record(entry.event.event === 'InvitationApproved' ? { ...entry, event: { ...entry.event, chain: `${entry.event.chain}-elsewhere` } } : entry)),
  },
  'errands lost with the decision that gave them': {
    isFoundBy: /the inviter hears "declined" once/,
    ledger: withRecord((entry, sound) => sound.record(entry.event.event === 'InvitationDeclined' ? { ...entry, errands: [] } : entry)),
  },
  'errands that are never crossed off': {
    isFoundBy: /was told \d+ times|the same card twice|nothing waits for ever/,
    errands: (sound) => ({ ...sound, done: async (errand) => (errand.topic === 'tell' && errand.attempt < 3 ? undefined : sound.done(errand)) }),
  },
  'a watch that believes a press': {
    isFoundBy: /Microsoft never had/,
    acts: { watch: (ports) => watchRelationships({ ...ports, authority: { ...ports.authority, listOwnCustomers: async (partner) => {
      const approved = (await ports.ledger.invitationsOf({ partner }, 'open', 50)).filter(({ state }) => state === 'awaitingAuthority');
      return [...(await ports.authority.listOwnCustomers(partner)), ...approved.map(({ customer, cloud }) => ({ id: customer.tenant, name: customer.name, domain: customer.domain, cloud }))];
    } } }) },
  },
  'a draft that is at Microsoft already': {
    isFoundBy: /which nobody sent/,
    acts: { invite: (ports) => {
      const { now, orLater } = inviteCustomer(ports);
      const early = (act: typeof now): typeof now => async (wish) => {
        const invited = await act(wish);
        if (invited.is === 'drafted') await ports.authority.prepareInvitation({ invitation: invited.preview.invitation } as InvitationAllowed);
        return invited;
      };
      return { now: early(now), orLater: early(orLater) };
    } },
  },
  'an end that takes a subscription with it': {
    isFoundBy: /no subscription changes/,
    microsoft: ({ authority, state }) => ({ ...authority, terminateDelegatedAdmin: async (partner, relationship) => {
      for (const [customer, held] of state.subscriptions) (state.subscriptions as Map<TenantId, typeof held>).set(customer, held.slice(1));
      return authority.terminateDelegatedAdmin(partner, relationship);
    } }),
  },
  'a clock that ends requests before their day': {
    isFoundBy: /before its time/,
    acts: { expire: (ports) => expireInvitations({ ...ports, ledger: { ...ports.ledger, overdue: (now, ...page) => ports.ledger.overdue(new Date(now.getTime() + 60 * 86_400_000), ...page) } }) },
  },
  'reminders without an end': {
    isFoundBy: /three reminders/,
    acts: { remind: (ports) => remindCustomer({ ...ports, ledger: { ...ports.ledger, invitation: async (id) => {
      const found = await ports.ledger.invitation(id);
      return found && 'reminders' in found ? { ...found, reminders: [] } : found;
    } } }) },
  },
  'a stop that stops nothing': { isFoundBy: /takes no more requests|answered otherwise/, ledger: (sound) => ({ ...sound, hasStopped: async () => false }) },
  'rules that overlook what is open': { isFoundBy: /answered otherwise|UNIQUE constraint/, ledger: (sound) => ({ ...sound, openBetween: async () => [] }) },
  'a message that names the other partner': {
    isFoundBy: /of one partner was shown/,
    messenger: (sound): Messenger => ({ ...sound, send: (to, view) => sound.send(to, { ...view, note: 'Northwind Fabrikam' } as unknown as View) }),
  },
  'an end that is not kept': {
    isFoundBy: /the ledger shows what Microsoft shows|written twice/,
    ledger: withRecord((entry, sound) => sound.record(entry.event.event === 'RelationshipEnded' ? { ...entry, grants: [] } : entry)),
  },
};

const causeOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause ? causeOf(cause) : message;
};

describe('the whole life of invitations and relationships', function () {
  this.timeout(0);
  let world: World;
  let table = '';
  before(async () => { world = await openWorld(); });
  after(() => {
    process.stdout.write(table);
    return world.leave();
  });

  const hold = async (runs: number, fault: Fault | undefined, seen: Coverage): Promise<number> => {
    let commands = 0;
    await fc.assert(fc.asyncProperty(sequences, async (sequence) => {
      commands += await run(await world.begin(fault), sequence, seen);
    }), { numRuns: runs, seed, endOnFailure: fault !== undefined });
    return commands;
  };

  it('keeps every promise, whatever people, Microsoft and the clock do, and in whatever order', async () => {
    const seen = coverage();

    const commands = await hold(many, undefined, seen);

    figure('G16', `${many} sequences, ${commands} commands: every promise kept`);
    table = ['', ...['state', 'transition', 'refusal', 'trouble'].map((kind) => `      ${seen.row(kind)}`), ''].join('\n');
    assert(commands > many * 15, 'about twenty commands a sequence');
    assert.deepEqual(seen.missing('state', states), []);
    assert.deepEqual(seen.unexpected('state', states), []);
    assert.deepEqual(seen.missing('transition', transitions), []);
    assert.deepEqual(seen.unexpected('transition', transitions), []);
    assert.deepEqual(seen.missing('refusal', refusals), []);
  });

  for (const [name, fault] of Object.entries(faults)) {
    it(`finds ${name}`, async () => {
      await assert.rejects(hold(600, fault, coverage()), (error) => {
        assert.match(causeOf(error), fault.isFoundBy);
        return true;
      });
    });
  }
});
