import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { AuthorityUnavailableError, SignInNeededError, type SignIn, type SignIns } from '../commands/ports.js';
import { asTenantId, type TenantId } from '../domain/ids.js';
import type { Driver, Row } from './driver.js';
import { SealBrokenError, type Seal } from './seal.js';
import * as sql from './statements.js';

export type SignInsOptions = {
  readonly machineNow: () => Date;
  readonly seal: Seal;
  /** How long a redemption may hold the others up, 15 s when left out, and how long they wait for it, 8 s. */
  readonly leaseMs?: number;
  readonly patienceMs?: number;
};

/** A refusal is asked about again after this long: a policy may have been lifted. */
const refusedForMs = 10 * 60_000;

const signInIn = (row: Row): SignIn => ({
  partner: asTenantId(String(row['partner'])), signedInAt: String(row['signed_in_at']), renewedAt: String(row['renewed_at']),
  ...(row['refused'] !== null && { refused: String(row['refused']) }),
});

/**
 * Refresh tokens, sealed. A row is leased while its token is redeemed, so that each partner has one redemption under way among
 * all processes; what comes back is kept only over the version it was made from. A process that dies in between leaves the
 * previous token, which Microsoft still takes.
 */
export const signInsOn = ({ read, write }: Driver, { machineNow, seal, leaseMs = 15_000, patienceMs = 8_000 }: SignInsOptions): SignIns => {
  const lease = async (partner: TenantId, holder: string): Promise<Row> => {
    for (const startedAt = performance.now(); ; await wait(randomInt(10, 60))) {
      const [row] = await write([sql.leaseSignIn(partner, holder, machineNow(), leaseMs)]);
      if (row) return row;
      const [known] = await read(sql.signInOf(partner));
      if (!known) throw new SignInNeededError('token');
      if (performance.now() - startedAt > patienceMs) throw new AuthorityUnavailableError('token', { retryAfterSeconds: 2 });
    }
  };

  const tokenIn = (partner: TenantId, row: Row): string => {
    const isRefused = row['refused'] !== null && machineNow().getTime() - Number(row['refused_ms']) < refusedForMs;
    if (isRefused) throw new SignInNeededError('token', { cause: new Error(`Refused: ${String(row['refused'])}`) });
    try {
      return seal.open(String(row['sealed']), partner);
    } catch (cause) {
      throw cause instanceof SealBrokenError ? new SignInNeededError('token', { cause }) : cause;
    }
  };

  return {
    redeem: async (partner, redeem) => {
      const holder = randomUUID();
      const row = await lease(partner, holder);
      try {
        const version = Number(row['version']);
        const refuse = async (code: string): Promise<void> => void (await write([sql.refuseSignIn(partner, version, code, machineNow())]));
        const { outcome, refreshToken } = await redeem(tokenIn(partner, row), refuse);
        if (refreshToken !== undefined) await write([sql.renewSignIn(partner, version, seal.close(refreshToken, partner), machineNow())]);
        return outcome;
      } finally {
        // Left behind, the lease would end by itself.
        await write([sql.freeSignIn(partner, holder)]).catch(() => undefined);
      }
    },
    keep: async (partner, refreshToken) => void (await write([sql.keepSignIn(partner, seal.close(refreshToken, partner), machineNow())])),
    all: async () => (await read(sql.everySignIn())).map(signInIn),
  };
};
