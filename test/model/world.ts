/** The commands on a real ledger, a Microsoft in memory, and a Teams that remembers what it was told. One file serves every sequence. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { LedgerUnavailableError, type Acquaintance, type Entry, type Errands, type Ledger, type Messenger, type NewsFeed, type Ports } from '../../src/commands/ports.js';
import { answerInvitation } from '../../src/commands/answer-invitation.js';
import { expireInvitations } from '../../src/commands/expire-invitations.js';
import { inviteCustomer } from '../../src/commands/invite-customer.js';
import { remindCustomer } from '../../src/commands/remind-customer.js';
import { runErrands } from '../helpers/run-errands.js';
import { sendInvitation } from '../../src/commands/send-invitation.js';
import { watchRelationships } from '../../src/commands/watch-relationships.js';
import type { View } from '../../src/commands/views.js';
import type { Invitation } from '../../src/domain/invitation.js';
import type { PersonId, TenantId } from '../../src/domain/ids.js';
import { capabilitiesOf } from '../../src/domain/rules.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { guid, NOON } from '../helpers/builders.js';
import { microsoftModel, type MicrosoftModel } from './microsoft-model.js';
import { everybody, partners, speakerOf } from './people.js';

/** The model's Microsoft sends no events: what happens there is found by looking. */
const silentFeed: NewsFeed = {
  eventNames: async () => [], registration: async () => undefined, register: async () => 'registered', askTest: async () => ({ test: '' }),
  testResult: async () => ({ status: '', answers: [] }), passOn: async () => undefined,
};

/** Those commands that a planted fault may take the place of. */
export type Acts = {
  readonly invite: typeof inviteCustomer;
  readonly send: typeof sendInvitation;
  readonly answer: typeof answerInvitation;
  readonly watch: typeof watchRelationships;
  readonly expire: typeof expireInvitations;
  readonly remind: typeof remindCustomer;
};
const soundActs: Acts = {
  invite: inviteCustomer, send: sendInvitation, answer: answerInvitation, watch: watchRelationships, expire: expireInvitations, remind: remindCustomer,
};

/** What a planted fault breaks. */
export type Fault = {
  readonly ledger?: (sound: Ledger) => Ledger;
  readonly errands?: (sound: Errands) => Errands;
  readonly messenger?: (sound: Messenger) => Messenger;
  readonly microsoft?: (sound: MicrosoftModel) => MicrosoftModel['authority'];
  readonly acts?: Partial<Acts>;
};

export type Recorded = { readonly entry: Entry; readonly at: number; readonly stopped: ReadonlySet<string> };
export type Shown = { readonly tenant: TenantId; readonly person: PersonId; readonly view: unknown };

/** Chance that comes out the same every time. */
const drawing = () => {
  let seed = 0x2545f491;
  const next = (): number => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed >>> 0;
  };
  return { guid: () => `${next().toString(16).padStart(8, '0')}-0000-4000-8000-${next().toString(16).padStart(12, '0')}`, byte: () => next() % 256, key: () => `key-${next()}` };
};

const acquainted = everybody.map((one): Acquaintance => ({
  ...speakerOf(one), language: 'en', isLanguageChosen: false, teamsUser: `29:${one.id}`, conversation: `a:${one.id}`, serviceUrl: 'https://smba.trafficmanager.net/emea/',
  // Two who never installed the app.
  isReachable: one.id !== guid(15) && one.id !== guid(32),
}));

export const openWorld = async () => {
  // In memory where there is such a place: what a power cut would lose is no matter here.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'model-'));
  const path = join(folder, 'ledger.sqlite');
  const time = { business: 0, machine: 0 };
  const opened = await openLedger({ url: `sqlite:${path}`, machineNow: () => new Date(time.machine) });
  // A second pair of eyes: what the tables say, past the code that wrote them.
  const eyes = new Database(path);
  const look = <Row>(sql: string) => {
    const prepared = eyes.prepare(sql);
    return (...params: readonly unknown[]): readonly Row[] => prepared.all(params) as Row[];
  };
  const tables = {
    invitations: look<{ readonly id: string; readonly state: string; readonly version: number; readonly body: string }>('SELECT id, state, version, body FROM invitation ORDER BY created_at, id'),
    decisions: look<{ readonly invitation: string; readonly answer: string; readonly person: string }>('SELECT invitation, answer, person FROM decision'),
    grants: look<{ readonly body: string }>('SELECT body FROM relation'),
    chains: look<{ readonly chain: string; readonly many: number }>('SELECT chain, COUNT(*) AS many FROM audit GROUP BY chain'),
    waiting: look<{ readonly topic: string; readonly errand_key: string; readonly reason: string | null }>(`SELECT topic, errand_key, reason FROM errand WHERE state = 'waiting'`),
    told: look<{ readonly errand_key: string; readonly topic: string; readonly state: string }>('SELECT errand_key, topic, state FROM errand'),
    copies: look<{ readonly invitation: string; readonly tenant: string; readonly person: string }>('SELECT invitation, tenant, person FROM card_copy'),
  };

  /** A new world in the same file. */
  const begin = async (fault: Fault = {}) => {
    await opened.erase();
    time.business = NOON.getTime();
    time.machine = Date.parse('2026-11-23T00:00:00Z');
    const microsoft = microsoftModel(() => time.business);
    const ground = { ledger: fault.ledger?.(opened.ledger) ?? opened.ledger, errands: fault.errands?.(opened.errands) ?? opened.errands };
    const shown: Shown[] = [];
    const pushed: Shown[] = [];
    const recorded: Recorded[] = [];
    const crash = { next: undefined as 'before' | 'after' | undefined, skip: 0, happened: false, ever: false };
    let messages = 0;

    const say = (view: View, { tenant, person }: Pick<Acquaintance, 'tenant' | 'person'>, isNew: boolean): void => {
      shown.push({ tenant, person, view });
      if (isNew) pushed.push({ tenant, person, view });
    };
    const teams: Messenger = {
      send: async (to, view) => {
        say(view, to, true);
        return { conversation: to.conversation, activity: `message-${(messages += 1)}` };
      },
      update: async (to, _copy, view) => say(view, to, false),
    };
    const seen = (id: string): Invitation | undefined => {
      const [row] = oneInvitation(id);
      return row && (JSON.parse(row.body) as Invitation);
    };
    const ledger: Ledger = {
      ...ground.ledger,
      record: async (entry) => {
        const isDue = crash.next !== undefined && (crash.skip -= 1) < 0;
        const when = isDue ? crash.next : undefined;
        if (isDue) Object.assign(crash, { next: undefined, happened: true, ever: true });
        if (when === 'before') throw new LedgerUnavailableError();
        // Before: two that are written together are both there afterwards, whichever came first.
        const stopped = new Set(stopsNow().map(({ customer, partner }) => `${partner} ${customer}`));
        await ground.ledger.record(entry);
        recorded.push({ entry, at: time.business, stopped });
        if (when === 'after') throw new LedgerUnavailableError();
      },
    };
    const ports: Ports = {
      authority: fault.microsoft?.(microsoft) ?? microsoft.authority, directory: microsoft.directory, ledger, errands: ground.errands, messenger: fault.messenger?.(teams) ?? teams,
      // Each look at the clock is a little later than the one before.
      clock: { now: () => new Date((time.business += 1)), machineNow: () => new Date(time.machine) },
      chance: drawing(),
      trace: (_name, act) => act(),
      newsFeed: silentFeed,
      partners,
      deployment: { cloud: 'commercial', isTrial: true, validForDays: 90, capabilities: capabilitiesOf.commercial, installUrl: '' },
    };
    for (const one of acquainted) await opened.ledger.meet(one);
    return {
      ports, microsoft, time, shown, pushed, recorded, crash, tables, seen,
      acts: { ...soundActs, ...fault.acts },
      history: opened.ledger.history,
      stops: (): ReadonlySet<string> => new Set(stopsNow().map(({ customer, partner }) => `${partner} ${customer}`)),
      passes: (ms: number): void => {
        time.business += ms;
        time.machine += ms;
      },
      runsErrands: async (): Promise<void> => {
        for (let ran = await runErrands(ports)(); ran.length > 0; ran = await runErrands(ports)()) {
          const odd = ran.find(({ error }) => error !== undefined && !isExpected(error));
          if (odd) throw new Error(`The errand ${odd.topic} failed.`, { cause: odd.error });
        }
      },
    };
  };
  const oneInvitation = look<{ readonly body: string }>('SELECT body FROM invitation WHERE id = ?');
  const stopsNow = look<{ readonly customer: string; readonly partner: string }>('SELECT customer, partner FROM stop');

  return {
    begin,
    leave: async (): Promise<void> => {
      eyes.close();
      await opened.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const expected = ['AuthorityUnavailableError', 'LedgerUnavailableError', 'StaleLedgerError', 'MessengerRefusedError'];
const isExpected = (error: unknown): boolean => error instanceof Error && expected.includes(error.name);

export type World = Awaited<ReturnType<typeof openWorld>>;
export type House = Awaited<ReturnType<World['begin']>>;
