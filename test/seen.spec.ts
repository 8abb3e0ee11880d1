import assert from 'node:assert/strict';
import { LedgerUnavailableError } from '../src/commands/ports.js';
import { figuresOf } from '../src/seen.js';
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
