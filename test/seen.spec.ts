import assert from 'node:assert/strict';
import {
  AuthorityUnavailableError, LedgerUnavailableError, MessengerOutcomeUnknownError, MessengerRefusedError, MessengerUnavailableError, StaleLedgerError,
  type Acquaintance, type CardCopy, type ClaimedErrand, type Entry, type Ledger, type Ran,
} from '../src/commands/ports.js';
import type { View } from '../src/commands/views.js';
import { createLog } from '../src/log.js';
import { createSeen, figuresOf } from '../src/seen.js';
import { createMetrics } from '../src/server/metrics.js';
import { FABRIKAM, NOON, NORTHWIND } from './helpers/builders.js';

const daysAgo = (days: number): string => new Date(NOON.getTime() - days * 86_400_000).toISOString();

describe('the figures of a house', () => {
  const shown = {
    ledger: { isReachable: async () => true },
    errands: { depth: async () => ({ waiting: 7, due: 3, oldestDueSeconds: 120, dead: 2 }) },
    signIns: { all: async () => [{ partner: FABRIKAM, signedInAt: daysAgo(80), renewedAt: daysAgo(1) }, { partner: NORTHWIND, signedInAt: daysAgo(70), renewedAt: daysAgo(60) }] },
    appTokenAgeSeconds: () => 600, signingKeysAgeSeconds: () => 7200, machineNow: () => NOON, steadyNow: () => NOON,
  };
  const read = async (changes: Partial<typeof shown> = {}): Promise<readonly string[]> =>
    (await createMetrics().text(await figuresOf({ ...shown, ...changes })())).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  it('tell how many errands wait and how long, and how old tokens and keys are', async () => {
    const lines = await read();

    for (const line of [
      'bot_ledger_up 1', 'bot_errands_waiting 7', 'bot_errands_due 3', 'bot_errands_oldest_due_seconds 120', 'bot_errands_dead 2',
      `bot_partner_sign_in_oldest_seconds ${60 * 86_400}`, 'bot_app_token_age_seconds 600', 'bot_signing_keys_age_seconds 7200',
    ]) assert.ok(lines.includes(line), line);
  });

  it('say that the ledger is away, and leave out what cannot be known', async () => {
    const away = async () => { throw new LedgerUnavailableError(); };

    const lines = await read({ ledger: { isReachable: async () => false }, errands: { depth: away }, signIns: { all: away } });

    assert.ok(lines.includes('bot_ledger_up 0'));
    assert.ok(lines.includes('bot_app_token_age_seconds 600'));
    assert.deepEqual(lines.filter((line) => /^bot_(errands|partner_sign_in_oldest)/.test(line)), []);
  });
});

describe('what passes the ports of the house', () => {
  const open = () => {
    const [metrics, lines]: [ReturnType<typeof createMetrics>, string[]] = [createMetrics(), []];
    const log = createLog({ level: 'info', form: 'json', to: { write: (line) => void lines.push(line) } });
    const counted = async (what: RegExp): Promise<readonly string[]> => (await metrics.text({})).split('\n').filter((line) => what.test(line) && !line.startsWith('#'));
    return { seen: createSeen({ metrics, log, machineNow: () => NOON }), metrics, lines, counted };
  };
  const entry = (facts: Readonly<Record<string, string>> = {}): Entry => ({ event: { chain: 'c', event: 'InvitationRefused', at: NOON.toISOString(), facts, names: {} } });

  it('counts a refusal under each rule that it names, and under no word that is not a rule', async () => {
    const { seen, counted } = open();
    const ledger = seen.ledger({ record: async () => undefined } as unknown as Ledger);

    await ledger.record(entry({ rules: 'MP-06 CUSTOMER_IS_CSP_TENANT, MP-13 ROLE_MAY_NOT_ANSWER' }));
    await ledger.record(entry({ rules: 'MP-06 CUSTOMER_IS_CSP_TENANT' }));
    await ledger.record(entry({ rules: 'Contoso' }));
    await ledger.record(entry());

    assert.deepEqual(await counted(/^bot_rule_refusals_total/), ['bot_rule_refusals_total{rule="MP-06"} 2', 'bot_rule_refusals_total{rule="MP-13"} 1', 'bot_rule_refusals_total{rule="other"} 1']);
  });

  it('counts no refusal that was not written down, and says why it was not', async () => {
    const { seen, counted } = open();
    const troubles = [new StaleLedgerError(), new LedgerUnavailableError(), new TypeError('Contoso')];
    const ledger = seen.ledger({ record: async () => { throw troubles.pop() ?? assert.fail(); } } as unknown as Ledger);

    for (const name of ['TypeError', 'LedgerUnavailableError', 'StaleLedgerError']) await assert.rejects(ledger.record(entry({ rules: 'MP-06 X' })), { name });

    assert.deepEqual(await counted(/^bot_(commits|rule_refusals)_total/), ['failed', 'unavailable', 'stale'].map((outcome) => `bot_commits_total{outcome="${outcome}"} 1`));
    assert.deepEqual(await counted(/^bot_commit_seconds_count/), ['bot_commit_seconds_count 3']);
  });

  it('counts what errands bring to Teams by what became of it', async () => {
    const { seen, counted } = open();
    const troubles = [undefined, new MessengerRefusedError('unreachable', 403), new MessengerUnavailableError(7), new MessengerOutcomeUnknownError()];
    const act = async () => {
      const trouble = troubles.shift();
      if (trouble) throw trouble;
      return { conversation: '', activity: '' };
    };
    const messenger = seen.messenger({ send: act, update: async () => void (await act()) });

    for (let sent = 0; sent < 2; sent += 1) {
      await messenger.send({} as Acquaintance, {} as View).catch(() => undefined);
      await messenger.update({} as Acquaintance, {} as CardCopy, {} as View).catch(() => undefined);
    }

    assert.deepEqual(await counted(/^bot_sends_total/), ['good', 'unreachable', 'unavailable', 'unknown'].map((outcome) => `bot_sends_total{outcome="${outcome}"} 1`));
  });

  it('counts requests to Microsoft by what the answer means', async () => {
    const { seen, counted } = open();

    for (const status of [200, 201, 404, 403, 401, 429, 503, undefined]) seen.onCall({ operation: 'getCustomer', method: 'GET', path: '/', ...(status && { status }), ms: 20, correlationId: 'x' });

    assert.deepEqual(await counted(/^bot_microsoft_calls_total/), [['good', 2], ['refused', 2], ['denied', 1], ['throttled', 1], ['failed', 1], ['unanswered', 1]]
      .map(([outcome, times]) => `bot_microsoft_calls_total{operation="getCustomer",outcome="${outcome}"} ${times}`));
  });

  it('counts errands, and logs those that were given up and those that Microsoft kept waiting', async () => {
    const { seen, counted, lines } = open();
    const errand = { id: 1, topic: 'tell', key: 'k', lane: 'l', body: {}, attempt: 1 } satisfies ClaimedErrand;
    const trace = seen.trace((_errand, run) => run());
    const ran: readonly Ran[] = [
      { topic: 'tell', outcome: 'done' }, { topic: 'tell', outcome: 'again', error: new MessengerUnavailableError() },
      { topic: 'send', outcome: 'again', error: new AuthorityUnavailableError('getCustomer') }, { topic: 'tell', outcome: 'dead', error: new MessengerRefusedError('gone', 404) },
      { topic: 'invite', outcome: 'dead', error: new AuthorityUnavailableError('getCustomer'), untold: new MessengerUnavailableError() },
    ];

    for (const one of ran) assert.equal(await trace(errand, async () => one), one);

    assert.deepEqual(await counted(/^bot_errands_total/), ran.map(({ topic, outcome }) => `bot_errands_total{topic="${topic}",outcome="${outcome}"} 1`));
    assert.deepEqual(lines.map((line) => (JSON.parse(line) as { msg: string }).msg), ['Microsoft gave no usable answer; an errand tries again.', 'An errand was given up.', 'Nobody could be told of an errand that was given up.', 'An errand was given up.']);
  });

  it('tells when a round last came to a good end', async () => {
    const { seen, counted } = open();

    seen.onTrouble('errands', new LedgerUnavailableError());
    seen.onGood('watch');

    assert.deepEqual(await counted(/^bot_round/), [`bot_round_good_timestamp_seconds{round="watch"} ${NOON.getTime() / 1000}`]);
  });
});
